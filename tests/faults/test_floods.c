/* SPDX-License-Identifier: Apache-2.0 */
/* Servers that send without an end what is no answer: deadlines and cancels hold all the same. The machine's
 * own lateness is measured by a thread that only waits, and does not count. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_script.h"
#include "faults/fault_tls_world.h"

#define DEADLINE_MS 300
#define LATE_MS     500

/* Frames of HTTP/2 (RFC 9113, section 6) for the first stream. */
#define EMPTY_DATA                                                                                           \
    {                                                                                                        \
        FAULT_FLOOD, FAULT_TEXT("\0\0\0\0\0\0\0\0\1"), 0                                                     \
    }
#define WINDOW_UPDATE                                                                                        \
    {                                                                                                        \
        FAULT_FLOOD, FAULT_TEXT("\0\0\4\x8\0\0\0\0\0\0\0\0\1"), 0                                            \
    }
#define PRIORITY                                                                                             \
    {                                                                                                        \
        FAULT_FLOOD, FAULT_TEXT("\0\0\5\2\0\0\0\0\1\0\0\0\0\x10"), 0                                         \
    }
#define UNKNOWN_FRAME                                                                                        \
    {                                                                                                        \
        FAULT_FLOOD, FAULT_TEXT("\0\0\1\xee\0\0\0\0\1x"), 0                                                  \
    }
#define HEADERS                                                                                              \
    {                                                                                                        \
        FAULT_H2_HEADERS, NULL, 0, 0                                                                         \
    }
/* An answer without a length: `:status: 200` and a body that no END_STREAM ends. */
#define OPEN_LIST                                                                                            \
    SEND("\0\0\1\1\4\0\0\0\1\x88"                                                                            \
         "\0\0\2\0\0\0\0\0\1[]")
/* What may follow a body once, as its end: fields. Here they end nothing. */
#define TRAILERS                                                                                             \
    {                                                                                                        \
        FAULT_FLOOD, FAULT_TEXT("\0\0\5\1\4\0\0\0\1\0\1x\1y"), 0                                             \
    }
/* A frame that breaks the connection, in the record of the answer: libcurl 7.88 waits behind it. */
#define BROKEN_LIST                                                                                          \
    SEND("\0\0\1\1\4\0\0\0\1\x88"                                                                            \
         "\0\0\2\0\0\0\0\0\1[{"                                                                              \
         "\0\0\1\6\0\0\0\0\0x")
#define RESET_LIST                                                                                           \
    SEND("\0\0\1\1\4\0\0\0\1\x88"                                                                            \
         "\0\0\4\3\0\0\0\0\1\0\0\0\0")
#define TICKETS                                                                                              \
    {                                                                                                        \
        FAULT_TICKETS, NULL, 0, 0                                                                            \
    }

static const fault_tls_options h1 = {.min_version = TLS1_3_VERSION};
static const fault_tls_options h2 = {.h2 = true};

static const struct {
    const char *name;
    const fault_tls_options *tls;
    fault_step script[4];
} floods[] = {
    {"empty DATA", &h2, {READ, HEADERS, EMPTY_DATA, END}},
    {"WINDOW_UPDATE before the answer", &h2, {READ, WINDOW_UPDATE, END}},
    {"WINDOW_UPDATE inside the answer", &h2, {READ, HEADERS, WINDOW_UPDATE, END}},
    {"PRIORITY before the answer", &h2, {READ, PRIORITY, END}},
    {"PRIORITY inside the answer", &h2, {READ, HEADERS, PRIORITY, END}},
    {"frames of an unknown type", &h2, {READ, HEADERS, UNKNOWN_FRAME, END}},
    {"WINDOW_UPDATE behind a whole list", &h2, {READ, OPEN_LIST, WINDOW_UPDATE, END}},
    {"empty DATA behind a whole list", &h2, {READ, OPEN_LIST, EMPTY_DATA, END}},
    {"session tickets behind a whole list", &h2, {READ, OPEN_LIST, TICKETS, END}},
    {"trailers behind a whole list", &h2, {READ, OPEN_LIST, TRAILERS, END}},
    {"a broken PING with the answer, then silence", &h2, {READ, BROKEN_LIST, DRAIN}},
    {"RST_STREAM NO_ERROR with the answer, then silence", &h2, {READ, RESET_LIST, DRAIN}},
    {"session tickets", &h1, {READ, TICKETS, END}},
    {"session tickets inside the answer", &h1, {READ, SEND(STATUS TYPE LENGTH "\r\n{"), TICKETS, END}},
    {"session tickets over HTTP/2", &h2, {READ, HEADERS, TICKETS, END}},
    {"interim answers", &h1, {READ, {FAULT_FLOOD, FAULT_TEXT("HTTP/1.1 102 x\r\n\r\n"), 0}, END}},
    {"an extension of a chunk",
     &h1,
     {READ, SEND(CHUNKED "d;"), {FAULT_FLOOD, FAULT_TEXT("xxxxxxxxxxxxxxxx"), 0}, END}},
};

