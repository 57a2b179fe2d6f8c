/* SPDX-License-Identifier: Apache-2.0 */
/* Signers, assertions and proofs when memory is short: each allocation fails in turn, once and from there on,
 * of the library and of OpenSSL below it. And what they leave in memory that they gave back. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "unit/signer_support.h"

#include <malloc.h>
#include <openssl/core_names.h>
#include <openssl/engine.h>
#include <stdlib.h>
#include <string.h>

#include "auth/assertion.h"
#include "auth/dpop.h"
#include "unit/bytes.h"
#include "unit/openssl_memory.h"

#define CANARY "canary-that-is-in-every-token"

void __real_free(void *memory);
void __wrap_free(void *memory);

/* While on, memory that is given back is searched. */
static struct {
    bool on;
    size_t frees;
    size_t hits;
    unsigned char needle[32];
    size_t length;
} watch;

void __wrap_free(void *memory)
{
    if (watch.on && memory != NULL) {
        watch.frees++;
        watch.hits += bytes_contain(memory, malloc_usable_size(memory), watch.needle, watch.length);
    }
    __real_free(memory);
}

static struct {
    EVP_PKEY *ec, *rsa, *public_half;
    okta_key *key;
    okta_signer *by_ec, *by_rsa, *by_callback;
    oktai_dpop_key *dpop;
} given;

static okta_error *done(okta_signer *signer, okta_error *error)
{
    assert_true((signer == NULL) == (error != NULL));
    okta_free(signer);
    return error;
}

static int sign_with_ones(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                          size_t capacity, size_t *size)
{
    (void)ctx;
    (void)message;
    (void)length;
    assert_true(capacity >= 1024);
    memset(signature, 1, 1024);
    *size = 1024;
    return 0;
}

static okta_error *by_callback(void)
{
    okta_signer *signer = NULL;
    okta_signer_options options = OKTA_SIGNER_OPTIONS_INIT;
    options.alg = "PS512";
    options.kid = CANARY;
    options.sign = sign_with_ones;
    okta_error *error = okta_signer_new(&options, &signer);
    return done(signer, error);
}

static okta_error *by_key(void)
{
    okta_signer *signer = NULL;
    okta_error *error = okta_signer_from_key(given.key, NULL, NULL, &signer);
    return done(signer, error);
}

static okta_error *by_ec_evp(void)
{
    okta_signer *signer = NULL;
    okta_error *error = okta_signer_from_evp_pkey(given.ec, NULL, NULL, &signer);
    return done(signer, error);
}

static okta_error *by_rsa_evp(void)
{
    okta_signer *signer = NULL;
    okta_error *error = okta_signer_from_evp_pkey(given.rsa, "PS256", NULL, &signer);
    return done(signer, error);
}

static okta_error *by_engine(void)
{
    okta_signer *signer = NULL;
    okta_error *error =
        okta_signer_from_uri("org.openssl.engine:okta-test:x", NULL, NULL, NULL, NULL, &signer);
    return done(signer, error);
}

static okta_error *refuse_public(void)
{
    okta_signer *signer = NULL;
    return expect_refusal(okta_signer_from_evp_pkey(given.public_half, NULL, "k", &signer));
}

static okta_error *refuse_alg(void)
{
    okta_signer *signer = NULL;
    return expect_refusal(okta_signer_from_key(given.key, "none", NULL, &signer));
}

static okta_error *refuse_path(void)
{
    okta_signer *signer = NULL;
    return expect_refusal(okta_signer_from_uri("key.pem", NULL, NULL, NULL, NULL, &signer));
}

/* Nothing is half appended. */
static okta_error *appended(oktai_buffer *out, okta_error *error)
{
    assert_true(error == NULL || out->length == 0);
    assert_true(error != NULL || strchr(out->data, '.') != NULL);
    oktai_buffer_clear(out);
    return error;
}

static okta_error *assertion_by(const okta_signer *signer)
{
    oktai_buffer out = {0};
    oktai_assertion assertion = {
        .signer = signer, .type = CANARY, .client_id = CANARY, .audience = CANARY, .now_s = 1700000000};
    okta_error *error = oktai_assertion_write(&assertion, &out);
    return appended(&out, error);
}

static okta_error *assertion_by_ec(void)
{
    return assertion_by(given.by_ec);
}

static okta_error *assertion_by_rsa(void)
{
    return assertion_by(given.by_rsa);
}

static okta_error *assertion_by_callback(void)
{
    return assertion_by(given.by_callback);
}

static okta_error *make_dpop_key(void)
{
    oktai_dpop_key *key = NULL;
    okta_error *error = oktai_dpop_key_new(&key);
    assert_true((key == NULL) == (error != NULL));
    okta_free(key);
    return error;
}

static okta_error *make_proof(void)
{
    oktai_buffer out = {0};
    oktai_dpop_proof proof = {.key = given.dpop,
                              .method = "GET",
                              .url = "https://org.example/" CANARY,
                              .access_token = CANARY,
                              .nonce = CANARY};
    okta_error *error = oktai_dpop_write(&proof, &out);
    return appended(&out, error);
}

static const memory_operation operations[] = {
    {"signer by callback", by_callback},
    {"signer by key", by_key},
    {"signer by EC key of OpenSSL", by_ec_evp},
    {"signer by RSA key of OpenSSL", by_rsa_evp},
    {"signer by engine", by_engine},
    {"refuse public key", refuse_public},
    {"refuse alg", refuse_alg},
    {"refuse path", refuse_path},
    {"assertion by EC", assertion_by_ec},
    {"assertion by RSA", assertion_by_rsa},
    {"assertion by callback", assertion_by_callback},
    {"DPoP key", make_dpop_key},
    {"DPoP proof", make_proof},
};

