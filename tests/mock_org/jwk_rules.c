/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_jwk_rules.h"

#include "mock_json.h"
#include "mock_public_key.h"
#include "mock_text.h"

#include <stdlib.h>
#include <string.h>

#define RSA_MIN_BITS 2048

static bool is_string_or_null(const cJSON *jwk, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(jwk, member);
    return value == NULL || cJSON_IsNull(value) || cJSON_IsString(value);
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
    const char *text = mock_json_string(jwk, member);
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

static const char *ec_refusal(const cJSON *jwk)
{
    const mock_curve *curve = mock_curve_named(mock_json_string(jwk, "crv"));
    if (curve == NULL) {
        return "crv is none of P-256, P-384 and P-521";
    }
    unsigned char point[MOCK_POINT_MAX];
    if (!mock_curve_point(curve, jwk, point)) {
        return "x and y are not coordinates of this curve's length";
    }
    EVP_PKEY *key = mock_public_key(jwk);
    EVP_PKEY_free(key);
    return key != NULL ? NULL : "x and y are not a point of this curve";
}

const char *mock_jwk_refusal(const cJSON *jwk)
{
    const char *kty = mock_json_string(jwk, "kty");
    const char *use = mock_json_string(jwk, "use");
    bool rsa = kty != NULL && strcmp(kty, "RSA") == 0;
    bool ec = kty != NULL && strcmp(kty, "EC") == 0;
    if (mock_jwk_has_private_part(jwk)) {
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
