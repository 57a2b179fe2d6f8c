/* SPDX-License-Identifier: Apache-2.0 */
/* Authentication, routes, common headers, rate limits and the record of requests. */
#include "test_client.h"
#include "test_groups.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APP "/api/v1/apps/" MOCK_WEB_APP

static void accepts_each_token_by_its_own_scheme(void **state)
{
    fixture *f = *state;
    f->token = NULL;
    f->headers = (const char *const[]){"Authorization: SSWS mock-token", NULL};
    test_expect(f, "GET", APP, NULL, 200);
    f->headers = (const char *const[]){"authorization: Bearer mock-access-token", NULL};
    test_expect(f, "GET", APP, NULL, 200);
    /* As a real org has it: an API token is no access token, and the other way round. */
    f->headers = (const char *const[]){"Authorization: Bearer mock-token", NULL};
    test_refused(f, "GET", APP, NULL, 401, "E0000011", NULL);
    test_header_is(
        f, "WWW-Authenticate",
        "Bearer error=\"invalid_token\", error_description=\"The token is unknown, expired or revoked\"");
    f->headers = (const char *const[]){"Authorization: SSWS mock-access-token", NULL};
    test_refused(f, "GET", APP, NULL, 401, "E0000011", NULL);
}

static void accepts_the_configured_token_only(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.token = "another"});
    test_expect(f, "GET", APP, NULL, 200);
    f->token = "mock-token";
    test_refused(f, "GET", APP, NULL, 401, "E0000011", NULL);
}

static void refuses_other_credentials(void **state)
{
    fixture *f = *state;
    static const char *const lines[][3] = {
        {NULL},
        {"Authorization: SSWS mock-token2", NULL},
        {"Authorization: SSWS mock-toke", NULL},
        {"Authorization: SSWS ", NULL},
        {"Authorization: SSWS  mock-token", NULL},
        {"Authorization: mock-token", NULL},
        {"Authorization: Basic mock-token", NULL},
        {"X-Authorization: SSWS mock-token", NULL},
        {"Authorization: SSWS mock-token", "Authorization: SSWS mock-token", NULL},
    };
    f->token = NULL;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        f->headers = lines[i];
        test_refused(f, "GET", APP, NULL, 401, "E0000011", NULL);
        test_refused(f, "GET", "/nowhere", NULL, 401, "E0000011", NULL);
    }
}

static void every_answer_carries_the_common_headers(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *method, *target, *token;
        long status;
    } calls[] = {
        {"GET", APP, "mock-token", 200},
        {"POST", WEB_SECRETS, "mock-token", 201},
        {"GET", WEB_KEYS "/x", "mock-token", 404},
        {"PUT", WEB_KEYS, "mock-token", 405},
        {"GET", APP, "wrong", 401},
        {"GET", "/", "mock-token", 404},
    };
    char *last_id = NULL;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        f->token = calls[i].token;
        test_expect(f, calls[i].method, calls[i].target, NULL, calls[i].status);
        test_header_is(f, "Date", "Tue, 06 Jan 2026 19:50:58 GMT");
        test_header_is(f, "Content-Type", "application/json");
        test_header_is(f, "X-Rate-Limit-Limit", "10000");
        test_header_is(f, "X-Rate-Limit-Reset", test_format("%d", TEST_NOW + 60));
        char *id = test_header(f, "X-Okta-Request-Id", 0);
        assert_non_null(id);
        assert_true(strlen(id) >= 20 && (last_id == NULL || strcmp(id, last_id) != 0));
        free(last_id);
        last_id = id;
    }
    free(last_id);
}

static void error_ids_differ(void **state)
{
    fixture *f = *state;
    test_expect(f, "GET", "/", NULL, 404);
    const char *first = test_format("%s", test_string(f->json, "errorId"));
    test_expect(f, "GET", "/", NULL, 404);
    assert_string_not_equal(test_string(f->json, "errorId"), first);
}

static void date_follows_the_clock(void **state)
{
    fixture *f = *state;
    mock_org_set_now(f->org, 1709210096);
    test_expect(f, "GET", APP, NULL, 200);
    test_header_is(f, "Date", "Thu, 29 Feb 2024 12:34:56 GMT");
    test_header_is(f, "X-Rate-Limit-Reset", "1709210156");
}

