/* SPDX-License-Identifier: Apache-2.0 */
/* The program as the source of a client's tokens. */
#ifndef OKTA_CLIENT_TOKEN_SOURCE_H
#define OKTA_CLIENT_TOKEN_SOURCE_H

#include "client/call.h"

/* Ask the program for a token on behalf of a call, which is the one to ask. No lock is held. Errors:
 * OKTA_E_AUTH (what it gave is no token, or has ended), OKTA_E_NOMEM, and those that the program returns. */
okta_error *oktai_token_source_ask(okta_call *call, oktai_token **out);

#endif
