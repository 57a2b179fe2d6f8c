/* SPDX-License-Identifier: Apache-2.0 */
/* Many requests in one event loop: each gets its own answer, and what goes wrong with one is its own. */
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_pool_world.h"

#define MANY FAULT_TRIPS
#define SOME 10u
#define EVIL STATUS TYPE "Content-Length: 13\r\n\r\n{\"id\":\"evil\"}"

static const fault_tls_options h1 = {.min_version = TLS1_3_VERSION};
static const fault_tls_options h1_old = {.max_version = TLS1_2_VERSION};
static const fault_tls_options h2 = {.h2 = true};

static const struct {
    const char *name;
    const fault_tls_options *tls;
} protocols[] = {{"plain", NULL}, {"TLS 1.3", &h1}, {"TLS 1.2", &h1_old}, {"HTTP/2", &h2}};

/* Those without streams. */
#define PROTOCOLS_H1 3

static void each_gets_its_answer(void **state)
{
    static const size_t counts[] = {1, SOME, MANY};
    static const fault_plan plan = {.echo = true};
    fault_pool_world *self = *state;
    for (size_t p = 0; p < COUNT(protocols) * COUNT(counts); p++) {
        const char *name = protocols[p / COUNT(counts)].name;
        size_t count = counts[p % COUNT(counts)];
        fault_pool_start(self, protocols[p / COUNT(counts)].tls, &plan);
        for (int round = 0; round < 3; round++) {
            fault_pool_begin(self, 0, count / 2, FAULT_ASK_POST);
            fault_pool_begin(self, count / 2, count - count / 2, FAULT_ASK_GET);
            fault_pool_run(self, count);
            for (size_t i = 0; i < count; i++) {
                fault_expect_trip_echo(name, self, i);
                assert_int_equal(self->trips[i].attempt.resent, 0);
            }
        }
        fault_pool_finish(self);
        assert_int_equal(fault_server_request_count(self->base.world.server), 3 * count);
        assert_true(fault_server_connection_count(self->base.world.server) <= count);
        fault_pool_stop(self);
    }
}

/* Ten connections that are idle, once all ten requests are there. */
#define TEN_GOOD READ, AWAIT(SOME), SEND(FAULT_GOOD)

static void make_ten_connections(fault_pool_world *self, const fault_tls_options *tls,
                                 const fault_step *script)
{
    const fault_plan plan = {.script = script, .connections = SOME};
    fault_pool_start(self, tls, &plan);
    fault_pool_begin(self, 0, SOME, FAULT_ASK_GET);
    fault_pool_run(self, SOME);
    for (size_t i = 0; i < SOME; i++) {
        fault_expect_trip_good("first", &self->trips[i]);
    }
    assert_int_equal(fault_server_connection_count(self->base.world.server), SOME);
}

static void idle_connections_are_used_again(void **state)
{
    static const fault_step script[] = {TEN_GOOD, END};
    fault_pool_world *self = *state;
    for (size_t p = 0; p < PROTOCOLS_H1; p++) {
        make_ten_connections(self, protocols[p].tls, script);
        for (int i = 0; i < 3; i++) {
            fault_pool_begin(self, 0, SOME, FAULT_ASK_POST);
            fault_pool_run(self, SOME);
        }
        fault_pool_finish(self);
        assert_int_equal(fault_server_request_count(self->base.world.server), 4 * SOME);
        assert_int_equal(fault_server_connection_count(self->base.world.server), SOME);
        fault_pool_stop(self);
    }
}

typedef struct surprise {
    const char *name;
    fault_step script[7];
} surprise;

/* What a connection brings while nothing is asked. */
static const surprise surprises[] = {
    {"bytes", {TEN_GOOD, SEND("garbage"), END}},
    {"an answer", {TEN_GOOD, SEND(EVIL), END}},
    {"an interim answer", {TEN_GOOD, SEND("HTTP/1.1 100 Continue\r\n\r\n"), END}},
    {"a 408 and its end", {TEN_GOOD, SEND("HTTP/1.1 408 x\r\nContent-Length: 0\r\n\r\n"), CLOSE, END}},
    {"its end", {TEN_GOOD, CLOSE, END}},
    {"a reset", {TEN_GOOD, RESET, END}},
};

