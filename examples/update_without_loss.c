/* SPDX-License-Identifier: Apache-2.0 */
/* Copy a key to another app under another kid: update_without_loss APP KEY_ID TO_APP NEW_KID
 *
 * Get, change one member, send the same struct. Members that the library does not know stay in it. */
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static okta_error *copy(okta_client *client, okta_oauth2_client_jwk *key, const char *to_app, const char *kid)
{
    for (size_t i = 0; i < key->model.extra_count; i++) {
        printf("unknown here, kept: %s = %s\n", key->model.extras[i].name, key->model.extras[i].json);
    }
    key->kid = kid;

    char *body = NULL;
    okta_oauth2_client_jwk *added = NULL;
    okta_error *error =
        okta_to_json(okta_oauth2_client_jwk_descriptor(), key, OKTA_JSON_REQUEST, &body, NULL);
    if (error == NULL) {
        printf("sent: %s\n", body);
        error = okta_add_jwk(client, to_app, key, &added);
    }
    if (error == NULL) {
        printf("%s has key %s\n", to_app, added->id);
    }
    okta_free(added);
    okta_free(body);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: update_without_loss APP KEY_ID TO_APP NEW_KID\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_oauth2_client_jwk *key = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = okta_get_jwk(client, argv[1], argv[2], &key);
    }
    if (error == NULL) {
        error = copy(client, key, argv[3], argv[4]);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "update_without_loss: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(key);
    okta_free(client);
    return exit_code;
}
