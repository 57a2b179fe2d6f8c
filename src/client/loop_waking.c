/* SPDX-License-Identifier: Apache-2.0 */
#include "client/loop_waking.h"

bool oktai_loop_waking_open(oktai_loop_waking *waking)
{
    *waking = (oktai_loop_waking){.waker = {-1, -1}};
    pthread_mutex_init(&waking->lock, NULL);
    return oktai_waker_open(&waking->waker);
}

void oktai_loop_waking_close(oktai_loop_waking *waking)
{
    oktai_waker_close(&waking->waker);
    pthread_mutex_destroy(&waking->lock);
}

static void tell_in_lock(oktai_loop_waking *waking)
{
    if (!waking->is_told) {
        waking->is_told = true;
        oktai_waker_wake(&waking->waker);
    }
}

void oktai_loop_waking_tell(oktai_loop_waking *waking)
{
    pthread_mutex_lock(&waking->lock);
    tell_in_lock(waking);
    pthread_mutex_unlock(&waking->lock);
}

void oktai_loop_waking_wake(oktai_loop_waking *waking, oktai_woken *woken)
{
    pthread_mutex_lock(&waking->lock);
    if (!woken->is_woken) {
        woken->is_woken = true;
        oktai_list_append(&waking->woken, &woken->link);
    }
    tell_in_lock(waking);
    pthread_mutex_unlock(&waking->lock);
}

void oktai_loop_waking_take(oktai_loop_waking *waking, void (*give)(void *owner))
{
    pthread_mutex_lock(&waking->lock);
    if (waking->is_told) {
        oktai_waker_calm(&waking->waker);
        waking->is_told = false;
    }
    oktai_woken *woken;
    while ((woken = oktai_list_first(&waking->woken)) != NULL) {
        oktai_list_remove(&waking->woken, &woken->link);
        woken->is_woken = false;
        give(woken->owner);
    }
    pthread_mutex_unlock(&waking->lock);
}
