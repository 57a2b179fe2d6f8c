/* SPDX-License-Identifier: Apache-2.0 */
/* src/auth/token.h: what is asked of a token endpoint, and what its answers mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "auth/client_secret.h"
#include "auth/token.h"
#include "core/arena.h"
#include "unit/allocations.h"

#define NOW_MS INT64_C(1000000)
#define MIDDLE (UINT32_C(1) << 31)

static okta_error *read_text(const char *json, bool dpop, oktai_token **out)
{
    oktai_buffer body = {0};
    *out = NULL;
    okta_error *error =
        oktai_buffer_add_text(&body, json) ? oktai_token_read(&body, NULL, dpop, NOW_MS, MIDDLE, out) : NULL;
    oktai_buffer_clear(&body);
    return error;
}

static void assert_life(const char *expires_in, int64_t expires_ms, int64_t refresh_ms)
{
    char json[256];
    oktai_token *token;
    snprintf(json, sizeof json, "{\"token_type\":\"Bearer\",\"access_token\":\"abc\"%s%s}",
             expires_in == NULL ? "" : ",\"expires_in\":", expires_in == NULL ? "" : expires_in);
    assert_null(read_text(json, false, &token));
    assert_string_equal(token->line, "Authorization: Bearer abc");
    assert_string_equal(token->value, "abc");
    if (token->expires_at_ms != NOW_MS + expires_ms || token->refresh_at_ms != NOW_MS + refresh_ms) {
        fail_msg("expires_in %s: expires after %lld ms, is renewed after %lld", json,
                 (long long)(token->expires_at_ms - NOW_MS), (long long)(token->refresh_at_ms - NOW_MS));
    }
    okta_free(token);
}

static void a_life_is_bounded_and_never_none(void **state)
{
    (void)state;
    /* Half of the range of chance: renewed in the middle of the last fifth, or 7.5 minutes before the end. */
    assert_life("3600", 3570000, 3150000);
    assert_life("60", 54000, 51000);
    assert_life("1", 900, 850);
    assert_life("86400", 86370000, 85950000);
    static const char *const absent[] = {NULL, "0",     "-1",   "\"3600\"", "null",
                                         "[]", "1.5e0", "true", "0.5",      "99999999999999999999"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        assert_life(absent[i], 270000, 255000);
    }
    static const char *const endless[] = {"86401", "9007199254740993", "1000000000000000000"};
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        assert_life(endless[i], 86370000, 85950000);
    }
}

static void the_type_must_be_what_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        bool bearer, dpop;
    } cases[] = {{"\"Bearer\"", true, false}, {"\"bearer\"", true, false}, {"\"DPoP\"", false, true},
                 {"\"dpop\"", false, true},   {"\"N_A\"", false, false},   {"\"\"", false, false},
                 {"null", false, false},      {"7", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int dpop = 0; dpop < 2; dpop++) {
            char json[128];
            oktai_token *token;
            snprintf(json, sizeof json, "{\"token_type\":%s,\"access_token\":\"abc\",\"expires_in\":60}",
                     cases[i].type);
            okta_error *error = read_text(json, dpop == 1, &token);
            bool good = dpop == 1 ? cases[i].dpop : cases[i].bearer;
            assert_int_equal(okta_error_status(error), good ? OKTA_OK : OKTA_E_PROTOCOL);
            assert_int_equal(token != NULL, good);
            if (good) {
                assert_int_equal(token->is_dpop, dpop == 1);
                assert_string_equal(token->line,
                                    dpop == 1 ? "Authorization: DPoP abc" : "Authorization: Bearer abc");
            }
            okta_free(error);
            okta_free(token);
        }
    }
}

