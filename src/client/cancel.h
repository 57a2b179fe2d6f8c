/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that run, as those who cancel them find them: all calls of a client, or all of a token. */
#ifndef OKTA_CLIENT_CANCEL_H
#define OKTA_CLIENT_CANCEL_H

#include "client/call.h"

/* A call that is no child runs from here on, by that driver, and until here. In a client that was shut down
 * it is canceled from the start. */
void oktai_call_begin_run(okta_call *root, oktai_driver *driver);
void oktai_call_end_run(okta_call *root);

/* Whether a call, which may run or not, is canceled, or its client was shut down. */
bool oktai_call_is_ended(const okta_call *call);

#endif
