/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of plaintexts and content keys in memory that the library and OpenSSL below it gave back:
 * nothing. */
#include "unit/jose_support.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "unit/residue.h"

#define PLAINTEXT "a plaintext that is seen nowhere else, and longer than a block of AES"
#define CEK       "a content key of 64 octets, of which each mode takes what it is."

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return malloc(size);
}

static void *openssl_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return realloc(memory, size);
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

/* One call, on a stack of its own. */
typedef struct job {
    const okta_key *key;
    const char *token;
    okta_jose *out;
    okta_error *error;
} job;

static void *decrypt(void *ctx)
{
    job *j = ctx;
    j->error = okta_jwe_decrypt(j->token, strlen(j->token), j->key, NULL, &j->out);
    return NULL;
}

/* Both halves of the content key of CBC, and the first and the middle of the plaintext. */
static size_t found_secrets(void)
{
    return residue_found(CEK, 16) + residue_found(&CEK[16], 16) + residue_found(PLAINTEXT, 16) +
           residue_found(&PLAINTEXT[20], 16);
}

static void expect_no_residue(const okta_key *key, const char *token, okta_status status)
{
    job j = {.key = key, .token = token};
    residue_begin();
    residue_of_stack(decrypt, &j);
    assert_int_equal(okta_error_status(j.error), status);
    assert_true(status != OKTA_OK || strcmp(j.out->payload, PLAINTEXT) == 0);
    okta_free(j.out);
    okta_free(j.error);
    residue_end();
    assert_true(residue_count() > 0);
    assert_int_equal(found_secrets(), 0);
    residue_forget();
}

static void leaves_nothing_behind(void **state)
{
    static const struct {
        const char *header, *enc;
        int bad_padding;
    } rows[] = {
        {"{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}", "A128GCM", 0},
        {"{\"alg\":\"RSA-OAEP\",\"enc\":\"A128CBC-HS256\"}", "A128CBC-HS256", 0},
        {"{\"alg\":\"RSA-OAEP\",\"enc\":\"A128CBC-HS256\"}", "A128CBC-HS256", 1},
    };
    okta_key *key = key_of(shared_rsa_key(), true, "");
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const seal_how how = {
            .enc = rows[i].enc, .cek = (const unsigned char *)CEK, .bad_padding = rows[i].bad_padding};
        char *token = sealed_token(shared_rsa_key(), rows[i].header, PLAINTEXT, &how);
        expect_no_residue(key, token, rows[i].bad_padding ? OKTA_E_AUTH : OKTA_OK);
        char *tag = strrchr(token, '.') + 1;
        *tag = *tag == 'A' ? 'B' : 'A';
        expect_no_residue(key, token, OKTA_E_AUTH);
        free(token);
    }
    okta_free(key);
}

/* The search finds what is there. */
static void finds_what_is_left(void **state)
{
    (void)state;
    residue_begin();
    free(joined(PLAINTEXT, ""));
    free(joined(CEK, ""));
    residue_end();
    assert_int_equal(found_secrets(), 4);
    residue_forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_nothing_behind),
        cmocka_unit_test(finds_what_is_left),
    };
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
