/* SPDX-License-Identifier: Apache-2.0 */
/* The claims of an ID token. The time is NOW. */
#include "unit/jose_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NOW      1700000000
#define ISSUER   "https://org.example/oauth2/default"
#define CLIENT   "0oaclient"
#define PROTOCOL OKTA_E_PROTOCOL
#define AUTH     OKTA_E_AUTH

/* All that a good one has, in the order in which it is checked. */
#define ISS   "\"iss\":\"" ISSUER "\""
#define AUD   ",\"aud\":\"" CLIENT "\""
#define EXP   ",\"exp\":1700003600"
#define IAT   ",\"iat\":1700000000"
#define NONCE ",\"nonce\":\"n-1\""
#define SUB   ",\"sub\":\"00u1\""
#define GOOD  ISS AUD EXP IAT NONCE SUB

typedef struct claims_row {
    const char *name, *claims; /* without braces */
    okta_status status;
    const char *phrase;
} claims_row;

static const claims_row rows[] = {
    {"good", GOOD, OKTA_OK, NULL},
    {"with more", GOOD ",\"groups\":[\"a\",{\"b\":null}],\"email\":\"a@b.example\",\"ver\":1", OKTA_OK, NULL},
    {"no iss", "\"x\":1" AUD EXP IAT NONCE SUB, PROTOCOL, "the claim \"iss\" is missing"},
    {"another issuer", "\"iss\":\"https://evil.example\"" AUD EXP IAT NONCE SUB, AUTH,
     "\"iss\" of the token is not"},
    {"issuer with a slash", "\"iss\":\"" ISSUER "/\"" AUD EXP IAT NONCE SUB, AUTH,
     "\"iss\" of the token is not"},
    {"issuer cut", "\"iss\":\"https://org.example\"" AUD EXP IAT NONCE SUB, AUTH,
     "\"iss\" of the token is not"},
    {"issuer in capitals", "\"iss\":\"HTTPS://ORG.EXAMPLE/oauth2/default\"" AUD EXP IAT NONCE SUB, AUTH,
     "\"iss\""},
    {"issuer with a NUL", "\"iss\":\"" ISSUER "\\u0000\"" AUD EXP IAT NONCE SUB, PROTOCOL,
     "is no strict JSON"},
    {"issuer a list", "\"iss\":[\"" ISSUER "\"]" AUD EXP IAT NONCE SUB, PROTOCOL,
     "\"iss\" of the token is no string"},
    {"issuer escaped", "\"iss\":\"https:\\/\\/org.example\\/oauth2\\/default\"" AUD EXP IAT NONCE SUB,
     OKTA_OK, NULL},
    {"iss twice", ISS "," GOOD, PROTOCOL, "has a member twice"},
    {"aud twice", GOOD AUD, PROTOCOL, "has a member twice"},
    {"another claim twice", GOOD ",\"x\":1,\"x\":2", PROTOCOL, "has a member twice"},
    {"no aud", ISS EXP IAT NONCE SUB, PROTOCOL, "the claim \"aud\" is missing"},
    {"another audience", ISS ",\"aud\":\"0oaother\"" EXP IAT NONCE SUB, AUTH,
     "\"aud\" of the token is not the audience"},
    {"audience with more", ISS ",\"aud\":\"" CLIENT "x\"" EXP IAT NONCE SUB, AUTH,
     "\"aud\" of the token is not"},
    {"audience in a list", ISS ",\"aud\":[\"" CLIENT "\"]" EXP IAT NONCE SUB, OKTA_OK, NULL},
    {"two of the audience", ISS ",\"aud\":[\"" CLIENT "\",\"0oa\\u0063lient\"]" EXP IAT NONCE SUB, OKTA_OK,
     NULL},
    {"no audience in the list", ISS ",\"aud\":[]" EXP IAT NONCE SUB, AUTH, "\"aud\" of the token is not"},
    {"another one beside it", ISS ",\"aud\":[\"" CLIENT "\",\"0oaother\"]" EXP IAT NONCE SUB, AUTH,
     "\"aud\""},
    {"another one before it", ISS ",\"aud\":[\"0oaother\",\"" CLIENT "\"]" EXP IAT NONCE SUB, AUTH,
     "\"aud\""},
    {"aud of numbers", ISS ",\"aud\":[1]" EXP IAT NONCE SUB, PROTOCOL,
     "\"aud\" has an element that is no string"},
    {"aud an object", ISS ",\"aud\":{\"" CLIENT "\":1}" EXP IAT NONCE SUB, PROTOCOL,
     "\"aud\" of the token is no string"},
    {"aud null", ISS ",\"aud\":null" EXP IAT NONCE SUB, PROTOCOL, "\"aud\" of the token is no string"},
    {"azp", GOOD ",\"azp\":\"" CLIENT "\"", OKTA_OK, NULL},
    {"another azp", GOOD ",\"azp\":\"0oaother\"", AUTH, "\"azp\" of the token is not the audience"},
    {"azp a number", GOOD ",\"azp\":1", PROTOCOL, "\"azp\" of the token is no string"},
    {"no exp", ISS AUD IAT NONCE SUB, PROTOCOL, "the claim \"exp\" is missing"},
    {"exp a text", ISS AUD ",\"exp\":\"1700003600\"" IAT NONCE SUB, PROTOCOL, "\"exp\" is no time"},
    {"exp null", ISS AUD ",\"exp\":null" IAT NONCE SUB, PROTOCOL, "\"exp\" is no time"},
    {"exp negative", ISS AUD ",\"exp\":-1" IAT NONCE SUB, PROTOCOL, "\"exp\" is no time"},
    {"exp beyond all", ISS AUD ",\"exp\":1e300" IAT NONCE SUB, PROTOCOL, "\"exp\" is no time"},
    {"exp beyond numbers", ISS AUD ",\"exp\":1e999" IAT NONCE SUB, PROTOCOL, "\"exp\" is no time"},
    {"exp of 0", ISS AUD ",\"exp\":0" IAT NONCE SUB, AUTH, "its \"exp\" has passed"},
    {"over", ISS AUD ",\"exp\":1699999880" IAT NONCE SUB, AUTH, "its \"exp\" has passed"},
    {"not yet over by the leeway", ISS AUD ",\"exp\":1699999881" IAT NONCE SUB, OKTA_OK, NULL},
    {"over by less than a second", ISS AUD ",\"exp\":1699999880.9" IAT NONCE SUB, AUTH,
     "its \"exp\" has passed"},
    {"exp with a fraction", ISS AUD ",\"exp\":1.7000036005e9" IAT NONCE SUB, OKTA_OK, NULL},
    {"no iat", ISS AUD EXP NONCE SUB, PROTOCOL, "the claim \"iat\" is missing"},
    {"iat true", ISS AUD EXP ",\"iat\":true" NONCE SUB, PROTOCOL, "\"iat\" is no time"},
    {"issued within the leeway", ISS AUD EXP ",\"iat\":1700000120" NONCE SUB, OKTA_OK, NULL},
    {"issued later", ISS AUD EXP ",\"iat\":1700000121" NONCE SUB, AUTH, "its \"iat\" lies ahead"},
    {"issued in milliseconds", ISS AUD EXP ",\"iat\":1700000000000" NONCE SUB, AUTH,
     "its \"iat\" lies ahead"},
    {"valid from then on", GOOD ",\"nbf\":1700000120", OKTA_OK, NULL},
    {"not valid yet", GOOD ",\"nbf\":1700000121", AUTH, "its \"nbf\" lies ahead"},
    {"nbf a text", GOOD ",\"nbf\":\"0\"", PROTOCOL, "\"nbf\" is no time"},
    {"no nonce", ISS AUD EXP IAT SUB, PROTOCOL, "the claim \"nonce\" is missing"},
    {"another nonce", ISS AUD EXP IAT ",\"nonce\":\"n-2\"" SUB, AUTH,
     "\"nonce\" of the token is not that of"},
    {"empty nonce", ISS AUD EXP IAT ",\"nonce\":\"\"" SUB, AUTH, "\"nonce\" of the token is not that of"},
    {"nonce a number", ISS AUD EXP IAT ",\"nonce\":1" SUB, PROTOCOL, "\"nonce\" of the token is no string"},
    {"no sub", ISS AUD EXP IAT NONCE, PROTOCOL, "the claim \"sub\" is missing"},
    {"empty sub", ISS AUD EXP IAT NONCE ",\"sub\":\"\"", PROTOCOL, "the claim \"sub\" is empty"},
    {"sub a number", ISS AUD EXP IAT NONCE ",\"sub\":1", PROTOCOL, "\"sub\" of the token is no string"},
    {"auth_time", GOOD ",\"auth_time\":1699999000", OKTA_OK, NULL},
    {"auth_time a text", GOOD ",\"auth_time\":\"x\"", PROTOCOL, "\"auth_time\" is no time"},
    {"comma at the end", GOOD ",", PROTOCOL, "the payload of the token is no strict JSON"},
    {"not UTF-8", GOOD ",\"x\":\"\xc0\xaf\"", PROTOCOL, "the payload of the token is no strict JSON"},
};

