/* SPDX-License-Identifier: Apache-2.0 */
#include "client/waiting.h"

#include <errno.h>
#include <time.h>

#include "client/call.h"

/* How long a wait goes on without a look at a clock that is not the system's. */
#define LOOK_MS 1000

static struct timespec in_ms(int64_t ms)
{
    struct timespec until = {0};
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

static void begin(oktai_waiter *self, okta_call *call)
{
    pthread_condattr_t attributes;
    *self = (oktai_waiter){.call = call};
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (call->place == 0) {
        call->place = ++call->client->places;
    }
    call->waiter = self;
    call->client->waiting++;
}

static void enter(oktai_queue *queue, oktai_waiter *self)
{
    oktai_waiter *ahead = queue->last;
    while (ahead != NULL && ahead->call->place > self->call->place) {
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

void oktai_wait(okta_call *call, oktai_queue *queue, oktai_waiter *self, int64_t ms)
{
    const struct timespec until = in_ms(ms);
    begin(self, call);
    if (queue != NULL) {
        enter(queue, self);
    }
    while (!self->woken && pthread_cond_timedwait(&self->wake, &call->client->lock, &until) != ETIMEDOUT) {
    }
    if (queue != NULL && is_in(queue, self)) {
        leave(queue, self);
    }
    call->waiter = NULL;
    call->client->waiting--;
    pthread_cond_destroy(&self->wake);
}

void oktai_wait_for_change(okta_call *call, oktai_queue *queue, int64_t until_ms, oktai_waiter *self)
{
    int64_t left_ms = oktai_call_left_ms(call);
    int64_t until_left_ms = until_ms - oktai_call_now_ms(call);
    if (until_ms != 0 && until_left_ms < left_ms) {
        left_ms = until_left_ms < 1 ? 1 : until_left_ms;
    }
    *self = (oktai_waiter){.call = call};
    if (!atomic_load(&call->canceled)) {
        bool looks = call->client->clock != &oktai_system_clock && left_ms > LOOK_MS;
        oktai_wait(call, queue, self, looks ? LOOK_MS : left_ms);
    }
}

static void let_go_on(oktai_waiter *waiter)
{
    waiter->woken = true;
    pthread_cond_signal(&waiter->wake);
}

void oktai_queue_wake(oktai_queue *queue, oktai_waiter *waiter)
{
    leave(queue, waiter);
    waiter->ahead = NULL;
    waiter->behind = NULL;
    let_go_on(waiter);
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

void oktai_wake(okta_call *call)
{
    if (call->waiter != NULL) {
        let_go_on(call->waiter);
    }
}
