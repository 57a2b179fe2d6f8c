/* SPDX-License-Identifier: Apache-2.0 */
/* How many requests of a client run at once, over all its threads, and what waits for a place. */
#include <sched.h>
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

#define NEVER_MS 600000u
#define RUNNERS  12u
#define ROUNDS   50u

/* An org that answers nothing: whoever gets through stays. */
static void hold_all(api_world *world)
{
    api_forget(world);
    api_fault(
        world,
        (mock_fault){.method = "GET", .status = 200, .body = "[]", .delay_ms = NEVER_MS, .times = RUNNERS});
}

static okta_call *call_number(const api_world *world, unsigned number)
{
    char path[64];
    snprintf(path, sizeof path, "/api/v1/apps/%u/credentials/jwks", number);
    return okta_request_call(world->client, "GET", path, NULL);
}

/* The runner whose request came as the nth. */
static runner *find_runner(const api_world *world, runner *runners, size_t nth)
{
    static const char prefix[] = "/api/v1/apps/";
    const mock_request *request = mock_org_request_at(world->org, nth);
    assert_non_null(request);
    assert_int_equal(strncmp(request->target, prefix, strlen(prefix)), 0);
    unsigned long number = strtoul(request->target + strlen(prefix), NULL, 10);
    assert_true(number < RUNNERS);
    return &runners[number];
}

static unsigned count_in_flight(const api_world *world)
{
    pthread_mutex_lock(&world->client->lock);
    unsigned count = world->client->pacing.in_flight;
    pthread_mutex_unlock(&world->client->lock);
    return count;
}

static void cancel_and_release(runner *self)
{
    const api_expected expected = {.status = OKTA_E_CANCELED, .attempts = 1};
    okta_call_cancel(self->call);
    runner_finish(self);
    api_expect_error("a held call", self->error, &expected);
    okta_free(self->call);
}

/* So many run at once: as many at the org, and one more only when one of them ended. */
static void expect_at_once(const char *label, api_world *world, unsigned expected)
{
    runner runners[RUNNERS];
    hold_all(world);
    for (unsigned i = 0; i < RUNNERS; i++) {
        runner_start(&runners[i], call_number(world, i), NULL);
    }
    for (unsigned ended = 0; ended < RUNNERS; ended++) {
        unsigned came = expected + ended < RUNNERS ? expected + ended : RUNNERS;
        runner_await_requests(world, came);
        for (unsigned i = 0; i < ROUNDS; i++) {
            sched_yield();
            api_expect_number(label, "requests at once", count_in_flight(world), came - ended);
        }
        api_expect_requests(label, world, came);
        cancel_and_release(find_runner(world, runners, ended));
    }
    api_expect_number(label, "requests at once", count_in_flight(world), 0);
}

static void crowd(api_world *world, unsigned times)
{
    static const char *const crowded[] = {"X-Rate-Limit-Limit: 0", "X-Rate-Limit-Remaining: 0", NULL};
    for (unsigned i = 0; i < times; i++) {
        api_fault(world, (mock_fault){.status = 429, .headers = crowded});
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        okta_call_set_max_retries(call, 0);
        api_expect_refusal("crowded", okta_call_run(call), OKTA_E_RATE_LIMITED, "HTTP 429");
        okta_free(call);
    }
}

/* A 429 for too many calls at once halves them; as many good answers as run at once allow one more. */
static void runs_so_many_requests_at_once(void **state)
{
    static const struct {
        const char *name;
        unsigned max;
        unsigned crowded;
        unsigned good;
        okta_pacing_mode pacing;
        unsigned expected;
    } cases[] = {
        {"by default", 0, 0, 0, OKTA_PACING_ON, 10},
        {"one", 1, 0, 0, OKTA_PACING_ON, 1},
        {"three", 3, 0, 0, OKTA_PACING_ON, 3},
        {"three without pacing", 3, 0, 0, OKTA_PACING_OFF, 3},
        {"more than there are", 75, 0, 0, OKTA_PACING_ON, RUNNERS},
        {"crowded once", 0, 1, 0, OKTA_PACING_ON, 5},
        {"crowded twice", 0, 2, 0, OKTA_PACING_ON, 2},
        {"crowded often", 4, 5, 0, OKTA_PACING_ON, 1},
        {"crowded without pacing", 4, 1, 0, OKTA_PACING_OFF, 2},
        {"nearly recovering", 0, 1, 4, OKTA_PACING_ON, 5},
        {"recovering", 0, 1, 5, OKTA_PACING_ON, 6},
        {"recovered", 2, 1, 50, OKTA_PACING_ON, 2},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world world;
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.max_in_flight = cases[i].max;
        options.pacing = cases[i].pacing;
        api_world_start(&world, NULL, &options);
        crowd(&world, cases[i].crowded);
        for (unsigned good = 0; good < cases[i].good; good++) {
            api_expect_success(cases[i].name, list_keys(&world, 10000));
        }
        api_expect_waits(cases[i].name, &world, NULL, 0);
        expect_at_once(cases[i].name, &world, cases[i].expected);
        api_world_stop(&world);
    }
}

