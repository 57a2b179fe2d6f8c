/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/encryption.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdint.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"

#define BLOCK      16u
#define LENGTH     8u /* octets of AL, the length of the header in bits */
#define DIGEST_MAX 64u

static const oktai_encryption rows[] = {
    {"A128CBC-HS256", "AES-128-CBC", "SHA256", 32, BLOCK, 16},
    {"A192CBC-HS384", "AES-192-CBC", "SHA384", 48, BLOCK, 24},
    {"A256CBC-HS512", "AES-256-CBC", "SHA512", 64, BLOCK, 32},
    {"A128GCM", "AES-128-GCM", NULL, 16, 12, 16},
    {"A192GCM", "AES-192-GCM", NULL, 24, 12, 16},
    {"A256GCM", "AES-256-GCM", NULL, 32, 12, 16},
};

const oktai_encryption *oktai_encryption_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static okta_error *refuse_size(const oktai_encryption *encryption, const char *what, oktai_bytes bytes,
                               size_t wanted)
{
    return bytes.size == wanted ? NULL
                                : oktai_error_new(OKTA_E_PROTOCOL, "the %s has %zu bytes; %s has %zu", what,
                                                  bytes.size, encryption->name, wanted);
}

okta_error *oktai_sealed_check(const oktai_encryption *encryption, const oktai_sealed *sealed)
{
    okta_error *error = refuse_size(encryption, "initialization vector", sealed->iv, encryption->iv_size);
    if (error == NULL) {
        error = refuse_size(encryption, "authentication tag", sealed->tag, encryption->tag_size);
    }
    if (error == NULL && encryption->hash != NULL &&
        (sealed->ciphertext.size == 0 || sealed->ciphertext.size % BLOCK != 0)) {
        error = oktai_error_new(OKTA_E_PROTOCOL, "the ciphertext has %zu bytes; %s has blocks of %u",
                                sealed->ciphertext.size, encryption->name, BLOCK);
    }
    return error;
}

static okta_error *without(const char *name)
{
    return oktai_error_new(OKTA_E_CONFIG, "OpenSSL is configured without %s", name);
}

static okta_error *not_opened(void)
{
    return oktai_error_new(OKTA_E_AUTH, "the token cannot be decrypted: it was encrypted for another key, or "
                                        "changed on its way");
}

/* The HMAC over header, IV, ciphertext and the length of the header in bits (RFC 7518, section 5.2.2.1). */
static bool make_tag(EVP_MAC_CTX *mac, const oktai_encryption *encryption, const oktai_sealed *sealed,
                     const unsigned char *key, unsigned char digest[DIGEST_MAX])
{
    unsigned char al[LENGTH];
    char hash[8];
    uint64_t bits = (uint64_t)sealed->aad.size * 8;
    for (size_t i = 0; i < LENGTH; i++) {
        al[i] = (unsigned char)(bits >> (8 * (LENGTH - 1 - i)));
    }
    memcpy(hash, encryption->hash, strlen(encryption->hash) + 1);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash, 0),
                                 OSSL_PARAM_construct_end()};
    size_t size = 0;
    return EVP_MAC_init(mac, key, encryption->cek_size / 2, params) == 1 &&
           EVP_MAC_update(mac, sealed->aad.data, sealed->aad.size) == 1 &&
           EVP_MAC_update(mac, sealed->iv.data, sealed->iv.size) == 1 &&
           EVP_MAC_update(mac, sealed->ciphertext.data, sealed->ciphertext.size) == 1 &&
           EVP_MAC_update(mac, al, sizeof al) == 1 && EVP_MAC_final(mac, digest, &size, DIGEST_MAX) == 1 &&
           size >= encryption->tag_size;
}

static okta_error *check_tag(const oktai_encryption *encryption, const oktai_sealed *sealed,
                             const unsigned char *key)
{
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *mac = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    if (mac == NULL) {
        return without("HMAC");
    }
    unsigned char digest[DIGEST_MAX];
    bool made = make_tag(mac, encryption, sealed, key, digest);
    EVP_MAC_CTX_free(mac);
    okta_error *error = NULL;
    if (!made) {
        error = without(encryption->hash);
    } else if (CRYPTO_memcmp(digest, sealed->tag.data, encryption->tag_size) != 0) {
        error = not_opened();
    }
    oktai_wipe(digest, sizeof digest);
    return error;
}

/* The tag of GCM is verified by the last step, that of CBC was verified before. */
static bool decrypt(EVP_CIPHER_CTX *ctx, const oktai_encryption *encryption, const oktai_sealed *sealed,
                    unsigned char *out, size_t *out_size)
{
    const oktai_bytes from = sealed->ciphertext;
    unsigned char last[BLOCK];
    int head = 0;
    int rest = 0;
    if (encryption->hash == NULL) {
        unsigned char tag[BLOCK];
        memcpy(tag, sealed->tag.data, sizeof tag);
        if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)sizeof tag, tag) != 1 ||
            EVP_DecryptUpdate(ctx, NULL, &head, sealed->aad.data, (int)sealed->aad.size) != 1) {
            return false;
        }
        head = 0;
    }
    if (from.size > 0 && EVP_DecryptUpdate(ctx, out, &head, from.data, (int)from.size) != 1) {
        return false;
    }
    bool good = EVP_DecryptFinal_ex(ctx, last, &rest) == 1;
    if (good) {
        memcpy(out + head, last, (size_t)rest);
        *out_size = (size_t)head + (size_t)rest;
    }
    oktai_wipe(last, sizeof last);
    return good;
}

okta_error *oktai_sealed_open(const oktai_encryption *encryption, const oktai_sealed *sealed,
                              const unsigned char *cek, unsigned char *out, size_t *out_size)
{
    const bool has_hmac = encryption->hash != NULL;
    okta_error *error = has_hmac ? check_tag(encryption, sealed, cek) : NULL;
    if (error != NULL) {
        return error;
    }
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, encryption->cipher, NULL);
    EVP_CIPHER_CTX *ctx = cipher == NULL ? NULL : EVP_CIPHER_CTX_new();
    const unsigned char *key = has_hmac ? cek + encryption->cek_size / 2 : cek;
    if (ctx == NULL || EVP_DecryptInit_ex2(ctx, cipher, key, sealed->iv.data, NULL) != 1) {
        error = without(encryption->cipher);
    } else if (!decrypt(ctx, encryption, sealed, out, out_size)) {
        oktai_wipe(out, sealed->ciphertext.size);
        error = not_opened();
    }
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return error;
}
