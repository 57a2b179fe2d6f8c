/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_public_key.h"

#include "mock_json.h"
#include "mock_text.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#define UNCOMPRESSED_POINT 4

static const mock_curve curves[] = {
    {"P-256", "prime256v1", 32},
    {"P-384", "secp384r1", 48},
    {"P-521", "secp521r1", 66},
};

const mock_curve *mock_curve_named(const char *crv)
{
    for (size_t i = 0; crv != NULL && i < sizeof curves / sizeof curves[0]; i++) {
        if (strcmp(curves[i].crv, crv) == 0) {
            return &curves[i];
        }
    }
    return NULL;
}

const mock_curve *mock_curve_of_group(const char *group)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        if (strcmp(curves[i].group, group) == 0) {
            return &curves[i];
        }
    }
    return NULL;
}

/* Writes a coordinate of exactly `length` bytes. */
static bool read_coordinate(const cJSON *jwk, const char *member, unsigned char *out, size_t length)
{
    const char *text = mock_json_string(jwk, member);
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

bool mock_curve_point(const mock_curve *curve, const cJSON *jwk, unsigned char out[MOCK_POINT_MAX])
{
    size_t length = curve->coordinate_length;
    out[0] = UNCOMPRESSED_POINT;
    return read_coordinate(jwk, "x", out + 1, length) && read_coordinate(jwk, "y", out + 1 + length, length);
}

static EVP_PKEY *make_key(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    bool good = make != NULL && params != NULL && EVP_PKEY_fromdata_init(make) == 1 &&
                EVP_PKEY_fromdata(make, &key, EVP_PKEY_PUBLIC_KEY, params) == 1;
    EVP_PKEY_CTX_free(make);
    ERR_clear_error();
    return good ? key : NULL;
}

static EVP_PKEY *make_ec(const cJSON *jwk)
{
    unsigned char point[MOCK_POINT_MAX];
    const mock_curve *curve = mock_curve_named(mock_json_string(jwk, "crv"));
    if (curve == NULL || !mock_curve_point(curve, jwk, point)) {
        return NULL;
    }
    char group[16];
    memcpy(group, curve->group, strlen(curve->group) + 1);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * curve->coordinate_length),
        OSSL_PARAM_construct_end(),
    };
    /* OpenSSL itself refuses a point that is not on the curve. */
    return make_key("EC", params);
}

static BIGNUM *read_number(const cJSON *jwk, const char *member)
{
    const char *text = mock_json_string(jwk, member);
    unsigned char *bytes = NULL;
    size_t length = 0;
    if (text == NULL || strlen(text) > 4096 || !mock_base64url_decode(text, &bytes, &length)) {
        return NULL;
    }
    BIGNUM *number = BN_bin2bn(bytes, (int)length, NULL);
    free(bytes);
    return number;
}

static EVP_PKEY *make_rsa(const cJSON *jwk)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *n = read_number(jwk, "n");
    BIGNUM *e = read_number(jwk, "e");
    if (build != NULL && n != NULL && e != NULL &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1) {
        params = OSSL_PARAM_BLD_to_param(build);
        key = make_key("RSA", params);
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_free(n);
    BN_free(e);
    return key;
}

EVP_PKEY *mock_public_key(const cJSON *jwk)
{
    const char *kty = mock_json_string(jwk, "kty");
    if (kty == NULL) {
        return NULL;
    }
    if (strcmp(kty, "EC") == 0) {
        return make_ec(jwk);
    }
    return strcmp(kty, "RSA") == 0 ? make_rsa(jwk) : NULL;
}

bool mock_jwk_has_private_part(const cJSON *jwk)
{
    static const char *const parts[] = {"d", "p", "q", "dp", "dq", "qi", "k", "oth"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (cJSON_GetObjectItemCaseSensitive(jwk, parts[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* RSA members are numbers: there, a leading zero octet would be a second way to write one. */
static bool is_canonical(const char *text, bool is_number)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    if (text == NULL || !mock_base64url_decode(text, &bytes, &length)) {
        return false;
    }
    char *again = mock_base64url_encode(bytes, length);
    bool same = again != NULL && strcmp(again, text) == 0;
    bool begins_in_zero = length == 0 || bytes[0] == 0;
    free(again);
    free(bytes);
    return same && !(is_number && begins_in_zero);
}

/* The required members in the order of their names, as RFC 7638 hashes them. */
static char *thumbprint_input(const cJSON *jwk)
{
    const char *kty = mock_json_string(jwk, "kty");
    const char *crv = mock_json_string(jwk, "crv");
    const char *x = mock_json_string(jwk, "x");
    const char *y = mock_json_string(jwk, "y");
    const char *e = mock_json_string(jwk, "e");
    const char *n = mock_json_string(jwk, "n");
    if (kty != NULL && strcmp(kty, "EC") == 0 && mock_curve_named(crv) != NULL && is_canonical(x, false) &&
        is_canonical(y, false)) {
        return mock_format("{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", crv, x, y);
    }
    if (kty != NULL && strcmp(kty, "RSA") == 0 && is_canonical(e, true) && is_canonical(n, true)) {
        return mock_format("{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}", e, n);
    }
    return NULL;
}

bool mock_thumbprint(const cJSON *jwk, char out[MOCK_THUMBPRINT_SIZE])
{
    char *input = thumbprint_input(jwk);
    if (input == NULL) {
        return false;
    }
    bool made = mock_sha256_text(input, out);
    free(input);
    return made;
}
