/* SPDX-License-Identifier: Apache-2.0 */
/* What an event loop waits for: that descriptors are ready, and one time. The loop waits itself, by a poller,
 * or the event loop of a program does, by its hooks. */
#ifndef OKTA_CLIENT_LOOP_EVENTS_H
#define OKTA_CLIENT_LOOP_EVENTS_H

#include "core/poller.h"
#include "okta/loop.h"

typedef struct oktai_watched {
    void *owner; /* who is told when it is ready; NULL: the loop itself, or nobody */
    unsigned events;
    unsigned polled; /* what the poller watches for: also what it was for, while its connection is idle */
    void *own;       /* of the hooks */
} oktai_watched;

typedef struct oktai_loop_events {
    okta_loop_hooks hooks; /* of the program, or those of the poller */
    bool has_poller;
    bool is_exported; /* the program waits for the poller's descriptor */
    oktai_poller poller;
    oktai_watched *watched; /* by descriptor */
    size_t watched_count;
    int64_t timer_ms; /* when the hook was told to call, by the system's clock; -1: never */
} oktai_loop_events;

/* `hooks` are copied; NULL: a poller is opened. `events` does not move from here on, and is closed in any
 * case. False: no descriptor is left. */
bool oktai_loop_events_open(oktai_loop_events *events, const okta_loop_hooks *hooks);
/* No hook runs any more. */
void oktai_loop_events_close(oktai_loop_events *events);

/* Watch a descriptor of an owner: see the hooks of a pool in http/multi.h. */
bool oktai_loop_events_watch(oktai_loop_events *events, void *owner, int fd, unsigned what);
/* Watch the loop's own descriptor, while there is somebody to wake the loop. False: as above. */
bool oktai_loop_events_watch_own(oktai_loop_events *events, int fd, bool is_needed);
/* While the loop has nothing to do, idle connections are nothing to wake up for. */
void oktai_loop_events_pass_idle(oktai_loop_events *events);

/* A descriptor is ready. Returns its owner. */
void *oktai_loop_events_take(oktai_loop_events *events, int fd);
/* The time is there. */
void oktai_loop_events_ring(oktai_loop_events *events);

/* Have whoever waits come back in so many ms; -1: not for any time. */
void oktai_loop_events_set_time(oktai_loop_events *events, int64_t left_ms);

/* By the poller: wait at most `ms`, as oktai_poller_wait(). */
int oktai_loop_events_wait(oktai_loop_events *events, oktai_poll_event *out, int max, int64_t ms);
/* Wait so long at most, or until there is something to do; by hooks, not at all. `context`: the events.
 */
void oktai_loop_events_wait_only(void *context, int64_t ms);
/* The poller's descriptor, for programs that wait for it; -1: no descriptor is left for its time. */
int oktai_loop_events_export(oktai_loop_events *events);

#endif
