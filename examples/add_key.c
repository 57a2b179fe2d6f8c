/* SPDX-License-Identifier: Apache-2.0 */
/* Add the public half of a PEM key to an app: add_key APP PEM_FILE */
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static okta_error *add(okta_client *client, const char *app_id, const okta_key *key)
{
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    okta_error *error = okta_key_to_jwk_request(key, NULL, &request);
    if (error == NULL) {
        error = okta_add_jwk(client, app_id, request, &added);
    }
    if (error == NULL) {
        printf("%s has key %s with kid %s\n", app_id, added->id, request->kid);
    } else if (okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN) {
        fprintf(stderr, "add_key: list the keys and look for kid %s before you try again\n", request->kid);
    }
    okta_free(added);
    okta_free(request);
    return error;
}

int main(int argc, char **argv)
{
    char pem[65536];
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: add_key APP PEM_FILE, a file that can be read\n");
        return 2;
    }
    size_t length = fread(pem, 1, sizeof pem, file);
    fclose(file);

    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_key *key = NULL;
    okta_error *error = okta_key_from_pem(pem, length, NULL, NULL, &key);
    if (error == NULL) {
        error = okta_client_new(&options, &client);
    }
    if (error == NULL) {
        error = add(client, argv[1], key);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "add_key: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(key);
    okta_free(client);
    return exit_code;
}
