/* SPDX-License-Identifier: Apache-2.0 */
#include "client/waiting.h"

#include <errno.h>
#include <stddef.h>

#include "core/clock.h"

static void enter(oktai_queue *queue, oktai_waiter *self)
{
    oktai_waiter *ahead = queue->last;
    while (ahead != NULL && ahead->place > self->place) {
        ahead = ahead->ahead;
    }
    self->ahead = ahead;
    self->behind = ahead == NULL ? queue->first : ahead->behind;
    *(self->ahead == NULL ? &queue->first : &self->ahead->behind) = self;
    *(self->behind == NULL ? &queue->last : &self->behind->ahead) = self;
    queue->count++;
}

static void leave(oktai_queue *queue, oktai_waiter *self)
{
    *(self->ahead == NULL ? &queue->first : &self->ahead->behind) = self->behind;
    *(self->behind == NULL ? &queue->last : &self->behind->ahead) = self->ahead;
    queue->count--;
}

/* Out of its queue, if it is in one. */
static bool is_in(const oktai_queue *queue, const oktai_waiter *self)
{
    return self->ahead != NULL || self->behind != NULL || queue->first == self;
}

void oktai_wait(pthread_mutex_t *lock, oktai_queue *queue, oktai_waiter *self, int64_t ms)
{
    const struct timespec until = oktai_clock_in_ms(ms);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (queue != NULL) {
        enter(queue, self);
    }
    while (!self->woken && pthread_cond_timedwait(&self->wake, lock, &until) != ETIMEDOUT) {
    }
    if (queue != NULL && is_in(queue, self)) {
        leave(queue, self);
    }
    pthread_cond_destroy(&self->wake);
}

void oktai_wake(oktai_waiter *waiter)
{
    waiter->woken = true;
    pthread_cond_signal(&waiter->wake);
}

void oktai_queue_wake(oktai_queue *queue, oktai_waiter *waiter)
{
    leave(queue, waiter);
    waiter->ahead = NULL;
    waiter->behind = NULL;
    oktai_wake(waiter);
}

void oktai_queue_wake_first(oktai_queue *queue)
{
    if (queue->first != NULL) {
        oktai_queue_wake(queue, queue->first);
    }
}

void oktai_queue_wake_all(oktai_queue *queue)
{
    while (queue->first != NULL) {
        oktai_queue_wake(queue, queue->first);
    }
}
