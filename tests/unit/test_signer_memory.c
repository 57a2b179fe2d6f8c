/* SPDX-License-Identifier: Apache-2.0 */
/* Signers, assertions and proofs when memory is short: each allocation fails in turn, once and from there on,
 * of the library and of OpenSSL below it. And what they leave in memory that they gave back. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "unit/signer_support.h"

#include <malloc.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "auth/assertion.h"
#include "auth/dpop.h"
#include "unit/allocations.h"

#define CANARY "canary-that-is-in-every-token"

void *__real_malloc(size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void __wrap_free(void *memory);

static bool openssl_too;

/* While on, memory that is given back is searched. */
static struct {
    bool on;
    size_t frees;
    size_t hits;
    unsigned char needle[32];
    size_t length;
} watch;

/* OpenSSL's start is out of memory: 1 its context, 2 the rest. */
static int start_failure;

OSSL_LIB_CTX *__real_OSSL_LIB_CTX_get0_global_default(void);
int __real_OPENSSL_init_crypto(uint64_t options, const OPENSSL_INIT_SETTINGS *settings);
OSSL_LIB_CTX *__wrap_OSSL_LIB_CTX_get0_global_default(void);
int __wrap_OPENSSL_init_crypto(uint64_t options, const OPENSSL_INIT_SETTINGS *settings);

OSSL_LIB_CTX *__wrap_OSSL_LIB_CTX_get0_global_default(void)
{
    return start_failure == 1 ? NULL : __real_OSSL_LIB_CTX_get0_global_default();
}

int __wrap_OPENSSL_init_crypto(uint64_t options, const OPENSSL_INIT_SETTINGS *settings)
{
    return start_failure == 2 ? 0 : __real_OPENSSL_init_crypto(options, settings);
}

static bool contains(const unsigned char *block, size_t size, const unsigned char *needle, size_t length)
{
    for (size_t i = 0; i + length <= size; i++) {
        if (block[i] == needle[0] && memcmp(block + i, needle, length) == 0) {
            return true;
        }
    }
    return false;
}

void __wrap_free(void *memory)
{
    if (watch.on && memory != NULL) {
        watch.frees++;
        watch.hits += contains(memory, malloc_usable_size(memory), watch.needle, watch.length);
    }
    __real_free(memory);
}

/* What is searched later is written first. */
static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    void *memory = openssl_too ? malloc(size) : __real_malloc(size);
    if (memory != NULL) {
        memset(memory, 0xa5, size);
    }
    return memory;
}

static void *openssl_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    size_t before = memory == NULL ? 0 : malloc_usable_size(memory);
    char *moved = openssl_too ? realloc(memory, size) : __real_realloc(memory, size);
    if (moved != NULL && size > before) {
        memset(moved + before, 0xa5, size - before);
    }
    return moved;
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

