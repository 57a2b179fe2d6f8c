/* SPDX-License-Identifier: Apache-2.0 */
/* A look: one reading of the org on behalf of a call, to find out what became of its write. */
#ifndef OKTA_CLIENT_LOOK_H
#define OKTA_CLIENT_LOOK_H

#include "client/call.h"
#include "json/engine.h"

/* Read the list at the path of a create, over a connection of its own. The list is the caller's. */
okta_error *oktai_look_at_list(okta_call *call, oktai_any_list **out);

/* Whether nothing more can be asked: the call is canceled or late. */
bool oktai_look_is_over(const okta_call *call);

/* The same for a loop over what the org sent, which asks at each step and looks at the clock now and then. */
bool oktai_look_is_over_at(const okta_call *call, size_t step);

#endif
