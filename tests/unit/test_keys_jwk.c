/* SPDX-License-Identifier: Apache-2.0 */
/* okta_key_from_jwk(), okta_key_from_jwk_model() and okta_key_to_jwk_request(). */
#include "unit/keys_support.h"

#include <openssl/core_names.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64url.h"
#include "unit/keys_vectors.h"

#define JWK_MAX 65536u

/* The text with the first `from` replaced. Frees `text`. */
static char *replaced(char *text, const char *from, const char *to)
{
    char *at = strstr(text, from);
    assert_non_null(at);
    size_t size = strlen(text) + strlen(to) + 1;
    char *result = malloc(size);
    assert_non_null(result);
    snprintf(result, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    free(text);
    return result;
}

static char *copied(const char *text)
{
    return joined(text, "");
}

static void expect_bad(char *json, const char *phrase)
{
    expect_jwk_refused(json, phrase);
    free(json);
}

static void reads_the_keys_of_rfc_7517(void **state)
{
    (void)state;
    static const struct {
        const char *json, *description;
        bool is_private;
    } keys[] = {
        {VECTOR_RSA, "RSA 2048", false},
        {VECTOR_RSA_PRIVATE, "RSA 2048", true},
        {VECTOR_EC, "EC P-256", false},
        {VECTOR_EC_PRIVATE, "EC P-256", true},
    };
    for (size_t i = 0; i < COUNT(keys); i++) {
        okta_key *key = key_of_jwk(keys[i].json);
        assert_string_equal(okta_key_description(key), keys[i].description);
        assert_int_equal(okta_key_is_private(key), keys[i].is_private);
        okta_free(key);
    }
}

static void is_the_same_key_as_its_pem(void **state)
{
    (void)state;
    EVP_PKEY *keys[] = {shared_rsa_key(), make_ec_key("P-256"), make_ec_key("P-384"), make_ec_key("P-521")};
    for (size_t i = 0; i < COUNT(keys); i++) {
        char *pem = pkcs8_pem(keys[i]);
        char *written = NULL;
        char *json = jwk_text(keys[i], true, "");
        okta_key *key = key_of_jwk(json);
        assert_null(okta_key_to_private_pem(key, &written));
        assert_string_equal(written, pem);
        okta_free(written);
        okta_free(key);
        free(json);
        free(pem);

        pem = public_pem(keys[i]);
        json = jwk_text(keys[i], false, "");
        okta_key *of_pem = key_of_pem(pem);
        okta_key *of_jwk = key_of_jwk(json);
        assert_same_key(of_pem, of_jwk);
        okta_free(of_pem);
        okta_free(of_jwk);
        free(json);
        free(pem);
        if (i > 0) {
            EVP_PKEY_free(keys[i]);
        }
    }
}

static void other_members_do_not_matter(void **state)
{
    (void)state;
    okta_free(key_of_jwk(
        "\xef\xbb\xbf {\"x5c\":[\"a\"],\"ext\":true,\"key_ops\":[\"verify\"],\"kid\":7,\"use\":null,"
        "\"alg\":{},\"y\":\"" VECTOR_Y "\",\"n\":5,\"crv\":\"P-256\",\"oth\":[],"
        "\"x\":\"" VECTOR_X "\",\"kty\":\"EC\",\"p\":false} \n"));
    okta_free(key_of_jwk(
        "{\"kty\":\"RSA\",\"x\":1,\"y\":null,\"crv\":\"none\",\"e\":\"AQAB\",\"n\":\"" VECTOR_N "\"}"));
    okta_free(key_of_jwk("{\"k\\u0074y\":\"R\\u0053A\",\"e\":\"AQ\\u0041B\",\"n\":\"" VECTOR_N "\"}"));
}

static void refuses_what_is_no_strict_json_object(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "[]",
        "null",
        "\"kty\"",
        "{",
        "{}x",
        "{\"kty\":\"RSA\",}",
        "{'kty':'RSA'}",
        "[" VECTOR_EC "]",
        VECTOR_EC VECTOR_EC,
        VECTOR_EC "\x01",
        "{\"kty\":\"EC\",\"kty\":\"EC\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"kty\":\"RSA\",\"k\\u0074y\":\"RSA\"}",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        expect_jwk_refused(texts[i], "a JWK is one JSON object");
    }
    static const char *const members[] = {"kty", "crv", "x", "y", "d", "kid", "use", "alg"};
    for (size_t i = 0; i < COUNT(members); i++) {
        char twice[64];
        snprintf(twice, sizeof twice, "{\"%s\":1,\"%s\":2,", members[i], members[i]);
        expect_bad(joined(twice, &VECTOR_EC[1]), "a JWK is one JSON object");
    }
    size_t length = strlen(VECTOR_EC);
    for (size_t i = 0; i < length; i++) {
        char *prefix = copied(VECTOR_EC);
        prefix[i] = '\0';
        expect_bad(prefix, "a JWK is one JSON object");
    }
}

