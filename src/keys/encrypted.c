/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/encrypted.h"

#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "keys/der.h"

#define PASSPHRASE_MAX 1024u

/* What a hostile file may make us compute: seconds, where the format allows centuries. */
#define ITERATIONS_MAX  10000000u
#define SCRYPT_P_MAX    16u
#define NUMBER_MAX_SIZE 4u

/* Contents of object identifiers: RFC 8018, appendix A.4, and RFC 7914, section 7 */
static const oktai_bytes oid_pbes2 = OKTAI_BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d");
static const oktai_bytes oid_scrypt = OKTAI_BYTES("\x2b\x06\x01\x04\x01\xda\x47\x04\x0b");

typedef struct secret {
    char text[PASSPHRASE_MAX];
    int length;
} secret;

static okta_error *ask(const oktai_passphrase *passphrase, oktai_openssl *stretch, secret *out)
{
    if (passphrase->ask == NULL) {
        return oktai_error_new(OKTA_E_ARG, "the key is encrypted, and there is no passphrase for it");
    }
    oktai_openssl_pause(*stretch);
    out->length = passphrase->ask(passphrase->ctx, out->text, sizeof out->text);
    oktai_openssl_resume(stretch);
    if (out->length < 0) {
        return oktai_error_new(OKTA_E_ARG, "the key is encrypted, and its passphrase was not given");
    }
    if ((size_t)out->length > sizeof out->text) {
        return oktai_error_new(OKTA_E_ARG, "the passphrase is longer than the %zu bytes that it may have",
                               sizeof out->text);
    }
    return NULL;
}

static okta_error *wrong_passphrase(void)
{
    return oktai_error_new(
        OKTA_E_ARG, "the passphrase does not fit, or the encrypted key is damaged or of an unknown cipher");
}

_Static_assert(PASSPHRASE_MAX <= PEM_BUFSIZE, "OpenSSL's buffer holds every passphrase");

/* A pem_password_cb: OpenSSL's own would prompt on the terminal. */
static int answer(char *buffer, int size, int for_writing, void *ctx)
{
    const secret *known = ctx;
    (void)size;
    (void)for_writing;
    memcpy(buffer, known->text, (size_t)known->length);
    return known->length;
}

okta_error *oktai_traditional_decrypt(okta_text header, const oktai_passphrase *passphrase,
                                      oktai_arena *arena, oktai_openssl *stretch, oktai_octets *der)
{
    EVP_CIPHER_INFO cipher;
    char *text = oktai_arena_copy(arena, header.text, header.length);
    if (text == NULL) {
        return oktai_error_nomem();
    }
    if (PEM_get_EVP_CIPHER_INFO(text, &cipher) != 1) {
        return oktai_error_new(OKTA_E_ARG,
                               "the key has a header that is damaged, or names an unknown cipher");
    }
    secret known = {.length = 0};
    long length = (long)der->size;
    okta_error *error = ask(passphrase, stretch, &known);
    if (error == NULL && PEM_do_header(&cipher, der->data, &length, answer, &known) != 1) {
        error = wrong_passphrase();
    }
    oktai_wipe(&known, sizeof known);
    der->size = (size_t)length;
    return error;
}

static bool read_small(oktai_bytes *from, unsigned long max)
{
    oktai_bytes number;
    unsigned long value = 0;
    if (!oktai_der_read_number(from, &number) || number.size > NUMBER_MAX_SIZE) {
        return false;
    }
    for (size_t i = 0; i < number.size; i++) {
        value = value << 8 | number.data[i];
    }
    return value <= max;
}

/* Whether this is an EncryptedPrivateKeyInfo, and its key derivation ends in reasonable time. Of scrypt,
 * OpenSSL itself limits the memory, but not how often it is gone through. */
static bool is_affordable(oktai_bytes der)
{
    oktai_bytes inside;
    oktai_bytes algorithm;
    oktai_bytes oid;
    oktai_bytes params;
    oktai_bytes unused;
    if (!oktai_der_read(&der, OKTAI_DER_SEQUENCE, &inside) || der.size > 0 ||
        !oktai_der_read(&inside, OKTAI_DER_SEQUENCE, &algorithm) ||
        !oktai_der_read(&algorithm, OKTAI_DER_OID, &oid) ||
        !oktai_der_read(&algorithm, OKTAI_DER_SEQUENCE, &params)) {
        return false;
    }
    if (oktai_bytes_equal(oid, oid_pbes2)) {
        if (!oktai_der_read(&params, OKTAI_DER_SEQUENCE, &algorithm) ||
            !oktai_der_read(&algorithm, OKTAI_DER_OID, &oid) ||
            !oktai_der_read(&algorithm, OKTAI_DER_SEQUENCE, &params)) {
            return false;
        }
    }
    if (!oktai_der_read(&params, OKTAI_DER_OCTET_STRING, &unused)) {
        return false;
    }
    if (oktai_bytes_equal(oid, oid_scrypt)) {
        bool cost = oktai_der_read_number(&params, &unused);
        bool block_size = oktai_der_read_number(&params, &unused);
        return cost && block_size && read_small(&params, SCRYPT_P_MAX);
    }
    return read_small(&params, ITERATIONS_MAX);
}

static okta_error *decrypt(const X509_SIG *encrypted, const secret *known, oktai_arena *arena,
                           oktai_octets *der)
{
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OCTET_STRING *content = NULL;
    unsigned char *plain = NULL;
    int length = 0;
    X509_SIG_get0(encrypted, &algorithm, &content);
    if (PKCS12_pbe_crypt(algorithm, known->text, known->length, ASN1_STRING_get0_data(content),
                         ASN1_STRING_length(content), &plain, &length, 0) == NULL) {
        return wrong_passphrase();
    }
    size_t size = (size_t)length;
    *der = (oktai_octets){oktai_arena_alloc(arena, size), size};
    if (der->data != NULL) {
        memcpy(der->data, plain, size);
    }
    OPENSSL_clear_free(plain, size);
    return der->data == NULL ? oktai_error_nomem() : NULL;
}

okta_error *oktai_pkcs8_decrypt(const oktai_passphrase *passphrase, oktai_arena *arena,
                                oktai_openssl *stretch, oktai_octets *der)
{
    const unsigned char *at = der->data;
    if (!is_affordable((oktai_bytes){der->data, der->size})) {
        return oktai_error_new(OKTA_E_ARG,
                               "the encrypted key is damaged, or its key derivation takes too long");
    }
    X509_SIG *encrypted = d2i_X509_SIG(NULL, &at, (long)der->size);
    if (encrypted == NULL) {
        return oktai_error_new(OKTA_E_ARG, "the encrypted key is damaged");
    }
    secret known = {.length = 0};
    okta_error *error = ask(passphrase, stretch, &known);
    if (error == NULL) {
        error = decrypt(encrypted, &known, arena, der);
    }
    oktai_wipe(&known, sizeof known);
    X509_SIG_free(encrypted);
    return error;
}
