/* SPDX-License-Identifier: Apache-2.0 */
/* From a row to what the server follows. */
#ifndef OKTA_TESTS_FAULTS_FAULT_WRITE_H
#define OKTA_TESTS_FAULTS_FAULT_WRITE_H

#include "faults/fault_table.h"

/* The row's script for so many attempts. */
void fault_write_script(fault_bench *bench, unsigned times);
/* The row's answers to a service app, whose operation has its beginning in the bench. */
void fault_write_routes(fault_bench *bench);

#endif
