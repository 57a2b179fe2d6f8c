/* SPDX-License-Identifier: Apache-2.0 */
/* How a run ends. Behind each of these, but for a failed oktai_end_finish(), the course does not run. */
#ifndef OKTA_ROTATION_ENDING_H
#define OKTA_ROTATION_ENDING_H

#include "rotation/run.h"

/* It goes on in a later run. */
void oktai_end_wait(oktai_course *self, int64_t until_s);
/* All is done or undone, and the journal forgets it. Errors: those of the journal, OKTA_E_NOMEM. */
okta_error *oktai_end_finish(oktai_course *self);
/* It cannot go on. Takes `error`. */
void oktai_end_stop(oktai_course *self, okta_error *error);
/* The app is gone and took all its credentials with it: nothing is left to undo or to delete. Takes `error`,
 * which says so. */
void oktai_end_without_app(oktai_course *self, okta_error *error);

/* Release what belongs to one run. */
void oktai_end_forget(oktai_course *self);

#endif
