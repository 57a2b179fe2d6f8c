/* SPDX-License-Identifier: Apache-2.0 */
/* From a key in PEM to the JWK of its public half. */
#include "mock_public_key.h"

#include "mock_text.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 1024

/* Nobody is asked: a PEM with a passphrase is none that the mock reads. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static EVP_PKEY *read_pem(const char *text)
{
    EVP_PKEY *key = NULL;
    BIO *bio = BIO_new_mem_buf(text, -1);
    if (bio != NULL) {
        key = strstr(text, "PRIVATE KEY-----") != NULL
                  ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL)
                  : PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
    }
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

/* Add a number of a key as base64url; `size` 0: without leading zero octets, else at this length. */
static bool add_number(cJSON *jwk, const char *member, const EVP_PKEY *key, const char *param, size_t size)
{
    unsigned char bytes[BYTES_MAX];
    BIGNUM *number = NULL;
    bool added = false;
    if (EVP_PKEY_get_bn_param(key, param, &number) == 1 && BN_num_bytes(number) <= BYTES_MAX) {
        size_t length = size > 0 ? size : (size_t)BN_num_bytes(number);
        bool written = BN_bn2binpad(number, bytes, (int)length) == (int)length;
        char *text = written ? mock_base64url_encode(bytes, length) : NULL;
        added = text != NULL && cJSON_AddStringToObject(jwk, member, text) != NULL;
        free(text);
    }
    BN_free(number);
    return added;
}

static bool add_ec(cJSON *jwk, const EVP_PKEY *key)
{
    char group[64];
    const mock_curve *curve =
        EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 ? mock_curve_of_group(group) : NULL;
    return curve != NULL && cJSON_AddStringToObject(jwk, "kty", "EC") != NULL &&
           cJSON_AddStringToObject(jwk, "crv", curve->crv) != NULL &&
           add_number(jwk, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, curve->coordinate_length) &&
           add_number(jwk, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, curve->coordinate_length);
}

static bool add_rsa(cJSON *jwk, const EVP_PKEY *key)
{
    return cJSON_AddStringToObject(jwk, "kty", "RSA") != NULL &&
           add_number(jwk, "n", key, OSSL_PKEY_PARAM_RSA_N, 0) &&
           add_number(jwk, "e", key, OSSL_PKEY_PARAM_RSA_E, 0);
}

cJSON *mock_jwk_of_pem(const char *text)
{
    char thumbprint[MOCK_THUMBPRINT_SIZE];
    EVP_PKEY *key = read_pem(text);
    cJSON *jwk = key != NULL ? cJSON_CreateObject() : NULL;
    bool made = jwk != NULL && (EVP_PKEY_is_a(key, "EC") ? add_ec(jwk, key) : add_rsa(jwk, key)) &&
                mock_thumbprint(jwk, thumbprint) && cJSON_AddStringToObject(jwk, "kid", thumbprint) != NULL &&
                cJSON_AddStringToObject(jwk, "use", "sig") != NULL;
    EVP_PKEY_free(key);
    ERR_clear_error();
    if (!made) {
        cJSON_Delete(jwk);
        return NULL;
    }
    return jwk;
}