static struct {
    EVP_PKEY *ec, *rsa, *public_half;
    okta_key *key;
    okta_signer *by_ec, *by_rsa, *by_callback;
    okta_dpop_key *dpop;
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

/* Refusals need memory for their message. */
static okta_error *expect_refusal(okta_error *error)
{
    if (okta_error_status(error) != OKTA_E_ARG) {
        return error;
    }
    okta_free(error);
    return NULL;
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
static okta_error *appended(okta_buffer *out, okta_error *error)
{
    assert_true(error == NULL || out->length == 0);
    assert_true(error != NULL || strchr(out->data, '.') != NULL);
    okta_buffer_clear(out);
    return error;
}

static okta_error *assertion_by(const okta_signer *signer)
{
    okta_buffer out = {0};
    okta_assertion assertion = {
        .signer = signer, .type = CANARY, .client_id = CANARY, .audience = CANARY, .now_s = 1700000000};
    okta_error *error = okta_assertion_write(&assertion, &out);
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
    okta_dpop_key *key = NULL;
    okta_error *error = okta_dpop_key_new(&key);
    assert_true((key == NULL) == (error != NULL));
    okta_free(key);
    return error;
}

static okta_error *make_proof(void)
{
    okta_buffer out = {0};
    okta_dpop_proof proof = {.key = given.dpop,
                             .method = "GET",
                             .url = "https://org.example/" CANARY,
                             .access_token = CANARY,
                             .nonce = CANARY};
    okta_error *error = okta_dpop_write(&proof, &out);
    return appended(&out, error);
}

static const struct {
    const char *name;
    okta_error *(*run)(void);
} operations[] = {
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

/* Runs an operation with its nth allocation failing. The caller's error queue is not empty where only the
 * library's own memory fails; below an entry of the caller, OpenSSL's reason is not always to be seen. */
static okta_status strike(size_t operation, size_t nth, bool lasting, bool *struck)
{
    if (!openssl_too) {
        ERR_raise(ERR_LIB_USER, 42);
    }
    allocations_begin(nth, lasting);
    okta_error *error = operations[operation].run();
    *struck = allocations_end();
    okta_status status = okta_error_status(error);
    okta_free(error);
    if (!openssl_too) {
        assert_int_equal(ERR_GET_REASON(ERR_get_error()), 42);
    }
    assert_int_equal(ERR_peek_error(), 0);
    return status;
}

static void sweep(size_t operation, bool lasting)
{
    size_t strikes = 0;
    size_t out_of_memory = 0;
    size_t survived = 0;
    bool struck = true;
    for (size_t nth = 1; struck; nth++) {
        okta_status status = strike(operation, nth, lasting, &struck);
        strikes += struck;
        survived += struck && status == OKTA_OK;
        out_of_memory += status == OKTA_E_NOMEM;
        assert_true(struck || status == OKTA_OK);
    }
    print_message("%s: %zu allocations fail%s, %zu calls succeed, %zu are out of memory\n",
                  operations[operation].name, strikes, lasting ? " with all after" : "", survived,
                  out_of_memory);
    assert_true(strikes > 0);
    if (!openssl_too) {
        assert_int_equal(out_of_memory, strikes);
    }
    /* OpenSSL does without some memory, and sometimes forgets to say that it had none: its ECDSA even says
     * that all is well, with a signature of a size that cannot be. */
    assert_true(survived + out_of_memory + strikes / 3 + 1 >= strikes);
}

static void each_allocation_of_the_library_may_fail(void **state)
{
    (void)state;
    openssl_too = false;
    for (size_t i = 0; i < COUNT(operations); i++) {
        sweep(i, false);
        sweep(i, true);
    }
}

static void each_allocation_of_openssl_may_fail(void **state)
{
    (void)state;
    openssl_too = true;
    for (size_t i = 0; i < COUNT(operations); i++) {
        sweep(i, false);
        sweep(i, true);
    }
    openssl_too = false;
}

static void openssl_may_fail_to_start(void **state)
{
    (void)state;
    size_t refused = 0;
    for (start_failure = 1; start_failure <= 2; start_failure++) {
        for (size_t i = 0; i < COUNT(operations); i++) {
            okta_error *error = operations[i].run();
            assert_true(error == NULL || okta_error_status(error) == OKTA_E_NOMEM);
            refused += error != NULL;
            okta_free(error);
        }
    }
    start_failure = 0;
    assert_int_equal(refused, 2 * (COUNT(operations) - 2)); /* a callback and a path do without OpenSSL */
}

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
        assert_true(okta_key_number(key->pkey, cases[i / 2].param, number, size));
        if (i % 2 == 1) {
            okta_key_flip(number, size);
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
    (void)state;
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
    assert_null(okta_dpop_key_new(&given.dpop));
    /* What OpenSSL fetches once stays fetched. */
    for (size_t i = 0; i < COUNT(operations); i++) {
        assert_null(operations[i].run());
    }
    ERR_clear_error();
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
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
        return 1;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
