/* SPDX-License-Identifier: Apache-2.0 */
/* test_documents.c compares the code blocks of the guide pages with this file too. */
#include "service_snippets.h"

okta_error *guide_service_app(const char *org_url, const char *client_id, const char *key_file,
                              okta_client **client)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options.client_id = client_id;
    options.scopes = "okta.apps.read okta.apps.manage";
    options.private_key = key_file;
    options.private_key_id = "service-2027";
    okta_error *error = okta_client_new(&options, client);
    return error;
}

okta_error *guide_service_app_with_pkey(const char *org_url, const char *client_id, EVP_PKEY *pkey,
                                        okta_client **client)
{
    okta_signer *signer = NULL;
    okta_error *error = okta_signer_from_evp_pkey(pkey, NULL, "service-2027", &signer);
    if (error == NULL) {
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.org_url = org_url;
        options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
        options.client_id = client_id;
        options.scopes = "okta.apps.read";
        options.signer = signer;
        error = okta_client_new(&options, client);
    }
    okta_free(signer);
    return error;
}

okta_error *guide_signer_from_uri(okta_passphrase_fn *give_pin, okta_signer **signer)
{
    char variable[] = "HSM_PIN";
    okta_error *error = okta_signer_from_uri("pkcs11:token=okta;object=signing;type=private", give_pin,
                                             variable, NULL, "service-2027", signer);
    return error;
}

okta_error *guide_modest_client(const char *org_url, const char *token, okta_client **client)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.token = token;
    options.rate_limit_percent = 50;
    options.rate_limit_reserve = 20;
    options.max_in_flight = 2;
    return okta_client_new(&options, client);
}

okta_error *guide_list_or_come_back(okta_client *client, const char *app_id, FILE *out)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error = okta_list_jwk(client, app_id, &keys);
    if (okta_error_status(error) == OKTA_E_RATE_LIMITED) {
        fprintf(out, "again in %lld ms, which is at %lld for the server\n",
                (long long)okta_error_retry_after_ms(error), (long long)okta_error_retry_at(error));
    }
    okta_free(keys);
    return error;
}

okta_error *guide_print_rate_limits(okta_client *client, FILE *out)
{
    okta_rate_limits *limits = NULL;
    okta_error *error = okta_client_rate_limits(client, &limits);
    for (size_t i = 0; error == NULL && i < limits->count; i++) {
        const okta_rate_limit_bucket *bucket = limits->items[i];
        fprintf(out, "%lld of %lld left for", (long long)bucket->remaining, (long long)bucket->limit);
        for (size_t k = 0; k < bucket->operation_count; k++) {
            fprintf(out, " %s", bucket->operations[k]);
        }
        fprintf(out, "\n");
    }
    okta_free(limits);
    return error;
}

static const char *next_step(const okta_error *error)
{
    if (error == NULL) {
        return "go on";
    }
    if (okta_error_is_retryable(error)) {
        return "queue it again, okta_error_retry_after_ms() from now or later";
    }
    if (okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN) {
        return "look before you write again";
    }
    return "tell someone: the same call fails again";
}

const char *guide_next_step(const okta_error *error)
{
    return next_step(error);
}
