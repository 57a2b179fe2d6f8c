/* SPDX-License-Identifier: Apache-2.0 */
/* How other threads, and calls that let each other go on, wake the thread of an event loop. */
#ifndef OKTA_CLIENT_LOOP_WAKING_H
#define OKTA_CLIENT_LOOP_WAKING_H

#include <pthread.h>
#include <stdbool.h>

#include "core/list.h"
#include "core/waker.h"

/* Lies in what is to be woken. Zeroed but for its owner it is not. */
typedef struct oktai_woken {
    oktai_link link;
    bool is_woken; /* under the lock */
    void *owner;
} oktai_woken;

typedef struct oktai_loop_waking {
    oktai_waker waker;
    pthread_mutex_t lock; /* of what follows, and of whatever is woken */
    oktai_list woken;     /* in the order in which they were */
    bool is_told;         /* the waker was woken since it was calmed */
} oktai_loop_waking;

/* It is closed in any case. False: no descriptor is left. */
bool oktai_loop_waking_open(oktai_loop_waking *waking);
void oktai_loop_waking_close(oktai_loop_waking *waking);

/* Have the loop's thread look. From any thread. */
void oktai_loop_waking_tell(oktai_loop_waking *waking);
/* The same, at that. */
void oktai_loop_waking_wake(oktai_loop_waking *waking, oktai_woken *woken);

/* In the loop's thread: be given the owners of those that were woken, within the lock. */
void oktai_loop_waking_take(oktai_loop_waking *waking, void (*give)(void *owner));

#endif
