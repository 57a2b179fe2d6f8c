/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/dpop.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "auth/assertion.h"
#include "auth/jwt.h"
#include "core/arena.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/openssl.h"
#include "keys/key.h"

#define JWK_SIZE 160u

struct oktai_dpop_key {
    okta_signer *signer; /* holds the private half */
    char jwk[JWK_SIZE];  /* the public half */
};

static void release(void *object)
{
    okta_free(((oktai_dpop_key *)object)->signer);
}

static okta_error *fill(oktai_dpop_key *dpop)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_generate(OKTA_KEY_EC_P256, &key);
    if (error == NULL) {
        error = okta_signer_from_key(key, "ES256", NULL, &dpop->signer);
    }
    if (error == NULL) {
        snprintf(dpop->jwk, sizeof dpop->jwk, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}",
                 key->texts.x, key->texts.y);
    }
    okta_free(key);
    return error;
}

okta_error *oktai_dpop_key_new(oktai_dpop_key **out)
{
    *out = NULL;
    oktai_dpop_key *key = oktai_root_new(sizeof *key, 0, release);
    if (key == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = fill(key);
    if (error != NULL) {
        okta_free(key);
        return error;
    }
    *out = key;
    return NULL;
}

/* `ath` is nullable. */
static bool add_members(oktai_jwt *jwt, const oktai_dpop_proof *proof, const char *jti, const char *ath)
{
    const char *nonce = proof->nonce != NULL && proof->nonce[0] != '\0' ? proof->nonce : NULL;
    return oktai_jwt_text(&jwt->header, "typ", "dpop+jwt") &&
           oktai_jwt_text(&jwt->header, "alg", okta_signer_alg(proof->key->signer)) &&
           oktai_jwt_json(&jwt->header, "jwk", proof->key->jwk) && oktai_jwt_text(&jwt->claims, "jti", jti) &&
           oktai_jwt_text(&jwt->claims, "htm", proof->method) &&
           oktai_jwt_part(&jwt->claims, "htu", proof->url, strcspn(proof->url, "?#")) &&
           oktai_jwt_number(&jwt->claims, "iat", proof->now_s) &&
           oktai_jwt_text(&jwt->claims, "nonce", nonce) && oktai_jwt_text(&jwt->claims, "ath", ath);
}

okta_error *oktai_dpop_write(const oktai_dpop_proof *proof, oktai_buffer *out)
{
    char jti[OKTAI_JTI_SIZE];
    char ath[OKTAI_DIGEST_SIZE];
    okta_error *error = oktai_jti(jti);
    if (error == NULL && proof->access_token != NULL) {
        error = oktai_digest(proof->access_token, strlen(proof->access_token), ath);
    }
    if (error != NULL) {
        return error;
    }
    oktai_jwt jwt = {0};
    bool added = add_members(&jwt, proof, jti, proof->access_token != NULL ? ath : NULL);
    oktai_wipe(jti, sizeof jti);
    oktai_wipe(ath, sizeof ath);
    return oktai_jwt_finish(&jwt, added, proof->key->signer, out);
}

static bool is_nonce_char(char c)
{
    return c > ' ' && c <= '~' && c != '"' && c != '\\';
}

bool oktai_dpop_take_nonce(const char *value, char out[OKTAI_DPOP_NONCE_SIZE])
{
    size_t length = 0;
    while (is_nonce_char(value[length])) {
        if (++length == OKTAI_DPOP_NONCE_SIZE) {
            return false;
        }
    }
    if (length == 0 || value[length] != '\0') {
        return false;
    }
    memcpy(out, value, length + 1);
    return true;
}
