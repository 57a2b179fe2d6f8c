/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_loop.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/clock.h"

/* A loop that turns so long has lost something. */
#define STUCK_MS 60000

static bool watch(void *context, int socket, unsigned what)
{
    fault_loop *loop = context;
    size_t at = 0;
    while (at < loop->count && loop->watched[at].fd != socket) {
        at++;
    }
    if (what == 0 || what == OKTAI_WATCH_IDLE) {
        if (at < loop->count) {
            loop->watched[at] = loop->watched[--loop->count];
        }
        return true;
    }
    if (at == FAULT_LOOP_SOCKETS || (at == loop->count && loop->refuse > 0)) {
        loop->refuse -= loop->refuse > 0;
        return false;
    }
    loop->count += at == loop->count;
    loop->most = loop->count > loop->most ? loop->count : loop->most;
    loop->watched[at].fd = socket;
    loop->watched[at].events = (short)(((what & OKTAI_WATCH_INPUT) != 0 ? POLLIN : 0) |
                                       ((what & OKTAI_WATCH_OUTPUT) != 0 ? POLLOUT : 0));
    loop->watched[at].revents = 0;
    return true;
}

static void set_timer(void *context, int64_t ms)
{
    fault_loop *loop = context;
    loop->due_ms = ms < 0 ? -1 : oktai_clock_system_ms() + ms;
}

static void wake(void *context)
{
    const fault_loop *loop = context;
    if (write(loop->wake[1], "w", 1) != 1) {
        abort();
    }
}

void fault_loop_start(fault_loop *loop, const oktai_transport_options *options)
{
    *loop = (fault_loop){.hooks = {loop, watch, set_timer, wake}, .due_ms = -1};
    assert_int_equal(pipe(loop->wake), 0);
    assert_int_equal(fcntl(loop->wake[0], F_SETFL, O_NONBLOCK), 0);
    loop->pool = oktai_pool_new(options, &loop->hooks, 100);
    assert_non_null(loop->pool);
}

void fault_loop_stop(fault_loop *loop)
{
    if (loop->pool != NULL) {
        oktai_pool_free(loop->pool);
        close(loop->wake[0]);
        close(loop->wake[1]);
        assert_int_equal(loop->count, 0);
    }
    loop->pool = NULL;
}

void fault_loop_take_ends(fault_loop *loop)
{
    oktai_attempt attempt;
    fault_trip *trip;
    while ((trip = oktai_pool_next(loop->pool, &attempt)) != NULL) {
        assert_false(trip->ended);
        snprintf(trip->reason, sizeof trip->reason, "%s", attempt.reason == NULL ? "" : attempt.reason);
        trip->attempt = attempt;
        trip->attempt.reason = trip->reason;
        trip->ended = true;
    }
}

void fault_trip_begin(fault_loop *loop, fault_trip *trip)
{
    trip->ended = false;
    trip->request.canceled = &trip->canceled;
    trip->flight = oktai_pool_begin(loop->pool, &trip->request, &trip->response, trip);
    assert_non_null(trip->flight);
}

void fault_trip_cancel(fault_loop *loop, fault_trip *trip)
{
    atomic_store(&trip->canceled, true);
    oktai_pool_cancel(loop->pool, trip->flight);
    fault_loop_take_ends(loop);
}

void fault_trip_clear(fault_trip *trip)
{
    oktai_response_clear(&trip->response);
}

static int wait_ms(const fault_loop *loop, int most_ms)
{
    int64_t left_ms = loop->due_ms - oktai_clock_system_ms();
    if (loop->due_ms < 0 || left_ms > most_ms) {
        return most_ms;
    }
    return left_ms > 0 ? (int)left_ms : 0;
}

static unsigned readiness(short revents)
{
    unsigned what = (revents & (POLLIN | POLLHUP)) != 0 ? OKTAI_WATCH_INPUT : 0;
    return what | ((revents & POLLOUT) != 0 ? OKTAI_WATCH_OUTPUT : 0);
}

/* The pool changes what is watched meanwhile. */
static void tell_sockets(fault_loop *loop, const struct pollfd *polled, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (polled[i].revents != 0) {
            oktai_pool_on_socket(loop->pool, polled[i].fd, readiness(polled[i].revents));
        }
    }
}

void fault_loop_turn(fault_loop *loop)
{
    fault_loop_turn_for(loop, STUCK_MS);
}

void fault_loop_turn_for(fault_loop *loop, int ms)
{
    struct pollfd polled[FAULT_LOOP_SOCKETS + 1] = {{.fd = loop->wake[0], .events = POLLIN}};
    size_t count = loop->count + 1;
    char bytes[16];
    memcpy(polled + 1, loop->watched, loop->count * sizeof *polled);
    if (poll(polled, (nfds_t)count, wait_ms(loop, ms)) < 0) {
        fail_msg("poll");
    }
    while (polled[0].revents != 0 && read(loop->wake[0], bytes, sizeof bytes) > 0) {
        oktai_pool_on_look_up(loop->pool);
    }
    tell_sockets(loop, polled, count);
    if (loop->due_ms >= 0 && loop->due_ms <= oktai_clock_system_ms()) {
        loop->due_ms = -1;
        oktai_pool_on_timer(loop->pool);
    }
    fault_loop_take_ends(loop);
}

void fault_loop_run(fault_loop *loop, const fault_trip *trips, size_t count, size_t ended)
{
    int64_t stuck_ms = oktai_clock_system_ms() + STUCK_MS;
    fault_loop_take_ends(loop);
    for (;;) {
        size_t so_far = 0;
        for (size_t i = 0; i < count; i++) {
            so_far += trips[i].ended;
        }
        if (so_far >= ended) {
            return;
        }
        if (oktai_clock_system_ms() > stuck_ms) {
            fail_msg("%zu of %zu requests ended", so_far, count);
        }
        fault_loop_turn(loop);
    }
}
