/* SPDX-License-Identifier: Apache-2.0 */
/* What a run enters into the journal. The stage goes on with the record. */
#ifndef OKTA_ROTATION_ENTRIES_H
#define OKTA_ROTATION_ENTRIES_H

#include "rotation/run.h"

/* The new one that is at hand, by this name. Errors: those of the journal and of oktai_rotation_first(),
 * OKTA_E_CONFLICT, OKTA_E_NOMEM. */
okta_error *oktai_enter_new(oktai_course *self, const char *name);

/* The move at hand is done. The run stops where this cannot be entered. */
void oktai_enter_done(oktai_course *self);

/* The rotation is undone from here on. `refused`: the org did not take the new one. Takes `why`, which is
 * nullable. The run stops where this cannot be entered. */
void oktai_enter_undoing(oktai_course *self, bool refused, okta_error *why);

/* Times that lie too far ahead: a clock that was ahead when they were entered would hold the rotation up for
 * as long. Errors: those of the journal, OKTA_E_NOMEM. */
okta_error *oktai_enter_mended_times(oktai_course *self);

#endif
