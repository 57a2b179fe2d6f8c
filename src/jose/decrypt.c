/* SPDX-License-Identifier: Apache-2.0 */
/* okta_jwe_decrypt(). */
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>

#include "core/error.h"
#include "core/openssl.h"
#include "jose/encryption.h"
#include "jose/fit.h"
#include "jose/header.h"

/* RFC 7518, section 4.3, and the two that have a longer hash. MGF1 has the same hash. */
static const struct {
    const char *alg;
    const char *hash;
} oaeps[] = {
    {"RSA-OAEP", "SHA1"},
    {"RSA-OAEP-256", "SHA256"},
    {"RSA-OAEP-384", "SHA384"},
    {"RSA-OAEP-512", "SHA512"},
};

/* NULL: the algorithm is none of them. */
static const char *oaep_hash(const char *alg)
{
    for (size_t i = 0; i < sizeof oaeps / sizeof oaeps[0]; i++) {
        if (strcmp(oaeps[i].alg, alg) == 0) {
            return oaeps[i].hash;
        }
    }
    return NULL;
}

static bool is_alg(const char *name)
{
    return oaep_hash(name) != NULL;
}

static bool is_enc(const char *name)
{
    return oktai_encryption_by_name(name) != NULL;
}

/* What of a JWE is known before its key is used. */
typedef struct decryption {
    oktai_compact token;
    oktai_jose_choice algs, encs;
    okta_jose *out; /* its payload comes last */
    const oktai_encryption *encryption;
    oktai_bytes encrypted_key;
    oktai_sealed sealed;
} decryption;

static okta_error *read_options(decryption *jwe, const okta_jose_options *options)
{
    okta_jose_options view;
    okta_error *error = oktai_jose_options_view(options, &view);
    jwe->algs = (oktai_jose_choice){"alg of a JWE", "RSA-OAEP, RSA-OAEP-256, RSA-OAEP-384 and RSA-OAEP-512",
                                    is_alg, view.algs};
    jwe->encs = (oktai_jose_choice){
        "enc of a JWE", "A128GCM, A192GCM, A256GCM, A128CBC-HS256, A192CBC-HS384 and A256CBC-HS512", is_enc,
        view.encs};
    if (error == NULL) {
        error = oktai_jose_choice_check(&jwe->algs);
    }
    return error == NULL ? oktai_jose_choice_check(&jwe->encs) : error;
}

static okta_error *read_header(decryption *jwe, const okta_key *key)
{
    okta_error *error = oktai_jose_header_read(&jwe->token, &jwe->out);
    if (error == NULL) {
        error = oktai_jose_choice_refuse(&jwe->algs, jwe->out->alg);
    }
    if (error == NULL) {
        error = oktai_jose_choice_refuse(&jwe->encs, jwe->out->enc);
    }
    if (error == NULL) {
        jwe->encryption = oktai_encryption_by_name(jwe->out->enc);
        error = oktai_jose_refuse_key(key, OKTAI_JOSE_DECRYPT, jwe->out);
    }
    return error;
}

static okta_error *read_parts(decryption *jwe, const okta_key *key)
{
    oktai_arena *arena = oktai_root_arena(jwe->out);
    const struct {
        const char *what;
        oktai_bytes *bytes;
    } parts[] = {
        {"the encrypted key", &jwe->encrypted_key},
        {"the initialization vector", &jwe->sealed.iv},
        {"the ciphertext", &jwe->sealed.ciphertext},
        {"the authentication tag", &jwe->sealed.tag},
    };
    const okta_text header = jwe->token.parts[0];
    okta_error *error = NULL;
    jwe->sealed.aad = (oktai_bytes){(const unsigned char *)header.text, header.length};
    for (size_t i = 0; error == NULL && i < sizeof parts / sizeof parts[0]; i++) {
        error = oktai_compact_decode(jwe->token.parts[i + 1], parts[i].what, arena, parts[i].bytes);
    }
    if (error == NULL) {
        error = oktai_sealed_check(jwe->encryption, &jwe->sealed);
    }
    if (error == NULL && jwe->encrypted_key.size != (size_t)EVP_PKEY_get_size(key->pkey)) {
        error = oktai_error_new(OKTA_E_NOT_FOUND,
                                "the encrypted key has %zu bytes; one for this key has %d as its modulus",
                                jwe->encrypted_key.size, EVP_PKEY_get_size(key->pkey));
    }
    return error;
}