static void refuses_missing_and_mistyped_members(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *const members[9];
    } keys[] = {
        {VECTOR_RSA_PRIVATE, {"kty", "n", "e", "d", "p", "q", "dp", "dq", "qi"}},
        {VECTOR_EC_PRIVATE, {"kty", "crv", "x", "y"}},
    };
    static const char *const values[] = {"null", "1", "true", "[]", "{}", "[\"AQAB\"]"};
    for (size_t k = 0; k < COUNT(keys); k++) {
        for (size_t i = 0; i < COUNT(keys[k].members) && keys[k].members[i] != NULL; i++) {
            char name[8];
            char other[40];
            snprintf(name, sizeof name, "\"%s\":", keys[k].members[i]);
            expect_bad(replaced(copied(keys[k].json), name, "\"other\":"), keys[k].members[i]);
            for (size_t v = 0; v < COUNT(values); v++) {
                snprintf(other, sizeof other, "%s%s,\"o\":", name, values[v]);
                expect_bad(replaced(copied(keys[k].json), name, other), keys[k].members[i]);
            }
            snprintf(other, sizeof other, "%s\"\",\"o\":", name);
            expect_bad(replaced(copied(keys[k].json), name, other), keys[k].members[i]);
        }
    }
    /* without d the EC key is public; a d that is no string may not make it so */
    expect_bad(replaced(copied(VECTOR_EC_PRIVATE), "\"d\":\"" VECTOR_EC_D "\"", "\"d\":null"), "\"d\"");
    expect_bad(replaced(copied(VECTOR_EC_PRIVATE), "\"d\":\"" VECTOR_EC_D "\"", "\"d\":5"), "\"d\"");
    expect_bad(replaced(copied(VECTOR_EC_PRIVATE), VECTOR_EC_D, ""), "\"d\"");
    expect_bad(replaced(copied(VECTOR_RSA_PRIVATE), "\"qi\":", "\"oth\":[],\"qi\":"), "two primes");
}

static void takes_only_rsa_and_three_curves(void **state)
{
    (void)state;
    static const char *const types[] = {"oct", "OKP", "rsa", "ec", "RSA ", "EC\\u0001", "", "RSAEC"};
    static const char *const curves[] = {"secp256k1", "P-224",      "Ed25519", "p-256",
                                         "P-256 ",    "prime256v1", ""};
    for (size_t i = 0; i < COUNT(types); i++) {
        char value[32];
        snprintf(value, sizeof value, "\"kty\":\"%s\"", types[i]);
        expect_bad(replaced(copied(VECTOR_RSA), "\"kty\":\"RSA\"", value), "neither RSA nor EC");
        expect_bad(replaced(copied(VECTOR_EC), "\"kty\":\"EC\"", value), "neither RSA nor EC");
    }
    for (size_t i = 0; i < COUNT(curves); i++) {
        char value[32];
        snprintf(value, sizeof value, "\"%s\"", curves[i]);
        expect_bad(replaced(copied(VECTOR_EC), "\"P-256\"", value), "none of P-256, P-384 and P-521");
    }
    expect_bad(replaced(copied(VECTOR_EC), "P-256", "P-384"), "48 octets of P-384");
    expect_jwk_refused(
        "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i\"}",
        "neither RSA nor EC");
}

