/* SPDX-License-Identifier: Apache-2.0 */
/* A server that answers every request with a good key, and clients of it. */
#ifndef OKTA_TESTS_PROCESS_SMALL_ORG_H
#define OKTA_TESTS_PROCESS_SMALL_ORG_H

#include <stdbool.h>

#include "faults/fault_server.h"
#include "faults/fault_tls.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define SMALL_APP "0oa1mockwebapp0000g4"

typedef enum small_org_kind {
    SMALL_PLAIN,
    SMALL_TLS,
    SMALL_KINDS,
} small_org_kind;

typedef struct small_org {
    fault_tls tls;
    fault_server *server;
    bool patient;           /* waits of clients pass at once */
    unsigned max_in_flight; /* of clients; 0: as by default */
} small_org;

/* `script` is nullable: what the server does first. */
void small_org_start(small_org *org, small_org_kind kind, const fault_step *script);
void small_org_stop(small_org *org);

/* An error, or a client. */
okta_error *small_org_try_client(const small_org *org, okta_client **out);
/* The same; fails the test when there is none. */
okta_client *small_org_client(const small_org *org);

/* A GET of a key, or a POST of anything. Whether it brought the good answer; `status` is nullable. */
bool small_org_get(okta_client *client, okta_status *status);
bool small_org_post(okta_client *client, okta_status *status);

/* cmocka fixtures: the state is a zeroed small_org, which is stopped. */
int small_org_lend(void **state);
int small_org_take_back(void **state);
#define ORG_TEST(name) cmocka_unit_test_setup_teardown(name, small_org_lend, small_org_take_back)

#endif
