/* SPDX-License-Identifier: Apache-2.0 */
/* Waits that last longer than they were asked to: nothing is sent behind the deadline. And answers that take
 * long to read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"
#include "client/call.h"

#define TIMEOUT_MS 60000

#define WAITS_MAX 2u

/* When the waits of a call end, by the world's clock. */
static int64_t wakes_at_ms[WAITS_MAX];

static void oversleep(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                      int64_t ms)
{
    api_clock *self = (api_clock *)(uintptr_t)clock;
    (void)wait;
    (void)object;
    assert_true(self->wait_count < WAITS_MAX);
    assert_true(self->now_ms + ms <= wakes_at_ms[self->wait_count]);
    self->now_ms = wakes_at_ms[self->wait_count];
    self->waits[self->wait_count++] = ms;
}

/* The waits of the next call end this long after its start. */
static void sleep_until(api_world *world, int64_t first_ms, int64_t second_ms)
{
    api_world_renew(world, NULL);
    api_forget(world);
    world->clock.clock.wait_ms = oversleep;
    wakes_at_ms[0] = world->clock.now_ms + first_ms;
    wakes_at_ms[1] = world->clock.now_ms + second_ms;
}

static const char *const no_reset[] = {"X-Rate-Limit-Reset:", NULL};

static const struct {
    const char *name;
    mock_fault fault;
    bool unsettled; /* the write may have happened */
    bool creates;   /* a create waits too: nothing happened */
    int http_status;
} answers[] = {
    {"503", {.status = 503}, true, false, 503},
    {"408", {.status = 408}, true, false, 408},
    {"a lost answer", {.drop_after = true}, true, false, 0},
    {"429", {.status = 429, .headers = no_reset}, false, true, 429},
};

/* One sending, and what is looked at ahead of it. */
static void expect_one_sending(const char *label, const api_world *world, const api_operation *operation)
{
    api_story story;
    api_lost_story(operation, 1, story);
    story[operation->looks_before + 1] = '\0';
    api_expect_story(label, world, operation, story, NULL);
}

static void wakes_too_late(api_world *world, const api_operation *operation, size_t answer, int64_t end_ms)
{
    const char *label = answers[answer].name;
    bool unknown = answers[answer].unsettled && operation->effect != API_READ;
    void *out = operation->type == NULL ? NULL : world;
    mock_fault fault = answers[answer].fault;
    fault.method = operation->method;
    sleep_until(world, end_ms, 0);
    api_fault(world, fault);
    okta_error *error = api_run(operation, API_FUNCTION, world->client, operation->ids, &out);
    assert_non_null(strstr(okta_error_message(error), "the deadline passed while waiting"));
    assert_null(out);
    const api_expected expected = {.status = unknown ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_TIMEOUT,
                                   .http_status = answers[answer].http_status,
                                   .attempts = 1,
                                   .retryable = true,
                                   .request_id = API_ANY,
                                   .body = API_ANY};
    api_expect_error(label, error, &expected);
    expect_one_sending(label, world, operation);
    api_expect_number(label, "waits", (int64_t)world->clock.wait_count, 1);
}

static const int64_t late_ms[] = {TIMEOUT_MS, TIMEOUT_MS + 1, 100 * (int64_t)TIMEOUT_MS};

static void sends_nothing_behind_the_deadline(void **state)
{
    for (size_t i = 0; i < API_OPERATION_COUNT * COUNT(answers); i++) {
        const api_operation *operation = &api_operations[i / COUNT(answers)];
        size_t answer = i % COUNT(answers);
        for (size_t k = 0; k < COUNT(late_ms); k++) {
            if (operation->effect != API_CREATE || answers[answer].creates) {
                wakes_too_late(*state, operation, answer, late_ms[k]);
            }
        }
    }
}

