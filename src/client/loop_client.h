/* SPDX-License-Identifier: Apache-2.0 */
/* A client in an event loop: its connections there, and the times that its calls wait for. */
#ifndef OKTA_CLIENT_LOOP_CLIENT_H
#define OKTA_CLIENT_LOOP_CLIENT_H

#include <stdatomic.h>

#include "client/client.h"
#include "client/loop_events.h"
#include "client/loop_waking.h"
#include "core/list.h"
#include "core/timers.h"
#include "http/pool.h"

typedef struct oktai_loop_client {
    oktai_link link;
    oktai_loop_events *events;
    oktai_loop_waking *waking;
    okta_client *client; /* held */
    oktai_pool_hooks hooks;
    oktai_pool *pool;
    int64_t due_ms;            /* of the pool, by the system's clock; -1: never */
    atomic_bool look_up_ended; /* and the pool is to be told */
    size_t in_flight;          /* requests */
    size_t calls;
    oktai_timers timers; /* oktai_loop_time, by the client's clock; with room for all its calls */
} oktai_loop_client;

/* Until when a call waits. */
typedef struct oktai_loop_time {
    oktai_timer timer; /* the first member */
    bool for_call;     /* at the latest: it waits for another call */
} oktai_loop_time;

/* Find a client among those of a loop, or add it. `events` and `waking` are the loop's. NULL: out of memory.
 */
oktai_loop_client *oktai_loop_client_of(oktai_list *clients, okta_client *client, oktai_loop_events *events,
                                        oktai_loop_waking *waking);
/* Take out those without calls that the program has let go. */
void oktai_loop_clients_drop(oktai_list *clients);
/* Take out all, with their connections. */
void oktai_loop_clients_clear(oktai_list *clients);

/* The owner of a timer whose time is there, which is set no more; NULL: there is no further one. */
void *oktai_loop_client_due(oktai_loop_client *its);
/* Do what its pool has to do by now. */
void oktai_loop_client_run(oktai_loop_client *its);
/* Until it has something to do, unless a descriptor is ready before; -1: never. */
int64_t oktai_loop_client_left_ms(const oktai_loop_client *its);
/* A clock that is not the system's goes on to the next time that a call waits for. */
void oktai_loop_client_advance(oktai_loop_client *its);

#endif