/* How late a thread is that does nothing but wait for the deadline. */
typedef struct idler {
    pthread_mutex_t lock;
    pthread_cond_t never;
    struct timespec until;
    int64_t until_ms;
    int64_t late_ms;
} idler;

static void *idle(void *context)
{
    idler *self = context;
    pthread_mutex_lock(&self->lock);
    while (pthread_cond_timedwait(&self->never, &self->lock, &self->until) != ETIMEDOUT) {
    }
    pthread_mutex_unlock(&self->lock);
    self->late_ms = oktai_clock_system_ms() - self->until_ms;
    return NULL;
}

static void begin_idling(idler *self, pthread_t *thread)
{
    pthread_condattr_t attributes;
    *self = (idler){.until_ms = oktai_clock_system_ms() + DEADLINE_MS};
    self->until.tv_sec = (time_t)(self->until_ms / 1000);
    self->until.tv_nsec = (long)(self->until_ms % 1000) * 1000000;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->never, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&self->lock, NULL);
    assert_int_equal(pthread_create(thread, NULL, idle, self), 0);
}

static void end_idling(idler *self, pthread_t thread)
{
    pthread_join(thread, NULL);
    pthread_cond_destroy(&self->never);
    pthread_mutex_destroy(&self->lock);
}

static void start(fault_tls_world *self, size_t which)
{
    fault_tls_start(&self->tls, floods[which].tls);
    const fault_plan plan = {.script = floods[which].script, .connections = 1, .tls = self->tls.context};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.ca_file = self->tls.ca_file;
    options.proxy = "";
    fault_world_start(&self->world, &plan, &options);
    oktai_client_set_clock(self->world.client, &oktai_system_clock);
}

/* Some floods end by a limit before their deadline or the cancel, and one breaks its connection. */
static void expect_end(const char *name, okta_status status, okta_status end)
{
    if (status != end && status != OKTA_E_PROTOCOL && status != OKTA_E_TRANSPORT) {
        fail_msg("%s: %s", name, okta_status_name(status));
    }
}

static void a_deadline_holds(void **state)
{
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(floods); i++) {
        pthread_t thread;
        idler beside;
        start(self, i);
        okta_call *call = okta_request_call(self->world.client, "GET", FAULT_PATH, NULL);
        okta_call_set_timeout_ms(call, DEADLINE_MS);
        okta_call_set_max_retries(call, 0);
        begin_idling(&beside, &thread);
        fault_outcome outcome = fault_run(call);
        int64_t late_ms = oktai_clock_system_ms() - beside.until_ms;
        end_idling(&beside, thread);
        expect_end(floods[i].name, outcome.status, OKTA_E_TIMEOUT);
        if (late_ms - (beside.late_ms > 0 ? beside.late_ms : 0) > LATE_MS) {
            fail_msg("%s: %lld ms after the deadline", floods[i].name, (long long)late_ms);
        }
        fault_expect_good(floods[i].name, &self->world);
        fault_tls_world_stop(self);
    }
}

static void *cancel_when_heard(void *context)
{
    okta_call *call = ((void **)context)[0];
    fault_server_await_requests(((void **)context)[1], 1);
    okta_call_cancel(call);
    return NULL;
}

static void a_cancel_holds(void **state)
{
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(floods); i++) {
        pthread_t thread;
        pthread_t canceler;
        idler beside;
        start(self, i);
        okta_call *call = okta_request_call(self->world.client, "GET", FAULT_PATH, NULL);
        okta_call_set_max_retries(call, 0);
        void *context[] = {call, self->world.server};
        begin_idling(&beside, &thread);
        assert_int_equal(pthread_create(&canceler, NULL, cancel_when_heard, context), 0);
        okta_error *error = okta_call_run(call);
        pthread_join(canceler, NULL);
        int64_t late_ms = oktai_clock_system_ms() - beside.until_ms;
        end_idling(&beside, thread);
        expect_end(floods[i].name, okta_error_status(error), OKTA_E_CANCELED);
        if (late_ms - (beside.late_ms > 0 ? beside.late_ms : 0) > LATE_MS) {
            fail_msg("%s: canceled, and back %lld ms later", floods[i].name, (long long)late_ms);
        }
        okta_free(error);
        okta_free(call);
        fault_expect_good(floods[i].name, &self->world);
        fault_tls_world_stop(self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TLS_TEST(a_deadline_holds),
        FAULT_TLS_TEST(a_cancel_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