/* A create that is looked for: the wait between two looks lasts too long. */
static void looks_too_late(api_world *world, const api_operation *operation, size_t answer, int64_t end_ms)
{
    const char *label = answers[answer].name;
    void *out = world;
    mock_fault fault = answers[answer].fault;
    fault.method = operation->method;
    sleep_until(world, end_ms, 0);
    api_fault(world, fault);
    api_queue_looks(world, operation, 1, operation->absent);
    okta_error *error = api_run(operation, API_FUNCTION, world->client, operation->ids, &out);
    assert_null(out);
    const api_expected expected = {.status = OKTA_E_OUTCOME_UNKNOWN,
                                   .http_status = answers[answer].http_status,
                                   .attempts = 1,
                                   .request_id = API_ANY,
                                   .code = API_ANY,
                                   .summary = API_ANY,
                                   .id = API_ANY,
                                   .document = answers[answer].http_status != 0,
                                   .body = API_ANY};
    api_expect_error(label, error, &expected);
    api_expect_story(label, world, operation, "sl", NULL);
    api_expect_number(label, "waits", (int64_t)world->clock.wait_count, 1);
}

static void looks_for_nothing_behind_the_deadline(void **state)
{
    for (size_t i = 0; i < API_OPERATION_COUNT * COUNT(answers); i++) {
        const api_operation *operation = &api_operations[i / COUNT(answers)];
        size_t answer = i % COUNT(answers);
        for (size_t k = 0; k < COUNT(late_ms); k++) {
            if (operation->effect == API_CREATE && operation->looks_behind > 1 && answers[answer].unsettled) {
                api_world_stop(*state);
                api_world_start(*state, NULL, NULL);
                looks_too_late(*state, operation, answer, late_ms[k]);
            }
        }
    }
}

/* The look ahead of a repetition takes all of the time that was left. */
static void repeats_nothing_when_a_look_took_too_long(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = world;
        if (operation->effect != API_LIFECYCLE) {
            continue;
        }
        sleep_until(world, 1000, TIMEOUT_MS);
        api_fault(world, (mock_fault){.method = "POST", .status = 500});
        api_fault(world, (mock_fault){.method = "GET", .status = 503});
        okta_error *error = operation->run(world->client, operation->ids, &out);
        api_expect_number(operation->name, "attempts", okta_error_attempts(error), 1);
        api_expect_refusal(operation->name, error, OKTA_E_OUTCOME_UNKNOWN,
                           "the deadline passed before its turn came");
        assert_null(out);
        api_expect_story(operation->name, world, operation, "sl", NULL);
    }
}

/* A wait between looks that the deadline leaves no time for is not begun. */
static void waits_for_no_look_behind_the_deadline(void **state)
{
    static const struct {
        int64_t timeout_ms;
        const char *story;
        size_t waits;
    } cases[] = {{900, "sl", 0},          {1000, "sl", 0},         {1900, "sll", 1},
                 {6900, "slll", 2},       {7900, "sllllsl", 3},    {8900, "sllllsll", 4},
                 {13900, "sllllslll", 5}, {15000, "sllllsllll", 6}};
    static const int64_t waits[] = {1000, 2000, 4000, 1000, 2000, 4000};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world_renew(world, NULL);
        api_forget(world);
        bool twice = strchr(cases[i].story + 1, 's') != NULL;
        api_fault(world, (mock_fault){.method = "POST", .status = 500, .times = twice ? 2 : 1});
        okta_call *call = okta_add_jwk_call(world->client, API_APP, &api_jwk_request);
        okta_call_set_timeout_ms(call, cases[i].timeout_ms);
        okta_error *error = okta_call_run(call);
        okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
        api_expect_number(cases[i].story, "attempts", okta_error_attempts(error), 1 + twice);
        api_expect_refusal(cases[i].story, error, OKTA_E_OUTCOME_UNKNOWN, "kid \"kid-1\", thumbprint ");
        assert_null(key);
        okta_free(call);
        api_expect_story(cases[i].story, world, &api_operations[1], cases[i].story, API_ANY);
        api_expect_waits(cases[i].story, world, waits, cases[i].waits);
    }
}

static void sends_again_before_the_deadline(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = NULL;
        mock_fault fault = answers[3].fault;
        fault.method = operation->method;
        sleep_until(world, TIMEOUT_MS / 2, 0);
        api_fault(world, fault);
        api_queue_good_answer(world, operation);
        api_expect_success(operation->name, operation->run(world->client, operation->ids, &out));
        okta_free(out);
        api_expect_requests(operation->name, world, operation->looks_before + 2);
    }
}

