/* SPDX-License-Identifier: Apache-2.0 */
/* Whether there is time for one more look at the org, to find out what became of a write. */
#ifndef OKTA_CLIENT_LOOK_H
#define OKTA_CLIENT_LOOK_H

#include "client/call.h"

/* Whether nothing more can be asked: the call is canceled or late. */
bool oktai_look_is_over(const okta_call *call);

/* The same for a loop over what the org sent, which asks at each step and looks at the clock now and then. */
bool oktai_look_is_over_at(const okta_call *call, size_t step);

#endif
