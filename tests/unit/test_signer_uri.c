/* SPDX-License-Identifier: Apache-2.0 */
/* Signers behind URIs: a store and an engine of the test's own, and what must never be read. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "unit/signer_support.h"

#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCHEME "okta-test"
#define PIN    "1234 and more"

/* What the store holds, and how it behaves. */
static struct {
    EVP_PKEY *keys[4];
    size_t count;     /* keys */
    bool with_public; /* a public key and parameters stand before the keys */
    bool fails;       /* to open; */
    bool fails_later; /* to load */
    unsigned prompts; /* so many times it asks before it opens */
    bool accepts_any; /* else the passphrase must be PIN */
    bool chatters;    /* shows texts beside its question */
    bool verifies;    /* asks for the passphrase twice, as for a fresh one */
    unsigned opened;
    char uri[128];
} store;

struct ossl_store_loader_ctx_st {
    size_t next;
    bool ended;
};

static bool prompt_is_answered(const UI_METHOD *method, void *data)
{
    char buffer[64] = "";
    char again[64] = "";
    UI *ui = UI_new_method(method);
    UI_add_user_data(ui, data);
    if (store.chatters) {
        assert_true(UI_add_info_string(ui, "a text") >= 0);
        assert_true(UI_add_error_string(ui, "a complaint") >= 0);
    }
    assert_true(UI_add_input_string(ui, "PIN: ", 0, buffer, 4, sizeof buffer - 1) >= 0);
    if (store.verifies) {
        assert_true(UI_add_verify_string(ui, "again: ", 0, again, 4, sizeof again - 1, buffer) >= 0);
    }
    bool good = UI_process(ui) == 0 && (store.accepts_any || strcmp(buffer, PIN) == 0);
    UI_free(ui);
    return good;
}

static OSSL_STORE_LOADER_CTX *store_open(const OSSL_STORE_LOADER *loader, const char *uri,
                                         const UI_METHOD *method, void *data)
{
    (void)loader;
    store.opened++;
    snprintf(store.uri, sizeof store.uri, "%s", uri);
    for (unsigned i = 0; i < store.prompts; i++) {
        if (!prompt_is_answered(method, data)) {
            ERR_raise(ERR_LIB_OSSL_STORE, OSSL_STORE_R_BAD_PASSWORD_READ);
            return NULL;
        }
    }
    if (store.fails) {
        ERR_raise(ERR_LIB_OSSL_STORE, OSSL_STORE_R_UNSUPPORTED_OPERATION);
        return NULL;
    }
    return calloc(1, sizeof(OSSL_STORE_LOADER_CTX));
}

static OSSL_STORE_INFO *info_of(EVP_PKEY *pkey, OSSL_STORE_INFO *make(EVP_PKEY *))
{
    EVP_PKEY_up_ref(pkey);
    return make(pkey);
}

static OSSL_STORE_INFO *store_load(OSSL_STORE_LOADER_CTX *ctx, const UI_METHOD *method, void *data)
{
    (void)method;
    (void)data;
    if (store.fails_later) {
        ERR_raise(ERR_LIB_OSSL_STORE, OSSL_STORE_R_NOT_A_PRIVATE_KEY);
        return NULL;
    }
    size_t at = ctx->next++;
    if (store.with_public && at < 2) {
        return info_of(shared_ec_key(), at == 0 ? OSSL_STORE_INFO_new_PUBKEY : OSSL_STORE_INFO_new_PARAMS);
    }
    at -= store.with_public ? 2 : 0;
    if (at >= store.count) {
        ctx->ended = true;
        return NULL;
    }
    return info_of(store.keys[at], OSSL_STORE_INFO_new_PKEY);
}

static int store_eof(OSSL_STORE_LOADER_CTX *ctx)
{
    return ctx->ended || (ctx->next >= store.count + (store.with_public ? 2u : 0u) && !store.fails_later);
}

static int store_error(OSSL_STORE_LOADER_CTX *ctx)
{
    (void)ctx;
    return store.fails_later;
}

static int store_close(OSSL_STORE_LOADER_CTX *ctx)
{
    free(ctx);
    return 1;
}

/* The engine's only key is called "signing"; others it has not. */
static EVP_PKEY *engine_load(ENGINE *engine, const char *name, UI_METHOD *method, void *data)
{
    (void)engine;
    snprintf(store.uri, sizeof store.uri, "%s", name);
    for (unsigned i = 0; i < store.prompts; i++) {
        if (!prompt_is_answered(method, data)) {
            return NULL;
        }
    }
    if (store.count == 0) {
        return NULL;
    }
    EVP_PKEY_up_ref(store.keys[0]);
    return store.keys[0];
}

