/* SPDX-License-Identifier: Apache-2.0 */
/* Calls whose waits for rate limits do not count against their timeout_ms, as those of a batch: it stands
 * still meanwhile, for the call and for those that it waits for. A deadline that the program set stays where
 * it is. */
#ifndef OKTA_CLIENT_PATIENCE_H
#define OKTA_CLIENT_PATIENCE_H

#include "client/call.h"

/* Make a root such a call, before it runs. */
void oktai_patience_set(okta_call *call);

/* A wait for a rate limit begins. Does nothing where it counts. */
void oktai_patience_begin(okta_call *call);

/* It is over, by its end or by a cancel. Does nothing where none began. */
void oktai_patience_end(okta_call *call);

/* Until when the call may wait for its turn. */
int64_t oktai_patience_turn_ms(const okta_call *call);

/* How much longer than its deadline says it may wait after a 429; 0: no longer. */
int64_t oktai_patience_refusal_ms(const okta_call *call);

#endif
