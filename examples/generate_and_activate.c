/* SPDX-License-Identifier: Apache-2.0 */
/* Make a key, store its private half, add the public half, activate it: generate_and_activate APP NEW_FILE
 *
 * The private key is on disk before Okta hears of the public one: whatever fails, no key of the app is
 * without its private half. */
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static okta_error *add_and_activate(okta_client *client, const char *app_id, const okta_key *key)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    options.status = OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL, *active = NULL;
    okta_error *error = okta_key_to_jwk_request(key, &options, &request);
    if (error == NULL) {
        error = okta_add_jwk(client, app_id, request, &added);
    }
    if (error == NULL) {
        error = okta_activate_oauth2_client_json_web_key(client, app_id, added->id, &active);
    }
    if (error == NULL) {
        bool done = active->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE;
        printf("%s key %s is %s\n", okta_key_description(key), added->id, done ? "active" : "not active");
    }
    okta_free(active);
    okta_free(added);
    okta_free(request);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: generate_and_activate APP NEW_FILE\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_key *key = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = okta_key_generate(OKTA_KEY_EC_P256, &key);
    }
    if (error == NULL) {
        error = okta_key_write_private_pem(key, argv[2]);
    }
    if (error == NULL) {
        error = add_and_activate(client, argv[1], key);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "generate_and_activate: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(key);
    okta_free(client);
    return exit_code;
}
