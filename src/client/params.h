/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of an operation: query and request headers. */
#ifndef OKTA_CLIENT_PARAMS_H
#define OKTA_CLIENT_PARAMS_H

#include "client/operation.h"
#include "client/own_headers.h"
#include "core/redaction.h"

/* Where parameters go. */
typedef struct oktai_params_target {
    oktai_buffer *url; /* without a query */
    oktai_own_headers *headers;
    oktai_arena *arena; /* of the header lines */
    oktai_secrets *secrets;
} oktai_params_target;

/* Write them. `rows` and `params`, which is of the rows' type, are nullable. Errors: OKTA_E_ARG, which names
 * the parameter; OKTA_E_NOMEM. */
okta_error *oktai_params_write(const oktai_params *rows, const void *params,
                               const oktai_params_target *target);

#endif