static void unknown_paths_are_404(void **state)
{
    fixture *f = *state;
    static const char *const targets[] = {
        "/",
        "/api",
        "/api/v1",
        "/api/v1/appsx",
        "/api/v2/users",
        "/api/v1/users/",
        "//api/v1/users",
        "/api/v1/groups/",
        "/api/v1/usersx",
        "/api/v1/apps/",
        APP "/credentials",
        APP "/credentials/",
        APP "/credentials/keysx",
        WEB_KEYS "/",
        WEB_KEYS "/x/lifecycle",
        WEB_KEYS "/x/lifecycle/destroy",
        WEB_KEYS "/x/lifecycle/activate/y",
        WEB_KEYS "/x/lifecycle/activate/y/z",
        "/api/v1/apps//credentials/jwks",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        test_refused(f, "GET", targets[i], NULL, 404, "E0000007", NULL);
    }
}

static void unknown_ids_are_404(void **state)
{
    fixture *f = *state;
    static const char *const calls[][2] = {
        {"GET", "/api/v1/apps/none"},
        {"GET", "/api/v1/apps/none/credentials/jwks"},
        {"POST", "/api/v1/apps/none/credentials/jwks"},
        {"GET", "/api/v1/apps/none/credentials/secrets/x"},
        {"GET", WEB_KEYS "/none"},
        {"DELETE", WEB_KEYS "/none"},
        {"POST", WEB_KEYS "/none/lifecycle/activate"},
        {"POST", WEB_KEYS "/none/lifecycle/deactivate"},
        {"GET", WEB_SECRETS "/none"},
        {"DELETE", WEB_SECRETS "/none"},
        {"POST", WEB_SECRETS "/none/lifecycle/activate"},
        {"POST", WEB_SECRETS "/none/lifecycle/deactivate"},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        test_refused(f, calls[i][0], calls[i][1], NULL, 404, "E0000007", NULL);
    }
}

static void wrong_methods_are_405(void **state)
{
    fixture *f = *state;
    static const char *const calls[][2] = {
        {"POST", APP},
        {"PATCH", APP},
        {"PUT", WEB_KEYS},
        {"DELETE", WEB_KEYS},
        {"PATCH", WEB_KEYS "/x"},
        {"POST", WEB_KEYS "/x"},
        {"GET", WEB_KEYS "/x/lifecycle/activate"},
        {"DELETE", WEB_SECRETS "/x/lifecycle/deactivate"},
        {"PUT", WEB_SECRETS "/x"},
        {"get", WEB_SECRETS},
        {"PUT", "/api/v1/users"},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        test_refused(f, calls[i][0], calls[i][1], NULL, 405, "E0000022", NULL);
    }
}

static void path_segments_are_decoded_before_they_are_matched(void **state)
{
    fixture *f = *state;
    assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{\"id\":\"a/b c?\xc3\xa9\"}"));
    assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{\"id\":\"..\"}"));
    test_expect(f, "GET", WEB_KEYS "/a%2fb%20c%3F%C3%A9", NULL, 200);
    test_expect(f, "GET", WEB_KEYS "/%2e%2E", NULL, 200);
    test_expect(f, "GET", "/api/v1/apps/%30oa1mockwebapp0000g4", NULL, 200);
    test_expect(f, "GET", WEB_KEYS "/a/b%20c%3F%C3%A9", NULL, 404);
    test_expect(f, "GET", WEB_KEYS "/a%2fb+c%3F%C3%A9", NULL, 404);
    test_expect(f, "GET", WEB_KEYS "/%2e%2", NULL, 404);
    test_expect(f, "GET", WEB_KEYS "/%2e%2g", NULL, 404);
    test_expect(f, "GET", WEB_KEYS "/%2e%2e%00", NULL, 404);
}

