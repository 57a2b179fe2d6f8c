/* SPDX-License-Identifier: Apache-2.0 */
/* okta_jwk_check(): what may be sent, and what is refused before it is. */
#include "unit/keys_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys/keys.h"
#include "unit/keys_vectors.h"

#define SIG    OKTA_OAUTH2_CLIENT_JWK_USE_SIG
#define ENC    OKTA_OAUTH2_CLIENT_JWK_USE_ENC
#define ABSENT OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT

static okta_oauth2_client_jwk rsa_model(void)
{
    return (okta_oauth2_client_jwk){.model = OKTA_INIT(okta_oauth2_client_jwk),
                                    .kid = "k",
                                    .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA,
                                    .n = VECTOR_N,
                                    .e = "AQAB"};
}

static okta_oauth2_client_jwk ec_model(void)
{
    return (okta_oauth2_client_jwk){.model = OKTA_INIT(okta_oauth2_client_jwk),
                                    .kid = "k",
                                    .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC,
                                    .crv = "P-256",
                                    .x = VECTOR_X,
                                    .y = VECTOR_Y};
}

static void expect_bad(const okta_oauth2_client_jwk *jwk, const char *phrase)
{
    expect_error(okta_jwk_check(jwk), OKTA_E_ARG, phrase);
    expect_error(oktai_jwk_check_model(jwk), OKTA_E_ARG, phrase);
}

static void takes_complete_keys(void **state)
{
    (void)state;
    okta_oauth2_client_jwk rsa = rsa_model();
    okta_oauth2_client_jwk ec = ec_model();
    assert_null(okta_jwk_check(&rsa));
    assert_null(okta_jwk_check(&ec));
    assert_null(oktai_jwk_check_model(&ec));
}

/* Read-only members are not sent, and a null is as good as nothing. */
static void takes_what_a_list_returned(void **state)
{
    (void)state;
    static const char json[] =
        "{\"id\":\"pks1\",\"kid\":\"k\",\"kty\":\"RSA\",\"alg\":null,\"use\":null,\"e\":\"AQAB\",\"n\":"
        "\"" VECTOR_N
        "\",\"status\":\"ACTIVE\",\"created\":\"2026-01-06T19:50:58.000Z\",\"lastUpdated\":\"x\",\"new\":[1],"
        "\"_links\":{\"deactivate\":{\"href\":\"https://o.example/x\"}}}";
    okta_oauth2_client_jwk *jwk = NULL;
    assert_null(okta_from_json(okta_oauth2_client_jwk_descriptor(), json, strlen(json), &jwk));
    assert_null(okta_jwk_check(jwk));
    jwk->alg = OKTA_NULL;
    assert_null(okta_jwk_check(jwk));
    okta_free(jwk);
}

static const char *use_name(okta_oauth2_client_jwk_use use)
{
    return use == SIG ? "sig" : use == ENC ? "enc" : "-";
}

static bool is_allowed(const char *key, okta_oauth2_client_jwk_use use, const char *alg)
{
    /* key, use, alg; "-" is absent */
    static const char *const allowed[] = {
        "RSA sig -",
        "RSA sig RS256",
        "RSA sig RS384",
        "RSA sig RS512",
        "RSA sig PS256",
        "RSA sig PS384",
        "RSA sig PS512",
        "RSA enc -",
        "RSA enc RSA-OAEP",
        "RSA enc RSA-OAEP-256",
        "RSA enc RSA-OAEP-384",
        "RSA enc RSA-OAEP-512",
        "RSA - -",
        "RSA - RS256",
        "RSA - RS384",
        "RSA - RS512",
        "RSA - PS256",
        "RSA - PS384",
        "RSA - PS512",
        "RSA - RSA-OAEP",
        "RSA - RSA-OAEP-256",
        "RSA - RSA-OAEP-384",
        "RSA - RSA-OAEP-512",
        "P-256 sig -",
        "P-256 sig ES256",
        "P-256 - -",
        "P-256 - ES256",
        "P-384 sig -",
        "P-384 sig ES384",
        "P-384 - -",
        "P-384 - ES384",
        "P-521 sig -",
        "P-521 sig ES512",
        "P-521 - -",
        "P-521 - ES512",
    };
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%s %s %s", key, use_name(use), alg == NULL ? "-" : alg);
    for (size_t i = 0; i < COUNT(allowed); i++) {
        if (strcmp(allowed[i], wanted) == 0) {
            return true;
        }
    }
    return false;
}

