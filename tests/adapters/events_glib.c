/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "adapters/events.h"
#include "okta/adapters/glib.h"

static void *start(void)
{
    return g_main_context_new();
}

static void turn(void *events, bool wait)
{
    g_main_context_iteration(events, wait);
}

/* What is left in a context is in its answer to this. */
static void stop(void *events)
{
    gint timeout = 0;
    gint priority = 0;
    GPollFD polled[8];
    assert_true(g_main_context_acquire(events));
    assert_false(g_main_context_prepare(events, &priority));
    assert_true(g_main_context_query(events, G_MAXINT, &timeout, polled, 8) <= 1); /* its own */
    assert_int_equal(timeout, -1);
    g_main_context_release(events);
    g_main_context_unref(events);
}

static okta_error *open_loop(void *events, okta_loop **out)
{
    return okta_glib_loop_new(events, out);
}

const events_kind events_of_glib = {"glib", start, stop, open_loop, NULL, turn, NULL, NULL, NULL};
