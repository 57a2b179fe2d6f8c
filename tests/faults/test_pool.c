/* SPDX-License-Identifier: Apache-2.0 */
/* Many requests in one event loop: each gets its own answer, and what goes wrong with one is its own. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_loop.h"
#include "faults/fault_script.h"
#include "faults/fault_tls_world.h"

#define MANY       64
#define TIMEOUT_MS 20000

typedef struct pool_world {
    fault_tls_world base;
    fault_loop loop;
    char url[128];
    fault_trip trips[MANY];
} pool_world;

static int lend(void **state)
{
    pool_world *self = calloc(1, sizeof *self);
    *state = self;
    return self == NULL;
}

static void stop(pool_world *self)
{
    fault_loop_stop(&self->loop);
    for (size_t i = 0; i < MANY; i++) {
        fault_trip_clear(&self->trips[i]);
        self->trips[i] = (fault_trip){0};
    }
    fault_tls_world_stop(&self->base);
}

static int take_back(void **state)
{
    stop(*state);
    free(*state);
    return 0;
}

/* `tls`: NULL for plain HTTP. */
static void start(pool_world *self, const fault_tls_options *tls, fault_plan plan)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.proxy = "";
    if (tls != NULL) {
        fault_tls_start(&self->base.tls, tls);
        plan.tls = self->base.tls.context;
        options.ca_file = self->base.tls.ca_file;
    }
    fault_world_start(&self->base.world, &plan, &options);
    oktai_client_set_clock(self->base.world.client, &oktai_system_clock);
    fault_loop_start(&self->loop, &self->base.world.client->transport);
    snprintf(self->url, sizeof self->url, "%s" FAULT_PATH, fault_server_url(self->base.world.server));
}

static fault_trip *begin(pool_world *self, size_t which, const char *method, const oktai_buffer *body)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    fault_trip *trip = &self->trips[which];
    fault_trip_clear(trip);
    *trip = (fault_trip){.request = {.method = method,
                                     .url = self->url,
                                     .headers = headers,
                                     .body = body,
                                     .may_resend = strcmp(method, "GET") == 0,
                                     .fresh = strcmp(method, "POST") == 0 && body == NULL,
                                     .timeout_ms = TIMEOUT_MS}};
    fault_trip_begin(&self->loop, trip);
    return trip;
}

static void run(pool_world *self, size_t count)
{
    fault_loop_run(&self->loop, self->trips, count, count);
}

static void expect_good(const char *label, const fault_trip *trip)
{
    if (trip->attempt.failure != OKTA_OK || trip->attempt.http_status != 200 ||
        trip->response.body.length != strlen(FAULT_GOOD_BODY) ||
        memcmp(trip->response.body.data, FAULT_GOOD_BODY, strlen(FAULT_GOOD_BODY)) != 0) {
        fail_msg("%s: %s %d, %zu bytes: %s", label, okta_status_name(trip->attempt.failure),
                 trip->attempt.http_status, trip->response.body.length, trip->reason);
    }
}

static const fault_tls_options h1 = {.min_version = TLS1_3_VERSION};
static const fault_tls_options h1_old = {.max_version = TLS1_2_VERSION};
static const fault_tls_options h2 = {.h2 = true};

static const struct {
    const char *name;
    const fault_tls_options *tls;
} protocols[] = {{"plain", NULL}, {"TLS 1.3", &h1}, {"TLS 1.2", &h1_old}, {"HTTP/2", &h2}};

static void each_gets_its_answer(void **state)
{
    static const size_t counts[] = {1, 10, MANY};
    pool_world *self = *state;
    for (size_t p = 0; p < COUNT(protocols); p++) {
        for (size_t k = 0; k < COUNT(counts); k++) {
            start(self, protocols[p].tls, (fault_plan){0});
            for (int round = 0; round < 3; round++) {
                for (size_t i = 0; i < counts[k]; i++) {
                    begin(self, i, "GET", NULL);
                }
                run(self, counts[k]);
                for (size_t i = 0; i < counts[k]; i++) {
                    expect_good(protocols[p].name, &self->trips[i]);
                    assert_int_equal(self->trips[i].attempt.resent, 0);
                }
            }
            fault_loop_stop(&self->loop);
            fault_world_finish(&self->base.world);
            assert_int_equal(fault_server_request_count(self->base.world.server), 3 * counts[k]);
            printf("%s %zu: %u connections\n", protocols[p].name, counts[k],
                   fault_server_connection_count(self->base.world.server));
            stop(self);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_gets_its_answer, lend, take_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
