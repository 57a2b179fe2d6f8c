/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of requests that were not sent, deadlines over many attempts, and calls that are canceled. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_script.h"
#include "faults/fault_world.h"

typedef struct request_row {
    const char *method;
    const char *body;
} request_row;

static const request_row requests[] = {
    {"GET", NULL}, {"POST", "{\"a\":1}"}, {"POST", NULL}, {"DELETE", NULL}};

static bool is_write(const request_row *request)
{
    return strcmp(request->method, "GET") != 0;
}

/* What an earlier request sent must not be taken for this one's. */
static void knows_that_nothing_was_sent_after_good_calls(void **state)
{
    static const fault_step script[] = {READ, SEND(STATUS TYPE "Connection: close\r\n" LENGTH BODY), CLOSE,
                                        END};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        fault_plan plan = {.script = script};
        fault_world_start(world, &plan, NULL);
        fault_expect_good("T04", world);
        fault_server_refuse(world->server);
        fault_outcome outcome = fault_request_once(world, requests[i].method, requests[i].body, 0);
        fault_expect_status("T04", &outcome, OKTA_E_TRANSPORT);
        fault_server_accept(world->server);
        fault_expect_good("T04", world);
        fault_world_finish(world);
        assert_int_equal(fault_server_request_count(world->server), 2);
        fault_world_stop(world);
    }
}

/* The server listens on the second address of the name only, where the machine has a first one. */
static void tries_the_next_address(void **state)
{
    fault_world *world = *state;
    fault_plan plan = {0};
    char url[64];
    fault_world_start(world, &plan, NULL);
    okta_client_options options = fault_options(world->server);
    snprintf(url, sizeof url, "http://localhost:%u", fault_server_port(world->server));
    options.org_url = url;
    fault_world_renew(world, &options);
    fault_outcome outcome = fault_request_once(world, "POST", "{}", 0);
    fault_expect_status("T03", &outcome, OKTA_OK);
    fault_world_finish(world);
    fault_expect_requests("T03", world, "POST", 1);
    fault_world_stop(world);
}

static void keeps_its_deadline_over_all_repetitions(void **state)
{
    static const fault_step script[] = {READ, CLOSE, END};
    static const int64_t deadlines_ms[] = {1000, 4000, 10000, 60000};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(deadlines_ms); i++) {
        fault_plan plan = {.script = script};
        fault_world_start(world, &plan, NULL);
        int64_t start_ms = world->clock.now_ms;
        okta_call *call = okta_request_call(world->client, "GET", FAULT_PATH, NULL);
        okta_call_set_timeout_ms(call, deadlines_ms[i]);
        okta_call_set_max_retries(call, 20);
        fault_outcome outcome = fault_run(call);
        fault_expect_status("deadline", &outcome, OKTA_E_TRANSPORT);
        assert_true(outcome.attempts < 21);
        assert_true(world->clock.now_ms - start_ms < deadlines_ms[i]);
        assert_int_equal(world->clock.waits, outcome.attempts - 1);
        fault_world_finish(world);
        fault_expect_requests("deadline", world, "GET", outcome.attempts);
        fault_world_stop(world);
    }
}

typedef struct canceling {
    fault_server *server;
    okta_call *call;
} canceling;

static void *cancel_when_heard(void *context)
{
    canceling *self = context;
    fault_server_await_requests(self->server, 1);
    okta_call_cancel(self->call);
    return NULL;
}

/* Another thread cancels as soon as the server has the request. */
static void ends_when_it_is_canceled(void **state)
{
    static const struct {
        const char *name;
        fault_step script[4];
    } cases[] = {
        {"before the answer", {READ, STALL, END}},
        {"inside the answer", {READ, SEND(STATUS TYPE LENGTH "\r\n{"), STALL, END}},
        {"R13 in a wait",
         {READ, SEND("HTTP/1.1 503 x\r\nRetry-After: 50\r\nContent-Length: 0\r\n\r\n"), END}},
    };
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(cases) * COUNT(requests); i++) {
        const request_row *request = &requests[i % COUNT(requests)];
        const char *label = cases[i / COUNT(requests)].name;
        fault_plan plan = {.script = cases[i / COUNT(requests)].script, .connections = 1};
        pthread_t thread;
        fault_world_start(world, &plan, NULL);
        oktai_client_set_clock(world->client, &oktai_system_clock);
        okta_call *call = okta_request_call(world->client, request->method, FAULT_PATH, request->body);
        canceling context = {world->server, call};
        assert_int_equal(pthread_create(&thread, NULL, cancel_when_heard, &context), 0);
        okta_error *error = okta_call_run(call);
        pthread_join(thread, NULL);
        assert_int_equal(okta_error_status(error),
                         is_write(request) ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_CANCELED);
        assert_int_equal(okta_error_attempts(error), 1);
        okta_free(error);
        okta_free(call);
        fault_expect_good(label, world);
        fault_world_finish(world);
        assert_int_equal(fault_server_request_count(world->server), 2);
        fault_world_stop(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(knows_that_nothing_was_sent_after_good_calls),
        FAULT_TEST(tries_the_next_address),
        FAULT_TEST(keeps_its_deadline_over_all_repetitions),
        FAULT_TEST(ends_when_it_is_canceled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
