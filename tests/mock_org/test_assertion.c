/* SPDX-License-Identifier: Apache-2.0 */
/* The client assertion: its form, algorithm, signature, key and claims. */
#include "test_groups.h"
#include "test_jwt.h"

#include <stdio.h>
#include <string.h>

static void refused(fixture *f, const char *assertion, const char *part)
{
    test_token_request(f, NULL, assertion, NULL, 401);
    test_oauth_error(f, 401, "invalid_client", part);
    assert_int_equal(mock_org_token_count(f->org), 0);
}

/* An assertion with good claims, under this header and signed so. */
static const char *with_header(const fixture *f, const char *header, const char *how, test_key_name key)
{
    return test_jwt(header, test_assertion_claims(f, (test_claims){0}), how, key);
}

static const struct {
    const char *alg;
    test_key_name key;
} fitting[] = {
    {"RS256", KEY_RSA}, {"RS384", KEY_RSA},  {"RS512", KEY_RSA},  {"PS256", KEY_RSA},  {"PS384", KEY_RSA},
    {"PS512", KEY_RSA}, {"ES256", KEY_P256}, {"ES384", KEY_P384}, {"ES512", KEY_P521},
};

#define FITTING (sizeof fitting / sizeof fitting[0])

static void each_algorithm_signs_in_with_a_key_added_by_the_api(void **state)
{
    fixture *f = *state;
    static const char *const kids[TEST_KEYS] = {
        [KEY_RSA] = "rsa", [KEY_P256] = "p256", [KEY_P384] = "p384", [KEY_P521] = "p521"};
    for (size_t i = 0; i < TEST_KEYS; i++) {
        if (kids[i] != NULL) {
            test_expect(f, "POST", SERVICE_KEYS,
                        test_format("{\"kid\":\"%s\",%s}", kids[i], test_jwk_members((test_key_name)i)), 201);
        }
    }
    for (size_t i = 0; i < FITTING; i++) {
        const char *header =
            test_format("{\"alg\":\"%s\",\"kid\":\"%s\"}", fitting[i].alg, kids[fitting[i].key]);
        test_token_request(f, NULL, with_header(f, header, fitting[i].alg, fitting[i].key), NULL, 200);
    }
    assert_int_equal(mock_org_token_count(f->org), FITTING);
}

/* Every algorithm against every kind of key: good where they fit, and nowhere else. */
static void an_algorithm_must_fit_the_key(void **state)
{
    fixture *f = *state;
    static const test_key_name registered[] = {KEY_RSA, KEY_P256, KEY_P384, KEY_P521};
    for (size_t k = 0; k < sizeof registered / sizeof registered[0]; k++) {
        test_restart(f, (mock_org_options){0});
        test_register(f, registered[k]);
        for (size_t i = 0; i < FITTING; i++) {
            if (fitting[i].key != registered[k]) {
                const char *header = test_format("{\"alg\":\"%s\",\"kid\":\"k\"}", fitting[i].alg);
                refused(f, with_header(f, header, fitting[i].alg, fitting[i].key), "alg");
            }
        }
    }
}

static void the_alg_of_the_key_binds(void **state)
{
    fixture *f = *state;
    assert_null(
        mock_org_add_key(f->org, MOCK_SERVICE_APP,
                         test_format("{\"kid\":\"k\",\"alg\":\"RS256\",%s}", test_jwk_members(KEY_RSA))));
    refused(f, test_assertion(f, "PS256", KEY_RSA, (test_claims){0}), "alg");
    refused(f, test_assertion(f, "RS512", KEY_RSA, (test_claims){0}), "alg");
    test_token_request(f, NULL, test_assertion(f, "RS256", KEY_RSA, (test_claims){0}), NULL, 200);
}

/* The header says one thing, the signature is made in another way. */
static void a_signature_of_another_algorithm_is_refused(void **state)
{
    fixture *f = *state;
    static const char *const rsa[][2] = {{"RS256", "PS256"}, {"PS256", "RS256"}, {"RS256", "RS384"},
                                         {"PS384", "PS256"}, {"PS512", "PS384"}, {"RS512", "RS256"},
                                         {"PS256", "PZ256"}};
    test_register(f, KEY_RSA);
    for (size_t i = 0; i < sizeof rsa / sizeof rsa[0]; i++) {
        const char *header = test_format("{\"alg\":\"%s\",\"kid\":\"k\"}", rsa[i][0]);
        refused(f, with_header(f, header, rsa[i][1], KEY_RSA), "signature");
    }
}

