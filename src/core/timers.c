/* SPDX-License-Identifier: Apache-2.0 */
#include "core/timers.h"

#include <stdlib.h>

#define LEAST_CAPACITY 16u

bool oktai_timers_reserve(oktai_timers *timers, size_t count)
{
    size_t capacity = timers->capacity < LEAST_CAPACITY ? LEAST_CAPACITY : timers->capacity;
    while (capacity < count) {
        capacity *= 2;
    }
    if (capacity == timers->capacity) {
        return true;
    }
    oktai_timer **heap = realloc(timers->heap, capacity * sizeof *heap);
    if (heap == NULL) {
        return false;
    }
    timers->heap = heap;
    timers->capacity = capacity;
    return true;
}

void oktai_timers_clear(oktai_timers *timers)
{
    free(timers->heap);
    *timers = (oktai_timers){0};
}

static void put(oktai_timers *timers, size_t place, oktai_timer *timer)
{
    timers->heap[place - 1] = timer;
    timer->place = place;
}

static int64_t until_ms(const oktai_timers *timers, size_t place)
{
    return timers->heap[place - 1]->until_ms;
}

/* To where no earlier one is below it, and no later one above. */
static void settle(oktai_timers *timers, oktai_timer *timer)
{
    size_t place = timer->place;
    while (place > 1 && until_ms(timers, place / 2) > timer->until_ms) {
        put(timers, place, timers->heap[place / 2 - 1]);
        place /= 2;
    }
    for (size_t below = place * 2; below <= timers->count; below = place * 2) {
        below += below < timers->count && until_ms(timers, below + 1) < until_ms(timers, below);
        if (until_ms(timers, below) >= timer->until_ms) {
            break;
        }
        put(timers, place, timers->heap[below - 1]);
        place = below;
    }
    put(timers, place, timer);
}

void oktai_timers_set(oktai_timers *timers, oktai_timer *timer, int64_t until)
{
    timer->until_ms = until;
    if (timer->place == 0) {
        put(timers, ++timers->count, timer);
    }
    settle(timers, timer);
}

void oktai_timers_unset(oktai_timers *timers, oktai_timer *timer)
{
    if (timer->place == 0) {
        return;
    }
    oktai_timer *last = timers->heap[--timers->count];
    if (last != timer) {
        put(timers, timer->place, last);
        settle(timers, last);
    }
    timer->place = 0;
}

oktai_timer *oktai_timers_next(const oktai_timers *timers)
{
    return timers->count == 0 ? NULL : timers->heap[0];
}