static void refuses_what_is_no_token(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[]",
        "{}",
        "\"abc\"",
        "{\"token_type\":\"Bearer\"}",
        "{\"token_type\":\"Bearer\",\"access_token\":\"\"}",
        "{\"token_type\":\"Bearer\",\"access_token\":\"a b\"}",
        "{\"token_type\":\"Bearer\",\"access_token\":\"a\\r\\nX: y\"}",
        "{\"token_type\":\"Bearer\",\"access_token\":\"\\u00e9\"}",
        "{\"token_type\":\"Bearer\",\"access_token\":7}",
        "{\"token_type\":\"Bearer\",\"access_token\":\"a\",\"access_token\":\"b\"}",
        "{\"token_type\":\"Bearer\",\"access_token\":\"abc\"} x",
        "{\"token_type\":\"Bearer\",\"access_token\":\"abc\"",
        "<html>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oktai_token *token;
        okta_error *error = read_text(bad[i], false, &token);
        assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
        assert_null(strstr(okta_error_message(error), "abc"));
        assert_null(token);
        okta_free(error);
    }
    oktai_buffer empty = {0};
    oktai_token *token = NULL;
    okta_error *error = oktai_token_read(&empty, NULL, false, NOW_MS, MIDDLE, &token);
    assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
    okta_free(error);
}

static void tells_what_a_refusal_asks_for(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        oktai_token_wish wish;
    } cases[] = {{"{\"error\":\"use_dpop_nonce\"}", OKTAI_TOKEN_WISH_NONCE},
                 {"{\"error\":\"invalid_dpop_proof\",\"error_description\":\"x\"}", OKTAI_TOKEN_WISH_PROOF},
                 {"{\"error\":\"invalid_client\"}", OKTAI_TOKEN_WISH_CLIENT},
                 {"{\"error\":\"invalid_scope\"}", OKTAI_TOKEN_WISH_NONE},
                 {"{\"error\":\"Use_dpop_nonce\"}", OKTAI_TOKEN_WISH_NONE},
                 {"{\"error\":7}", OKTAI_TOKEN_WISH_NONE},
                 {"use_dpop_nonce", OKTAI_TOKEN_WISH_NONE},
                 {"", OKTAI_TOKEN_WISH_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        oktai_buffer body = {0};
        assert_true(oktai_buffer_add_text(&body, cases[i].body));
        assert_int_equal(oktai_token_wish_of(&body, NULL), cases[i].wish);
        /* The body is for the error to show. */
        assert_int_equal(body.length, strlen(cases[i].body));
        oktai_buffer_clear(&body);
    }
}

/* The value of a form's field, percent-decoded. */
static void field(const char *form, const char *name, char *out, size_t size)
{
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%s=", name);
    const char *at = strncmp(form, prefix, strlen(prefix)) == 0 ? form : NULL;
    if (at == NULL) {
        snprintf(prefix, sizeof prefix, "&%s=", name);
        at = strstr(form, prefix);
    }
    assert_non_null(at);
    at += strlen(prefix);
    size_t length = 0;
    while (*at != '\0' && *at != '&') {
        unsigned code = (unsigned char)*at++;
        if (code == '%') {
            const char digits[3] = {at[0], at[1], '\0'};
            code = (unsigned)strtoul(digits, NULL, 16);
            at += 2;
        }
        assert_true(length + 1 < size);
        out[length++] = (char)code;
    }
    out[length] = '\0';
}

static oktai_service_app make_app(void)
{
    okta_key *key = NULL;
    oktai_service_app app = {.client_id = "0oa&client=1",
                             .scopes = "okta.apps.read okta.apps.manage",
                             .token_url = "https://org.example.com/oauth2/v1/token",
                             .audience = "https://org.example.com/oauth2/v1/token"};
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    assert_null(okta_signer_from_key(key, NULL, "kid-1", &app.signer));
    okta_free(key);
    return app;
}

