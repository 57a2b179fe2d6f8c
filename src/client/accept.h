/* SPDX-License-Identifier: Apache-2.0 */
/* Good answers. */
#ifndef OKTA_CLIENT_ACCEPT_H
#define OKTA_CLIENT_ACCEPT_H

#include "client/call.h"

/* Judge a good answer, and keep the result that it brings. */
okta_error *oktai_accept(okta_call *call);
/* OKTAI_STATUS_... of an HTTP status; 0: it has none. */
unsigned oktai_status_bit(int http_status);
/* NULL: the object is the one that the path of a lifecycle call names, in the state that the call is for. */
okta_error *oktai_call_check_state(const okta_call *call, const void *model);
/* Whether an object that a create brought has no id, without which the program can do nothing with it. */
bool oktai_call_lacks_id(const okta_call *call, const void *model);

#endif
