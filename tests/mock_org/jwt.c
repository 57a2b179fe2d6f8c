/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_jwt.h"

#include "mock_json.h"
#include "mock_public_key.h"
#include "mock_text.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LENGTH   ((size_t)16 * 1024)
#define RSA_MIN_BITS 2048

typedef struct algorithm {
    const char *name;
    const char *kty;
    const char *crv; /* NULL for RSA */
    const char *digest;
    bool pss;
} algorithm;

static const algorithm algorithms[] = {
    {"RS256", "RSA", NULL, "SHA256", false},   {"RS384", "RSA", NULL, "SHA384", false},
    {"RS512", "RSA", NULL, "SHA512", false},   {"PS256", "RSA", NULL, "SHA256", true},
    {"PS384", "RSA", NULL, "SHA384", true},    {"PS512", "RSA", NULL, "SHA512", true},
    {"ES256", "EC", "P-256", "SHA256", false}, {"ES384", "EC", "P-384", "SHA384", false},
    {"ES512", "EC", "P-521", "SHA512", false},
};

static const algorithm *algorithm_of(const mock_jwt *jwt)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        if (mock_json_is(jwt->header, "alg", algorithms[i].name)) {
            return &algorithms[i];
        }
    }
    return NULL;
}

/* One text for each sequence of bytes: padding, stray letters and left-over bits are refused. */
static unsigned char *decode_part(const char *text, size_t length, size_t *out_length)
{
    unsigned char *bytes = NULL;
    char *again = NULL;
    char *part = mock_copy_n(text, length);
    bool good = part != NULL && mock_base64url_decode(part, &bytes, out_length) &&
                (again = mock_base64url_encode(bytes, *out_length)) != NULL && strcmp(again, part) == 0;
    free(again);
    free(part);
    if (!good) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static cJSON *read_object(const char *text, size_t length)
{
    size_t count = 0;
    unsigned char *bytes = decode_part(text, length, &count);
    char *copy = bytes != NULL ? mock_copy_n((const char *)bytes, count) : NULL;
    cJSON *object = copy != NULL ? mock_json_claims(copy, count) : NULL;
    free(copy);
    free(bytes);
    if (object != NULL && mock_json_repeats_a_member(object)) {
        cJSON_Delete(object);
        return NULL;
    }
    return object;
}

void mock_jwt_clear(mock_jwt *jwt)
{
    cJSON_Delete(jwt->header);
    cJSON_Delete(jwt->claims);
    free(jwt->signature);
    *jwt = (mock_jwt){0};
}

static const char *read_parts(const char *text, mock_jwt *jwt)
{
    size_t header_length = strcspn(text, ".");
    const char *claims = text + header_length + (text[header_length] == '.');
    size_t claims_length = strcspn(claims, ".");
    if (strlen(text) > MAX_LENGTH || claims[claims_length] != '.' ||
        strchr(claims + claims_length + 1, '.') != NULL) {
        return "The JWT is too long or has not three parts";
    }
    const char *signature = claims + claims_length + 1;
    jwt->header = read_object(text, header_length);
    jwt->claims = read_object(claims, claims_length);
    jwt->signature = decode_part(signature, strlen(signature), &jwt->signature_length);
    jwt->signed_text = text;
    jwt->signed_length = header_length + 1 + claims_length;
    if (jwt->header == NULL || jwt->claims == NULL || jwt->signature == NULL) {
        return "A part of the JWT is not canonical base64url, or not a JSON object with each member once";
    }
    if (algorithm_of(jwt) == NULL) {
        return "The alg of the JWT is none of " MOCK_JWT_ALGORITHMS;
    }
    if (cJSON_GetObjectItemCaseSensitive(jwt->header, "crit") != NULL) {
        return "The JWT has a crit header, and no extension is understood here";
    }
    return NULL;
}

const char *mock_jwt_read(const char *text, mock_jwt *out)
{
    *out = (mock_jwt){0};
    const char *refusal = read_parts(text, out);
    if (refusal != NULL) {
        mock_jwt_clear(out);
    }
    return refusal;
}

/* From r||s, each with the octets of a coordinate, to the DER that OpenSSL reads. */
static unsigned char *der_signature(const mock_jwt *jwt, size_t coordinate, size_t *out_length)
{
    if (jwt->signature_length != 2 * coordinate) {
        return NULL;
    }
    unsigned char *der = NULL;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(jwt->signature, (int)coordinate, NULL);
    BIGNUM *s = BN_bin2bn(jwt->signature + coordinate, (int)coordinate, NULL);
    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
        r = NULL;
        s = NULL;
        int length = i2d_ECDSA_SIG(pair, &der);
        *out_length = length > 0 ? (size_t)length : 0;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return der;
}

static bool digest_verifies(const mock_jwt *jwt, const algorithm *by, EVP_PKEY *key,
                            const unsigned char *signature, size_t length)
{
    EVP_PKEY_CTX *settings = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL &&
                EVP_DigestVerifyInit_ex(context, &settings, by->digest, NULL, NULL, key, NULL) == 1 &&
                (!by->pss || (EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
                              EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
                EVP_DigestVerify(context, signature, length, (const unsigned char *)jwt->signed_text,
                                 jwt->signed_length) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

static bool signature_is_good(const mock_jwt *jwt, const algorithm *by, EVP_PKEY *key)
{
    const mock_curve *curve = mock_curve_named(by->crv);
    if (curve == NULL) {
        return digest_verifies(jwt, by, key, jwt->signature, jwt->signature_length);
    }
    size_t length = 0;
    unsigned char *der = der_signature(jwt, curve->coordinate_length, &length);
    bool good = der != NULL && digest_verifies(jwt, by, key, der, length);
    OPENSSL_free(der);
    return good;
}

const char *mock_jwt_verify(const mock_jwt *jwt, const cJSON *jwk)
{
    const algorithm *by = algorithm_of(jwt);
    const char *alg = mock_json_string(jwk, "alg");
    if (!mock_json_is(jwk, "kty", by->kty) || (by->crv != NULL && !mock_json_is(jwk, "crv", by->crv)) ||
        (alg != NULL && strcmp(alg, by->name) != 0)) {
        return "The alg of the JWT does not fit the key";
    }
    EVP_PKEY *key = mock_public_key(jwk);
    const char *refusal = NULL;
    if (key == NULL || (by->crv == NULL && EVP_PKEY_get_bits(key) < RSA_MIN_BITS)) {
        refusal = "The key is no public key, or too short";
    } else if (!signature_is_good(jwt, by, key)) {
        refusal = "The signature of the JWT is not one of this key";
    }
    EVP_PKEY_free(key);
    return refusal;
}

bool mock_jwt_time(const mock_jwt *jwt, const char *claim, double *out_seconds)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(jwt->claims, claim);
    if (!cJSON_IsNumber(value)) {
        return false;
    }
    *out_seconds = value->valuedouble;
    return true;
}
