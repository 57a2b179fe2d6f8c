/* SPDX-License-Identifier: Apache-2.0 */
/* The token endpoint: its answer, the form, scopes, rate limit and faults. */
#include "mock_seen.h"
#include "test_groups.h"
#include "test_jwt.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APP       "/api/v1/apps/" MOCK_WEB_APP
#define ASSERTION test_assertion(f, "ES256", KEY_P256, (test_claims){0})
#define TYPE      "&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define GRANT     "grant_type=client_credentials"

static void a_good_request_gets_a_token(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    test_token_request(f, "okta.apps.read%20okta.users.read", ASSERTION, NULL, 200);
    test_members(f->json, "token_type,expires_in,access_token,scope");
    assert_string_equal(test_string(f->json, "token_type"), "Bearer");
    assert_string_equal(test_string(f->json, "scope"), "okta.apps.read okta.users.read");
    const cJSON *expires = cJSON_GetObjectItemCaseSensitive(f->json, "expires_in");
    assert_true(cJSON_IsNumber(expires) && expires->valueint == 3600);
    assert_true(strlen(test_string(f->json, "access_token")) >= 43);
    test_header_is(f, "Cache-Control", "no-store");
    test_header_is(f, "Content-Type", "application/json");
    test_header_is(f, "Date", "Tue, 06 Jan 2026 19:50:58 GMT");
    char *nonce = test_header(f, "DPoP-Nonce", 0);
    assert_true(nonce != NULL && strlen(nonce) >= 43);
    free(nonce);
    assert_int_equal(mock_org_token_count(f->org), 1);
}

static void tokens_differ_and_the_lifetime_is_an_option(void **state)
{
    fixture *f = *state;
    char first[TOKEN_SIZE];
    char second[TOKEN_SIZE];
    test_register(f, KEY_P256);
    test_get_token(f, NULL, NULL, first);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.token_lifetime_s = 7}));
    test_get_token(f, NULL, NULL, second);
    assert_string_not_equal(first, second);
    assert_int_equal(cJSON_GetObjectItemCaseSensitive(f->json, "expires_in")->valueint, 7);
    assert_int_equal(mock_org_token_count(f->org), 2);
    mock_org_revoke_tokens(f->org);
    assert_int_equal(mock_org_token_count(f->org), 2);
}

static void malformed_forms_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const tails[] = {
        "&scope=okta.apps.read",
        "&grant_type=client_credentials",
        "&%73cope=okta.apps.read",
        "&a=%",
        "&a=%0",
        "&a=%zz",
        "&a=%00",
        "&a",
        "&",
        "&&a=b",
        "&client_secret=x",
        "&a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1",
    };
    char good[2048];
    test_register(f, KEY_P256);
    (void)snprintf(good, sizeof good, "%s", test_format(FORM_OF, ASSERTION, "okta.apps.read"));
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        test_token_form(f, test_format("%s%s", good, tails[i]), NULL, 400);
        test_oauth_error(f, 400, "invalid_request", "");
    }
    test_token_form(f, test_format("&%s", good), NULL, 400);
    test_token_form(f, "", NULL, 400);
    test_oauth_error(f, 400, "invalid_request", "grant_type");
    test_token_form(f, test_format("%s&a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=", good), NULL, 200);
}

static void try_shape(fixture *f, const char *type, const char *target, const char *header, long status)
{
    const char *headers[] = {header, NULL};
    f->token = NULL;
    f->headers = headers;
    f->content_type = type;
    test_expect(f, "POST", target, test_format(FORM_OF, ASSERTION, "okta.apps.read"), status);
    if (status != 200) {
        test_oauth_error(f, 400, "invalid_request", "");
    }
    f->headers = NULL;
    f->content_type = NULL;
    f->token = "mock-token";
}

static void requests_of_another_shape_are_refused(void **state)
{
    fixture *f = *state;
    static const char form[] = "application/x-www-form-urlencoded";
    test_register(f, KEY_P256);
    try_shape(f, "application/json", MOCK_TOKEN_PATH, NULL, 400);
    try_shape(f, "", MOCK_TOKEN_PATH, NULL, 400);
    try_shape(f, "application/x-www-form-urlencodedx", MOCK_TOKEN_PATH, NULL, 400);
    try_shape(f, form, MOCK_TOKEN_PATH "?scope=a", NULL, 400);
    try_shape(f, form, MOCK_TOKEN_PATH "?", NULL, 400);
    try_shape(f, form, MOCK_TOKEN_PATH, "Authorization: SSWS mock-token", 400);
    try_shape(f, form, MOCK_TOKEN_PATH, "authorization: Basic eDp5", 400);
    try_shape(f, "Application/X-WWW-Form-Urlencoded; charset=utf-8", MOCK_TOKEN_PATH, NULL, 200);
    f->token = NULL;
    f->content_type = form;
    test_try(f, "POST", MOCK_TOKEN_PATH, "grant_type=client_credentials\0&x=y", 34);
    test_oauth_error(f, 400, "invalid_request", "NUL");
}

