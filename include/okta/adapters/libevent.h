/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An ::okta_loop in an event base of libevent, 2.1 and later. okta/adapters/adapter.h has the rules of all
 * adapters.
 *
 * event_base_dispatch() goes on while calls are in the loop. Behind the last one it returns when the unused
 * connections are closed, after half a minute; at once when the loop is released, such as in the last `done`.
 */
#ifndef OKTA_ADAPTERS_LIBEVENT_H
#define OKTA_ADAPTERS_LIBEVENT_H

#include "okta/adapters/adapter.h"

#include <event2/event.h>
#include <limits.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @cond internal */

typedef struct okta_libevent_adapter {
    okta_adapter base; /* the first member */
    struct event_base *events;
    struct event *timer;
} okta_libevent_adapter;

static inline void okta_libevent_on_ready(evutil_socket_t fd, short found, void *ctx)
{
    const okta_libevent_adapter *self = (const okta_libevent_adapter *)ctx;
    unsigned events = (found & EV_READ) != 0 ? (unsigned)OKTA_LOOP_INPUT : 0u;
    events |= (found & EV_WRITE) != 0 ? (unsigned)OKTA_LOOP_OUTPUT : 0u;
    if (okta_adapter_is_foreign(&self->base)) {
        event_del(event_base_get_running_event(self->events));
    } else {
        okta_loop_on_ready(self->base.loop, (int)fd, events);
    }
}

static inline bool okta_libevent_watch(void *ctx, int fd, unsigned events, void **own)
{
    okta_libevent_adapter *self = (okta_libevent_adapter *)ctx;
    struct event *event = (struct event *)*own;
    short wanted = (short)(EV_PERSIST | ((events & OKTA_LOOP_INPUT) != 0 ? EV_READ : 0) |
                           ((events & OKTA_LOOP_OUTPUT) != 0 ? EV_WRITE : 0));
    bool good = true;
    if (event == NULL && events != 0) {
        event = event_new(self->events, fd, wanted, okta_libevent_on_ready, self);
        good = event != NULL && event_add(event, NULL) == 0;
    } else if (event != NULL && events != 0) {
        event_del(event);
        return event_assign(event, self->events, fd, wanted, okta_libevent_on_ready, self) == 0 &&
               event_add(event, NULL) == 0;
    }
    if (event != NULL && (events == 0 || !good)) {
        event_free(event);
        event = NULL;
    }
    *own = event;
    return good;
}

static inline void okta_libevent_on_timer(evutil_socket_t fd, short found, void *ctx)
{
    const okta_libevent_adapter *self = (const okta_libevent_adapter *)ctx;
    (void)fd;
    (void)found;
    if (!okta_adapter_is_foreign(&self->base)) {
        okta_loop_on_timer(self->base.loop);
    }
}

/* Without the memory for a time it rings at once, and is set again then; descriptors have their turn between.
 */
static inline void okta_libevent_set_timer(void *ctx, int64_t ms)
{
    const okta_libevent_adapter *self = (const okta_libevent_adapter *)ctx;
    int64_t most_ms = ms < INT_MAX ? ms : INT_MAX;
    struct timeval time;
    time.tv_sec = (int)(most_ms / 1000);
    time.tv_usec = (int)(most_ms % 1000 * 1000);
    if (ms < 0) {
        event_del(self->timer);
    } else if (event_add(self->timer, &time) != 0) {
        event_active(self->timer, EV_TIMEOUT, 0);
        event_base_loopcontinue(self->events);
    }
}

static inline void okta_libevent_release(void *ctx)
{
    okta_libevent_adapter *self = (okta_libevent_adapter *)ctx;
    if (self != NULL && self->timer != NULL) {
        event_free(self->timer);
    }
    free(self);
}

/** @endcond */

/**
 * Make a loop that an event base of libevent drives.
 *
 * @param[in]  events required; it must live until the loop is released.
 * @param[out] out    receives the loop; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (a NULL), ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT (no descriptor is left, or libevent
 *         does not take one).
 * @since 0.2.0
 */
static inline OKTA_MUST_CHECK okta_error *okta_libevent_loop_new(struct event_base *events, okta_loop **out)
{
    okta_libevent_adapter *self = (okta_libevent_adapter *)okta_adapter_new(sizeof *self);
    okta_loop_hooks hooks = OKTA_LOOP_HOOKS_INIT;
    hooks.ctx = self;
    hooks.watch = events != NULL ? okta_libevent_watch : NULL;
    hooks.set_timer = okta_libevent_set_timer;
    hooks.release = okta_libevent_release;
    if (self != NULL && events != NULL) {
        self->events = events;
        self->timer = event_new(events, -1, 0, okta_libevent_on_timer, self);
        if (self->timer == NULL) {
            okta_libevent_release(self);
            self = NULL;
        }
    }
    okta_error *error = okta_adapter_open((okta_adapter *)self, &hooks, out);
    if (error != NULL) {
        okta_libevent_release(self);
    }
    return error;
}

#ifdef __cplusplus
}
#endif
#endif
