/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_jwk_rules.h"

#include "mock_text.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#define RSA_MIN_BITS       2048
#define EC_MAX_COORDINATE  66
#define EC_MAX_POINT       (1 + 2 * EC_MAX_COORDINATE)
#define UNCOMPRESSED_POINT 4

typedef struct curve {
    const char *crv;
    const char *group;
    size_t coordinate_length;
} curve;

static const curve curves[] = {
    {"P-256", "prime256v1", 32},
    {"P-384", "secp384r1", 48},
    {"P-521", "secp521r1", 66},
};

const char *mock_jwk_string(const cJSON *jwk, const char *member)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(jwk, member));
}

static bool is_string_or_null(const cJSON *jwk, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(jwk, member);
    return value == NULL || cJSON_IsNull(value) || cJSON_IsString(value);
}

static bool has_private_part(const cJSON *jwk)
{
    static const char *const parts[] = {"d", "p", "q", "dp", "dq", "qi", "k", "oth"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (cJSON_GetObjectItemCaseSensitive(jwk, parts[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static size_t bit_length(const unsigned char *bytes, size_t length)
{
    while (length > 0 && bytes[0] == 0) {
        bytes++;
        length--;
    }
    size_t bits = length * 8;
    for (unsigned mask = 0x80; length > 0 && (bytes[0] & mask) == 0; mask >>= 1) {
        bits--;
    }
    return bits;
}

static size_t member_bits(const cJSON *jwk, const char *member)
{
    const char *text = mock_jwk_string(jwk, member);
    unsigned char *bytes = NULL;
    size_t length = 0;
    if (text == NULL || !mock_base64url_decode(text, &bytes, &length)) {
        return 0;
    }
    size_t bits = bit_length(bytes, length);
    free(bytes);
    return bits;
}

static const char *rsa_refusal(const cJSON *jwk)
{
    if (member_bits(jwk, "n") < RSA_MIN_BITS || member_bits(jwk, "e") == 0) {
        return "The RSA key is shorter than 2048 bits";
    }
    return NULL;
}

static bool point_is_on_curve(const curve *on, const unsigned char *point, size_t length)
{
    char group[16];
    memcpy(group, on->group, strlen(on->group) + 1);
    unsigned char copy[EC_MAX_POINT];
    memcpy(copy, point, length);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, length),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *check = NULL;
    EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    bool good = make != NULL && EVP_PKEY_fromdata_init(make) == 1 &&
                EVP_PKEY_fromdata(make, &key, EVP_PKEY_PUBLIC_KEY, params) == 1 &&
                (check = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL)) != NULL &&
                EVP_PKEY_public_check(check) == 1;
    EVP_PKEY_CTX_free(check);
    EVP_PKEY_CTX_free(make);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return good;
}

/* Appends a coordinate of exactly `length` bytes to the point. */
static bool append_coordinate(const cJSON *jwk, const char *member, unsigned char *out, size_t length)
{
    const char *text = mock_jwk_string(jwk, member);
    unsigned char *bytes = NULL;
    size_t got = 0;
    if (text == NULL || !mock_base64url_decode(text, &bytes, &got)) {
        return false;
    }
    bool fits = got == length;
    if (fits) {
        memcpy(out, bytes, length);
    }
    free(bytes);
    return fits;
}

static const char *ec_refusal(const cJSON *jwk)
{
    const char *crv = mock_jwk_string(jwk, "crv");
    const curve *found = NULL;
    for (size_t i = 0; crv != NULL && i < sizeof curves / sizeof curves[0]; i++) {
        if (strcmp(curves[i].crv, crv) == 0) {
            found = &curves[i];
        }
    }
    if (found == NULL) {
        return "crv is none of P-256, P-384 and P-521";
    }
    unsigned char point[EC_MAX_POINT] = {UNCOMPRESSED_POINT};
    size_t length = found->coordinate_length;
    if (!append_coordinate(jwk, "x", point + 1, length) ||
        !append_coordinate(jwk, "y", point + 1 + length, length)) {
        return "x and y are not coordinates of this curve's length";
    }
    return point_is_on_curve(found, point, 1 + 2 * length) ? NULL : "x and y are not a point of this curve";
}

const char *mock_jwk_refusal(const cJSON *jwk)
{
    const char *kty = mock_jwk_string(jwk, "kty");
    const char *use = mock_jwk_string(jwk, "use");
    bool rsa = kty != NULL && strcmp(kty, "RSA") == 0;
    bool ec = kty != NULL && strcmp(kty, "EC") == 0;
    if (has_private_part(jwk)) {
        return "The key has private members";
    }
    if (!is_string_or_null(jwk, "kid") || !is_string_or_null(jwk, "alg") || !is_string_or_null(jwk, "use")) {
        return "kid, alg and use are strings";
    }
    if (!rsa && !ec) {
        return "kty is neither RSA nor EC";
    }
    if (use != NULL && strcmp(use, "sig") != 0 && strcmp(use, "enc") != 0) {
        return "use is neither sig nor enc";
    }
    if (ec && use != NULL && strcmp(use, "enc") == 0) {
        return "An encryption key is an RSA key";
    }
    return rsa ? rsa_refusal(jwk) : ec_refusal(jwk);
}
