/* SPDX-License-Identifier: Apache-2.0 */
/* okta_request_call(): any method, path and body goes out as it is given, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"

#define USERS    "/api/v1/users"
#define KEPT_MAX 1048576u

static okta_error *run(const api_world *world, const char *method, const char *path, const char *body)
{
    okta_call *call = okta_request_call(world->client, method, path, body);
    okta_error *error = okta_call_run(call);
    okta_free(call);
    return error;
}

static void sends_each_method_with_and_without_a_body(void **state)
{
    static const struct {
        const char *method;
        const char *body;
        const char *content_length;
    } cases[] = {
        {"GET", NULL, NULL},        {"DELETE", NULL, NULL},        {"POST", NULL, "0"},
        {"PUT", NULL, "0"},         {"PATCH", NULL, "0"},          {"DELETE", "{\"a\":1}", "7"},
        {"POST", "{\"a\":1}", "7"}, {"PUT", "{\"a\":1}", "7"},     {"PATCH", "{\"a\":1}", "7"},
        {"POST", "null", "4"},      {"PUT", " [ 1,\n2 ]\n", "10"}, {"PATCH", "\"\\u00e9\"", "8"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < 2 * COUNT(cases); i++) {
        const char *method = cases[i / 2].method;
        const char *body = cases[i / 2].body;
        api_forget(world);
        api_fault(world, (mock_fault){.status = 200, .body = "{}"});
        api_expect_success(method, run(world, method, USERS, body));
        api_expect_requests(method, world, 1);
        api_expect_request(method, world, 0, method, USERS, body == NULL ? "" : body);
        api_expect_header(method, world, 0, "Content-Length", cases[i / 2].content_length);
        api_expect_header(method, world, 0, "Content-Type", body == NULL ? NULL : "application/json");
        api_expect_header(method, world, 0, "Transfer-Encoding", NULL);
        api_expect_header(method, world, 0, "Expect", NULL);
        api_expect_header(method, world, 0, "Authorization", "SSWS " API_TOKEN);
        api_expect_header(method, world, 0, "Accept", "application/json");
        api_expect_header(method, world, 0, "Accept-Encoding", "gzip");
    }
}

static void refuses_other_methods(void **state)
{
    static const char *const methods[] = {NULL,
                                          "",
                                          "get",
                                          "Get",
                                          "HEAD",
                                          "OPTIONS",
                                          "TRACE",
                                          "CONNECT",
                                          "GET ",
                                          " GET",
                                          "POSTS",
                                          "PO",
                                          "DELETE\r\nX-Evil: 1"};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(methods); i++) {
        api_expect_refusal("a method", run(world, methods[i], USERS, NULL), OKTA_E_ARG,
                           "method must be GET, POST, PUT, PATCH or DELETE");
    }
    api_expect_requests("all", world, 0);
}

static void refuses_paths_that_could_mean_another(void **state)
{
    static const char *const paths[] = {
        NULL,
        "",
        "api/v1/users",
        "?q=a",
        "http://evil.example/api/v1/users",
        "//evil.example/api/v1/users",
        "@evil.example/",
        ":80/",
        "/api//v1",
        "/api/v1/../users",
        "/..",
        "/.",
        "/api/v1/users/..",
        "/api/v1/users/.",
        "/api/./v1",
        "/%2e%2e/users",
        "/%2E/users",
        "/api/.%2e/users",
        "/api/..;x/users",
        "/api/.;/users",
        "/api/;x/users",
        "/api/%2e%2e;x",
        "/api/%c0%ae%c0%ae/users",
        "/api/%252e%252e/users",
        "/api/v1/a%2fb",
        "/api/v1/a%5cb",
        "/api/v1/a%00",
        "/api/v1/a%0d%0ab",
        "/api/v1/a%7f",
        "/api/v1/%zz",
        "/api/v1/%2",
        "/api/v1/%",
        "/api/v1/users?q=%zz",
        "/api/v1/users?q=%",
        "/api/v1/users#f",
        "/api/v1/users?q=a#f",
        "/api/v1/users?q=a b",
        "/api/v1/us ers",
        "/api/v1/us\ters",
        "/api/v1/users\r\nX-Evil: 1",
        "/api/v1/users?\n",
        "/api\\v1",
        "/api/v1/users?q=\\",
        "/api/v1/\xc3\xa9",
        "/api/v1/users?q=\xc3\xa9",
        "/api/v1/\x7f",
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        api_expect_refusal(paths[i] == NULL ? "NULL" : paths[i], run(world, "GET", paths[i], NULL),
                           OKTA_E_ARG, "path ");
    }
    api_expect_requests("all", world, 0);
}

static void sends_other_paths_byte_for_byte(void **state)
{
    static const char *const paths[] = {
        "/",
        "/api/v1/users/",
        "/api/v1/users?",
        "/api/v1/users?limit=2&after=a%3D%3D",
        "/api/v1/users?q=a%20b%26c%3Dd%23e%2Bf",
        "/api/v1/users?search=profile.name%20eq%20%22%C3%A9%22",
        "/api/v1/users?x=/../y/./z//w",
        "/api/v1/users?q=?&r=%2f%00",
        "/api/v1/users/me@example.com",
        "/api/v1/users/a:b,c;d=e!f$g'h(i)j*k+l&m",
        "/api/v1/users/%40%3A%C3%A9",
        "/api/v1/users/...",
        "/api/v1/users/.a/a..",
        "/oauth2/v1/clients/0oa?q=[1]|{2}^`<\">",
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        api_forget(world);
        api_fault(world, (mock_fault){.status = 200, .body = "{}"});
        api_expect_success(paths[i], run(world, "GET", paths[i], NULL));
        api_expect_requests(paths[i], world, 1);
        api_expect_request(paths[i], world, 0, "GET", paths[i], "");
    }
}

static void refuses_bodies_that_are_no_json(void **state)
{
    static const char *const bodies[] = {
        "",      " ",    "{",        "{}x",    "{} {}",      "{\"a\":01}", "nul",     "'a'",
        "{a:1}", "[1,]", "\"\xff\"", "\"\t\"", "{\"a\":1,}", "\"\\x\"",    "a=b&c=d", "\"\\ud800\""};
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(bodies) * COUNT(methods); i++) {
        okta_error *error = run(world, methods[i % COUNT(methods)], USERS, bodies[i / COUNT(methods)]);
        api_expect_refusal(bodies[i / COUNT(methods)], error, OKTA_E_ARG, "body: ");
    }
    api_expect_refusal("GET", run(world, "GET", USERS, "{}"), OKTA_E_ARG, "a GET request takes no body");
    api_expect_requests("all", world, 0);
}

/* No body is announced with `Expect`, which libcurl does beyond 1 MiB. The mock keeps the first 1 MiB. */
static void sends_a_large_body_whole(void **state)
{
    static const size_t sizes[] = {900000, 1500000};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char length[32];
        char *body = malloc(sizes[i] + 1);
        assert_non_null(body);
        for (size_t j = 0; j < sizes[i]; j++) {
            body[j] = (char)('a' + j % 23);
        }
        body[0] = '"';
        body[sizes[i] - 1] = '"';
        body[sizes[i]] = '\0';
        api_forget(world);
        api_fault(world, (mock_fault){.status = 201, .body = "{}"});
        api_expect_success("POST", run(world, "POST", USERS, body));
        const mock_request *request = mock_org_request_at(world->org, 0);
        assert_int_equal(request->body_length, sizes[i] < KEPT_MAX ? sizes[i] : KEPT_MAX);
        assert_memory_equal(request->body, body, request->body_length);
        snprintf(length, sizeof length, "%zu", sizes[i]);
        api_expect_header("POST", world, 0, "Content-Length", length);
        api_expect_header("POST", world, 0, "Expect", NULL);
        free(body);
    }
}