/* What the program answers. */
typedef struct answer {
    const char *text; /* NULL: gives up */
    int length;       /* -2: that of the text */
    bool raises;
    unsigned asked;
    size_t capacity;
} answer;

static int give_answer(void *ctx, char *buffer, size_t capacity)
{
    answer *given = ctx;
    given->asked++;
    given->capacity = capacity;
    if (given->raises) {
        ERR_raise(ERR_LIB_USER, 77);
    }
    if (given->text == NULL) {
        return -1;
    }
    memcpy(buffer, given->text, strlen(given->text));
    return given->length == -2 ? (int)strlen(given->text) : given->length;
}

static void refuse_uri(const char *uri, okta_passphrase_fn *passphrase, answer *given, okta_status status,
                       const char *phrase)
{
    okta_signer *signer = (okta_signer *)&signer;
    expect_error(okta_signer_from_uri(uri, passphrase, given, NULL, "k", &signer), status, phrase);
    assert_null(signer);
    assert_int_equal(ERR_peek_error(), 0);
}

static okta_signer *signer_of_uri(const char *uri, okta_passphrase_fn *passphrase, answer *given,
                                  const char *kid)
{
    okta_signer *signer = NULL;
    okta_error *error = okta_signer_from_uri(uri, passphrase, given, NULL, kid, &signer);
    if (error != NULL) {
        print_error("%s\n", okta_error_message(error));
    }
    assert_null(error);
    assert_int_equal(ERR_peek_error(), 0);
    return signer;
}

static int empty_store(void **state)
{
    (void)state;
    memset(&store, 0, sizeof store);
    ERR_clear_error();
    return 0;
}

static void fill_store(void)
{
    store.keys[0] = shared_ec_key();
    store.count = 1;
}

static void the_only_private_key_signs(void **state)
{
    static const char *const uris[] = {SCHEME ":anything", SCHEME "://host/path?query",
                                       "org.openssl.engine:" SCHEME ":anything",
                                       "ORG.OpenSSL.Engine:" SCHEME ":anything"};
    (void)state;
    for (size_t i = 0; i < COUNT(uris); i++) {
        for (int with_public = 0; with_public <= 1; with_public++) {
            fill_store();
            store.with_public = with_public == 1;
            okta_signer *signer = signer_of_uri(uris[i], NULL, NULL, "k");
            assert_string_equal(store.uri, i < 2 ? uris[i] : "anything");
            assert_string_equal(okta_signer_kid(signer), "k");
            expect_signs(signer, shared_ec_key(), "ES256");
            okta_free(signer);
        }
    }
    store.keys[0] = shared_rsa_key();
    okta_signer *signer = NULL;
    assert_null(okta_signer_from_uri(SCHEME ":rsa", NULL, NULL, "PS384", NULL, &signer));
    assert_int_equal(strlen(okta_signer_kid(signer)), OKTA_THUMBPRINT_SIZE - 1);
    expect_signs(signer, shared_rsa_key(), "PS384");
    okta_free(signer);
}

static void no_key_and_several_keys_are_refused(void **state)
{
    (void)state;
    refuse_uri(SCHEME ":none", NULL, NULL, OKTA_E_ARG, "no private key");
    store.with_public = true;
    refuse_uri(SCHEME ":public", NULL, NULL, OKTA_E_ARG, "no private key");
    fill_store();
    store.keys[1] = shared_rsa_key();
    store.keys[2] = shared_rsa_key();
    for (store.count = 2; store.count <= 3; store.count++) {
        refuse_uri(SCHEME ":several", NULL, NULL, OKTA_E_ARG, "several private keys");
    }
    store.keys[1] = store.keys[0];
    store.count = 2;
    refuse_uri(SCHEME ":twice", NULL, NULL, OKTA_E_ARG, "several private keys");
}

