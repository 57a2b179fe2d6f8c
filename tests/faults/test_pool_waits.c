/* SPDX-License-Identifier: Apache-2.0 */
/* What takes its time beside others in one event loop: look-ups, handshakes, and floods of what is no answer.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_pool_world.h"
#include "faults/fault_resolver.h"

#define SOME 10u

static const fault_tls_options named = {.host = "org.test"};
static const fault_tls_options h1 = {.min_version = TLS1_3_VERSION};
static const fault_tls_options h2 = {.h2 = true};

static void start_named(fault_pool_world *self)
{
    static const fault_plan plan = {.echo = true};
    self->host = "org.test";
    fault_pool_start(self, &named, &plan);
}

/* The loop goes on meanwhile, and one look-up is there for all. */
static void requests_wait_for_a_look_up(void **state)
{
    fault_pool_world *self = *state;
    unsigned before = fault_resolver_count();
    fault_resolver_hang();
    start_named(self);
    fault_pool_begin(self, 0, SOME, FAULT_ASK_GET);
    fault_resolver_await_hanging();
    self->timeout_ms = 100;
    fault_pool_begin(self, SOME, 1, FAULT_ASK_GET);
    fault_trip_cancel(&self->loop, &self->trips[1]);
    fault_expect_trip_failed("canceled", &self->trips[1], OKTA_E_CANCELED, false);
    fault_loop_run(&self->loop, self->trips, SOME + 1, 2);
    fault_expect_trip_failed("short", &self->trips[SOME], OKTA_E_TIMEOUT, false);
    fault_resolver_set("127.0.0.1");
    fault_pool_run(self, SOME + 1);
    for (size_t i = 0; i < SOME; i++) {
        if (i != 1) {
            fault_expect_trip_echo("look-up", self, i);
        }
    }
    self->timeout_ms = 0;
    fault_pool_begin(self, 0, SOME, FAULT_ASK_BARE_POST);
    fault_pool_run(self, SOME);
    fault_expect_trip_echo("look-up", self, 0);
    assert_int_equal(fault_resolver_count() - before, 1);
}

static void a_look_up_that_fails_ends_those_that_wait(void **state)
{
    fault_pool_world *self = *state;
    fault_resolver_fail(EAI_NONAME);
    start_named(self);
    for (int round = 0; round < 2; round++) {
        fault_pool_begin(self, 0, SOME, FAULT_ASK_POST);
        fault_pool_run(self, SOME);
        for (size_t i = 0; i < SOME; i++) {
            fault_expect_trip_failed("unknown name", &self->trips[i], OKTA_E_TRANSPORT, false);
            assert_non_null(strstr(self->trips[i].reason, "the name org.test was not found"));
            assert_false(self->trips[i].attempt.permanent);
        }
    }
    fault_resolver_set("127.0.0.1");
    fault_pool_begin(self, 0, SOME, FAULT_ASK_POST);
    fault_pool_run(self, SOME);
    for (size_t i = 0; i < SOME; i++) {
        fault_expect_trip_echo("known name", self, i);
    }
}

/* Addresses of dead hosts: a look-up that brings others is used by further requests. */
static void addresses_that_fail_are_looked_up_again(void **state)
{
    fault_pool_world *self = *state;
    fault_resolver_set("127.0.0.2");
    start_named(self);
    fault_pool_begin(self, 0, 3, FAULT_ASK_POST);
    fault_pool_run(self, 3);
    fault_expect_trip_failed("other host", &self->trips[0], OKTA_E_TRANSPORT, false);
    fault_resolver_set("127.0.0.2 127.0.0.1");
    fault_pool_stop(self);
    start_named(self);
    fault_pool_begin(self, 0, 3, FAULT_ASK_POST);
    fault_pool_run(self, 3);
    fault_expect_trip_echo("second address", self, 2);
}

static void a_pool_may_go_while_a_look_up_hangs(void **state)
{
    fault_pool_world *self = *state;
    fault_resolver_hang();
    start_named(self);
    fault_pool_begin(self, 0, 3, FAULT_ASK_GET);
    fault_resolver_await_hanging();
    fault_pool_stop(self);
    fault_resolver_set("127.0.0.1");
    fault_resolver_await_idle();
}

/* A server that takes connections and says nothing. */
static int silent_listener(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 64), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return listener;
}

/* libcurl lets them wait for the first handshake, which tells whether one connection is enough; it has no
 * time for those that wait. */