/* All ten are unclean. Each request goes over another connection, once, and nobody sees that. */
static void nothing_that_came_unasked_is_an_answer(void **state)
{
    static const fault_ask asks[] = {FAULT_ASK_GET, FAULT_ASK_POST, FAULT_ASK_BARE_POST};
    fault_pool_world *self = *state;
    for (size_t i = 0; i < COUNT(surprises) * PROTOCOLS_H1 * COUNT(asks); i++) {
        const surprise *unasked = &surprises[i / (PROTOCOLS_H1 * COUNT(asks))];
        make_ten_connections(self, protocols[i % PROTOCOLS_H1].tls, unasked->script);
        fault_server_await_script_ends(self->base.world.server, SOME);
        fault_pool_begin(self, 0, SOME, asks[i / PROTOCOLS_H1 % COUNT(asks)]);
        fault_pool_run(self, SOME);
        for (size_t k = 0; k < SOME; k++) {
            fault_expect_trip_good(unasked->name, &self->trips[k]);
            assert_int_equal(self->trips[k].attempt.resent, 0);
        }
        fault_pool_finish(self);
        assert_int_equal(fault_server_request_count(self->base.world.server), 2 * SOME);
        for (size_t k = SOME; k < 2 * SOME; k++) {
            assert_true(fault_server_request_at(self->base.world.server, k)->connection > SOME);
        }
        fault_pool_stop(self);
    }
}

/* In one TLS record with the answer, or with the end of it: the socket shows nothing of it. */
/* What comes when the next request is on its way is its answer for all that a client can tell: where the
 * server sends both apart, requests wait for each other. */