static void copies_path_and_body(void **state)
{
    api_world *world = *state;
    char path[] = USERS "?limit=1";
    char body[] = "{\"a\":1}";
    okta_call *call = okta_request_call(world->client, "POST", path, body);
    memset(path, 'x', sizeof path - 1);
    memset(body, 'x', sizeof body - 1);
    api_fault(world, (mock_fault){.status = 200, .body = "{}"});
    api_expect_success("POST", okta_call_run(call));
    okta_free(call);
    api_expect_request("POST", world, 0, "POST", USERS "?limit=1", "{\"a\":1}");
}

/* GET, PUT and DELETE may be repeated; POST and PATCH only when nothing can have happened. */
static void repeats_what_is_safe_to_repeat(void **state)
{
    static const struct {
        const char *method;
        const char *body;
        bool repeats;
        okta_status lost;
    } cases[] = {
        {"GET", NULL, true, OKTA_E_TRANSPORT},          {"PUT", NULL, true, OKTA_E_OUTCOME_UNKNOWN},
        {"PUT", "{}", true, OKTA_E_OUTCOME_UNKNOWN},    {"DELETE", NULL, true, OKTA_E_OUTCOME_UNKNOWN},
        {"DELETE", "{}", true, OKTA_E_OUTCOME_UNKNOWN}, {"POST", NULL, false, OKTA_E_OUTCOME_UNKNOWN},
        {"POST", "{}", false, OKTA_E_OUTCOME_UNKNOWN},  {"PATCH", NULL, false, OKTA_E_OUTCOME_UNKNOWN},
        {"PATCH", "{}", false, OKTA_E_OUTCOME_UNKNOWN},
    };
    static const char *const no_reset[] = {"X-Rate-Limit-Reset:", NULL};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        /* once on a connection of its own, once on one that served before */
        for (int used = 0; used <= 1; used++) {
            const char *method = cases[i].method;
            unsigned expected = cases[i].repeats ? 4 : 1;
            api_world_renew(world, NULL);
            if (used == 1) {
                api_expect_success("the call before", run(world, "GET", USERS, NULL));
            }
            api_forget(world);
            api_fault(world, (mock_fault){.drop_after = true, .times = expected});
            okta_error *error = run(world, method, USERS, cases[i].body);
            api_expect_number(method, "attempts", okta_error_attempts(error), expected);
            api_expect_refusal(method, error, cases[i].lost, "request: ");
            api_expect_requests(method, world, expected);
            for (size_t j = 0; j < expected; j++) {
                api_expect_request(method, world, j, method, USERS,
                                   cases[i].body == NULL ? "" : cases[i].body);
            }
            api_forget(world);
            api_fault(world, (mock_fault){.status = 429, .headers = no_reset});
            api_fault(world, (mock_fault){.status = 200, .body = "{}"});
            api_expect_success(method, run(world, method, USERS, cases[i].body));
            api_expect_requests(method, world, 2);
        }
    }
}