static void none_and_symmetric_algorithms_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const headers[][2] = {
        {"{\"alg\":\"none\"}", "none"},
        {"{\"alg\":\"none\",\"kid\":\"k\"}", "RS256"},
        {"{\"alg\":\"None\",\"kid\":\"k\"}", "none"},
        {"{\"alg\":\"\",\"kid\":\"k\"}", "none"},
        {"{\"kid\":\"k\"}", "none"},
        {"{\"kid\":\"k\"}", "RS256"},
        {"{\"alg\":\"HS256\",\"kid\":\"k\"}", "HS256"},
        {"{\"alg\":\"hs256\",\"kid\":\"k\"}", "HS256"},
        {"{\"alg\":\"HS512\",\"kid\":\"k\"}", "HS256"},
        {"{\"alg\":\"rs256\",\"kid\":\"k\"}", "RS256"},
        {"{\"alg\":\"RS256 \",\"kid\":\"k\"}", "RS256"},
        {"{\"alg\":\"RS1\",\"kid\":\"k\"}", "RS256"},
        {"{\"alg\":\"ES256K\",\"kid\":\"k\"}", "RS256"},
        {"{\"alg\":[\"RS256\"],\"kid\":\"k\"}", "RS256"},
        {"{\"ALG\":\"RS256\",\"kid\":\"k\"}", "RS256"},
    };
    test_register(f, KEY_RSA);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        refused(f, with_header(f, headers[i][0], headers[i][1], KEY_RSA), "alg");
    }
    /* The public key as secret, under a header that asks for RS256. */
    refused(f, with_header(f, "{\"alg\":\"RS256\",\"kid\":\"k\"}", "HS256", KEY_RSA), "signature");
    refused(f, with_header(f, "{\"alg\":\"RS256\",\"kid\":\"k\"}", "none", KEY_RSA), "signature");
}

static void a_signature_is_one_of_the_registered_key(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_RSA);
    refused(f, test_assertion(f, "RS256", KEY_RSA_OTHER, (test_claims){0}), "signature");
    /* A key that comes along is not one that is registered. */
    const char *header =
        test_format("{\"alg\":\"RS256\",\"kid\":\"k\",\"jwk\":{%s}}", test_jwk_members(KEY_RSA_OTHER));
    refused(f, with_header(f, header, "RS256", KEY_RSA_OTHER), "signature");

    const char *input =
        test_jwt_input("{\"alg\":\"RS256\",\"kid\":\"k\"}", test_assertion_claims(f, (test_claims){0}));
    unsigned char signature[SIGNATURE_MAX] = {0};
    size_t length = test_sign(input, "RS256", KEY_RSA, signature);
    for (size_t i = 0; i < length; i += 51) {
        signature[i] ^= 1;
        refused(f, test_jwt_of(input, signature, length), "signature");
        input =
            test_jwt_input("{\"alg\":\"RS256\",\"kid\":\"k\"}", test_assertion_claims(f, (test_claims){0}));
        length = test_sign(input, "RS256", KEY_RSA, signature);
    }
    refused(f, test_jwt_of(input, signature, length - 1), "signature");
    refused(f, test_jwt_of(input, signature, length + 1), "signature");
    char kept[2048];
    (void)snprintf(kept, sizeof kept, "%s", test_jwt_of(input, signature, length));
    test_token_request(f, NULL, kept, NULL, 200);
}

static void another_payload_under_a_good_signature_is_refused(void **state)
{
    fixture *f = *state;
    static const char header[] = "{\"alg\":\"ES256\",\"kid\":\"k\"}";
    test_register(f, KEY_P256);
    unsigned char signature[SIGNATURE_MAX];
    const char *input = test_jwt_input(header, test_assertion_claims(f, (test_claims){0}));
    size_t length = test_sign(input, "ES256", KEY_P256, signature);
    refused(
        f, test_jwt_of(test_jwt_input(header, test_assertion_claims(f, (test_claims){0})), signature, length),
        "signature");
    refused(f,
            test_jwt_of(test_jwt_input("{\"kid\":\"k\",\"alg\":\"ES256\"}",
                                       test_assertion_claims(f, (test_claims){.jti = "\"x\""})),
                        signature, length),
            "signature");
}