static okta_id_token_options expectations(void)
{
    okta_id_token_options options = OKTA_ID_TOKEN_OPTIONS_INIT;
    options.issuer = ISSUER;
    options.audience = CLIENT;
    options.nonce = "n-1";
    options.now_s = NOW;
    return options;
}

static okta_error *check(const char *claims, const okta_id_token_options *options, okta_id_token **out)
{
    char json[1024];
    int length = snprintf(json, sizeof json, "{%s}", claims);
    const okta_jose token = {.payload = json, .payload_length = (size_t)length, .alg = "RS256"};
    okta_error *error = okta_id_token_check(&token, options, out);
    assert_true((*out == NULL) == (error != NULL));
    return error;
}

static void checks_each_claim(void **state)
{
    const okta_id_token_options options = expectations();
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        okta_id_token *out = NULL;
        print_message("%s\n", rows[i].name);
        okta_error *error = check(rows[i].claims, &options, &out);
        if (rows[i].status != OKTA_OK) {
            expect_error(error, rows[i].status, rows[i].phrase);
            continue;
        }
        assert_null(error);
        assert_string_equal(out->sub, "00u1");
        okta_free(out);
    }
}

static void tells_whom_the_token_is_about(void **state)
{
    const okta_id_token_options options = expectations();
    okta_id_token *out = NULL;
    (void)state;
    assert_null(check(GOOD ",\"auth_time\":1699999000", &options, &out));
    assert_string_equal(out->sub, "00u1");
    assert_true(out->expires_at_s == 1700003600);
    assert_true(out->issued_at_s == NOW);
    assert_true(out->auth_time_s == 1699999000);
    okta_free(out);
    assert_null(check(GOOD, &options, &out));
    assert_true(out->auth_time_s == 0);
    okta_free(out);
}

