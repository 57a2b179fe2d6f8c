/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in PEM (RFC 7468). */
#include "core/arena.h"
#include "core/error.h"
#include "keys/build.h"
#include "keys/encrypted.h"
#include "keys/key.h"
#include "keys/pem_text.h"
#include "keys/pkcs.h"

#define PEM_MAX 65536u

/* The blocks that are keys, or say why they are none. */
typedef struct block_kind {
    const char *label;
    bool is_encrypted;
    oktai_key_form form;
    const char *refusal; /* NULL: a key */
} block_kind;

static const char is_certificate[] = "the PEM holds a certificate: give the key alone";
static const char is_dsa[] = "a DSA key is refused: it must be RSA, or EC on P-256, P-384 or P-521";
static const char is_dh[] = "a DH key is refused: it must be RSA, or EC on P-256, P-384 or P-521";
static const char is_openssh[] = "a key in OpenSSH's own format is refused: export it as PKCS#8";

static const block_kind kinds[] = {
    {"PRIVATE KEY", false, OKTAI_FORM_PKCS8, NULL},
    {"ENCRYPTED PRIVATE KEY", true, OKTAI_FORM_PKCS8, NULL},
    {"RSA PRIVATE KEY", false, OKTAI_FORM_RSA_PRIVATE, NULL},
    {"EC PRIVATE KEY", false, OKTAI_FORM_EC_PRIVATE, NULL},
    {"PUBLIC KEY", false, OKTAI_FORM_SPKI, NULL},
    {"RSA PUBLIC KEY", false, OKTAI_FORM_RSA_PUBLIC, NULL},
    {"CERTIFICATE", false, OKTAI_FORM_SPKI, is_certificate},
    {"X509 CERTIFICATE", false, OKTAI_FORM_SPKI, is_certificate},
    {"TRUSTED CERTIFICATE", false, OKTAI_FORM_SPKI, is_certificate},
    {"DSA PRIVATE KEY", false, OKTAI_FORM_SPKI, is_dsa},
    {"DSA PARAMETERS", false, OKTAI_FORM_SPKI, is_dsa},
    {"DH PARAMETERS", false, OKTAI_FORM_SPKI, is_dh},
    {"X9.42 DH PARAMETERS", false, OKTAI_FORM_SPKI, is_dh},
    {"OPENSSH PRIVATE KEY", false, OKTAI_FORM_SPKI, is_openssh},
};

static const block_kind unknown = {NULL, false, OKTAI_FORM_SPKI, "the PEM holds a block that is no key"};

static const block_kind *find_kind(const oktai_pem_block *block)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (oktai_pem_has_label(block, kinds[i].label)) {
            return &kinds[i];
        }
    }
    return &unknown;
}

/* The one block that is a key. `openssl ecparam -genkey` puts the curve before the key that names it again.
 */
static okta_error *find_key(okta_text text, oktai_pem_block *out, const block_kind **kind)
{
    oktai_pem_block block;
    bool damaged;
    const block_kind *key = NULL;
    while (oktai_pem_next(&text, &block, &damaged)) {
        if (oktai_pem_has_label(&block, "EC PARAMETERS")) {
            continue;
        }
        const block_kind *found = find_kind(&block);
        if (found->refusal != NULL) {
            return oktai_error_new(OKTA_E_ARG, "%s", found->refusal);
        }
        if (key != NULL) {
            return oktai_error_new(OKTA_E_ARG, "the PEM holds more than one key");
        }
        key = found;
        *out = block;
    }
    if (damaged) {
        return oktai_error_new(OKTA_E_ARG, "the PEM is damaged");
    }
    if (key == NULL) {
        return oktai_error_new(OKTA_E_ARG, "the PEM holds no key");
    }
    *kind = key;
    return NULL;
}

static okta_error *decode_key(const oktai_pem_block *block, bool is_encrypted,
                              const oktai_passphrase *passphrase, oktai_arena *arena, oktai_openssl *stretch,
                              oktai_octets *der)
{
    if (!oktai_pem_decode(block, arena, der)) {
        return oktai_error_nomem();
    }
    if (der->size == 0) {
        return oktai_error_new(OKTA_E_ARG, "the PEM is damaged");
    }
    if (is_encrypted) {
        return oktai_pkcs8_decrypt(passphrase, arena, stretch, der);
    }
    if (block->header.length > 0) {
        return oktai_traditional_decrypt(block->header, passphrase, arena, stretch, der);
    }
    return NULL;
}

static okta_error *read_key(okta_text text, const oktai_passphrase *passphrase, oktai_openssl *stretch,
                            okta_key **out)
{
    const block_kind *kind = &unknown;
    oktai_pem_block block = {0};
    oktai_key_parts parts;
    oktai_octets der = {0};
    oktai_arena arena = {0};
    okta_error *error = find_key(text, &block, &kind);
    if (error == NULL) {
        error = decode_key(&block, kind->is_encrypted, passphrase, &arena, stretch, &der);
    }
    if (error == NULL) {
        error = oktai_key_read_der(kind->form, (oktai_bytes){der.data, der.size}, &parts);
    }
    if (error == NULL) {
        error = oktai_key_build(&parts, out);
    }
    oktai_arena_clear(&arena);
    return error;
}

okta_error *okta_key_from_pem(const char *pem, size_t length, okta_passphrase_fn *passphrase, void *ctx,
                              okta_key **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    if (pem == NULL) {
        return oktai_error_null("pem");
    }
    if (length > PEM_MAX) {
        return oktai_error_new(OKTA_E_ARG, "the PEM is longer than %u bytes", PEM_MAX);
    }
    const oktai_passphrase from = {passphrase, ctx};
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    error = read_key((okta_text){pem, length}, &from, &stretch, out);
    return oktai_openssl_end(stretch, error);
}

okta_error *okta_key_to_private_pem(const okta_key *key, char **out_pem)
{
    if (out_pem == NULL) {
        return oktai_error_null("out_pem");
    }
    *out_pem = NULL;
    if (key == NULL) {
        return oktai_error_null("key");
    }
    if (!key->is_private) {
        return oktai_error_new(OKTA_E_ARG, "the key has no private half");
    }
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    unsigned char buffer[OKTAI_PKCS8_MAX];
    unsigned char *end = buffer + sizeof buffer;
    const unsigned char *der = oktai_key_write_der(key, end);
    if (der != NULL) {
        *out_pem = oktai_pem_write_private((oktai_bytes){der, (size_t)(end - der)});
    }
    oktai_wipe(buffer, sizeof buffer);
    return oktai_openssl_end(stretch, *out_pem == NULL ? oktai_error_nomem() : NULL);
}
