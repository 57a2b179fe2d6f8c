/* SPDX-License-Identifier: Apache-2.0 */
/* From pieces to a key that is checked. */
#include "keys/build.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "keys/ec_public.h"
#include "keys/key.h"
#include "keys/rsa_private.h"
#include "keys/rsa_public.h"

#define RSA_PUBLIC  2u
#define RSA_NUMBERS 8u

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

static okta_error *no_number(const oktai_key_curve *curve)
{
    return oktai_error_new(OKTA_E_ARG, "the private half of the key is not a number of %s", curve->crv);
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
        return no_number(parts->curve);
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

/* The private half of an EC key is a number below the curve's order, and the public half is its multiple. */
static okta_error *check_ec_private(EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    if (ctx == NULL) {
        return oktai_error_nomem();
    }
    bool good = EVP_PKEY_private_check(ctx) == 1 && EVP_PKEY_pairwise_check(ctx) == 1;
    EVP_PKEY_CTX_free(ctx);
    return good ? NULL
                : oktai_error_new(OKTA_E_ARG, "the private half of the key is not valid, or does not belong "
                                              "to its public half");
}

okta_error *oktai_key_check_public(const oktai_key_parts *parts)
{
    return parts->curve == NULL ? oktai_rsa_check_public(parts->n, parts->e)
                                : oktai_ec_check_public(parts->curve, parts->point);
}

/* What is looked at before OpenSSL sees the numbers. */
static okta_error *check_parts(const oktai_key_parts *parts)
{
    if (parts->curve == NULL) {
        okta_error *error = oktai_key_check_public(parts);
        return error == NULL && parts->is_private ? oktai_rsa_check_private(parts) : error;
    }
    if (parts->is_private && (parts->d.size == 0 || parts->d.size > parts->curve->size)) {
        return no_number(parts->curve);
    }
    bool is_made = parts->is_private && parts->point.size == 0;
    return is_made ? NULL : oktai_key_check_public(parts);
}

okta_error *oktai_key_build(const oktai_key_parts *parts, okta_key **out)
{
    bool is_rsa = parts->curve == NULL;
    EVP_PKEY *pkey = NULL;
    okta_error *error = check_parts(parts);
    if (error == NULL) {
        error = is_rsa ? make_rsa(parts, &pkey) : make_ec(parts, &pkey);
    }
    if (error == NULL && parts->is_private) {
        error = is_rsa ? oktai_rsa_check_signature(pkey) : check_ec_private(pkey);
    }
    if (error != NULL) {
        EVP_PKEY_free(pkey);
        return error;
    }
    return oktai_key_wrap(pkey, parts->curve, parts->is_private, out);
}
