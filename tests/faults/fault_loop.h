/* SPDX-License-Identifier: Apache-2.0 */
/* A small event loop over poll() that drives a pool (http/pool.h), with requests that keep what became of
 * them. */
#ifndef OKTA_TESTS_FAULTS_FAULT_LOOP_H
#define OKTA_TESTS_FAULTS_FAULT_LOOP_H

#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/pool.h"

#define FAULT_LOOP_SOCKETS 512u

typedef struct fault_loop {
    oktai_pool_hooks hooks;
    oktai_pool *pool;
    struct pollfd watched[FAULT_LOOP_SOCKETS];
    size_t count;
    size_t most;     /* that were watched at once */
    unsigned refuse; /* so many further sockets: they cannot be watched */
    int64_t due_ms;  /* -1: never */
    int wake[2];     /* a pipe */
} fault_loop;

/* One request of a loop. */
typedef struct fault_trip {
    oktai_request request;
    oktai_response response;
    oktai_flight *flight;
    atomic_bool canceled;
    bool ended;
    oktai_attempt attempt; /* its reason is in `reason` */
    char reason[256];
} fault_trip;

/* Fails the test when the machine lacks something. `options` are borrowed. */
void fault_loop_start(fault_loop *loop, const oktai_transport_options *options);
/* Also of one that is zeroed. */
void fault_loop_stop(fault_loop *loop);

void fault_trip_begin(fault_loop *loop, fault_trip *trip);
void fault_trip_cancel(fault_loop *loop, fault_trip *trip);
void fault_trip_clear(fault_trip *trip);

/* What became of those that ended by now. */
void fault_loop_take_ends(fault_loop *loop);
/* Wait for whatever comes next, and for no longer than that; then take all ends. */
void fault_loop_turn(fault_loop *loop);
/* The same, and for no longer than so many milliseconds. */
void fault_loop_turn_for(fault_loop *loop, int ms);
/* Turn until so many of the trips, which stand side by side, have ended. */
void fault_loop_run(fault_loop *loop, const fault_trip *trips, size_t count, size_t ended);

#endif
