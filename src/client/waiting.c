/* SPDX-License-Identifier: Apache-2.0 */
#include "client/waiting.h"

void oktai_queue_enter(oktai_queue *queue, oktai_waiter *waiter)
{
    oktai_link *ahead = queue->last;
    while (ahead != NULL && ((const oktai_waiter *)ahead)->place > waiter->place) {
        ahead = ahead->ahead;
    }
    oktai_list_insert(queue, ahead, &waiter->link);
    waiter->queue = queue;
    waiter->admitted = false;
}

void oktai_queue_leave(oktai_waiter *waiter)
{
    if (waiter->queue != NULL) {
        oktai_list_remove(waiter->queue, &waiter->link);
        waiter->queue = NULL;
    }
}

void oktai_queue_release(oktai_waiter *waiter)
{
    oktai_queue_leave(waiter);
    waiter->driver->wake(waiter->driver, waiter->call);
}

void oktai_queue_release_first(oktai_queue *queue)
{
    oktai_waiter *first = oktai_list_first(queue);
    if (first != NULL) {
        oktai_queue_release(first);
    }
}

void oktai_queue_release_all(oktai_queue *queue)
{
    while (queue->first != NULL) {
        oktai_queue_release_first(queue);
    }
}
