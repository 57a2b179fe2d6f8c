/* SPDX-License-Identifier: Apache-2.0 */
/* okta/key.h: keys that are made here, what they say about themselves, and what they leave untouched. */
#include "unit/keys_support.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64url.h"
#include "keys/keys.h"
#include "unit/keys_vectors.h"

static const struct {
    okta_key_type type;
    const char *description;
    const char *alg;
} kinds[] = {
    {OKTA_KEY_RSA_2048, "RSA 2048", "RS256"}, {OKTA_KEY_RSA_3072, "RSA 3072", "RS256"},
    {OKTA_KEY_RSA_4096, "RSA 4096", "RS256"}, {OKTA_KEY_EC_P256, "EC P-256", "ES256"},
    {OKTA_KEY_EC_P384, "EC P-384", "ES384"},  {OKTA_KEY_EC_P521, "EC P-521", "ES512"},
};

static void makes_each_kind_of_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        okta_key *key = NULL;
        char *pem = NULL;
        okta_oauth2_client_jwk_request *jwk = NULL;
        assert_null(okta_key_generate(kinds[i].type, &key));
        assert_true(okta_key_is_private(key));
        assert_string_equal(okta_key_description(key), kinds[i].description);

        assert_null(okta_key_to_private_pem(key, &pem));
        okta_key *again = key_of_pem(pem);
        assert_same_key(key, again);

        assert_null(okta_key_to_jwk_request(key, NULL, &jwk));
        assert_string_equal(jwk->alg, kinds[i].alg);
        if (jwk->e != NULL) {
            assert_string_equal(jwk->e, "AQAB");
        }
        okta_free(jwk);
        okta_free(again);
        okta_free(pem);
        okta_free(key);
    }
}

static void makes_another_key_each_time(void **state)
{
    (void)state;
    okta_key *a = NULL;
    okta_key *b = NULL;
    char of_a[OKTA_THUMBPRINT_SIZE];
    char of_b[OKTA_THUMBPRINT_SIZE];
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &a));
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &b));
    assert_null(okta_key_thumbprint(a, of_a));
    assert_null(okta_key_thumbprint(b, of_b));
    assert_string_not_equal(of_a, of_b);
    okta_free(a);
    okta_free(b);
}

static void refuses_unknown_types(void **state)
{
    (void)state;
    const int types[] = {0, -1, OKTA_KEY_EC_P521 + 1, 1000};
    for (size_t i = 0; i < COUNT(types); i++) {
        okta_key *key = (okta_key *)&key;
        expect_error(okta_key_generate((okta_key_type)types[i], &key), OKTA_E_ARG, "type");
        assert_null(key);
    }
}

static void refuses_null(void **state)
{
    (void)state;
    okta_key *key = NULL;
    okta_key *none = (okta_key *)&none;
    char *pem = (char *)&pem;
    char thumbprint[OKTA_THUMBPRINT_SIZE] = "stale";
    okta_oauth2_client_jwk_request *jwk = (okta_oauth2_client_jwk_request *)&jwk;
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    expect_error(okta_key_generate(OKTA_KEY_EC_P256, NULL), OKTA_E_ARG, "out");
    expect_error(okta_key_from_pem("", 0, NULL, NULL, NULL), OKTA_E_ARG, "out");
    expect_error(okta_key_from_pem(NULL, 0, NULL, NULL, &none), OKTA_E_ARG, "pem");
    assert_null(none);
    expect_error(okta_key_from_jwk("", 0, NULL), OKTA_E_ARG, "out");
    none = (okta_key *)&none;
    expect_error(okta_key_from_jwk(NULL, 0, &none), OKTA_E_ARG, "json");
    assert_null(none);
    expect_error(okta_key_thumbprint(key, NULL), OKTA_E_ARG, "out");
    expect_error(okta_key_thumbprint(NULL, thumbprint), OKTA_E_ARG, "key");
    assert_string_equal(thumbprint, "");
    expect_error(okta_key_to_private_pem(key, NULL), OKTA_E_ARG, "out_pem");
    expect_error(okta_key_to_private_pem(NULL, &pem), OKTA_E_ARG, "key");
    assert_null(pem);
    expect_error(okta_key_write_private_pem(key, NULL), OKTA_E_ARG, "path");
    expect_error(okta_key_write_private_pem(NULL, "unused"), OKTA_E_ARG, "key");
    expect_error(okta_key_to_jwk_request(key, NULL, NULL), OKTA_E_ARG, "out");
    expect_error(okta_key_to_jwk_request(NULL, NULL, &jwk), OKTA_E_ARG, "key");
    assert_null(jwk);
    okta_oauth2_client_jwk empty = {.model = OKTA_INIT(okta_oauth2_client_jwk)};
    expect_error(okta_key_from_jwk_model(&empty, NULL), OKTA_E_ARG, "out");
    none = (okta_key *)&none;
    expect_error(okta_key_from_jwk_model(NULL, &none), OKTA_E_ARG, "jwk");
    assert_null(none);
    expect_error(okta_jwk_check(NULL), OKTA_E_ARG, "jwk");
    expect_error(oktai_jwk_check_model(NULL), OKTA_E_ARG, "jwk");
    assert_false(okta_key_is_private(NULL));
    assert_null(okta_key_description(NULL));
    okta_free(key);
}

