/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that a rate limit holds back before they are sent, and what the options make of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/key_calls.h"
#include "api/operations.h"
#include "api/runner.h"
#include "client/client.h"
#include "okta/config.h"

#define LONG_MS 600000
#define KEYS    "/api/v1/apps/" API_APP "/credentials/jwks"

/* The windows of the mock last 60 s; one second more is for the fractions that its clock does not show. */
#define RESET_MS  61000
#define SPREAD_MS 5000 /* the half of the chance */

static void begin(api_world *world, unsigned limit, const okta_client_options *options)
{
    api_world_start(world, &(mock_org_options){.rate_limit = limit}, options);
}

static void use_up(const api_world *world, unsigned calls)
{
    for (unsigned i = 0; i < calls; i++) {
        api_expect_success("a call within the limit", list_keys(world, LONG_MS));
    }
}

static void waits_for_the_reset_before_it_is_sent(void **state)
{
    static const struct {
        uint32_t random;
        int64_t wait_ms;
    } cases[] = {{0, RESET_MS}, {UINT32_C(1) << 31, RESET_MS + SPREAD_MS}, {UINT32_MAX, RESET_MS + 9999}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world world;
        begin(&world, 3, NULL);
        world.clock.random = cases[i].random;
        use_up(&world, 3);
        api_expect_waits("within the limit", &world, NULL, 0);
        use_up(&world, 3);
        /* No 429 ever came: each request was answered with its list. */
        api_expect_waits("beyond the limit", &world, &cases[i].wait_ms, 1);
        api_expect_requests("all", &world, 6);
        for (size_t j = 0; j < 6; j++) {
            api_expect_request("all", &world, j, "GET", KEYS, "");
            api_expect_header("all", &world, j, "X-Okta-Retry-Count", NULL);
        }
        api_world_stop(&world);
    }
}

static void goes_on_without_a_wait_when_the_reset_has_passed(void **state)
{
    (void)state;
    api_world world;
    begin(&world, 3, NULL);
    use_up(&world, 3);
    world.clock.now_ms += RESET_MS;
    mock_org_set_now(world.org, API_NOW_S + RESET_MS / 1000);
    use_up(&world, 3);
    api_expect_waits("behind the reset", &world, NULL, 0);
    api_expect_requests("all", &world, 6);
    api_world_stop(&world);
}

/* What the deadline leaves behind the reset: nothing, a second for the request, and then for chance. */
static void the_deadline_decides_whether_it_waits(void **state)
{
    static const struct {
        int64_t timeout_ms;
        int64_t wait_ms; /* 0: it does not */
    } cases[] = {{1, 0},
                 {60000, 0},
                 {RESET_MS, 0},
                 {RESET_MS + 1000, RESET_MS},
                 {RESET_MS + 4000, RESET_MS + 1500},
                 {RESET_MS + 10000, RESET_MS + 4500},
                 {RESET_MS + 11000, RESET_MS + SPREAD_MS}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world world;
        bool waits = cases[i].wait_ms > 0;
        begin(&world, 1, NULL);
        use_up(&world, 1);
        okta_error *error = list_keys(&world, cases[i].timeout_ms);
        api_expect_waits("beyond the limit", &world, &cases[i].wait_ms, waits);
        api_expect_requests("all", &world, 1 + waits);
        if (waits) {
            api_expect_success("beyond the limit", error);
        } else {
            const api_expected expected = {
                .status = OKTA_E_RATE_LIMITED, .retryable = true, .retry_after_ms = RESET_MS};
            assert_int_equal(okta_error_retry_at(error), API_NOW_S + 60);
            assert_non_null(strstr(okta_error_message(error), "listJwk: "));
            assert_non_null(strstr(okta_error_message(error), "the request was not sent"));
            api_expect_error("beyond the limit", error, &expected);
        }
        api_world_stop(&world);
    }
}

