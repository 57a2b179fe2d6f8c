/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of all operations. */
#ifndef OKTA_API_ALL_OPERATIONS_H
#define OKTA_API_ALL_OPERATIONS_H

#include "client/operation.h"

/* By name in the order of strcmp(). Only what looks for operations refers to it, so that other
 * programs are linked without rows that they do not use. */
extern const oktai_operation *const oktai_operations[];
extern const size_t oktai_operation_count;

/* A name that an operation had at Okta before. */
typedef struct oktai_former_name {
    const char *name;
    const oktai_operation *operation;
} oktai_former_name;

/* Programs ask for what they know, which may be a name of long ago. NULL at the end. */
extern const oktai_former_name oktai_former_names[];

/* The rows of functions that share an operation with one of the table, such as those that ask for another
 * media type. NULL at the end. */
extern const oktai_operation *const oktai_operation_siblings[];

#endif
