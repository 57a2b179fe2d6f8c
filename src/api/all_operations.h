/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of all operations. */
#ifndef OKTA_API_ALL_OPERATIONS_H
#define OKTA_API_ALL_OPERATIONS_H

#include "client/operation.h"

/* By name in the order of strcmp(). Only what looks for operations refers to it, so that other
 * programs are linked without rows that they do not use. */
extern const oktai_operation *const oktai_operations[];
extern const size_t oktai_operation_count;

#endif