/* What an attempt left open stays open, whatever the attempts behind it say. */
static void an_earlier_attempt_keeps_the_outcome_unknown(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        api_story story;
        void *out = NULL;
        if (operation->effect == API_CREATE) {
            continue;
        }
        sleep_until(world, 1000, TIMEOUT_MS);
        api_fault(world, (mock_fault){.method = operation->method, .drop_after = true});
        api_fault(world, (mock_fault){.method = operation->method, .status = 429, .headers = no_reset});
        api_queue_looks(world, operation, 1, operation->absent);
        okta_call *call = operation->call(world->client, operation->ids);
        okta_error *error = api_run_call(operation, call, &out);
        okta_status status = operation->effect == API_READ ? OKTA_E_TIMEOUT : OKTA_E_OUTCOME_UNKNOWN;
        api_expect_refusal(operation->name, error, status, "the deadline passed while waiting");
        api_expect_number(operation->name, "attempts", okta_call_attempts(call), 2);
        okta_free(call);
        api_ended_story(operation, 2, story);
        api_expect_story(operation->name, world, operation, story, NULL);
    }
}

/* A call ends at this look at the clock: by its deadline, or by a cancel where there is a call to cancel. */
static struct {
    unsigned looks;
    unsigned last;
    okta_call *call;
} ending;

static int64_t look_until_the_end(const oktai_clock *clock)
{
    api_clock *self = (api_clock *)(uintptr_t)clock;
    ending.looks++;
    if (ending.looks == ending.last && ending.call != NULL) {
        atomic_store(&ending.call->canceled, true);
    } else if (ending.looks == ending.last) {
        self->now_ms += TIMEOUT_MS;
    }
    return self->now_ms;
}

static void end_at_look(api_world *world, unsigned last)
{
    api_world_renew(world, NULL);
    api_forget(world);
    ending.looks = 0;
    ending.last = last;
    ending.call = NULL;
    world->clock.clock.now_ms = look_until_the_end;
}

/* The good answer of an operation with 20,000 members or elements more. Release it with free(). */
static char *long_answer(const api_operation *operation)
{
    enum { MORE = 20000 };
    size_t length = strlen(operation->answer);
    bool array = operation->answer[0] == '[';
    char *text = malloc(length + (size_t)MORE * 3 + 16);
    assert_non_null(text);
    memcpy(text, operation->answer, length - 1);
    char *at = text + length - 1;
    at += snprintf(at, 16, array ? ",1" : ",\"zz\":[0");
    for (size_t i = 0; i < MORE; i++) {
        memcpy(at, ",1", 2);
        at += 2;
    }
    snprintf(at, 4, array ? "]" : "]}");
    return text;
}

/* Whether the call ended while its answer was read. Releases the error. */
static bool ended_in_its_answer(const api_operation *operation, okta_error *error, bool canceled)
{
    okta_status status = okta_error_status(error);
    okta_status ended = canceled ? OKTA_E_CANCELED : OKTA_E_TIMEOUT;
    bool read = strstr(okta_error_message(error), "answer was read") != NULL;
    bool write = operation->effect != API_READ;
    if (read) {
        api_expect_number(operation->name, "status", status, write ? OKTA_E_OUTCOME_UNKNOWN : ended);
        api_expect_number(operation->name, "HTTP", okta_error_http_status(error), operation->good_status);
        api_expect_number(operation->name, "retryable", okta_error_is_retryable(error),
                          !canceled && operation->effect != API_CREATE);
    } else {
        assert_true(error == NULL || status == ended || (write && status == OKTA_E_OUTCOME_UNKNOWN));
    }
    okta_free(error);
    return read;
}

