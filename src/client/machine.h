/* SPDX-License-Identifier: Apache-2.0 */
/* The machine that runs calls. It does no I/O and never waits: it says what for. */
#ifndef OKTA_CLIENT_MACHINE_H
#define OKTA_CLIENT_MACHINE_H

#include "client/call.h"
#include "client/need.h"

/* Run a call on, with its children, until it must wait or is done: then its outcome is in it. It has a
 * driver, and is no child. */
oktai_wait oktai_step(okta_call *call);

/* The request that a call waited for was sent, and its answer, if any, is in the call. The reason of the
 * attempt is copied. */
void oktai_sent(okta_call *call, oktai_attempt attempt);

#endif