static void asks_with_a_form_and_a_fresh_assertion(void **state)
{
    (void)state;
    oktai_service_app app = make_app();
    char assertions[2][2048];
    for (size_t i = 0; i < 2; i++) {
        char text[2048];
        oktai_buffer form = {0};
        assert_null(oktai_token_request_write(&app, false, 1750000000, NULL, &form));
        field(form.data, "grant_type", text, sizeof text);
        assert_string_equal(text, "client_credentials");
        field(form.data, "scope", text, sizeof text);
        assert_string_equal(text, app.scopes);
        field(form.data, "client_assertion_type", text, sizeof text);
        assert_string_equal(text, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        field(form.data, "client_assertion", assertions[i], sizeof assertions[i]);
        oktai_buffer_clear(&form);
    }
    /* The same second, and yet another one. */
    assert_string_not_equal(assertions[0], assertions[1]);
    okta_free(app.signer);
}

/* RFC 6749, section 2.3.1, and its appendix B for what needs encoding; a blank may be %20 or a plus sign. */
static void a_secret_becomes_a_header_line(void **state)
{
    static const struct {
        const char *id, *secret, *line;
    } cases[] = {
        {"s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw",
         "Authorization: Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"},
        {"s6BhdRkqt3", "gX1fBat3bV", "Authorization: Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"},
        {"a:b", " %&+", "Authorization: Basic YSUzQWI6JTIwJTI1JTI2JTJC"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        oktai_arena arena = {0};
        const char *line = oktai_client_secret_line(&arena, cases[i].id, cases[i].secret);
        assert_non_null(line);
        assert_string_equal(line, cases[i].line);
        oktai_arena_clear(&arena);
    }
}

static void asks_with_a_secret(void **state)
{
    (void)state;
    oktai_service_app app = {.client_id = "a b", .scopes = "s t", .secret = "x&y=z"};
    for (int post = 0; post <= 1; post++) {
        oktai_buffer form = {0};
        app.secret = post == 1 ? "x&y=z" : NULL;
        assert_null(oktai_token_request_write(&app, false, 1750000000, NULL, &form));
        assert_string_equal(form.data, post == 1 ? "grant_type=client_credentials&scope=s%20t&client_id=a%20b"
                                                   "&client_secret=x%26y%3Dz"
                                                 : "grant_type=client_credentials&scope=s%20t");
        oktai_buffer_clear(&form);
    }
}

static void survives_without_memory(void **state)
{
    (void)state;
    static const char good[] = "{\"token_type\":\"DPoP\",\"access_token\":\"abc\",\"expires_in\":60}";
    oktai_service_app app = make_app();
    for (int lasting = 0; lasting < 2; lasting++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            oktai_buffer body = {0};
            oktai_token *token = NULL;
            assert_true(oktai_buffer_add_text(&body, good));
            allocations_begin(n, lasting == 1);
            okta_error *error = oktai_token_read(&body, NULL, true, NOW_MS, MIDDLE, &token);
            failed = allocations_end();
            assert_int_equal(okta_error_status(error), failed ? OKTA_E_NOMEM : OKTA_OK);
            assert_int_equal(token == NULL, failed);
            okta_free(error);
            okta_free(token);
            oktai_buffer_clear(&body);
        }
        failed = true;
        for (size_t n = 1; failed; n++) {
            oktai_buffer form = {0};
            allocations_begin(n, lasting == 1);
            okta_error *error = oktai_token_request_write(&app, false, 1750000000, NULL, &form);
            failed = allocations_end();
            if (!failed) {
                assert_null(error);
            }
            okta_free(error);
            oktai_buffer_clear(&form);
        }
    }
    okta_free(app.signer);
}

static void holds_are_counted(void **state)
{
    (void)state;
    oktai_token *token;
    assert_null(read_text("{\"token_type\":\"Bearer\",\"access_token\":\"abc\"}", false, &token));
    assert_ptr_equal(oktai_root_hold(token), token);
    okta_free(token);
    assert_string_equal(token->value, "abc");
    okta_free(token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_life_is_bounded_and_never_none),
        cmocka_unit_test(the_type_must_be_what_was_asked_for),
        cmocka_unit_test(refuses_what_is_no_token),
        cmocka_unit_test(tells_what_a_refusal_asks_for),
        cmocka_unit_test(asks_with_a_form_and_a_fresh_assertion),
        cmocka_unit_test(a_secret_becomes_a_header_line),
        cmocka_unit_test(asks_with_a_secret),
        cmocka_unit_test(survives_without_memory),
        cmocka_unit_test(holds_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
