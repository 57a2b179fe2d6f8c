/* SPDX-License-Identifier: Apache-2.0 */
/* Queues of calls: for the turn of a request, for an access token. Who may go on leaves its queue, and only
 * its driver is woken. All of it is under the client's lock. */
#ifndef OKTA_CLIENT_WAITING_H
#define OKTA_CLIENT_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/driver.h"
#include "core/list.h"
#include "http/pacing.h"

/* Waiters in the order in which their calls first waited for anything. A call that comes back stands where it
 * stood. */
typedef oktai_list oktai_queue;

/* The place of a call in a queue. Zeroed it is in none. */
typedef struct oktai_waiter {
    oktai_link link;
    oktai_queue *queue; /* NULL: it is in none */
    struct okta_call *call;
    oktai_driver *driver;   /* of the call */
    uint64_t place;         /* of the call among all that ever waited, from 1; 0: it did not wait yet */
    bool admitted;          /* whoever let it go gave it a turn */
    oktai_pacing_turn turn; /* of a call that was admitted */
} oktai_waiter;

/* `waiter` has its call, driver and place, and is in no queue. */
void oktai_queue_enter(oktai_queue *queue, oktai_waiter *waiter);

/* Does nothing where it is in no queue. */
void oktai_queue_leave(oktai_waiter *waiter);

/* Let it go on: it leaves its queue, and its driver is woken. */
void oktai_queue_release(oktai_waiter *waiter);
void oktai_queue_release_first(oktai_queue *queue);
void oktai_queue_release_all(oktai_queue *queue);

#endif
