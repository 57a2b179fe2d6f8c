/* SPDX-License-Identifier: Apache-2.0 */
/* The call for an access token, with all its attempts. */
#ifndef OKTA_CLIENT_TOKEN_CALL_H
#define OKTA_CLIENT_TOKEN_CALL_H

#include "client/call.h"

/* A call that asks the org for a token on behalf of another one, within its deadline and until it is
 * canceled. `early`: the token at hand is still good, so that the request gets a small part of the time and
 * one attempt. When it is done without an error, its `token` is what it brought. Errors of the call: whatever
 * a call can fail with; their messages do not name a call, since several calls may share one. NULL: out of
 * memory. */
okta_call *oktai_token_call(const okta_call *call, bool early);

/* A call that finds out whether a service app can log in, which need not be the client's: it asks for a
 * token, and forgets it. It holds `app`, whose token URL is below the client's org. Errors of the call:
 * OKTA_E_AUTH (the app is refused: okta_error_code() is what RFC 6749, section 5.2, defines), and whatever a
 * call can fail with. NULL: out of memory. */
okta_call *oktai_login_call(okta_client *client, oktai_service_app *app);

#endif
