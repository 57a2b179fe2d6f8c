/* SPDX-License-Identifier: Apache-2.0 */
#include "client/loop_events.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include "core/clock.h"
#include "http/multi.h"

#define WATCHED_AT_FIRST 64

/* Programs, pools and the poller have the same bits. */
_Static_assert(OKTA_LOOP_INPUT == OKTAI_WATCH_INPUT && (int)OKTA_LOOP_INPUT == (int)OKTAI_POLL_INPUT,
               "input");
_Static_assert(OKTA_LOOP_OUTPUT == OKTAI_WATCH_OUTPUT && (int)OKTA_LOOP_OUTPUT == (int)OKTAI_POLL_OUTPUT,
               "output");

/* False: out of memory. */
static bool make_room(oktai_loop_events *events, size_t fd)
{
    size_t grown_count = events->watched_count == 0 ? WATCHED_AT_FIRST : events->watched_count;
    while (fd >= grown_count) {
        grown_count *= 2;
    }
    oktai_watched *grown = realloc(events->watched, grown_count * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    for (size_t i = events->watched_count; i < grown_count; i++) {
        grown[i] = (oktai_watched){NULL, 0, 0, NULL};
    }
    events->watched = grown;
    events->watched_count = grown_count;
    return true;
}

/* NULL: it is no descriptor, or memory is out. */
static oktai_watched *find(oktai_loop_events *events, int fd)
{
    if (fd < 0 || ((size_t)fd >= events->watched_count && !make_room(events, (size_t)fd))) {
        return NULL;
    }
    return &events->watched[fd];
}

/* Most idle connections are used again soon: a poller's system calls for them would be in vain. */
bool oktai_loop_events_watch(oktai_loop_events *events, void *owner, int fd, unsigned what)
{
    oktai_watched *place = find(events, fd);
    unsigned wanted = what & ~OKTAI_WATCH_IDLE;
    bool idle = what == OKTAI_WATCH_IDLE;
    if (place == NULL) {
        return false;
    }
    if (wanted == 0 && place->events != 0 && place->owner != owner) {
        return true; /* the number is another one's by now */
    }
    if (wanted == 0 && place->events == 0 && (idle || place->polled == 0)) {
        return true;
    }
    if (!(idle && events->has_poller) && !events->hooks.watch(events->hooks.ctx, fd, wanted, &place->own)) {
        return false;
    }
    place->owner = wanted == 0 ? NULL : owner;
    place->events = wanted;
    place->own = wanted == 0 ? NULL : place->own;
    return true;
}

/* While a loop with hooks has no calls, nobody need wake it, and what drives it may end. */
bool oktai_loop_events_watch_own(oktai_loop_events *events, int fd, bool is_needed)
{
    unsigned wanted = events->has_poller || is_needed ? OKTA_LOOP_INPUT : 0;
    const oktai_watched *place = find(events, fd);
    return place != NULL && (place->events == wanted || oktai_loop_events_watch(events, NULL, fd, wanted));
}

/* Whatever becomes of an idle connection is nothing to wake up for. */
static void poll_no_more(oktai_loop_events *events, int fd)
{
    oktai_watched *place = &events->watched[fd];
    if (place->events == 0 && place->polled != 0) {
        oktai_poller_watch(&events->poller, fd, place->polled, 0);
        place->polled = 0;
    }
}

void oktai_loop_events_pass_idle(oktai_loop_events *events)
{
    for (size_t fd = 0; fd < events->watched_count; fd++) {
        poll_no_more(events, (int)fd);
    }
}

void *oktai_loop_events_take(oktai_loop_events *events, int fd)
{
    if (fd < 0 || (size_t)fd >= events->watched_count) {
        return NULL;
    }
    poll_no_more(events, fd);
    return events->watched[fd].owner;
}

void oktai_loop_events_ring(oktai_loop_events *events)
{
    events->timer_ms = -1;
}

void oktai_loop_events_set_time(oktai_loop_events *events, int64_t left_ms)
{
    int64_t when_ms = left_ms < 0 ? -1 : oktai_clock_system_ms() + left_ms;
    if (when_ms != events->timer_ms && (!events->has_poller || events->is_exported)) {
        events->timer_ms = when_ms;
        events->hooks.set_timer(events->hooks.ctx, left_ms);
    }
}

/* Whether the poller tells of a descriptor that it should have forgotten: it was closed, and a child process
 * still has it. It would tell of it for ever. */
static bool is_stale(const oktai_loop_events *events, int fd)
{
    return fd >= 0 && ((size_t)fd >= events->watched_count || events->watched[fd].polled == 0);
}

static void poll_anew(oktai_loop_events *events)
{
    if (!oktai_poller_renew(&events->poller)) {
        return;
    }
    for (size_t fd = 0; fd < events->watched_count; fd++) {
        unsigned wanted = events->watched[fd].polled;
        if (wanted != 0 && !oktai_poller_watch(&events->poller, (int)fd, 0, wanted)) {
            events->watched[fd].polled = 0; /* its request ends at its time */
        }
    }
}

int oktai_loop_events_wait(oktai_loop_events *events, oktai_poll_event *out, int max, int64_t ms)
{
    int count = oktai_poller_wait(&events->poller, out, max, ms);
    bool stale = false;
    for (int i = 0; i < count; i++) {
        if (out[i].fd < 0) {
            oktai_loop_events_ring(events);
        }
        stale = stale || is_stale(events, out[i].fd);
    }
    if (stale) {
        poll_anew(events);
    }
    return count;
}

void oktai_loop_events_wait_only(void *context, int64_t ms)
{
    const oktai_loop_events *events = context;
    struct pollfd polled = {.fd = events->poller.fd, .events = POLLIN};
    if (events->has_poller) {
        poll(&polled, 1, ms > INT_MAX ? INT_MAX : (int)ms);
    }
}

int oktai_loop_events_export(oktai_loop_events *events)
{
    if (!events->is_exported) {
        events->is_exported = oktai_poller_set_timer(&events->poller, 0);
        events->timer_ms = oktai_clock_system_ms();
    }
    return events->is_exported ? events->poller.fd : -1;
}

/* The hooks of a loop that waits itself. */

static bool poll_watch(void *ctx, int fd, unsigned wanted, void **own)
{
    oktai_loop_events *events = ctx;
    oktai_watched *place = &events->watched[fd];
    (void)own;
    if (wanted != place->polled && !oktai_poller_watch(&events->poller, fd, place->polled, wanted)) {
        return false;
    }
    place->polled = wanted;
    return true;
}

static void poll_set_timer(void *ctx, int64_t ms)
{
    oktai_loop_events *events = ctx;
    oktai_poller_set_timer(&events->poller, ms);
}

bool oktai_loop_events_open(oktai_loop_events *events, const okta_loop_hooks *hooks)
{
    const okta_loop_hooks own = {sizeof own, events, poll_watch, poll_set_timer, NULL};
    *events = (oktai_loop_events){.hooks = hooks != NULL ? *hooks : own,
                                  .has_poller = hooks == NULL,
                                  .poller = {-1, -1},
                                  .timer_ms = -1};
    return hooks != NULL || oktai_poller_open(&events->poller);
}

void oktai_loop_events_close(oktai_loop_events *events)
{
    if (!events->has_poller && events->timer_ms >= 0) {
        events->hooks.set_timer(events->hooks.ctx, -1);
    }
    if (events->hooks.release != NULL) {
        events->hooks.release(events->hooks.ctx);
    }
    oktai_poller_close(&events->poller);
    free(events->watched);
}