static void thumbprint_is_that_of_rfc_7638(void **state)
{
    (void)state;
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    const char *const keys[] = {VECTOR_RSA, VECTOR_RSA_PRIVATE};
    for (size_t i = 0; i < COUNT(keys); i++) {
        okta_key *key = key_of_jwk(keys[i]);
        assert_null(okta_key_thumbprint(key, thumbprint));
        assert_string_equal(thumbprint, VECTOR_RSA_THUMBPRINT);
        okta_free(key);
    }
}

/* The thumbprint by the letter of RFC 7638, of texts that OpenSSL gives. */
static void expected_thumbprint(EVP_PKEY *pkey, const char *crv, size_t size, char *out)
{
    char canonical[512];
    unsigned char digest[32];
    char *x = number_text(pkey, OSSL_PKEY_PARAM_EC_PUB_X, size);
    char *y = number_text(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, size);
    snprintf(canonical, sizeof canonical, "{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", crv, x,
             y);
    free(x);
    free(y);
    size_t length = 0;
    assert_int_equal(EVP_Q_digest(NULL, "SHA256", NULL, canonical, strlen(canonical), digest, &length), 1);
    oktai_base64url_encode(digest, length, out);
}

/* A key with a coordinate whose first octet is 0: one in 128 on P-256, most of those on P-521. */
static EVP_PKEY *short_coordinate(const char *crv, const char *param, size_t size)
{
    for (int tries = 0; tries < 20000; tries++) {
        unsigned char bytes[66];
        EVP_PKEY *pkey = make_ec_key(crv);
        assert_true(oktai_key_number(pkey, param, bytes, size));
        if (bytes[0] == 0) {
            return pkey;
        }
        EVP_PKEY_free(pkey);
    }
    fail_msg("no %s key whose %s begins with 0", crv, param);
    return NULL;
}

static void coordinates_keep_their_leading_zeros(void **state)
{
    (void)state;
    static const struct {
        const char *crv, *param;
        size_t size;
    } cases[] = {
        {"P-256", OSSL_PKEY_PARAM_EC_PUB_X, 32}, {"P-256", OSSL_PKEY_PARAM_EC_PUB_Y, 32},
        {"P-256", OSSL_PKEY_PARAM_PRIV_KEY, 32}, {"P-384", OSSL_PKEY_PARAM_EC_PUB_X, 48},
        {"P-521", OSSL_PKEY_PARAM_EC_PUB_X, 66}, {"P-521", OSSL_PKEY_PARAM_EC_PUB_Y, 66},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char expected[OKTA_THUMBPRINT_SIZE];
        char thumbprint[OKTA_THUMBPRINT_SIZE];
        okta_oauth2_client_jwk_request *jwk = NULL;
        EVP_PKEY *pkey = short_coordinate(cases[i].crv, cases[i].param, cases[i].size);
        char *pem = pkcs8_pem(pkey);
        okta_key *key = key_of_pem(pem);
        assert_null(okta_key_thumbprint(key, thumbprint));
        expected_thumbprint(pkey, cases[i].crv, cases[i].size, expected);
        assert_string_equal(thumbprint, expected);
        assert_null(okta_key_to_jwk_request(key, NULL, &jwk));
        assert_int_equal(strlen(jwk->x), oktai_base64url_length(cases[i].size));
        assert_int_equal(strlen(jwk->y), oktai_base64url_length(cases[i].size));
        char *json = jwk_text(pkey, true, "");
        okta_key *again = key_of_jwk(json);
        assert_same_key(key, again);
        okta_free(again);
        free(json);
        okta_free(jwk);
        okta_free(key);
        free(pem);
        EVP_PKEY_free(pkey);
    }
}

static int no_passphrase(void *ctx, char *buffer, size_t capacity)
{
    (void)ctx;
    (void)buffer;
    (void)capacity;
    ERR_raise(ERR_LIB_USER, 77);
    return -1;
}

