/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An ::okta_loop in a loop of libuv, 1.20 and later. okta/adapters/adapter.h has the rules of all adapters.
 *
 * uv_run() goes on while calls are in the loop, and may return when none is: the timer that closes unused
 * connections keeps it as little as a handle behind uv_unref(). Handles of libuv close in uv_run(): let it
 * run once more between okta_free() and uv_loop_close().
 */
#ifndef OKTA_ADAPTERS_UV_H
#define OKTA_ADAPTERS_UV_H

#include "okta/adapters/adapter.h"

#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @cond internal */

struct okta_uv_watched;

typedef struct okta_uv_adapter {
    okta_adapter base; /* the first member */
    uv_loop_t *uv;
    uv_timer_t timer;
    size_t open; /* handles, until libuv has closed them; the adapter goes with the last */
    struct okta_uv_watched *spare;
} okta_uv_adapter;

/* A descriptor. Its memory serves the next one once libuv has closed it: a connection that is used again
 * needs none. */
typedef struct okta_uv_watched {
    uv_poll_t poll;
    okta_uv_adapter *adapter;
    struct okta_uv_watched *next; /* spare one */
    int fd;
    int events;
} okta_uv_watched;

/* libuv does not poll on behind an error. It takes okta_loop_on_ready() to find the error, and may be watched
 * on where that finds none. */
static inline void okta_uv_on_ready(uv_poll_t *poll, int status, int found)
{
    okta_uv_watched *watched = (okta_uv_watched *)poll->data;
    unsigned events = status < 0 ? (unsigned)OKTA_LOOP_INPUT | (unsigned)OKTA_LOOP_OUTPUT : 0u;
    if (okta_adapter_is_foreign(&watched->adapter->base)) {
        uv_poll_stop(poll);
        return;
    }
    events |= (found & UV_READABLE) != 0 ? (unsigned)OKTA_LOOP_INPUT : 0u;
    events |= (found & UV_WRITABLE) != 0 ? (unsigned)OKTA_LOOP_OUTPUT : 0u;
    okta_loop_on_ready(watched->adapter->base.loop, watched->fd, events);
    if (status < 0 && !uv_is_closing((uv_handle_t *)poll)) {
        uv_poll_start(poll, watched->events, okta_uv_on_ready);
    }
}

static inline void okta_uv_on_closed(okta_uv_adapter *self)
{
    if (--self->open > 0) {
        return;
    }
    while (self->spare != NULL) {
        okta_uv_watched *watched = self->spare;
        self->spare = watched->next;
        free(watched);
    }
    free(self);
}

static inline void okta_uv_on_watched_closed(uv_handle_t *handle)
{
    okta_uv_watched *watched = (okta_uv_watched *)handle->data;
    okta_uv_adapter *self = watched->adapter;
    watched->next = self->spare;
    self->spare = watched;
    okta_uv_on_closed(self);
}

static inline okta_uv_watched *okta_uv_new_watched(okta_uv_adapter *self, int fd)
{
    okta_uv_watched *watched = self->spare;
    if (watched == NULL) {
        watched = (okta_uv_watched *)calloc(1, sizeof *watched);
    } else {
        self->spare = watched->next;
    }
    if (watched == NULL) {
        return NULL;
    }
    if (uv_poll_init(self->uv, &watched->poll, fd) != 0) {
        watched->next = self->spare;
        self->spare = watched;
        return NULL;
    }
    watched->poll.data = watched;
    watched->adapter = self;
    watched->fd = fd;
    self->open++;
    return watched;
}

static inline bool okta_uv_watch(void *ctx, int fd, unsigned events, void **own)
{
    okta_uv_watched *watched = (okta_uv_watched *)*own;
    int wanted = ((events & OKTA_LOOP_INPUT) != 0 ? UV_READABLE : 0) |
                 ((events & OKTA_LOOP_OUTPUT) != 0 ? UV_WRITABLE : 0);
    if (events != 0 && watched == NULL) {
        watched = okta_uv_new_watched((okta_uv_adapter *)ctx, fd);
    }
    if (watched == NULL) {
        return events == 0;
    }
    bool good = events == 0 || uv_poll_start(&watched->poll, wanted, okta_uv_on_ready) == 0;
    if (events == 0 || (!good && *own == NULL)) {
        uv_close((uv_handle_t *)&watched->poll, okta_uv_on_watched_closed);
        *own = NULL;
    } else if (good) {
        watched->events = wanted;
        *own = watched;
    }
    return good;
}

static inline void okta_uv_on_timer(uv_timer_t *timer)
{
    const okta_uv_adapter *self = (const okta_uv_adapter *)timer->data;
    if (!okta_adapter_is_foreign(&self->base)) {
        okta_loop_on_timer(self->base.loop);
    }
}

static inline void okta_uv_set_timer(void *ctx, int64_t ms)
{
    okta_uv_adapter *self = (okta_uv_adapter *)ctx;
    if (ms < 0) {
        uv_timer_stop(&self->timer);
    } else {
        uv_timer_start(&self->timer, okta_uv_on_timer, (uint64_t)ms, 0);
    }
}

static inline void okta_uv_on_timer_closed(uv_handle_t *handle)
{
    okta_uv_on_closed((okta_uv_adapter *)handle->data);
}

static inline void okta_uv_release(void *ctx)
{
    okta_uv_adapter *self = (okta_uv_adapter *)ctx;
    uv_close((uv_handle_t *)&self->timer, okta_uv_on_timer_closed);
}

/** @endcond */

/**
 * Make a loop that a loop of libuv drives.
 *
 * @param[in]  uv  required; it must live until the loop is released and uv_run() has closed its handles.
 * @param[out] out receives the loop; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (a NULL), ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT (no descriptor is left, or libuv
 * does not take one).
 * @since 0.2.0
 */
static inline OKTA_MUST_CHECK okta_error *okta_uv_loop_new(uv_loop_t *uv, okta_loop **out)
{
    okta_uv_adapter *self = (okta_uv_adapter *)okta_adapter_new(sizeof *self);
    okta_loop_hooks hooks = OKTA_LOOP_HOOKS_INIT;
    hooks.ctx = self;
    hooks.watch = uv != NULL ? okta_uv_watch : NULL;
    hooks.set_timer = okta_uv_set_timer;
    hooks.release = okta_uv_release;
    if (self != NULL && uv != NULL) {
        self->uv = uv;
        uv_timer_init(uv, &self->timer);
        uv_unref((uv_handle_t *)&self->timer);
        self->timer.data = self;
        self->open = 1;
    }
    okta_error *error = okta_adapter_open((okta_adapter *)self, &hooks, out);
    if (error != NULL && self != NULL && uv != NULL) {
        okta_uv_release(self);
    } else if (error != NULL) {
        free(self);
    }
    return error;
}

#ifdef __cplusplus
}
#endif
#endif