static void keeps_any_answer_that_does_not_call_itself_json(void **state)
{
    static const struct {
        unsigned status;
        const char *type;
        const char *body;
    } cases[] = {
        {200, "application/json", "{\"a\":[1,2]}"},
        {201, "application/json; charset=utf-8", "[]"},
        {202, "text/xml", "<EntityDescriptor/>"},
        {200, "text/plain", "hello <html>"},
        {200, "application/octet-stream", "{\"a\""},
        {204, NULL, NULL},
        {200, "application/json", ""},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t length = 77;
        const char *expected = cases[i].body == NULL || cases[i].body[0] == '\0' ? NULL : cases[i].body;
        api_fault(
            world,
            (mock_fault){.status = cases[i].status, .content_type = cases[i].type, .body = cases[i].body});
        okta_call *call = okta_request_call(world->client, "GET", USERS, NULL);
        api_expect_success("GET", okta_call_run(call));
        assert_int_equal(okta_call_http_status(call), cases[i].status);
        api_expect_text("GET", "the body", okta_call_body(call, &length), expected);
        assert_int_equal(length, expected == NULL ? 0 : strlen(expected));
        okta_free(call);
    }
}

/* No request of the Management API is answered with a page: it comes from what stands between. */
static void refuses_a_page(void **state)
{
    static const struct {
        const char *type;
        const char *body;
        const char *told;
    } cases[] = {
        {"text/html", "<html></html>", ": HTTP 200: an HTML page, not from Okta"},
        {"Text/HTML; charset=utf-8", "blocked", ": HTTP 200: an HTML page, not from Okta"},
        {"application/xhtml+xml", "<p/>", ": HTTP 200: an HTML page, not from Okta"},
        {"text/plain", " \r\n<!DOCTYPE HTML><p>", ": HTTP 200: an HTML page, not from Okta"},
        {"application/octet-stream", "\xef\xbb\xbf<HTML>", ": HTTP 200: an HTML page, not from Okta"},
        {"text/html", "<html><head>\n<TITLE lang=en>\n Access \"denied\"\t\n</title></head>",
         ": HTTP 200: an HTML page titled \"Access 'denied'\", not from Okta"},
        {"text/html", "<title>", ": HTTP 200: an HTML page, not from Okta"},
        {"text/html", "<title></title>", ": HTTP 200: an HTML page, not from Okta"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_fault(
            world,
            (mock_fault){.status = 200, .content_type = cases[i].type, .body = cases[i].body, .times = 2});
        okta_error *error = run(world, "GET", USERS, NULL);
        assert_string_equal(okta_error_response_body(error, NULL), cases[i].body);
        api_expect_refusal(cases[i].body, error, OKTA_E_PROTOCOL, cases[i].told);
        error = run(world, "POST", USERS, "{}");
        assert_false(okta_error_is_retryable(error));
        api_expect_refusal(cases[i].body, error, OKTA_E_OUTCOME_UNKNOWN, cases[i].told);
    }
}

static void refuses_an_answer_that_calls_itself_json_and_is_not(void **state)
{
    static const char *const bodies[] = {"{", "{}x", "<p></p>", " ", "{\"a\":\"\xff\"}"};
    static const char *const types[] = {"application/json", "application/json;charset=UTF-8",
                                        "Application/JSON"};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(bodies) * COUNT(types); i++) {
        const char *body = bodies[i / COUNT(types)];
        api_fault(
            world,
            (mock_fault){.status = 200, .body = body, .content_type = types[i % COUNT(types)], .times = 2});
        okta_error *error = run(world, "GET", USERS, NULL);
        assert_string_equal(okta_error_response_body(error, NULL), body);
        api_expect_refusal("GET", error, OKTA_E_PROTOCOL, "request: ");
        api_expect_refusal("POST", run(world, "POST", USERS, NULL), OKTA_E_OUTCOME_UNKNOWN, "request: ");
    }
}

