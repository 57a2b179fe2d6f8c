/* SPDX-License-Identifier: Apache-2.0 */
/* From pieces to a key that is checked. */
#include "keys/parts.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "keys/key.h"
#include "keys/rsa_check.h"

/* SEC 1, section 2.3.3 */
#define POINT_EVEN 2
#define POINT_ODD  3
#define POINT_FULL 4

#define RSA_PUBLIC  2u
#define RSA_NUMBERS 8u

static const oktai_key_curve curves[] = {
    {"P-256", SN_X9_62_prime256v1, 32, "ES256", OKTAI_BYTES("\x2a\x86\x48\xce\x3d\x03\x01\x07")},
    {"P-384", SN_secp384r1, 48, "ES384", OKTAI_BYTES("\x2b\x81\x04\x00\x22")},
    {"P-521", SN_secp521r1, 66, "ES512", OKTAI_BYTES("\x2b\x81\x04\x00\x23")},
};

#define CURVES (sizeof curves / sizeof curves[0])

const oktai_key_curve *oktai_key_curve_by_name(const char *crv)
{
    for (size_t i = 0; i < CURVES; i++) {
        if (strcmp(curves[i].crv, crv) == 0) {
            return &curves[i];
        }
    }
    return NULL;
}

const oktai_key_curve *oktai_key_curve_by_oid(oktai_bytes oid)
{
    for (size_t i = 0; i < CURVES; i++) {
        if (oktai_bytes_equal(curves[i].oid, oid)) {
            return &curves[i];
        }
    }
    return NULL;
}

bool oktai_bytes_equal(oktai_bytes a, oktai_bytes b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

oktai_bytes oktai_bytes_trim(oktai_bytes number)
{
    while (number.size > 0 && number.data[0] == 0) {
        number.data++;
        number.size--;
    }
    return number;
}

static size_t bit_count(oktai_bytes number)
{
    size_t bits = number.size * 8;
    for (unsigned bit = 0x80; bits > 0 && (number.data[0] & bit) == 0; bit >>= 1) {
        bits--;
    }
    return bits;
}

static bool is_odd(oktai_bytes number)
{
    return number.size > 0 && (number.data[number.size - 1] & 1) != 0;
}

static bool is_below(oktai_bytes a, oktai_bytes b)
{
    return a.size < b.size || (a.size == b.size && memcmp(a.data, b.data, a.size) < 0);
}

static okta_error *check_rsa(const oktai_key_parts *parts)
{
    size_t bits = bit_count(parts->n);
    if (bits < OKTAI_RSA_BITS_MIN || bits > OKTAI_RSA_BITS_MAX) {
        return oktai_error_new(OKTA_E_ARG, "an RSA key of %zu bits is refused: it must have 2048 to 8192",
                               bits);
    }
    if (!is_odd(parts->e) || bit_count(parts->e) < 2 || !is_below(parts->e, parts->n)) {
        return oktai_error_new(OKTA_E_ARG,
                               "an RSA key whose exponent is even, below 3 or above n is refused");
    }
    const oktai_bytes *const numbers[] = {&parts->d,  &parts->p,  &parts->q,
                                          &parts->dp, &parts->dq, &parts->qi};
    for (size_t i = 0; parts->is_private && i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i]->size == 0 || !is_below(*numbers[i], parts->n)) {
            return oktai_error_new(
                OKTA_E_ARG, "an RSA private key must have d, p, q, dp, dq and qi, all above 0 and below n");
        }
    }
    return NULL;
}

static okta_error *from_data(const char *type, bool is_private, OSSL_PARAM *params, EVP_PKEY **out)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (ctx == NULL) {
        return oktai_error_new(OKTA_E_CONFIG, "OpenSSL is configured without %s keys", type);
    }
    int selection = is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    EVP_PKEY_fromdata_init(ctx); /* where it fails, the next one does */
    bool good = EVP_PKEY_fromdata(ctx, out, selection, params) == 1;
    EVP_PKEY_CTX_free(ctx);
    return good ? NULL : oktai_error_new(OKTA_E_ARG, "the key is not a valid %s key", type);
}

static OSSL_PARAM number_param(const char *name, oktai_bytes number, unsigned char *copy)
{
    memcpy(copy, number.data, number.size);
    oktai_key_flip(copy, number.size);
    return OSSL_PARAM_construct_BN(name, copy, number.size);
}

