/* SPDX-License-Identifier: Apache-2.0 */
/* Calls by chance, each with a deadline, some of them canceled from another thread. */
#ifndef OKTA_TESTS_SOAK_CALLS_H
#define OKTA_TESTS_SOAK_CALLS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"
#include "soak/soak_random.h"

#define SOAK_STATUSES 16u

/* By how much a call may be late on a machine where a thread that only sleeps is not. */
#define SOAK_LATE_MS 500

#define SOAK_CLIENTS 6u

/* What all threads share. */
typedef struct soak_world {
    okta_client_options options[SOAK_CLIENTS];
    okta_client *clients[SOAK_CLIENTS]; /* one of each, for all threads */
    const char *names[SOAK_CLIENTS];
    okta_oauth2_client_jwk_request *key;
    atomic_bool over;
} soak_world;

/* A thread that makes one call after the other. */
typedef struct soak_worker {
    pthread_t thread;
    soak_world *world;
    unsigned number;
    soak_random random;
    pthread_mutex_t lock; /* of the next two */
    okta_call *call;      /* that runs; NULL: none */
    int64_t canceled_ms;  /* when it was canceled; 0: it was not */

    /* Read when the thread has ended. */
    unsigned statuses[SOAK_STATUSES];
    unsigned canceled;
    unsigned late;
    int64_t latest_ms; /* beyond its deadline or cancel, and beyond what a sleeper overslept */
} soak_worker;

void soak_worker_start(soak_worker *self);

/* Cancel what it runs, if anything. From any thread. */
void soak_worker_cancel(soak_worker *self);

#endif
