/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that no Okta gives: compressed texts that nothing can vouch for, and headers with bytes that no
 * terminal should see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

#define USERS "/api/v1/users"

/* gzip without the checksum and length at its end, and no byte of it zero: bits behind the last block are
 * free. */
#define GZIP_HEAD "\x1f\x8b\x08\x01\x01\x01\x01\x01\x02\x03"
#define HELLO     GZIP_HEAD "\xcb\x48\xcd\xc9\xc9\x07\xfc" /* hello */
#define EMPTY     GZIP_HEAD "\xab\xae\x05\xfc"             /* {} */
#define CUT       GZIP_HEAD "\xcb\x48\xcd\xc9"             /* the beginning of hello */

static okta_call *call_with(const api_world *world, const char *method)
{
    return okta_request_call(world->client, method, USERS, NULL);
}

static void answer(api_world *world, const char *type, const char *body, const char *const *headers)
{
    api_fault(world, (mock_fault){.status = 200, .content_type = type, .body = body, .headers = headers});
}

/* A raw request takes any text, but not one that may have lost its end. */
static void a_compressed_text_must_be_json(void **state)
{
    static const char *const gzip[] = {"Content-Encoding: gzip", NULL};
    static const struct {
        const char *type;
        const char *body;
        const char *text; /* what it is refused for; NULL: it is taken */
    } cases[] = {
        {"text/plain", HELLO, "cannot be checked"},
        {"text/html", HELLO, "an HTML page, not from Okta"},
        {"application/octet-stream", EMPTY, "cannot be checked"},
        {"text/plain", CUT, "cannot be checked"},
        {"application/json", HELLO, "not valid"},
        {"application/json", CUT, "not valid"},
        {"application/json", EMPTY, NULL},
        {"application/json", "{}", ""}, /* announced, but not compressed */
        {"text/plain", "hello", ""},
        {"text/plain", "\x1f\x8b\x08", ""},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int write = 0; write <= 1; write++) {
            okta_status status = write == 1 ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_PROTOCOL;
            okta_call *call = call_with(world, write == 1 ? "POST" : "GET");
            api_forget(world);
            answer(world, cases[i].type, cases[i].body, gzip);
            okta_error *error = okta_call_run(call);
            if (cases[i].text == NULL) {
                api_expect_success(cases[i].type, error);
                api_expect_text(cases[i].type, "the body", okta_call_body(call, NULL), "{}");
            } else {
                api_expect_number(cases[i].type, "attempts", okta_error_attempts(error), 1);
                api_expect_number(cases[i].type, "retryable", okta_error_is_retryable(error), false);
                api_expect_refusal(cases[i].type, error, status, cases[i].text);
            }
            okta_free(call);
            api_expect_requests(cases[i].type, world, 1);
        }
    }
}

/* 206 answers a Range (RFC 9110, section 15.3.7), which no call asks for. Like any 2xx that is not Okta's it
 * says of a write that it may have happened, and of a read nothing. */
static void a_partial_answer_leaves_a_write_open(void **state)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    static const char *const bodies[] = {"", "{}", "<!DOCTYPE html><html></html>"};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(methods) * COUNT(bodies); i++) {
        const char *method = methods[i % COUNT(methods)];
        const char *body = bodies[i / COUNT(methods)];
        bool read = strcmp(method, "GET") == 0;
        bool once = strcmp(method, "POST") == 0 || strcmp(method, "PATCH") == 0;
        okta_call *call = call_with(world, method);
        api_forget(world);
        api_fault(world, (mock_fault){.status = 206, .content_type = "application/json", .body = body});
        okta_error *error = okta_call_run(call);
        api_expect_number(method, "HTTP status", okta_error_http_status(error), 206);
        api_expect_number(method, "retryable", okta_error_is_retryable(error), !read && !once);
        api_expect_refusal(method, error, read ? OKTA_E_PROTOCOL : OKTA_E_OUTCOME_UNKNOWN, "HTTP 206");
        okta_free(call);
        api_expect_requests(method, world, 1);
    }
}

