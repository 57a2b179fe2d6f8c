/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs that make an answer go wrong. */
#include "test_client.h"
#include "test_groups.h"

#include <stdlib.h>
#include <string.h>

#define APP      "/api/v1/apps/" MOCK_WEB_APP
#define NEVER_MS 600000

static void fail_next(fixture *f, mock_fault fault)
{
    assert_true(mock_org_fail_next(f->org, &fault));
}

static void a_status_comes_with_an_okta_error(void **state)
{
    fixture *f = *state;
    static const struct {
        uint16_t status;
        const char *code;
    } cases[] = {
        {400, "E0000001"}, {401, "E0000011"}, {403, "E0000006"}, {404, "E0000007"}, {405, "E0000022"},
        {429, "E0000047"}, {500, "E0000009"}, {502, "E0000009"}, {503, "E0000010"}, {599, "E0000009"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fail_next(f, (mock_fault){.status = cases[i].status});
        test_refused(f, "GET", APP, NULL, cases[i].status, cases[i].code, NULL);
        test_header_is(f, "X-Rate-Limit-Remaining",
                       test_format("%zu", cases[i].status == 429 ? 0 : 10000 - i));
        test_header_is(f, "Content-Type", "application/json");
        test_expect(f, "GET", APP, NULL, 200);
    }
}

static void a_status_goes_before_the_token_and_the_request(void **state)
{
    fixture *f = *state;
    f->token = "wrong";
    fail_next(f, (mock_fault){.status = 503});
    test_expect(f, "POST", WEB_SECRETS, NULL, 503);
    test_expect(f, "GET", WEB_SECRETS, NULL, 401);
    f->token = "mock-token";
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
    assert_int_equal(mock_org_request_count(f->org), 3);
}

static void a_body_and_its_type_replace_the_mocks(void **state)
{
    fixture *f = *state;
    fail_next(f,
              (mock_fault){.status = 502, .body = "<html>bad gateway</html>", .content_type = "text/html"});
    test_try(f, "GET", APP, NULL, 0);
    assert_int_equal(f->status, 502);
    assert_string_equal(f->body.bytes, "<html>bad gateway</html>");
    test_header_is(f, "Content-Type", "text/html");
    test_header_is(f, "Content-Length", "24");

    fail_next(f, (mock_fault){.status = 200});
    test_expect(f, "GET", APP, NULL, 200);
    assert_int_equal(f->body.length, 0);

    fail_next(f, (mock_fault){.body = "{\"id\":"});
    test_try(f, "POST", WEB_SECRETS, NULL, 0);
    assert_int_equal(f->status, 201);
    assert_string_equal(f->body.bytes, "{\"id\":");
    test_header_is(f, "Content-Type", "application/json");
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);

    fail_next(f, (mock_fault){.status = 204});
    test_expect(f, "GET", APP, NULL, 204);
    test_header_is(f, "Content-Type", NULL);
}

static void headers_replace_add_and_take_out(void **state)
{
    fixture *f = *state;
    static const char *const headers[] = {"x-rate-limit-reset: soon", "Link: <a>", "Link: <b>, <c>",
                                          "X-Okta-Request-Id:",       "Date: ",    "X-New:1",
                                          "Location: http://x/",      NULL};
    test_restart(f, (mock_org_options){.users = 300});
    fail_next(f, (mock_fault){.headers = headers});
    test_expect(f, "GET", "/api/v1/users", NULL, 200);
    test_header_is(f, "X-Rate-Limit-Reset", "soon");
    test_header_is(f, "X-Rate-Limit-Limit", "10000");
    test_header_is(f, "X-Okta-Request-Id", NULL);
    test_header_is(f, "Date", NULL);
    test_header_is(f, "X-New", "1");
    test_header_is(f, "Location", "http://x/");
    char *first = test_header(f, "Link", 0);
    char *second = test_header(f, "Link", 1);
    assert_string_equal(first, "<a>");
    assert_string_equal(second, "<b>, <c>");
    assert_null(test_header(f, "Link", 2));
    free(first);
    free(second);

    fail_next(f, (mock_fault){.status = 302, .headers = headers});
    test_expect(f, "GET", APP, NULL, 302);
    test_header_is(f, "Location", "http://x/");
}

