/* SPDX-License-Identifier: Apache-2.0 */
/* An event loop with loops in it, calls, and what was told of them. For programs that wrap okta_loop_new(),
 * okta_loop_on_ready() and okta_loop_on_timer(). */
#ifndef OKTA_TESTS_ADAPTERS_DRIVEN_H
#define OKTA_TESTS_ADAPTERS_DRIVEN_H

#include "adapters/events.h"
#include "process/small_org.h"

/* The kind under test. */
extern const events_kind *driven_kind;

/* The hooks of the loop that was made last. */
extern okta_loop_hooks driven_hooks;

/* How often the adapter has told its loop of anything. */
extern unsigned driven_ready_count;
extern unsigned driven_timer_count;

/* Told instead of the loop, where it is not NULL. */
extern void (*driven_on_ready)(int fd, unsigned events);
extern void (*driven_on_timer)(void);

/* A call. */
typedef struct driven_told {
    okta_call *call;
    unsigned times;
    okta_status status;
    bool keeps;            /* the call */
    unsigned follow;       /* calls to submit when it ends */
    okta_loop *loop;       /* that it is in */
    okta_loop **released;  /* a loop to release when it ends, and to set to NULL; NULL: none */
    const unsigned *until; /* release only when so many ended; NULL: at once */
} driven_told;

/* How many calls ended. */
extern unsigned driven_ended;

void driven_submit(driven_told *self, okta_client *client);

/* Until all calls of a loop ended; it lives. */
void driven_finish(void *events, const okta_loop *loop);

/* Each was told once, with this status. */
void driven_expect(const driven_told *all, size_t count, okta_status status);

okta_loop *driven_open(void *events);

/* The main function: run the tests by each kind, or with `--group KIND` by one. `run_all` gives a cmocka
 * group this name, and returns how many of its tests failed. */
int driven_main(int argc, char **argv, int (*run_all)(const char *name));

#endif
