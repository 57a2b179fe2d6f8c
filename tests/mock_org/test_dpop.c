/* SPDX-License-Identifier: Apache-2.0 */
/* DPoP proofs, at the token endpoint and on API calls; nonces are in test_nonce.c. */
#include "mock_public_key.h"
#include "test_groups.h"
#include "test_jwt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APP       "/api/v1/apps/" MOCK_WEB_APP
#define ASSERTION test_assertion(f, "ES256", KEY_P256, (test_claims){0})

/* A proof for the token endpoint. */
static const char *token_proof(const fixture *f, test_claims claims)
{
    return test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, claims);
}

static void get_bound_token(fixture *f, char out[TOKEN_SIZE])
{
    test_register(f, KEY_P256);
    test_get_token(f, NULL, token_proof(f, (test_claims){0}), out);
}

static void a_proof_binds_the_token_to_its_key(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    get_bound_token(f, token);
    test_members(f->json, "token_type,expires_in,access_token,scope");
    test_header_is(f, "DPoP-Nonce", NULL);
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, (test_claims){0}), "GET", APP, 200);
    test_header_is(f, "DPoP-Nonce", NULL);
    test_header_is(f, "WWW-Authenticate", NULL);
    test_api(f, "DPoP", token, test_proof(f, "POST", WEB_SECRETS, token, (test_claims){0}), "POST",
             WEB_SECRETS, 201);
    static const char paged[] = WEB_SECRETS "?limit=1&after=x";
    test_api(f, "DPoP", token, test_proof(f, "GET", paged, token, (test_claims){0}), "GET", paged, 200);
}

static void a_bound_token_is_refused_without_its_proof(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    get_bound_token(f, token);
    test_api(f, "Bearer", token, NULL, "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_token\"");
    test_api(f, "Bearer", token, test_proof(f, "GET", APP, token, (test_claims){0}), "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_token\"");
    test_api(f, "SSWS", token, NULL, "GET", APP, 401);
    test_api(f, "DPoP", token, NULL, "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_dpop_proof\"");
    char *challenge = test_header(f, "WWW-Authenticate", 0);
    assert_non_null(strstr(challenge, ", algs=\"RS256 "));
    free(challenge);
}

static void an_unbound_token_does_not_go_as_dpop(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    test_get_token(f, NULL, NULL, token);
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, (test_claims){0}), "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_token\"");
    test_api(f, "Bearer", token, test_proof(f, "GET", APP, token, (test_claims){0}), "GET", APP, 200);
}

static void a_bound_token_ends_like_any_other(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    get_bound_token(f, token);
    mock_org_set_now(f->org, TEST_NOW + 3600);
    test_claims later = {.iat = "1767732658"};
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, later), "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_token\"");
    mock_org_set_now(f->org, TEST_NOW + 3599);
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, later), "GET", APP, 200);
    mock_org_revoke_tokens(f->org);
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, later), "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_token\"");
}

static void a_missing_scope_is_told_in_the_scheme_of_the_token(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    test_get_token(f, "okta.apps.read", token_proof(f, (test_claims){0}), token);
    test_api(f, "DPoP", token, test_proof(f, "POST", WEB_SECRETS, token, (test_claims){0}), "POST",
             WEB_SECRETS, 403);
    test_challenge(f, "DPoP error=\"insufficient_scope\"");
}

static void dpop_can_be_required_of_an_app(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    assert_true(mock_org_require_dpop(f->org, MOCK_SERVICE_APP, true));
    test_token_request(f, NULL, ASSERTION, NULL, 400);
    test_oauth_error(f, 400, "invalid_dpop_proof", "");
    test_token_request(f, NULL, "x", NULL, 401);
    assert_int_equal(mock_org_token_count(f->org), 0);
    char token[TOKEN_SIZE];
    test_get_token(f, NULL, token_proof(f, (test_claims){0}), token);
    assert_true(mock_org_require_dpop(f->org, MOCK_SERVICE_APP, false));
    test_get_token(f, NULL, NULL, token);
}

