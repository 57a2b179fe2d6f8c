/* SPDX-License-Identifier: Apache-2.0 */
/* Signers by a key in a provider of OpenSSL, which is the test's own: it finds the key behind a URI, signs as
 * a token does, and gives its private half to nobody. */
#include "unit/signer_support.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/core_object.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROVIDER "okta-test-provider"
#define SCHEME   "okta-test-token"
#define PIN      "1234"
#define THREADS  8u
#define EACH     50u

/* What the token did. */
static struct {
    atomic_uint signatures;
    atomic_uint exports; /* of anything */
    unsigned objects;    /* so many keys are behind each URI */
    unsigned logins;
} token;

/* A key of the provider: all it has is a reference to the real one. */
typedef struct token_key {
    EVP_PKEY *pkey;
} token_key;

static void *key_load(const void *reference, size_t size)
{
    assert_int_equal(size, sizeof(token_key *));
    token_key *key;
    memcpy(&key, reference, sizeof key);
    return key;
}

static void key_free(void *object)
{
    free(object);
}

static int key_has(const void *object, int selection)
{
    (void)object;
    (void)selection;
    return 1;
}

/* The public half only, and a name of the curve that OpenSSL does not use itself. */
static int key_get_params(void *object, OSSL_PARAM params[])
{
    const token_key *key = object;
    for (OSSL_PARAM *param = params; param->key != NULL; param++) {
        assert_string_not_equal(param->key, OSSL_PKEY_PARAM_PRIV_KEY);
    }
    OSSL_PARAM *group = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_GROUP_NAME);
    return EVP_PKEY_get_params(key->pkey, params) == 1 &&
           (group == NULL || OSSL_PARAM_set_utf8_string(group, "secp256r1") == 1);
}

static const OSSL_PARAM *key_gettable_params(void *context)
{
    static const OSSL_PARAM known[] = {
        OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
        OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
        OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
        OSSL_PARAM_END,
    };
    (void)context;
    return known;
}

static int key_export(void *object, int selection, OSSL_CALLBACK *callback, void *argument)
{
    (void)object;
    (void)selection;
    (void)callback;
    (void)argument;
    token.exports++;
    return 0;
}

static const OSSL_PARAM *key_export_types(int selection)
{
    (void)selection;
    return key_gettable_params(NULL);
}

static const char *key_operation(int operation)
{
    return operation == OSSL_OP_SIGNATURE ? "ECDSA" : NULL;
}

/* A signature under way. */
typedef struct token_signature {
    const token_key *key;
    char digest[16];
} token_signature;

static void *signature_new(void *context, const char *query)
{
    (void)context;
    (void)query;
    return calloc(1, sizeof(token_signature));
}

static void signature_free(void *object)
{
    free(object);
}

static int signature_begin(void *object, const char *digest, void *key, const OSSL_PARAM params[])
{
    token_signature *signature = object;
    (void)params;
    signature->key = key;
    snprintf(signature->digest, sizeof signature->digest, "%s", digest);
    return 1;
}

static int signature_sign(void *object, unsigned char *out, size_t *size, size_t capacity,
                          const unsigned char *message, size_t length)
{
    const token_signature *signature = object;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    *size = capacity;
    bool good =
        EVP_DigestSignInit_ex(md, NULL, signature->digest, NULL, NULL, signature->key->pkey, NULL) == 1 &&
        EVP_DigestSign(md, out, size, message, length) == 1;
    EVP_MD_CTX_free(md);
    token.signatures++;
    return good;
}

/* What is behind a URI, being read. */
typedef struct token_store {
    unsigned next;
} token_store;

static void *store_open(void *context, const char *uri)
{
    (void)context;
    return strncmp(uri, SCHEME ":", strlen(SCHEME) + 1) == 0 ? calloc(1, sizeof(token_store)) : NULL;
}

static int store_load(void *object, OSSL_CALLBACK *take, void *argument, OSSL_PASSPHRASE_CALLBACK *ask,
                      void *ask_argument)
{
    token_store *store = object;
    char pin[16] = "";
    size_t length = 0;
    int kind = OSSL_OBJECT_PKEY;
    char type[] = "EC";
    if (store->next == 0) {
        if (ask(pin, sizeof pin, &length, NULL, ask_argument) != 1 || length != strlen(PIN) ||
            memcmp(pin, PIN, length) != 0) {
            return 0;
        }
        token.logins++;
    }
    store->next++;
    token_key *key = calloc(1, sizeof *key);
    assert_non_null(key);
    key->pkey = shared_ec_key();
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_int(OSSL_OBJECT_PARAM_TYPE, &kind),
        OSSL_PARAM_construct_utf8_string(OSSL_OBJECT_PARAM_DATA_TYPE, type, 0),
        OSSL_PARAM_construct_octet_string(OSSL_OBJECT_PARAM_REFERENCE, &key, sizeof key),
        OSSL_PARAM_construct_end(),
    };
    return take(params, argument);
}

