/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An ::okta_loop in an event loop of systemd, sd-event of libsystemd 243 and later. okta/adapters/adapter.h
 * has the rules of all adapters.
 *
 * sd_event_loop() runs until sd_event_exit(), whatever is left to do.
 */
#ifndef OKTA_ADAPTERS_SD_EVENT_H
#define OKTA_ADAPTERS_SD_EVENT_H

#include "okta/adapters/adapter.h"

#include <sys/epoll.h>
#include <systemd/sd-event.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @cond internal */

typedef struct okta_sd_event_adapter {
    okta_adapter base; /* the first member */
    sd_event *event;
    sd_event_source *timer; /* always on, so that no memory is needed to set it */
} okta_sd_event_adapter;

static inline int okta_sd_event_on_ready(sd_event_source *source, int fd, uint32_t found, void *ctx)
{
    const okta_sd_event_adapter *self = (const okta_sd_event_adapter *)ctx;
    unsigned events = (found & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 ? (unsigned)OKTA_LOOP_INPUT : 0u;
    events |= (found & (EPOLLOUT | EPOLLERR)) != 0 ? (unsigned)OKTA_LOOP_OUTPUT : 0u;
    (void)source;
    okta_loop_on_ready(self->base.loop, fd, events);
    return 0;
}

static inline int okta_sd_event_on_timer(sd_event_source *source, uint64_t usec, void *ctx)
{
    const okta_sd_event_adapter *self = (const okta_sd_event_adapter *)ctx;
    (void)usec;
    sd_event_source_set_time(source, UINT64_MAX);
    okta_loop_on_timer(self->base.loop);
    return 0;
}

/* The timer is made with the first descriptor, where a failure is told. */
static inline bool okta_sd_event_need_timer(okta_sd_event_adapter *self)
{
    if (self->timer != NULL) {
        return true;
    }
    if (sd_event_add_time(self->event, &self->timer, CLOCK_MONOTONIC, UINT64_MAX, 1, okta_sd_event_on_timer,
                          self) < 0) {
        return false;
    }
    return sd_event_source_set_enabled(self->timer, SD_EVENT_ON) >= 0;
}

static inline bool okta_sd_event_watch(void *ctx, int fd, unsigned events, void **own)
{
    okta_sd_event_adapter *self = (okta_sd_event_adapter *)ctx;
    sd_event_source *source = (sd_event_source *)*own;
    uint32_t wanted = ((events & OKTA_LOOP_INPUT) != 0 ? (uint32_t)EPOLLIN : 0u) |
                      ((events & OKTA_LOOP_OUTPUT) != 0 ? (uint32_t)EPOLLOUT : 0u);
    if (events == 0) {
        sd_event_source_disable_unref(source);
        *own = NULL;
        return true;
    }
    if (source != NULL) {
        return sd_event_source_set_io_events(source, wanted) >= 0;
    }
    if (!okta_sd_event_need_timer(self) ||
        sd_event_add_io(self->event, &source, fd, wanted, okta_sd_event_on_ready, self) < 0) {
        return false;
    }
    *own = source;
    return true;
}

static inline void okta_sd_event_set_timer(void *ctx, int64_t ms)
{
    const okta_sd_event_adapter *self = (const okta_sd_event_adapter *)ctx;
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t now_us = (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
    uint64_t most_ms = (UINT64_MAX - now_us) / 1000u;
    uint64_t due_us = ms < 0 || (uint64_t)ms > most_ms ? UINT64_MAX : now_us + (uint64_t)ms * 1000u;
    sd_event_source_set_time(self->timer, due_us);
}

static inline void okta_sd_event_release(void *ctx)
{
    okta_sd_event_adapter *self = (okta_sd_event_adapter *)ctx;
    if (self != NULL) {
        sd_event_source_disable_unref(self->timer);
        sd_event_unref(self->event);
    }
    free(self);
}

/** @endcond */

/**
 * Make a loop that an event loop of systemd drives.
 *
 * @param[in]  event required; the loop holds a reference to it.
 * @param[out] out   receives the loop; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (a NULL), ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT (no descriptor is left, or sd-event
 *         does not take one).
 * @since 0.2.0
 */
static inline OKTA_MUST_CHECK okta_error *okta_sd_event_loop_new(sd_event *event, okta_loop **out)
{
    okta_sd_event_adapter *self = (okta_sd_event_adapter *)okta_adapter_new(sizeof *self);
    okta_loop_hooks hooks = OKTA_LOOP_HOOKS_INIT;
    hooks.ctx = self;
    hooks.watch = event != NULL ? okta_sd_event_watch : NULL;
    hooks.set_timer = okta_sd_event_set_timer;
    hooks.release = okta_sd_event_release;
    if (self != NULL) {
        self->event = sd_event_ref(event);
    }
    okta_error *error = okta_adapter_open((okta_adapter *)self, &hooks, out);
    if (error != NULL) {
        okta_sd_event_release(self);
    }
    return error;
}

#ifdef __cplusplus
}
#endif
#endif
