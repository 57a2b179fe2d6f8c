/* SPDX-License-Identifier: Apache-2.0 */
/* What does not come in time, or not at all: connections, answers, the end of a wait. Real time-outs are
 * short, and nothing here measures them. */
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_script.h"
#include "faults/fault_world.h"

/* Shorter than the first wait before a repetition, so that a time-out ends the call. */
#define TIMEOUT_MS 100

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

static fault_outcome run_within(fault_world *world, const request_row *request, int64_t timeout_ms)
{
    okta_call *call = okta_request_call(world->client, request->method, FAULT_PATH, request->body);
    okta_call_set_timeout_ms(call, timeout_ms);
    return fault_run(call);
}

/* Nothing was sent: every request may be repeated, and its outcome is known. */
static void repeats_what_was_refused(void **state)
{
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        fault_plan plan = {.refuse = true};
        fault_world_start(world, &plan, NULL);
        fault_outcome outcome = fault_request_once(world, requests[i].method, requests[i].body, 2);
        fault_expect_status("T04", &outcome, OKTA_E_TRANSPORT);
        fault_expect_attempts("T04", &outcome, 3);
        assert_true(outcome.retryable);
        assert_int_equal(outcome.http_status, 0);
        fault_server_accept(world->server);
        fault_expect_good("T04", world);
        fault_world_finish(world);
        assert_int_equal(fault_server_request_count(world->server), 1);
        fault_world_stop(world);
    }
}

static void open_up(void *context)
{
    fault_world *world = context;
    if (world->clock.waits == 1) {
        fault_server_accept(world->server);
    }
}

static void succeeds_once_the_server_is_there(void **state)
{
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        fault_plan plan = {.refuse = true};
        fault_world_start(world, &plan, NULL);
        world->clock.on_wait = open_up;
        world->clock.context = world;
        fault_outcome outcome = fault_request_once(world, requests[i].method, requests[i].body, 5);
        fault_expect_status("T04", &outcome, OKTA_OK);
        fault_expect_attempts("T04", &outcome, 3);
        fault_world_finish(world);
        fault_expect_requests("T04", world, requests[i].method, 1);
        fault_world_stop(world);
    }
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

#define BLOCKERS 8

/* A socket whose queue of connections is full: the kernel drops further ones without a word. */
typedef struct black_hole {
    int listener;
    int blockers[BLOCKERS];
    unsigned port;
} black_hole;

