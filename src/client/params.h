/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of an operation: query and request headers. */
#ifndef OKTA_CLIENT_PARAMS_H
#define OKTA_CLIENT_PARAMS_H

#include "client/call.h"

/* Append them to the URL and the headers of a call. `params` is of the operation's params type, nullable.
 * Errors: OKTA_E_ARG, which names the parameter; OKTA_E_NOMEM. */
okta_error *oktai_params_add(okta_call *call, const void *params);

#endif
