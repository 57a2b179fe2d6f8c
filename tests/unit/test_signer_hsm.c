/* SPDX-License-Identifier: Apache-2.0 */
/* Signers by keys in a PKCS#11 token: SoftHSM 2 behind OpenSSL's engine `pkcs11` (libp11). Skipped where one
 * of them is missing. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "unit/signer_support.h"

#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "examples/run_program.h"

#define UTIL    "/usr/bin/softhsm2-util"
#define PIN     "1234"
#define THREADS 8u
#define EACH    50u

static const char *const modules[] = {
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
};

static struct {
    const char *name; /* in the token */
    const char *curve;
    EVP_PKEY *pkey;
} keys[] = {
    {"rsa", NULL, NULL}, {"p256", "P-256", NULL}, {"p384", "P-384", NULL}, {"koblitz", "secp256k1", NULL}};

enum { RSA_KEY, P256_KEY, P384_KEY, KOBLITZ_KEY };

static char folder[] = "/tmp/okta-test-hsm-XXXXXX";
static ENGINE *engine; /* stays loaded, so that its memory stays in reach */
static unsigned asked;

static int give_pin(void *ctx, char *buffer, size_t capacity)
{
    const char *pin = ctx;
    asked++;
    assert_true(strlen(pin) <= capacity);
    memcpy(buffer, pin, strlen(pin));
    return (int)strlen(pin);
}

static const char *uri_of(const char *name)
{
    static char uri[128];
    snprintf(uri, sizeof uri, "org.openssl.engine:pkcs11:pkcs11:token=okta;object=%s;type=private", name);
    return uri;
}

static okta_signer *signer_of_token(const char *name, const char *alg)
{
    char pin[] = PIN;
    okta_signer *signer = NULL;
    okta_error *error = okta_signer_from_uri(uri_of(name), give_pin, pin, alg, NULL, &signer);
    if (error != NULL) {
        print_error("%s\n", okta_error_message(error));
    }
    assert_null(error);
    assert_int_equal(ERR_peek_error(), 0);
    return signer;
}

static void every_algorithm_signs_in_the_token(void **state)
{
    static const struct {
        size_t key;
        const char *alg;
    } cases[] = {{RSA_KEY, "RS256"}, {RSA_KEY, "RS384"}, {RSA_KEY, "RS512"},  {RSA_KEY, "PS256"},
                 {RSA_KEY, "PS384"}, {RSA_KEY, "PS512"}, {P256_KEY, "ES256"}, {P384_KEY, "ES384"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        EVP_PKEY *pkey = keys[cases[i].key].pkey;
        okta_signer *outside = signer_of_evp(pkey, NULL, NULL);
        okta_signer *signer = signer_of_token(keys[cases[i].key].name, cases[i].alg);
        assert_string_equal(okta_signer_kid(signer), okta_signer_kid(outside)); /* the same thumbprint */
        for (size_t count = 0; count < 5; count++) {
            expect_signs(signer, pkey, cases[i].alg);
        }
        okta_free(signer);
        okta_free(outside);
    }
}

static void a_key_that_the_program_loaded_signs(void **state)
{
    (void)state;
    EVP_PKEY *pkey = ENGINE_load_private_key(
        engine, "pkcs11:token=okta;object=p256;type=private;pin-value=" PIN, NULL, NULL);
    assert_non_null(pkey);
    okta_signer *signer = signer_of_evp(pkey, NULL, "a kid");
    EVP_PKEY_free(pkey);
    assert_string_equal(okta_signer_kid(signer), "a kid");
    expect_signs(signer, keys[P256_KEY].pkey, "ES256");
    okta_free(signer);
}

static void what_the_token_holds_is_checked(void **state)
{
    char pin[] = PIN;
    okta_signer *signer = NULL;
    (void)state;
    expect_error(okta_signer_from_uri(uri_of("koblitz"), give_pin, pin, NULL, "k", &signer), OKTA_E_ARG,
                 "secp256k1");
    expect_error(okta_signer_from_uri(uri_of("p256"), give_pin, pin, "ES384", "k", &signer), OKTA_E_ARG,
                 "alg ");
    expect_error(okta_signer_from_uri(uri_of("absent"), give_pin, pin, NULL, "k", &signer), OKTA_E_CONFIG,
                 "cannot load the key");
    assert_null(signer);
    assert_int_equal(ERR_peek_error(), 0);
}

static void *sign_many(void *argument)
{
    for (size_t i = 0; i < EACH; i++) {
        expect_signs(argument, keys[P256_KEY].pkey, "ES256");
    }
    return NULL;
}

static void threads_share_the_key(void **state)
{
    pthread_t threads[THREADS];
    (void)state;
    okta_signer *signer = signer_of_token("p256", NULL);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, sign_many, signer), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    okta_free(signer);
}

