/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/jose_support.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64url.h"

char *encoded(const void *bytes, size_t size)
{
    char *text = malloc(oktai_base64url_length(size) + 1);
    assert_non_null(text);
    oktai_base64url_encode(size == 0 ? (const unsigned char *)"" : bytes, size, text);
    return text;
}

static char *dotted(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 2;
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, "%s.%s", a, b);
    return text;
}

/* OpenSSL writes ECDSA in DER; a JWS has r and s. */
static size_t to_raw(const unsigned char *der, size_t size, size_t half, unsigned char *out)
{
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)size);
    assert_non_null(sig);
    assert_true(BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, (int)half) > 0);
    assert_true(BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + half, (int)half) > 0);
    ECDSA_SIG_free(sig);
    return 2 * half;
}

static size_t sign(EVP_PKEY *pkey, const char *alg, int salt, const char *message, unsigned char *out)
{
    char digest[8];
    unsigned char signature[1024];
    size_t size = sizeof signature;
    EVP_PKEY_CTX *ctx = NULL;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    snprintf(digest, sizeof digest, "SHA%s", alg + 2);
    assert_int_equal(EVP_DigestSignInit_ex(md, &ctx, digest, NULL, NULL, pkey, NULL), 1);
    if (alg[0] == 'P') {
        assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0);
        assert_true(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt) > 0);
    }
    assert_int_equal(EVP_DigestSign(md, signature, &size, (const unsigned char *)message, strlen(message)),
                     1);
    EVP_MD_CTX_free(md);
    if (alg[0] == 'E') {
        return to_raw(signature, size, ((size_t)EVP_PKEY_get_bits(pkey) + 7) / 8, out);
    }
    memcpy(out, signature, size);
    return size;
}

static token_parts sign_parts(EVP_PKEY *pkey, const char *alg, int salt, const char *header,
                              const void *payload, size_t length)
{
    unsigned char signature[1024];
    token_parts parts = {{encoded(header, strlen(header)), encoded(payload, length)}};
    char *message = dotted(parts.part[0], parts.part[1]);
    size_t size = sign(pkey, alg, salt, message, signature);
    free(message);
    parts.part[2] = encoded(signature, size);
    return parts;
}

token_parts signed_parts(EVP_PKEY *pkey, const char *alg, const char *header, const void *payload,
                         size_t length)
{
    return sign_parts(pkey, alg, RSA_PSS_SALTLEN_DIGEST, header, payload, length);
}

token_parts salted_parts(EVP_PKEY *pkey, int salt, const char *header, const char *payload)
{
    return sign_parts(pkey, "PS256", salt, header, payload, strlen(payload));
}

token_parts hmac_parts(const char *secret, const char *header, const char *payload)
{
    unsigned char mac[32];
    unsigned size = sizeof mac;
    token_parts parts = {{encoded(header, strlen(header)), encoded(payload, strlen(payload))}};
    char *message = dotted(parts.part[0], parts.part[1]);
    assert_non_null(HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)message,
                         strlen(message), mac, &size));
    free(message);
    parts.part[2] = encoded(mac, size);
    return parts;
}

static char *encrypted_key(EVP_PKEY *pkey, const unsigned char *cek, size_t cek_size, const seal_how *how)
{
    unsigned char out[1024];
    size_t size = sizeof out;
    const char *hash = how->hash == NULL ? "SHA1" : how->hash;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    assert_int_equal(EVP_PKEY_encrypt_init(ctx), 1);
    if (hash[0] == '\0') {
        assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0);
    } else {
        assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) > 0);
        assert_true(EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, hash, NULL) > 0);
        assert_true(
            EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, how->mgf1_hash == NULL ? hash : how->mgf1_hash, NULL) > 0);
    }
    assert_int_equal(EVP_PKEY_encrypt(ctx, out, &size, cek, cek_size), 1);
    EVP_PKEY_CTX_free(ctx);
    return encoded(out, size);
}

/* GCM: ciphertext and a tag of 16 bytes. */
static size_t seal_gcm(const char *aad, const unsigned char *iv, const unsigned char *cek, size_t bits,
                       const void *plaintext, size_t length, unsigned char *out, unsigned char *tag)
{
    char name[40];
    int size = 0, rest = 0;
    snprintf(name, sizeof name, "AES-%zu-GCM", bits);
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex2(ctx, cipher, cek, iv, NULL), 1);
    assert_int_equal(EVP_EncryptUpdate(ctx, NULL, &size, (const unsigned char *)aad, (int)strlen(aad)), 1);
    size = 0;
    if (length > 0) {
        assert_int_equal(EVP_EncryptUpdate(ctx, out, &size, plaintext, (int)length), 1);
    }
    assert_int_equal(EVP_EncryptFinal_ex(ctx, out + size, &rest), 1);
    assert_int_equal(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, tag), 1);
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return (size_t)size + (size_t)rest;
}

