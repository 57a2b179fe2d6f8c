/* SPDX-License-Identifier: Apache-2.0 */
/* A failing server, and many requests of one event loop to it. */
#ifndef OKTA_TESTS_FAULTS_FAULT_POOL_WORLD_H
#define OKTA_TESTS_FAULTS_FAULT_POOL_WORLD_H

#include "faults/fault_loop.h"
#include "faults/fault_script.h"
#include "faults/fault_tls_world.h"

#define FAULT_TRIPS 64u

typedef struct fault_pool_world {
    fault_tls_world base;
    fault_loop loop;
    okta_client_options options; /* that the client is made from, beside those that the world sets */
    const char *host;            /* that it calls; NULL: the server's address */
    bool is_proxy;               /* the server is one, without TLS, and `tls` is for FAULT_TUNNEL */
    int64_t timeout_ms;          /* of further requests; 0: long enough */
    fault_trip trips[FAULT_TRIPS];
    char urls[FAULT_TRIPS][128]; /* each has a path of its own */
    oktai_buffer body;           /* of requests that have one */
} fault_pool_world;

/* `tls`: NULL for plain HTTP. The calling test has one world at a time. */
void fault_pool_start(fault_pool_world *self, const fault_tls_options *tls, const fault_plan *plan);
/* Let the loop and the client go, and finish the server: counts are final. */
void fault_pool_finish(fault_pool_world *self);
/* Finish and free all; also what a failed assertion left behind. */
void fault_pool_stop(fault_pool_world *self);

/* What a trip asks. */
typedef enum fault_ask {
    FAULT_ASK_GET,
    FAULT_ASK_POST,      /* with a body */
    FAULT_ASK_BARE_POST, /* without one: over a connection of its own */
} fault_ask;

/* Begin the trips from `first` on. */
void fault_pool_begin(fault_pool_world *self, size_t first, size_t count, fault_ask ask);
/* Turn until trips from the first on have ended. */
void fault_pool_run(fault_pool_world *self, size_t count);
/* Turn until the server has heard so many requests. */
void fault_pool_run_until_heard(fault_pool_world *self, unsigned count);

/* Each names the label in its complaint. */
void fault_expect_trip_good(const char *label, const fault_trip *trip);
/* ... and the answer is the one to its own path. */
void fault_expect_trip_echo(const char *label, const fault_pool_world *self, size_t which);
void fault_expect_trip_failed(const char *label, const fault_trip *trip, okta_status status, bool unsettled);

/* A test whose state is such a world, with nothing started. It is stopped behind it. */
#define FAULT_POOL_TEST(name)                                                                                \
    cmocka_unit_test_setup_teardown(name, fault_pool_world_lend, fault_pool_world_take_back)
int fault_pool_world_lend(void **state);
int fault_pool_world_take_back(void **state);

#endif
