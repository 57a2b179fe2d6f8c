/* SPDX-License-Identifier: Apache-2.0 */
/* Signers around a callback, which may do anything. */
#include "unit/signer_support.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the callback does, and what it was given. */
typedef struct scripted {
    EVP_PKEY *pkey; /* signs with SHA-256, and in DER for EC; NULL: writes `bytes` */
    unsigned char bytes[OKTA_SIGNATURE_MAX];
    size_t size;
    bool silent; /* leaves the size alone */
    bool raises; /* leaves an entry in OpenSSL's queue */
    int code;
    size_t calls;
    char message[64];
    size_t capacity, size_before;
    bool was_zero;
} scripted;

static int scripted_sign(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                         size_t capacity, size_t *size)
{
    static const unsigned char zeros[OKTA_SIGNATURE_MAX] = {0};
    scripted *script = ctx;
    script->calls++;
    script->capacity = capacity;
    script->size_before = *size;
    script->was_zero = memcmp(signature, zeros, capacity) == 0;
    assert_true(length < sizeof script->message);
    memcpy(script->message, message, length);
    script->message[length] = '\0';
    if (script->raises) {
        ERR_raise(ERR_LIB_USER, 77);
    }
    if (script->pkey != NULL) {
        EVP_MD_CTX *md = EVP_MD_CTX_new();
        *size = capacity;
        assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, script->pkey), 1);
        assert_int_equal(EVP_DigestSign(md, signature, size, message, length), 1);
        EVP_MD_CTX_free(md);
    } else if (!script->silent) {
        memcpy(signature, script->bytes, script->size < capacity ? script->size : capacity);
        *size = script->size;
    }
    return script->code;
}

static okta_signer *make(const char *alg, okta_signature_form form, scripted *script)
{
    okta_signer *signer = NULL;
    okta_signer_options options = OKTA_SIGNER_OPTIONS_INIT;
    options.alg = alg;
    options.kid = "k";
    options.sign = scripted_sign;
    options.ctx = script;
    options.form = form;
    assert_null(okta_signer_new(&options, &signer));
    assert_non_null(signer);
    return signer;
}

/* The token is not written, for a reason that has this phrase. */
static void expect_no_token(const char *alg, okta_signature_form form, scripted *script, const char *phrase)
{
    oktai_buffer out = {0};
    okta_signer *signer = make(alg, form, script);
    assert_true(oktai_buffer_add_text(&out, "before"));
    expect_error(sign_something(signer, &out), OKTA_E_AUTH, phrase);
    assert_string_equal(out.data, "before");
    assert_int_equal(out.length, 6);
    assert_false(out.failed);
    oktai_buffer_clear(&out);
    okta_free(signer);
}

static void the_callback_signs_the_first_two_parts(void **state)
{
    scripted script = {.pkey = shared_rsa_key()};
    oktai_buffer out = {0};
    (void)state;
    okta_signer *signer = make("RS256", OKTA_SIGNATURE_RAW, &script);
    assert_string_equal(okta_signer_kid(signer), "k");
    expect_signs(signer, shared_rsa_key(), "RS256");
    assert_string_equal(script.message, "eyJhIjoxfQ.eyJiIjoyfQ");
    assert_int_equal(script.capacity, OKTA_SIGNATURE_MAX);
    assert_int_equal(script.size_before, 0);
    assert_true(script.was_zero);
    assert_int_equal(script.calls, 1);
    /* What stands in the buffer before the token is not signed. */
    assert_true(oktai_buffer_add_text(&out, "client_assertion="));
    assert_null(sign_something(signer, &out));
    assert_string_equal(script.message, "eyJhIjoxfQ.eyJiIjoyfQ");
    assert_memory_equal(out.data, "client_assertion=eyJhIjoxfQ.eyJiIjoyfQ.", 39);
    oktai_buffer_clear(&out);
    okta_free(signer);
}

static void der_becomes_r_and_s(void **state)
{
    scripted script = {.pkey = shared_ec_key()};
    (void)state;
    okta_signer *signer = make("ES256", OKTA_SIGNATURE_DER, &script);
    for (size_t i = 0; i < 300; i++) {
        expect_signs(signer, shared_ec_key(), "ES256");
    }
    okta_free(signer);
}

