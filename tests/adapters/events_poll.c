/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "adapters/events.h"
#include "okta/adapters/poll.h"

#define LOOPS_MAX 2

/* Each loop has an array of its own. Where there are two, nobody waits. */
typedef struct arrays {
    okta_poll polled[LOOPS_MAX];
    size_t count;
} arrays;

static void *start(void)
{
    arrays *self = calloc(1, sizeof *self);
    assert_non_null(self);
    return self;
}

static void turn(void *events, bool wait)
{
    arrays *self = events;
    for (size_t i = 0; i < self->count; i++) {
        okta_poll *polled = &self->polled[i];
        int timeout_ms = wait && self->count == 1 ? okta_poll_timeout_ms(polled) : 0;
        assert_true(poll(polled->fds, polled->count, timeout_ms) >= 0);
        okta_poll_dispatch(polled);
    }
}

static size_t loops_in(const arrays *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++) {
        count += self->polled[i].base.loop != NULL;
    }
    return count;
}

static void stop(void *events)
{
    assert_int_equal(loops_in(events), 0);
    free(events);
}

static okta_error *open_loop(void *events, okta_loop **out)
{
    arrays *self = events;
    if (loops_in(self) == 0) {
        self->count = 0;
    }
    assert_true(self->count < LOOPS_MAX);
    okta_error *error = okta_poll_loop_new(&self->polled[self->count], 0, out);
    self->count += error == NULL;
    return error;
}

static okta_error *open_nothing(okta_loop **out)
{
    return okta_poll_loop_new(NULL, 0, out);
}

const events_kind events_of_poll = {"poll", start, stop, open_loop, open_nothing, turn, NULL, NULL, NULL};