static int store_eof(void *object)
{
    const token_store *store = object;
    return store->next >= token.objects;
}

static int store_set_params(void *object, const OSSL_PARAM params[])
{
    (void)object;
    (void)params;
    return 1;
}

static int store_close(void *object)
{
    free(object);
    return 1;
}

#define FUNCTION(id, function)                                                                               \
    {                                                                                                        \
        id, (void (*)(void))(function)                                                                       \
    }
#define NO_FUNCTION                                                                                          \
    {                                                                                                        \
        0, NULL                                                                                              \
    }

static const OSSL_DISPATCH key_functions[] = {
    FUNCTION(OSSL_FUNC_KEYMGMT_LOAD, key_load),
    FUNCTION(OSSL_FUNC_KEYMGMT_FREE, key_free),
    FUNCTION(OSSL_FUNC_KEYMGMT_HAS, key_has),
    FUNCTION(OSSL_FUNC_KEYMGMT_GET_PARAMS, key_get_params),
    FUNCTION(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, key_gettable_params),
    FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT, key_export),
    FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, key_export_types),
    FUNCTION(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, key_operation),
    NO_FUNCTION,
};

static const OSSL_DISPATCH signature_functions[] = {
    FUNCTION(OSSL_FUNC_SIGNATURE_NEWCTX, signature_new),
    FUNCTION(OSSL_FUNC_SIGNATURE_FREECTX, signature_free),
    FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, signature_begin),
    FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN, signature_sign),
    NO_FUNCTION,
};

#define STORE_FUNCTIONS                                                                                      \
    FUNCTION(OSSL_FUNC_STORE_OPEN, store_open), FUNCTION(OSSL_FUNC_STORE_LOAD, store_load),                  \
        FUNCTION(OSSL_FUNC_STORE_EOF, store_eof), FUNCTION(OSSL_FUNC_STORE_CLOSE, store_close)

static const OSSL_DISPATCH store_functions[] = {
    STORE_FUNCTIONS,
    FUNCTION(OSSL_FUNC_STORE_SET_CTX_PARAMS, store_set_params),
    NO_FUNCTION,
};

static const OSSL_DISPATCH bare_store_functions[] = {STORE_FUNCTIONS, NO_FUNCTION};

static const OSSL_ALGORITHM *query(void *context, int operation, int *no_cache)
{
    static const OSSL_ALGORITHM keys[] = {{"EC", "provider=" PROVIDER, key_functions, NULL},
                                          {NULL, NULL, NULL, NULL}};
    static const OSSL_ALGORITHM signatures[] = {{"ECDSA", "provider=" PROVIDER, signature_functions, NULL},
                                                {NULL, NULL, NULL, NULL}};
    static const OSSL_ALGORITHM stores[] = {{SCHEME, "provider=" PROVIDER, store_functions, NULL},
                                            {SCHEME "-plain", "", store_functions, NULL},
                                            {NULL, NULL, NULL, NULL}};
    (void)context;
    *no_cache = 0;
    return operation == OSSL_OP_KEYMGMT     ? keys
           : operation == OSSL_OP_SIGNATURE ? signatures
           : operation == OSSL_OP_STORE     ? stores
                                            : NULL;
}

/* A provider whose store takes no parameters. */
static const OSSL_ALGORITHM *query_bare(void *context, int operation, int *no_cache)
{
    static const OSSL_ALGORITHM stores[] = {
        {SCHEME "-bare", "provider=" PROVIDER "-bare", bare_store_functions, NULL}, {NULL, NULL, NULL, NULL}};
    (void)context;
    *no_cache = 0;
    return operation == OSSL_OP_STORE ? stores : NULL;
}

static int start_bare(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                      void **context)
{
    static const OSSL_DISPATCH functions[] = {FUNCTION(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query_bare),
                                              NO_FUNCTION};
    static int something;
    (void)handle;
    (void)in;
    *out = functions;
    *context = &something;
    return 1;
}