static void is_strict_about_base64url(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *phrase;
    } changes[] = {
        {"AQAB", "AQAB=", "\"e\" is not base64url"},
        {"AQAB", "AQAB====", "\"e\" is not base64url"},
        {"AQAB", "AQ+B", "\"e\" is not base64url"},
        {"AQAB", "AQ/B", "\"e\" is not base64url"},
        {"AQAB", "AQ B", "\"e\" is not base64url"},
        {"AQAB", "AQAB\\n", "\"e\" is not base64url"},
        {"AQAB", "A", "\"e\" is not base64url"},
        {"AQAB", "AQABA", "\"e\" is not base64url"},
        {"AQAB", "AR", "\"e\" is not base64url"}, /* stray bits */
        {"AQAB", "AAEAAQ", "\"e\" has a leading zero"},
        {"AQAB", "AA", "\"e\" has a leading zero"},
        {"AQAB", "AQ", "exponent"},
        {"AQAB", "Ag", "exponent"},
        {"\"n\":\"0vx7", "\"n\":\"ANL8", "\"n\""},
        {"DKgw\"", "DKgx\"", "\"n\" is not base64url"},
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        expect_bad(replaced(copied(VECTOR_RSA), changes[i].from, changes[i].to), changes[i].phrase);
    }
    expect_bad(replaced(copied(VECTOR_EC), VECTOR_X, VECTOR_X "="), "\"x\" is not base64url");
    expect_bad(replaced(copied(VECTOR_EC), VECTOR_X, "MKBC"), "\"x\" does not have the 32 octets of P-256");
    expect_bad(replaced(copied(VECTOR_EC), VECTOR_X, "AAAA" VECTOR_X), "\"x\"");
    expect_bad(replaced(copied(VECTOR_EC), VECTOR_Y, "AA"), "\"y\" does not have the 32 octets of P-256");
    expect_bad(replaced(copied(VECTOR_EC_PRIVATE), VECTOR_EC_D, "870M"), "\"d\" does not have the 32 octets");
}

/* A number with a leading zero octet, of the same value. */
static char *with_zero(EVP_PKEY *pkey, const char *param)
{
    char *plain = number_text(pkey, param, 0);
    unsigned char bytes[1024] = {0};
    size_t size;
    assert_true(oktai_base64url_decode(plain, strlen(plain), bytes + 1, &size));
    char *text = malloc(oktai_base64url_length(size + 1) + 1);
    assert_non_null(text);
    oktai_base64url_encode(bytes, size + 1, text);
    free(plain);
    return text;
}

static void refuses_leading_zeros_in_each_rsa_number(void **state)
{
    (void)state;
    static const char *const params[] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };
    for (size_t i = 0; i < COUNT(params); i++) {
        char *plain = number_text(shared_rsa_key(), params[i], 0);
        char *longer = with_zero(shared_rsa_key(), params[i]);
        expect_bad(replaced(jwk_text(shared_rsa_key(), true, ""), plain, longer), "leading zero octet");
        free(plain);
        free(longer);
    }
}