/* A crowded call waits briefly, whatever the reset says, and is sent again. */
static void repeats_a_crowded_call_after_a_moment(void **state)
{
    static const char *const crowded[] = {"X-Rate-Limit-Limit: 0", "X-Rate-Limit-Remaining: 0",
                                          "X-Rate-Limit-Reset: 1750000060", NULL};
    static const int64_t waits[] = {375, 750};
    api_world *world = *state;
    api_fault(world, (mock_fault){.status = 429, .headers = crowded, .times = 2});
    api_expect_success("listJwk", list_keys(world, 10000));
    api_expect_requests("listJwk", world, 3);
    api_expect_waits("listJwk", world, waits, 2);
    api_expect_success("the next", list_keys(world, 10000));
    api_expect_waits("the next", world, waits, 2);
}

/* A world with one place, which a call holds, by the real clock. */
static void take_the_place(api_world *world, runner *holder)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.max_in_flight = 1;
    api_world_start(world, NULL, &options);
    oktai_client_set_clock(world->client, &oktai_system_clock);
    hold_all(world);
    runner_start(holder, call_number(world, 0), NULL);
    runner_await_requests(world, 1);
}

static void the_deadline_passes_while_it_waits_for_a_place(void **state)
{
    (void)state;
    api_world world;
    runner holder;
    take_the_place(&world, &holder);
    okta_error *error = list_keys(&world, 30);
    const api_expected expected = {.status = OKTA_E_TIMEOUT, .retryable = true};
    assert_non_null(strstr(okta_error_message(error), "the deadline passed before its turn came"));
    api_expect_error("listJwk", error, &expected);
    api_expect_requests("listJwk", &world, 1);
    cancel_and_release(&holder);
    api_world_stop(&world);
}

/* Before it waits, and while it does. */
static void cancels_a_call_that_waits_for_a_place(void **state)
{
    (void)state;
    api_world world;
    runner holder;
    take_the_place(&world, &holder);
    for (unsigned i = 0; i < ROUNDS; i++) {
        runner self;
        runner_start(&self, okta_list_jwk_call(world.client, API_APP), NULL);
        for (unsigned j = 0; j < i; j++) {
            sched_yield();
        }
        cancel_waiting(&world, &self, 1);
    }
    cancel_and_release(&holder);
    api_world_stop(&world);
}

/* A place that a failed request had is free again. */
static void every_end_of_a_request_frees_its_place(void **state)
{
    static const mock_fault ends[] = {
        {.status = 500},
        {.status = 404},
        {.status = 429},
        {.drop_before = true},
        {.drop_after = true},
        {.status = 200, .body = "{"},
        {.status = 200, .body = "[]", .cut_body_at = 1},
        {.status = 302, .body = ""},
    };
    (void)state;
    api_world world;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.max_in_flight = 1;
    options.max_retries = okta_int(0);
    api_world_start(&world, NULL, &options);
    for (size_t i = 0; i < COUNT(ends); i++) {
        static const char *const no_reset[] = {"X-Rate-Limit-Reset:", NULL};
        okta_oauth2_client_jwk_list *list = NULL;
        mock_fault fault = ends[i];
        fault.headers = no_reset;
        api_fault(&world, fault);
        okta_error *error = okta_list_jwk(world.client, API_APP, &list);
        assert_non_null(error);
        okta_free(error);
        api_expect_number("listJwk", "requests at once", count_in_flight(&world), 0);
        api_expect_success("the next", list_keys(&world, 10000));
    }
    api_world_stop(&world);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_so_many_requests_at_once),
        TEST(repeats_a_crowded_call_after_a_moment),
        cmocka_unit_test(the_deadline_passes_while_it_waits_for_a_place),
        cmocka_unit_test(cancels_a_call_that_waits_for_a_place),
        cmocka_unit_test(every_end_of_a_request_frees_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
