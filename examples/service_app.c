/* SPDX-License-Identifier: Apache-2.0 */
/* List the keys of an app as a service app: service_app APP
 *
 * All else comes from okta.yaml or the environment: OKTA_CLIENT_ORGURL, OKTA_CLIENT_CLIENTID,
 * OKTA_CLIENT_SCOPES, OKTA_CLIENT_PRIVATEKEY, and OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey. */
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <string.h>

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

/* The code is Okta's errorCode, or the `error` of the token endpoint, such as invalid_client. */
static void explain(const okta_error *error)
{
    fprintf(stderr, "service_app: %s: %s\n", okta_status_name(okta_error_status(error)),
            okta_error_message(error));
    fprintf(stderr, "  code %s, HTTP status %d, attempts %u, request id %s\n",
            or_dash(okta_error_code(error)), okta_error_http_status(error), okta_error_attempts(error),
            or_dash(okta_error_request_id(error)));
    if (okta_error_is_retryable(error)) {
        fprintf(stderr, "  may succeed later; wait %lld ms\n", (long long)okta_error_retry_after_ms(error));
    }
}

/* Such as the name of a variable that libokta does not know: without this, nobody would hear of it. */
static void print_warning(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    if (strcmp(event->operation, "configuration") == 0) {
        fprintf(stderr, "service_app: %s\n", event->message);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: service_app APP\n");
        return 2;
    }
    okta_client_options own = OKTA_CLIENT_OPTIONS_INIT;
    own.log = print_warning;
    own.log_level = OKTA_LOG_WARN;
    okta_client_options *options = NULL;
    okta_client *client = NULL;
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error = okta_client_options_load(&own, &options);
    if (error == NULL && options->authorization_mode != OKTA_AUTHORIZATION_PRIVATE_KEY &&
        options->authorization_mode != OKTA_AUTHORIZATION_CLIENT_SECRET) {
        fprintf(stderr, "service_app: the authorization mode must be PrivateKey or ClientSecret\n");
        okta_free(options);
        return 2;
    }
    if (error == NULL) {
        error = okta_client_new(options, &client);
    }
    if (error == NULL) {
        error = okta_list_jwk(client, argv[1], &keys);
    }
    for (size_t i = 0; error == NULL && i < keys->count; i++) {
        const okta_oauth2_client_jwk *key = keys->items[i];
        printf("%s %s %s\n", or_dash(key->id), or_dash(key->kid), or_dash(okta_enum_text(key, "status")));
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        explain(error);
    }
    okta_free(error);
    okta_free(keys);
    okta_free(client);
    okta_free(options);
    return exit_code;
}