static void long_headers_are_sent(void **state)
{
    fixture *f = *state;
    size_t length = (size_t)96 * 1024;
    char *line = malloc(length + 1);
    assert_non_null(line);
    memset(line, 'x', length);
    memcpy(line, "X-Long:", 7);
    line[length] = '\0';
    const char *const headers[] = {line, NULL};
    fail_next(f, (mock_fault){.headers = headers});
    test_expect(f, "GET", APP, NULL, 200);
    char *value = test_header(f, "X-Long", 0);
    assert_non_null(value);
    assert_int_equal(strlen(value), length - 7);
    free(value);
    free(line);
}

static void header_lines_that_cannot_be_sent_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const lines[] = {"no colon",
                                        ": nameless",
                                        "",
                                        "A: b\r\nC: d",
                                        "A: b\n",
                                        "A b: c",
                                        "content-length: 5",
                                        "Transfer-Encoding: chunked"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *const headers[] = {"X-Good: 1", lines[i], NULL};
        assert_false(mock_org_fail_next(f->org, &(mock_fault){.status = 500, .headers = headers}));
    }
    test_expect(f, "GET", APP, NULL, 200);
}

static void faults_strike_in_the_order_they_were_queued(void **state)
{
    fixture *f = *state;
    static const long expected[] = {500, 502, 502, 503, 200};
    fail_next(f, (mock_fault){.status = 500});
    fail_next(f, (mock_fault){.status = 502, .times = 2});
    fail_next(f, (mock_fault){.status = 503});
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        test_expect(f, "GET", APP, NULL, expected[i]);
    }
}

static void a_skipping_fault_holds_back_those_behind_it(void **state)
{
    fixture *f = *state;
    static const long expected[] = {200, 200, 500, 502, 200};
    fail_next(f, (mock_fault){.status = 500, .skip = 2});
    fail_next(f, (mock_fault){.status = 502});
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        test_expect(f, "GET", APP, NULL, expected[i]);
    }
}

static void faults_choose_by_method_and_path(void **state)
{
    fixture *f = *state;
    fail_next(f, (mock_fault){.method = "POST", .path_contains = "/secrets", .status = 500, .skip = 1});
    fail_next(f, (mock_fault){.path_contains = "/users", .status = 502});
    fail_next(f, (mock_fault){.method = "GET", .status = 503});
    test_expect(f, "GET", WEB_SECRETS, NULL, 503);
    test_expect(f, "POST", WEB_KEYS, "{}", 400);
    test_expect(f, "GET", APP "?x=/users", NULL, 200);
    test_expect(f, "POST", WEB_SECRETS, NULL, 201);
    test_expect(f, "GET", "/api/v1/users", NULL, 502);
    test_expect(f, "POST", WEB_SECRETS, NULL, 500);
    test_expect(f, "POST", WEB_SECRETS, NULL, 201);
}

static void drop_before_closes_without_processing(void **state)
{
    fixture *f = *state;
    fail_next(f, (mock_fault){.drop_before = true});
    test_try(f, "POST", WEB_SECRETS, "{}", 2);
    assert_int_equal(f->code, CURLE_GOT_NOTHING);
    assert_int_equal(mock_org_request_count(f->org), 1);
    assert_string_equal(mock_org_request_at(f->org, 0)->body, "{}");
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    test_header_is(f, "X-Rate-Limit-Remaining", "9999");
    assert_string_equal(f->body.bytes, "[]");
}

static void drop_after_closes_when_all_is_done(void **state)
{
    fixture *f = *state;
    fail_next(f, (mock_fault){.drop_after = true});
    test_try(f, "POST", WEB_SECRETS, "{}", 2);
    assert_int_equal(f->code, CURLE_GOT_NOTHING);
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    test_header_is(f, "X-Rate-Limit-Remaining", "9998");
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    assert_int_equal(mock_org_request_count(f->org), 2);
}

/* libcurl sends a request again when a connection that it reuses closes without an answer. */
static void a_dropped_connection_that_was_reused_is_seen_as_dead(void **state)
{
    fixture *f = *state;
    f->keep_connection = true;
    test_expect(f, "GET", APP, NULL, 200);
    fail_next(f, (mock_fault){.drop_after = true});
    test_expect(f, "GET", APP, NULL, 200);
    assert_int_equal(mock_org_request_count(f->org), 3);
    assert_int_equal(mock_org_request_at(f->org, 1)->connection, 1);
    assert_int_equal(mock_org_request_at(f->org, 2)->connection, 2);
}

