/* SPDX-License-Identifier: Apache-2.0 */
/* Many times, of which the next is at hand: a binary heap. */
#ifndef OKTA_CORE_TIMERS_H
#define OKTA_CORE_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct oktai_timer {
    int64_t until_ms;
    size_t place; /* in the heap, from 1; 0: it is not set */
    void *owner;
} oktai_timer;

/* Zeroed it is empty; oktai_timers_clear() releases it. */
typedef struct oktai_timers {
    oktai_timer **heap;
    size_t count;
    size_t capacity;
} oktai_timers;

/* See that `count` timers can be set. False: out of memory. */
bool oktai_timers_reserve(oktai_timers *timers, size_t count);
void oktai_timers_clear(oktai_timers *timers);

/* Set it, or set it to another time. There is room for it. */
void oktai_timers_set(oktai_timers *timers, oktai_timer *timer, int64_t until_ms);
/* Does nothing where it is not set. */
void oktai_timers_unset(oktai_timers *timers, oktai_timer *timer);

/* The one that comes next; NULL: none is set. */
oktai_timer *oktai_timers_next(const oktai_timers *timers);

#endif
