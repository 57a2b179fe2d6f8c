/* SPDX-License-Identifier: Apache-2.0 */
/* List the keys of an app: list_keys APP */
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: list_keys APP\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = okta_list_jwk(client, argv[1], &keys);
    }
    for (size_t i = 0; error == NULL && i < keys->count; i++) {
        const okta_oauth2_client_jwk *key = keys->items[i];
        printf("%s %s %s\n", or_dash(key->id), or_dash(key->kid), or_dash(okta_enum_text(key, "status")));
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "list_keys: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(keys);
    okta_free(client);
    return exit_code;
}
