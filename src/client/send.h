/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt's request, and what became of it. */
#ifndef OKTA_CLIENT_SEND_H
#define OKTA_CLIENT_SEND_H

#include "client/call.h"

/* Make the request of a call, with the proof of its token: its headers, its body, who it says it comes from.
 * Errors: those of a signer, and of a call that is late or canceled by then. */
okta_error *oktai_send_sign(okta_call *call);

/* Know the secrets of the request that was made: no text shows them. Errors: OKTA_E_NOMEM. */
okta_error *oktai_send_remember(okta_call *call);

/* Keep what became of it. A reason belongs to whoever sent it; a secret that was cut is not found any more:
 * secrets are hidden first. */
void oktai_send_keep(okta_call *call, oktai_attempt attempt);

#endif