/* Pads by itself, so that the padding may be wrong. */
static size_t pad(const void *plaintext, size_t length, int bad, unsigned char *out)
{
    size_t padding = 16 - length % 16;
    memcpy(out, plaintext, length);
    for (size_t i = 0; i < padding; i++) {
        out[length + i] = (unsigned char)padding;
    }
    if (bad == 1 || bad == 2) {
        out[length + padding - 1] = bad == 1 ? 0 : 17;
    } else if (bad == 3) {
        out[length] ^= 1;
    }
    return length + padding;
}

/* HMAC over header, IV, ciphertext and the length of the header, by OpenSSL's other function. */
static size_t mac_of(const char *aad, const unsigned char *iv, const unsigned char *key, size_t key_size,
                     const unsigned char *ciphertext, size_t size, unsigned char *out)
{
    const EVP_MD *md = key_size == 16 ? EVP_sha256() : key_size == 24 ? EVP_sha384() : EVP_sha512();
    size_t length = strlen(aad);
    unsigned char *all = malloc(length + 16 + size + 8);
    unsigned made = 64;
    assert_non_null(all);
    memcpy(all, aad, length);
    memcpy(all + length, iv, 16);
    memcpy(all + length + 16, ciphertext, size);
    unsigned char *al = all + length + 16 + size;
    memcpy(al, "\0\0\0\0", 4);
    for (int i = 0; i < 4; i++) {
        al[4 + i] = (unsigned char)((length * 8) >> (8 * (3 - i)));
    }
    assert_non_null(HMAC(md, key, (int)key_size, all, length + 16 + size + 8, out, &made));
    free(all);
    return key_size;
}

static size_t seal_cbc(const char *aad, const unsigned char *iv, const unsigned char *cek, size_t cek_size,
                       const void *plaintext, size_t length, int bad, unsigned char *out, unsigned char *tag)
{
    char name[40];
    int size = 0;
    unsigned char *padded = malloc(length + 32);
    assert_non_null(padded);
    size_t padded_size = pad(plaintext, length, bad, padded);
    snprintf(name, sizeof name, "AES-%zu-CBC", cek_size * 4);
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex2(ctx, cipher, cek + cek_size / 2, iv, NULL), 1);
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    assert_int_equal(EVP_EncryptUpdate(ctx, out, &size, padded, (int)padded_size), 1);
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    free(padded);
    mac_of(aad, iv, cek, cek_size / 2, out, (size_t)size, tag);
    return (size_t)size;
}

/* Bytes of the content key of an `enc`. */
static size_t cek_size_of(const char *enc)
{
    size_t bits = (size_t)strtoul(enc + 1, NULL, 10);
    return strstr(enc, "CBC") != NULL ? bits / 4 : bits / 8;
}

token_parts sealed_parts(EVP_PKEY *pkey, const char *header, const void *plaintext, size_t length,
                         const seal_how *how)
{
    static const seal_how usual = {0};
    how = how == NULL ? &usual : how;
    const char *enc = how->enc == NULL ? "A128GCM" : how->enc;
    const bool is_cbc = strstr(enc, "CBC") != NULL;
    const size_t cek_size = cek_size_of(enc);
    unsigned char cek[128] = {0}, iv[16], tag[64];
    unsigned char *out = malloc(length + 64);
    assert_non_null(out);
    assert_int_equal(RAND_bytes(cek, (int)(how->cek_size == 0 ? cek_size : how->cek_size)), 1);
    if (how->cek != NULL) {
        memcpy(cek, how->cek, cek_size);
    }
    assert_int_equal(RAND_bytes(iv, sizeof iv), 1);
    token_parts parts = {{encoded(header, strlen(header))}};
    parts.part[1] = encrypted_key(pkey, cek, how->cek_size == 0 ? cek_size : how->cek_size, how);
    size_t size =
        is_cbc ? seal_cbc(parts.part[0], iv, cek, cek_size, plaintext, length, how->bad_padding, out, tag)
               : seal_gcm(parts.part[0], iv, cek, cek_size * 8, plaintext, length, out, tag);
    parts.part[2] = encoded(iv, is_cbc ? 16 : 12);
    parts.part[3] = encoded(out, size);
    parts.part[4] = encoded(tag, is_cbc ? cek_size / 2 : 16);
    free(out);
    return parts;
}