static void says(const char *label, const api_world *world, int64_t timeout_ms, const char *limit)
{
    char message[256];
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error =
        timeout_ms == 0 ? okta_list_jwk(world->client, API_APP, &keys) : list_keys(world, timeout_ms);
    assert_null(keys);
    snprintf(message, sizeof message,
             "listJwk: the rate limit does not clear before the deadline (%s; the limit clears in 61 s); the "
             "request was not sent",
             limit);
    api_expect_text(label, "message", okta_error_message(error), message);
    okta_free(error);
}

static void names_the_limit_that_is_too_short(void **state)
{
    (void)state;
    api_world world;
    okta_client_options *loaded = NULL;
    begin(&world, 1, NULL);
    use_up(&world, 1);
    says("the default", &world, 0, "timeout_ms 60,000 ms");
    says("of the call", &world, 20000, "timeout_ms 20,000 ms");

    okta_client_options code = api_options(&world);
    assert_int_equal(setenv("HOME", "/nonexistent", 1), 0);
    assert_int_equal(setenv("OKTA_CLIENT_REQUESTTIMEOUT", "30", 1), 0);
    api_expect_success("load", okta_client_options_load(&code, &loaded));
    assert_int_equal(unsetenv("OKTA_CLIENT_REQUESTTIMEOUT"), 0);
    api_world_renew(&world, loaded);
    okta_free(loaded);
    world.clock.now_ms += RESET_MS;
    mock_org_set_now(world.org, API_NOW_S + RESET_MS / 1000);
    use_up(&world, 1);
    says("a variable", &world, 0, "timeout_ms 30,000 ms, as OKTA_CLIENT_REQUESTTIMEOUT says");
    says("of the call", &world, 20000, "timeout_ms 20,000 ms");
    api_world_stop(&world);
}

/* Only time by the org's clock is told: the machine's may be anywhere. */
static void tells_when_to_come_back_by_the_orgs_clock(void **state)
{
    static const int64_t skews_ms[] = {-86400000, 86400000};
    (void)state;
    for (size_t i = 0; i < COUNT(skews_ms); i++) {
        api_world world;
        begin(&world, 1, NULL);
        world.clock.wall_skew_ms = skews_ms[i];
        use_up(&world, 1);
        world.clock.now_ms += 20500;
        okta_error *error = list_keys(&world, 30000);
        assert_int_equal(okta_error_retry_after_ms(error), RESET_MS - 20500);
        assert_int_equal(okta_error_retry_at(error), API_NOW_S + 60);
        api_expect_refusal("listJwk", error, OKTA_E_RATE_LIMITED, "the request was not sent");
        api_expect_waits("listJwk", &world, NULL, 0);
        api_world_stop(&world);
    }
}

/* A good answer out of a cache: no call left, and a Date of half a day ago. */
static void an_old_date_does_not_close_an_endpoint(void **state)
{
    static const char *const old[] = {"X-Rate-Limit-Limit: 600", "X-Rate-Limit-Remaining: 0",
                                      "X-Rate-Limit-Reset: 1750000060", "Date: Sun, 15 Jun 2025 03:06:40 GMT",
                                      NULL};
    static const char *const far_away[] = {"X-Rate-Limit-Limit: 600", "X-Rate-Limit-Remaining: 0",
                                           "X-Rate-Limit-Reset: 1750003600",
                                           "Date: Sun, 15 Jun 2025 15:06:40 GMT", NULL};
    const char *const *const answers[] = {old, far_away};
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        api_world world;
        begin(&world, 600, NULL);
        api_fault(&world, (mock_fault){.status = 200, .body = "[]", .headers = answers[i]});
        api_expect_success("the bad answer", list_keys(&world, 60000));
        okta_error *error = list_keys(&world, 30000);
        api_expect_number("at once", "retry after", okta_error_retry_after_ms(error), RESET_MS);
        api_expect_refusal("at once", error, OKTA_E_RATE_LIMITED, "the request was not sent");
        world.clock.now_ms += RESET_MS;
        mock_org_set_now(world.org, API_NOW_S + RESET_MS / 1000);
        api_expect_success("a minute later", list_keys(&world, 30000));
        api_expect_success("and on", list_keys(&world, 30000));
        api_expect_requests("all", &world, 3);
        api_expect_waits("all", &world, NULL, 0);
        api_world_stop(&world);
    }
}