static void a_cut_body_is_announced_whole(void **state)
{
    fixture *f = *state;
    test_expect(f, "GET", APP, NULL, 200);
    char whole[512];
    size_t length = f->body.length;
    assert_true(length > 10 && length < sizeof whole);
    memcpy(whole, f->body.bytes, length);
    size_t cuts[] = {1, 10, length - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        fail_next(f, (mock_fault){.cut_body_at = cuts[i]});
        test_try(f, "GET", APP, NULL, 0);
        assert_int_equal(f->code, CURLE_PARTIAL_FILE);
        assert_int_equal(f->status, 200);
        test_header_is(f, "Content-Length", test_format("%zu", length));
        assert_int_equal(f->body.length, cuts[i]);
        assert_memory_equal(f->body.bytes, whole, cuts[i]);
    }
    for (size_t beyond = 0; beyond <= 5000; beyond += 5000) {
        fail_next(f, (mock_fault){.cut_body_at = length + beyond});
        test_expect(f, "GET", APP, NULL, 200);
        assert_int_equal(f->body.length, length);
    }
}

static void a_long_body_is_cut_where_asked(void **state)
{
    fixture *f = *state;
    size_t cut = 50000;
    char *body = malloc(100001);
    assert_non_null(body);
    memset(body, 'y', 100000);
    body[100000] = '\0';
    fail_next(f, (mock_fault){.status = 200, .body = body, .cut_body_at = cut});
    test_try(f, "GET", APP, NULL, 0);
    assert_int_equal(f->code, CURLE_PARTIAL_FILE);
    assert_int_equal(f->body.length, cut);
    free(body);
}

static void a_delayed_answer_comes_later(void **state)
{
    fixture *f = *state;
    fail_next(f, (mock_fault){.delay_ms = 50});
    test_expect(f, "GET", APP, NULL, 200);
    curl_off_t total_us = 0;
    assert_int_equal(curl_easy_getinfo(f->curl, CURLINFO_TOTAL_TIME_T, &total_us), CURLE_OK);
    assert_true(total_us >= 50000);
}

/* A delay that did not end with the mock would hold this test up for ten minutes. */
static void a_delayed_answer_holds_up_nobody_else(void **state)
{
    fixture *f = *state;
    fail_next(f, (mock_fault){.delay_ms = NEVER_MS});
    test_abandon(f, "POST", WEB_SECRETS);
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    mock_org_stop(f->org);
    f->org = NULL;
}

static void faults_that_never_strike_are_released(void **state)
{
    fixture *f = *state;
    static const char *const headers[] = {"X-A: b", NULL};
    fail_next(f, (mock_fault){.status = 500,
                              .times = 5,
                              .method = "GET",
                              .path_contains = "/",
                              .body = "b",
                              .content_type = "c/d",
                              .headers = headers});
    fail_next(f, (mock_fault){.method = "PURGE", .drop_before = true});
    test_try(f, "GET", APP, NULL, 0);
    assert_int_equal(f->status, 500);
}

int test_faults_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_status_comes_with_an_okta_error),
        TEST(a_status_goes_before_the_token_and_the_request),
        TEST(a_body_and_its_type_replace_the_mocks),
        TEST(headers_replace_add_and_take_out),
        TEST(long_headers_are_sent),
        TEST(header_lines_that_cannot_be_sent_are_refused),
        TEST(faults_strike_in_the_order_they_were_queued),
        TEST(a_skipping_fault_holds_back_those_behind_it),
        TEST(faults_choose_by_method_and_path),
        TEST(drop_before_closes_without_processing),
        TEST(drop_after_closes_when_all_is_done),
        TEST(a_dropped_connection_that_was_reused_is_seen_as_dead),
        TEST(a_cut_body_is_announced_whole),
        TEST(a_long_body_is_cut_where_asked),
        TEST(a_delayed_answer_comes_later),
        TEST(a_delayed_answer_holds_up_nobody_else),
        TEST(faults_that_never_strike_are_released),
    };
    return cmocka_run_group_tests_name("mock_org faults", tests, NULL, NULL);
}
