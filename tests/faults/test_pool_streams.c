/* SPDX-License-Identifier: Apache-2.0 */
/* Many requests as streams of one connection (HTTP/2): what one of them meets is its own, and what all of
 * them meet ends each as the protocol says. Error codes are those of RFC 9113, section 7. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_pool_world.h"
#include "okta/call.h"

#define STEP(act, number)                                                                                    \
    {                                                                                                        \
        act, NULL, 0, number                                                                                 \
    }
/* Of the trip with that number. */
#define STREAM(number)                                                                                       \
    {                                                                                                        \
        FAULT_H2_STREAM, FAULT_TEXT("/" #number), 0                                                          \
    }
#define HEADERS        STEP(FAULT_H2_HEADERS, 0)
#define LAST           STEP(FAULT_H2_END, 0)
#define RESET_AS(code) STEP(FAULT_H2_RESET, code)
#define GOAWAY         STEP(FAULT_H2_GOAWAY, 0)
#define GOAWAY_BEFORE  STEP(FAULT_H2_GOAWAY_BEFORE, 0)
#define DATA(text)                                                                                           \
    {                                                                                                        \
        FAULT_H2_DATA, FAULT_TEXT(text), 0                                                                   \
    }
#define TWO_STREAMS    STEP(FAULT_H2_STREAMS, 2)
#define ANSWER(number) STREAM(number), HEADERS, DATA(FAULT_GOOD_BODY), LAST

#define INTERNAL_ERROR 2
#define REFUSED_STREAM 7

static const fault_tls_options h2 = {.h2 = true};

/* What becomes of one request. */
typedef enum fate {
    GOOD,
    SENT_AGAIN,
    LOST,
    EITHER, /* of the latter two: libcurl does not find out about all streams what the protocol says */
} fate;

typedef struct scene {
    const char *name;
    fault_step script[24]; /* of the first connection; further ones give good answers */
    bool warm;             /* one request goes before the three, alone */
    fate reads[3];
    fate writes[3];
    unsigned connections; /* behind one more request */
} scene;

static const scene scenes[] = {
    {"answers in another order",
     {READ, READ, READ, ANSWER(2), ANSWER(0), ANSWER(1), END},
     false,
     {GOOD, GOOD, GOOD},
     {GOOD, GOOD, GOOD},
     1},
    {"answers in pieces",
     {READ,
      READ,
      READ,
      STREAM(0),
      HEADERS,
      STREAM(1),
      HEADERS,
      STREAM(2),
      HEADERS,
      DATA("{\"id\""),
      STREAM(1),
      DATA("{\"id\""),
      STREAM(0),
      DATA("{\"id\""),
      DATA(":\"good\"}"),
      LAST,
      STREAM(2),
      DATA(":\"good\"}"),
      LAST,
      STREAM(1),
      DATA(":\"good\"}"),
      LAST,
      END},
     false,
     {GOOD, GOOD, GOOD},
     {GOOD, GOOD, GOOD},
     1},
    {"RST_STREAM for one",
     {READ, READ, READ, STREAM(1), RESET_AS(INTERNAL_ERROR), ANSWER(0), ANSWER(2), END},
     false,
     {GOOD, LOST, GOOD},
     {GOOD, LOST, GOOD},
     2},
    {"RST_STREAM for one within its answer",
     {READ, READ, READ, STREAM(1), HEADERS, DATA("{\"id\""), RESET_AS(INTERNAL_ERROR), ANSWER(0), ANSWER(2),
      END},
     false,
     {GOOD, LOST, GOOD},
     {GOOD, LOST, GOOD},
     2},
    {"REFUSED_STREAM for one",
     {READ, READ, READ, STREAM(1), RESET_AS(REFUSED_STREAM), ANSWER(0), ANSWER(2), END},
     false,
     {GOOD, SENT_AGAIN, GOOD},
     {GOOD, LOST, GOOD},
     2},
    {"less than its length for one",
     {READ, READ, READ, STREAM(1), HEADERS, DATA("{\"id\""), LAST, ANSWER(0), ANSWER(2), END},
     false,
     {GOOD, LOST, GOOD},
     {GOOD, LOST, GOOD},
     2},
    {"GOAWAY that covers the first",
     {READ, ANSWER(0), READ, READ, READ, STREAM(0), GOAWAY, ANSWER(0), DRAIN},
     true,
     {GOOD, EITHER, EITHER},
     {GOOD, LOST, LOST},
     2},
    {"GOAWAY that covers all",
     {READ, ANSWER(0), READ, READ, READ, STREAM(2), GOAWAY, ANSWER(0), ANSWER(2), ANSWER(1), DRAIN},
     true,
     {GOOD, GOOD, GOOD},
     {GOOD, GOOD, GOOD},
     2},
    {"GOAWAY that covers none",
     {READ, ANSWER(0), READ, READ, READ, GOAWAY_BEFORE, DRAIN},
     true,
     {EITHER, EITHER, EITHER},
     {LOST, LOST, LOST},
     2},
    {"closed",
     {READ, ANSWER(0), READ, READ, READ, CLOSE, END},
     true,
     {EITHER, EITHER, EITHER},
     {LOST, LOST, LOST},
     2},
    {"reset",
     {READ, ANSWER(0), READ, READ, READ, RESET, END},
     true,
     {EITHER, EITHER, EITHER},
     {LOST, LOST, LOST},
     2},
    {"closed behind one answer",
     {READ, ANSWER(0), READ, READ, READ, ANSWER(1), CLOSE, END},
     true,
     {EITHER, GOOD, EITHER},
     {LOST, GOOD, LOST},
     2},
};

static void expect_fate(const scene *played, const fault_trip *trip, fate expected)
{
    if (expected == EITHER) {
        expected = trip->attempt.failure == OKTA_OK ? SENT_AGAIN : LOST;
    }
    if (expected == LOST) {
        fault_expect_trip_failed(played->name, trip, OKTA_E_TRANSPORT, true);
    } else {
        fault_expect_trip_good(played->name, trip);
    }
    if (trip->attempt.resent != (expected == SENT_AGAIN ? 1 : 0)) {
        fail_msg("%s: sent again %u times", played->name, trip->attempt.resent);
    }
}

/* Their streams are numbered as they are. */
static void begin_in_order(fault_pool_world *self, size_t first, size_t count, fault_ask ask)
{
    unsigned heard = fault_server_request_count(self->base.world.server);
    for (size_t i = 0; i < count; i++) {
        fault_pool_begin(self, first + i, 1, ask);
        fault_pool_run_until_heard(self, heard + (unsigned)i + 1);
    }
}

static void play(fault_pool_world *self, const scene *played, fault_ask ask)
{
    const fate *fates = ask == FAULT_ASK_GET ? played->reads : played->writes;
    const fault_plan plan = {.script = played->script, .connections = 1};
    unsigned heard = played->warm ? 5 : 4;
    fault_pool_start(self, &h2, &plan);
    if (played->warm) {
        fault_pool_begin(self, 0, 1, FAULT_ASK_GET);
        fault_pool_run(self, 1);
    }
    begin_in_order(self, 0, 3, ask);
    fault_pool_run(self, 3);
    for (size_t i = 0; i < 3; i++) {
        expect_fate(played, &self->trips[i], fates[i]);
        heard += self->trips[i].attempt.resent;
    }
    fault_pool_begin(self, 3, 1, ask);
    fault_pool_run(self, 4);
    fault_expect_trip_good(played->name, &self->trips[3]);
    fault_pool_finish(self);
    assert_int_equal(fault_server_request_count(self->base.world.server), heard);
    fault_expect_connections(played->name, &self->base.world, played->connections);
    fault_pool_stop(self);
}

static void each_stream_has_its_fate(void **state)
{
    for (size_t i = 0; i < COUNT(scenes); i++) {
        play(*state, &scenes[i], FAULT_ASK_GET);
        play(*state, &scenes[i], FAULT_ASK_POST);
    }
}

/* The others go on over the connection; and so do further ones, since it showed that it lives. */
static void a_cancel_ends_one_stream(void **state)
{
    static const fault_step script[] = {READ, READ,      READ,      READ,      ANSWER(0),
                                        READ, ANSWER(4), ANSWER(3), ANSWER(1), END};
    const fault_plan plan = {.script = script};
    fault_pool_world *self = *state;
    fault_pool_start(self, &h2, &plan);
    fault_pool_begin(self, 0, 4, FAULT_ASK_POST);
    fault_loop_run(&self->loop, self->trips, 4, 1);
    fault_trip_cancel(&self->loop, &self->trips[2]);
    fault_expect_trip_failed("cancel", &self->trips[2], OKTA_E_CANCELED, true);
    fault_pool_begin(self, 4, 1, FAULT_ASK_POST);
    fault_pool_run(self, 5);
    for (size_t i = 0; i < 5; i++) {
        if (i != 2) {
            fault_expect_trip_good("cancel", &self->trips[i]);
        }
    }
    fault_pool_finish(self);
    fault_expect_connections("cancel", &self->base.world, 1);
    fault_pool_stop(self);
}

/* Where nothing came since, the connection may be dead: others on it go on, and further ones have another. */
static void a_silent_connection_serves_no_more(void **state)
{
    static const fault_step script[] = {READ, READ, READ, AWAIT(4), ANSWER(0), ANSWER(2), NEXT, END};
    const fault_plan plan = {.script = script, .connections = 2};
    fault_pool_world *self = *state;
    for (int cancels = 0; cancels < 2; cancels++) {
        fault_pool_start(self, &h2, &plan);
        fault_pool_begin(self, 0, 1, FAULT_ASK_POST);
        self->timeout_ms = cancels ? 0 : 300;
        fault_pool_begin(self, 1, 1, FAULT_ASK_POST);
        self->timeout_ms = 0;
        fault_pool_begin(self, 2, 1, FAULT_ASK_POST);
        fault_pool_run_until_heard(self, 3);
        if (cancels) {
            fault_trip_cancel(&self->loop, &self->trips[1]);
        }
        fault_loop_run(&self->loop, self->trips, 3, 1);
        fault_expect_trip_failed("silent", &self->trips[1], cancels ? OKTA_E_CANCELED : OKTA_E_TIMEOUT, true);
        fault_pool_begin(self, 3, 1, FAULT_ASK_POST);
        fault_pool_run(self, 4);
        fault_expect_trip_good("silent", &self->trips[0]);
        fault_expect_trip_good("silent", &self->trips[2]);
        fault_expect_trip_good("silent", &self->trips[3]);
        fault_pool_finish(self);
        fault_expect_connections("silent", &self->base.world, 2);
        fault_pool_stop(self);
    }
}

/* Frames for the first stream (RFC 9113, section 6). HEADERS: `:status: 200`, without and with END_STREAM. */
#define OPEN  "\0\0\1\1\4\0\0\0\1\x88"
#define EMPTY "\0\0\1\1\5\0\0\0\1\x88"
#define NUMBER                                                                                               \
    "\0\0\2\0\0\0\0\0\1"                                                                                     \
    "12"
#define NUMBER_END                                                                                           \
    "\0\0\2\0\1\0\0\0\1"                                                                                     \
    "12"
#define BAD_PING "\0\0\1\6\0\0\0\0\0x"

typedef struct cut {
    const char *name;
    fault_step script[16];
    fate fates[3];
    const char *body; /* of the first */
} cut;

/* Answers of the first stream that have no length. What becomes of the connection shows whether they are
 * whole. */
static const cut cuts[] = {
    {"number, then the frame of an error",
     {READ, READ, READ, SEND(OPEN NUMBER), SEND(BAD_PING), DRAIN},
     {LOST, LOST, LOST},
     NULL},
    {"number, then the frame of an error, in one",
     {READ, READ, READ, SEND(OPEN NUMBER BAD_PING), CLOSE, END},
     {LOST, LOST, LOST},
     NULL},
    {"number, then an answer, then an error",
     {READ, READ, READ, SEND(OPEN NUMBER), ANSWER(1), SEND(BAD_PING), CLOSE, END},
     {LOST, GOOD, LOST},
     NULL},
    {"number, then answers",
     {READ, READ, READ, SEND(OPEN NUMBER_END), ANSWER(1), ANSWER(2), END},
     {GOOD, GOOD, GOOD},
     "12"},
    {"nothing, then answers",
     {READ, READ, READ, SEND(EMPTY), ANSWER(1), ANSWER(2), END},
     {GOOD, GOOD, GOOD},
     ""},
    {"answers, then nothing",
     {READ, READ, READ, ANSWER(1), ANSWER(2), SEND(EMPTY), END},
     {GOOD, GOOD, GOOD},
     ""},
};

static void expect_cut(const cut *row, const fault_trip *trips)
{
    for (size_t i = 0; i < 3; i++) {
        const fault_trip *trip = &trips[i];
        if (row->fates[i] == LOST) {
            fault_expect_trip_failed(row->name, trip, OKTA_E_TRANSPORT, true);
        } else if (i > 0) {
            fault_expect_trip_good(row->name, trip);
        } else if (trip->attempt.failure != OKTA_OK || trip->response.body.length != strlen(row->body)) {
            fail_msg("%s: %s: %s", row->name, okta_status_name(trip->attempt.failure), trip->reason);
        }
    }
}

static void a_cut_answer_is_not_taken_for_a_whole_one(void **state)
{
    fault_pool_world *self = *state;
    for (size_t i = 0; i < COUNT(cuts); i++) {
        const fault_plan plan = {.script = cuts[i].script, .connections = 1};
        fault_pool_start(self, &h2, &plan);
        begin_in_order(self, 0, 3, FAULT_ASK_POST);
        fault_pool_run(self, 3);
        expect_cut(&cuts[i], self->trips);
        fault_pool_begin(self, 3, 1, FAULT_ASK_POST);
        fault_pool_run(self, 4);
        fault_expect_trip_good(cuts[i].name, &self->trips[3]);
        fault_pool_stop(self);
    }
}

/* Wait until so many sockets have input, and tell the pool of all before it is asked what ended. */
static void read_at_once(fault_loop *loop, size_t count)
{
    struct pollfd polled[FAULT_LOOP_SOCKETS];
    size_t watched = loop->count;
    size_t ready = 0;
    memcpy(polled, loop->watched, watched * sizeof *polled);
    while (ready < count) {
        assert_true(poll(polled, (nfds_t)watched, -1) > 0);
        ready = 0;
        for (size_t i = 0; i < watched; i++) {
            ready += (polled[i].revents & POLLIN) != 0;
        }
    }
    for (size_t i = 0; i < watched; i++) {
        if (polled[i].revents != 0) {
            oktai_pool_on_socket(loop->pool, polled[i].fd, OKTAI_WATCH_INPUT);
        }
    }
}

/* A request of its own connection, while the loop stands still. */
static void ask_beside(fault_pool_world *self)
{
    okta_call *call = okta_request_call(self->base.world.client, "GET", FAULT_PATH, NULL);
    assert_null(okta_call_run(call));
    okta_free(call);
}

/* libcurl tells one stream of each, and nobody's time has to come for the others. */
static void connections_that_break_at_once_end_all_their_streams(void **state)
{
    static const fault_step script[] = {READ,     TWO_STREAMS,    ANSWER(0),      READ,  READ,
                                        AWAIT(6), SEND(BAD_PING), DRAIN,          NEXT,  READ,
                                        READ,     AWAIT(6),       SEND(BAD_PING), DRAIN, END};
    const fault_plan plan = {.script = script, .connections = 2};
    fault_pool_world *self = *state;
    fault_pool_start(self, &h2, &plan);
    fault_pool_begin(self, 0, 1, FAULT_ASK_GET);
    fault_pool_run(self, 1);
    begin_in_order(self, 1, 4, FAULT_ASK_POST);
    ask_beside(self);
    read_at_once(&self->loop, 2);
    fault_loop_take_ends(&self->loop);
    for (size_t i = 1; i < 5; i++) {
        fault_expect_trip_failed("at once", &self->trips[i], OKTA_E_TRANSPORT, true);
    }
    fault_pool_finish(self);
    fault_expect_connections("at once", &self->base.world, 3);
}

/* Another one is still without its answer when a later one shows that the connection lives. */
static void a_later_answer_is_a_proof(void **state)
{
    static const fault_step script[] = {READ, READ,      SEND(EMPTY), READ, ANSWER(2),
                                        READ, ANSWER(1), ANSWER(3),   END};
    const fault_plan plan = {.script = script};
    fault_pool_world *self = *state;
    fault_pool_start(self, &h2, &plan);
    begin_in_order(self, 0, 2, FAULT_ASK_POST);
    for (int i = 0; i < 20; i++) { /* until libcurl has the first answer */
        fault_loop_turn_for(&self->loop, 5);
    }
    assert_false(self->trips[0].ended);
    fault_pool_begin(self, 2, 1, FAULT_ASK_POST);
    fault_loop_run(&self->loop, self->trips, 3, 2);
    assert_true(self->trips[0].ended);
    assert_false(self->trips[1].ended);
    assert_int_equal(self->trips[0].attempt.failure, OKTA_OK);
    assert_int_equal(self->trips[0].response.body.length, 0);
    fault_pool_begin(self, 3, 1, FAULT_ASK_POST);
    fault_pool_run(self, 4);
    fault_pool_finish(self);
    fault_expect_connections("proof", &self->base.world, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_POOL_TEST(each_stream_has_its_fate),
        FAULT_POOL_TEST(a_cancel_ends_one_stream),
        FAULT_POOL_TEST(a_silent_connection_serves_no_more),
        FAULT_POOL_TEST(a_cut_answer_is_not_taken_for_a_whole_one),
        FAULT_POOL_TEST(connections_that_break_at_once_end_all_their_streams),
        FAULT_POOL_TEST(a_later_answer_is_a_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
