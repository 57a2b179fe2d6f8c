/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An ::okta_loop in a loop that is made by hand over poll(). okta/adapters/adapter.h has the rules of all
 * adapters.
 * @code
 * okta_poll polled;
 * okta_loop *loop;
 * okta_error *error = okta_poll_loop_new(&polled, 1, &loop);
 * ...
 * polled.fds[0].fd = own;
 * polled.fds[0].events = POLLIN;
 * while (okta_loop_pending(loop) > 0) {
 *     poll(polled.fds, polled.count, okta_poll_timeout_ms(&polled));
 *     if (polled.fds[0].revents != 0) {
 *         read_own(own);
 *     }
 *     okta_poll_dispatch(&polled);
 * }
 * @endcode
 *
 * A program that would rather wait for one descriptor needs no adapter: see okta_loop_fd().
 */
#ifndef OKTA_ADAPTERS_POLL_H
#define OKTA_ADAPTERS_POLL_H

#include "okta/adapters/adapter.h"

#include <limits.h>
#include <poll.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to give to poll(). The array may move, and `count` change, whenever the loop is driven and calls are
 *  submitted. When the loop is gone there are no entries any more. @since 0.2.0 */
typedef struct okta_poll {
    /** @cond internal */
    okta_adapter base; /* the first member; without a loop when that is gone */
    /** @endcond */
    struct pollfd *fds; /**< first the entries that the program has asked for, each with -1 until it sets its
                             `fd`; then those of the loop */
    nfds_t count;       /**< of both */
    nfds_t own_count;   /**< of those of the program */
    /** @cond internal */
    nfds_t capacity;
    int64_t due_ms; /* by the monotonic clock; -1: never */
    /** @endcond */
} okta_poll;

/** @cond internal */

static inline int64_t okta_poll_now_ms(void)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Room for one more. False: out of memory. */
static inline bool okta_poll_grow(okta_poll *self)
{
    if (self->count < self->capacity) {
        return true;
    }
    nfds_t capacity = self->capacity * 2 + 8;
    struct pollfd *fds = (struct pollfd *)realloc(self->fds, capacity * sizeof *fds);
    if (fds == NULL) {
        return false;
    }
    self->fds = fds;
    self->capacity = capacity;
    return true;
}

static inline bool okta_poll_watch(void *ctx, int fd, unsigned events, void **own)
{
    okta_poll *self = (okta_poll *)ctx;
    nfds_t at = self->own_count;
    (void)own;
    while (at < self->count && self->fds[at].fd != fd) {
        at++;
    }
    if (events == 0) {
        if (at < self->count) {
            self->fds[at] = self->fds[--self->count];
        }
        return true;
    }
    if (at == self->count) {
        if (!okta_poll_grow(self)) {
            return false;
        }
        self->count++;
    }
    self->fds[at].fd = fd;
    self->fds[at].events = (short)(((events & OKTA_LOOP_INPUT) != 0 ? POLLIN : 0) |
                                   ((events & OKTA_LOOP_OUTPUT) != 0 ? POLLOUT : 0));
    self->fds[at].revents = 0;
    return true;
}

static inline void okta_poll_set_timer(void *ctx, int64_t ms)
{
    okta_poll *self = (okta_poll *)ctx;
    int64_t now_ms = okta_poll_now_ms();
    self->due_ms = ms < 0 ? -1 : now_ms + (ms < INT64_MAX - now_ms ? ms : INT64_MAX - now_ms);
}

static inline void okta_poll_release(void *ctx)
{
    okta_poll *self = (okta_poll *)ctx;
    free(self->fds);
    self->fds = NULL;
    self->base.loop = NULL;
    self->count = 0;
    self->own_count = 0;
    self->capacity = 0;
    self->due_ms = -1;
}

/* False: out of memory. */
static inline bool okta_poll_begin(okta_poll *self, nfds_t own_count)
{
    const struct pollfd none = {-1, 0, 0};
    self->fds = NULL;
    okta_poll_release(self);
    self->base.process = getpid();
    self->count = own_count;
    self->capacity = own_count;
    if (!okta_poll_grow(self)) {
        return false;
    }
    self->count = 0;
    while (self->count < own_count) {
        self->fds[self->count++] = none;
    }
    self->own_count = own_count;
    return true;
}

/** @endcond */

/**
 * Make a loop for a program that calls poll() itself.
 *
 * @param[out] polled    receives what to give to poll(); it must stay where it is until the loop is gone.
 * @param[in]  own_count how many entries the program needs in the array for itself, 0 to 1,000,000.
 * @param[out] out       receives the loop; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (a NULL, `own_count`), ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT (no descriptor is
 * left).
 * @since 0.2.0
 */
static inline OKTA_MUST_CHECK okta_error *okta_poll_loop_new(okta_poll *polled, size_t own_count,
                                                             okta_loop **out)
{
    bool good = polled != NULL && own_count <= 1000000;
    okta_adapter none = {NULL, 0};
    okta_adapter *self = &none;
    okta_loop_hooks hooks = OKTA_LOOP_HOOKS_INIT;
    hooks.ctx = polled;
    hooks.watch = good ? okta_poll_watch : NULL;
    hooks.set_timer = okta_poll_set_timer;
    hooks.release = okta_poll_release;
    if (polled != NULL && good) {
        self = okta_poll_begin(polled, (nfds_t)own_count) ? &polled->base : NULL;
    }
    okta_error *error = okta_adapter_open(self, &hooks, out);
    if (polled != NULL && good && error != NULL) {
        okta_poll_release(polled);
    }
    return error;
}

/** @param[in] polled required. @return how long poll() may wait for the loop, in milliseconds; -1: for as
 * long as it takes. A program with times of its own takes the sooner. @since 0.2.0 */
static inline int okta_poll_timeout_ms(const okta_poll *polled)
{
    if (polled->due_ms < 0 || okta_adapter_is_foreign(&polled->base)) {
        return -1;
    }
    int64_t left_ms = polled->due_ms - okta_poll_now_ms();
    return left_ms <= 0 ? 0 : left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

/**
 * Drive the loop behind poll(): by the `revents` of its entries, which it zeroes, and by the time. Those of
 * the program are not touched, unless a `done` releases the loop.
 *
 * @param[in] polled required.
 * @since 0.2.0
 */
static inline void okta_poll_dispatch(okta_poll *polled)
{
    if (okta_adapter_is_foreign(&polled->base)) {
        polled->count = polled->own_count;
        return;
    }
    if (polled->due_ms >= 0 && polled->due_ms <= okta_poll_now_ms()) {
        polled->due_ms = -1;
        okta_loop_on_timer(polled->base.loop);
    }
    for (nfds_t i = polled->own_count; i < polled->count; i++) {
        unsigned found = (unsigned short)polled->fds[i].revents;
        unsigned events =
            (found & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) != 0 ? (unsigned)OKTA_LOOP_INPUT : 0u;
        events |= (found & (POLLOUT | POLLERR)) != 0 ? (unsigned)OKTA_LOOP_OUTPUT : 0u;
        polled->fds[i].revents = 0;
        if (events != 0) {
            okta_loop_on_ready(polled->base.loop, polled->fds[i].fd, events);
        }
    }
}

#ifdef __cplusplus
}
#endif
#endif
