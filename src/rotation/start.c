/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/start.h"

#include "core/error.h"
#include "rotation/calls.h"
#include "rotation/ending.h"
#include "rotation/entries.h"
#include "rotation/plan.h"

static okta_error *refuse_begin(const oktai_course *self)
{
    const okta_rotation_record *record = self->record;
    if (record == NULL || self->began || record->phase == OKTA_ROTATION_PHASE_RETIRED) {
        return NULL;
    }
    return oktai_error_new(
        OKTA_E_CONFLICT, "a rotation of a %s of app %s is under way (%s): go on with it first",
        okta_rotation_kind_name(record->kind), record->app_id, okta_rotation_phase_name(record->phase));
}

static okta_error *refuse_go_on(const oktai_course *self)
{
    const okta_rotation_record *record = self->record;
    if (record == NULL) {
        return oktai_error_new(OKTA_E_NOT_FOUND, "the journal has no rotation of a %s of app %s",
                               okta_rotation_kind_name(self->options.kind), self->options.app_id);
    }
    if (self->options.start == OKTA_ROTATION_UNDO && oktai_rotation_may_be_switched(record)) {
        return oktai_error_new(OKTA_E_CONFLICT,
                               "the rotation of app %s is %s: it can only go on, since services may use the "
                               "new one",
                               record->app_id, okta_rotation_phase_name(record->phase));
    }
    return NULL;
}

/* Whether the journal has what the run is for. */
static okta_error *refuse_start(const oktai_course *self)
{
    switch (self->options.start) {
    case OKTA_ROTATION_BEGIN:
        return refuse_begin(self);
    case OKTA_ROTATION_GO_ON:
    case OKTA_ROTATION_UNDO:
        return refuse_go_on(self);
    case OKTA_ROTATION_GO_ON_OR_BEGIN:
        break;
    }
    return NULL;
}

/* Whether there is nothing to look for before a time. */
static bool only_waits(const oktai_course *self)
{
    const okta_rotation_record *record = self->record;
    return !oktai_run_is_plan(self) && !oktai_run_is_first(self) && oktai_run_now_s(self) < record->due_s &&
           oktai_run_count_dropped(self) == 0;
}

void oktai_start(oktai_course *self)
{
    const okta_rotation_journal *journal = self->options.journal;
    okta_error *error = journal->load(journal->ctx, self->options.app_id, self->options.kind, &self->record);
    if (error == NULL) {
        error = refuse_start(self);
    }
    if (error == NULL) {
        error = oktai_enter_mended_times(self);
    }
    if (error == NULL && only_waits(self)) {
        oktai_end_wait(self, self->record->due_s);
        return;
    }
    if (error == NULL && oktai_run_is_plan(self) && self->record != NULL) {
        self->plan->plan->phase = self->record->phase;
    }
    if (error == NULL) {
        error = oktai_calls_list(self);
    }
    if (error != NULL) {
        oktai_end_stop(self, error);
    }
}