static void fits_alg_to_key_and_use(void **state)
{
    (void)state;
    static const char *const keys[] = {"RSA", "P-256", "P-384", "P-521"};
    static const okta_oauth2_client_jwk_use uses[] = {ABSENT, SIG, ENC};
    static const char *const algs[] = {
        NULL,      "RS256",    "RS384",        "RS512",        "PS256",        "PS384",     "PS512",
        "ES256",   "ES384",    "ES512",        "ES256K",       "EdDSA",        "HS256",     "none",
        "RSA1_5",  "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", "RSA-OAEP-", "RSA-OAEP-1",
        "ECDH-ES", "A256KW",   "dir",          "rs256",        "RS256 ",       "RS2567",    "RS",
        "",        "P-256",
    };
    size_t good = 0;
    for (size_t k = 0; k < COUNT(keys); k++) {
        EVP_PKEY *pkey = k == 0 ? shared_rsa_key() : make_ec_key(keys[k]);
        char *json = jwk_text(pkey, false, ",\"kid\":\"k\"");
        okta_oauth2_client_jwk *jwk = NULL;
        assert_null(okta_from_json(okta_oauth2_client_jwk_descriptor(), json, strlen(json), &jwk));
        for (size_t u = 0; u < COUNT(uses); u++) {
            for (size_t a = 0; a < COUNT(algs); a++) {
                jwk->use = uses[u];
                jwk->alg = algs[a];
                okta_error *error = okta_jwk_check(jwk);
                if (is_allowed(keys[k], uses[u], algs[a])) {
                    assert_null(error);
                    good++;
                } else {
                    expect_error(error, OKTA_E_ARG, k > 0 && uses[u] == ENC ? "\"use\" is enc" : "\"alg\"");
                }
            }
        }
        okta_free(jwk);
        free(json);
        if (k > 0) {
            EVP_PKEY_free(pkey);
        }
    }
    assert_int_equal(good, 35);
}

static void wants_a_kid(void **state)
{
    (void)state;
    static const char *const bad[] = {NULL, "", okta_null, "\n", "a\nb", "a\x01", "\x7f", "a\r\nb: c"};
    static const char *const good[] = {"k", "a b", "\"", "\xc3\xa4", "../x", "null"};
    okta_oauth2_client_jwk jwk = rsa_model();
    for (size_t i = 0; i < COUNT(bad); i++) {
        jwk.kid = bad[i];
        expect_bad(&jwk, "\"kid\"");
    }
    for (size_t i = 0; i < COUNT(good); i++) {
        jwk.kid = good[i];
        assert_null(okta_jwk_check(&jwk));
    }
}

static void wants_known_enums(void **state)
{
    (void)state;
    static const int others[] = {1, 4, 99, -1};
    for (size_t i = 0; i < COUNT(others); i++) {
        okta_oauth2_client_jwk jwk = rsa_model();
        jwk.kty = (okta_oauth2_client_jwk_kty)others[i];
        expect_bad(&jwk, "\"kty\"");
        jwk = rsa_model();
        jwk.use = (okta_oauth2_client_jwk_use)others[i];
        expect_bad(&jwk, "\"use\"");
        jwk = rsa_model();
        jwk.status = (okta_oauth2_client_jwk_status)others[i];
        expect_bad(&jwk, "\"status\"");
    }
    okta_oauth2_client_jwk jwk = rsa_model();
    jwk.kty = OKTA_OAUTH2_CLIENT_JWK_KTY_ABSENT;
    expect_bad(&jwk, "\"kty\"");
    jwk = rsa_model();
    jwk.status = OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE;
    assert_null(okta_jwk_check(&jwk));
    jwk.status = OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE;
    assert_null(okta_jwk_check(&jwk));
}