static void refuses_halves_that_do_not_belong_together(void **state)
{
    (void)state;
    expect_bad(replaced(copied(VECTOR_EC_PRIVATE), VECTOR_EC_D, VECTOR_X), "private half");
    expect_bad(
        replaced(copied(VECTOR_EC_PRIVATE), VECTOR_EC_D, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        "private half");
    expect_bad(replaced(copied(VECTOR_EC), VECTOR_X, VECTOR_Y), "not a point");
    expect_bad(replaced(copied(VECTOR_RSA_PRIVATE), VECTOR_P, VECTOR_Q), "private half");
    expect_bad(replaced(copied(VECTOR_RSA_PRIVATE), VECTOR_DP, VECTOR_DQ), "private half");
    expect_bad(replaced(copied(VECTOR_RSA_PRIVATE), "AQAB", "Aw"), "private half");
}

static void limits_the_length(void **state)
{
    (void)state;
    okta_key *key = NULL;
    char *large = malloc(JWK_MAX + 1);
    assert_non_null(large);
    memset(large, ' ', JWK_MAX + 1);
    memcpy(large, VECTOR_EC, strlen(VECTOR_EC));
    assert_null(okta_key_from_jwk(large, JWK_MAX, &key));
    okta_free(key);
    expect_error(okta_key_from_jwk(large, JWK_MAX + 1, &key), OKTA_E_ARG, "longer than 65536");
    assert_null(key);
    free(large);

    char *number = malloc(20001);
    assert_non_null(number);
    memset(number, 'B', 20000);
    number[20000] = '\0';
    expect_bad(replaced(copied(VECTOR_RSA), "AQAB", number), "\"e\" is longer than 8192 bits");
    expect_bad(replaced(copied(VECTOR_RSA), VECTOR_N, number), "\"n\" is longer than 8192 bits");
    expect_bad(replaced(copied(VECTOR_EC), VECTOR_X, number), "\"x\" does not have");
    number[171 * 8] = '\0';
    expect_bad(replaced(copied(VECTOR_RSA), VECTOR_N, number), "\"n\" is longer than 8192 bits");
    number[340] = '\0';
    expect_bad(replaced(copied(VECTOR_RSA), VECTOR_N, number), "RSA key of 2035 bits");
    free(number);
}

/* The request of a key, which is freed. */
static okta_oauth2_client_jwk_request *request(const char *json, const okta_key_jwk_options *options)
{
    okta_oauth2_client_jwk_request *jwk = NULL;
    okta_key *key = key_of_jwk(json);
    assert_null(okta_key_to_jwk_request(key, options, &jwk));
    okta_free(key);
    return jwk;
}

static void expect_request(const char *json, const okta_key_jwk_options *options, const char *expected)
{
    char *text = NULL;
    okta_oauth2_client_jwk_request *jwk = request(json, options);
    assert_null(okta_to_json(okta_oauth2_client_jwk_descriptor(), jwk, OKTA_JSON_REQUEST, &text, NULL));
    assert_string_equal(text, expected);
    okta_free(text);
    okta_free(jwk);
}

static void request_has_the_public_half_only(void **state)
{
    (void)state;
    expect_request(
        VECTOR_RSA_PRIVATE, NULL,
        "{\"kid\":\"2011-04-29\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"e\":\"AQAB\",\"n\":"
        "\"" VECTOR_N "\"}");
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    options.use = OKTA_OAUTH2_CLIENT_JWK_USE_SIG;
    options.status = OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE;
    expect_request(
        VECTOR_EC_PRIVATE, &options,
        "{\"kid\":\"1\",\"kty\":\"EC\",\"alg\":\"ES256\",\"use\":\"sig\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X
        "\",\"y\":\"" VECTOR_Y "\",\"status\":\"INACTIVE\"}");
}

#define RSA_WITH(members) "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" VECTOR_N "\"" members "}"

static void options_precede_what_the_jwk_said(void **state)
{
    (void)state;
    static const struct {
        const char *members;
        const char *kid;
        okta_oauth2_client_jwk_use use;
        const char *alg;
        const char *expected_kid;
        okta_oauth2_client_jwk_use expected_use;
        const char *expected_alg;
    } cases[] = {
#define SIG    OKTA_OAUTH2_CLIENT_JWK_USE_SIG
#define ENC    OKTA_OAUTH2_CLIENT_JWK_USE_ENC
#define ABSENT OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT
        {RSA_WITH(""), NULL, ABSENT, NULL, VECTOR_RSA_THUMBPRINT, SIG, "RS256"},
        {RSA_WITH(""), "mine", ABSENT, NULL, "mine", SIG, "RS256"},
        {RSA_WITH(""), NULL, ENC, NULL, VECTOR_RSA_THUMBPRINT, ENC, "RSA-OAEP-256"},
        {RSA_WITH(""), NULL, SIG, "PS512", VECTOR_RSA_THUMBPRINT, SIG, "PS512"},
        {RSA_WITH(",\"kid\":\"k\""), NULL, ABSENT, NULL, "k", SIG, "RS256"},
        {RSA_WITH(",\"kid\":\"k\""), "mine", ABSENT, NULL, "mine", SIG, "RS256"},
        {RSA_WITH(",\"use\":\"enc\""), NULL, ABSENT, NULL, VECTOR_RSA_THUMBPRINT, ENC, "RSA-OAEP-256"},
        {RSA_WITH(",\"use\":\"enc\""), NULL, SIG, NULL, VECTOR_RSA_THUMBPRINT, SIG, "RS256"},
        {RSA_WITH(",\"use\":\"enc\",\"alg\":\"RSA-OAEP\""), NULL, ABSENT, NULL, VECTOR_RSA_THUMBPRINT, ENC,
         "RSA-OAEP"},
        {RSA_WITH(",\"alg\":\"PS256\""), NULL, ABSENT, NULL, VECTOR_RSA_THUMBPRINT, SIG, "PS256"},
        {RSA_WITH(",\"alg\":\"PS256\""), NULL, ABSENT, "RS384", VECTOR_RSA_THUMBPRINT, SIG, "RS384"},
        {RSA_WITH(",\"alg\":5,\"kid\":[],\"use\":7"), NULL, ABSENT, NULL, VECTOR_RSA_THUMBPRINT, SIG,
         "RS256"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
        options.kid = cases[i].kid;
        options.use = cases[i].use;
        options.alg = cases[i].alg;
        okta_oauth2_client_jwk_request *jwk = request(cases[i].members, &options);
        assert_string_equal(jwk->kid, cases[i].expected_kid);
        assert_int_equal(jwk->use, cases[i].expected_use);
        assert_string_equal(jwk->alg, cases[i].expected_alg);
        assert_int_equal(jwk->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT);
        assert_int_equal(jwk->model.struct_size, sizeof *jwk);
        okta_free(jwk);
    }
}

static void refuses_requests_that_okta_would_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        okta_key_jwk_options options;
        const char *phrase;
    } cases[] = {
#define OPTIONS sizeof(okta_key_jwk_options)
        {RSA_WITH(",\"alg\":\"RSA1_5\""),
         {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL},
         "\"alg\""},
        {RSA_WITH(",\"alg\":\"RS256\""),
         {OPTIONS, ENC, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL},
         "\"alg\" does not fit the use"},
        {RSA_WITH(",\"use\":\"tls\""),
         {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL},
         "\"use\""},
        {RSA_WITH(",\"kid\":\"\""),
         {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL},
         "\"kid\""},
        {RSA_WITH(",\"kid\":\"a\\nb\""),
         {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL},
         "\"kid\""},
        {VECTOR_EC, {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL}, "enc"},
        {RSA_WITH(""), {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, "", NULL}, "\"kid\""},
        {RSA_WITH(""), {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, "a\tb", NULL}, "\"kid\""},
        {RSA_WITH(""), {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, okta_null, NULL}, "\"kid\""},
        {RSA_WITH(""), {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, ""}, "\"alg\""},
        {RSA_WITH(""), {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, "none"}, "\"alg\""},
        {RSA_WITH(""), {OPTIONS, OKTA_OAUTH2_CLIENT_JWK_USE_OTHER, 0, NULL, NULL}, "\"use\""},
        {RSA_WITH(""), {OPTIONS, (okta_oauth2_client_jwk_use)99, 0, NULL, NULL}, "\"use\""},
        {RSA_WITH(""), {OPTIONS, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_OTHER, NULL, NULL}, "\"status\""},
        {RSA_WITH(""), {0, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL}, "struct_size"},
        {RSA_WITH(""),
         {OPTIONS - 1, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL},
         "struct_size"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_oauth2_client_jwk_request *jwk = (okta_oauth2_client_jwk_request *)&jwk;
        okta_key *key = key_of_jwk(cases[i].json);
        expect_error(okta_key_to_jwk_request(key, &cases[i].options, &jwk), OKTA_E_ARG, cases[i].phrase);
        assert_null(jwk);
        okta_free(key);
    }
}

static void takes_options_of_newer_headers_that_are_zero_beyond_ours(void **state)
{
    (void)state;
    struct {
        okta_key_jwk_options ours;
        unsigned char more[16];
    } longer = {.ours = {sizeof longer, ABSENT, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, "newer", NULL}};
    okta_oauth2_client_jwk_request *jwk = request(RSA_WITH(""), &longer.ours);
    assert_string_equal(jwk->kid, "newer");
    okta_free(jwk);
    longer.more[15] = 1;
    okta_key *key = key_of_jwk(RSA_WITH(""));
    expect_error(okta_key_to_jwk_request(key, &longer.ours, &jwk), OKTA_E_ARG, "does not know");
    assert_null(jwk);
    okta_free(key);
}

/* The model that okta_from_json() makes of a text. */
static okta_oauth2_client_jwk *model_of(const char *json)
{
    okta_oauth2_client_jwk *jwk = NULL;
    assert_null(okta_from_json(okta_oauth2_client_jwk_descriptor(), json, strlen(json), &jwk));
    return jwk;
}

/* What Okta sends is the same key as the strict text. Frees `sent`. */
static void expect_model(const char *strict, char *sent)
{
    okta_key *key = NULL;
    okta_key *expected = key_of_jwk(strict);
    okta_oauth2_client_jwk *jwk = model_of(sent);
    assert_null(okta_key_from_jwk_model(jwk, &key));
    assert_same_key(key, expected);
    okta_free(jwk);
    okta_free(key);
    okta_free(expected);
    free(sent);
}

static void reads_models_as_okta_sends_them(void **state)
{
    (void)state;
    char *longer = with_zero(shared_rsa_key(), OSSL_PKEY_PARAM_RSA_N);
    char *plain = number_text(shared_rsa_key(), OSSL_PKEY_PARAM_RSA_N, 0);
    char *strict = jwk_text(shared_rsa_key(), false, "");
    expect_model(strict, copied(strict));
    expect_model(strict, replaced(copied(strict), plain, longer));
    expect_model(strict, replaced(copied(strict), "AQAB", "AAEAAQ"));
    expect_model(strict, replaced(copied(strict), "AQAB", "AAEAAQ=="));
    expect_model(strict, replaced(copied(strict), "AQAB", "AAAAAAABAAE="));
    expect_model(VECTOR_RSA, replaced(copied(VECTOR_RSA), VECTOR_N, VECTOR_N "=="));
    expect_model(VECTOR_EC, replaced(copied(VECTOR_EC), VECTOR_X, VECTOR_X "="));
    expect_model(VECTOR_EC, replaced(copied(VECTOR_EC), VECTOR_Y, VECTOR_Y "=="));
    expect_model(VECTOR_RSA, copied(VECTOR_RSA_PRIVATE)); /* takes the public half only */
    expect_model(VECTOR_RSA, replaced(copied(VECTOR_RSA), "\"kty\"", "\"use\":null,\"id\":\"i\",\"kty\""));
    free(longer);
    free(plain);
    free(strict);
}

static void reads_coordinates_with_and_without_leading_zeros(void **state)
{
    (void)state;
    EVP_PKEY *pkey = NULL;
    char *shorter = NULL;
    do {
        EVP_PKEY_free(pkey);
        free(shorter);
        pkey = make_ec_key("P-521");
        shorter = number_text(pkey, OSSL_PKEY_PARAM_EC_PUB_X, 0);
    } while (strlen(shorter) == oktai_base64url_length(66));
    char *full = number_text(pkey, OSSL_PKEY_PARAM_EC_PUB_X, 66);
    char *longer = number_text(pkey, OSSL_PKEY_PARAM_EC_PUB_X, 69);
    char *strict = jwk_text(pkey, false, "");
    expect_model(strict, replaced(copied(strict), full, shorter));
    expect_model(strict, replaced(copied(strict), full, longer));
    expect_bad(replaced(copied(strict), full, shorter), "66 octets of P-521");
    expect_bad(replaced(copied(strict), full, longer), "66 octets of P-521");
    free(strict);
    free(longer);
    free(full);
    free(shorter);
    EVP_PKEY_free(pkey);
}

static void remembers_what_the_model_said(void **state)
{
    (void)state;
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *request_model = NULL;
    okta_oauth2_client_jwk *jwk =
        model_of(RSA_WITH(",\"kid\":\"k\",\"use\":\"enc\",\"alg\":\"RSA-OAEP-512\""));
    assert_null(okta_key_from_jwk_model(jwk, &key));
    okta_free(jwk);
    assert_null(okta_key_to_jwk_request(key, NULL, &request_model));
    assert_string_equal(request_model->kid, "k");
    assert_string_equal(request_model->alg, "RSA-OAEP-512");
    assert_int_equal(request_model->use, ENC);
    okta_free(request_model);
    okta_free(key);
}

static void refuses_models_without_a_usable_key(void **state)
{
    (void)state;
    static const struct {
        const char *json, *phrase;
    } models[] = {
        {"{}", "member \"kty\" is missing: Okta wants RSA or EC"},
        {"{\"kty\":\"OKP\"}", "\"kty\""},
        {"{\"kty\":\"RSA\"}", "\"n\" is missing"},
        {"{\"kty\":\"RSA\",\"n\":\"" VECTOR_N "\"}", "\"e\" is missing"},
        {"{\"kty\":\"RSA\",\"n\":null,\"e\":\"AQAB\"}", "\"n\" is missing"},
        {"{\"kty\":\"RSA\",\"n\":\"AAAA\",\"e\":\"AQAB\"}", "0 bits"},
        {"{\"kty\":\"RSA\",\"n\":\"==\",\"e\":\"AQAB\"}", "\"n\" is not base64url"},
        {"{\"kty\":\"RSA\",\"n\":\"=\",\"e\":\"AQAB\"}", "\"n\" is not base64url"},
        {"{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}", "\"n\" is not base64url"},
        {"{\"kty\":\"RSA\",\"n\":\"" VECTOR_N "===\",\"e\":\"AQAB\"}", "\"n\" is not base64url"},
        {"{\"kty\":\"RSA\",\"n\":\"" VECTOR_N "\",\"e\":\"AAAA\"}", "exponent"},
        {"{\"kty\":\"EC\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_X "\"}", "not a point"},
        {"{\"kty\":\"EC\",\"x\":\"" VECTOR_X "\"}", "\"y\" is missing"},
        {"{\"kty\":\"EC\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_N "\"}", "longer than P-521"},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X "\"}", "\"y\" is missing"},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_X "\"}", "not a point"},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}", "not a point"},
    };
    for (size_t i = 0; i < COUNT(models); i++) {
        okta_key *key = (okta_key *)&key;
        okta_oauth2_client_jwk *jwk = model_of(models[i].json);
        expect_error(okta_key_from_jwk_model(jwk, &key), OKTA_E_ARG, models[i].phrase);
        assert_null(key);
        okta_free(jwk);
    }
    okta_key *key = (okta_key *)&key;
    okta_oauth2_client_jwk none = {.kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .n = VECTOR_N, .e = "AQAB"};
    expect_error(okta_key_from_jwk_model(&none, &key), OKTA_E_ARG, "struct_size");
    assert_null(key);
}

