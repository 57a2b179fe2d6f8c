/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the program, and its answers. */
#ifndef OKTA_ROTATION_ASK_H
#define OKTA_ROTATION_ASK_H

#include "rotation/run.h"

/* Ask it. It may answer at once; the answer wakes the task. Errors: OKTA_E_NOMEM. */
okta_error *oktai_ask(oktai_course *self, okta_rotation_ask_fn *function);
/* Whether its answer is awaited. */
bool oktai_ask_is_open(oktai_course *self);
/* Its answer counts no more. */
void oktai_ask_drop(oktai_course *self);
/* False: there is no answer. The error and what was given are the caller's. */
bool oktai_ask_take(oktai_course *self, okta_error **out_error, oktai_credential *out);

#endif