static void the_app_is_shown(void **state)
{
    fixture *f = *state;
    static const char *const apps[][2] = {
        {MOCK_WEB_APP, "client_secret_basic"}, {MOCK_SERVICE_APP, "private_key_jwt"}, {"0oa3", "none"}};
    assert_true(mock_org_add_app(f->org, "0oa3", "none"));
    assert_false(mock_org_add_app(f->org, "0oa3", "none"));
    for (size_t i = 0; i < sizeof apps / sizeof apps[0]; i++) {
        test_expect(f, "GET", test_format("/api/v1/apps/%s", apps[i][0]), NULL, 200);
        test_members(f->json, "id,label,signOnMode,credentials");
        assert_string_equal(test_string(f->json, "id"), apps[i][0]);
        assert_string_equal(test_string(f->json, "signOnMode"), "OPENID_CONNECT");
        const cJSON *credentials = cJSON_GetObjectItemCaseSensitive(f->json, "credentials");
        const cJSON *client = cJSON_GetObjectItemCaseSensitive(credentials, "oauthClient");
        assert_string_equal(test_string(client, "token_endpoint_auth_method"), apps[i][1]);
    }
}

static void bodies_that_are_no_object_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const bodies[] = {
        "[]", "1", "null", "\"{}\"", "{", "{}x", "{\"a\":}", "{\"kid\":\"a\\u0000b\"}", " "};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        test_refused(f, "POST", WEB_KEYS, bodies[i], 400, "E0000003", NULL);
        test_refused(f, "POST", WEB_SECRETS, bodies[i], 400, "E0000003", NULL);
    }
    test_refused(f, "POST", WEB_KEYS, NULL, 400, "E0000003", NULL);
    test_try(f, "POST", WEB_SECRETS, "{}\0{}", 5);
    assert_int_equal(f->status, 400);
    test_try(f, "POST", WEB_SECRETS, "{}\0", 3);
    assert_int_equal(f->status, 400);
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
}

static void bodies_above_1_mib_are_413(void **state)
{
    fixture *f = *state;
    size_t cap = (size_t)1024 * 1024;
    char *body = malloc(cap + 2);
    assert_non_null(body);
    memset(body, ' ', cap + 2);
    memcpy(body, "{}", 2);
    test_try(f, "POST", WEB_SECRETS, body, cap);
    assert_int_equal(f->status, 201);
    assert_int_equal(mock_org_request_at(f->org, 0)->body_length, cap);
    test_try(f, "POST", WEB_SECRETS, body, cap + 1);
    assert_int_equal(f->status, 413);
    assert_string_equal(test_string(f->json, "errorCode"), "E0000003");
    assert_int_equal(mock_org_request_at(f->org, 1)->body_length, cap);
    free(body);
}

static void expect_rate(fixture *f, const char *target, long status, const char *remaining, long reset)
{
    test_expect(f, "GET", target, NULL, status);
    test_header_is(f, "X-Rate-Limit-Limit", "2");
    test_header_is(f, "X-Rate-Limit-Remaining", remaining);
    test_header_is(f, "X-Rate-Limit-Reset", test_format("%ld", reset));
    if (status == 429) {
        assert_string_equal(test_string(f->json, "errorCode"), "E0000047");
    }
}

static void rate_limit_counts_down_in_a_window_and_opens_again(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.rate_limit = 2, .rate_window_s = 10});
    expect_rate(f, APP, 200, "1", TEST_NOW + 10);
    mock_org_set_now(f->org, TEST_NOW + 4);
    expect_rate(f, WEB_KEYS "/none", 404, "0", TEST_NOW + 10);
    mock_org_set_now(f->org, TEST_NOW + 9);
    expect_rate(f, WEB_SECRETS, 429, "0", TEST_NOW + 10);
    expect_rate(f, APP, 429, "0", TEST_NOW + 10);
    mock_org_set_now(f->org, TEST_NOW + 10);
    expect_rate(f, APP, 200, "1", TEST_NOW + 20);
    mock_org_set_now(f->org, TEST_NOW - 500);
    expect_rate(f, APP, 200, "1", TEST_NOW - 490);
}