static okta_error *make_rsa(const oktai_key_parts *parts, EVP_PKEY **out)
{
    const struct {
        const char *name;
        oktai_bytes number;
    } numbers[RSA_NUMBERS] = {
        {OSSL_PKEY_PARAM_RSA_N, parts->n},          {OSSL_PKEY_PARAM_RSA_E, parts->e},
        {OSSL_PKEY_PARAM_RSA_D, parts->d},          {OSSL_PKEY_PARAM_RSA_FACTOR1, parts->p},
        {OSSL_PKEY_PARAM_RSA_FACTOR2, parts->q},    {OSSL_PKEY_PARAM_RSA_EXPONENT1, parts->dp},
        {OSSL_PKEY_PARAM_RSA_EXPONENT2, parts->dq}, {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, parts->qi},
    };
    OSSL_PARAM params[RSA_NUMBERS + 1];
    unsigned char copies[RSA_NUMBERS][OKTAI_RSA_BYTES_MAX];
    size_t count = parts->is_private ? RSA_NUMBERS : RSA_PUBLIC;
    for (size_t i = 0; i < count; i++) {
        params[i] = number_param(numbers[i].name, numbers[i].number, copies[i]);
    }
    params[count] = OSSL_PARAM_construct_end();
    okta_error *error = from_data("RSA", parts->is_private, params, out);
    oktai_wipe(copies, sizeof copies);
    return error;
}

static okta_error *check_ec(const oktai_key_parts *parts)
{
    size_t size = parts->curve->size;
    oktai_bytes point = parts->point;
    bool full = point.size == 1 + 2 * size && point.data[0] == POINT_FULL;
    bool compressed = point.size == 1 + size && (point.data[0] == POINT_EVEN || point.data[0] == POINT_ODD);
    if (!full && !compressed && !(parts->is_private && point.size == 0)) {
        return oktai_error_new(OKTA_E_ARG, "the public half of the key is not a point of %s",
                               parts->curve->crv);
    }
    if (parts->is_private && (parts->d.size == 0 || parts->d.size > size)) {
        return oktai_error_new(OKTA_E_ARG, "the private half of the key is not a number of %s",
                               parts->curve->crv);
    }
    return NULL;
}

/* RFC 5915 allows a private key without its public half: it is the generator times d. */
static size_t multiply(const oktai_key_parts *parts, unsigned char *out)
{
    size_t size = 0;
    EC_GROUP *group = EC_GROUP_new_by_curve_name(OBJ_sn2nid(parts->curve->group));
    EC_POINT *point = group == NULL ? NULL : EC_POINT_new(group);
    BIGNUM *d = BN_secure_new();
    if (point != NULL && d != NULL && BN_bin2bn(parts->d.data, (int)parts->d.size, d) != NULL &&
        EC_POINT_mul(group, point, d, NULL, NULL, NULL) == 1) {
        size = EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out, OKTAI_EC_POINT_MAX, NULL);
    }
    BN_clear_free(d);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return size;
}

static okta_error *make_ec(const oktai_key_parts *parts, EVP_PKEY **out)
{
    char group[16];
    unsigned char point[OKTAI_EC_POINT_MAX];
    unsigned char d[OKTAI_EC_BYTES_MAX];
    size_t size = parts->point.size;
    if (size > 0) {
        memcpy(point, parts->point.data, size);
    } else {
        size = multiply(parts, point);
    }
    if (size == 0) {
        return oktai_error_new(OKTA_E_ARG, "the private half of the key is not a number of %s",
                               parts->curve->crv);
    }
    memcpy(group, parts->curve->group, strlen(parts->curve->group) + 1);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, size),
        OSSL_PARAM_construct_end(),
        OSSL_PARAM_construct_end(),
    };
    if (parts->is_private) {
        params[2] = number_param(OSSL_PKEY_PARAM_PRIV_KEY, parts->d, d);
    }
    okta_error *error = from_data("EC", parts->is_private, params, out);
    oktai_wipe(d, sizeof d);
    return error;
}

/* What proves an RSA private key proves its public half, too. */
static okta_error *check_halves(EVP_PKEY *pkey, const oktai_key_parts *parts)
{
    bool is_rsa = parts->curve == NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    if (ctx == NULL) {
        return oktai_error_nomem();
    }
    const char *problem = NULL;
    if (!(is_rsa && parts->is_private) && EVP_PKEY_public_check(ctx) != 1) {
        problem = "the public half of the key is not valid";
    } else if (parts->is_private &&
               !(is_rsa ? oktai_rsa_belongs(pkey, parts)
                        : EVP_PKEY_private_check(ctx) == 1 && EVP_PKEY_pairwise_check(ctx) == 1)) {
        problem = "the private half of the key is not valid, or does not belong to its public half";
    }
    EVP_PKEY_CTX_free(ctx);
    return problem == NULL ? NULL : oktai_error_new(OKTA_E_ARG, "%s", problem);
}

okta_error *oktai_key_build(const oktai_key_parts *parts, okta_key **out)
{
    bool is_rsa = parts->curve == NULL;
    okta_error *error = is_rsa ? check_rsa(parts) : check_ec(parts);
    if (error != NULL) {
        return error;
    }
    EVP_PKEY *pkey = NULL;
    error = is_rsa ? make_rsa(parts, &pkey) : make_ec(parts, &pkey);
    if (error == NULL) {
        error = check_halves(pkey, parts);
    }
    if (error != NULL) {
        EVP_PKEY_free(pkey);
        return error;
    }
    return oktai_key_wrap(pkey, parts->curve, parts->is_private, out);
}