/* Notes in the bool at `ctx` that an event has a request id. */
static void note_request_id(void *ctx, const okta_log_event *event)
{
    bool *seen = ctx;
    *seen = *seen || event->request_id != NULL;
    assert_null(strpbrk(event->message, "\x1b\x7f\n"));
}

static void a_strange_request_id_is_not_shown(void **state)
{
    static const struct {
        const char *line;
        const char *shown;
    } cases[] = {
        {"X-Okta-Request-Id: abc-~!", "abc-~!"},
        {"X-Okta-Request-Id: a\x1b[31mb", NULL},
        {"X-Okta-Request-Id: a\x01"
         "b",
         NULL},
        {"X-Okta-Request-Id: a\x7f", NULL},
        {"X-Okta-Request-Id: a\tb", NULL},
        {"X-Okta-Request-Id: a b", NULL},
        {"X-Okta-Request-Id: a\xc2\x9b", NULL},
        {"X-Okta-Request-Id: \xc3\xa9", NULL},
        {"X-Okta-Request-Id: a\xff", NULL},
    };
    api_world *world = *state;
    bool seen = false;
    okta_client_options options = api_options(world);
    options.log = note_request_id;
    options.log_level = OKTA_LOG_DEBUG;
    options.log_ctx = &seen;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *const headers[] = {cases[i].line, NULL};
        api_world_renew(world, &options);
        seen = false;
        api_fault(world, (mock_fault){.status = 404, .headers = headers});
        okta_call *call = call_with(world, "GET");
        okta_error *error = okta_call_run(call);
        assert_int_equal(okta_error_status(error), OKTA_E_NOT_FOUND);
        api_expect_text(cases[i].line, "the error's id", okta_error_request_id(error), cases[i].shown);
        api_expect_text(cases[i].line, "the call's id", okta_call_request_id(call), cases[i].shown);
        api_expect_number(cases[i].line, "whether the log has it", seen, cases[i].shown != NULL);
        okta_free(error);
        okta_free(call);
    }
}

/* What a challenge tells comes as bytes, in no encoding that is said. */
static void texts_of_a_challenge_are_one_line_of_utf_8(void **state)
{
    static const struct {
        const char *code;
        const char *summary;
        const char *shown_code;
        const char *shown_summary;
    } cases[] = {
        {"e1", "plain ~", "e1", "plain ~"},
        {"e\xc3\xa9", "\xe2\x82\xac \xf0\x9f\x98\x80", "e\xc3\xa9", "\xe2\x82\xac \xf0\x9f\x98\x80"},
        {"e\xff", "a\xc3", "e ", "a "},
        {"\xc0\xaf", "\xed\xa0\x80|\xf4\x90\x80\x80|\xf8", "  ", "   |    | "},
        {"a\xc2\x9b"
         "b",
         "\xc2\x80\xc2\x9f\xc2\xa0", "a  b", "    \xc2\xa0"},
        {"a\x1b[31m", "\x01\x02\x7f|\x1f", "a [31m", "   | "},
        {"a\tb", "\xe2\x82\"", "a b", "  "},
        {"\xa9", "na\xefve", " ", "na ve"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char line[256];
        char message[256];
        const char *const headers[] = {line, NULL};
        okta_oauth2_client_jwk *key = NULL;
        snprintf(line, sizeof line, "WWW-Authenticate: Bearer error=\"%s\", error_description=\"%s\"",
                 cases[i].code, cases[i].summary);
        snprintf(message, sizeof message, "getJwk: HTTP 403 %s: %s", cases[i].shown_code,
                 cases[i].shown_summary);
        api_fault(world, (mock_fault){.status = 403, .body = "", .headers = headers});
        okta_error *error = okta_get_jwk(world->client, API_APP, API_KEY, &key);
        assert_int_equal(okta_error_status(error), OKTA_E_FORBIDDEN);
        assert_string_equal(okta_error_code(error), cases[i].shown_code);
        assert_string_equal(okta_error_summary(error), cases[i].shown_summary);
        assert_string_equal(okta_error_message(error), message);
        okta_free(error);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_compressed_text_must_be_json),
        TEST(a_partial_answer_leaves_a_write_open),
        TEST(a_strange_request_id_is_not_shown),
        TEST(texts_of_a_challenge_are_one_line_of_utf_8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