char *joined_parts(token_parts parts)
{
    size_t size = 1;
    for (size_t i = 0; i < PARTS_MAX && parts.part[i] != NULL; i++) {
        size += strlen(parts.part[i]) + 1;
    }
    char *token = malloc(size);
    size_t at = 0;
    assert_non_null(token);
    for (size_t i = 0; i < PARTS_MAX && parts.part[i] != NULL; i++) {
        at += (size_t)snprintf(token + at, size - at, "%s%s", i == 0 ? "" : ".", parts.part[i]);
        free(parts.part[i]);
    }
    return token;
}

char *signed_token(EVP_PKEY *pkey, const char *alg, const char *header, const char *payload)
{
    return joined_parts(signed_parts(pkey, alg, header, payload, strlen(payload)));
}

char *sealed_token(EVP_PKEY *pkey, const char *header, const char *plaintext, const seal_how *how)
{
    return joined_parts(sealed_parts(pkey, header, plaintext, strlen(plaintext), how));
}

okta_key *key_of(EVP_PKEY *pkey, bool is_private, const char *extra)
{
    char *json = jwk_text(pkey, is_private, extra);
    okta_key *key = key_of_jwk(json);
    free(json);
    return key;
}

/* Without the NUL, so that a byte too many is seen. */
static char *exact(const char *text)
{
    size_t length = strlen(text);
    char *copy = malloc(length == 0 ? 1 : length);
    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

okta_error *decrypt_text(const char *token, const okta_key *key, const okta_jose_options *options,
                         okta_jose **out)
{
    char *copy = exact(token);
    okta_error *error = okta_jwe_decrypt(copy, strlen(token), key, options, out);
    free(copy);
    assert_true((*out == NULL) == (error != NULL));
    return error;
}

okta_error *verify_text(const char *token, const okta_key *key, const okta_jose_options *options,
                        okta_jose **out)
{
    char *copy = exact(token);
    okta_error *error = okta_jws_verify(copy, strlen(token), key, options, out);
    free(copy);
    assert_true((*out == NULL) == (error != NULL));
    return error;
}

okta_error *verify_by_set(const char *token, const char *jwks, okta_jose **out)
{
    char *copy = exact(token), *set = exact(jwks);
    okta_error *error = okta_jws_verify_with_jwks(copy, strlen(token), set, strlen(jwks), NULL, out);
    free(copy);
    free(set);
    assert_true((*out == NULL) == (error != NULL));
    return error;
}

static void expect_payload(okta_error *error, okta_jose *token, const char *payload)
{
    if (error != NULL) {
        fail_msg("refused: %s", okta_error_message(error));
    }
    assert_int_equal(token->payload_length, strlen(payload));
    assert_string_equal(token->payload, payload);
    okta_free(token);
}

void expect_decrypted(const char *token, const okta_key *key, const char *plaintext)
{
    okta_jose *out = NULL;
    okta_error *error = decrypt_text(token, key, NULL, &out);
    expect_payload(error, out, plaintext);
}

void expect_verified(const char *token, const okta_key *key, const char *payload)
{
    okta_jose *out = NULL;
    okta_error *error = verify_text(token, key, NULL, &out);
    expect_payload(error, out, payload);
}

void expect_verified_by_set(const char *token, const char *jwks, const char *payload)
{
    okta_jose *out = NULL;
    okta_error *error = verify_by_set(token, jwks, &out);
    expect_payload(error, out, payload);
}

void expect_not_decrypted(const char *token, const okta_key *key, okta_status status, const char *phrase)
{
    okta_jose *out = NULL;
    expect_error(decrypt_text(token, key, NULL, &out), status, phrase);
}

void expect_not_verified(const char *token, const okta_key *key, okta_status status, const char *phrase)
{
    okta_jose *out = NULL;
    expect_error(verify_text(token, key, NULL, &out), status, phrase);
}

void expect_not_verified_by_set(const char *token, const char *jwks, okta_status status, const char *phrase)
{
    okta_jose *out = NULL;
    expect_error(verify_by_set(token, jwks, &out), status, phrase);
}