static void users_have_a_rate_limit_of_their_own(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.rate_limit = 2, .rate_window_s = 10});
    expect_rate(f, APP, 200, "1", TEST_NOW + 10);
    expect_rate(f, APP, 200, "0", TEST_NOW + 10);
    expect_rate(f, "/api/v1/users?limit=1", 200, "1", TEST_NOW + 10);
    expect_rate(f, "/api/v1/users", 200, "0", TEST_NOW + 10);
    expect_rate(f, "/api/v1/users", 429, "0", TEST_NOW + 10);
    expect_rate(f, "/api/v1/nothing", 404, "1", TEST_NOW + 10);
}

static void refused_calls_change_nothing(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.rate_limit = 2, .rate_window_s = 10});
    f->token = "wrong";
    expect_rate(f, APP, 401, "2", TEST_NOW + 10);
    test_expect(f, "POST", WEB_SECRETS, NULL, 401);
    f->token = "mock-token";
    expect_rate(f, APP, 200, "1", TEST_NOW + 10);
    expect_rate(f, APP, 200, "0", TEST_NOW + 10);
    test_expect(f, "POST", WEB_SECRETS, NULL, 429);
    mock_org_set_now(f->org, TEST_LATER);
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
}

static void requests_are_recorded_as_they_came(void **state)
{
    fixture *f = *state;
    f->headers = (const char *const[]){"X-One: 1", "x-two:2", "X-One: again", "X-Empty;", NULL};
    test_expect(f, "POST", "/api/v1/%61pps/a%2Fb?q=%20x&&y", "{\"a\": 1}", 405);
    f->headers = NULL;
    f->token = NULL;
    test_expect(f, "DELETE", WEB_KEYS, NULL, 401);

    assert_int_equal(mock_org_request_count(f->org), 2);
    const mock_request *first = mock_org_request_at(f->org, 0);
    assert_string_equal(first->method, "POST");
    assert_string_equal(first->target, "/api/v1/%61pps/a%2Fb?q=%20x&&y");
    assert_string_equal(first->body, "{\"a\": 1}");
    assert_int_equal(first->body_length, 8);
    assert_string_equal(mock_request_header(first, "X-ONE"), "1");
    assert_string_equal(mock_request_header(first, "X-Empty"), "");
    assert_null(mock_request_header(first, "X-On"));
    size_t i = 0;
    while (first->headers[i] != NULL && strcmp(first->headers[i], "X-One: 1") != 0) {
        i++;
    }
    assert_non_null(first->headers[i]);
    assert_string_equal(first->headers[i + 1], "x-two: 2");
    assert_string_equal(first->headers[i + 2], "X-One: again");

    const mock_request *second = mock_org_request_at(f->org, 1);
    assert_string_equal(second->method, "DELETE");
    assert_string_equal(second->body, "");
    assert_int_equal(second->body_length, 0);
    assert_null(mock_request_header(second, "Authorization"));
    assert_null(mock_org_request_at(f->org, 2));

    mock_org_forget_requests(f->org);
    assert_int_equal(mock_org_request_count(f->org), 0);
    assert_null(mock_org_request_at(f->org, 0));
    test_expect(f, "GET", APP, NULL, 401);
    assert_string_equal(mock_org_request_at(f->org, 0)->method, "GET");
}

static void connections_are_kept_and_numbered(void **state)
{
    fixture *f = *state;
    static const unsigned numbers[] = {1, 1, 1, 2};
    f->keep_connection = true;
    test_expect(f, "GET", APP, NULL, 200);
    test_expect(f, "POST", WEB_KEYS, "{", 400);
    test_expect(f, "DELETE", WEB_KEYS "/x", NULL, 404);
    f->keep_connection = false;
    test_expect(f, "GET", APP, NULL, 200);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_int_equal(mock_org_request_at(f->org, i)->connection, numbers[i]);
    }
}

static void a_taken_port_is_refused(void **state)
{
    fixture *f = *state;
    const char *port = strrchr(mock_org_url(f->org), ':');
    assert_non_null(port);
    assert_int_equal(strncmp(mock_org_url(f->org), "http://127.0.0.1:", 17), 0);
    mock_org_options options = {.port = (uint16_t)strtoul(port + 1, NULL, 10)};
    assert_true(options.port > 0);
    assert_null(mock_org_start(&options));
}

