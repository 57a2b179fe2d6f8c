/* SPDX-License-Identifier: Apache-2.0 */
#include "client/loop_client.h"

#include <stdlib.h>

#include "client/driver.h"
#include "core/arena.h"
#include "core/clock.h"

static int64_t client_ms(const oktai_loop_client *its)
{
    return its->client->clock->now_ms(its->client->clock);
}

static bool has_system_clock(const oktai_loop_client *its)
{
    return its->client->clock == &oktai_system_clock;
}

/* The hooks of its pool. */

static bool watch_socket(void *context, int socket, unsigned what)
{
    oktai_loop_client *its = context;
    return oktai_loop_events_watch(its->events, its, socket, what);
}

static void set_pool_timer(void *context, int64_t ms)
{
    oktai_loop_client *its = context;
    its->due_ms = ms <= 0 ? ms : oktai_clock_system_ms() + ms;
}

static void on_look_up(void *context)
{
    oktai_loop_client *its = context;
    atomic_store(&its->look_up_ended, true);
    oktai_loop_waking_tell(its->waking);
}

static oktai_loop_client *add(oktai_list *clients, okta_client *client, oktai_loop_events *events,
                              oktai_loop_waking *waking)
{
    oktai_loop_client *its = calloc(1, sizeof *its);
    if (its == NULL) {
        return NULL;
    }
    its->events = events;
    its->waking = waking;
    its->hooks = (oktai_pool_hooks){its, watch_socket, set_pool_timer, on_look_up};
    its->due_ms = -1;
    atomic_init(&its->look_up_ended, false);
    its->pool =
        oktai_pool_new(&client->transport, &its->hooks, (unsigned)client->pacing.options.max_in_flight);
    if (its->pool == NULL) {
        free(its);
        return NULL;
    }
    its->client = oktai_root_hold(client);
    oktai_list_insert(clients, NULL, &its->link);
    return its;
}

oktai_loop_client *oktai_loop_client_of(oktai_list *clients, okta_client *client, oktai_loop_events *events,
                                        oktai_loop_waking *waking)
{
    oktai_loop_client *its = oktai_list_first(clients);
    while (its != NULL && its->client != client) {
        its = oktai_list_after(&its->link);
    }
    return its != NULL ? its : add(clients, client, events, waking);
}

static void drop(oktai_list *clients, oktai_loop_client *its)
{
    oktai_list_remove(clients, &its->link);
    oktai_pool_free(its->pool);
    oktai_timers_clear(&its->timers);
    okta_free(its->client);
    free(its);
}

void oktai_loop_clients_drop(oktai_list *clients)
{
    oktai_loop_client *next;
    for (oktai_loop_client *its = oktai_list_first(clients); its != NULL; its = next) {
        next = oktai_list_after(&its->link);
        if (its->calls == 0 && oktai_root_is_sole(its->client)) {
            drop(clients, its);
        }
    }
}

void oktai_loop_clients_clear(oktai_list *clients)
{
    while (clients->first != NULL) {
        drop(clients, oktai_list_first(clients));
    }
}

void *oktai_loop_client_due(oktai_loop_client *its)
{
    oktai_timer *timer = oktai_timers_next(&its->timers);
    if (timer == NULL || timer->until_ms > client_ms(its)) {
        return NULL;
    }
    oktai_timers_unset(&its->timers, timer);
    return timer->owner;
}

void oktai_loop_client_run(oktai_loop_client *its)
{
    if (atomic_exchange(&its->look_up_ended, false)) {
        oktai_pool_on_look_up(its->pool);
    }
    if (its->due_ms >= 0 && its->due_ms <= oktai_clock_system_ms()) {
        its->due_ms = -1;
        oktai_pool_on_timer(its->pool);
    }
}

void oktai_loop_client_advance(oktai_loop_client *its)
{
    const oktai_clock *clock = its->client->clock;
    int64_t until_ms = INT64_MAX;
    if (has_system_clock(its) || its->in_flight > 0) {
        return;
    }
    for (size_t i = 0; i < its->timers.count; i++) {
        const oktai_timer *timer = its->timers.heap[i];
        if (!((const oktai_loop_time *)timer)->for_call && timer->until_ms < until_ms) {
            until_ms = timer->until_ms;
        }
    }
    int64_t left_ms = until_ms == INT64_MAX ? 0 : until_ms - client_ms(its);
    if (left_ms > 0) {
        clock->wait_ms(clock, oktai_loop_events_wait_only, its->events, left_ms);
    }
}

/* Until a time that may have passed. */
static int64_t until(int64_t due_ms, int64_t now_ms)
{
    return due_ms > now_ms ? due_ms - now_ms : 0;
}

/* Until a call waited long enough; -1: none waits. */
static int64_t call_left_ms(const oktai_loop_client *its)
{
    const oktai_timer *timer = oktai_timers_next(&its->timers);
    if (timer == NULL) {
        return -1;
    }
    if (has_system_clock(its)) {
        return until(timer->until_ms, client_ms(its));
    }
    return ((const oktai_loop_time *)timer)->for_call || its->in_flight > 0 ? OKTAI_LOOK_MS : 0;
}

int64_t oktai_loop_client_left_ms(const oktai_loop_client *its)
{
    if (atomic_load(&its->look_up_ended)) {
        return 0;
    }
    int64_t pool_ms = its->due_ms < 0 ? -1 : until(its->due_ms, oktai_clock_system_ms());
    int64_t call_ms = call_left_ms(its);
    return pool_ms < 0 || (call_ms >= 0 && call_ms < pool_ms) ? call_ms : pool_ms;
}
