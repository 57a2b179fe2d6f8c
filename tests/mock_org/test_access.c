/* SPDX-License-Identifier: Apache-2.0 */
/* API calls with issued tokens: life, end and scopes of a token. */
#include "test_groups.h"
#include "test_jwt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APP   "/api/v1/apps/" MOCK_WEB_APP
#define USERS "/api/v1/users"

static void an_issued_token_opens_what_its_scopes_name(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    test_get_token(f, NULL, NULL, token);
    test_api(f, "Bearer", token, NULL, "GET", APP, 200);
    test_header_is(f, "WWW-Authenticate", NULL);
    test_api(f, "Bearer", token, NULL, "POST", WEB_SECRETS, 201);
    test_api(f, "Bearer", token, NULL, "GET", WEB_SECRETS, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
}

static void scopes_decide_by_method_and_resource(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *scope, *method, *target;
        const char *wanted; /* NULL: allowed */
        long status;
    } cases[] = {
        {"okta.apps.read", "GET", APP, NULL, 200},
        {"okta.apps.read", "GET", WEB_KEYS, NULL, 200},
        {"okta.apps.read", "GET", WEB_KEYS "/x", NULL, 404},
        {"okta.apps.read", "POST", WEB_SECRETS, "okta.apps.manage", 403},
        {"okta.apps.read", "DELETE", WEB_KEYS "/x", "okta.apps.manage", 403},
        {"okta.apps.read", "POST", WEB_KEYS "/x/lifecycle/activate", "okta.apps.manage", 403},
        {"okta.apps.read", "POST", "/api/v1/%61pps/" MOCK_WEB_APP "/credentials/secrets", "okta.apps.manage",
         403},
        {"okta.apps.read", "GET", USERS, "okta.users.read", 403},
        {"okta.apps.manage", "GET", APP, NULL, 200},
        {"okta.apps.manage", "POST", WEB_SECRETS, NULL, 201},
        {"okta.apps.manage", "GET", USERS "?limit=1", "okta.users.read", 403},
        {"okta.users.read", "GET", USERS, NULL, 200},
        {"okta.users.manage", "GET", USERS, NULL, 200},
        {"okta.users.read", "GET", APP, "okta.apps.read", 403},
        {"okta.users.read", "GET", "/api/v1/apps/none", "okta.apps.read", 403},
        {"okta.users.manage", "POST", WEB_SECRETS, "okta.apps.manage", 403},
        {"okta.users.read+okta.apps.read", "GET", APP, NULL, 200},
        {"okta.users.read", "GET", "/api/v1/nothing", NULL, 404},
        {"okta.apps.read", "PUT", WEB_KEYS, NULL, 405},
    };
    test_restart(f, (mock_org_options){.users = 1});
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char token[TOKEN_SIZE];
        test_get_token(f, cases[i].scope, NULL, token);
        test_api(f, "Bearer", token, NULL, cases[i].method, cases[i].target, cases[i].status);
        if (cases[i].wanted != NULL) {
            test_challenge(f, "Bearer error=\"insufficient_scope\", ");
            char *challenge = test_header(f, "WWW-Authenticate", 0);
            assert_non_null(strstr(challenge, test_format(", scope=\"%s\"", cases[i].wanted)));
            free(challenge);
            test_members(f->json, "errorCode,errorSummary,errorLink,errorId,errorCauses");
        }
    }
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
}

static void tokens_of_the_start_keep_all_rights(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.users = 1});
    assert_true(mock_org_grant_scopes(f->org, MOCK_SERVICE_APP, ""));
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.api_nonce = true}));
    assert_true(mock_org_require_dpop(f->org, MOCK_SERVICE_APP, true));
    mock_org_revoke_tokens(f->org);
    static const char *const own[][2] = {{"SSWS", "mock-token"}, {"Bearer", "mock-access-token"}};
    for (size_t i = 0; i < 2; i++) {
        test_api(f, own[i][0], own[i][1], NULL, "POST", WEB_SECRETS, 201);
        test_api(f, own[i][0], own[i][1], NULL, "GET", USERS, 200);
        test_header_is(f, "DPoP-Nonce", NULL);
    }
    test_api(f, "DPoP", "mock-token", NULL, "GET", USERS, 401);
    test_challenge(f, "DPoP error=\"invalid_token\"");
}