/* What makes a proof for POST /oauth2/v1/token, and one for GET APP, a bad one. */
static const struct {
    test_claims claims;
    const char *part;
} bad_claims[] = {
    {{.htm = ""}, "htm"},
    {{.htm = "\"post\""}, "htm"},
    {{.htm = "\"get\""}, "htm"},
    {{.htm = "\"PUT\""}, "htm"},
    {{.htm = "1"}, "htm"},
    {{.htu = ""}, "htu"},
    {{.htu = "null"}, "htu"},
    {{.htu = "\"https://evil.example/\""}, "htu"},
    {{.htu = "\"\""}, "htu"},
    {{.iat = ""}, "iat"},
    {{.iat = "null"}, "iat"},
    {{.iat = "\"1767729058\""}, "iat"},
    {{.iat = "1767729359"}, "iat"},
    {{.iat = "1767728757"}, "iat"},
    {{.iat = "1767728757.5"}, "iat"},
    {{.iat = "1767729058000"}, "iat"},
    {{.iat = "1e999"}, "iat"},
    {{.iat = "-1e999"}, "iat"},
    {{.jti = ""}, "jti"},
    {{.jti = "\"\""}, "jti"},
    {{.jti = "7"}, "jti"},
    {{.more = ",\"jti\":\"twice\""}, "JSON object"},
};

#define BAD_CLAIMS (sizeof bad_claims / sizeof bad_claims[0])

static void bad_claims_are_refused_at_the_token_endpoint(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    for (size_t i = 0; i < BAD_CLAIMS; i++) {
        test_token_request(f, NULL, ASSERTION, token_proof(f, bad_claims[i].claims), 400);
        test_oauth_error(f, 400, "invalid_dpop_proof", bad_claims[i].part);
        test_header_is(f, "DPoP-Nonce", NULL);
    }
    assert_int_equal(mock_org_token_count(f->org), 0);
}

static void refused_call(fixture *f, const char *token, const char *proof, const char *part)
{
    test_api(f, "DPoP", token, proof, "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_dpop_proof\"");
    char *challenge = test_header(f, "WWW-Authenticate", 0);
    if (strstr(challenge, part) == NULL) {
        print_error("\"%s\" is not in %s\n", part, challenge);
    }
    assert_non_null(strstr(challenge, part));
    free(challenge);
}

static void bad_claims_are_refused_on_calls(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    get_bound_token(f, token);
    for (size_t i = 0; i < BAD_CLAIMS; i++) {
        refused_call(f, token, test_proof(f, "GET", APP, token, bad_claims[i].claims), bad_claims[i].part);
    }
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, (test_claims){0}), "GET", APP, 200);
}

static void htu_is_the_url_to_the_byte(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    get_bound_token(f, token);
    const char *url = mock_org_url(f->org);
    static const char *const tails[] = {
        APP "?",
        APP "?a=b",
        APP "#",
        APP "#x",
        APP "/",
        "/api/v1/apps/",
        "/API/v1/apps/" MOCK_WEB_APP,
        "",
        WEB_KEYS,
        "//api/v1/apps/" MOCK_WEB_APP,
        "/api/v1/%61pps/" MOCK_WEB_APP,
    };
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        char htu[256];
        (void)snprintf(htu, sizeof htu, "\"%s%s\"", url, tails[i]);
        refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.htu = htu}), "htu");
    }
    const char *port = strrchr(url, ':');
    const char *const origins[] = {"https://127.0.0.1", "http://localhost", "HTTP://127.0.0.1",
                                   "http://x@127.0.0.1"};
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        char htu[256];
        (void)snprintf(htu, sizeof htu, "\"%s%s%s\"", origins[i], port, APP);
        refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.htu = htu}), "htu");
    }
    refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.htu = "\"" APP "\""}), "htu");
    /* A path that is escaped on the request line is escaped in htu. */
    static const char escaped[] = "/api/v1/%61pps/" MOCK_WEB_APP;
    test_api(f, "DPoP", token, test_proof(f, "GET", escaped, token, (test_claims){0}), "GET", escaped, 200);
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, (test_claims){0}), "GET", escaped, 401);
}

static void a_server_called_localhost_is_proven_by_that_name(void **state)
{
    fixture *f = *state;
    const char *address = mock_org_url(f->org);
    char name[64];
    (void)snprintf(name, sizeof name, "http://localhost%s", strrchr(address, ':'));
    test_register(f, KEY_P256);
    const struct {
        const char *called, *other;
    } rows[] = {{name, address}, {address, name}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char wrong[128];
        f->url = rows[i].called;
        (void)snprintf(wrong, sizeof wrong, "\"%s" MOCK_TOKEN_PATH "\"", rows[i].other);
        test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, (test_claims){.aud = wrong}), NULL,
                           401);
        test_oauth_error(f, 401, "invalid_client", "aud");

        char token[TOKEN_SIZE];
        test_get_token(f, NULL, test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){0}), token);
        test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, (test_claims){0}), "GET", APP, 200);
        (void)snprintf(wrong, sizeof wrong, "\"%s" APP "\"", rows[i].other);
        refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.htu = wrong}), "htu");
    }
}