static void takes_any_nonce_where_none_was_sent(void **state)
{
    okta_id_token_options options = expectations();
    okta_id_token *out = NULL;
    (void)state;
    options.nonce = NULL;
    assert_null(check(GOOD, &options, &out));
    okta_free(out);
    assert_null(check(ISS AUD EXP IAT SUB, &options, &out));
    okta_free(out);
}

static void holds_to_the_leeway(void **state)
{
    okta_id_token_options options = expectations();
    okta_id_token *out = NULL;
    (void)state;
    options.leeway_s = 0;
    options.now_s = 1700003599;
    assert_null(check(GOOD, &options, &out));
    okta_free(out);
    options.now_s = 1700003600;
    expect_error(check(GOOD, &options, &out), AUTH, "its \"exp\" has passed");
    options.leeway_s = 3600;
    options.now_s = 1700007199;
    assert_null(check(GOOD, &options, &out));
    okta_free(out);
    options.now_s = 1700007200;
    expect_error(check(GOOD, &options, &out), AUTH, "its \"exp\" has passed");
    options.now_s = NOW - 3600;
    assert_null(check(GOOD, &options, &out));
    okta_free(out);
    options.now_s = NOW - 3601;
    expect_error(check(GOOD, &options, &out), AUTH, "its \"iat\" lies ahead");
}

/* The machine's clock is between the two ends of the token. */
static void asks_the_machine_for_the_time(void **state)
{
    okta_id_token_options options = expectations();
    okta_id_token *out = NULL;
    char claims[512];
    const long long now = (long long)time(NULL);
    (void)state;
    options.now_s = 0;
    snprintf(claims, sizeof claims, ISS AUD NONCE SUB ",\"iat\":%lld,\"exp\":%lld", now - 100, now + 100000);
    assert_null(check(claims, &options, &out));
    okta_free(out);
    snprintf(claims, sizeof claims, ISS AUD NONCE SUB ",\"iat\":%lld,\"exp\":%lld", now - 9000, now - 1000);
    expect_error(check(claims, &options, &out), AUTH, "its \"exp\" has passed");
    snprintf(claims, sizeof claims, ISS AUD NONCE SUB ",\"iat\":%lld,\"exp\":%lld", now + 9000, now + 100000);
    expect_error(check(claims, &options, &out), AUTH, "its \"iat\" lies ahead");
}