static void wants_the_members_of_the_key(void **state)
{
    (void)state;
    static const struct {
        bool is_ec;
        size_t offset;
        const char *value, *phrase;
    } cases[] = {
#define RSA_MEMBER(member) false, offsetof(okta_oauth2_client_jwk, member)
#define EC_MEMBER(member)  true, offsetof(okta_oauth2_client_jwk, member)
        {RSA_MEMBER(n), NULL, "\"n\" is missing"},
        {RSA_MEMBER(n), okta_null, "\"n\" is missing"},
        {RSA_MEMBER(n), "", "\"n\" is not base64url"},
        {RSA_MEMBER(n), VECTOR_N "==", "\"n\" is not base64url"},
        {RSA_MEMBER(n), "AA" VECTOR_N, "\"n\""},
        {RSA_MEMBER(n), "AQAB", "17 bits"},
        {RSA_MEMBER(e), NULL, "\"e\" is missing"},
        {RSA_MEMBER(e), okta_null, "\"e\" is missing"},
        {RSA_MEMBER(e), "AQAB=", "\"e\" is not base64url"},
        {RSA_MEMBER(e), "AAEAAQ", "\"e\" has a leading zero"},
        {RSA_MEMBER(e), "AQ", "exponent"},
        {RSA_MEMBER(e), "BA", "exponent"},
        {EC_MEMBER(crv), NULL, "\"crv\" is missing"},
        {EC_MEMBER(crv), okta_null, "\"crv\" is missing"},
        {EC_MEMBER(crv), "secp256k1", "\"crv\" is none of"},
        {EC_MEMBER(crv), "P-384", "\"x\" does not have the 48 octets"},
        {EC_MEMBER(x), NULL, "\"x\" is missing"},
        {EC_MEMBER(x), VECTOR_X "=", "\"x\" is not base64url"},
        {EC_MEMBER(x), VECTOR_Y, "not a point of P-256"},
        {EC_MEMBER(y), NULL, "\"y\" is missing"},
        {EC_MEMBER(y), okta_null, "\"y\" is missing"},
        {EC_MEMBER(y), "AQAB", "\"y\" does not have the 32 octets"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_oauth2_client_jwk jwk = cases[i].is_ec ? ec_model() : rsa_model();
        memcpy((char *)&jwk + cases[i].offset, &cases[i].value, sizeof cases[i].value);
        expect_bad(&jwk, cases[i].phrase);
    }
}

static void sends_no_private_member(void **state)
{
    (void)state;
    static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
    static const char *const values[] = {"\"AQAB\"", "null", "[]", NULL};
    for (size_t i = 0; i < COUNT(names); i++) {
        for (size_t v = 0; v < COUNT(values); v++) {
            const okta_member extras[] = {{.name = "other", .json = "1"},
                                          {.name = names[i], .json = values[v]}};
            okta_oauth2_client_jwk jwk = rsa_model();
            jwk.model.extras = extras;
            jwk.model.extra_count = COUNT(extras);
            char phrase[16];
            snprintf(phrase, sizeof phrase, "\"%s\" is private", names[i]);
            expect_bad(&jwk, phrase);
            jwk.model.extra_count = 1;
            assert_null(okta_jwk_check(&jwk));
        }
    }
    okta_oauth2_client_jwk *jwk = NULL;
    assert_null(okta_from_json(okta_oauth2_client_jwk_descriptor(), VECTOR_EC_PRIVATE,
                               strlen(VECTOR_EC_PRIVATE), &jwk));
    jwk->use = SIG;
    expect_bad(jwk, "\"d\" is private");
    okta_free(jwk);
}

static void looks_at_extras_that_would_be_sent_as_members(void **state)
{
    (void)state;
    const okta_member use = {.name = "use", .json = "\"tls\""};
    const okta_member status = {.name = "status", .json = "\"BROKEN\""};
    const okta_member alg = {.name = "alg", .json = "\"none\""};
    const okta_member null_alg = {.name = "alg", .json = "null"};
    const okta_member nameless = {.name = NULL, .json = "1"};
    const okta_member valueless = {.name = "alg", .json = NULL}; /* refused when it is encoded */
    okta_oauth2_client_jwk jwk = rsa_model();
    jwk.model.extra_count = 1;
    assert_null(okta_jwk_check(&jwk)); /* no extras, whatever their count */
    jwk.model.extras = &use;
    expect_bad(&jwk, "\"use\" stands among the extras");
    jwk.use = SIG;
    assert_null(okta_jwk_check(&jwk));
    jwk.model.extras = &status;
    expect_bad(&jwk, "\"status\" stands among the extras");
    jwk.status = OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE;
    assert_null(okta_jwk_check(&jwk));
    jwk.model.extras = &alg;
    expect_bad(&jwk, "\"alg\" stands among the extras");
    jwk.alg = "RS256";
    assert_null(okta_jwk_check(&jwk));
    jwk.alg = NULL;
    jwk.model.extras = &null_alg;
    assert_null(okta_jwk_check(&jwk));
    jwk.model.extras = &valueless;
    assert_null(okta_jwk_check(&jwk));
    jwk.model.extras = &nameless;
    expect_bad(&jwk, "an extra has no name");
}

static void wants_a_header(void **state)
{
    (void)state;
    okta_oauth2_client_jwk jwk = rsa_model();
    jwk.model.struct_size = 0;
    expect_bad(&jwk, "struct_size");
    jwk.model.struct_size = sizeof(okta_model) - 1;
    expect_bad(&jwk, "struct_size");
    jwk.model.struct_size = sizeof(okta_model);
    expect_bad(&jwk, "\"kid\"");
    struct {
        okta_oauth2_client_jwk ours;
        unsigned char more[64];
    } longer = {.ours = rsa_model(), .more = {0}};
    longer.ours.model.struct_size = sizeof longer;
    assert_null(okta_jwk_check(&longer.ours));
    longer.more[63] = 1;
    expect_bad(&longer.ours, "newer headers");
}

/* The engine sends the text of such an element, not its members. */
static void refuses_elements_of_lists_that_are_no_keys(void **state)
{
    (void)state;
    static const char json[] = "[\"text\"]";
    okta_oauth2_client_jwk_list *list = NULL;
    assert_null(okta_from_json(okta_oauth2_client_jwk_list_descriptor(), json, strlen(json), &list));
    assert_int_equal(list->count, 1);
    okta_oauth2_client_jwk jwk = rsa_model();
    jwk.model = list->items[0]->model;
    jwk.model.struct_size = sizeof jwk;
    expect_bad(&jwk, "no JWK");
    okta_free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_complete_keys),
        cmocka_unit_test(takes_what_a_list_returned),
        cmocka_unit_test(fits_alg_to_key_and_use),
        cmocka_unit_test(wants_a_kid),
        cmocka_unit_test(wants_known_enums),
        cmocka_unit_test(wants_the_members_of_the_key),
        cmocka_unit_test(sends_no_private_member),
        cmocka_unit_test(looks_at_extras_that_would_be_sent_as_members),
        cmocka_unit_test(wants_a_header),
        cmocka_unit_test(refuses_elements_of_lists_that_are_no_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
