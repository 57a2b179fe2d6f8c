/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte of the input is 0: the rest is PEM text. Else it chooses the label of a block, and the rest
 * is the DER in it. The passphrase of an encrypted key is always "test". */
#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "fuzz/fuzz.h"
#include "fuzz/fuzz_keys.h"

/* Deriving a key from a passphrase may take as long as a file wants, within limits that the library checks
 * before. What takes longer than this would only slow the fuzzer down. */
#define ITERATIONS_MAX  2048
#define SCRYPT_COST_MAX 1024

unsigned char *__real_PKCS12_pbe_crypt(const X509_ALGOR *algorithm, const char *passphrase, int length,
                                       const unsigned char *in, int in_length, unsigned char **out,
                                       int *out_length, int encrypts);
unsigned char *__wrap_PKCS12_pbe_crypt(const X509_ALGOR *algorithm, const char *passphrase, int length,
                                       const unsigned char *in, int in_length, unsigned char **out,
                                       int *out_length, int encrypts);

static bool is_at_most(const ASN1_INTEGER *number, long max)
{
    long value = ASN1_INTEGER_get(number);
    return value >= 0 && value <= max;
}

static bool is_cheap_pbes2(const PBE2PARAM *params)
{
    const ASN1_TYPE *inner = params->keyfunc->parameter;
    PBKDF2PARAM *pbkdf2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), inner);
    SCRYPT_PARAMS *scrypt = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), inner);
    bool cheap = true;
    if (OBJ_obj2nid(params->keyfunc->algorithm) == NID_id_scrypt) {
        cheap = scrypt != NULL && is_at_most(scrypt->costParameter, SCRYPT_COST_MAX) &&
                is_at_most(scrypt->blockSize, 8) && is_at_most(scrypt->parallelizationParameter, 2);
    } else if (pbkdf2 != NULL) {
        cheap = is_at_most(pbkdf2->iter, ITERATIONS_MAX);
    }
    PBKDF2PARAM_free(pbkdf2);
    SCRYPT_PARAMS_free(scrypt);
    return cheap;
}

static bool is_cheap(const X509_ALGOR *algorithm)
{
    PBE2PARAM *pbes2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);
    PBEPARAM *pbes1 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), algorithm->parameter);
    bool cheap = (pbes2 == NULL || is_cheap_pbes2(pbes2)) &&
                 (pbes1 == NULL || is_at_most(pbes1->iter, ITERATIONS_MAX));
    PBE2PARAM_free(pbes2);
    PBEPARAM_free(pbes1);
    return cheap;
}

unsigned char *__wrap_PKCS12_pbe_crypt(const X509_ALGOR *algorithm, const char *passphrase, int length,
                                       const unsigned char *in, int in_length, unsigned char **out,
                                       int *out_length, int encrypts)
{
    if (!is_cheap(algorithm)) {
        return NULL;
    }
    return __real_PKCS12_pbe_crypt(algorithm, passphrase, length, in, in_length, out, out_length, encrypts);
}

static int tell_passphrase(void *ctx, char *buffer, size_t capacity)
{
    unsigned *asked = ctx;
    (*asked)++;
    FUZZ_CHECK(capacity >= 4);
    memcpy(buffer, "test", 4);
    return 4;
}

static void add_base64(oktai_buffer *out, const uint8_t *der, size_t size)
{
    unsigned char line[80];
    while (size > 0) {
        int piece = size < 48 ? (int)size : 48;
        FUZZ_CHECK(EVP_EncodeBlock(line, der, piece) > 0);
        oktai_buffer_printf(out, "%s\n", (const char *)line);
        der += piece;
        size -= (size_t)piece;
    }
}

static void frame(oktai_buffer *out, const char *label, const fuzz_input *der)
{
    oktai_buffer_printf(out, "-----BEGIN %s-----\n", label);
    add_base64(out, der->next, der->left);
    oktai_buffer_printf(out, "-----END %s-----\n", label);
    FUZZ_CHECK(!out->failed);
}

/* Lines that begin a key. */
static unsigned count_keys(const char *pem, size_t length)
{
    static const char begin[] = "-----BEGIN ";
    static const char end[] = " KEY-----";
    unsigned count = 0;
    for (const char *line = pem; line < pem + length;) {
        const char *next = memchr(line, '\n', (size_t)(pem + length - line));
        next = next == NULL ? pem + length : next + 1;
        const char *last = next;
        while (last > line && last[-1] != '\0' && strchr(" \t\r\n", last[-1]) != NULL) {
            last--;
        }
        if ((size_t)(last - line) > sizeof begin + sizeof end && memcmp(line, begin, sizeof begin - 1) == 0 &&
            memcmp(last - (sizeof end - 1), end, sizeof end - 1) == 0) {
            count++;
        }
        line = next;
    }
    return count;
}

static void check_pem(const char *pem, size_t length)
{
    unsigned asked = 0;
    okta_key *key = NULL;
    okta_key *silent = NULL;
    char *exact = fuzz_exact((fuzz_text){(char *)(uintptr_t)pem, length});
    fuzz_rewind_chance();
    okta_status status =
        fuzz_take(okta_key_from_pem(exact == NULL ? "" : exact, length, tell_passphrase, &asked, &key));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_ARG);
    FUZZ_CHECK((status == OKTA_OK) == (key != NULL) && asked <= 1);
    if (key != NULL) {
        FUZZ_CHECK(count_keys(pem, length) <= 1);
        fuzz_rewind_chance();
        okta_status unasked =
            fuzz_take(okta_key_from_pem(exact == NULL ? "" : exact, length, NULL, NULL, &silent));
        FUZZ_CHECK(unasked == (asked == 0 ? OKTA_OK : OKTA_E_ARG));
        fuzz_check_key(key);
    }
    okta_free(silent);
    okta_free(key);
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {
        NULL,         "PRIVATE KEY",   "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
        "PUBLIC KEY", "RSA PUBLIC KEY"};
    fuzz_input input = {data, size};
    oktai_buffer pem = {0};
    const char *label = labels[fuzz_choice(&input, COUNT(labels))];
    if (label == NULL) {
        FUZZ_CHECK(oktai_buffer_append(&pem, input.next, input.left));
    } else {
        frame(&pem, label, &input);
    }
    check_pem(pem.data, pem.length);
    FUZZ_CHECK(ERR_peek_error() == 0);
    oktai_buffer_clear(&pem);
    return 0;
}
