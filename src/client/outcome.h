/* SPDX-License-Identifier: Apache-2.0 */
/* From an answer to an error object. */
#ifndef OKTA_CLIENT_OUTCOME_H
#define OKTA_CLIENT_OUTCOME_H

#include "client/secrets.h"
#include "core/watch.h"
#include "http/exchange.h"
#include "http/retry.h"
#include "okta/error.h"

/* What was asked, and what came of it last. */
typedef struct oktai_answer {
    const char *name; /* of the operation, for messages */
    unsigned page;    /* of a list, from 1; 0: none */
    oktai_response *response;
    unsigned attempts;
    const char *scopes;         /* that the client asks for; NULL: its token is not its own */
    const char *scopes_place;   /* the variable, or file and line, that they come from; NULL: the program */
    const char *token_doubt;    /* why the token may be refused; NULL: nothing speaks against it */
    oktai_watch watch;          /* of the call, for reading a long answer */
    oktai_call_secrets secrets; /* that the error does not show */
} oktai_answer;

/* The request id of an answer; NULL: none. */
const char *oktai_response_id(const oktai_response *response);

/* The error of a request that failed, with all that the server said. Takes the response body. */
okta_error *oktai_outcome_error(const oktai_answer *answer, const oktai_decision *decision,
                                const oktai_attempt *attempt);
/* ... whose answer came whole but makes no sense: `cause` (taken) says why. */
okta_error *oktai_outcome_bad_answer(const oktai_answer *answer, oktai_effect effect, okta_error *cause);

#endif