/* For people: what cannot be a key of Okta's is described all the same. */
static void describes_models_without_checking_them(void **state)
{
    (void)state;
    static const struct {
        const char *json, *description;
    } models[] = {
        {VECTOR_RSA, "RSA 2048"},
        {VECTOR_EC, "EC P-256"},
        {"{\"kty\":\"RSA\",\"n\":\"" VECTOR_N "==\",\"e\":\"AQAB\"}", "RSA 2048"},
        {"{\"kty\":\"RSA\",\"n\":\"AAAA\",\"e\":\"AQAB\"}", "RSA 0"},
        {"{\"kty\":\"RSA\",\"n\":\"gAAA\",\"e\":\"Ag\"}", "RSA 24"},
        {"{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AQ\",\"y\":\"AQ\"}", "EC P-384"},
        {"{\"kty\":\"EC\",\"crv\":null,\"x\":\"" VECTOR_X "\",\"y\":\"AQ\"}", "EC P-256"},
        {"{\"kty\":\"RSA\"}", ""},
        {"{\"kty\":\"RSA\",\"n\":\"!\",\"e\":\"AQAB\"}", ""},
        {"{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AQ\",\"y\":\"AQ\"}", ""},
        {"{\"kty\":\"OKP\"}", ""},
        {"{}", ""},
    };
    for (size_t i = 0; i < COUNT(models); i++) {
        char description[OKTA_KEY_DESCRIPTION_SIZE];
        okta_oauth2_client_jwk *jwk = model_of(models[i].json);
        okta_error *error = okta_jwk_description(jwk, description);
        assert_string_equal(description, models[i].description);
        if (description[0] == '\0') {
            expect_error(error, OKTA_E_ARG, "member");
        } else {
            assert_null(error);
        }
        okta_free(jwk);
    }
    char description[OKTA_KEY_DESCRIPTION_SIZE] = "x";
    okta_oauth2_client_jwk none = {.kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA};
    expect_error(okta_jwk_description(&none, description), OKTA_E_ARG, "struct_size");
    assert_string_equal(description, "");
    expect_error(okta_jwk_description(NULL, description), OKTA_E_ARG, "jwk");
    expect_error(okta_jwk_description(&none, NULL), OKTA_E_ARG, "out");
}

