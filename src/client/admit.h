/* SPDX-License-Identifier: Apache-2.0 */
/* The gate in front of every attempt: how many requests run at once, and what the rate limits leave. */
#ifndef OKTA_CLIENT_ADMIT_H
#define OKTA_CLIENT_ADMIT_H

#include "client/call.h"
#include "client/need.h"

/* Ask for the turn of the next attempt. `*out`: nothing is needed, and the call has its turn; or what it
 * waits for, until `until_ms` at the latest, to ask again then. Errors: OKTA_E_RATE_LIMITED, OKTA_E_TIMEOUT,
 * OKTA_E_CANCELED. */
okta_error *oktai_admit(okta_call *call, oktai_need *out);

/* The attempt is over, and its answer, if any, is in the call. `left`: the server may have counted it. */
void oktai_admit_end(okta_call *call, bool left);

#endif
