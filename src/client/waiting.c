/* SPDX-License-Identifier: Apache-2.0 */
#include "client/waiting.h"

void oktai_queue_enter(oktai_queue *queue, oktai_waiter *waiter)
{
    oktai_waiter *ahead = queue->last;
    while (ahead != NULL && ahead->place > waiter->place) {
        ahead = ahead->ahead;
    }
    waiter->ahead = ahead;
    waiter->behind = ahead == NULL ? queue->first : ahead->behind;
    *(waiter->ahead == NULL ? &queue->first : &waiter->ahead->behind) = waiter;
    *(waiter->behind == NULL ? &queue->last : &waiter->behind->ahead) = waiter;
    waiter->queue = queue;
    waiter->admitted = false;
    queue->count++;
}

void oktai_queue_leave(oktai_waiter *waiter)
{
    oktai_queue *queue = waiter->queue;
    if (queue == NULL) {
        return;
    }
    *(waiter->ahead == NULL ? &queue->first : &waiter->ahead->behind) = waiter->behind;
    *(waiter->behind == NULL ? &queue->last : &waiter->behind->ahead) = waiter->ahead;
    waiter->ahead = NULL;
    waiter->behind = NULL;
    waiter->queue = NULL;
    queue->count--;
}

void oktai_queue_release(oktai_waiter *waiter)
{
    oktai_queue_leave(waiter);
    waiter->driver->wake(waiter->driver, waiter->call);
}

void oktai_queue_release_first(oktai_queue *queue)
{
    if (queue->first != NULL) {
        oktai_queue_release(queue->first);
    }
}

void oktai_queue_release_all(oktai_queue *queue)
{
    while (queue->first != NULL) {
        oktai_queue_release(queue->first);
    }
}
