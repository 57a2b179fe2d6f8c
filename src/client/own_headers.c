/* SPDX-License-Identifier: Apache-2.0 */
#include "client/own_headers.h"

#include <string.h>

#include "core/buffer.h"
#include "core/error.h"
#include "http/headers.h"

static bool is_field_name(const char *name)
{
    const char *p = name;
    while (oktai_http_is_token(*p)) {
        p++;
    }
    return p > name && *p == '\0';
}

/* Whatever its name is. */
static const char *refuse_line(const oktai_own_headers *headers, const char *name, const char *value)
{
    if (!is_field_name(name)) {
        return "has a name that HTTP does not allow";
    }
    for (const char *p = value; *p != '\0'; p++) {
        if ((*p < ' ' && *p != '\t') || *p > '~') {
            return "has a value that is not printable ASCII";
        }
    }
    return headers->count == OKTAI_OWN_HEADERS_MAX ? "is one too many: at most 32" : NULL;
}

static const char *refuse_header(const oktai_own_headers *headers, const char *name, const char *value)
{
    static const char *const own[] = {"Accept",
                                      "Accept-Encoding",
                                      "Authorization",
                                      "Connection",
                                      "Content-Length",
                                      "Content-Type",
                                      "DPoP",
                                      "Expect",
                                      "Host",
                                      "Transfer-Encoding",
                                      "User-Agent",
                                      "X-Okta-Retry-Count",
                                      "X-Okta-Retry-For"};
    if (name == NULL || value == NULL) {
        return "needs a name and a value";
    }
    const char *reason = refuse_line(headers, name, value);
    for (size_t i = 0; reason == NULL && i < sizeof own / sizeof own[0]; i++) {
        if (oktai_http_equals(name, strlen(name), own[i])) {
            return "is one that the library sets itself";
        }
    }
    return reason;
}

okta_error *oktai_own_headers_put(oktai_own_headers *headers, oktai_arena *arena, const char *name,
                                  const char *value)
{
    const char *reason = refuse_line(headers, name, value);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "the header %s %s", name, reason);
    }
    oktai_buffer line = {0};
    /* libcurl's way to send a header without a value */
    oktai_buffer_printf(&line, value[0] == '\0' ? "%s;" : "%s: %s", name, value);
    char *copy = line.failed ? NULL : oktai_arena_copy(arena, line.data, line.length);
    oktai_buffer_clear(&line);
    if (copy == NULL) {
        return oktai_error_nomem();
    }
    headers->lines[headers->count++] = copy;
    return NULL;
}

okta_error *oktai_own_headers_add(oktai_own_headers *headers, oktai_arena *arena, const char *name,
                                  const char *value)
{
    const char *reason = refuse_header(headers, name, value);
    return reason == NULL ? oktai_own_headers_put(headers, arena, name, value)
                          : oktai_error_new(OKTA_E_ARG, "a header %s", reason);
}
