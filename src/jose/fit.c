/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/fit.h"

#include <string.h>

#include "core/error.h"
#include "keys/algorithms.h"

#define SIG OKTA_OAUTH2_CLIENT_JWK_USE_SIG
#define ENC OKTA_OAUTH2_CLIENT_JWK_USE_ENC

okta_error *oktai_jose_refuse_purpose(const okta_key *key, oktai_jose_purpose purpose)
{
    const bool verifies = purpose == OKTAI_JOSE_VERIFY;
    if (key->use == (verifies ? ENC : SIG)) {
        return oktai_error_new(OKTA_E_ARG, "the key is for %s: its use is %s",
                               verifies ? "encryption" : "signatures", verifies ? "enc" : "sig");
    }
    if (verifies ? key->forbids_verifying : key->forbids_decrypting) {
        return oktai_error_new(OKTA_E_ARG,
                               "the key must not %s: the key_ops of its JWK do not have %s, or its use is "
                               "neither sig nor enc, or its key_ops, use, alg or kid has a wrong type",
                               verifies ? "verify" : "decrypt",
                               verifies ? "\"verify\"" : "\"decrypt\" or \"unwrapKey\"");
    }
    return NULL;
}

okta_error *oktai_jose_refuse_key(const okta_key *key, oktai_jose_purpose purpose, const okta_jose *token)
{
    if (token->kid != NULL && key->kid != NULL && strcmp(token->kid, key->kid) != 0) {
        return oktai_error_new(OKTA_E_NOT_FOUND, "the key is not that of the token: their kid differs");
    }
    if (key->alg != NULL && strcmp(token->alg, key->alg) != 0) {
        return oktai_error_new(OKTA_E_NOT_FOUND, "the key is not that of the token: its alg is not %s",
                               token->alg);
    }
    const char *reason =
        oktai_jwk_refuse_alg(token->alg, key->curve, purpose == OKTAI_JOSE_VERIFY ? SIG : ENC);
    return reason == NULL ? NULL
                          : oktai_error_new(OKTA_E_NOT_FOUND, "the key is not that of the token: alg %s %s",
                                            token->alg, reason);
}
