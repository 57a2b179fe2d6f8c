/* SPDX-License-Identifier: Apache-2.0 */
/* Finding operations among all of them. */
#ifndef OKTA_API_FIND_H
#define OKTA_API_FIND_H

#include "client/operation.h"

/* By Okta's operationId. NULL: there is none. */
const oktai_operation *oktai_operation_find(const char *name);

/* By method and path, without a query: of several that match the one whose path has the most text in front of
 * its first placeholder that differs, so that `/users/me` is not `/users/{userId}`. NULL: there is none. */
const oktai_operation *oktai_operation_match(const char *method, const char *path);

#endif