/* At each look in turn, until there are no more. */
static void ends_while_a_long_answer_is_read(api_world *world, const api_operation *operation, bool cancel)
{
    char *answer = long_answer(operation);
    size_t in_answer = 0;
    bool over = false;
    for (unsigned last = 1; !over; last++) {
        void *out = NULL;
        end_at_look(world, last);
        api_queue_looks(world, operation, (unsigned)operation->looks_before, operation->absent);
        api_fault(world, (mock_fault){
                             .method = operation->method, .status = operation->good_status, .body = answer});
        okta_call *call = operation->call(world->client, operation->ids);
        ending.call = cancel ? call : NULL;
        okta_error *error = api_run_call(operation, call, &out);
        over = ending.looks < last;
        assert_true((error == NULL) == (out != NULL));
        assert_true(!over || error == NULL);
        in_answer += ended_in_its_answer(operation, error, cancel);
        okta_free(out);
        okta_free(call);
        api_world_stop(world);
        api_world_start(world, NULL, NULL);
    }
    assert_true(in_answer >= 4);
    free(answer);
}

static void a_long_answer_is_not_read_behind_the_deadline(void **state)
{
    for (size_t i = 0; i < 2 * API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i / 2];
        if (operation->answer[0] != '\0') {
            ends_while_a_long_answer_is_read(*state, operation, i % 2 == 1);
        }
    }
}

/* The text is read twice: as the answer, and as a page. */
static void a_long_page_is_not_read_behind_the_deadline(void **state)
{
    static const api_operation page = {.answer = "[{}]"};
    char *answer = long_answer(&page);
    size_t in_answer = 0;
    bool over = false;
    for (unsigned last = 1; !over; last++) {
        end_at_look(*state, last);
        api_fault(*state, (mock_fault){.method = "GET", .status = 200, .body = answer});
        okta_pages *pages = okta_request_pages(((api_world *)*state)->client, "/api/v1/users");
        const okta_page *found = okta_pages_next(pages);
        okta_error *error = okta_pages_error(pages);
        over = ending.looks < last;
        assert_true((found != NULL) == (error == NULL));
        assert_true(!over || error == NULL);
        if (error != NULL) {
            assert_int_equal(okta_error_status(error), OKTA_E_TIMEOUT);
            assert_string_equal(okta_pages_cursor(pages), "/api/v1/users");
            in_answer +=
                strstr(okta_error_message(error), "the deadline passed while the answer was read") != NULL;
        }
        okta_free(error);
        okta_free(pages);
        api_world_stop(*state);
        api_world_start(*state, NULL, NULL);
    }
    assert_true(in_answer >= 8);
    free(answer);
}

static struct timespec at_ms(int64_t ms)
{
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000 * 1000000)};
}

/* Whichever ends first, by the time that a 503 leaves for another attempt: the wait of 250 ms is within it or
 * not. */
static void a_point_in_time_ends_a_call(void **state)
{
    static const struct {
        const char *name;
        int64_t deadline_ms; /* from now on */
        int64_t timeout_ms;
        unsigned sends;
    } cases[] = {
        {"in time", 10000, 60000, 2},       {"too early", 100, 60000, 1},
        {"a later one", 86400000, 100, 1},  {"both in time", 10000, 10000, 2},
        {"never", INT64_MAX / 4, 10000, 2},
    };
    api_world *world = *state;
    world->clock.now_ms = 5000;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world_renew(world, NULL);
        api_forget(world);
        api_fault(world, (mock_fault){.method = "GET", .status = 503});
        const struct timespec deadline = at_ms(world->clock.now_ms + cases[i].deadline_ms);
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        okta_call_set_timeout_ms(call, cases[i].timeout_ms);
        okta_call_set_deadline(call, &deadline);
        okta_error *error = okta_call_run(call);
        api_expect_number(cases[i].name, "attempts", okta_call_attempts(call), cases[i].sends);
        api_expect_requests(cases[i].name, world, cases[i].sends);
        if (cases[i].sends == 1) {
            assert_true(okta_error_is_retryable(error));
            api_expect_refusal(cases[i].name, error, OKTA_E_SERVER, "HTTP 503");
        } else {
            okta_free(error); /* the mock has no such app */
        }
        okta_free(call);
    }
}