static void a_token_expires_by_the_clock_of_the_mock(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.token_lifetime_s = 60}));
    test_get_token(f, NULL, NULL, token);
    assert_true(mock_org_set_oauth(f->org, NULL));
    mock_org_set_now(f->org, TEST_NOW + 59);
    test_api(f, "Bearer", token, NULL, "GET", APP, 200);
    mock_org_set_now(f->org, TEST_NOW + 60);
    test_api(f, "Bearer", token, NULL, "GET", APP, 401);
    test_challenge(f, "Bearer error=\"invalid_token\"");
    mock_org_set_skew(f->org, -1);
    test_api(f, "Bearer", token, NULL, "GET", APP, 200);
}

static void revoked_tokens_open_nothing_and_new_ones_do(void **state)
{
    fixture *f = *state;
    char first[TOKEN_SIZE];
    char second[TOKEN_SIZE];
    char third[TOKEN_SIZE];
    test_register(f, KEY_P256);
    test_get_token(f, NULL, NULL, first);
    test_get_token(f, NULL, NULL, second);
    test_api(f, "Bearer", first, NULL, "GET", APP, 200);
    mock_org_revoke_tokens(f->org);
    test_get_token(f, NULL, NULL, third);
    test_api(f, "Bearer", first, NULL, "GET", APP, 401);
    test_challenge(f, "Bearer error=\"invalid_token\"");
    test_api(f, "Bearer", second, NULL, "POST", WEB_SECRETS, 401);
    test_api(f, "Bearer", third, NULL, "GET", WEB_SECRETS, 200);
    assert_string_equal(f->body.bytes, "[]");
}

static void other_tokens_and_schemes_are_refused(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    test_get_token(f, NULL, NULL, token);
    char longer[TOKEN_SIZE + 1];
    (void)snprintf(longer, sizeof longer, "%sA", token);
    char shorter[TOKEN_SIZE];
    (void)snprintf(shorter, sizeof shorter, "%.*s", (int)strlen(token) - 1, token);
    const char *const unknown[] = {longer, shorter, "x", "eyJhbGciOiJub25lIn0.e30."};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        test_api(f, "Bearer", unknown[i], NULL, "GET", APP, 401);
        test_challenge(f, "Bearer error=\"invalid_token\"");
    }
    static const char *const schemes[] = {"SSWS", "bearer", "Bearer ", "Basic", "BearerX", "Token"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        test_api(f, schemes[i], token, NULL, "GET", APP, 401);
        assert_string_equal(test_string(f->json, "errorCode"), "E0000011");
    }
    test_api(f, "DPoP", token, NULL, "GET", APP, 401);
    test_challenge(f, "DPoP error=\"invalid_token\"");
    const char *headers[] = {test_format("Authorization: Bearer %s", token), "Authorization: SSWS mock-token",
                             NULL};
    f->token = NULL;
    f->headers = headers;
    test_refused(f, "GET", APP, NULL, 401, "E0000011", NULL);
}

static void refused_tokens_are_not_counted(void **state)
{
    fixture *f = *state;
    char token[TOKEN_SIZE];
    test_restart(f, (mock_org_options){.rate_limit = 2, .rate_window_s = 10});
    test_register(f, KEY_P256);
    test_get_token(f, "okta.apps.read", NULL, token);
    test_api(f, "Bearer", "x", NULL, "GET", APP, 401);
    test_header_is(f, "X-Rate-Limit-Remaining", "2");
    test_api(f, "Bearer", token, NULL, "POST", WEB_SECRETS, 403);
    test_header_is(f, "X-Rate-Limit-Remaining", "1");
    test_api(f, "Bearer", token, NULL, "GET", APP, 200);
    test_api(f, "Bearer", token, NULL, "GET", APP, 429);
}

int test_access_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_issued_token_opens_what_its_scopes_name),
        TEST(scopes_decide_by_method_and_resource),
        TEST(tokens_of_the_start_keep_all_rights),
        TEST(a_token_expires_by_the_clock_of_the_mock),
        TEST(revoked_tokens_open_nothing_and_new_ones_do),
        TEST(other_tokens_and_schemes_are_refused),
        TEST(refused_tokens_are_not_counted),
    };
    return cmocka_run_group_tests_name("mock_org access", tests, NULL, NULL);
}