static void null_options_are_the_defaults(void **state)
{
    fixture *f = *state;
    mock_org_stop(f->org);
    f->org = mock_org_start(NULL);
    assert_non_null(f->org);
    test_expect(f, "GET", APP, NULL, 200);
    test_header_is(f, "X-Rate-Limit-Remaining", "9999");
}

static void a_frozen_clock_can_be_let_go(void **state)
{
    fixture *f = *state;
    mock_org_stop(f->org);
    f->org = mock_org_start(NULL);
    assert_non_null(f->org);
    for (int i = 0; i < 3; i++) {
        mock_org_set_now(f->org, i == 1 ? 1709210096 : 0);
        test_expect(f, "GET", APP, NULL, 200);
        char *date = test_header(f, "Date", 0);
        assert_non_null(date);
        assert_int_equal(strcmp(date, "Thu, 29 Feb 2024 12:34:56 GMT") == 0, i == 1);
        free(date);
    }
}

#define WORKERS          8
#define CALLS_PER_WORKER 6

static void *add_keys(void *context)
{
    const fixture *shared = context;
    fixture own = {.org = shared->org, .curl = curl_easy_init()};
    char url[128];
    char body[512];
    (void)snprintf(url, sizeof url, "%s%s", mock_org_url(own.org), WEB_KEYS);
    struct curl_slist *lines = curl_slist_append(NULL, "Authorization: Bearer mock-access-token");
    size_t added = 0;
    FILE *sink = fopen("/dev/null", "wb");
    for (int i = 0; i < CALLS_PER_WORKER && own.curl != NULL && sink != NULL; i++) {
        (void)snprintf(body, sizeof body, "{\"kid\":\"%p-%d\"," EC_P256 "}", (void *)&own, i);
        curl_easy_setopt(own.curl, CURLOPT_URL, url);
        curl_easy_setopt(own.curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(own.curl, CURLOPT_HTTPHEADER, lines);
        curl_easy_setopt(own.curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(own.curl, CURLOPT_WRITEDATA, sink);
        long status = 0;
        if (curl_easy_perform(own.curl) == CURLE_OK &&
            curl_easy_getinfo(own.curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 201) {
            added++;
        }
        (void)mock_org_request_count(own.org);
    }
    if (sink != NULL) {
        (void)fclose(sink);
    }
    curl_slist_free_all(lines);
    curl_easy_cleanup(own.curl);
    return (void *)(uintptr_t)added;
}

static void serves_many_threads_at_once(void **state)
{
    fixture *f = *state;
    pthread_t threads[WORKERS];
    size_t added = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, add_keys, f), 0);
    }
    for (size_t i = 0; i < WORKERS; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        added += (size_t)(uintptr_t)result;
    }
    assert_int_equal(added, WORKERS * CALLS_PER_WORKER);
    assert_int_equal(mock_org_request_count(f->org), added);
    test_expect(f, "GET", WEB_KEYS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), added);
}

int test_http_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(accepts_each_token_by_its_own_scheme),
        TEST(accepts_the_configured_token_only),
        TEST(refuses_other_credentials),
        TEST(every_answer_carries_the_common_headers),
        TEST(error_ids_differ),
        TEST(date_follows_the_clock),
        TEST(unknown_paths_are_404),
        TEST(unknown_ids_are_404),
        TEST(wrong_methods_are_405),
        TEST(path_segments_are_decoded_before_they_are_matched),
        TEST(the_app_is_shown),
        TEST(bodies_that_are_no_object_are_refused),
        TEST(bodies_above_1_mib_are_413),
        TEST(rate_limit_counts_down_in_a_window_and_opens_again),
        TEST(users_have_a_rate_limit_of_their_own),
        TEST(refused_calls_change_nothing),
        TEST(requests_are_recorded_as_they_came),
        TEST(connections_are_kept_and_numbered),
        TEST(a_taken_port_is_refused),
        TEST(null_options_are_the_defaults),
        TEST(a_frozen_clock_can_be_let_go),
        TEST(serves_many_threads_at_once),
    };
    return cmocka_run_group_tests_name("mock_org http", tests, NULL, NULL);
}