static void a_proof_is_for_one_method_and_path(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    get_bound_token(f, token);
    refused_call(f, token, test_proof(f, "POST", APP, token, (test_claims){0}), "htm");
    refused_call(f, token, test_proof(f, "GET", WEB_KEYS, token, (test_claims){0}), "htu");
    refused_call(f, token, test_proof(f, "POST", MOCK_TOKEN_PATH, token, (test_claims){0}), "htm");
}

static void iat_is_good_within_the_window(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    get_bound_token(f, token);
    static const char *const good[] = {"1767729358", "1767728758", "1767729058.25", "1.767729058e9"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, (test_claims){.iat = good[i]}), "GET",
                 APP, 200);
    }
    assert_true(
        mock_org_set_oauth(f->org, &(mock_oauth_options){.proof_window_s = 10, .no_token_nonce = true}));
    refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.iat = "1767729069"}), "iat");
    refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.iat = "1767729047"}), "iat");
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, (test_claims){.iat = "1767729068"}), "GET",
             APP, 200);
    mock_org_set_skew(f->org, 11);
    refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){0}), "iat");
}

static void ath_is_the_hash_of_this_token(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    char other[TOKEN_SIZE];
    get_bound_token(f, token);
    test_get_token(f, NULL, token_proof(f, (test_claims){0}), other);
    refused_call(f, token, test_proof(f, "GET", APP, NULL, (test_claims){0}), "ath");
    refused_call(f, token, test_proof(f, "GET", APP, other, (test_claims){0}), "ath");
    refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.ath = "\"\""}), "ath");
    refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.ath = "null"}), "ath");
    const char *raw = test_format("\"%s\"", token);
    refused_call(f, token, test_proof(f, "GET", APP, token, (test_claims){.ath = raw}), "ath");
    test_api(f, "DPoP", other, test_proof(f, "GET", APP, other, (test_claims){0}), "GET", APP, 200);
}

static void another_key_does_not_open_the_token(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    get_bound_token(f, token);
    const char *claims = test_proof_claims(f, "GET", APP, token, (test_claims){0});
    const char *proof = test_jwt(test_proof_header("ES256", KEY_P256_OTHER), claims, "ES256", KEY_P256_OTHER);
    test_api(f, "DPoP", token, proof, "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_token\"");
    /* The token's key in the header, another one behind the signature. */
    claims = test_proof_claims(f, "GET", APP, token, (test_claims){0});
    refused_call(f, token, test_jwt(test_proof_header("ES256", KEY_P256), claims, "ES256", KEY_P256_OTHER),
                 "signature");
}

static void each_algorithm_makes_a_proof(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *alg;
        test_key_name key;
    } good[] = {
        {"RS256", KEY_RSA}, {"RS384", KEY_RSA},  {"RS512", KEY_RSA},  {"PS256", KEY_RSA},  {"PS384", KEY_RSA},
        {"PS512", KEY_RSA}, {"ES256", KEY_P256}, {"ES384", KEY_P384}, {"ES512", KEY_P521},
    };
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char token[TOKEN_SIZE];
        const char *claims = test_proof_claims(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){0});
        const char *header = test_proof_header(good[i].alg, good[i].key);
        test_get_token(f, NULL, test_jwt(header, claims, good[i].alg, good[i].key), token);
        claims = test_proof_claims(f, "GET", APP, token, (test_claims){0});
        header = test_proof_header(good[i].alg, good[i].key);
        test_api(f, "DPoP", token, test_jwt(header, claims, good[i].alg, good[i].key), "GET", APP, 200);
    }
}

static void refused_header(fixture *f, const char *header, const char *how, test_key_name key)
{
    const char *claims = test_proof_claims(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){0});
    test_token_request(f, NULL, ASSERTION, test_jwt(header, claims, how, key), 400);
    test_oauth_error(f, 400, "invalid_dpop_proof", "");
    assert_int_equal(mock_org_token_count(f->org), 0);
}