/* An answer as the table has it, that leaves so many calls. */
static void answer_with(api_world *world, const api_operation *operation, unsigned remaining)
{
    char text[64];
    const char *const headers[] = {"X-Rate-Limit-Limit: 100", text, "X-Rate-Limit-Reset: 1750000060", NULL};
    snprintf(text, sizeof text, "X-Rate-Limit-Remaining: %u", remaining);
    for (unsigned i = 0; i < operation->looks_before; i++) {
        static const char *const silent[] = {"X-Rate-Limit-Limit:", NULL};
        api_fault(world, (mock_fault){.method = "GET", .status = 200, .body = "[]", .headers = silent});
    }
    api_fault(world, (mock_fault){.method = operation->method,
                                  .status = operation->good_status,
                                  .headers = headers,
                                  .body = operation->answer[0] == '\0' ? NULL : operation->answer});
}

static void holds_every_operation_back(void **state)
{
    api_world *world = *state;
    for (unsigned i = 0; i <= API_OPERATION_COUNT; i++) {
        /* The last is the first once more, and uses the limit up for all. */
        const api_operation *operation = &api_operations[i % API_OPERATION_COUNT];
        void *out = NULL;
        answer_with(world, operation, i < API_OPERATION_COUNT ? 50 - i : 0);
        api_expect_success(operation->name, operation->run(world->client, operation->ids, &out));
        okta_free(out);
    }
    api_forget(world);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (api_form form = API_FUNCTION; form < API_FORMS; form++) {
            void *out = operation->type == NULL ? NULL : world;
            okta_error *error = api_run(operation, form, world->client, operation->ids, &out);
            const api_expected expected = {
                .status = OKTA_E_RATE_LIMITED, .retryable = true, .retry_after_ms = RESET_MS};
            api_expect_error(operation->name, error, &expected);
            assert_null(out);
        }
    }
    okta_call *call = okta_request_call(world->client, "GET", KEYS "?limit=1", NULL);
    api_expect_refusal("a raw call", okta_call_run(call), OKTA_E_RATE_LIMITED, "the request was not sent");
    okta_free(call);
    api_expect_requests("all", world, 0);
    api_expect_waits("all", world, NULL, 0);
}

/* The bucket of both was learnt from their first answers. */
static void waits_for_what_another_operation_used_up(void **state)
{
    static const int64_t waits[] = {RESET_MS + SPREAD_MS};
    (void)state;
    api_world world;
    okta_oauth2_client_secret_list *list = NULL;
    begin(&world, 4, NULL);
    api_expect_success("secrets", okta_list_oauth2_client_secrets(world.client, API_APP, &list));
    okta_free(list);
    use_up(&world, 3);
    okta_error *error = okta_list_oauth2_client_secrets(world.client, API_APP, &list);
    api_expect_refusal("secrets", error, OKTA_E_RATE_LIMITED, "the request was not sent");
    api_expect_requests("all", &world, 4);
    okta_call *call = okta_list_oauth2_client_secrets_call(world.client, API_APP);
    okta_call_set_timeout_ms(call, LONG_MS);
    api_expect_success("secrets", okta_call_run(call));
    okta_free(call);
    api_expect_requests("all", &world, 5);
    api_expect_waits("all", &world, waits, 1);
    api_world_stop(&world);
}

static const char *const full[] = {"X-Rate-Limit-Limit: 100", "X-Rate-Limit-Remaining: 0",
                                   "X-Rate-Limit-Reset: 1750000020", NULL};