static void takes_id_tokens_only(void **state)
{
    static const struct {
        const char *typ;
        bool good;
    } types[] = {{NULL, true},
                 {"JWT", true},
                 {"jwt", true},
                 {"application/jwt", true},
                 {"at+jwt", false},
                 {"application/at+jwt", false},
                 {"logout+jwt", false},
                 {"application/okta-internal-at+jwt", false},
                 {"", false},
                 {"JWT ", false},
                 {"application/", false}};
    const okta_id_token_options options = expectations();
    static const char json[] = "{" GOOD "}";
    okta_id_token *out = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        const okta_jose token = {.payload = json, .payload_length = sizeof json - 1, .typ = types[i].typ};
        okta_error *error = okta_id_token_check(&token, &options, &out);
        if (types[i].good) {
            assert_null(error);
            okta_free(out);
        } else {
            expect_error(error, AUTH, "the \"typ\" of the token is another");
        }
    }
}

/* The payload of a JWE that is no nested token: anybody can write one. */
static void takes_no_token_that_was_only_decrypted(void **state)
{
    const okta_id_token_options options = expectations();
    okta_key *key = key_of(shared_rsa_key(), true, "");
    okta_jose *opened = NULL;
    okta_id_token *out = NULL;
    (void)state;
    char *token =
        sealed_token(shared_rsa_key(), "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}", "{" GOOD "}", NULL);
    assert_null(decrypt_text(token, key, NULL, &opened));
    expect_error(okta_id_token_check(opened, &options, &out), OKTA_E_ARG, "decrypted and not verified");
    assert_null(out);
    okta_free(opened);
    free(token);
    /* A JWS does not become one by a member of its header. */
    token = signed_token(shared_rsa_key(), "RS256", "{\"alg\":\"RS256\",\"enc\":\"A128GCM\"}", "{" GOOD "}");
    assert_null(verify_text(token, key, NULL, &opened));
    assert_null(opened->enc);
    assert_null(okta_id_token_check(opened, &options, &out));
    okta_free(out);
    okta_free(opened);
    free(token);
    okta_free(key);
}

static void refuses_bad_options(void **state)
{
    static const char json[] = "{" GOOD "}";
    const okta_jose token = {.payload = json, .payload_length = sizeof json - 1};
    const okta_jose nothing = {0};
    okta_id_token *out = NULL;
    (void)state;
    const okta_id_token_options good = expectations();
    okta_id_token_options options = good;
    expect_error(okta_id_token_check(NULL, &good, &out), OKTA_E_ARG, "token");
    expect_error(okta_id_token_check(&nothing, &good, &out), OKTA_E_ARG, "payload");
    expect_error(okta_id_token_check(&token, NULL, &out), OKTA_E_ARG, "options");
    expect_error(okta_id_token_check(&token, &good, NULL), OKTA_E_ARG, "out");
    options.struct_size = 0;
    expect_error(okta_id_token_check(&token, &options, &out), OKTA_E_ARG, "OKTA_ID_TOKEN_OPTIONS_INIT");
    options = good;
    options.issuer = NULL;
    expect_error(okta_id_token_check(&token, &options, &out), OKTA_E_ARG, "no issuer or no audience");
    options = good;
    options.audience = "";
    expect_error(okta_id_token_check(&token, &options, &out), OKTA_E_ARG, "no issuer or no audience");
    options = good;
    options.nonce = "";
    expect_error(okta_id_token_check(&token, &options, &out), OKTA_E_ARG, "nonce of the options is empty");
    const int64_t times[] = {-1, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < COUNT(times); i++) {
        options = good;
        options.now_s = times[i];
        expect_error(okta_id_token_check(&token, &options, &out), OKTA_E_ARG, "now_s is no time");
        options = good;
        options.leeway_s = times[i];
        expect_error(okta_id_token_check(&token, &options, &out), OKTA_E_ARG,
                     "leeway_s is not from 0 to 3600");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_each_claim),
        cmocka_unit_test(tells_whom_the_token_is_about),
        cmocka_unit_test(takes_any_nonce_where_none_was_sent),
        cmocka_unit_test(holds_to_the_leeway),
        cmocka_unit_test(asks_the_machine_for_the_time),
        cmocka_unit_test(takes_id_tokens_only),
        cmocka_unit_test(takes_no_token_that_was_only_decrypted),
        cmocka_unit_test(refuses_bad_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