static void bad_headers_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const p256[] = {
        "{\"alg\":\"ES256\",\"jwk\":{%s}}",
        "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"jwk\":{%s}}",
        "{\"typ\":\"DPoP+JWT\",\"alg\":\"ES256\",\"jwk\":{%s}}",
        "{\"typ\":1,\"alg\":\"ES256\",\"jwk\":{%s}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES384\",\"jwk\":{%s}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"RS256\",\"jwk\":{%s}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"none\",\"jwk\":{%s}}",
        "{\"typ\":\"dpop+jwt\",\"jwk\":{%s}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":[{%s}]}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"crit\":[\"exp\"],\"jwk\":{%s}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{%s,\"d\":\"AA\"}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{%s,\"d\":null}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{%s,\"k\":\"AA\"}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{%s,\"kty\":\"EC\"}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{%s,\"alg\":\"ES384\"}}",
    };
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof p256 / sizeof p256[0]; i++) {
        char header[1024];
        int length = snprintf(header, sizeof header, "%.*s%s%s", (int)(strstr(p256[i], "%s") - p256[i]),
                              p256[i], test_jwk_members(KEY_P256), strstr(p256[i], "%s") + 2);
        assert_true(length > 0 && (size_t)length < sizeof header);
        refused_header(f, header, "ES256", KEY_P256);
    }
    refused_header(f, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\"}", "ES256", KEY_P256);
    refused_header(f, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"kid\":\"k\"}", "ES256", KEY_P256);
    refused_header(f, test_proof_header("RS256", KEY_RSA_1024), "RS256", KEY_RSA_1024);
    refused_header(f, test_proof_header("ES256", KEY_P256), "DER", KEY_P256);
    refused_header(f, test_proof_header("ES256", KEY_P256), "none", KEY_P256);
    refused_header(f, test_proof_header("PS256", KEY_RSA), "RS256", KEY_RSA);
}

static void symmetric_proofs_are_refused(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    refused_header(f, test_proof_header("HS256", KEY_RSA), "HS256", KEY_RSA);
    refused_header(f, test_proof_header("RS256", KEY_RSA), "HS256", KEY_RSA);
    refused_header(f, "{\"typ\":\"dpop+jwt\",\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
                   "HS256", KEY_RSA);
    refused_header(f, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"oct\"}}", "ES256",
                   KEY_P256);
    refused_header(f,
                   "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
                   "\"nu1MQ2yd_HE7ZFM9wyJSkiOF-mvb1FlB7hCosTQmDW8\",\"y\":"
                   "\"yMYadTOoeL-QUC_I260o02_m03Q2pjj2Cy1iow1ndQo\"}}",
                   "ES256", KEY_P256);
}

/* One key written in two ways would have two thumbprints. */
static void keys_in_other_than_canonical_form_are_refused(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    char members[1024];
    (void)snprintf(members, sizeof members, "%s", test_jwk_members(KEY_P256));
    members[strlen(members) - 1] = '\0';
    refused_header(f, test_format("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{%s=\"}}", members),
                   "ES256", KEY_P256);
    (void)snprintf(members, sizeof members, "%s", test_jwk_members(KEY_RSA));
    const char *n = strstr(members, "\"n\":\"") + 5;
    /* The octet 00 before n: 257 octets, encoded anew. */
    unsigned char octets[300] = {0};
    char padded[400];
    size_t letters = strcspn(n, "\"");
    (void)snprintf(padded, sizeof padded, "%.*s", (int)letters, n);
    for (size_t i = 0; i < letters; i++) {
        padded[i] = padded[i] == '-' ? '+' : padded[i] == '_' ? '/' : padded[i];
    }
    memcpy(padded + letters, "==", 3);
    assert_int_equal(EVP_DecodeBlock(octets + 1, (const unsigned char *)padded, (int)letters + 2), 258);
    const char *longer = test_base64url(octets, 257);
    refused_header(
        f,
        test_format(
            "{\"typ\":\"dpop+jwt\",\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"%s\"}}",
            longer),
        "RS256", KEY_RSA);
}

static void one_proof_is_all_that_a_request_has(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    char second[1200];
    char form[1200];
    (void)snprintf(second, sizeof second, "DPoP: %s", token_proof(f, (test_claims){0}));
    (void)snprintf(form, sizeof form, "%s", test_format(FORM_OF, ASSERTION, "okta.apps.read"));
    const char *headers[] = {test_format("dpop: %s", token_proof(f, (test_claims){0})), second, NULL};
    f->headers = headers;
    f->content_type = "application/x-www-form-urlencoded";
    f->token = NULL;
    test_expect(f, "POST", MOCK_TOKEN_PATH, form, 400);
    test_oauth_error(f, 400, "invalid_dpop_proof", "one DPoP");
    test_token_request(f, NULL, ASSERTION, "", 200);
    assert_string_equal(test_string(f->json, "token_type"), "Bearer");
    test_token_request(f, NULL, ASSERTION, "x", 400);
    test_oauth_error(f, 400, "invalid_dpop_proof", "JWT");
}

