/* SPDX-License-Identifier: Apache-2.0 */
/* bench_decode_okta TIMES: decode a list of 200 users that often. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <okta/api/user.h>
#include <okta/okta.h>

#include "bench_users.h"

int main(int argc, char **argv)
{
    size_t length = 0, characters = 0;
    char *json = bench_users(200, &length);
    okta_error *error = NULL;
    for (long left = argc > 1 ? strtol(argv[1], NULL, 10) : 0; json != NULL && error == NULL && left > 0;
         left--) {
        okta_user_list *users = NULL;
        error = okta_from_json(okta_user_list_descriptor(), json, length, &users);
        for (size_t i = 0; error == NULL && i < users->count; i++) {
            characters += strlen(users->items[i]->id) + strlen(users->items[i]->profile->login);
        }
        okta_free(users);
    }
    if (error != NULL) {
        fprintf(stderr, "%s\n", okta_error_message(error));
    }
    printf("%zu\n", characters);
    int result = error == NULL && json != NULL ? 0 : 1;
    okta_free(error);
    free(json);
    return result;
}
