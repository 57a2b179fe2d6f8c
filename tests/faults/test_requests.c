/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of requests, as a raw socket hears them. */
#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"

/* The i-th request is `start`, the headers that all have with `more` among them, and `body`. */
static void expect_bytes(fault_world *world, size_t i, const char *start, const char *more, const char *body)
{
    char expected[1024];
    const fault_request *request = fault_server_request_at(world->server, i);
    snprintf(
        expected, sizeof expected,
        "%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: libokta/%s libcurl/%s\r\nAccept-Encoding: gzip\r\n"
        "Accept: application/json\r\nAuthorization: SSWS " FAULT_TOKEN "\r\n%s\r\n%s",
        start, fault_server_port(world->server), okta_version(), curl_version_info(CURLVERSION_NOW)->version,
        more, body);
    assert_non_null(request);
    if (strcmp(request->text, expected) != 0 || request->length != strlen(expected)) {
        fail_msg("request %zu is\n%s\nnot\n%s", i, request->text, expected);
    }
}

static void sends_these_bytes(void **state)
{
    static const struct {
        const char *method;
        const char *body;
        const char *more;
    } cases[] = {
        {"GET", NULL, ""},
        {"DELETE", NULL, ""},
        {"POST", NULL, "Content-Length: 0\r\n"},
        {"PUT", NULL, "Content-Length: 0\r\n"},
        {"PATCH", NULL, "Content-Length: 0\r\n"},
        {"POST", "{\"a\": 1}", "Content-Type: application/json\r\nContent-Length: 8\r\n"},
        {"PUT", "[]", "Content-Type: application/json\r\nContent-Length: 2\r\n"},
        {"PATCH", "\"\xc3\xa9\"", "Content-Type: application/json\r\nContent-Length: 4\r\n"},
        {"DELETE", "null", "Content-Type: application/json\r\nContent-Length: 4\r\n"},
    };
    fault_world *world = *state;
    fault_plan plan = {0};
    fault_world_start(world, &plan, NULL);
    /* Twice, so that nothing of one request is found in the next, whatever its kind. */
    for (size_t i = 0; i < 2 * COUNT(cases); i++) {
        size_t k = i % COUNT(cases);
        char start[64];
        fault_outcome outcome = fault_request_once(world, cases[k].method, cases[k].body, 0);
        fault_expect_status(cases[k].method, &outcome, OKTA_OK);
        snprintf(start, sizeof start, "%s " FAULT_PATH, cases[k].method);
        expect_bytes(world, i, start, cases[k].more, cases[k].body == NULL ? "" : cases[k].body);
    }
    fault_world_stop(world);
}

static void says_which_request_is_repeated(void **state)
{
    static const fault_step script[] = {
        READ, SEND("HTTP/1.1 503 x\r\nX-Okta-Request-Id: first\r\nContent-Length: 0\r\n\r\n"), READ,
        SEND("HTTP/1.1 429 x\r\nX-Okta-Request-Id: second\r\nContent-Length: 0\r\n\r\n"), END};
    fault_world *world = *state;
    fault_plan plan = {.script = script, .connections = 1};
    fault_world_start(world, &plan, NULL);
    fault_outcome outcome = fault_request_once(world, "GET", NULL, 3);
    fault_expect_status("repeated", &outcome, OKTA_OK);
    expect_bytes(world, 0, "GET " FAULT_PATH, "", "");
    expect_bytes(world, 1, "GET " FAULT_PATH, "X-Okta-Retry-Count: 1\r\nX-Okta-Retry-For: first\r\n", "");
    expect_bytes(world, 2, "GET " FAULT_PATH, "X-Okta-Retry-Count: 2\r\nX-Okta-Retry-For: first\r\n", "");
    assert_int_equal(world->clock.waits, 2);
    fault_world_stop(world);
}

/* It goes back into a request: nothing but a plain word may. */
static void takes_no_odd_request_id(void **state)
{
    static const char *const ids[] = {"", "a b", "a\tb", "a\x01z", "\xc3\xa9", "a\x7f"};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(ids); i++) {
        char answer[256];
        snprintf(answer, sizeof answer,
                 "HTTP/1.1 503 x\r\nX-Okta-Request-Id: %s\r\nContent-Length: 0\r\n\r\n", ids[i]);
        const fault_step script[] = {READ, {FAULT_SEND, answer, strlen(answer), 1}, END};
        fault_plan plan = {.script = script, .connections = 1};
        fault_world_start(world, &plan, NULL);
        fault_outcome outcome = fault_request_once(world, "GET", NULL, 3);
        fault_expect_status(ids[i], &outcome, OKTA_OK);
        expect_bytes(world, 1, "GET " FAULT_PATH, "X-Okta-Retry-Count: 1\r\n", "");
        fault_world_stop(world);
    }
}

/* libcurl would ask for leave before it sends a body of more than a mebibyte. */
static void sends_a_large_body_unasked(void **state)
{
    const size_t size = 3 * 1024 * 1024;
    fault_world *world = *state;
    fault_plan plan = {0};
    char *body = malloc(size + 1);
    assert_non_null(body);
    memset(body, 'y', size);
    body[0] = '"';
    body[size - 1] = '"';
    body[size] = '\0';
    fault_world_start(world, &plan, NULL);
    fault_outcome outcome = fault_request_once(world, "POST", body, 0);
    fault_expect_status("T24", &outcome, OKTA_OK);
    fault_world_finish(world);
    const fault_request *request = fault_server_request_at(world->server, 0);
    assert_null(strstr(request->text, "Expect"));
    assert_non_null(strstr(request->text, "\r\nContent-Length: 3145728\r\n"));
    assert_string_equal(strstr(request->text, "\r\n\r\n") + 4, body);
    fault_expect_requests("T24", world, "POST", 1);
    fault_world_stop(world);
    free(body);
}

/* An answer before the request is whole is an answer, and the rest of the body is not owed. */
static void takes_an_answer_that_comes_early(void **state)
{
    static const fault_step script[] = {SEND("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: "
                                             "18\r\n\r\n{\"errorCode\":\"E1\"}"),
                                        DEAF, END};
    const size_t size = 8 * 1024 * 1024;
    fault_world *world = *state;
    fault_plan plan = {.script = script, .connections = 1};
    char *body = malloc(size + 1);
    assert_non_null(body);
    memset(body, '1', size);
    body[size] = '\0';
    fault_world_start(world, &plan, NULL);
    fault_outcome outcome = fault_request_once(world, "POST", body, 0);
    fault_expect_status("413", &outcome, OKTA_E_INVALID);
    assert_int_equal(outcome.http_status, 413);
    fault_expect_good("413", world);
    fault_world_finish(world);
    fault_expect_connections("413", world, 2);
    fault_world_stop(world);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(sends_these_bytes),
        FAULT_TEST(says_which_request_is_repeated),
        FAULT_TEST(takes_no_odd_request_id),
        FAULT_TEST(sends_a_large_body_unasked),
        FAULT_TEST(takes_an_answer_that_comes_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