static void only_post_and_only_this_path(void **state)
{
    fixture *f = *state;
    test_refused(f, "GET", MOCK_TOKEN_PATH, NULL, 405, "E0000022", NULL);
    test_refused(f, "PUT", MOCK_TOKEN_PATH, "{}", 405, "E0000022", NULL);
    test_refused(f, "POST", MOCK_TOKEN_PATH "/", NULL, 404, "E0000007", NULL);
    test_refused(f, "POST", MOCK_TOKEN_PATH "s", NULL, 404, "E0000007", NULL);
    f->token = NULL;
    test_refused(f, "POST", "/oauth2/v1/%74oken", NULL, 401, "E0000011", NULL);
}

static void grants_and_ways_to_sign_in_are_one_each(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    test_token_form(
        f, test_format("grant_type=authorization_code" TYPE "&client_assertion=%s&scope=x", ASSERTION), NULL,
        400);
    test_oauth_error(f, 400, "unsupported_grant_type", "");
    test_token_form(f, test_format("grant_type=" TYPE "&client_assertion=%s&scope=x", ASSERTION), NULL, 400);
    test_oauth_error(f, 400, "unsupported_grant_type", "");
    test_token_form(f, test_format("scope=x" TYPE "&client_assertion=%s", ASSERTION), NULL, 400);
    test_oauth_error(f, 400, "invalid_request", "grant_type");
    test_token_form(f, GRANT TYPE "&scope=okta.apps.read", NULL, 401);
    test_oauth_error(f, 401, "invalid_client", "client_assertion");
    test_token_form(f, test_format(GRANT "&client_assertion=%s&scope=okta.apps.read", ASSERTION), NULL, 401);
    test_oauth_error(f, 401, "invalid_client", "client_assertion_type");
    test_token_form(
        f,
        test_format(GRANT "&client_assertion_type=saml&client_assertion=%s&scope=okta.apps.read", ASSERTION),
        NULL, 401);
    test_oauth_error(f, 401, "invalid_client", "client_assertion_type");
    test_token_form(f, test_format(FORM_OF "&client_id=" MOCK_WEB_APP, ASSERTION, "okta.apps.read"), NULL,
                    401);
    test_oauth_error(f, 401, "invalid_client", "client_id");
    test_token_form(f, test_format(FORM_OF "&client_id=" MOCK_SERVICE_APP, ASSERTION, "okta.apps.read"), NULL,
                    200);
    assert_int_equal(mock_org_token_count(f->org), 1);
}

static void scopes_are_granted_or_refused_as_a_whole(void **state)
{
    fixture *f = *state;
    static const char *const bad[] = {
        "",
        "openid",
        "okta.apps",
        "okta.apps.readx",
        "okta.apps.read+okta.groups.manage",
        "+okta.apps.read",
        "okta.apps.read+",
        "okta.apps.read++okta.apps.manage",
        "okta.apps.read,okta.apps.manage",
        "okta.apps.read%09okta.apps.manage",
        "OKTA.APPS.READ",
        "okta.apps.read+okta.apps.manage+okta.users.read+okta.users.manage+x",
    };
    test_register(f, KEY_P256);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        test_token_request(f, bad[i], ASSERTION, NULL, 400);
        test_oauth_error(f, 400, "invalid_scope", "scope");
    }
    test_token_form(f, test_format(GRANT TYPE "&client_assertion=%s", ASSERTION), NULL, 400);
    test_oauth_error(f, 400, "invalid_scope", "scope");
    test_token_request(f, "okta.users.manage+okta.apps.read", ASSERTION, NULL, 200);

    assert_true(mock_org_grant_scopes(f->org, MOCK_SERVICE_APP, "okta.groups.read okta.apps.read"));
    test_token_request(f, "okta.apps.manage", ASSERTION, NULL, 400);
    test_token_request(f, "okta.groups.read", ASSERTION, NULL, 200);
    assert_true(mock_org_grant_scopes(f->org, MOCK_SERVICE_APP, NULL));
    test_token_request(f, "okta.apps.manage", ASSERTION, NULL, 200);
    assert_false(mock_org_grant_scopes(f->org, "none", "x"));
    assert_int_equal(mock_org_token_count(f->org), 3);
}

