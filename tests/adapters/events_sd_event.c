/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "adapters/events.h"
#include "okta/adapters/sd_event.h"

int __real_sd_event_add_io(sd_event *event, sd_event_source **out, int fd, uint32_t events,
                           sd_event_io_handler_t function, void *ctx);
int __wrap_sd_event_add_io(sd_event *event, sd_event_source **out, int fd, uint32_t events,
                           sd_event_io_handler_t function, void *ctx);

static bool refuses_all;

int __wrap_sd_event_add_io(sd_event *event, sd_event_source **out, int fd, uint32_t events,
                           sd_event_io_handler_t function, void *ctx)
{
    return refuses_all ? -ENOMEM : __real_sd_event_add_io(event, out, fd, events, function, ctx);
}

static void refuse(bool refuses)
{
    refuses_all = refuses;
}

static void *start(void)
{
    sd_event *event = NULL;
    assert_true(sd_event_new(&event) >= 0);
    return event;
}

/* In a child process it refuses to run. */
static void turn(void *events, bool wait)
{
    int result = sd_event_run(events, wait ? UINT64_MAX : 0);
    if (result != -ECHILD) {
        assert_true(result >= 0);
    }
}

static void stop(void *events)
{
    sd_event_unref(events);
}

static okta_error *open_loop(void *events, okta_loop **out)
{
    return okta_sd_event_loop_new(events, out);
}

static okta_error *open_nothing(okta_loop **out)
{
    return okta_sd_event_loop_new(NULL, out);
}

const events_kind events_of_sd_event = {"sd_event", start, stop,   open_loop, open_nothing,
                                        turn,       NULL,  refuse, NULL};
