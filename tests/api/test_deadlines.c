/* SPDX-License-Identifier: Apache-2.0 */
/* A wait that lasts longer than it was asked to: nothing is sent behind the deadline. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

#define TIMEOUT_MS 60000

#define WAITS_MAX 2u

/* When the waits of a call end, by the world's clock. */
static int64_t wakes_at_ms[WAITS_MAX];

static void oversleep(const okta_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
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

static void sends_nothing_behind_the_deadline(void **state)
{
    static const int64_t ends_ms[] = {TIMEOUT_MS, TIMEOUT_MS + 1, 100 * (int64_t)TIMEOUT_MS};
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT * COUNT(answers); i++) {
        const api_operation *operation = &api_operations[i / COUNT(answers)];
        size_t j = i % COUNT(answers);
        if (operation->effect == API_CREATE && !answers[j].creates) {
            continue;
        }
        bool unknown = answers[j].unsettled && operation->effect != API_READ;
        for (size_t k = 0; k < COUNT(ends_ms); k++) {
            void *out = operation->type == NULL ? NULL : world;
            sleep_until(world, ends_ms[k], 0);
            api_fault(world, answers[j].fault);
            okta_error *error = api_run(operation, API_FUNCTION, world->client, operation->ids, &out);
            assert_non_null(strstr(okta_error_message(error), "the deadline passed while waiting"));
            assert_null(out);
            const api_expected expected = {.status = unknown ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_TIMEOUT,
                                           .http_status = answers[j].http_status,
                                           .attempts = 1,
                                           .retryable = true,
                                           .request_id = API_ANY,
                                           .body = API_ANY};
            api_expect_error(answers[j].name, error, &expected);
            api_expect_requests(answers[j].name, world, 1);
            api_expect_number(answers[j].name, "waits", (int64_t)world->clock.wait_count, 1);
        }
    }
}

static void sends_again_before_the_deadline(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = NULL;
        sleep_until(world, TIMEOUT_MS / 2, 0);
        api_fault(world, answers[3].fault);
        api_queue_good_answer(world, operation);
        api_expect_success(operation->name, operation->run(world->client, operation->ids, &out));
        okta_free(out);
        api_expect_requests(operation->name, world, 2);
    }
}

/* What an attempt left open stays open, whatever the attempts behind it say. */
static void an_earlier_attempt_keeps_the_outcome_unknown(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = NULL;
        if (operation->effect == API_CREATE) {
            continue;
        }
        sleep_until(world, 1000, TIMEOUT_MS);
        api_fault(world, (mock_fault){.drop_after = true});
        api_fault(world, (mock_fault){.status = 429, .headers = no_reset});
        okta_call *call = operation->call(world->client, operation->ids);
        okta_error *error = okta_call_run(call, operation->type == NULL ? NULL : &out);
        okta_status status = operation->effect == API_READ ? OKTA_E_TIMEOUT : OKTA_E_OUTCOME_UNKNOWN;
        api_expect_refusal(operation->name, error, status, "the deadline passed while waiting");
        api_expect_number(operation->name, "attempts", okta_call_attempts(call), 2);
        okta_free(call);
        api_expect_requests(operation->name, world, 2);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(sends_nothing_behind_the_deadline),
        TEST(sends_again_before_the_deadline),
        TEST(an_earlier_attempt_keeps_the_outcome_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