static void the_endpoint_has_a_rate_limit_of_its_own(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.rate_limit = 2, .rate_window_s = 10});
    test_register(f, KEY_P256);
    test_expect(f, "GET", APP, NULL, 200);
    test_token_form(f, GRANT, NULL, 401);
    test_header_is(f, "X-Rate-Limit-Limit", "2");
    test_header_is(f, "X-Rate-Limit-Remaining", "1");
    test_header_is(f, "X-Rate-Limit-Reset", test_format("%d", TEST_NOW + 10));
    test_token_request(f, NULL, ASSERTION, NULL, 200);
    char unused[1024];
    (void)snprintf(unused, sizeof unused, "%s", ASSERTION);
    test_token_request(f, NULL, unused, NULL, 429);
    assert_string_equal(test_string(f->json, "errorCode"), "E0000047");
    test_header_is(f, "X-Rate-Limit-Remaining", "0");
    test_expect(f, "GET", APP, NULL, 200);
    test_expect(f, "GET", "/api/v1/nothing", NULL, 404);
    mock_org_set_now(f->org, TEST_NOW + 10);
    test_token_request(f, NULL, unused, NULL, 200);
}

static void long_bodies_are_413(void **state)
{
    fixture *f = *state;
    size_t length = (size_t)1024 * 1024 + 1;
    char *body = malloc(length);
    assert_non_null(body);
    memset(body, 'a', length);
    f->content_type = "application/x-www-form-urlencoded";
    test_try(f, "POST", MOCK_TOKEN_PATH, body, length);
    assert_int_equal(f->status, 413);
    free(body);
}

static void faults_strike_the_endpoint(void **state)
{
    fixture *f = *state;
    static const char *const headers[] = {"X-Fault: yes", "Cache-Control:", NULL};
    char kept[1024];
    test_register(f, KEY_P256);
    (void)snprintf(kept, sizeof kept, "%s", ASSERTION);
    assert_true(mock_org_fail_next(f->org, &(mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                                         .status = 400,
                                                         .body = "{\"error\":\"made_up\"}",
                                                         .headers = headers}));
    assert_true(mock_org_fail_next(f->org, &(mock_fault){.path_contains = "token", .status = 503}));
    test_token_request(f, NULL, kept, NULL, 400);
    assert_string_equal(f->body.bytes, "{\"error\":\"made_up\"}");
    test_header_is(f, "X-Fault", "yes");
    test_header_is(f, "X-Rate-Limit-Remaining", "10000");
    test_token_request(f, NULL, kept, NULL, 503);
    assert_string_equal(test_string(f->json, "errorCode"), "E0000010");
    assert_int_equal(mock_org_token_count(f->org), 0);

    assert_true(mock_org_fail_next(f->org, &(mock_fault){.drop_before = true}));
    f->token = NULL;
    f->content_type = "application/x-www-form-urlencoded";
    const char *form = test_format(FORM_OF, kept, "okta.apps.read");
    test_try(f, "POST", MOCK_TOKEN_PATH, form, strlen(form));
    assert_int_equal(f->code, CURLE_GOT_NOTHING);
    assert_int_equal(mock_org_token_count(f->org), 0);

    assert_true(mock_org_fail_next(f->org, &(mock_fault){.drop_after = true}));
    form = test_format(FORM_OF, kept, "okta.apps.read");
    test_try(f, "POST", MOCK_TOKEN_PATH, form, strlen(form));
    assert_int_equal(f->code, CURLE_GOT_NOTHING);
    assert_int_equal(mock_org_token_count(f->org), 1);
    test_token_request(f, NULL, kept, NULL, 401);
    test_oauth_error(f, 401, "invalid_client", "replay");
}

static void options_out_of_range_are_refused(void **state)
{
    fixture *f = *state;
    assert_false(mock_org_set_oauth(f->org, &(mock_oauth_options){.accepted_nonces = MOCK_NONCES_MAX + 1}));
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.accepted_nonces = MOCK_NONCES_MAX}));
    assert_true(mock_org_set_oauth(f->org, NULL));
    assert_false(mock_org_require_dpop(f->org, "none", true));
}

static void keys_added_without_a_request_keep_the_rules(void **state)
{
    fixture *f = *state;
    static const char key[] = "{\"kid\":\"a\"," EC_P256 "}";
    assert_null(mock_org_add_key(f->org, MOCK_SERVICE_APP, key));
    assert_non_null(mock_org_add_key(f->org, MOCK_SERVICE_APP, key));
    assert_non_null(mock_org_add_key(f->org, MOCK_SERVICE_APP, "{" EC_P256 "}"));
    assert_non_null(mock_org_add_key(f->org, MOCK_SERVICE_APP, "{\"kid\":\"b\",\"d\":\"AA\"," EC_P256 "}"));
    assert_non_null(mock_org_add_key(f->org, MOCK_SERVICE_APP, "{\"kid\":\"b\",\"status\":1," EC_P256 "}"));
    assert_non_null(mock_org_add_key(f->org, MOCK_SERVICE_APP, "[]"));
    assert_non_null(mock_org_add_key(f->org, MOCK_SERVICE_APP, "{"));
    assert_non_null(mock_org_add_key(f->org, "none", key));
    test_expect(f, "GET", SERVICE_KEYS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 0), "status"), "ACTIVE");
}

