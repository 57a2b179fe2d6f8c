/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that ends anywhere while requests are in flight in an event loop: each ends for want of it or well,
 * none is sent twice, and the same pool goes on when there is memory again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_pool_world.h"
#include "unit/allocations.h"

#define SOME 3u

static const fault_tls_options h1 = {.min_version = TLS1_3_VERSION};
static const fault_tls_options h2 = {.h2 = true};
static const fault_tls_options *const protocols[] = {NULL, &h1, &h2};

/* Begins what can begin. */
static void ask_without_memory(fault_pool_world *self)
{
    for (size_t i = 0; i < SOME; i++) {
        fault_trip *trip = &self->trips[i];
        trip->ended = false;
        trip->request.canceled = &trip->canceled;
        trip->flight = oktai_pool_begin(self->loop.pool, &trip->request, &trip->response, trip);
        if (trip->flight == NULL) {
            trip->attempt = (oktai_attempt){.failure = OKTA_E_NOMEM};
            trip->ended = true;
        }
    }
    fault_loop_run(&self->loop, self->trips, SOME, SOME);
}

static void expect_end(const fault_pool_world *self, size_t which)
{
    const fault_trip *trip = &self->trips[which];
    if (trip->attempt.failure == OKTA_OK) {
        fault_expect_trip_echo("memory", self, which);
    } else if (trip->attempt.failure != OKTA_E_NOMEM) {
        fail_msg("%s: %s", okta_status_name(trip->attempt.failure), trip->reason);
    }
}

/* Requests that were made and asked nothing. */
static void prepare(fault_pool_world *self)
{
    fault_pool_begin(self, 0, SOME, FAULT_ASK_POST);
    for (size_t i = 0; i < SOME; i++) {
        fault_trip_cancel(&self->loop, &self->trips[i]);
        fault_trip_clear(&self->trips[i]);
        atomic_store(&self->trips[i].canceled, false);
    }
    fault_loop_stop(&self->loop);
    fault_loop_start(&self->loop, &self->base.world.client->transport);
}

/* False: there are not so many allocations. */
static bool run_with_failure_at(fault_pool_world *self, size_t nth, bool lasting)
{
    unsigned before = fault_server_request_count(self->base.world.server);
    prepare(self);
    allocations_begin(nth, lasting);
    ask_without_memory(self);
    bool failed = allocations_end();
    for (size_t i = 0; i < SOME; i++) {
        expect_end(self, i);
    }
    fault_pool_begin(self, 0, SOME, FAULT_ASK_POST);
    fault_pool_run(self, SOME);
    for (size_t i = 0; i < SOME; i++) {
        fault_expect_trip_echo("memory again", self, i);
    }
    assert_true(fault_server_request_count(self->base.world.server) - before <= 2 * SOME);
    return failed;
}

static void sweep(fault_pool_world *self, bool lasting)
{
    static const fault_plan plan = {.echo = true};
    for (size_t p = 0; p < COUNT(protocols); p++) {
        size_t nth = 1;
        fault_pool_start(self, protocols[p], &plan);
        while (run_with_failure_at(self, nth, lasting)) {
            nth++;
        }
        assert_true(nth > 10);
        fault_pool_stop(self);
    }
}

static void survives_a_failed_allocation(void **state)
{
    sweep(*state, false);
}

static void survives_the_end_of_memory(void **state)
{
    sweep(*state, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_POOL_TEST(survives_a_failed_allocation),
        FAULT_POOL_TEST(survives_the_end_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
