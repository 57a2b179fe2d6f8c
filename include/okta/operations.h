/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the library knows about Okta's operations, by their names in Okta's reference. A program that is
 * linked statically and uses this has the rows of all operations in it.
 */
#ifndef OKTA_OPERATIONS_H
#define OKTA_OPERATIONS_H

#include "okta/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The scopes of OAuth 2.0 that an operation needs, for the configuration of a service app.
 *
 * @param[in] name nullable; Okta's operationId, such as "listJwk"; also one that it had in an earlier
 * description, unless another operation has it.
 * @return the scopes, NULL at the end, without any for an operation that needs none; static. NULL for a name
 * that no operation has.
 * @since 0.1.0
 */
OKTA_API const char *const *okta_operation_scopes(const char *name);

#ifdef __cplusplus
}
#endif
#endif