static void refuses_a_missing_client(void **state)
{
    api_world *world = *state;
    okta_call *call = okta_request_call(NULL, "GET", USERS, NULL);
    api_expect_refusal("GET", okta_call_run(call), OKTA_E_ARG, "client must not be NULL");
    okta_free(call);
    api_expect_requests("all", world, 0);
}

static void a_failed_answer_goes_into_the_error(void **state)
{
    api_world *world = *state;
    okta_call *call = okta_request_call(world->client, "GET", "/api/v1/nothing", NULL);
    okta_error *error = okta_call_run(call);
    assert_int_equal(okta_error_status(error), OKTA_E_NOT_FOUND);
    assert_string_equal(okta_error_code(error), "E0000007");
    assert_non_null(strstr(okta_error_response_body(error, NULL), "\"E0000007\""));
    assert_int_equal(okta_call_http_status(call), 404);
    assert_string_equal(okta_call_request_id(call), okta_error_request_id(error));
    okta_free(call);
    assert_string_equal(okta_error_document(error)->error_code, "E0000007");
    okta_free(error);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(sends_each_method_with_and_without_a_body),
        TEST(refuses_other_methods),
        TEST(refuses_paths_that_could_mean_another),
        TEST(sends_other_paths_byte_for_byte),
        TEST(refuses_bodies_that_are_no_json),
        TEST(sends_a_large_body_whole),
        TEST(copies_path_and_body),
        TEST(repeats_what_is_safe_to_repeat),
        TEST(keeps_any_answer_that_does_not_call_itself_json),
        TEST(refuses_a_page),
        TEST(refuses_an_answer_that_calls_itself_json_and_is_not),
        TEST(refuses_a_missing_client),
        TEST(a_failed_answer_goes_into_the_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
