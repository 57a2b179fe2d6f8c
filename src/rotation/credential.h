/* SPDX-License-Identifier: Apache-2.0 */
/* The new credential, as far as it is at hand. */
#ifndef OKTA_ROTATION_CREDENTIAL_H
#define OKTA_ROTATION_CREDENTIAL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "auth/service_app.h"
#include "okta/rotation.h"

/* Zeroed: nothing is at hand. */
typedef struct oktai_credential {
    okta_key *key;       /* held */
    okta_signer *signer; /* held; of a key that is only public */
    char *secret;        /* a root */
} oktai_credential;

bool oktai_credential_is_there(const oktai_credential *credential);
void oktai_credential_clear(oktai_credential *credential);

/* Errors: OKTA_E_NOMEM. `secret` is nullable. */
okta_error *oktai_credential_copy_secret(const char *secret, char **out);

/* Make one as the options say. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM; OKTA_E_CANCELED soon after `canceled`,
 * which is nullable, has become true. */
okta_error *oktai_credential_make(const okta_rotation_options *options, const atomic_bool *canceled,
                                  oktai_credential *out);

/* Why the program's cannot be used; NULL: it can. Errors: OKTA_E_ARG. */
okta_error *oktai_credential_check(const oktai_credential *credential, const okta_rotation_options *options);

/* What the journal calls it: the kid, or the fingerprint of a secret. A root. Errors: OKTA_E_CONFIG,
 * OKTA_E_NOMEM. */
okta_error *oktai_credential_name(const oktai_credential *credential, char **out);

/* The body that adds it. A root. Errors: as okta_key_to_jwk_request(). */
okta_error *oktai_credential_to_jwk(const oktai_credential *credential, okta_rotation_kind kind,
                                    okta_oauth2_client_jwk_request **out);

/* A service app that logs in with it. A root. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM, and those of
 * okta_signer_from_key(). */
okta_error *oktai_credential_app(const oktai_credential *credential, const okta_rotation_options *options,
                                 const char *base_url, oktai_service_app **out);

#endif
