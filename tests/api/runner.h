/* SPDX-License-Identifier: Apache-2.0 */
/* Calls in threads of their own, and a clock that tells when one of them begins to wait. */
#ifndef OKTA_TESTS_API_RUNNER_H
#define OKTA_TESTS_API_RUNNER_H

#include <pthread.h>
#include <stdbool.h>

#include "api/fixture.h"
#include "core/clock.h"

/* The real clock, but it tells when a wait begins. Its chance is always the least. */
typedef struct telling_clock {
    oktai_clock clock; /* first: the library hands it back */
    pthread_mutex_t lock;
    pthread_cond_t begun;
    bool waits;
} telling_clock;

void telling_clock_begin(telling_clock *out);
void telling_clock_end(telling_clock *self);
/* Until a wait has begun. Ends too when a runner's call ended without one: its outcome tells. */
void telling_clock_await(telling_clock *self);

/* One call in one thread. */
typedef struct runner {
    pthread_t thread;
    okta_call *call;
    telling_clock *clock; /* nullable: told about the end too */
    okta_error *error;    /* of the call, when it is finished */
} runner;

void runner_start(runner *self, okta_call *call, telling_clock *clock);
/* Wait for its end. The call, which holds the result, and the error are the test's to release. */
void runner_finish(runner *self);

/* Until the mock has heard so many requests. */
void runner_await_requests(const api_world *world, size_t count);

#endif