static bool begin_oaep(EVP_PKEY_CTX *ctx, const char *hash)
{
    return EVP_PKEY_decrypt_init(ctx) == 1 && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, hash, NULL) > 0 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, hash, NULL) > 0;
}

/* Decrypt the content key over the random one that `cek` holds. That one stays where the encrypted key cannot
 * be opened or has another size, and the bytes are chosen without a branch (RFC 7516, section 11.5). */
static void open_cek(EVP_PKEY_CTX *ctx, const decryption *jwe, unsigned char *cek)
{
    unsigned char opened[OKTAI_RSA_BYTES_MAX] = {0};
    size_t size = sizeof opened;
    int result = EVP_PKEY_decrypt(ctx, opened, &size, jwe->encrypted_key.data, jwe->encrypted_key.size);
    unsigned good = (unsigned)(result == 1) & (unsigned)(size == jwe->encryption->cek_size);
    unsigned char mask = (unsigned char)(0u - good);
    for (size_t i = 0; i < jwe->encryption->cek_size; i++) {
        cek[i] = (unsigned char)((opened[i] & mask) | (cek[i] & (unsigned char)~mask));
    }
    oktai_wipe(opened, sizeof opened);
}

static okta_error *get_cek(const decryption *jwe, const okta_key *key, unsigned char *cek)
{
    const char *hash = oaep_hash(jwe->out->alg);
    if (RAND_priv_bytes(cek, (int)jwe->encryption->cek_size) != 1) {
        return oktai_error_new(OKTA_E_CONFIG, "OpenSSL has no randomness");
    }
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
    okta_error *error = NULL;
    if (ctx == NULL || !begin_oaep(ctx, hash)) {
        error = oktai_error_new(OKTA_E_CONFIG, "OpenSSL is configured without %s", jwe->out->alg);
    } else {
        open_cek(ctx, jwe, cek);
    }
    EVP_PKEY_CTX_free(ctx);
    return error;
}

/* To be called inside a stretch of OpenSSL. */
static okta_error *open_content(const decryption *jwe, const okta_key *key, unsigned char *payload)
{
    unsigned char cek[OKTAI_CEK_BYTES_MAX];
    okta_error *error = get_cek(jwe, key, cek);
    if (error == NULL) {
        error = oktai_sealed_open(jwe->encryption, &jwe->sealed, cek, payload, &jwe->out->payload_length);
    }
    oktai_wipe(cek, sizeof cek);
    return error;
}

static okta_error *add_payload(const decryption *jwe, const okta_key *key)
{
    char *payload = oktai_arena_text(oktai_root_arena(jwe->out), jwe->sealed.ciphertext.size);
    if (payload == NULL) {
        return oktai_error_nomem();
    }
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    error = oktai_openssl_end(stretch, open_content(jwe, key, (unsigned char *)payload));
    payload[error == NULL ? jwe->out->payload_length : 0] = '\0';
    jwe->out->payload = payload;
    return error;
}

static okta_error *refuse_key(const okta_key *key)
{
    if (!key->is_private || key->curve != NULL) {
        return oktai_error_new(OKTA_E_ARG, "the key is %s: an RSA private key decrypts",
                               key->curve != NULL ? "an EC key" : "public");
    }
    return oktai_jose_refuse_purpose(key, OKTAI_JOSE_DECRYPT);
}

okta_error *okta_jwe_decrypt(const char *token, size_t length, const okta_key *key,
                             const okta_jose_options *options, okta_jose **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (token == NULL || key == NULL || out == NULL) {
        return oktai_error_null(token == NULL ? "token" : key == NULL ? "key" : "out");
    }
    decryption jwe = {0};
    okta_error *error = refuse_key(key);
    if (error == NULL) {
        error = read_options(&jwe, options);
    }
    if (error == NULL) {
        error = oktai_compact_split(token, length, OKTAI_JWE_PARTS, &jwe.token);
    }
    if (error == NULL) {
        error = read_header(&jwe, key);
    }
    if (error == NULL) {
        error = read_parts(&jwe, key);
    }
    if (error == NULL) {
        error = add_payload(&jwe, key);
    }
    if (error != NULL) {
        okta_free(jwe.out);
        return error;
    }
    *out = jwe.out;
    return NULL;
}
