/* SPDX-License-Identifier: Apache-2.0 */
/* From an answer to an error object. */
#ifndef OKTA_CLIENT_OUTCOME_H
#define OKTA_CLIENT_OUTCOME_H

#include "http/retry.h"
#include "http/transport.h"
#include "okta/error.h"

/* What was asked, and what came of it last. */
typedef struct okta_answer {
    const char *name; /* of the operation, for messages */
    okta_response *response;
    unsigned attempts;
} okta_answer;

/* The request id of an answer; NULL: none. */
const char *okta_response_id(const okta_response *response);

/* `name="value"` of the WWW-Authenticate headers (RFC 6750, section 3): all that some 401 and 403 answers
 * tell. Lives as long as the response. NULL: there is none. */
const char *okta_response_challenge(okta_response *response, const char *name);

/* The error of a request that failed, with all that the server said. Takes the response body. */
okta_error *okta_outcome_error(const okta_answer *answer, const okta_decision *decision,
                               const okta_attempt *attempt);
/* ... whose answer came whole but makes no sense: `cause` (taken) says why. */
okta_error *okta_outcome_bad_answer(const okta_answer *answer, okta_effect effect, okta_error *cause);

#endif
