/* SPDX-License-Identifier: Apache-2.0 */
/* Event loops, alike for the tests of their adapters. */
#ifndef OKTA_TESTS_ADAPTERS_EVENTS_H
#define OKTA_TESTS_ADAPTERS_EVENTS_H

#include <stdbool.h>

#include "okta/loop.h"

typedef struct events_kind {
    const char *name;
    void *(*start)(void);
    /* Fails the test when anything of a loop is left in it. */
    void (*stop)(void *events);
    okta_error *(*open)(void *events, okta_loop **out);
    okta_error *(*open_nothing)(okta_loop **out); /* in no event loop; NULL: there is a default one */
    /* What is to be done; with `wait` until there is something. */
    void (*turn)(void *events, bool wait);
    void (*run)(void *events);       /* until nothing is left to wait for; NULL: it never ends by itself */
    void (*refuse)(bool refuses);    /* have its functions fail; NULL: none does */
    void (*fork_here)(void *events); /* in a child process; NULL: nothing to do */
} events_kind;

extern const events_kind events_of_glib;
extern const events_kind events_of_libevent;
extern const events_kind events_of_poll;
extern const events_kind events_of_sd_event;
extern const events_kind events_of_uv;

#endif
