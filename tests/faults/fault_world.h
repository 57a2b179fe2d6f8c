/* SPDX-License-Identifier: Apache-2.0 */
/* A failing server, a client of it and a clock whose waits pass at once. */
#ifndef OKTA_TESTS_FAULTS_FAULT_WORLD_H
#define OKTA_TESTS_FAULTS_FAULT_WORLD_H

#include <stdint.h>

#include "core/clock.h"
#include "faults/fault_server.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define FAULT_TOKEN  "00tok-Canary_7"
#define FAULT_SECRET "Canary-secret-of-a-client-0123456789"
#define FAULT_PATH   "/api/v1/things"

typedef struct fault_clock {
    oktai_clock clock; /* first: the library hands it back */
    int64_t now_ms;
    int64_t step_ms; /* by which each look at the clock moves it on */
    unsigned waits;
    void (*on_wait)(void *context); /* nullable; called before each wait */
    void *context;
} fault_clock;

typedef struct fault_world {
    fault_server *server;
    okta_client *client;
    fault_clock clock;
} fault_world;

/* What became of a call. */
typedef struct fault_outcome {
    okta_status status;
    unsigned attempts; /* of this and the next, where a token could not be had, those of the request for it */
    int http_status;   /* by the call, also after success */
    unsigned own_attempts; /* by the call */
    bool retryable;
    int64_t retry_after_ms;
    size_t body_length; /* of the call, or of the error that took it */
    char body[256];     /* its beginning */
    char message[512];
    const char *contradiction; /* between the call and its error; NULL: none */
} fault_outcome;

/* Options of a client of this server. `tls` and others are up to the test. */
okta_client_options fault_options(const fault_server *server);

/* The server and the clock, without a client. */
void fault_world_begin(fault_world *world, const fault_plan *plan);
/* The calling test has one world at a time. `options` is nullable. */
void fault_world_start(fault_world *world, const fault_plan *plan, const okta_client_options *options);
/* Another client without a connection, on the same server and clock. */
void fault_world_renew(fault_world *world, const okta_client_options *options);
/* Let the client go and finish the server: counts are final. */
void fault_world_finish(fault_world *world);
/* Finish and free all; also of a world that a failed assertion left behind. */
void fault_world_stop(fault_world *world);

/* A test whose state is a world that it may start and stop as it likes; it is stopped behind it. */
#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, fault_world_lend, fault_world_take_back)
int fault_world_lend(void **state);
int fault_world_take_back(void **state);

/* Run a call of any kind, read it, and release it. */
fault_outcome fault_try(okta_call *call);
/* The same for a call whose result, of that type, goes to `*out`. */
fault_outcome fault_try_taking(okta_call *call, const okta_descriptor *type, void **out);
/* The same for a call without a result, and what contradicts itself fails the test. */
fault_outcome fault_run(okta_call *call);
/* A raw request to FAULT_PATH. `body` is nullable. */
fault_outcome fault_request_once(fault_world *world, const char *method, const char *body,
                                 unsigned max_retries);
/* A GET that must bring the good answer, as proof that the client works. */
void fault_expect_good(const char *label, fault_world *world);

/* Each names the label in its complaint. */
void fault_expect_status(const char *label, const fault_outcome *outcome, okta_status status);
void fault_expect_body(const char *label, const fault_outcome *outcome, const char *body);
void fault_expect_attempts(const char *label, const fault_outcome *outcome, unsigned attempts);
void fault_expect_connections(const char *label, fault_world *world, unsigned count);
/* How many whole requests of that method the server heard. */
void fault_expect_requests(const char *label, fault_world *world, const char *method, size_t count);

#endif