static void a_refusal_holds_the_next_call_back(void **state)
{
    static const int64_t waits[] = {21000 + SPREAD_MS};
    api_world *world = *state;
    api_fault(world, (mock_fault){.status = 429, .headers = full});
    okta_call *call = okta_list_jwk_call(world->client, API_APP);
    okta_call_set_max_retries(call, 0);
    okta_error *error = okta_call_run(call);
    assert_int_equal(okta_error_http_status(error), 429);
    assert_int_equal(okta_error_attempts(error), 1);
    api_expect_refusal("the first", error, OKTA_E_RATE_LIMITED, "E0000047");
    okta_free(call);
    api_expect_waits("the first", world, NULL, 0);
    api_expect_success("the second", list_keys(world, LONG_MS));
    api_expect_waits("the second", world, waits, 1);
    api_expect_requests("both", world, 2);
}

static void uses_no_more_of_a_limit_than_it_may(void **state)
{
    static const struct {
        unsigned percent;
        unsigned reserve;
        unsigned calls; /* of ten */
    } cases[] = {{0, 0, 10}, {100, 0, 10}, {50, 0, 5},  {51, 0, 5},   {99, 0, 9}, {1, 0, 1},
                 {0, 1, 9},  {0, 7, 3},    {100, 9, 1}, {0, 1000, 1}, {50, 7, 3}, {30, 5, 3}};
    static const int64_t waits[] = {RESET_MS + SPREAD_MS};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world world;
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.rate_limit_percent = cases[i].percent;
        options.rate_limit_reserve = cases[i].reserve;
        begin(&world, 10, &options);
        use_up(&world, cases[i].calls);
        api_expect_waits("within what it may use", &world, NULL, 0);
        okta_error *error = list_keys(&world, 60000);
        assert_int_equal(okta_error_attempts(error), 0);
        api_expect_refusal("beyond", error, OKTA_E_RATE_LIMITED, "the request was not sent");
        use_up(&world, 1);
        api_expect_waits("beyond", &world, waits, 1);
        api_expect_requests("all", &world, cases[i].calls + 1);
        api_world_stop(&world);
    }
}

/* Calls go at once, and wait when they are refused. */
static void sends_at_once_without_pacing(void **state)
{
    static const int64_t waits[] = {RESET_MS + SPREAD_MS};
    (void)state;
    api_world world;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.pacing = OKTA_PACING_OFF;
    options.rate_limit_percent = 50;
    options.rate_limit_reserve = 2;
    begin(&world, 3, &options);
    use_up(&world, 3);
    okta_error *error = list_keys(&world, 60000);
    assert_int_equal(okta_error_http_status(error), 429);
    assert_int_equal(okta_error_attempts(error), 1);
    assert_int_equal(okta_error_retry_after_ms(error), RESET_MS + SPREAD_MS);
    assert_int_equal(okta_error_retry_at(error), API_NOW_S + 60);
    api_expect_refusal("beyond the limit", error, OKTA_E_RATE_LIMITED, "E0000047");
    api_expect_requests("all", &world, 4);
    api_expect_waits("all", &world, NULL, 0);
    api_expect_success("beyond the limit", list_keys(&world, LONG_MS));
    api_expect_requests("all", &world, 6);
    api_expect_header("all", &world, 5, "X-Okta-Retry-Count", "1");
    api_expect_waits("all", &world, waits, 1);
    api_world_stop(&world);
}

/* The limit is used up, and an addJwk that goes out meanwhile may have happened. */
static void lose_an_addition(api_world *world)
{
    api_fault(world, (mock_fault){.status = 200, .headers = full, .body = "[]"});
    use_up(world, 1);
    api_forget(world);
    api_fault(world, (mock_fault){.method = "POST", .status = 503});
}