/* libp11 keeps a PIN that was good, so that this comes first. */
static void the_pin_is_asked_once_and_must_be_right(void **state)
{
    char wrong[] = "4321";
    okta_signer *signer = NULL;
    (void)state;
    asked = 0;
    expect_error(okta_signer_from_uri(uri_of("p256"), NULL, NULL, NULL, "k", &signer), OKTA_E_ARG,
                 "none was given");
    expect_error(okta_signer_from_uri(uri_of("p256"), give_pin, wrong, NULL, "k", &signer), OKTA_E_CONFIG,
                 "cannot load the key");
    assert_int_equal(asked, 1);
    okta_free(signer_of_token("p256", NULL));
    assert_int_equal(asked, 2);
}

static void run_util(const char *const *arguments)
{
    char configuration[64];
    run_result *result = malloc(sizeof *result);
    assert_non_null(result);
    snprintf(configuration, sizeof configuration, "SOFTHSM2_CONF=%s/conf", folder);
    const char *const environment[] = {configuration, NULL};
    run_program(arguments, environment, result);
    if (result->exit_code != 0) {
        print_error("%s%s", result->out, result->err);
    }
    assert_int_equal(result->exit_code, 0);
    free(result);
}

static FILE *create(const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    return file;
}

static void import_key(size_t index)
{
    char from[64], label[32], id[16];
    keys[index].pkey = keys[index].curve == NULL ? make_rsa_key(2048) : make_ec_key(keys[index].curve);
    FILE *file = create("key.pem");
    assert_int_equal(PEM_write_PKCS8PrivateKey(file, keys[index].pkey, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(file), 0);
    snprintf(from, sizeof from, "--import=%s/key.pem", folder);
    snprintf(label, sizeof label, "--label=%s", keys[index].name);
    snprintf(id, sizeof id, "--id=0%zu", index + 1);
    const char *const arguments[] = {UTIL, from, "--token=okta", label, id, "--pin=" PIN, NULL};
    run_util(arguments);
}

static int make_token(void **state)
{
    char path[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/tokens", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    FILE *file = create("conf");
    fprintf(file, "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", path);
    assert_int_equal(fclose(file), 0);
    const char *const arguments[] = {UTIL,         "--init-token",      "--free", "--label=okta",
                                     "--pin=" PIN, "--so-pin=87654321", NULL};
    run_util(arguments);
    for (size_t i = 0; i < COUNT(keys); i++) {
        import_key(i);
    }
    snprintf(path, sizeof path, "%s/conf", folder);
    assert_int_equal(setenv("SOFTHSM2_CONF", path, 1), 0);
    return 0;
}

static int remove_token(void **state)
{
    (void)state;
    const char *const arguments[] = {"/bin/rm", "-r", folder, NULL};
    run_util(arguments);
    for (size_t i = 0; i < COUNT(keys); i++) {
        EVP_PKEY_free(keys[i].pkey);
    }
    return 0;
}

/* Why the test cannot run; NULL: it can. */
static const char *find_parts(void)
{
    const char *module = NULL;
    for (size_t i = 0; i < COUNT(modules) && module == NULL; i++) {
        module = access(modules[i], R_OK) == 0 ? modules[i] : NULL;
    }
    if (module == NULL || access(UTIL, X_OK) != 0) {
        return "SoftHSM 2";
    }
    if (setenv("PKCS11_MODULE_PATH", module, 1) != 0 ||
        OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL) != 1) {
        return "memory";
    }
    engine = ENGINE_by_id("pkcs11");
    ERR_clear_error();
    return engine == NULL ? "the engine pkcs11 of OpenSSL" : NULL;
}

static int start_engine(void **state)
{
    return make_token(state) == 0 && ENGINE_init(engine) == 1 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pin_is_asked_once_and_must_be_right),
        cmocka_unit_test(every_algorithm_signs_in_the_token),
        cmocka_unit_test(a_key_that_the_program_loaded_signs),
        cmocka_unit_test(what_the_token_holds_is_checked),
        cmocka_unit_test(threads_share_the_key),
    };
    const char *missing = find_parts();
    if (missing != NULL) {
        printf("skipped: there is no %s here\n", missing);
        return 77;
    }
    return cmocka_run_group_tests(tests, start_engine, remove_token);
}
