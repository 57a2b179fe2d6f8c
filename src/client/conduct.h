/* SPDX-License-Identifier: Apache-2.0 */
/* What is special about the requests of a call: those to the API, and those to the token endpoint. */
#ifndef OKTA_CLIENT_CONDUCT_H
#define OKTA_CLIENT_CONDUCT_H

#include "client/call.h"

typedef struct oktai_conduct {
    bool is_paced; /* it has a token, and waits for its turn */
    /* Make the request in `sending`, anew for each attempt. */
    okta_error *(*sign)(okta_call *call);
    /* Learn from an answer, good or bad. `*again`: it says what was wrong with the request, which then goes
     * once more. */
    okta_error *(*learn)(okta_call *call, bool *again);
    /* Take a good answer. */
    okta_error *(*accept)(okta_call *call);
    /* The error of the call whose last attempt is the one at hand. */
    okta_error *(*refuse)(okta_call *call, const oktai_decision *decision);
    /* NULL, or the error of a call that is canceled or late; `what` it was at then, for people. */
    okta_error *(*check)(okta_call *call, const char *what);
} oktai_conduct;

#endif