/* Okta shows EC keys without `crv`, or with null: the key is the same. */
static void the_curve_of_a_model_follows_from_its_length(void **state)
{
    static const struct {
        okta_key_type type;
        const char *crv;
    } curves[] = {
        {OKTA_KEY_EC_P256, "P-256"},
        {OKTA_KEY_EC_P384, "P-384"},
        {OKTA_KEY_EC_P521, "P-521"},
    };
    static const char *const ways[] = {"", "\"crv\":null,", "\"crv\":7,"};
    (void)state;
    for (size_t i = 0; i < COUNT(curves) * COUNT(ways); i++) {
        char json[512];
        char whole[OKTA_THUMBPRINT_SIZE];
        char bare[OKTA_THUMBPRINT_SIZE];
        okta_key *key = NULL;
        okta_key *again = NULL;
        okta_oauth2_client_jwk_request *request = NULL;
        assert_null(okta_key_generate(curves[i / COUNT(ways)].type, &key));
        assert_null(okta_key_to_jwk_request(key, NULL, &request));
        assert_string_equal(request->crv, curves[i / COUNT(ways)].crv);
        snprintf(json, sizeof json, "{\"kty\":\"EC\",%s\"x\":\"%s\",\"y\":\"%s\"}", ways[i % COUNT(ways)],
                 request->x, request->y);
        okta_oauth2_client_jwk *shown = model_of(json);
        assert_null(shown->crv);
        assert_null(okta_key_from_jwk_model(shown, &again));
        assert_null(okta_key_thumbprint(key, whole));
        assert_null(okta_key_thumbprint(again, bare));
        assert_string_equal(bare, whole);
        okta_free(shown);
        okta_free(request);
        okta_free(again);
        okta_free(key);
    }
}