/* Neither sent nor looked for, in whatever way it passed. */
static void a_deadline_that_has_passed_ends_a_call_before_any_io(void **state)
{
    static const api_expected late = {.status = OKTA_E_TIMEOUT, .retryable = true};
    static const struct timespec passed[] = {
        {.tv_sec = 4, .tv_nsec = 999999999}, {.tv_sec = 5}, {0}, {.tv_sec = -1, .tv_nsec = 5}};
    api_world *world = *state;
    world->clock.now_ms = 5000;
    for (size_t i = 0; i < API_OPERATION_COUNT * COUNT(passed); i++) {
        const api_operation *operation = &api_operations[i / COUNT(passed)];
        void *out = NULL;
        okta_call *call = operation->call(world->client, operation->ids);
        okta_call_set_deadline(call, &passed[i % COUNT(passed)]);
        okta_error *error = api_run_call(operation, call, &out);
        assert_non_null(strstr(okta_error_message(error), "the deadline passed before the call began"));
        api_expect_error(operation->name, error, &late);
        assert_null(out);
        okta_free(call);
    }
    okta_call *call = okta_list_jwk_call(world->client, MOCK_WEB_APP);
    okta_call_set_deadline(call, &(struct timespec){.tv_sec = 65});
    api_expect_requests("passed", world, 0);
    api_expect_success("a minute is left", okta_call_run(call));
    okta_free(call);
}

static void a_deadline_ends_all_pages(void **state)
{
    static const api_expected late = {.status = OKTA_E_TIMEOUT, .retryable = true};
    api_world *world = *state;
    api_world_stop(world);
    api_world_start(world, &(mock_org_options){.users = 25}, NULL);
    const struct timespec deadline = at_ms(100000);
    okta_pages *pages = okta_request_pages(world->client, "/api/v1/users?limit=10");
    okta_pages_set_deadline(pages, &deadline);
    okta_pages_set_timeout_ms(pages, 90000);
    assert_non_null(okta_pages_next(pages));
    world->clock.now_ms = 40000;
    assert_non_null(okta_pages_next(pages));
    world->clock.now_ms = 100000;
    assert_null(okta_pages_next(pages));
    api_expect_error("pages", okta_pages_error(pages), &late);
    api_expect_requests("pages", world, 2);
    okta_free(pages);
}

static void refuses_what_is_no_deadline(void **state)
{
    static const struct timespec bad[] = {{.tv_nsec = -1}, {.tv_nsec = 1000000000}};
    api_world *world = *state;
    for (size_t i = 0; i <= COUNT(bad); i++) {
        const char *says = i < COUNT(bad) ? "deadline has nanoseconds" : "deadline must not be NULL";
        const struct timespec *deadline = i < COUNT(bad) ? &bad[i] : NULL;
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        okta_pages *pages = okta_request_pages(world->client, "/api/v1/users");
        okta_call_set_deadline(call, deadline);
        okta_pages_set_deadline(pages, deadline);
        api_expect_refusal("a call", okta_call_run(call), OKTA_E_ARG, says);
        assert_null(okta_pages_next(pages));
        api_expect_refusal("pages", okta_pages_error(pages), OKTA_E_ARG, says);
        okta_free(call);
        okta_free(pages);
    }
    okta_call_set_deadline(NULL, &bad[0]);
    okta_pages_set_deadline(NULL, &bad[0]);
    api_expect_requests("refused", world, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(sends_nothing_behind_the_deadline),
        TEST(looks_for_nothing_behind_the_deadline),
        TEST(repeats_nothing_when_a_look_took_too_long),
        TEST(waits_for_no_look_behind_the_deadline),
        TEST(sends_again_before_the_deadline),
        TEST(an_earlier_attempt_keeps_the_outcome_unknown),
        TEST(a_long_answer_is_not_read_behind_the_deadline),
        TEST(a_long_page_is_not_read_behind_the_deadline),
        TEST(a_point_in_time_ends_a_call),
        TEST(a_deadline_that_has_passed_ends_a_call_before_any_io),
        TEST(a_deadline_ends_all_pages),
        TEST(refuses_what_is_no_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
