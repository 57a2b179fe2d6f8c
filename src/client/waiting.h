/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of blocking threads that wait: for the turn of a request, for an access token, for a time. Each has a
 * condition of its own, so that only those wake that may go on, in the order in which they came. All of it is
 * under the client's lock. */
#ifndef OKTA_CLIENT_WAITING_H
#define OKTA_CLIENT_WAITING_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/pacing.h"

struct okta_call;

/* One call that waits; it lives on the stack of its thread. */
typedef struct oktai_waiter {
    struct oktai_waiter *ahead; /* NULL: it is the first, or in no queue */
    struct oktai_waiter *behind;
    struct okta_call *call;
    uint64_t place; /* of the call among all that ever waited */
    pthread_cond_t wake;
    bool woken;
    bool admitted;          /* whoever woke it gave it a turn */
    oktai_pacing_turn turn; /* of a call that was admitted */
} oktai_waiter;

/* In the order in which the calls first waited for anything. A call that comes back stands where it stood. */
typedef struct oktai_queue {
    oktai_waiter *first;
    oktai_waiter *last;
    size_t count;
} oktai_queue;

/* Wait until somebody wakes it, at most so long. `queue`: NULL for none. `self` has its call and place, and
 * tells how the wait ended. The lock is held, and free meanwhile. */
void oktai_wait(pthread_mutex_t *lock, oktai_queue *queue, oktai_waiter *self, int64_t ms);
/* Let it go on, whatever it waits for. */
void oktai_wake(oktai_waiter *waiter);

/* Take it out of its queue, and let it go on. */
void oktai_queue_wake(oktai_queue *queue, oktai_waiter *waiter);
void oktai_queue_wake_first(oktai_queue *queue);
void oktai_queue_wake_all(oktai_queue *queue);

#endif