static void reads_no_member_beyond_the_struct_of_the_program(void **state)
{
    (void)state;
    okta_key *key = NULL;
    size_t size = offsetof(okta_oauth2_client_jwk, n) + sizeof(const char *);
    okta_oauth2_client_jwk whole = {.model = OKTA_INIT(okta_oauth2_client_jwk),
                                    .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA,
                                    .n = VECTOR_N,
                                    .e = "AQAB"};
    whole.model.struct_size = size;
    okta_oauth2_client_jwk *older = malloc(size);
    assert_non_null(older);
    memcpy(older, &whole, size);
    assert_null(okta_key_from_jwk_model(older, &key));
    okta_free(key);
    free(older);
    for (size_t i = sizeof(okta_model); i < size; i++) {
        whole.model.struct_size = i;
        older = malloc(i);
        assert_non_null(older);
        memcpy(older, &whole, i);
        expect_error(okta_key_from_jwk_model(older, &key), OKTA_E_ARG, "member");
        free(older);
    }
    assert_null(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_keys_of_rfc_7517),
        cmocka_unit_test(is_the_same_key_as_its_pem),
        cmocka_unit_test(other_members_do_not_matter),
        cmocka_unit_test(refuses_what_is_no_strict_json_object),
        cmocka_unit_test(refuses_missing_and_mistyped_members),
        cmocka_unit_test(takes_only_rsa_and_three_curves),
        cmocka_unit_test(is_strict_about_base64url),
        cmocka_unit_test(refuses_leading_zeros_in_each_rsa_number),
        cmocka_unit_test(refuses_halves_that_do_not_belong_together),
        cmocka_unit_test(limits_the_length),
        cmocka_unit_test(request_has_the_public_half_only),
        cmocka_unit_test(options_precede_what_the_jwk_said),
        cmocka_unit_test(refuses_requests_that_okta_would_refuse),
        cmocka_unit_test(takes_options_of_newer_headers_that_are_zero_beyond_ours),
        cmocka_unit_test(reads_models_as_okta_sends_them),
        cmocka_unit_test(reads_coordinates_with_and_without_leading_zeros),
        cmocka_unit_test(remembers_what_the_model_said),
        cmocka_unit_test(refuses_models_without_a_usable_key),
        cmocka_unit_test(describes_models_without_checking_them),
        cmocka_unit_test(the_curve_of_a_model_follows_from_its_length),
        cmocka_unit_test(reads_no_member_beyond_the_struct_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