/* Calls of every function, good and bad; each releases what it gets. */
static void call_everything(const char *encrypted)
{
    okta_key *key = NULL;
    char *pem = NULL;
    okta_oauth2_client_jwk_request *jwk = NULL;
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    assert_null(okta_key_thumbprint(key, thumbprint));
    assert_null(okta_key_to_private_pem(key, &pem));
    assert_null(okta_key_to_jwk_request(key, NULL, &jwk));
    assert_null(okta_jwk_check(jwk));
    okta_free(key_of_pem(pem));
    okta_free(key_of_jwk(VECTOR_RSA_PRIVATE));
    expect_pem_refused("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "damaged");
    expect_pem_refused("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n", "damaged");
    expect_pem_refused("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: NONE,00\n\nAAAA\n"
                       "-----END RSA PRIVATE KEY-----\n",
                       "header");
    expect_pem_refused("nothing", "no key");
    expect_pem_refused(encrypted, "passphrase");
    expect_jwk_refused("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_X "\"}",
                       "not a point");
    expect_jwk_refused("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_Y
                       "\",\"d\":\"" VECTOR_X "\"}",
                       "private half");
    okta_free(jwk);
    okta_free(pem);
    okta_free(key);
}

static void leaves_the_error_queue_untouched(void **state)
{
    (void)state;
    char *encrypted = encrypted_pem(shared_ec_key(), EVP_aes_128_cbc(), "secret");
    ERR_clear_error();
    call_everything(encrypted);
    assert_int_equal(ERR_peek_error(), 0);

    ERR_raise(ERR_LIB_USER, 41);
    ERR_raise(ERR_LIB_USER, 42);
    ERR_set_mark();
    ERR_raise(ERR_LIB_USER, 43);
    call_everything(encrypted);
    assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), 43);
    assert_int_equal(ERR_pop_to_mark(), 1);
    assert_int_equal(ERR_GET_REASON(ERR_get_error()), 41);
    assert_int_equal(ERR_GET_REASON(ERR_get_error()), 42);
    assert_int_equal(ERR_get_error(), 0);
    free(encrypted);
}

static void keeps_what_the_passphrase_callback_puts_into_the_error_queue(void **state)
{
    (void)state;
    char *encrypted = encrypted_pem(shared_ec_key(), EVP_aes_128_cbc(), "secret");
    okta_key *key = NULL;
    ERR_clear_error();
    expect_error(okta_key_from_pem(encrypted, strlen(encrypted), no_passphrase, NULL, &key), OKTA_E_ARG,
                 "not given");
    assert_int_equal(ERR_GET_REASON(ERR_get_error()), 77);
    assert_int_equal(ERR_get_error(), 0);
    free(encrypted);
}

static void says_when_openssl_lacks_the_algorithms(void **state)
{
    (void)state;
    char *rsa = public_pem(shared_rsa_key());
    char *ec = public_pem(shared_ec_key());
    okta_key *key = NULL;
    assert_int_equal(EVP_set_default_properties(NULL, "provider=none"), 1);
    okta_error *errors[] = {
        okta_key_generate(OKTA_KEY_EC_P256, &key),
        okta_key_generate(OKTA_KEY_RSA_2048, &key),
        okta_key_from_pem(rsa, strlen(rsa), NULL, NULL, &key),
        okta_key_from_pem(ec, strlen(ec), NULL, NULL, &key),
        okta_key_from_jwk(VECTOR_RSA, strlen(VECTOR_RSA), &key),
    };
    assert_int_equal(EVP_set_default_properties(NULL, ""), 1);
    for (size_t i = 0; i < COUNT(errors); i++) {
        expect_error(errors[i], OKTA_E_CONFIG, "OpenSSL");
    }
    assert_null(key);
    assert_int_equal(ERR_peek_error(), 0);
    free(rsa);
    free(ec);
}

/* Returns NULL, or what did not work: cmocka cannot fail a test from another thread. */
static void *use_key(void *ctx)
{
    const okta_key *key = ctx;
    for (int i = 0; i < 50; i++) {
        char thumbprint[OKTA_THUMBPRINT_SIZE];
        okta_oauth2_client_jwk_request *jwk = NULL;
        char *pem = NULL;
        if (okta_key_thumbprint(key, thumbprint) != NULL ||
            okta_key_to_jwk_request(key, NULL, &jwk) != NULL || okta_key_to_private_pem(key, &pem) != NULL ||
            strcmp(jwk->kid, thumbprint) != 0) {
            return ctx;
        }
        okta_free(pem);
        okta_free(jwk);
    }
    return NULL;
}

static void one_key_serves_many_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    char *pem = pkcs8_pem(shared_rsa_key());
    okta_key *key = key_of_pem(pem);
    for (size_t i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use_key, key), 0);
    }
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *problem = NULL;
        assert_int_equal(pthread_join(threads[i], &problem), 0);
        assert_null(problem);
    }
    okta_free(key);
    free(pem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_each_kind_of_key),
        cmocka_unit_test(makes_another_key_each_time),
        cmocka_unit_test(refuses_unknown_types),
        cmocka_unit_test(refuses_null),
        cmocka_unit_test(thumbprint_is_that_of_rfc_7638),
        cmocka_unit_test(coordinates_keep_their_leading_zeros),
        cmocka_unit_test(leaves_the_error_queue_untouched),
        cmocka_unit_test(keeps_what_the_passphrase_callback_puts_into_the_error_queue),
        cmocka_unit_test(says_when_openssl_lacks_the_algorithms),
        cmocka_unit_test(one_key_serves_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