static int start(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                 void **context)
{
    static const OSSL_DISPATCH functions[] = {FUNCTION(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
                                              NO_FUNCTION};
    static int something;
    (void)handle;
    (void)in;
    *out = functions;
    *context = &something;
    return 1;
}

static int give_pin(void *ctx, char *buffer, size_t capacity)
{
    const char *pin = ctx;
    assert_true(strlen(pin) <= capacity);
    memcpy(buffer, pin, strlen(pin));
    return (int)strlen(pin);
}

static okta_error *open_uri(const char *uri, const char *kid, char *pin, okta_signer **out)
{
    return okta_signer_from_uri(uri, give_pin, pin, NULL, kid, out);
}

static void the_provider_signs_and_keeps_its_key(void **state)
{
    char pin[] = PIN;
    okta_signer *signer = NULL;
    (void)state;
    assert_null(open_uri(SCHEME ":signing", NULL, pin, &signer));
    assert_int_equal(token.logins, 1);
    okta_signer *outside = signer_of_evp(shared_ec_key(), NULL, NULL);
    assert_string_equal(okta_signer_kid(signer), okta_signer_kid(outside)); /* the same thumbprint */
    okta_free(outside);
    unsigned before = token.signatures;
    for (size_t i = 0; i < 10; i++) {
        expect_signs(signer, shared_ec_key(), "ES256");
    }
    assert_int_equal(token.signatures, before + 10);
    assert_int_equal(token.exports, 0);
    okta_free(signer);
    assert_int_equal(ERR_peek_error(), 0);
}

static void a_wrong_pin_and_no_pin_are_told_apart(void **state)
{
    char pin[] = "4321";
    okta_signer *signer = NULL;
    (void)state;
    expect_error(open_uri(SCHEME ":signing", "k", pin, &signer), OKTA_E_CONFIG, "cannot open the URI");
    expect_error(okta_signer_from_uri(SCHEME ":signing", NULL, NULL, NULL, "k", &signer), OKTA_E_ARG,
                 "none was given");
    assert_null(signer);
    assert_int_equal(token.logins, 0);
    assert_int_equal(ERR_peek_error(), 0);
}

static void several_keys_are_refused(void **state)
{
    char pin[] = PIN;
    okta_signer *signer = NULL;
    (void)state;
    token.objects = 2;
    expect_error(open_uri(SCHEME ":signing", "k", pin, &signer), OKTA_E_ARG, "several private keys");
    assert_null(signer);
}

/* OpenSSL's reader of files would be asked as well, or a function would be called that is not there. */
static void a_provider_that_cannot_be_singled_out_is_refused(void **state)
{
    static const char *const uris[] = {SCHEME "-plain:signing", SCHEME "-bare:signing"};
    char pin[] = PIN;
    okta_signer *signer = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(uris); i++) {
        expect_error(open_uri(uris[i], "k", pin, &signer), OKTA_E_CONFIG, "cannot be told from");
        assert_null(signer);
    }
    assert_int_equal(token.logins, 0);
}

static void *sign_many(void *argument)
{
    for (size_t i = 0; i < EACH; i++) {
        expect_signs(argument, shared_ec_key(), "ES256");
    }
    return NULL;
}

static void threads_share_the_key(void **state)
{
    pthread_t threads[THREADS];
    char pin[] = PIN;
    okta_signer *signer = NULL;
    (void)state;
    assert_null(open_uri(SCHEME ":signing", "k", pin, &signer));
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, sign_many, signer), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(token.exports, 0);
    okta_free(signer);
}

static int fresh_token(void **state)
{
    (void)state;
    token.signatures = token.exports = token.logins = 0;
    token.objects = 1;
    return 0;
}

static OSSL_PROVIDER *providers[3];

static int set_up(void **state)
{
    (void)state;
    /* A provider that is loaded by name takes the place of the default one, unless that is named as well. */
    providers[0] = OSSL_PROVIDER_load(NULL, "default");
    if (OSSL_PROVIDER_add_builtin(NULL, PROVIDER, start) == 1 &&
        OSSL_PROVIDER_add_builtin(NULL, PROVIDER "-bare", start_bare) == 1) {
        providers[1] = OSSL_PROVIDER_load(NULL, PROVIDER);
        providers[2] = OSSL_PROVIDER_load(NULL, PROVIDER "-bare");
    }
    shared_ec_key();
    ERR_clear_error();
    return providers[0] != NULL && providers[1] != NULL && providers[2] != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = COUNT(providers); i > 0; i--) {
        if (OSSL_PROVIDER_unload(providers[i - 1]) != 1) {
            return -1;
        }
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_provider_signs_and_keeps_its_key, fresh_token),
        cmocka_unit_test_setup(a_wrong_pin_and_no_pin_are_told_apart, fresh_token),
        cmocka_unit_test_setup(several_keys_are_refused, fresh_token),
        cmocka_unit_test_setup(a_provider_that_cannot_be_singled_out_is_refused, fresh_token),
        cmocka_unit_test_setup(threads_share_the_key, fresh_token),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
