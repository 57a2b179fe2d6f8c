/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a write whose answer was lost. */
#ifndef OKTA_CLIENT_SETTLE_H
#define OKTA_CLIENT_SETTLE_H

#include "client/newcomers.h"

/* Before a create whose result could not be found again: note what there is. */
okta_error *oktai_settle_prepare(okta_call *call, oktai_known_ids *out);
/* A call ended with this error, NULL among them, which it takes. Where that leaves the outcome open, find
 * out. */
okta_error *oktai_settle(okta_call *call, okta_error *error, const oktai_known_ids *known);
/* Whether a lifecycle call that may have happened did. If so, the object is the call's result. */
bool oktai_settle_state(okta_call *call);

#endif
