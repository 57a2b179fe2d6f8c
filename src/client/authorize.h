/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that change: one call at a time asks for one, all use it. */
#ifndef OKTA_CLIENT_AUTHORIZE_H
#define OKTA_CLIENT_AUTHORIZE_H

#include "client/call.h"

typedef enum oktai_token_state {
    OKTAI_TOKEN_READY,   /* the call has it */
    OKTAI_TOKEN_DUE,     /* the call is the one to ask for it, for all; then oktai_authorize_take() */
    OKTAI_TOKEN_AWAITED, /* another call asks for it: to be looked for again when the call is let go */
    OKTAI_TOKEN_REFUSED, /* there is none */
} oktai_token_state;

/* Look for a token for the next attempt. REFUSED: `*out` receives the error. Errors: OKTA_E_AUTH and whatever
 * a call can fail with. */
oktai_token_state oktai_authorize(okta_call *call, okta_error **out);

/* What came of asking: an error, or a token. Takes both. Returns the error of this call; NULL: it has a
 * token. */
okta_error *oktai_authorize_take(okta_call *call, okta_error *error, oktai_token *token);

/* Have the call say that it comes from the service app as it is at this moment. Returns whether an assertion
 * leaves a derived kid out. */
bool oktai_authorize_hold_app(okta_call *call);

/* Whether its token did not end meanwhile, and nobody gave the client another one. */
bool oktai_authorize_holds(okta_call *call);

/* Append the proof that goes with the token, if it needs one. */
okta_error *oktai_authorize_proof(okta_call *call, oktai_buffer *out);

/* Learn from an answer. True: it refuses the request for its token or proof, and the request may go again. */
bool oktai_authorize_again(okta_call *call);
/* The same for a request with the token that the client was made with: it may go again where the program has
 * replaced that. */
bool oktai_authorize_again_replaced(okta_call *call);

#endif
