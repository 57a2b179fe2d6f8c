/* SPDX-License-Identifier: Apache-2.0 */
/* The call object: its settings, and what it tells after the answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

static void refuses_settings_out_of_range(void **state)
{
    static const int64_t times[] = {0, -1, INT64_MIN, 86400001, INT64_MAX};
    static const unsigned retries[] = {21, UINT32_MAX};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(times); i++) {
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        okta_call_set_timeout_ms(call, times[i]);
        okta_call_set_timeout_ms(call, 1000);
        api_expect_refusal("timeout_ms", okta_call_run(call), OKTA_E_ARG,
                           "timeout_ms must be 1 to 86,400,000");
        okta_free(call);
    }
    for (size_t i = 0; i < COUNT(retries); i++) {
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        okta_call_set_max_retries(call, retries[i]);
        api_expect_refusal("max_retries", okta_call_run(call), OKTA_E_ARG, "max_retries must be 0 to 20");
        okta_free(call);
    }
    api_expect_requests("all", world, 0);
}

static void the_first_problem_is_told(void **state)
{
    api_world *world = *state;
    okta_call *call = okta_list_jwk_call(world->client, "..");
    okta_call_set_timeout_ms(call, 0);
    okta_call_add_header(call, "Host", "evil.example");
    api_expect_refusal("listJwk", okta_call_run(call), OKTA_E_ARG,
                       "listJwk: appId must not be a dot segment");
    api_expect_refusal("listJwk", okta_call_run(call), OKTA_E_ARG, "a call runs once");
    okta_free(call);
    api_expect_requests("all", world, 0);
}

/* As the server's refusals do. */
static void what_is_refused_about_arguments_names_the_operation(void **state)
{
    api_world *world = *state;
    const okta_oauth2_client_jwk_request empty = {.model = OKTA_INIT(okta_oauth2_client_jwk_request)};
    okta_call *calls[] = {
        okta_list_jwk_call(world->client, "a b"),
        okta_get_jwk_call(world->client, API_APP, "x/y"),
        okta_add_jwk_call(world->client, API_APP, &empty),
        okta_add_jwk_call(world->client, API_APP, NULL),
        okta_request_call(world->client, "GET", "/a b", NULL),
    };
    static const char *const says[COUNT(calls)] = {
        "listJwk: appId has a character that an id cannot have: a space at byte 2",
        "getJwk: keyId has a character that an id cannot have: '/' at byte 2",
        "addJwk: member \"kty\" is missing: Okta wants RSA or EC",
        "addJwk: OAuth2ClientJsonWebKey must not be NULL",
        "path has a fragment or a character that a URL cannot have: a space at byte 3",
    };
    for (size_t i = 0; i < COUNT(calls); i++) {
        okta_error *error = okta_call_run(calls[i]);
        assert_int_equal(okta_error_status(error), OKTA_E_ARG);
        if (strncmp(okta_error_message(error), says[i], strlen(says[i])) != 0) {
            fail_msg("\"%s\" instead of \"%s\"", okta_error_message(error), says[i]);
        }
        okta_free(error);
        okta_free(calls[i]);
    }
    api_expect_requests("all", world, 0);
}

static void a_call_that_never_runs_is_released(void **state)
{
    api_world *world = *state;
    okta_free(okta_list_jwk_call(world->client, API_APP));
    okta_free(okta_list_jwk_call(world->client, ".."));
    okta_free(okta_list_jwk_call(NULL, NULL));
    okta_free(okta_request_call(NULL, NULL, NULL, NULL));
    api_expect_requests("all", world, 0);
}

static const struct {
    const char *name;
    const char *value;
    const char *part;
} refused_headers[] = {
    {NULL, "a", "needs a name and a value"},
    {"X-A", NULL, "needs a name and a value"},
    {"", "a", "has a name"},
    {"X A", "a", "has a name"},
    {"X-A:", "a", "has a name"},
    {":", "a", "has a name"},
    {"X-A\r\nX-Evil", "a", "has a name"},
    {"X-\xc3\xa9", "a", "has a name"},
    {"X(A)", "a", "has a name"},
    {"Accept", "text/html", "sets itself"},
    {"accept-encoding", "br", "sets itself"},
    {"AUTHORIZATION", "Bearer x", "sets itself"},
    {"Connection", "close", "sets itself"},
    {"Content-Length", "7", "sets itself"},
    {"content-type", "text/plain", "sets itself"},
    {"DPoP", "x", "sets itself"},
    {"Expect", "100-continue", "sets itself"},
    {"Host", "evil.example", "sets itself"},
    {"Transfer-Encoding", "chunked", "sets itself"},
    {"User-Agent", "x", "sets itself"},
    {"X-Okta-Retry-Count", "9", "sets itself"},
    {"x-okta-retry-for", "x", "sets itself"},
    {"X-A", "a\r\nX-Evil: 1", "has a value"},
    {"X-A", "a\n", "has a value"},
    {"X-A", "\x01", "has a value"},
    {"X-A", "a\x7f", "has a value"},
    {"X-A", "\xc3\xa9", "has a value"},
};