/* A signature whose r, or s, begins with a zero octet, which DER leaves out and the raw form keeps. */
static size_t sign_with_zero_at(const char *input, size_t at, unsigned char out[SIGNATURE_MAX])
{
    size_t length = 0;
    do {
        length = test_sign(input, "ES256", KEY_P256, out);
    } while (out[at] != 0);
    return length;
}

static void ecdsa_signatures_are_raw_and_of_exact_length(void **state)
{
    fixture *f = *state;
    static const char header[] = "{\"alg\":\"ES256\",\"kid\":\"k\"}";
    unsigned char raw[SIGNATURE_MAX];
    test_register(f, KEY_P256);
    refused(f, with_header(f, header, "DER", KEY_P256), "signature");
    const char *input = test_jwt_input(header, test_assertion_claims(f, (test_claims){0}));
    char kept[1024];
    (void)snprintf(kept, sizeof kept, "%s", input);

    assert_int_equal(sign_with_zero_at(kept, 0, raw), 64);
    refused(f, test_jwt_of(kept, raw + 1, 63), "signature");
    refused(f, test_jwt_of(kept, raw, 63), "signature");
    refused(f, test_jwt_of(kept, raw, 32), "signature");
    refused(f, test_jwt_of(kept, raw, 0), "signature");
    unsigned char longer[66] = {0};
    memcpy(longer, raw, 64);
    refused(f, test_jwt_of(kept, longer, 65), "signature");
    refused(f, test_jwt_of(kept, longer, 66), "signature");
    /* r and s as they are, each behind a zero octet more */
    memcpy(longer + 1, raw, 32);
    longer[0] = longer[33] = 0;
    memcpy(longer + 34, raw + 32, 32);
    refused(f, test_jwt_of(kept, longer, 66), "signature");
    unsigned char zero[64] = {0};
    refused(f, test_jwt_of(kept, zero, 64), "signature");
    memcpy(zero + 32, raw + 32, 32);
    refused(f, test_jwt_of(kept, zero, 64), "signature");
    test_token_request(f, NULL, test_jwt_of(kept, raw, 64), NULL, 200);

    (void)snprintf(kept, sizeof kept, "%s",
                   test_jwt_input(header, test_assertion_claims(f, (test_claims){0})));
    assert_int_equal(sign_with_zero_at(kept, 32, raw), 64);
    test_token_request(f, NULL, test_jwt_of(kept, raw, 64), NULL, 200);
}

static void a_jwt_is_three_canonical_parts(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    char good[1024];
    (void)snprintf(good, sizeof good, "%s", test_assertion(f, "ES256", KEY_P256, (test_claims){0}));
    char *last = strrchr(good, '.');
    refused(f, "x", "JWT");
    refused(f, "..", "JWT");
    refused(f, "", "JWT");
    refused(f, test_format("%.*s", (int)(last - good), good), "JWT");
    refused(f, test_format("%s.", good), "JWT");
    refused(f, test_format("%s.AAAA", good), "three parts");
    refused(f, test_format(".%s", good), "JWT");
    refused(f, test_format("%s%%3D%%3D", good), "base64url");
    refused(f, test_format("%s%%20", good), "base64url");
    refused(f, test_format("%s%%2B", good), "base64url");
    refused(f, test_format("%%0A%s", good), "base64url");
    /* 64 octets are 85 letters and one of four: the low bits of the last are left over and must be zero. */
    char *end = good + strlen(good) - 1;
    char kept = *end;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    *end = strchr(alphabet, kept)[1];
    refused(f, good, "base64url");
    *end = kept;
    test_token_request(f, NULL, good, NULL, 200);
}

static void headers_and_claims_are_strict_objects(void **state)
{
    fixture *f = *state;
    static const char header[] = "{\"alg\":\"ES256\",\"kid\":\"k\"}";
    static const char *const headers[] = {
        "[]",
        "\"x\"",
        "",
        "{\"alg\":\"ES256\",\"kid\":\"k\"}x",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"kid\":\"k\"}",
        "{\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"k\"}",
        "{\"alg\":\"ES256\",\"kid\":\"k\\u0000\"}",
    };
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        refused(f, with_header(f, headers[i], "ES256", KEY_P256), "JSON object");
    }
    refused(f, test_jwt(header, "[]", "ES256", KEY_P256), "JSON object");
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){.more = ",\"sub\":\"x\""}), "JSON object");
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){.more = ",\"jti\":\"x\""}), "JSON object");
    refused(f,
            with_header(f, "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[\"b64\"],\"b64\":true}", "ES256",
                        KEY_P256),
            "crit");
    refused(f, with_header(f, "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[]}", "ES256", KEY_P256), "crit");
}