static void a_proof_is_used_once(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    char proof[1200];
    test_register(f, KEY_P256);
    (void)snprintf(proof, sizeof proof, "%s", token_proof(f, (test_claims){.jti = "\"a\""}));
    test_get_token(f, NULL, proof, token);
    test_token_request(f, NULL, ASSERTION, proof, 400);
    test_oauth_error(f, 400, "invalid_dpop_proof", "replay");
    test_claims same = {.jti = "\"a\""};
    refused_call(f, token, test_proof(f, "GET", APP, token, same), "replay");
    test_claims next = {.jti = "\"b\""};
    (void)snprintf(proof, sizeof proof, "%s", test_proof(f, "GET", APP, token, next));
    test_api(f, "DPoP", token, proof, "GET", APP, 200);
    refused_call(f, token, proof, "replay");
    mock_org_forget_requests(f->org);
    refused_call(f, token, proof, "replay");
    /* The jtis of assertions and those of other keys are others. */
    test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, next), NULL, 200);
    const char *claims = test_proof_claims(f, "POST", MOCK_TOKEN_PATH, NULL, same);
    const char *header = test_proof_header("ES256", KEY_P256_OTHER);
    test_token_request(f, NULL, ASSERTION, test_jwt(header, claims, "ES256", KEY_P256_OTHER), 200);
}

static void a_refused_proof_uses_the_assertion_up(void **state)
{
    fixture *f = *state;
    char assertion[1024];
    test_register(f, KEY_P256);
    (void)snprintf(assertion, sizeof assertion, "%s", ASSERTION);
    test_token_request(f, NULL, assertion, token_proof(f, (test_claims){.htm = "\"GET\""}), 400);
    test_token_request(f, NULL, assertion, token_proof(f, (test_claims){0}), 401);
    test_oauth_error(f, 401, "invalid_client", "replay");
}

/* The examples of RFC 7638 section 3.1 and RFC 9449 sections 6.1 and 7.1. */
static void thumbprints_and_hashes_are_those_of_the_rfcs(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"kty\":\"RSA\",\"n\":"
         "\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuh"
         "DR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
         "FDW2Qvz"
         "qY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-"
         "bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr"
         "3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":"
         "\"2011-04-29\"}",
         "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},
        {"{\"kty\":\"EC\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\",\"y\":"
         "\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\",\"crv\":\"P-256\"}",
         "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"},
    };
    char hash[MOCK_SHA256_SIZE];
    for (size_t i = 0; i < 2; i++) {
        cJSON *jwk = cJSON_Parse(cases[i][0]);
        assert_true(mock_thumbprint(jwk, hash));
        assert_string_equal(hash, cases[i][1]);
        cJSON_Delete(jwk);
    }
    assert_true(mock_sha256_text("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU", hash));
    assert_string_equal(hash, "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
}

/* What is tested here is all that a proof has beside a nonce. */
static int start_without_nonces(void **state)
{
    int failed = test_start(state);
    const fixture *f = *state;
    return failed == 0 && mock_org_set_oauth(f->org, &(mock_oauth_options){.no_token_nonce = true}) ? 0 : -1;
}

#define PROOF_TEST(name) cmocka_unit_test_setup_teardown(name, start_without_nonces, test_stop)

int test_dpop_group(void)
{
    const struct CMUnitTest tests[] = {
        PROOF_TEST(a_proof_binds_the_token_to_its_key),
        PROOF_TEST(a_bound_token_is_refused_without_its_proof),
        PROOF_TEST(an_unbound_token_does_not_go_as_dpop),
        PROOF_TEST(a_bound_token_ends_like_any_other),
        PROOF_TEST(a_missing_scope_is_told_in_the_scheme_of_the_token),
        PROOF_TEST(dpop_can_be_required_of_an_app),
        PROOF_TEST(bad_claims_are_refused_at_the_token_endpoint),
        PROOF_TEST(bad_claims_are_refused_on_calls),
        PROOF_TEST(htu_is_the_url_to_the_byte),
        PROOF_TEST(a_server_called_localhost_is_proven_by_that_name),
        PROOF_TEST(a_proof_is_for_one_method_and_path),
        PROOF_TEST(iat_is_good_within_the_window),
        PROOF_TEST(ath_is_the_hash_of_this_token),
        PROOF_TEST(another_key_does_not_open_the_token),
        PROOF_TEST(each_algorithm_makes_a_proof),
        PROOF_TEST(bad_headers_are_refused),
        PROOF_TEST(symmetric_proofs_are_refused),
        PROOF_TEST(keys_in_other_than_canonical_form_are_refused),
        PROOF_TEST(one_proof_is_all_that_a_request_has),
        PROOF_TEST(a_proof_is_used_once),
        PROOF_TEST(a_refused_proof_uses_the_assertion_up),
        cmocka_unit_test(thumbprints_and_hashes_are_those_of_the_rfcs),
    };
    return cmocka_run_group_tests_name("mock_org dpop", tests, NULL, NULL);
}
