/* SPDX-License-Identifier: Apache-2.0 */
/* A client that adds a key to a settle_org, and what it comes to. The key and its clock are the same in every
 * process that forks from here. */
#ifndef OKTA_TESTS_FAULTS_SETTLE_WORLD_H
#define OKTA_TESTS_FAULTS_SETTLE_WORLD_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/clock.h"
#include "faults/settle_org.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"

#define SETTLE_KID "rotation-7"

/* Waits pass at once. In a hurry, it shows a call that just began a time shortly before its deadline, until
 * the org has heard of it: the call's first attempt has little real time. */
typedef struct settle_clock {
    oktai_clock clock; /* first: the library hands it back */
    atomic_llong now_ms;
    atomic_bool hurry;
    atomic_uint readings;
} settle_clock;

typedef struct settle_world {
    settle_org *org;
    settle_clock *clock; /* shared with processes that are forked */
    okta_client *client;
    okta_oauth2_client_jwk_request *key;
    char log[512]; /* what the first attempt of addJwk came to */
} settle_world;

/* How adding the key ended. */
typedef struct settle_end {
    okta_status status;
    bool reconciled;
    unsigned posts;
    char id[32]; /* of the key that the caller got; "": none */
    char message[1024];
} settle_end;

/* The clock and the key, without an org. `padding` is the size of a member that goes with it. */
void settle_world_begin(settle_world *world, size_t padding);
/* Another key in its place, from JSON. */
void settle_world_set_key(settle_world *world, const char *json, size_t length);
void settle_world_end(settle_world *world);

/* A client of the org at this URL. False: none could be made. */
bool settle_world_connect(settle_world *world, const char *url, const settle_plan *plan);
/* Add the key once. */
void settle_world_add(settle_world *world, const settle_plan *plan, settle_end *end);
/* okta_reconcile_jwk(); the id that it brings, or "". */
okta_status settle_world_reconcile(settle_world *world, char id[32]);

/* The key's thumbprint. */
void settle_world_thumbprint(const settle_world *world, char out[OKTA_THUMBPRINT_SIZE]);

#endif