static void the_type_is_not_one_of_another_jwt(void **state)
{
    fixture *f = *state;
    static const char *const bad[] = {"\"dpop+jwt\"", "\"at+jwt\"", "\"\"", "1", "null"};
    static const char *const good[] = {"\"JWT\"", "\"client-authentication+jwt\""};
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused(f,
                with_header(f, test_format("{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":%s}", bad[i]), "ES256",
                            KEY_P256),
                "typ");
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const char *header = test_format("{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":%s}", good[i]);
        test_token_request(f, NULL, with_header(f, header, "ES256", KEY_P256), NULL, 200);
    }
}

static void kid_names_an_active_signing_key(void **state)
{
    fixture *f = *state;
    static const char *const bad[] = {"\"other\"", "\"\"", "\"K\"", "1", "null", "[\"k\"]"};
    refused(f, with_header(f, "{\"alg\":\"ES256\"}", "ES256", KEY_P256), "kid");
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused(f, with_header(f, test_format("{\"alg\":\"ES256\",\"kid\":%s}", bad[i]), "ES256", KEY_P256),
                "kid");
    }
    /* An encryption key is none to sign in with, and does not make kid mandatory. */
    assert_null(mock_org_add_key(f->org, MOCK_SERVICE_APP, test_rsa_key("enc", ",\"use\":\"enc\"")));
    refused(f, with_header(f, "{\"alg\":\"RS256\",\"kid\":\"enc\"}", "RS256", KEY_RSA), "kid");
    test_token_request(f, NULL, with_header(f, "{\"alg\":\"ES256\"}", "ES256", KEY_P256), NULL, 200);
}

static void of_several_keys_kid_tells_which(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    const char *id =
        test_added(f, SERVICE_KEYS, test_format("{\"kid\":\"other\",%s}", test_jwk_members(KEY_P256_OTHER)));
    char path[256];
    (void)snprintf(path, sizeof path, SERVICE_KEYS "/%s/lifecycle/", id);
    refused(f, with_header(f, "{\"alg\":\"ES256\"}", "ES256", KEY_P256), "several keys");
    refused(f, with_header(f, "{\"alg\":\"ES256\",\"kid\":\"other\"}", "ES256", KEY_P256), "signature");

    test_expect(f, "POST", test_format("%sdeactivate", path), NULL, 200);
    refused(f, with_header(f, "{\"alg\":\"ES256\",\"kid\":\"other\"}", "ES256", KEY_P256_OTHER), "kid");
    test_token_request(f, NULL, with_header(f, "{\"alg\":\"ES256\"}", "ES256", KEY_P256), NULL, 200);
    test_expect(f, "POST", test_format("%sactivate", path), NULL, 200);
    const char *header = "{\"alg\":\"ES256\",\"kid\":\"other\"}";
    test_token_request(f, NULL, with_header(f, header, "ES256", KEY_P256_OTHER), NULL, 200);
}

static void keys_that_a_test_put_in_count(void **state)
{
    fixture *f = *state;
    assert_true(mock_org_put(f->org, MOCK_SERVICE_APP, "jwks",
                             test_format("{\"kid\":\"k\",%s}", test_jwk_members(KEY_RSA_1024))));
    refused(f, test_assertion(f, "RS256", KEY_RSA_1024, (test_claims){0}), "too short");
    assert_true(
        mock_org_put(f->org, MOCK_SERVICE_APP, "jwks",
                     test_format("{\"kid\":\"i\",\"status\":\"INACTIVE\",%s}", test_jwk_members(KEY_P256))));
    refused(f, with_header(f, "{\"alg\":\"ES256\",\"kid\":\"i\"}", "ES256", KEY_P256), "kid");
    assert_true(mock_org_put(f->org, MOCK_SERVICE_APP, "jwks",
                             test_format("{\"kid\":\"p\",%s}", test_jwk_members(KEY_P256))));
    const char *header = "{\"alg\":\"ES256\",\"kid\":\"p\"}";
    test_token_request(f, NULL, with_header(f, header, "ES256", KEY_P256), NULL, 200);
    /* Of two keys with one kid nobody can tell which is meant. */
    assert_true(mock_org_put(f->org, MOCK_SERVICE_APP, "jwks",
                             test_format("{\"kid\":\"p\",%s}", test_jwk_members(KEY_P256_OTHER))));
    test_token_request(f, NULL, with_header(f, header, "ES256", KEY_P256), NULL, 401);
    test_oauth_error(f, 401, "invalid_client", "kid");
}