static void a_hundred_thousand_jtis_are_told_apart(void **state)
{
    (void)state;
    mock_seen seen = {0};
    char jti[16];
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 100000; i++) {
            (void)snprintf(jti, sizeof jti, "%u", i);
            assert_int_equal(mock_seen_add(&seen, "a", "owner", jti),
                             round == 0 ? MOCK_SIGHT_FIRST : MOCK_SIGHT_REPEATED);
        }
    }
    assert_int_equal(mock_seen_add(&seen, "b", "owner", "1"), MOCK_SIGHT_FIRST);
    assert_int_equal(mock_seen_add(&seen, "a", "owner2", "1"), MOCK_SIGHT_FIRST);
    assert_int_equal(mock_seen_add(&seen, "a", "owner:2", "1"), MOCK_SIGHT_FIRST);
    assert_int_equal(mock_seen_add(&seen, "a", "owner", "2:1"), MOCK_SIGHT_FIRST);
    assert_true(seen.count == 100004 && seen.capacity <= 400000);
    mock_seen_clear(&seen);
}

#define WORKERS 4
#define ROUNDS  10

typedef struct worker {
    const fixture *shared;
    char *forms[ROUNDS];
    size_t succeeded;
} worker;

static size_t ignore_bytes(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static void *ask_for_tokens(void *context)
{
    worker *own = context;
    char url[128];
    CURL *curl = curl_easy_init();
    (void)snprintf(url, sizeof url, "%s%s", mock_org_url(own->shared->org), MOCK_TOKEN_PATH);
    for (size_t i = 0; i < ROUNDS && curl != NULL; i++) {
        long status = 0;
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, own->forms[i]);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_bytes);
        if (curl_easy_perform(curl) == CURLE_OK &&
            curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 200) {
            own->succeeded++;
        }
        (void)mock_org_token_count(own->shared->org);
        mock_org_rotate_nonces(own->shared->org);
        mock_org_revoke_tokens(own->shared->org);
    }
    curl_easy_cleanup(curl);
    return NULL;
}

/* Each assertion is sent by two threads: one of them is the replay. */
static void of_two_threads_with_one_assertion_one_gets_a_token(void **state)
{
    fixture *f = *state;
    worker workers[WORKERS] = {0};
    pthread_t threads[WORKERS];
    test_register(f, KEY_P256);
    for (size_t i = 0; i < WORKERS; i++) {
        workers[i].shared = f;
        for (size_t j = 0; j < ROUNDS; j++) {
            const char *form =
                i % 2 == 0 ? test_format(FORM_OF, ASSERTION, "okta.apps.read") : workers[i - 1].forms[j];
            workers[i].forms[j] = strdup(form);
            assert_non_null(workers[i].forms[j]);
        }
    }
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_tokens, &workers[i]), 0);
    }
    size_t succeeded = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        succeeded += workers[i].succeeded;
        for (size_t j = 0; j < ROUNDS; j++) {
            free(workers[i].forms[j]);
        }
    }
    assert_int_equal(succeeded, WORKERS / 2 * ROUNDS);
    assert_int_equal(mock_org_token_count(f->org), succeeded);
}

int test_oauth_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_request_gets_a_token),
        TEST(tokens_differ_and_the_lifetime_is_an_option),
        TEST(malformed_forms_are_refused),
        TEST(requests_of_another_shape_are_refused),
        TEST(only_post_and_only_this_path),
        TEST(grants_and_ways_to_sign_in_are_one_each),
        TEST(scopes_are_granted_or_refused_as_a_whole),
        TEST(the_endpoint_has_a_rate_limit_of_its_own),
        TEST(long_bodies_are_413),
        TEST(faults_strike_the_endpoint),
        TEST(options_out_of_range_are_refused),
        TEST(keys_added_without_a_request_keep_the_rules),
        cmocka_unit_test(a_hundred_thousand_jtis_are_told_apart),
        TEST(of_two_threads_with_one_assertion_one_gets_a_token),
    };
    return cmocka_run_group_tests_name("mock_org oauth", tests, NULL, NULL);
}