static void nothing_behind_an_answer_is_the_next_one(void **state)
{
    static const fault_step scripts[][5] = {
        {READ, SEND(FAULT_GOOD EVIL), END},
        {READ, SEND(STATUS TYPE LENGTH "\r\n"), SEND(FAULT_GOOD_BODY EVIL), END},
        {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n" EVIL), END},
        {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n"), SEND(EVIL), END},
    };
    fault_pool_world *self = *state;
    for (size_t i = 0; i < COUNT(scripts) * PROTOCOLS_H1; i++) {
        const fault_plan plan = {.script = scripts[i / PROTOCOLS_H1]};
        const size_t at_once = i / PROTOCOLS_H1 < COUNT(scripts) - 1 ? 3 : 1;
        fault_pool_start(self, protocols[i % PROTOCOLS_H1].tls, &plan);
        for (unsigned k = 0; k < 4; k++) {
            fault_pool_begin(self, 0, at_once, FAULT_ASK_GET);
            fault_pool_run(self, at_once);
            for (size_t n = 0; n < at_once; n++) {
                fault_expect_trip_good(protocols[i % PROTOCOLS_H1].name, &self->trips[n]);
            }
            fault_server_await_script_ends(self->base.world.server,
                                           fault_server_connection_count(self->base.world.server));
        }
        fault_pool_stop(self);
    }
}

/* All ten die under the next request. What only reads is sent once more, over a connection of its own; what
 * must not be sent twice is not. */
static void dead_connections_repeat_reads_only(void **state)
{
    static const fault_step scripts[][6] = {{TEN_GOOD, READ, CLOSE, END}, {TEN_GOOD, READ, RESET, END}};
    fault_pool_world *self = *state;
    for (size_t i = 0; i < COUNT(scripts) * PROTOCOLS_H1 * 2; i++) {
        bool reads = i % 2 == 0;
        make_ten_connections(self, protocols[i / 2 % PROTOCOLS_H1].tls, scripts[i / (2 * PROTOCOLS_H1)]);
        fault_pool_begin(self, 0, SOME, reads ? FAULT_ASK_GET : FAULT_ASK_POST);
        fault_pool_run(self, SOME);
        for (size_t k = 0; k < SOME; k++) {
            assert_int_equal(self->trips[k].attempt.resent, reads ? 1 : 0);
            if (reads) {
                fault_expect_trip_good("T14", &self->trips[k]);
            } else {
                fault_expect_trip_failed("T15", &self->trips[k], OKTA_E_TRANSPORT, true);
            }
        }
        fault_pool_finish(self);
        assert_int_equal(fault_server_request_count(self->base.world.server), (reads ? 3 : 2) * SOME);
        /* Nobody connects for what is not sent. */
        fault_expect_connections("T14", &self->base.world, reads ? 2 * SOME : SOME);
        fault_pool_stop(self);
    }
}

/* Through a proxy, whose answers are none of the server's. */
#define TUNNEL                                                                                               \
    READ, SEND("HTTP/1.1 200 OK\r\nX-From: proxy\r\n\r\n"),                                                  \
    {                                                                                                        \
        FAULT_TUNNEL, NULL, 0, 0                                                                             \
    }

static void tunnels_are_connections_like_others(void **state)
{
    static const fault_step script[] = {TUNNEL, END};
    static const fault_step unclean[] = {TUNNEL, READ, SEND(FAULT_GOOD EVIL), END};
    static const fault_tls_options *const versions[] = {&h1, &h1_old};
    fault_pool_world *self = *state;
    self->host = "127.0.0.1";
    self->is_proxy = true;
    for (size_t i = 0; i < COUNT(versions) * 2; i++) {
        const fault_plan plan = {.script = i < COUNT(versions) ? script : unclean};
        fault_pool_start(self, versions[i % COUNT(versions)], &plan);
        for (int round = 0; round < 3; round++) {
            fault_pool_begin(self, 0, SOME, FAULT_ASK_POST);
            fault_pool_run(self, SOME);
            for (size_t k = 0; k < SOME; k++) {
                fault_expect_trip_good("tunnel", &self->trips[k]);
                assert_int_equal(self->trips[k].response.headers.count, 2);
            }
            fault_server_await_script_ends(self->base.world.server,
                                           fault_server_connection_count(self->base.world.server));
        }
        fault_pool_finish(self);
        unsigned connections = fault_server_connection_count(self->base.world.server);
        assert_true(i < COUNT(versions) ? connections <= SOME : connections == 3 * SOME);
        assert_int_equal(fault_server_request_count(self->base.world.server), 3 * SOME + connections);
        fault_pool_stop(self);
    }
}

static void a_proxy_may_refuse(void **state)
{
    static const fault_step script[] = {READ, SEND("HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n"), END};
    static const fault_plan plan = {.script = script};
    fault_pool_world *self = *state;
    self->host = "127.0.0.1";
    self->is_proxy = true;
    fault_pool_start(self, &h1, &plan);
    fault_pool_begin(self, 0, SOME, FAULT_ASK_POST);
    fault_pool_run(self, SOME);
    for (size_t i = 0; i < SOME; i++) {
        fault_expect_trip_failed("407", &self->trips[i], OKTA_E_AUTH, false);
        assert_true(self->trips[i].attempt.permanent);
    }
}

static void a_fresh_request_has_its_own_connection(void **state)
{
    fault_pool_world *self = *state;
    for (size_t p = 0; p < COUNT(protocols); p++) {
        const fault_plan plan = {.echo = true};
        fault_pool_start(self, protocols[p].tls, &plan);
        for (unsigned i = 0; i < 3; i++) {
            fault_pool_begin(self, 0, 1, FAULT_ASK_GET);
            fault_pool_run(self, 1);
        }
        fault_pool_begin(self, 0, SOME, FAULT_ASK_BARE_POST);
        fault_pool_run(self, SOME);
        fault_pool_finish(self);
        for (size_t i = 0; i < SOME; i++) {
            fault_expect_trip_echo(protocols[p].name, self, i);
        }
        assert_int_equal(fault_server_connection_count(self->base.world.server), 1 + SOME);
        fault_pool_stop(self);
    }
}

/* One is canceled before it is sent, one while the server is silent, one within its answer; others go on. */
static void a_cancel_ends_one(void **state)
{
    static const fault_step script[] = {READ, SEND(STATUS TYPE LENGTH "\r\n{"), AWAIT(4),
                                        SEND("\"id\":\"good\"}"), END};
    fault_pool_world *self = *state;
    for (size_t p = 0; p < PROTOCOLS_H1; p++) {
        const fault_plan plan = {.script = script};
        fault_pool_start(self, protocols[p].tls, &plan);
        fault_pool_begin(self, 0, 4, FAULT_ASK_GET);
        fault_trip_cancel(&self->loop, &self->trips[0]);
        fault_expect_trip_failed("at once", &self->trips[0], OKTA_E_CANCELED, false);
        fault_pool_run_until_heard(self, 3);
        fault_trip_cancel(&self->loop, &self->trips[1]);
        fault_expect_trip_failed("later", &self->trips[1], OKTA_E_CANCELED, true);
        fault_pool_begin(self, 4, 1, FAULT_ASK_POST);
        fault_loop_run(&self->loop, self->trips, 5, 5);
        for (size_t i = 2; i < 5; i++) {
            fault_expect_trip_good(protocols[p].name, &self->trips[i]);
        }
        fault_pool_stop(self);
    }
}

/* Whoever drives it may be told of a cancel by the request's own flag only. */
static void a_flag_cancels_too(void **state)
{
    static const fault_step script[] = {READ, STALL, END};
    const fault_plan plan = {.script = script};
    fault_pool_world *self = *state;
    fault_pool_start(self, NULL, &plan);
    fault_pool_begin(self, 0, 2, FAULT_ASK_GET);
    fault_pool_run_until_heard(self, 2);
    atomic_store(&self->trips[1].canceled, true);
    fault_loop_run(&self->loop, self->trips, 2, 1);
    fault_expect_trip_failed("flag", &self->trips[1], OKTA_E_CANCELED, true);
    assert_false(self->trips[0].ended);
    fault_pool_stop(self);
}

static void a_deadline_ends_one(void **state)
{
    static const fault_step scripts[][4] = {{READ, STALL, END},
                                            {READ, SEND(STATUS TYPE LENGTH "\r\n{"), STALL, END}};
    fault_pool_world *self = *state;
    for (size_t i = 0; i < PROTOCOLS_H1 * COUNT(scripts); i++) {
        const fault_plan plan = {.script = scripts[i / PROTOCOLS_H1], .connections = 1};
        fault_pool_start(self, protocols[i % PROTOCOLS_H1].tls, &plan);
        self->timeout_ms = 300;
        fault_pool_begin(self, 0, 1, FAULT_ASK_GET);
        self->timeout_ms = 0;
        fault_pool_run_until_heard(self, 1);
        fault_pool_begin(self, 1, 3, FAULT_ASK_GET);
        fault_pool_run(self, 4);
        fault_expect_trip_failed("deadline", &self->trips[0], OKTA_E_TIMEOUT, true);
        for (size_t k = 1; k < 4; k++) {
            fault_expect_trip_good("beside it", &self->trips[k]);
        }
        fault_pool_stop(self);
    }
}

static size_t count_descriptors(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

/* Answers, losses and cancels, a hundred of them: neither descriptors nor watched sockets pile up. */
static void descriptors_stay_constant(void **state)
{
    static const fault_step script[] = {READ, SEND(FAULT_GOOD), READ, CLOSE, END};
    fault_pool_world *self = *state;
    size_t before = 0;
    for (size_t p = 0; p < COUNT(protocols); p++) {
        bool streams = p == PROTOCOLS_H1;
        const fault_plan plan = {.script = streams ? NULL : script};
        for (int round = 0; round < 102; round++) {
            if (round == 1) { /* what libraries open once, they have opened */
                before = count_descriptors();
            }
            fault_pool_start(self, protocols[p].tls, &plan);
            fault_pool_begin(self, 0, 2, FAULT_ASK_POST);
            fault_pool_run(self, 2);
            fault_pool_begin(self, 0, 3, FAULT_ASK_GET);
            fault_trip_cancel(&self->loop, &self->trips[2]);
            fault_pool_run(self, 3);
            fault_pool_begin(self, 0, 1, FAULT_ASK_GET); /* nobody waits for it */
            fault_pool_stop(self);
        }
        assert_int_equal(count_descriptors(), before);
    }
}

/* It ends the request that needs it: neither others on their way nor those behind it. */
static void a_socket_that_cannot_be_watched_ends_one_request(void **state)
{
    fault_pool_world *self = *state;
    for (size_t p = 0; p < COUNT(protocols); p++) {
        const char *label = protocols[p].name;
        const fault_plan plan = {.echo = true};
        fault_pool_start(self, protocols[p].tls, &plan);
        self->loop.refuse = 1;
        fault_pool_begin(self, 0, 4, FAULT_ASK_GET);
        fault_pool_run(self, 4);
        fault_expect_trip_failed(label, &self->trips[0], OKTA_E_NOMEM, false);
        for (size_t i = 1; i < 4; i++) {
            fault_expect_trip_echo(label, self, i);
        }
        self->loop.refuse = 1;
        fault_pool_begin(self, 0, 1, FAULT_ASK_BARE_POST);
        fault_pool_run(self, 1);
        fault_expect_trip_failed(label, &self->trips[0], OKTA_E_NOMEM, false);
        fault_pool_begin(self, 0, 4, FAULT_ASK_GET);
        fault_pool_run(self, 4);
        for (size_t i = 0; i < 4; i++) {
            fault_expect_trip_echo(label, self, i);
        }
        fault_pool_stop(self);
    }
}

static void connections_are_not_piled_up(void **state)
{
    fault_pool_world *self = *state;
    for (size_t p = 0; p < COUNT(protocols); p++) {
        const fault_plan plan = {.echo = true};
        fault_pool_start(self, protocols[p].tls, &plan);
        for (int round = 0; round < 100; round++) {
            fault_pool_begin(self, 0, 4, FAULT_ASK_GET);
            fault_pool_run(self, 4);
        }
        fault_pool_finish(self);
        assert_true(fault_server_connection_count(self->base.world.server) <= 4);
        assert_true(self->loop.most <= 4);
        fault_pool_stop(self);
    }
}

/* A loop of a thread of its own, beside others of the same client. */
static void *loop_alone(void *context)
{
    fault_pool_world *self = context;
    static const char *const headers[] = {"Accept: application/json", NULL};
    fault_loop loop;
    fault_trip trips[4];
    char url[128];
    snprintf(url, sizeof url, "%s" FAULT_PATH, self->base.world.client->base_url);
    fault_loop_start(&loop, &self->base.world.client->transport);
    bool good = true;
    memset(trips, 0, sizeof trips);
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < COUNT(trips); i++) {
            fault_trip_clear(&trips[i]);
            trips[i] = (fault_trip){
                .request = {
                    .method = "POST", .url = url, .headers = headers, .fresh = i == 0, .timeout_ms = 20000}};
            fault_trip_begin(&loop, &trips[i]);
        }
        fault_loop_run(&loop, trips, COUNT(trips), COUNT(trips));
        for (size_t i = 0; i < COUNT(trips); i++) {
            good = good && trips[i].attempt.failure == OKTA_OK;
        }
    }
    for (size_t i = 0; i < COUNT(trips); i++) {
        fault_trip_clear(&trips[i]);
    }
    fault_loop_stop(&loop);
    return good ? self : NULL;
}

static void loops_of_several_threads_share_a_client(void **state)
{
    fault_pool_world *self = *state;
    for (size_t p = 0; p < COUNT(protocols); p++) {
        const fault_plan plan = {0};
        pthread_t threads[4];
        fault_pool_start(self, protocols[p].tls, &plan);
        for (size_t i = 0; i < COUNT(threads); i++) {
            assert_int_equal(pthread_create(&threads[i], NULL, loop_alone, self), 0);
        }
        for (size_t i = 0; i < COUNT(threads); i++) {
            void *good = NULL;
            pthread_join(threads[i], &good);
            assert_non_null(good);
        }
        fault_pool_finish(self);
        assert_int_equal(fault_server_request_count(self->base.world.server), COUNT(threads) * 20 * 4);
        if (protocols[p].tls != NULL) {
            unsigned handshakes = fault_server_handshake_count(self->base.world.server);
            assert_true(handshakes - fault_server_resumption_count(self->base.world.server) <= 16);
        }
        fault_pool_stop(self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_POOL_TEST(each_gets_its_answer),
        FAULT_POOL_TEST(idle_connections_are_used_again),
        FAULT_POOL_TEST(nothing_that_came_unasked_is_an_answer),
        FAULT_POOL_TEST(nothing_behind_an_answer_is_the_next_one),
        FAULT_POOL_TEST(dead_connections_repeat_reads_only),
        FAULT_POOL_TEST(tunnels_are_connections_like_others),
        FAULT_POOL_TEST(a_proxy_may_refuse),
        FAULT_POOL_TEST(a_fresh_request_has_its_own_connection),
        FAULT_POOL_TEST(a_cancel_ends_one),
        FAULT_POOL_TEST(a_flag_cancels_too),
        FAULT_POOL_TEST(a_deadline_ends_one),
        FAULT_POOL_TEST(descriptors_stay_constant),
        FAULT_POOL_TEST(a_socket_that_cannot_be_watched_ends_one_request),
        FAULT_POOL_TEST(connections_are_not_piled_up),
        FAULT_POOL_TEST(loops_of_several_threads_share_a_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