/* The look for a lost answer is a call like any other. */
static void a_look_waits_for_the_reset(void **state)
{
    static const int64_t waits[] = {21000 + SPREAD_MS};
    api_world *world = *state;
    const api_operation *add = &api_operations[1];
    lose_an_addition(world);
    api_queue_looks(world, add, 1, add->found);
    okta_call *call = okta_add_jwk_call(world->client, API_APP, &api_jwk_request);
    api_expect_success("addJwk", okta_call_run(call));
    assert_true(okta_call_was_reconciled(call));
    okta_free(call);
    api_expect_story("addJwk", world, add, "sl", NULL);
    api_expect_waits("addJwk", world, waits, 1);
}

/* ... and one for which the deadline leaves no time leaves the outcome unknown. */
static void a_look_that_would_come_too_late_is_not_waited_for(void **state)
{
    api_world *world = *state;
    const api_operation *add = &api_operations[1];
    lose_an_addition(world);
    okta_call *call = okta_add_jwk_call(world->client, API_APP, &api_jwk_request);
    okta_call_set_timeout_ms(call, 20000);
    api_expect_refusal("addJwk", okta_call_run(call), OKTA_E_OUTCOME_UNKNOWN, "kid \"kid-1\"");
    assert_null(OKTA_TAKE(call, okta_oauth2_client_jwk));
    okta_free(call);
    api_expect_story("addJwk", world, add, "s", NULL);
    api_expect_waits("addJwk", world, NULL, 0);
}

typedef struct heard {
    unsigned waits;
    int64_t wait_ms;
    char message[256];
} heard;

static void note_wait(void *ctx, const okta_log_event *event)
{
    heard *told = ctx;
    if (event->wait_ms > 0) {
        assert_int_equal(event->level, OKTA_LOG_INFO);
        told->waits++;
        told->wait_ms = event->wait_ms;
        snprintf(told->message, sizeof told->message, "%s", event->message);
    }
}

static void the_log_tells_of_the_wait(void **state)
{
    (void)state;
    api_world world;
    heard told = {0};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.log = note_wait;
    options.log_ctx = &told;
    options.log_level = OKTA_LOG_INFO;
    begin(&world, 1, &options);
    use_up(&world, 2);
    assert_int_equal(told.waits, 1);
    assert_int_equal(told.wait_ms, RESET_MS + SPREAD_MS);
    assert_string_equal(told.message, "listJwk: GET " KEYS ": the rate limit is used up; next in 66000 ms");
    api_world_stop(&world);
}

/* By the real clock: nobody waits for the reset. */
static void cancels_a_call_that_waits_for_a_reset(void **state)
{
    api_world *world = *state;
    telling_clock clock;
    telling_clock_begin(&clock);
    oktai_client_set_clock(world->client, &clock.clock);
    api_fault(world, (mock_fault){.status = 200, .headers = full, .body = "[]"});
    use_up(world, 1);
    runner self;
    runner_start(&self, okta_list_jwk_call(world->client, API_APP), &clock);
    telling_clock_await(&clock);
    cancel_waiting(world, &self, 1);
    telling_clock_end(&clock);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_for_the_reset_before_it_is_sent),
        cmocka_unit_test(goes_on_without_a_wait_when_the_reset_has_passed),
        cmocka_unit_test(the_deadline_decides_whether_it_waits),
        cmocka_unit_test(names_the_limit_that_is_too_short),
        cmocka_unit_test(tells_when_to_come_back_by_the_orgs_clock),
        cmocka_unit_test(an_old_date_does_not_close_an_endpoint),
        TEST(holds_every_operation_back),
        cmocka_unit_test(waits_for_what_another_operation_used_up),
        TEST(a_refusal_holds_the_next_call_back),
        cmocka_unit_test(uses_no_more_of_a_limit_than_it_may),
        cmocka_unit_test(sends_at_once_without_pacing),
        TEST(a_look_waits_for_the_reset),
        TEST(a_look_that_would_come_too_late_is_not_waited_for),
        cmocka_unit_test(the_log_tells_of_the_wait),
        TEST(cancels_a_call_that_waits_for_a_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
