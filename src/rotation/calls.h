/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of a run, and what follows from how they end. */
#ifndef OKTA_ROTATION_CALLS_H
#define OKTA_ROTATION_CALLS_H

#include "rotation/run.h"

/* Have a call list what the app holds. Errors: those of okta_call_submit(). */
okta_error *oktai_calls_list(oktai_course *self);
/* Have a call run for the move at hand, which it takes; NULL: out of memory. Errors: as above. */
okta_error *oktai_calls_send(oktai_course *self, okta_call *call);

/* The move at hand failed, whether by a call or not: the app is listed once more, the rotation is undone, or
 * the run stops. Takes `error`. */
void oktai_calls_failed(oktai_course *self, okta_error *error);

#endif
