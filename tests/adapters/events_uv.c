/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "adapters/driven.h"
#include "okta/adapters/uv.h"

int __real_uv_poll_init(uv_loop_t *uv, uv_poll_t *poll, int fd);
int __wrap_uv_poll_init(uv_loop_t *uv, uv_poll_t *poll, int fd);

static bool refuses_all;

int __wrap_uv_poll_init(uv_loop_t *uv, uv_poll_t *poll, int fd)
{
    return refuses_all ? UV_ENOMEM : __real_uv_poll_init(uv, poll, fd);
}

static void refuse(bool refuses)
{
    refuses_all = refuses;
}

/* The loop of libuv is the first member. */
typedef struct uv_events {
    uv_loop_t uv;
    uv_prepare_t before_waiting;
    unsigned timer_count;
} uv_events;

/* A turn of libuv 1.44 would wait although a timer rang in it. */
static void do_not_wait_further(uv_prepare_t *handle)
{
    const uv_events *self = handle->data;
    if (driven_timer_count != self->timer_count) {
        uv_stop(handle->loop);
    }
}

static void *start(void)
{
    uv_events *self = calloc(1, sizeof *self);
    assert_non_null(self);
    assert_int_equal(uv_loop_init(&self->uv), 0);
    assert_int_equal(uv_prepare_init(&self->uv, &self->before_waiting), 0);
    self->before_waiting.data = self;
    uv_unref((uv_handle_t *)&self->before_waiting);
    return self;
}

static void turn(void *events, bool wait)
{
    uv_events *self = events;
    self->timer_count = driven_timer_count;
    assert_int_equal(uv_prepare_start(&self->before_waiting, do_not_wait_further), 0);
    uv_run(events, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT);
    uv_prepare_stop(&self->before_waiting);
}

static void run(void *events)
{
    assert_int_equal(uv_run(events, UV_RUN_DEFAULT), 0);
}

static void stop(void *events)
{
    uv_events *self = events;
    uv_close((uv_handle_t *)&self->before_waiting, NULL);
    run(events);
    assert_int_equal(uv_loop_close(events), 0);
    free(events);
}

static okta_error *open_loop(void *events, okta_loop **out)
{
    return okta_uv_loop_new(events, out);
}

static okta_error *open_nothing(okta_loop **out)
{
    return okta_uv_loop_new(NULL, out);
}

static void fork_here(void *events)
{
    if (uv_loop_fork(events) != 0) {
        abort();
    }
}

const events_kind events_of_uv = {"uv", start, stop, open_loop, open_nothing, turn, run, refuse, fork_here};