static void all_end_with_a_handshake_that_does_not(void **state)
{
    fault_pool_world *self = *state;
    static const fault_plan plan = {0};
    unsigned port;
    int listener = silent_listener(&port);
    self->options.connect_timeout_ms = 300;
    fault_pool_start(self, &h2, &plan);
    for (size_t i = 0; i < SOME; i++) {
        fault_pool_begin(self, i, 1, FAULT_ASK_POST);
        fault_trip_cancel(&self->loop, &self->trips[i]);
        snprintf(self->urls[i], sizeof self->urls[i], "https://127.0.0.1:%u/", port);
        self->trips[i].canceled = false;
        fault_trip_begin(&self->loop, &self->trips[i]);
    }
    int64_t began_ms = oktai_clock_system_ms();
    fault_pool_run(self, SOME);
    /* By the time for a connection, not by that of the request. */
    assert_true(oktai_clock_system_ms() - began_ms < self->trips[0].request.timeout_ms / 2);
    for (size_t i = 0; i < SOME; i++) {
        fault_expect_trip_failed("silent server", &self->trips[i], OKTA_E_TIMEOUT, false);
    }
    fault_pool_begin(self, 0, 3, FAULT_ASK_POST);
    fault_pool_run(self, 3);
    fault_expect_trip_good("other server", &self->trips[2]);
    close(listener);
}

/* Frames of HTTP/2 (RFC 9113, section 6), as in test_floods.c. */
#define FLOOD_OF(bytes)                                                                                      \
    {                                                                                                        \
        FAULT_FLOOD, FAULT_TEXT(bytes), 0                                                                    \
    }
#define FIRST                                                                                                \
    {                                                                                                        \
        FAULT_H2_STREAM, FAULT_TEXT("/0"), 0                                                                 \
    }
#define HEADERS                                                                                              \
    {                                                                                                        \
        FAULT_H2_HEADERS, NULL, 0, 0                                                                         \
    }
#define TICKETS                                                                                              \
    {                                                                                                        \
        FAULT_TICKETS, NULL, 0, 0                                                                            \
    }

static const struct {
    const char *name;
    const fault_tls_options *tls;
    fault_step script[6];
} floods[] = {
    {"empty DATA", &h2, {READ, READ, FIRST, HEADERS, FLOOD_OF("\0\0\0\0\0\0\0\0\1"), END}},
    {"WINDOW_UPDATE", &h2, {READ, READ, FLOOD_OF("\0\0\4\x8\0\0\0\0\0\0\0\0\1"), END}},
    {"PRIORITY", &h2, {READ, READ, FIRST, HEADERS, FLOOD_OF("\0\0\5\2\0\0\0\0\1\0\0\0\0\x10"), END}},
    {"an unknown frame", &h2, {READ, READ, FLOOD_OF("\0\0\1\xee\0\0\0\0\1x"), END}},
    {"session tickets over HTTP/2", &h2, {READ, READ, TICKETS, END}},
    {"session tickets", &h1, {READ, TICKETS, END}},
    {"interim answers", &h1, {READ, FLOOD("HTTP/1.1 102 x\r\n\r\n"), END}},
};

static bool ended_by_flood(okta_status status, okta_status end)
{
    return status == end || status == OKTA_E_PROTOCOL || status == OKTA_E_TRANSPORT;
}

/* What comes over one connection keeps the loop from nothing else, and its requests end in time. */
static void a_flood_does_not_hold_the_loop(void **state)
{
    fault_pool_world *self = *state;
    for (size_t i = 0; i < COUNT(floods); i++) {
        const fault_plan plan = {.script = floods[i].script, .connections = 1};
        unsigned turns = 0;
        fault_pool_start(self, floods[i].tls, &plan);
        self->timeout_ms = 1000;
        fault_pool_begin(self, 0, 1, FAULT_ASK_GET);
        self->timeout_ms = 0;
        fault_pool_run_until_heard(self, 1);
        if (floods[i].tls->h2) {
            fault_pool_begin(self, 1, 1, FAULT_ASK_GET); /* over the same connection */
            fault_pool_run_until_heard(self, 2);
        } else {
            self->trips[1].ended = true;
        }
        fault_pool_begin(self, 2, 4, FAULT_ASK_BARE_POST);
        while (!self->trips[0].ended) {
            fault_loop_turn(&self->loop);
            turns++;
        }
        if (self->trips[0].attempt.failure == OKTA_E_TIMEOUT && turns < 4) {
            fail_msg("%s: the loop turned %u times", floods[i].name, turns);
        }
        if (!ended_by_flood(self->trips[0].attempt.failure, OKTA_E_TIMEOUT)) {
            fail_msg("%s: %s", floods[i].name, okta_status_name(self->trips[0].attempt.failure));
        }
        if (!self->trips[1].ended) {
            fault_trip_cancel(&self->loop, &self->trips[1]);
            assert_true(ended_by_flood(self->trips[1].attempt.failure, OKTA_E_CANCELED));
        }
        fault_pool_run(self, 6);
        for (size_t k = 2; k < 6; k++) {
            fault_expect_trip_good(floods[i].name, &self->trips[k]);
        }
        fault_pool_stop(self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_POOL_TEST(requests_wait_for_a_look_up),
        FAULT_POOL_TEST(a_look_up_that_fails_ends_those_that_wait),
        FAULT_POOL_TEST(addresses_that_fail_are_looked_up_again),
        FAULT_POOL_TEST(a_pool_may_go_while_a_look_up_hangs),
        FAULT_POOL_TEST(all_end_with_a_handshake_that_does_not),
        FAULT_POOL_TEST(a_flood_does_not_hold_the_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
