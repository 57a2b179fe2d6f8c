/* SPDX-License-Identifier: Apache-2.0 */
/* The code that the guides to authentication, rate limits and failures quote, as functions that
 * test_service_guides.c runs against the mock org. */
#ifndef OKTA_TESTS_SERVICE_SNIPPETS_H
#define OKTA_TESTS_SERVICE_SNIPPETS_H

#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <openssl/evp.h>
#include <stdio.h>

/* Each returns the error that the guide would show; the caller releases it. What a snippet prints goes to
 * `out`. */
okta_error *guide_service_app(const char *org_url, const char *client_id, const char *key_file,
                              okta_client **client);
okta_error *guide_service_app_with_pkey(const char *org_url, const char *client_id, EVP_PKEY *pkey,
                                        okta_client **client);
okta_error *guide_signer_from_uri(okta_passphrase_fn *give_pin, okta_signer **signer);
okta_error *guide_modest_client(const char *org_url, const char *token, okta_client **client);
okta_error *guide_list_or_come_back(okta_client *client, const char *app_id, FILE *out);
okta_error *guide_print_rate_limits(okta_client *client, FILE *out);
const char *guide_next_step(const okta_error *error);

#endif