/* Said to be raw, it is not the length of two numbers. */
static void der_is_not_taken_for_raw(void **state)
{
    scripted script = {.pkey = shared_ec_key()};
    (void)state;
    expect_no_token("ES256", OKTA_SIGNATURE_RAW, &script, "not as long as r and s");
}

static void raw_signatures_pass_unchanged(void **state)
{
    static const struct {
        const char *alg;
        size_t size;
    } cases[] = {{"ES256", 64},  {"ES384", 96},  {"ES512", 132}, {"RS256", 256},
                 {"RS384", 384}, {"PS512", 512}, {"PS256", 1024}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_buffer out = {0};
        parsed_jws jws;
        scripted script = {.size = cases[i].size};
        memset(script.bytes, 0x5a, cases[i].size);
        script.bytes[0] = script.bytes[cases[i].size / 2] = 0; /* leading zeros stay */
        okta_signer *signer = make(cases[i].alg, OKTA_SIGNATURE_RAW, &script);
        assert_null(sign_something(signer, &out));
        jws_parse(out.data, &jws);
        assert_int_equal(jws.signature_size, cases[i].size);
        assert_memory_equal(jws.signature, script.bytes, cases[i].size);
        jws_clear(&jws);
        oktai_buffer_clear(&out);
        okta_free(signer);
    }
}

static void a_wrong_size_is_refused(void **state)
{
    static const struct {
        const char *alg;
        okta_signature_form form;
        size_t size;
    } cases[] = {
        {"ES256", OKTA_SIGNATURE_RAW, 0},    {"ES256", OKTA_SIGNATURE_RAW, 63},
        {"ES256", OKTA_SIGNATURE_RAW, 65},   {"ES256", OKTA_SIGNATURE_RAW, 96},
        {"ES384", OKTA_SIGNATURE_RAW, 64},   {"ES512", OKTA_SIGNATURE_RAW, 131},
        {"ES512", OKTA_SIGNATURE_RAW, 128},  {"ES256", OKTA_SIGNATURE_DER, 0},
        {"ES256", OKTA_SIGNATURE_DER, 64},   {"RS256", OKTA_SIGNATURE_RAW, 0},
        {"RS256", OKTA_SIGNATURE_RAW, 255},  {"RS256", OKTA_SIGNATURE_RAW, 1025},
        {"PS512", OKTA_SIGNATURE_RAW, 128},  {"ES256", OKTA_SIGNATURE_RAW, OKTA_SIGNATURE_MAX + 1},
        {"ES256", OKTA_SIGNATURE_DER, 4096}, {"RS256", OKTA_SIGNATURE_RAW, SIZE_MAX},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        scripted script = {.size = cases[i].size};
        memset(script.bytes, 0x11, sizeof script.bytes);
        expect_no_token(cases[i].alg, cases[i].form, &script, "the signature that the signer gave");
    }
}

static void a_callback_that_writes_nothing_is_refused(void **state)
{
    static const char *const algs[] = {"RS256", "PS256", "ES256", "ES512"};
    (void)state;
    for (size_t i = 0; i < COUNT(algs); i++) {
        scripted silent = {.silent = true};
        expect_no_token(algs[i], OKTA_SIGNATURE_RAW, &silent, "the signature that the signer gave");
        expect_no_token(algs[i], OKTA_SIGNATURE_DER, &silent, "the signature that the signer gave");
        scripted zeros = {.size = i < 2 ? 256 : i == 2 ? 64 : 132};
        expect_no_token(algs[i], OKTA_SIGNATURE_RAW, &zeros, "0");
    }
}

static void a_code_fails_the_signature_and_is_told(void **state)
{
    static const int codes[] = {1, -1, 48, INT32_MIN, INT32_MAX};
    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++) {
        char phrase[64];
        scripted script = {.pkey = shared_rsa_key(), .code = codes[i]};
        snprintf(phrase, sizeof phrase, "code %d", codes[i]);
        expect_no_token("RS256", OKTA_SIGNATURE_RAW, &script, phrase);
    }
}

