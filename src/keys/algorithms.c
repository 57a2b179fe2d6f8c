/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/algorithms.h"

#include <string.h>

#define SIG OKTA_OAUTH2_CLIENT_JWK_USE_SIG
#define ENC OKTA_OAUTH2_CLIENT_JWK_USE_ENC

/* Those of a curve stand in its row. */
static const struct {
    const char *alg;
    okta_oauth2_client_jwk_use use;
} rsa_algs[] = {
    {"RS256", SIG}, {"RS384", SIG},        {"RS512", SIG},        {"PS256", SIG},    {"PS384", SIG},
    {"PS512", SIG}, {"RSA-OAEP-256", ENC}, {"RSA-OAEP-384", ENC}, {"RSA-OAEP", ENC}, {"RSA-OAEP-512", ENC},
};

const char *oktai_jwk_refuse_alg(const char *alg, const oktai_key_curve *curve,
                                 okta_oauth2_client_jwk_use use)
{
    if (curve != NULL) {
        return strcmp(alg, curve->alg) == 0 ? NULL : "does not fit the curve of the key";
    }
    for (size_t i = 0; i < sizeof rsa_algs / sizeof rsa_algs[0]; i++) {
        if (strcmp(alg, rsa_algs[i].alg) == 0) {
            return use == OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT || use == rsa_algs[i].use
                       ? NULL
                       : "does not fit the use of the key";
        }
    }
    return "is no algorithm of an RSA key that Okta takes";
}

const char *oktai_jwk_default_alg(const oktai_key_curve *curve, okta_oauth2_client_jwk_use use)
{
    if (curve != NULL) {
        return curve->alg;
    }
    return use == ENC ? "RSA-OAEP-256" : "RS256";
}