static void what_is_behind_the_uri_is_checked_like_any_key(void **state)
{
    (void)state;
    EVP_PKEY *pss = make_other_key("RSA-PSS");
    EVP_PKEY *koblitz = make_ec_key("secp256k1");
    unsigned char *der = NULL;
    int size = i2d_PUBKEY(shared_ec_key(), &der);
    const unsigned char *at = der;
    EVP_PKEY *public_half = d2i_PUBKEY(NULL, &at, size);
    store.count = 1;
    store.keys[0] = pss;
    refuse_uri(SCHEME ":pss", NULL, NULL, OKTA_E_ARG, "RSA-PSS");
    store.keys[0] = koblitz;
    refuse_uri("org.openssl.engine:" SCHEME ":k", NULL, NULL, OKTA_E_ARG, "secp256k1");
    store.keys[0] = public_half; /* a store may call it private */
    refuse_uri(SCHEME ":public", NULL, NULL, OKTA_E_ARG, "cannot sign");
    okta_signer *signer = NULL;
    fill_store();
    expect_error(okta_signer_from_uri(SCHEME ":k", NULL, NULL, "RS256", NULL, &signer), OKTA_E_ARG, "alg ");
    expect_error(okta_signer_from_uri(SCHEME ":k", NULL, NULL, NULL, "a\n", &signer), OKTA_E_ARG, "kid ");
    EVP_PKEY_free(public_half);
    EVP_PKEY_free(koblitz);
    EVP_PKEY_free(pss);
    OPENSSL_free(der);
}

static void what_cannot_be_opened_is_a_matter_of_configuration(void **state)
{
    (void)state;
    refuse_uri("nobody-knows-this:x", NULL, NULL, OKTA_E_CONFIG, "OpenSSL cannot open the URI");
    refuse_uri("pkcs11:token=okta;pin-value=1234", NULL, NULL, OKTA_E_CONFIG, "OpenSSL cannot open the URI");
    refuse_uri("org.openssl.engine:no-such-engine:x", NULL, NULL, OKTA_E_CONFIG, "no engine of the name");
    refuse_uri("org.openssl.engine:" SCHEME "-broken:x", NULL, NULL, OKTA_E_CONFIG, "cannot start it");
    refuse_uri("org.openssl.engine:x", NULL, NULL, OKTA_E_CONFIG, "name an engine");
    refuse_uri("org.openssl.engine:", NULL, NULL, OKTA_E_CONFIG, "name an engine");
    refuse_uri("org.openssl.engine::x", NULL, NULL, OKTA_E_CONFIG, "name an engine");
    refuse_uri("org.openssl.engine:a-name-of-an-engine-that-is-longer-than-any-engine-would-have-it:x", NULL,
               NULL, OKTA_E_CONFIG, "name an engine");
    refuse_uri("org.openssl.engine:" SCHEME ":absent", NULL, NULL, OKTA_E_CONFIG, "cannot load the key");
    store.fails = true;
    refuse_uri(SCHEME ":x", NULL, NULL, OKTA_E_CONFIG, "unsupported operation");
    store.fails = false;
    store.fails_later = true;
    refuse_uri(SCHEME ":x", NULL, NULL, OKTA_E_CONFIG, "not a private key");
}

/* A PIN may stand in a URI. */
static void no_error_shows_the_uri(void **state)
{
    static const char *const uris[] = {"pkcs11:pin-value=s3cr3t",
                                       SCHEME ":pin-value=s3cr3t",
                                       "s3cr3t",
                                       "org.openssl.engine:" SCHEME ":s3cr3t",
                                       "org.openssl.engine:s3cr3t:x",
                                       "file:s3cr3t"};
    (void)state;
    store.fails = true;
    for (size_t i = 0; i < COUNT(uris); i++) {
        okta_signer *signer = NULL;
        okta_error *error = okta_signer_from_uri(uris[i], NULL, NULL, NULL, "k", &signer);
        assert_non_null(error);
        assert_null(strstr(okta_error_message(error), "s3cr3t"));
        okta_free(error);
    }
}

static void the_passphrase_is_asked_once(void **state)
{
    static const char *const uris[] = {SCHEME ":x", "org.openssl.engine:" SCHEME ":x"};
    (void)state;
    fill_store();
    for (size_t i = 0; i < COUNT(uris); i++) {
        store.prompts = 1;
        for (int chatters = 0; chatters <= 1; chatters++) {
            answer good = {.text = PIN, .length = -2};
            store.chatters = chatters == 1;
            okta_free(signer_of_uri(uris[i], give_answer, &good, "k"));
            assert_int_equal(good.asked, 1);
            assert_true(good.capacity >= 64);
        }
        answer wrong = {.text = "12345", .length = -2};
        refuse_uri(uris[i], give_answer, &wrong, OKTA_E_CONFIG, i == 0 ? "cannot open" : "cannot load");
        assert_int_equal(wrong.asked, 1);
        answer nothing = {.text = NULL};
        refuse_uri(uris[i], give_answer, &nothing, OKTA_E_ARG, "none was given");
        assert_int_equal(nothing.asked, 1);
        refuse_uri(uris[i], NULL, NULL, OKTA_E_ARG, "none was given");
        store.prompts = 2;
        answer again = {.text = PIN, .length = -2};
        refuse_uri(uris[i], give_answer, &again, OKTA_E_ARG, "second passphrase");
        assert_int_equal(again.asked, 1);
        store.prompts = 0;
        answer unasked = {.text = PIN, .length = -2};
        okta_free(signer_of_uri(uris[i], give_answer, &unasked, "k"));
        assert_int_equal(unasked.asked, 0);
    }
}

