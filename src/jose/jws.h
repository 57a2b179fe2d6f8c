/* SPDX-License-Identifier: Apache-2.0 */
/* A JWS whose signature is to be verified, by one key or by one of several. */
#ifndef OKTA_JOSE_JWS_H
#define OKTA_JOSE_JWS_H

#include "auth/signature.h"
#include "jose/compact.h"
#include "keys/key.h"

typedef struct oktai_jws {
    const oktai_signature_alg *alg;
    okta_jose *out; /* with header and payload */
    oktai_bytes message;
    oktai_bytes signature; /* as the token has it; r and s of ECDSA are in their range */
} oktai_jws;

/* Read a token and refuse what no key can make good. Release `out` of the JWS where it is not handed out.
 * Errors: OKTA_E_ARG (by the options), OKTA_E_PROTOCOL, OKTA_E_AUTH (the signature can be none),
 * OKTA_E_NOMEM. */
okta_error *oktai_jws_read(const char *token, size_t length, const okta_jose_options *options,
                           oktai_jws *out);

/* Verify the signature by a key that fits (jose/fit.h). Errors: OKTA_E_AUTH, OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_jws_verify_by(const oktai_jws *jws, const okta_key *key);

#endif