static void what_the_callback_leaves_in_the_error_queue_stays(void **state)
{
    scripted script = {.pkey = shared_ec_key(), .raises = true};
    oktai_buffer out = {0};
    (void)state;
    okta_signer *signer = make("ES256", OKTA_SIGNATURE_DER, &script);
    ERR_clear_error();
    ERR_raise(ERR_LIB_USER, 41);
    assert_null(sign_something(signer, &out));
    assert_int_equal(ERR_GET_REASON(ERR_get_error()), 41);
    assert_int_equal(ERR_GET_REASON(ERR_get_error()), 77);
    assert_int_equal(ERR_get_error(), 0);
    oktai_buffer_clear(&out);
    okta_free(signer);
}

static void refuse_options(okta_signer_options options, const char *phrase)
{
    okta_signer *signer = (okta_signer *)&signer;
    expect_error(okta_signer_new(&options, &signer), OKTA_E_ARG, phrase);
    assert_null(signer);
}

static void options_are_checked(void **state)
{
    static const char *const algs[] = {"",      "none",  "NONE",   "HS256",  "HS384", "HS512",   "rs256",
                                       "es256", "EdDSA", "ES256K", "RS256 ", "RS257", "RSA-OAEP"};
    static const char *const kids[] = {"\n", "a\r\nb", "a\x01", "\x7f", "\xc3\xa9", "\xff"};
    okta_signer_options good = OKTA_SIGNER_OPTIONS_INIT;
    okta_signer *signer = NULL;
    char longest[257];
    (void)state;
    good.alg = "ES256";
    good.kid = "k";
    good.sign = scripted_sign;
    okta_signer_options options = good;
    for (size_t i = 0; i < COUNT(algs); i++) {
        options.alg = algs[i];
        refuse_options(options, "alg must be one of");
    }
    options.alg = NULL;
    refuse_options(options, "alg must not be NULL");
    options = good;
    for (size_t i = 0; i < COUNT(kids); i++) {
        options.kid = kids[i];
        refuse_options(options, "kid must be");
    }
    memset(longest, 'k', sizeof longest);
    longest[256] = '\0';
    options.kid = longest;
    refuse_options(options, "kid must be");
    options.kid = NULL;
    refuse_options(options, "kid must not be NULL");
    options = good;
    options.sign = NULL;
    refuse_options(options, "sign must not be NULL");
    options = good;
    options.form = (okta_signature_form)2;
    refuse_options(options, "form is no okta_signature_form");
    options = good;
    options.struct_size = 0;
    refuse_options(options, "struct_size");
    options.struct_size = offsetof(okta_signer_options, form);
    refuse_options(options, "struct_size");
    options.struct_size = SIZE_MAX;
    refuse_options(options, "struct_size");
    expect_error(okta_signer_new(NULL, &signer), OKTA_E_ARG, "options must not be NULL");
    expect_error(okta_signer_new(&good, NULL), OKTA_E_ARG, "out must not be NULL");
}

static void strings_of_the_options_are_copied(void **state)
{
    char alg[] = "ES384";
    char kid[] = "a \"kid\" with \\ and ~";
    okta_signer *signer = NULL;
    okta_signer_options options = OKTA_SIGNER_OPTIONS_INIT;
    (void)state;
    options.alg = alg;
    options.kid = kid;
    options.sign = scripted_sign;
    assert_null(okta_signer_new(&options, &signer));
    memset(alg, 'x', sizeof alg);
    memset(kid, 'x', sizeof kid);
    assert_string_equal(okta_signer_alg(signer), "ES384");
    assert_string_equal(okta_signer_kid(signer), "a \"kid\" with \\ and ~");
    okta_free(signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_callback_signs_the_first_two_parts),
        cmocka_unit_test(der_becomes_r_and_s),
        cmocka_unit_test(der_is_not_taken_for_raw),
        cmocka_unit_test(raw_signatures_pass_unchanged),
        cmocka_unit_test(a_wrong_size_is_refused),
        cmocka_unit_test(a_callback_that_writes_nothing_is_refused),
        cmocka_unit_test(a_code_fails_the_signature_and_is_told),
        cmocka_unit_test(what_the_callback_leaves_in_the_error_queue_stays),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(strings_of_the_options_are_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