static void a_passphrase_must_have_the_length_that_is_asked_for(void **state)
{
    char text[101];
    (void)state;
    fill_store();
    store.prompts = 1;
    store.accepts_any = true;
    memset(text, 'p', sizeof text);
    text[100] = '\0';
    static const struct {
        int length;
        bool good;
    } cases[] = {{0, false}, {3, false}, {4, true}, {63, true}, {64, false}, {100, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        answer given = {.text = text, .length = cases[i].length};
        if (cases[i].good) {
            okta_free(signer_of_uri(SCHEME ":x", give_answer, &given, "k"));
        } else {
            refuse_uri(SCHEME ":x", give_answer, &given, OKTA_E_ARG, "longer or shorter");
        }
    }
    static const int lies[] = {1025, 4096, INT32_MAX};
    for (size_t i = 0; i < COUNT(lies); i++) {
        answer liar = {.text = text, .length = lies[i]};
        refuse_uri(SCHEME ":x", give_answer, &liar, OKTA_E_ARG, "longer or shorter");
    }
    store.verifies = true;
    answer given = {.text = PIN, .length = -2};
    refuse_uri(SCHEME ":x", give_answer, &given, OKTA_E_CONFIG, "cannot open");
}

/* OpenSSL takes `scheme:rest` for the path of a file at first. */
static void a_file_whose_name_looks_like_a_uri_is_not_read(void **state)
{
    static const char *const names[] = {"pkcs11:token=okta", SCHEME ":x", "unknown:key.pem"};
    char folder[] = "/tmp/okta-test-uri-XXXXXX";
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    for (size_t i = 0; i < COUNT(names); i++) {
        FILE *file = fopen(names[i], "w");
        assert_non_null(file);
        assert_int_equal(PEM_write_PKCS8PrivateKey(file, shared_rsa_key(), NULL, NULL, 0, NULL, NULL), 1);
        assert_int_equal(fclose(file), 0);
        fill_store();
        if (i == 1) {
            okta_signer *signer = signer_of_uri(names[i], NULL, NULL, "k");
            expect_signs(signer, shared_ec_key(), "ES256"); /* the store's key, not the file's */
            okta_free(signer);
        } else {
            refuse_uri(names[i], NULL, NULL, OKTA_E_CONFIG, "cannot open");
        }
        unlink(names[i]);
    }
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void paths_and_file_uris_are_refused(void **state)
{
    static const char *const uris[] = {
        "",          "/etc/passwd", "key.pem",     "./key.pem",         "../a:b",     "a/b:c",
        ":x",        "1a:x",        "+a:x",        "file:key.pem",      "FILE:/k",    "File:///k.pem",
        "fIlE://x/", "a b:c",       "key.pem\n:x", "caf\xc3\xa9:token", "-file:/key", "file:",
    };
    (void)state;
    okta_signer *signer = NULL;
    fill_store();
    for (size_t i = 0; i < COUNT(uris); i++) {
        refuse_uri(uris[i], NULL, NULL, OKTA_E_ARG, "okta_key_from_pem()");
    }
    refuse_uri(NULL, NULL, NULL, OKTA_E_ARG, "uri must not be NULL");
    expect_error(okta_signer_from_uri(SCHEME ":x", NULL, NULL, NULL, NULL, NULL), OKTA_E_ARG, "out must not");
    assert_null(signer);
    assert_int_equal(store.opened, 0);
}

static void the_callers_entries_in_the_error_queue_stay(void **state)
{
    (void)state;
    fill_store();
    store.prompts = 1;
    for (int with_entries = 0; with_entries <= 1; with_entries++) {
        for (int good = 0; good <= 1; good++) {
            answer given = {.text = good == 1 ? PIN : "wrong", .length = -2, .raises = true};
            okta_signer *signer = NULL;
            if (with_entries == 1) {
                ERR_raise(ERR_LIB_USER, 41);
                ERR_set_mark();
                ERR_raise(ERR_LIB_USER, 42);
            }
            okta_error *error = okta_signer_from_uri(SCHEME ":x", give_answer, &given, NULL, "k", &signer);
            assert_int_equal(error == NULL, good);
            okta_free(error);
            okta_free(signer);
            if (with_entries == 1) {
                assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), 42);
                assert_int_equal(ERR_pop_to_mark(), 1);
                assert_int_equal(ERR_GET_REASON(ERR_get_error()), 41);
            }
            assert_int_equal(ERR_get_error(), 0);
        }
    }
}