static void open_black_hole(black_hole *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    self->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(self->listener >= 0);
    assert_int_equal(bind(self->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(self->listener, 0), 0);
    assert_int_equal(getsockname(self->listener, (struct sockaddr *)&address, &size), 0);
    self->port = ntohs(address.sin_port);
    for (size_t i = 0; i < BLOCKERS; i++) {
        self->blockers[i] = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(fcntl(self->blockers[i], F_SETFL, O_NONBLOCK), 0);
        (void)connect(self->blockers[i], (struct sockaddr *)&address, size);
    }
}

static void close_black_hole(const black_hole *self)
{
    for (size_t i = 0; i < BLOCKERS; i++) {
        close(self->blockers[i]);
    }
    close(self->listener);
}

static void gives_up_a_connection_that_does_not_come(void **state)
{
    fault_world *world = *state;
    fault_plan plan = {0};
    black_hole hole;
    char url[64];
    open_black_hole(&hole);
    fault_world_start(world, &plan, NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", hole.port);
    okta_client_options options = fault_options(world->server);
    options.org_url = url;
    options.connect_timeout_ms = 50;
    fault_world_renew(world, &options);
    for (size_t i = 0; i < COUNT(requests); i++) {
        fault_outcome outcome = fault_request_once(world, requests[i].method, requests[i].body, 1);
        fault_expect_status("T05", &outcome, OKTA_E_TIMEOUT);
        fault_expect_attempts("T05", &outcome, 2);
        assert_true(outcome.retryable);
    }
    fault_world_stop(world);
    close_black_hole(&hole);
}

/* A machine that is busy enough may not even send in time: what the server heard decides. */
static void expect_timed_out(const char *label, fault_world *world, const request_row *request,
                             const fault_outcome *outcome)
{
    bool heard = fault_server_request_count(world->server) > 1;
    fault_expect_status(label, outcome, heard && is_write(request) ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_TIMEOUT);
    fault_expect_attempts(label, outcome, 1);
    assert_int_equal(outcome->body_length, 0);
    fault_expect_requests(label, world, request->method, (heard ? 1u : 0u) + (is_write(request) ? 0u : 1u));
}

static void gives_up_an_answer_that_stalls(void **state)
{
    static const struct {
        const char *name;
        fault_step script[4];
    } cases[] = {
        {"T19 before the headers", {READ, STALL, END}},
        {"T19 inside the status line", {READ, SEND("HTTP/1."), STALL, END}},
        {"T19 inside the headers", {READ, SEND(STATUS TYPE LENGTH), STALL, END}},
        {"T19 behind 100 Continue", {READ, SEND("HTTP/1.1 100 Continue\r\n\r\n"), STALL, END}},
        {"T19 inside the body", {READ, SEND(STATUS TYPE LENGTH "\r\n{"), STALL, END}},
        {"T19 inside chunks", {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n"), STALL, END}},
    };
    fault_world *world = *state;
    unsigned heard = 0;
    for (size_t i = 0; i < COUNT(cases) * COUNT(requests); i++) {
        const request_row *request = &requests[i % COUNT(requests)];
        fault_plan plan = {.script = cases[i / COUNT(requests)].script, .connections = 1};
        const char *label = cases[i / COUNT(requests)].name;
        fault_world_start(world, &plan, NULL);
        fault_outcome outcome = run_within(world, request, TIMEOUT_MS);
        fault_expect_good(label, world);
        fault_world_finish(world);
        expect_timed_out(label, world, request, &outcome);
        heard += fault_server_request_count(world->server) - 1;
        fault_world_stop(world);
    }
    assert_true(heard > 0);
}

static void gives_up_a_server_that_does_not_listen(void **state)
{
    static const fault_step script[] = {DEAF, END};
    static const char *const methods[] = {"POST", "PUT"};
    const size_t size = 12 * 1024 * 1024;
    fault_world *world = *state;
    char *body = malloc(size + 1);
    assert_non_null(body);
    memset(body, '1', size);
    body[size] = '\0';
    for (size_t i = 0; i < COUNT(methods); i++) {
        const request_row request = {methods[i], body};
        fault_plan plan = {.script = script, .connections = 1};
        fault_world_start(world, &plan, NULL);
        fault_outcome outcome = run_within(world, &request, 2 * TIMEOUT_MS);
        /* A part of it left. */
        fault_expect_status("T20", &outcome, OKTA_E_OUTCOME_UNKNOWN);
        fault_expect_attempts("T20", &outcome, 1);
        fault_expect_good("T20", world);
        fault_world_finish(world);
        fault_expect_requests("T20", world, methods[i], 0);
        fault_world_stop(world);
    }
    free(body);
}

/* Each look at the clock finds eleven seconds gone. */
static void gives_up_an_answer_that_trickles(void **state)
{
    static const fault_step script[] = {
        READ, SEND(STATUS TYPE FILL "\r\n" FILL "\r\nContent-Length: 999\r\n\r\n{"), STALL, END};
    fault_world *world = *state;
    for (size_t i = 0; i < 2; i++) {
        fault_plan plan = {.script = script, .connections = 1};
        fault_world_start(world, &plan, NULL);
        okta_call *call = okta_request_call(world->client, requests[i].method, FAULT_PATH, requests[i].body);
        okta_call_set_timeout_ms(call, 86400000);
        okta_call_set_max_retries(call, 0);
        world->clock.step_ms = 11000;
        fault_outcome outcome = fault_run(call);
        world->clock.step_ms = 0;
        fault_expect_status("T18", &outcome, i == 0 ? OKTA_E_TIMEOUT : OKTA_E_OUTCOME_UNKNOWN);
        assert_non_null(strstr(outcome.message, "too slowly"));
        fault_expect_attempts("T18", &outcome, 1);
        fault_expect_good("T18", world);
        fault_world_finish(world);
        assert_int_equal(fault_server_request_count(world->server), 2);
        fault_world_stop(world);
    }
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

static void does_not_wait_for_a_reset_behind_the_deadline(void **state)
{
    static const fault_step script[] = {
        READ,
        SEND("HTTP/1.1 429 x\r\nDate: Sun, 15 Jun 2025 15:06:40 GMT\r\nX-Rate-Limit-Limit: 600\r\n"
             "X-Rate-Limit-Remaining: 0\r\nX-Rate-Limit-Reset: 1750000060\r\nContent-Length: 0\r\n\r\n"),
        END};
    fault_world *world = *state;
    for (unsigned i = 0; i < 2; i++) {
        fault_plan plan = {.script = script, .connections = 1};
        fault_world_start(world, &plan, NULL);
        okta_call *call = okta_request_call(world->client, "POST", FAULT_PATH, "{}");
        /* 61 seconds and half of their spread, which is 10 seconds. */
        okta_call_set_timeout_ms(call, i == 0 ? 66000 : 96000);
        fault_outcome outcome = fault_run(call);
        fault_expect_status("R04", &outcome, i == 0 ? OKTA_E_RATE_LIMITED : OKTA_OK);
        fault_expect_attempts("R04", &outcome, i + 1);
        assert_int_equal(world->clock.waits, i);
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
        okta_client_set_clock(world->client, &okta_system_clock);
        okta_call *call = okta_request_call(world->client, request->method, FAULT_PATH, request->body);
        canceling context = {world->server, call};
        assert_int_equal(pthread_create(&thread, NULL, cancel_when_heard, &context), 0);
        okta_error *error = okta_call_run(call, NULL);
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
        FAULT_TEST(repeats_what_was_refused),
        FAULT_TEST(succeeds_once_the_server_is_there),
        FAULT_TEST(knows_that_nothing_was_sent_after_good_calls),
        FAULT_TEST(tries_the_next_address),
        FAULT_TEST(gives_up_a_connection_that_does_not_come),
        FAULT_TEST(gives_up_an_answer_that_stalls),
        FAULT_TEST(gives_up_a_server_that_does_not_listen),
        FAULT_TEST(gives_up_an_answer_that_trickles),
        FAULT_TEST(keeps_its_deadline_over_all_repetitions),
        FAULT_TEST(does_not_wait_for_a_reset_behind_the_deadline),
        FAULT_TEST(ends_when_it_is_canceled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
