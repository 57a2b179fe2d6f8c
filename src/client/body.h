/* SPDX-License-Identifier: Apache-2.0 */
/* The request's body, of any kind that a row may have. */
#ifndef OKTA_CLIENT_BODY_H
#define OKTA_CLIENT_BODY_H

#include "client/call.h"

/* Write the body argument of the call's operation. Errors: OKTA_E_ARG, OKTA_E_NOMEM, those of the row's
 * check. */
okta_error *oktai_body_set(okta_call *call, const void *body);

/* Write a JSON document as it is, once it is found to be one. Its secrets become the call's. Errors:
 * OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_body_set_json(okta_call *call, const char *json);

#endif