static void refuses_headers(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(refused_headers); i++) {
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        okta_call_add_header(call, refused_headers[i].name, refused_headers[i].value);
        const char *label = refused_headers[i].name == NULL ? "NULL" : refused_headers[i].name;
        api_expect_refusal(label, okta_call_run(call), OKTA_E_ARG, refused_headers[i].part);
        okta_free(call);
    }
    api_expect_requests("all", world, 0);
}

static void sends_added_headers(void **state)
{
    static const struct {
        const char *name;
        const char *value;
        const char *arrives;
    } headers[] = {
        {"X-One", "1", "X-One: 1"},
        {"X-One", "2", "X-One: 2"},
        {"X-Empty", "", "X-Empty: "},
        {"X-Marks", "a; b=\"c\", d: ~!", "X-Marks: a; b=\"c\", d: ~!"},
        {"X-Tab", "a\tb c", "X-Tab: a\tb c"},
        {"If-Match", "W/\"7\"", "If-Match: W/\"7\""},
        {"!#$%&'*+-.^_`|~09azAZ", "odd", "!#$%&'*+-.^_`|~09azAZ: odd"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        okta_call *call = operation->call(world->client, operation->ids);
        char value[16];
        for (size_t j = 0; j < COUNT(headers); j++) {
            /* copied: the buffers are used again */
            snprintf(value, sizeof value, "%s", headers[j].value);
            okta_call_add_header(call, headers[j].name, value);
        }
        memset(value, 'x', sizeof value);
        api_forget(world);
        api_queue_good_answer(world, operation);
        api_expect_success(operation->name, okta_call_run(call));
        okta_free(call);
        const mock_request *request = mock_org_request_at(world->org, operation->looks_before);
        size_t next = 0;
        for (size_t j = 0; request->headers[j] != NULL && next < COUNT(headers); j++) {
            next += strcmp(request->headers[j], headers[next].arrives) == 0;
        }
        api_expect_number(operation->name, "headers that arrived", (int64_t)next, COUNT(headers));
        api_expect_requests(operation->name, world, operation->looks_before + 1);
    }
}

static void takes_32_added_headers(void **state)
{
    api_world *world = *state;
    for (unsigned count = 32; count <= 33; count++) {
        okta_call *call = okta_add_jwk_call(world->client, API_APP, &api_jwk_request);
        char name[16];
        for (unsigned i = 0; i < count; i++) {
            snprintf(name, sizeof name, "X-%u", i);
            okta_call_add_header(call, name, name);
        }
        api_forget(world);
        if (count > 32) {
            api_expect_refusal("33", okta_call_run(call), OKTA_E_ARG, "one too many");
            api_expect_requests("33", world, 0);
        } else {
            /* with all the library's own lines on top, also those of a retry */
            api_fault(world, (mock_fault){.status = 429,
                                          .headers = (const char *const[]){"X-Rate-Limit-Reset:", NULL}});
            api_expect_success("32", okta_call_run(call));
            api_expect_header("32", world, 1, "X-0", "X-0");
            api_expect_header("32", world, 1, "X-31", "X-31");
            api_expect_header("32", world, 1, "X-Okta-Retry-Count", "1");
            api_expect_header("32", world, 1, "Content-Type", "application/json");
        }
        okta_free(call);
    }
}

static void tells_the_headers_of_the_last_answer(void **state)
{
    static const char *const first[] = {"X-Okta-Request-Id: first", "X-Only-First: 1", NULL};
    static const char *const second[] = {"X-Okta-Request-Id: second", "X-Many: one", "x-many: two, three",
                                         "X-Many:  \tfour\t ", NULL};
    api_world *world = *state;
    okta_call *call = okta_list_jwk_call(world->client, API_APP);
    assert_int_equal(okta_call_http_status(call), 0);
    assert_int_equal(okta_call_attempts(call), 0);
    assert_null(okta_call_request_id(call));
    assert_null(okta_call_header(call, "X-Many", 0));
    assert_null(okta_call_body(call, NULL));
    assert_false(okta_call_rate_limit(call).limit.has);
    api_fault(world, (mock_fault){.status = 503, .headers = first});
    api_fault(world, (mock_fault){.status = 200, .headers = second, .body = "[]"});
    api_expect_success("listJwk", okta_call_run(call));
    assert_int_equal(okta_call_http_status(call), 200);
    assert_int_equal(okta_call_attempts(call), 2);
    assert_false(okta_call_was_reconciled(call));
    assert_string_equal(okta_call_request_id(call), "second");
    assert_string_equal(okta_call_header(call, "X-MANY", 0), "one");
    assert_string_equal(okta_call_header(call, "x-many", 1), "two, three");
    assert_string_equal(okta_call_header(call, "X-Many", 2), "four");
    assert_null(okta_call_header(call, "X-Many", 3));
    assert_null(okta_call_header(call, "X-Many", SIZE_MAX));
    assert_null(okta_call_header(call, "X-Man", 0));
    assert_null(okta_call_header(call, "X-Many2", 0));
    assert_null(okta_call_header(call, "", 0));
    assert_null(okta_call_header(call, NULL, 0));
    assert_null(okta_call_header(call, "X-Only-First", 0));
    assert_string_equal(okta_call_header(call, "Content-Type", 0), "application/json");
    okta_free(call);
}

static void accessors_take_null(void **state)
{
    (void)state;
    size_t length = 77;
    assert_int_equal(okta_call_http_status(NULL), 0);
    assert_int_equal(okta_call_attempts(NULL), 0);
    assert_false(okta_call_was_reconciled(NULL));
    assert_null(okta_call_request_id(NULL));
    assert_null(okta_call_header(NULL, "Date", 0));
    assert_null(okta_call_body(NULL, &length));
    assert_int_equal(length, 0);
    assert_false(okta_call_rate_limit(NULL).limit.has);
    okta_call_set_timeout_ms(NULL, 1);
    okta_call_set_max_retries(NULL, 1);
    okta_call_add_header(NULL, "X-A", "a");
    okta_call_cancel(NULL);
    (void)state;
    assert_null(OKTA_TAKE(NULL, okta_oauth2_client_jwk));
    api_expect_refusal("run", okta_call_run(NULL), OKTA_E_NOMEM, "out of memory");
}

static void tells_the_rate_limit(void **state)
{
#define SOME(number)                                                                                         \
    {                                                                                                        \
        true, number                                                                                         \
    }
#define NONE                                                                                                 \
    {                                                                                                        \
        false, 0                                                                                             \
    }
    static const struct {
        const char *headers[8];
        okta_rate_limit expected;
    } cases[] = {
        {{NULL}, {SOME(10000), SOME(9999), SOME(API_NOW_S + 60), SOME(API_NOW_S)}},
        {{"X-Rate-Limit-Limit: 600", "X-Rate-Limit-Remaining: 0", "X-Rate-Limit-Reset: 1750000007"},
         {SOME(600), SOME(0), SOME(1750000007), SOME(API_NOW_S)}},
        {{"X-Rate-Limit-Limit: 0", "X-Rate-Limit-Remaining: 0"},
         {SOME(0), SOME(0), SOME(API_NOW_S + 60), SOME(API_NOW_S)}},
        {{"X-Rate-Limit-Limit:", "X-Rate-Limit-Remaining:", "X-Rate-Limit-Reset:", "Date:"},
         {NONE, NONE, NONE, NONE}},
        {{"X-Rate-Limit-Limit: many", "X-Rate-Limit-Remaining: -1", "X-Rate-Limit-Reset: 1e9", "Date: today"},
         {NONE, NONE, NONE, NONE}},
        {{"X-Rate-Limit-Limit: 99999999999999999999", "X-Rate-Limit-Remaining: 0x1", "X-Rate-Limit-Reset: 0"},
         {NONE, NONE, NONE, SOME(API_NOW_S)}},
        {{"X-Rate-Limit-Remaining: 7", "X-Rate-Limit-Remaining: 5", "X-Rate-Limit-Reset: 1750000001",
          "X-Rate-Limit-Reset: 1750000009"},
         {SOME(10000), SOME(5), SOME(1750000009), SOME(API_NOW_S)}},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const okta_rate_limit *expected = &cases[i].expected;
        /* Each with a client of its own: none waits for a limit that was used up before. */
        api_world_renew(world, NULL);
        /* added to an answer that the mock processes */
        api_fault(world, (mock_fault){.headers = cases[i].headers});
        okta_call *call = okta_request_call(world->client, "GET", "/api/v1/users", NULL);
        api_expect_success("users", okta_call_run(call));
        okta_rate_limit rate = okta_call_rate_limit(call);
        okta_free(call);
        if (i == 0) {
            assert_int_equal(rate.remaining.value, expected->remaining.value);
        }
        assert_int_equal(rate.limit.has, expected->limit.has);
        assert_int_equal(rate.limit.value, expected->limit.value);
        assert_int_equal(rate.remaining.has, expected->remaining.has);
        assert_true(i == 0 || !rate.remaining.has || rate.remaining.value <= expected->remaining.value);
        assert_int_equal(rate.reset.has, expected->reset.has);
        assert_int_equal(rate.reset.value, expected->reset.value);
        assert_int_equal(rate.date.has, expected->date.has);
        assert_int_equal(rate.date.value, expected->date.value);
        api_expect_waits("users", world, NULL, 0);
    }
#undef SOME
#undef NONE
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(refuses_settings_out_of_range),
        TEST(the_first_problem_is_told),
        TEST(what_is_refused_about_arguments_names_the_operation),
        TEST(a_call_that_never_runs_is_released),
        TEST(refuses_headers),
        TEST(sends_added_headers),
        TEST(takes_32_added_headers),
        TEST(tells_the_headers_of_the_last_answer),
        cmocka_unit_test(accessors_take_null),
        TEST(tells_the_rate_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
