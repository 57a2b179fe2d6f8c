/* SPDX-License-Identifier: Apache-2.0 */
/* The request for an access token, with all its attempts. */
#ifndef OKTA_CLIENT_TOKEN_REQUEST_H
#define OKTA_CLIENT_TOKEN_REQUEST_H

#include "client/call.h"

/* Ask the org for a token on behalf of a call, over the call's transport, within its deadline and until it is
 * canceled. `early`: the token at hand is still good, so that the request gets a small part of the time and
 * one attempt. Log events tell of each attempt and of the end. Errors: whatever a call can fail with; their
 * messages do not name the call, since several calls may share one. */
okta_error *oktai_token_request_run(okta_call *call, bool early, oktai_token **out);

#endif