static void only_private_key_jwt_clients_sign_in(void **state)
{
    fixture *f = *state;
    static const char web[] = "\"" MOCK_WEB_APP "\"";
    assert_null(mock_org_add_key(f->org, MOCK_WEB_APP,
                                 test_format("{\"kid\":\"k\",%s}", test_jwk_members(KEY_P256))));
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){.iss = web, .sub = web}),
            "private_key_jwt");
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){.iss = "\"none\"", .sub = "\"none\""}),
            "private_key_jwt");
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), "kid");
}

/* Those whose refusal names a claim; a good assertion follows, to show that only the claim was bad. */
static void each_claim_is_checked(void **state)
{
    fixture *f = *state;
    static const char web[] = "\"" MOCK_WEB_APP "\"";
    static const test_claims bad[] = {
        {.iss = ""},
        {.sub = ""},
        {.iss = "", .sub = ""},
        {.iss = web},
        {.sub = web},
        {.iss = "[\"" MOCK_SERVICE_APP "\"]"},
        {.iss = "null"},
        {.aud = ""},
        {.aud = "null"},
        {.aud = "[]"},
        {.aud = "\"https://evil.example/oauth2/v1/token\""},
        {.aud = "\"\""},
        {.exp = ""},
        {.exp = "\"1767729158\""},
        {.exp = "null"},
        {.exp = "1767729058"},
        {.exp = "0"},
        {.exp = "-1"},
        {.exp = "1767732659"},
        {.exp = "1e300"},
        {.exp = "1e999"},
        {.exp = "1767732658.5"},
        {.iat = "1767729064"},
        {.iat = "\"1767729058\""},
        {.iat = "1e999"},
        {.iat = "null"},
        {.nbf = "1767729064"},
        {.nbf = "true"},
        {.jti = "\"\""},
        {.jti = "1"},
        {.jti = "null"},
    };
    static const char *const parts[] = {"iss", "aud", "exp", "iat", "nbf", "jti"};
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const test_claims *c = &bad[i];
        size_t part = c->iss != NULL || c->sub != NULL ? 0
                      : c->aud != NULL                 ? 1
                      : c->exp != NULL                 ? 2
                      : c->iat != NULL                 ? 3
                      : c->nbf != NULL                 ? 4
                                                       : 5;
        refused(f, test_assertion(f, "ES256", KEY_P256, *c), part == 2 ? "exp" : parts[part]);
    }
    test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), NULL, 200);
}

static void claims_are_good_up_to_their_limits(void **state)
{
    fixture *f = *state;
    const char *aud = mock_org_url(f->org);
    const test_claims good[] = {
        {.exp = "1767729059"},
        {.exp = "1767732658"},
        {.exp = "1767729059.5"},
        {.exp = "1.767729100e9"},
        {.iat = "1767729063"},
        {.iat = "0"},
        {.iat = ""},
        {.nbf = "1767729063"},
        {.nbf = "1"},
        {.aud = test_format("[\"%s/oauth2/v1/token\"]", aud)},
        {.more = ",\"azp\":{\"x\":[1]}"},
        {.jti = ""},
    };
    char aud_list[128];
    (void)snprintf(aud_list, sizeof aud_list, "%s", good[9].aud);
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        test_claims claims = good[i];
        claims.aud = claims.aud != NULL ? aud_list : NULL;
        test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, claims), NULL, 200);
    }
    assert_int_equal(mock_org_token_count(f->org), sizeof good / sizeof good[0]);
}

static void an_audience_is_only_this_server(void **state)
{
    fixture *f = *state;
    const char *url = mock_org_url(f->org);
    static const char *const tails[] = {
        "", "/", "/oauth2/v1/token/", "/oauth2/v1/tokens", "/oauth2/v1/token?", "/oauth2/v1/Token",
    };
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        char aud[128];
        int length = snprintf(aud, sizeof aud, "\"%s%s\"", url, tails[i]);
        assert_true(length > 0 && (size_t)length < sizeof aud);
        refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){.aud = aud}), "aud");
    }
    const char *two = test_format("[\"%s/oauth2/v1/token\",\"x\"]", url);
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){.aud = two}), "aud");

    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.audience = "https://issuer.example"}));
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), "aud");
    test_claims issuer = {.aud = "\"https://issuer.example\""};
    test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, issuer), NULL, 200);
    assert_true(mock_org_set_oauth(f->org, NULL));
    test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), NULL, 200);
}

