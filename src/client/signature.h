/* SPDX-License-Identifier: Apache-2.0 */
/* The signature of a request, where the program gives it later. */
#ifndef OKTA_CLIENT_SIGNATURE_H
#define OKTA_CLIENT_SIGNATURE_H

#include "auth/later.h"
#include "client/call.h"
#include "client/need.h"

/* Where a request is to be signed by such a signer: what waits for it. `*out` NULL: the signer answers at
 * once, or there is none. Errors: OKTA_E_NOMEM. */
okta_error *oktai_signature_of(okta_call *call, oktai_later **out);

/* Whether one was asked for and not taken yet: the request is not whole. */
bool oktai_signature_is_asked(const okta_call *call);

/* ... and whose signer has not answered yet. */
bool oktai_signature_is_late(const okta_call *call);

/* Wait for it, or go on waiting. OKTAI_NEED_NOTHING: it is there, and the request is to be made again. */
oktai_need oktai_signature_await(okta_call *call);

/* The call waits no more. */
void oktai_signature_leave(okta_call *call);

#endif