/* Signs as a broken token might. */
static int encrypt_short(int length, const unsigned char *from, unsigned char *to, RSA *rsa, int padding)
{
    int size = RSA_meth_get_priv_enc(RSA_PKCS1_OpenSSL())(length, from, to, rsa, padding);
    return size - 1;
}

static void an_rsa_signature_is_as_long_as_the_modulus(void **state)
{
    (void)state;
    RSA_METHOD *method = RSA_meth_dup(RSA_PKCS1_OpenSSL());
    RSA *rsa = EVP_PKEY_get1_RSA(shared_rsa_key());
    RSA *same = RSAPrivateKey_dup(rsa);
    assert_int_equal(RSA_set_method(same, method), 1);
    EVP_PKEY *pkey = EVP_PKEY_new();
    assert_int_equal(EVP_PKEY_assign_RSA(pkey, same), 1);
    okta_signer *signer = signer_of_evp(pkey, "RS256", NULL); /* while the method is in order */
    expect_signs(signer, shared_rsa_key(), "RS256");
    assert_int_equal(RSA_meth_set_priv_enc(method, encrypt_short), 1);
    oktai_buffer out = {0};
    expect_error(sign_something(signer, &out), OKTA_E_AUTH, "not as long as its modulus");
    assert_int_equal(out.length, 0);
    store.keys[0] = pkey;
    store.count = 1;
    refuse_uri(SCHEME ":short", NULL, NULL, OKTA_E_ARG, "not as long as its modulus");
    oktai_buffer_clear(&out);
    okta_free(signer);
    EVP_PKEY_free(pkey);
    RSA_free(rsa);
    RSA_meth_free(method);
}

static OSSL_STORE_LOADER *loader;

static int fail_to_start(ENGINE *engine)
{
    (void)engine;
    return 0;
}

static bool add_broken_engine(void)
{
    ENGINE *engine = ENGINE_new();
    bool good = ENGINE_set_id(engine, SCHEME "-broken") == 1 && ENGINE_set_name(engine, "broken") == 1 &&
                ENGINE_set_init_function(engine, fail_to_start) == 1 && ENGINE_add(engine) == 1;
    ENGINE_free(engine);
    return good;
}

static int set_up(void **state)
{
    (void)state;
    ENGINE *engine = ENGINE_new();
    loader = OSSL_STORE_LOADER_new(NULL, SCHEME);
    bool good = OSSL_STORE_LOADER_set_open(loader, store_open) == 1 &&
                OSSL_STORE_LOADER_set_load(loader, store_load) == 1 &&
                OSSL_STORE_LOADER_set_eof(loader, store_eof) == 1 &&
                OSSL_STORE_LOADER_set_error(loader, store_error) == 1 &&
                OSSL_STORE_LOADER_set_close(loader, store_close) == 1 &&
                OSSL_STORE_register_loader(loader) == 1 && ENGINE_set_id(engine, SCHEME) == 1 &&
                ENGINE_set_name(engine, "of the test") == 1 &&
                ENGINE_set_load_privkey_function(engine, engine_load) == 1 && ENGINE_add(engine) == 1;
    ENGINE_free(engine);
    return good && add_broken_engine() ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    OSSL_STORE_unregister_loader(SCHEME);
    OSSL_STORE_LOADER_free(loader);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_only_private_key_signs, empty_store),
        cmocka_unit_test_setup(no_key_and_several_keys_are_refused, empty_store),
        cmocka_unit_test_setup(what_is_behind_the_uri_is_checked_like_any_key, empty_store),
        cmocka_unit_test_setup(what_cannot_be_opened_is_a_matter_of_configuration, empty_store),
        cmocka_unit_test_setup(no_error_shows_the_uri, empty_store),
        cmocka_unit_test_setup(the_passphrase_is_asked_once, empty_store),
        cmocka_unit_test_setup(a_passphrase_must_have_the_length_that_is_asked_for, empty_store),
        cmocka_unit_test_setup(a_file_whose_name_looks_like_a_uri_is_not_read, empty_store),
        cmocka_unit_test_setup(paths_and_file_uris_are_refused, empty_store),
        cmocka_unit_test_setup(the_callers_entries_in_the_error_queue_stay, empty_store),
        cmocka_unit_test_setup(an_rsa_signature_is_as_long_as_the_modulus, empty_store),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