static void a_skewed_clock_judges_by_its_own_time(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    mock_org_set_skew(f->org, 300);
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), "expired");
    test_header_is(f, "Date", "Tue, 06 Jan 2026 19:55:58 GMT");
    mock_org_set_skew(f->org, -6);
    refused(f, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), "iat");
    mock_org_set_skew(f->org, -5);
    test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), NULL, 200);
    mock_org_set_skew(f->org, 0);
    test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), NULL, 200);
    test_header_is(f, "Date", "Tue, 06 Jan 2026 19:50:58 GMT");
}

static void a_replay_is_refused(void **state)
{
    fixture *f = *state;
    char kept[1024];
    test_register(f, KEY_P256);
    (void)snprintf(kept, sizeof kept, "%s",
                   test_assertion(f, "ES256", KEY_P256, (test_claims){.jti = "\"a\""}));
    test_token_request(f, NULL, kept, NULL, 200);
    test_token_request(f, NULL, kept, NULL, 401);
    test_oauth_error(f, 401, "invalid_client", "replay");
    test_claims again = {.jti = "\"a\"", .exp = "1767729100"};
    test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, again), NULL, 401);
    test_oauth_error(f, 401, "invalid_client", "replay");
    mock_org_forget_requests(f->org);
    mock_org_revoke_tokens(f->org);
    test_token_request(f, NULL, kept, NULL, 401);

    assert_true(mock_org_add_app(f->org, "0oa3", "private_key_jwt"));
    assert_null(
        mock_org_add_key(f->org, "0oa3", test_format("{\"kid\":\"k\",%s}", test_jwk_members(KEY_P256))));
    test_claims other = {.jti = "\"a\"", .iss = "\"0oa3\"", .sub = "\"0oa3\""};
    test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, other), NULL, 200);
}

static void without_a_jti_an_assertion_is_good_again(void **state)
{
    fixture *f = *state;
    char kept[1024];
    test_register(f, KEY_P256);
    (void)snprintf(kept, sizeof kept, "%s", test_assertion(f, "ES256", KEY_P256, (test_claims){.jti = ""}));
    test_token_request(f, NULL, kept, NULL, 200);
    test_token_request(f, NULL, kept, NULL, 200);
}

static void a_jti_is_used_up_by_a_good_assertion_only(void **state)
{
    fixture *f = *state;
    test_claims once = {.jti = "\"a\""};
    test_claims late = {.jti = "\"a\"", .exp = "1767729000"};
    test_register(f, KEY_P256);
    refused(f, test_assertion(f, "ES256", KEY_P256, late), "expired");
    refused(f, test_assertion(f, "ES256", KEY_P256_OTHER, once), "signature");
    test_token_request(f, "openid", test_assertion(f, "ES256", KEY_P256, once), NULL, 400);
    test_oauth_error(f, 400, "invalid_scope", "");
    refused(f, test_assertion(f, "ES256", KEY_P256, once), "replay");
}

int test_assertion_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_algorithm_signs_in_with_a_key_added_by_the_api),
        TEST(an_algorithm_must_fit_the_key),
        TEST(the_alg_of_the_key_binds),
        TEST(a_signature_of_another_algorithm_is_refused),
        TEST(none_and_symmetric_algorithms_are_refused),
        TEST(a_signature_is_one_of_the_registered_key),
        TEST(another_payload_under_a_good_signature_is_refused),
        TEST(ecdsa_signatures_are_raw_and_of_exact_length),
        TEST(a_jwt_is_three_canonical_parts),
        TEST(headers_and_claims_are_strict_objects),
        TEST(the_type_is_not_one_of_another_jwt),
        TEST(kid_names_an_active_signing_key),
        TEST(of_several_keys_kid_tells_which),
        TEST(keys_that_a_test_put_in_count),
        TEST(only_private_key_jwt_clients_sign_in),
        TEST(each_claim_is_checked),
        TEST(claims_are_good_up_to_their_limits),
        TEST(an_audience_is_only_this_server),
        TEST(a_skewed_clock_judges_by_its_own_time),
        TEST(a_replay_is_refused),
        TEST(without_a_jti_an_assertion_is_good_again),
        TEST(a_jti_is_used_up_by_a_good_assertion_only),
    };
    return cmocka_run_group_tests_name("mock_org assertion", tests, NULL, NULL);
}
