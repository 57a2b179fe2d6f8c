/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of private keys in memory that the library and OpenSSL below it gave back: nothing. */
#include "unit/keys_support.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base64url.h"
#include "unit/residue.h"

#define PASSPHRASE  "a passphrase that is seen nowhere else"
#define NEEDLE_SIZE 16u

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return malloc(size);
}

/* This, too, always moves. */
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

/* A number as it may stand in memory: big-endian, little-endian, and in base64 at each of three offsets. */
static size_t found_number(EVP_PKEY *pkey, const char *param)
{
    unsigned char bytes[256];
    char text[64];
    size_t hits = 0;
    size_t size = EVP_PKEY_is_a(pkey, "EC") ? 32 : strcmp(param, OSSL_PKEY_PARAM_RSA_D) == 0 ? 256 : 128;
    assert_true(oktai_key_number(pkey, param, bytes, size));
    const unsigned char *middle = bytes + size / 2 - NEEDLE_SIZE / 2;
    hits += residue_found(middle, NEEDLE_SIZE);
    for (size_t offset = 0; offset < 3; offset++) {
        oktai_base64url_encode(middle + offset, 12, text);
        hits += residue_found(text, 16);
        EVP_EncodeBlock((unsigned char *)text, middle + offset, 12);
        hits += residue_found(text, 16);
    }
    for (size_t i = 0; i < size / 2; i++) {
        unsigned char byte = bytes[i];
        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = byte;
    }
    return hits + residue_found(middle, NEEDLE_SIZE);
}

static size_t found_secrets(EVP_PKEY *pkey)
{
    static const char *const rsa[] = {
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,   OSSL_PKEY_PARAM_RSA_FACTOR2,
        OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };
    size_t hits = residue_found(PASSPHRASE, strlen(PASSPHRASE));
    if (EVP_PKEY_is_a(pkey, "EC")) {
        return hits + found_number(pkey, OSSL_PKEY_PARAM_PRIV_KEY);
    }
    for (size_t i = 0; i < COUNT(rsa); i++) {
        hits += found_number(pkey, rsa[i]);
    }
    return hits;
}

static int answer(void *ctx, char *buffer, size_t capacity)
{
    (void)ctx;
    assert_true(capacity >= strlen(PASSPHRASE));
    memcpy(buffer, PASSPHRASE, strlen(PASSPHRASE));
    return (int)strlen(PASSPHRASE);
}

/* Reads, writes and releases the key of a text. */
static void use(const char *text)
{
    okta_key *key = NULL;
    char *pem = NULL;
    okta_oauth2_client_jwk_request *jwk = NULL;
    if (text[0] == '{') {
        assert_null(okta_key_from_jwk(text, strlen(text), &key));
    } else {
        assert_null(okta_key_from_pem(text, strlen(text), answer, NULL, &key));
    }
    assert_null(okta_key_to_private_pem(key, &pem));
    assert_null(okta_key_to_jwk_request(key, NULL, &jwk));
    okta_free(jwk);
    okta_free(pem);
    okta_free(key);
}

/* One call, on a stack of its own. */
typedef struct job {
    const char *text; /* to be read */
    okta_key *key;    /* to be written, or what was read */
    char *pem;
    okta_error *error;
} job;

static void *read_text(void *ctx)
{
    job *j = ctx;
    if (j->text[0] == '{') {
        j->error = okta_key_from_jwk(j->text, strlen(j->text), &j->key);
    } else {
        j->error = okta_key_from_pem(j->text, strlen(j->text), answer, NULL, &j->key);
    }
    return NULL;
}

static void *write_text(void *ctx)
{
    job *j = ctx;
    j->error = okta_key_to_private_pem(j->key, &j->pem);
    return NULL;
}

static void expect_clean_stack(EVP_PKEY *pkey, void *(*run)(void *), job *j)
{
    residue_of_stack(run, j);
    assert_int_equal(found_secrets(pkey), 0);
    residue_forget();
}

static void expect_no_residue(EVP_PKEY *pkey, char *text)
{
    residue_begin();
    use(text);
    residue_end();
    assert_true(residue_count() > 10);
    assert_int_equal(found_secrets(pkey), 0);
    residue_forget();
    free(text);
}

/* Without this the other tests would pass with needles that are never found. */
static void finds_what_is_left(void **state)
{
    (void)state;
    EVP_PKEY *keys[] = {shared_ec_key(), shared_rsa_key()};
    for (size_t i = 0; i < COUNT(keys); i++) {
        residue_begin();
        free(pkcs8_pem(keys[i]));
        free(jwk_text(keys[i], true, ""));
        residue_end();
        assert_true(found_secrets(keys[i]) >= 2);
        residue_forget();
        residue_begin();
        free(joined(PASSPHRASE, ""));
        residue_end();
        assert_true(found_secrets(keys[i]) == 1);
        residue_forget();
    }
}

