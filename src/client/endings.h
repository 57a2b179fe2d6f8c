/* SPDX-License-Identifier: Apache-2.0 */
/* The errors of calls that end without an answer. */
#ifndef OKTA_CLIENT_ENDINGS_H
#define OKTA_CLIENT_ENDINGS_H

#include "client/call.h"

/* NULL, or the error of a call that is canceled or late; `what` it was at then, for people. */
okta_error *oktai_call_check(okta_call *call, const char *what);

/* The error of a call whose deadline passed; `what` it was at then. Names the limit. */
okta_error *oktai_call_late(okta_call *call, const char *what);

/* The error of a call that ended before an attempt could be made or had an answer: `status`, or that the
 * outcome is unknown where an earlier attempt may have taken effect. */
okta_error *oktai_call_ended(okta_call *call, okta_status status, const char *reason);
/* The same for a cause at hand, which it takes. */
okta_error *oktai_call_failed(okta_call *call, okta_error *cause);

/* The same for an answer that came, and whose reading the call's watch ended: a write may have happened. */
okta_error *oktai_call_interrupted(okta_call *call, okta_error *cause);

#endif
