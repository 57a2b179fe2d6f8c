/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_users.h"

#include <stdio.h>
#include <stdlib.h>

/* The members that Okta's reference describes of each user in a list, and one custom attribute. */
#define USER_FORMAT                                                                                          \
    "%s{\"id\":\"00u%017u\",\"status\":\"ACTIVE\",\"created\":\"2026-01-06T19:50:57.000Z\","                 \
    "\"activated\":\"2026-01-06T19:50:58.000Z\",\"statusChanged\":\"2026-01-06T19:50:59.000Z\","             \
    "\"lastLogin\":null,\"lastUpdated\":\"2026-01-07T08:11:12.000Z\","                                       \
    "\"passwordChanged\":\"2026-01-06T19:51:00.000Z\",\"type\":{\"id\":\"oty%017u\"},"                       \
    "\"profile\":{\"firstName\":\"First%u\",\"lastName\":\"Last%u\",\"mobilePhone\":null,"                   \
    "\"secondEmail\":\"second%u@example.com\",\"login\":\"user%u@example.com\","                             \
    "\"email\":\"user%u@example.com\",\"department\":\"Department %u\",\"team\":\"team %u\"},"               \
    "\"credentials\":{\"emails\":[{\"value\":\"user%u@example.com\",\"status\":\"VERIFIED\","                \
    "\"type\":\"PRIMARY\"}],\"provider\":{\"type\":\"OKTA\",\"name\":\"OKTA\"}},"                            \
    "\"_links\":{\"self\":{\"href\":\"https://example.okta.com/api/v1/users/00u%017u\"}}}"

char *bench_users(unsigned count, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    if (out == NULL) {
        return NULL;
    }
    fputc('[', out);
    for (unsigned i = 1; i <= count; i++) {
        fprintf(out, USER_FORMAT, i > 1 ? "," : "", i, i % 3, i, i, i, i, i, i % 20, i % 7, i, i);
    }
    fputc(']', out);
    return fclose(out) == 0 ? text : NULL;
}