static void nothing_is_left_of_keys_that_were_read_and_written(void **state)
{
    (void)state;
    EVP_PKEY *keys[] = {shared_ec_key(), shared_rsa_key()};
    for (size_t i = 0; i < COUNT(keys); i++) {
        char *first = pkcs8_pem(keys[i]);
        use(first); /* what OpenSSL makes once, it keeps */
        free(first);
        expect_no_residue(keys[i], pkcs8_pem(keys[i]));
        expect_no_residue(keys[i], traditional_pem(keys[i], NULL, NULL));
        expect_no_residue(keys[i], jwk_text(keys[i], true, ""));
        expect_no_residue(keys[i], traditional_pem(keys[i], EVP_aes_128_cbc(), PASSPHRASE));
        expect_no_residue(keys[i], encrypted_pem(keys[i], EVP_aes_128_cbc(), PASSPHRASE));
    }
}

static void nothing_is_left_on_the_stack(void **state)
{
    (void)state;
    EVP_PKEY *keys[] = {shared_ec_key(), shared_rsa_key()};
    for (size_t i = 0; i < COUNT(keys); i++) {
        char *texts[] = {
            pkcs8_pem(keys[i]),
            jwk_text(keys[i], true, ""),
            traditional_pem(keys[i], EVP_aes_128_cbc(), PASSPHRASE),
            encrypted_pem(keys[i], EVP_aes_128_cbc(), PASSPHRASE),
        };
        for (size_t t = 0; t < COUNT(texts); t++) {
            job j = {.text = texts[t]};
            expect_clean_stack(keys[i], read_text, &j);
            assert_null(j.error);
            expect_clean_stack(keys[i], write_text, &j);
            assert_null(j.error);
            okta_free(j.pem);
            okta_free(j.key);
            free(texts[t]);
        }
    }
}

/* What comes after a refusal is little, and overwrites little. */
static void nothing_is_left_on_the_stack_of_a_refusal(void **state)
{
    (void)state;
    EVP_PKEY *keys[] = {shared_ec_key(), shared_rsa_key()};
    static const char *const members[] = {"\"x\":\"", "\"n\":\""};
    for (size_t i = 0; i < COUNT(keys); i++) {
        char *texts[] = {
            jwk_text(keys[i], true, ""),
            traditional_pem(keys[i], EVP_aes_128_cbc(), "another"),
            encrypted_pem(keys[i], EVP_aes_128_cbc(), "another"),
        };
        char *letter = strstr(texts[0], members[i]) + 20;
        *letter = *letter == 'A' ? 'B' : 'A';
        for (size_t t = 0; t < COUNT(texts); t++) {
            job j = {.text = texts[t]};
            expect_clean_stack(keys[i], read_text, &j);
            expect_error(j.error, OKTA_E_ARG, "");
            free(texts[t]);
        }
    }
}

static void nothing_is_left_of_a_key_without_its_public_half(void **state)
{
    (void)state;
    static const char pem[] = "-----BEGIN EC PRIVATE KEY-----\n"
                              "MDECAQEEIPO9DAeoH7kyeB7VJ1L2DMiaa+XlGTT+AZON21XY93gBoAoGCCqGSM49\n"
                              "AwEH\n-----END EC PRIVATE KEY-----\n";
    okta_key *key = key_of_pem(pem);
    expect_no_residue(key->pkey, joined(pem, ""));
    okta_free(key);
}

static void nothing_is_left_of_refused_keys(void **state)
{
    (void)state;
    EVP_PKEY *keys[] = {make_ec_key("secp256k1"), shared_rsa_key()};
    char *texts[] = {pkcs8_pem(keys[0]), jwk_text(keys[1], true, ",\"oth\":[]")};
    for (size_t i = 0; i < COUNT(keys); i++) {
        okta_key *key = NULL;
        okta_error *error;
        residue_begin();
        if (texts[i][0] == '{') {
            error = okta_key_from_jwk(texts[i], strlen(texts[i]), &key);
        } else {
            error = okta_key_from_pem(texts[i], strlen(texts[i]), NULL, NULL, &key);
        }
        residue_end();
        expect_error(error, OKTA_E_ARG, "refused");
        assert_int_equal(found_secrets(keys[i]), 0);
        residue_forget();
        free(texts[i]);
    }
    EVP_PKEY_free(keys[0]);
}

static void nothing_is_left_of_keys_that_were_made(void **state)
{
    (void)state;
    static const okta_key_type types[] = {OKTA_KEY_EC_P256, OKTA_KEY_RSA_2048};
    char path[] = "/tmp/okta-test-keys-XXXXXX";
    assert_non_null(mkdtemp(path));
    assert_int_equal(chdir(path), 0);
    for (size_t i = 0; i < COUNT(types); i++) {
        okta_key *key = NULL;
        residue_begin();
        assert_null(okta_key_generate(types[i], &key));
        assert_null(okta_key_write_private_pem(key, "key.pem"));
        residue_end();
        assert_int_equal(unlink("key.pem"), 0);
        assert_true(residue_count() > 10);
        assert_int_equal(found_secrets(key->pkey), 0);
        residue_forget();
        okta_free(key);
    }
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_is_left),
        cmocka_unit_test(nothing_is_left_of_keys_that_were_read_and_written),
        cmocka_unit_test(nothing_is_left_on_the_stack),
        cmocka_unit_test(nothing_is_left_on_the_stack_of_a_refusal),
        cmocka_unit_test(nothing_is_left_of_a_key_without_its_public_half),
        cmocka_unit_test(nothing_is_left_of_refused_keys),
        cmocka_unit_test(nothing_is_left_of_keys_that_were_made),
    };
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