static memory_operations swept = {
    .all = operations,
    .count = COUNT(operations),
    .without_openssl = 2, /* a callback and a path do without */
    .silent_share = 3,    /* ECDSA even says that all is well, with a signature of a size that cannot be */
};

static void watch_for(const void *needle, size_t length)
{
    assert_true(length <= sizeof watch.needle);
    memcpy(watch.needle, needle, length);
    watch.length = length;
    watch.frees = watch.hits = 0;
    watch.on = true;
}

static void watch_ends(void)
{
    watch.on = false;
}

/* Client, audience, nonce and access token stand in the objects of a token; none is left behind. */
static void no_memory_of_a_token_is_given_back_unwiped(void **state)
{
    (void)state;
    watch_for(CANARY, strlen(CANARY));
    for (size_t i = 0; i < COUNT(operations); i++) {
        assert_null(operations[i].run());
    }
    watch_ends();
    assert_true(watch.frees > COUNT(operations));
    assert_int_equal(watch.hits, 0);
}

/* A signer, the last holder of its key, signs and goes. OpenSSL keeps numbers in the machine's byte order. */
static void no_private_byte_is_given_back_unwiped(void **state)
{
    static const struct {
        okta_key_type type;
        const char *param;
        size_t size;
        const char *alg;
    } cases[] = {{OKTA_KEY_EC_P256, OSSL_PKEY_PARAM_PRIV_KEY, 32, "ES256"},
                 {OKTA_KEY_RSA_2048, OSSL_PKEY_PARAM_RSA_D, 256, "PS256"},
                 {OKTA_KEY_RSA_2048, OSSL_PKEY_PARAM_RSA_FACTOR1, 128, "RS256"},
                 {OKTA_KEY_RSA_2048, OSSL_PKEY_PARAM_RSA_EXPONENT2, 128, "RS512"}};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(cases); i++) {
        unsigned char number[256];
        okta_key *key = NULL;
        okta_signer *signer = NULL;
        size_t size = cases[i / 2].size;
        assert_null(okta_key_generate(cases[i / 2].type, &key));
        assert_null(okta_signer_from_key(key, cases[i / 2].alg, NULL, &signer));
        assert_true(oktai_key_number(key->pkey, cases[i / 2].param, number, size));
        if (i % 2 == 1) {
            oktai_key_flip(number, size);
        }
        watch_for(number + size / 2 - 8, 16);
        okta_free(key);
        assert_null(assertion_by(signer));
        okta_free(signer);
        watch_ends();
        assert_true(watch.frees > 10);
        assert_int_equal(watch.hits, 0);
    }
}

/* The search finds what is there. Compilers drop what is written to memory that goes to a free() they know.
 */
static void memory_that_is_not_wiped_would_be_seen(void **state)
{
    void (*volatile give_back)(void *) = free;
    (void)state;
    char *left = strdup("before " CANARY " behind");
    assert_non_null(left);
    watch_for(CANARY, strlen(CANARY));
    give_back(left);
    watch_ends();
    assert_int_equal(watch.hits, 1);
}

static EVP_PKEY *engine_load(ENGINE *engine, const char *name, UI_METHOD *method, void *data)
{
    (void)engine;
    (void)name;
    (void)method;
    (void)data;
    EVP_PKEY_up_ref(given.ec);
    return given.ec;
}

static int set_up(void **state)
{
    ENGINE *engine = ENGINE_new();
    assert_true(ENGINE_set_id(engine, "okta-test") == 1 && ENGINE_set_name(engine, "of the test") == 1 &&
                ENGINE_set_load_privkey_function(engine, engine_load) == 1 && ENGINE_add(engine) == 1);
    ENGINE_free(engine);
    given.ec = make_ec_key("P-256");
    given.rsa = make_rsa_key(2048);
    char *pem = pkcs8_pem(given.ec);
    given.key = key_of_pem(pem);
    free(pem);
    unsigned char *der = NULL;
    int size = i2d_PUBKEY(given.ec, &der);
    const unsigned char *at = der;
    given.public_half = d2i_PUBKEY(NULL, &at, size);
    OPENSSL_free(der);
    given.by_ec = signer_of_evp(given.ec, NULL, "k");
    given.by_rsa = signer_of_evp(given.rsa, "PS256", "k");
    okta_signer_options options = OKTA_SIGNER_OPTIONS_INIT;
    options.alg = "RS256";
    options.kid = CANARY;
    options.sign = sign_with_ones;
    assert_null(okta_signer_new(&options, &given.by_callback));
    assert_null(oktai_dpop_key_new(&given.dpop));
    openssl_memory_settle(&swept);
    *state = &swept;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    okta_free(given.dpop);
    okta_free(given.by_callback);
    okta_free(given.by_rsa);
    okta_free(given.by_ec);
    okta_free(given.key);
    EVP_PKEY_free(given.public_half);
    EVP_PKEY_free(given.rsa);
    EVP_PKEY_free(given.ec);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_of_the_library_may_fail),
        cmocka_unit_test(each_allocation_of_openssl_may_fail),
        cmocka_unit_test(openssl_may_fail_to_start),
        cmocka_unit_test(no_memory_of_a_token_is_given_back_unwiped),
        cmocka_unit_test(no_private_byte_is_given_back_unwiped),
        cmocka_unit_test(memory_that_is_not_wiped_would_be_seen),
    };
    if (!openssl_memory_take()) {
        return 1;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
