/* SPDX-License-Identifier: Apache-2.0 */
/* Make an OIDC service app with a key of its own, and let it use scopes of the org's API:
 *
 *   oidc_service_app LABEL NEW_PEM_FILE SCOPE...
 *
 * The private key is on disk before Okta hears of the public one. What it prints is the configuration of
 * examples/service_app.c. An admin role, which the app needs as well, is a matter of the tag
 * RoleAssignmentClient. */
#include <okta/api/application.h>
#include <okta/api/application_grants.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static okta_error *create_app(okta_client *client, const char *label, okta_oauth2_client_jwk *key,
                              okta_application **app)
{
    okta_open_id_connect_application_settings_client_keys keys = {
        .model = OKTA_INIT(okta_open_id_connect_application_settings_client_keys),
        .keys = (okta_oauth2_client_jwk *[]){key},
        .keys_count = 1,
    };
    okta_open_id_connect_application_settings_client oauth_client = {
        .model = OKTA_INIT(okta_open_id_connect_application_settings_client),
        .application_type = OKTA_OPEN_ID_CONNECT_APPLICATION_TYPE_SERVICE,
        .grant_types = (okta_grant_type[]){OKTA_GRANT_TYPE_CLIENT_CREDENTIALS},
        .grant_types_count = 1,
        .jwks = &keys,
        .response_types = (okta_oauth_response_type[]){OKTA_OAUTH_RESPONSE_TYPE_TOKEN},
        .response_types_count = 1,
    };
    okta_application_settings settings = {
        .model = OKTA_INIT(okta_application_settings),
        .oauth_client = &oauth_client,
    };
    okta_application_credentials_oauth_client method = {
        .model = OKTA_INIT(okta_application_credentials_oauth_client),
        .token_endpoint_auth_method = OKTA_OAUTH_ENDPOINT_AUTHENTICATION_METHOD_PRIVATE_KEY_JWT,
    };
    okta_application_credentials credentials = {
        .model = OKTA_INIT(okta_application_credentials),
        .oauth_client = &method,
    };
    const okta_application request = {
        .model = OKTA_INIT(okta_application),
        .label = label,
        .sign_on_mode = OKTA_APPLICATION_SIGN_ON_MODE_OPENID_CONNECT,
        .credentials = &credentials,
        .name = "oidc_client",
        .settings = &settings,
    };
    return okta_create_application(client, NULL, &request, app);
}

static okta_error *grant(okta_client *client, const char *org_url, const char *app_id, const char *scope)
{
    const okta_oauth2_scope_consent_grant request = {
        .model = OKTA_INIT(okta_oauth2_scope_consent_grant),
        .issuer = org_url,
        .scope_id = scope,
    };
    okta_oauth2_scope_consent_grant *granted = NULL;
    okta_error *error = okta_grant_consent_to_scope(client, app_id, &request, &granted);
    okta_free(granted);
    return error;
}

static okta_error *make_key(const char *pem_file, okta_oauth2_client_jwk_request **public_half)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_generate(OKTA_KEY_EC_P256, &key);
    if (error == NULL) {
        error = okta_key_write_private_pem(key, pem_file);
    }
    if (error == NULL) {
        error = okta_key_to_jwk_request(key, NULL, public_half);
    }
    okta_free(key);
    return error;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: oidc_service_app LABEL NEW_PEM_FILE SCOPE...\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_oauth2_client_jwk_request *key = NULL;
    okta_application *app = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = make_key(argv[2], &key);
    }
    if (error == NULL) {
        error = create_app(client, argv[1], key, &app);
    }
    for (int i = 3; error == NULL && i < argc; i++) {
        error = grant(client, options.org_url, app->id, argv[i]);
    }
    if (error == NULL) {
        printf("export OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey\n");
        printf("export OKTA_CLIENT_CLIENTID=%s\n", app->id);
        printf("export OKTA_CLIENT_PRIVATEKEY=%s\n", argv[2]);
        printf("export OKTA_CLIENT_PRIVATEKEYID=%s\n", key->kid);
        printf("export OKTA_CLIENT_SCOPES='");
        for (int i = 3; i < argc; i++) {
            printf("%s%s", i > 3 ? " " : "", argv[i]);
        }
        printf("'\n");
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "oidc_service_app: %s\n", okta_error_message(error));
        if (app != NULL) {
            fprintf(stderr, "oidc_service_app: the app %s is there; grant it the rest\n", app->id);
        }
    }
    okta_free(error);
    okta_free(app);
    okta_free(key);
    okta_free(client);
    return exit_code;
}
