/* SPDX-License-Identifier: Apache-2.0 */
/* bench_okta URL APP KEY|- CALLS [peak|token|dpop]: get one key, or with "-" list all, that many times; as a
 * service app with "token" or "dpop". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>

#include "bench_peak.h"
#include "service_key.h"

static okta_error *get_one(okta_client *client, const char *app, const char *key, size_t *characters)
{
    okta_oauth2_client_jwk *jwk;
    okta_error *error = okta_get_jwk(client, app, key, &jwk);
    if (error == NULL) {
        *characters += strlen(jwk->kid) + strlen(jwk->n);
    }
    okta_free(jwk);
    return error;
}

static okta_error *list_all(okta_client *client, const char *app, size_t *characters)
{
    okta_oauth2_client_jwk_list *list;
    okta_error *error = okta_list_jwk(client, app, &list);
    for (size_t i = 0; error == NULL && i < list->count; i++) {
        *characters += strlen(list->items[i]->kid) + strlen(list->items[i]->n);
    }
    okta_free(list);
    return error;
}

static okta_client_options make_options(const char *url, const char *mode)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = url;
    if (strcmp(mode, "token") != 0 && strcmp(mode, "dpop") != 0) {
        options.token = "mock-token";
        return options;
    }
    options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options.client_id = BENCH_SERVICE_APP;
    options.scopes = "okta.apps.read";
    options.private_key = "{" BENCH_KEY_PRIVATE "}";
    options.dpop = strcmp(mode, "dpop") == 0 ? OKTA_DPOP_ALWAYS : OKTA_DPOP_NEVER;
    return options;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        return 2;
    }
    const char *mode = argc > 5 ? argv[5] : "";
    const okta_client_options options = make_options(argv[1], mode);
    okta_client *client;
    size_t characters = 0;
    okta_error *error = okta_client_new(&options, &client);
    for (long left = strtol(argv[4], NULL, 10); error == NULL && left > 0; left--) {
        error = strcmp(argv[3], "-") == 0 ? list_all(client, argv[2], &characters)
                                          : get_one(client, argv[2], argv[3], &characters);
    }
    if (error != NULL) {
        fprintf(stderr, "%s\n", okta_error_message(error));
    }
    printf("%zu\n", characters);
    if (strcmp(mode, "peak") == 0) {
        printf("peak %ld\n", bench_peak_kib());
    }
    int result = error == NULL ? 0 : 1;
    okta_free(error);
    okta_free(client);
    return result;
}
