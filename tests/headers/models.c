/* SPDX-License-Identifier: Apache-2.0 */
/* Models and calls as a program writes them: this text is compiled as C11 and as C++20. */
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <string.h>

static int check(const char *what, bool good)
{
    if (!good) {
        fprintf(stderr, "%s\n", what);
    }
    return good ? 0 : 1;
}

static int is_written_as(const okta_descriptor *type, const void *model, const char *expected)
{
    char *json = NULL;
    okta_error *error = okta_to_json(type, model, OKTA_JSON_REQUEST, &json, NULL);
    int wrong = check(okta_error_message(error), error == NULL);
    wrong += check(expected, json != NULL && strcmp(json, expected) == 0);
    okta_free(error);
    okta_free(json);
    return wrong;
}

static int write_models(void)
{
    const okta_oauth2_client_secret_request_body empty = {
        .model = OKTA_INIT(okta_oauth2_client_secret_request_body),
    };
    okta_oauth2_client_secret_request_body secret = {
        .model = OKTA_INIT(okta_oauth2_client_secret_request_body),
        .client_secret = "a-secret-of-more-than-14",
        .status = OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE,
    };
    const okta_oauth2_client_jwk_request key = {
        .model = OKTA_INIT(okta_oauth2_client_jwk_request),
        .kid = OKTA_NULL,
        .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA,
        .e = "AQAB",
    };
    const okta_member unknown[] = {{.name = "level", .json = "3"}, {.name = "team", .text = "a \"b\""}};
    const okta_oauth2_client_secret_request_body custom = {
        .model = OKTA_INIT_EXTRAS(okta_oauth2_client_secret_request_body, unknown),
        .status = OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE,
    };
    const okta_descriptor *secrets = okta_oauth2_client_secret_request_body_descriptor();
    int wrong = is_written_as(secrets, &empty, "{}");
    wrong += is_written_as(secrets, &secret,
                           "{\"client_secret\":\"a-secret-of-more-than-14\",\"status\":\"INACTIVE\"}");
    secret.client_secret = NULL;
    wrong += is_written_as(secrets, &secret, "{\"status\":\"INACTIVE\"}");
    wrong += is_written_as(secrets, &custom, "{\"status\":\"ACTIVE\",\"level\":3,\"team\":\"a \\\"b\\\"\"}");
    wrong += is_written_as(okta_oauth2_client_jwk_descriptor(), &key,
                           "{\"kid\":null,\"kty\":\"RSA\",\"e\":\"AQAB\"}");
    return wrong;
}

static int run_a_call(void)
{
    okta_call *call = okta_get_jwk_call(NULL, "app", "key");
    okta_error *error = okta_call_run(call);
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    int wrong = check("the status", okta_error_status(error) == OKTA_E_ARG) + check("no key", key == NULL);
    okta_free(key);
    okta_free(error);
    okta_free(call);
    return wrong;
}

static int make_options(void)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_client *client = NULL;
    options.org_url = "http://127.0.0.1:1";
    options.token = "token";
    options.max_retries = okta_int(0);
    okta_error *error = okta_client_new(&options, &client);
    int wrong = check(okta_error_message(error), error == NULL && client != NULL);
    okta_free(error);
    okta_free(client);
    return wrong;
}

int main(void)
{
    return write_models() + run_a_call() + make_options() == 0 ? 0 : 1;
}
