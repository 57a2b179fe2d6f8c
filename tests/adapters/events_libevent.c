/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "adapters/events.h"
#include "okta/adapters/libevent.h"

int __real_event_add(struct event *event, const struct timeval *time);
int __wrap_event_add(struct event *event, const struct timeval *time);

static bool refuses_all;
static bool refuses_time;

/* One time fails as well: the base would not end its turn while all do. */
int __wrap_event_add(struct event *event, const struct timeval *time)
{
    bool fails = time == NULL ? refuses_all : refuses_time;
    refuses_time = refuses_time && time == NULL;
    return fails ? -1 : __real_event_add(event, time);
}

static void refuse(bool refuses)
{
    refuses_all = refuses;
    refuses_time = refuses;
}

static void *start(void)
{
    struct event_base *base = event_base_new();
    assert_non_null(base);
    return base;
}

static void turn(void *events, bool wait)
{
    assert_true(event_base_loop(events, EVLOOP_ONCE | (wait ? 0 : EVLOOP_NONBLOCK)) >= 0);
}

static void run(void *events)
{
    assert_true(event_base_dispatch(events) >= 0);
}

static void stop(void *events)
{
    assert_int_equal(event_base_get_num_events(events, EVENT_BASE_COUNT_ADDED | EVENT_BASE_COUNT_ACTIVE), 0);
    event_base_free(events);
}

static okta_error *open_loop(void *events, okta_loop **out)
{
    return okta_libevent_loop_new(events, out);
}

static okta_error *open_nothing(okta_loop **out)
{
    return okta_libevent_loop_new(NULL, out);
}

static void fork_here(void *events)
{
    if (event_reinit(events) != 0) {
        abort();
    }
}

const events_kind events_of_libevent = {"libevent", start, stop,   open_loop, open_nothing,
                                        turn,       run,   refuse, fork_here};
