/* SPDX-License-Identifier: Apache-2.0 */
/* A fault_world whose server speaks TLS. */
#ifndef OKTA_TESTS_FAULTS_FAULT_TLS_WORLD_H
#define OKTA_TESTS_FAULTS_FAULT_TLS_WORLD_H

#include "faults/fault_tls.h"
#include "faults/fault_world.h"

typedef struct fault_tls_world {
    fault_tls tls;
    fault_tls other; /* for what the test needs beside the server's; all zero: none */
    fault_world world;
} fault_tls_world;

/* Stop and free all that was started; also what a failed assertion left behind. */
void fault_tls_world_stop(fault_tls_world *self);

/* A test whose state is such a world, with nothing started. It is stopped behind it. */
#define FAULT_TLS_TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, fault_tls_world_lend, fault_tls_world_take_back)
int fault_tls_world_lend(void **state);
int fault_tls_world_take_back(void **state);

#endif
