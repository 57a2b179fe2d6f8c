/* SPDX-License-Identifier: Apache-2.0 */
/* Which limit of time ends a call, for people: the option or the deadline, its value, and where it is set. */
#ifndef OKTA_CLIENT_LIMITS_H
#define OKTA_CLIENT_LIMITS_H

#include "client/call.h"

/* `timeout_ms 60,000 ms, as OKTA_CLIENT_REQUESTTIMEOUT says`; or that it is the deadline. */
void oktai_limits_add(oktai_buffer *out, const okta_call *call);

/* The same in brackets behind a reason; nullable. Lies in the call's memory; NULL: out of memory. */
const char *oktai_limits_explain(okta_call *call, const char *reason);

/* ... behind the reason of an attempt that took too long. Any other one stays as it is. */
const char *oktai_limits_explain_attempt(okta_call *call, const oktai_attempt *attempt, const char *reason);

#endif
