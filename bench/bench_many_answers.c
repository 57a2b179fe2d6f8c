/* SPDX-License-Identifier: Apache-2.0 */
/* bench_many_answers key|users: prints an answer of bench_many_server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_key.h"
#include "bench_many.h"
#include "bench_users.h"

int main(int argc, char **argv)
{
    size_t length;
    if (argc == 2 && strcmp(argv[1], "key") == 0) {
        return fputs(BENCH_KEY_JSON, stdout) < 0;
    }
    char *users = argc == 2 && strcmp(argv[1], "users") == 0 ? bench_users(BENCH_MANY_USERS, &length) : NULL;
    if (users == NULL || fputs(users, stdout) < 0) {
        return 1;
    }
    free(users);
    return 0;
}
