/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/ending.h"

#include "client/loop.h"
#include "core/arena.h"
#include "core/error.h"
#include "rotation/record.h"

void oktai_end_forget(oktai_course *self)
{
    oktai_run_set_record(self, NULL);
    okta_free(self->seen);
    self->seen = NULL;
    oktai_credential_clear(&self->credential);
    okta_free(self->undoing);
    self->undoing = NULL;
    okta_free(self->refusal);
    self->refusal = NULL;
    self->has_made = false;
    self->keeps_last = false;
    self->ahead_s = 0;
    self->stage = OKTAI_COURSE_IDLE;
}

/* What the program sees of the record, which is not needed any more. */
static void show(oktai_course *self, okta_rotation_state state)
{
    okta_rotation_record *record = self->record;
    bool is_key = self->options.kind != OKTA_ROTATION_CLIENT_SECRET;
    bool is_over =
        state == OKTA_ROTATION_DONE || state == OKTA_ROTATION_UNDONE || state == OKTA_ROTATION_APP_GONE;
    okta_free(self->shown);
    self->shown = record;
    self->record = NULL;
    self->progress.state = state;
    self->progress.phase = record == NULL || is_over ? OKTA_ROTATION_PHASE_NONE : record->phase;
    self->progress.kid = record == NULL || !is_key ? NULL : record->name;
    self->progress.id = record == NULL ? NULL : record->id;
}

/* Takes `error`. */
static void end(oktai_course *self, okta_rotation_state state, okta_error *error)
{
    show(self, state);
    oktai_end_forget(self);
    oktai_run_set_loop(self, NULL);
    oktai_loop_end_task(self->at, &self->task);
    if (self->rotation != NULL) {
        self->done(self->done_ctx, self->rotation, error);
    } else {
        okta_free(error);
    }
    okta_free(self);
}

/* Why it is being undone, which is told at the end. */
static okta_error *take_undoing(oktai_course *self)
{
    okta_error *why = self->undoing;
    self->undoing = NULL;
    return why;
}

void oktai_end_stop(oktai_course *self, okta_error *error)
{
    okta_error *why = take_undoing(self);
    if (why != NULL) {
        okta_error *both = oktai_error_reword(why, "%s; it could not be taken back: %s",
                                              okta_error_message(why), okta_error_message(error));
        okta_free(error);
        error = both;
    }
    end(self, OKTA_ROTATION_STOPPED, error);
}

void oktai_end_wait(oktai_course *self, int64_t until_s)
{
    self->progress.due_s = until_s;
    end(self, OKTA_ROTATION_WAITS, take_undoing(self));
}

/* An undone rotation took over what an earlier one had still to delete: that goes on. */
static okta_error *go_back(oktai_course *self)
{
    okta_rotation_record *record = NULL;
    const okta_rotation_journal *journal = self->options.journal;
    int64_t due_s = oktai_run_now_s(self) + self->record->grace_s;
    okta_error *error = oktai_record_back_to_before(self->record, due_s, &record);
    if (error == NULL && !oktai_run_is_plan(self)) {
        error = journal->step(journal->ctx, record);
    }
    okta_free(record);
    if (error == NULL) {
        self->progress.kept = 0;
        end(self, OKTA_ROTATION_UNDONE, take_undoing(self));
    }
    return error;
}

okta_error *oktai_end_finish(oktai_course *self)
{
    const okta_rotation_journal *journal = self->options.journal;
    if (self->record->phase == OKTA_ROTATION_PHASE_UNDOING && oktai_record_has_before(self->record)) {
        return go_back(self);
    }
    bool undone = self->record->phase == OKTA_ROTATION_PHASE_UNDOING;
    okta_error *error = oktai_run_is_plan(self) ? NULL : journal->forget(journal->ctx, self->record);
    if (error == NULL) {
        self->progress.kept = undone ? 0 : oktai_run_count_retired(self);
        end(self, undone ? OKTA_ROTATION_UNDONE : OKTA_ROTATION_DONE, take_undoing(self));
    }
    return error;
}

void oktai_end_without_app(oktai_course *self, okta_error *error)
{
    const okta_rotation_journal *journal = self->options.journal;
    okta_error *unforgotten = journal->forget(journal->ctx, self->record);
    if (unforgotten != NULL) {
        okta_free(error);
        oktai_end_stop(self, unforgotten);
        return;
    }
    self->progress.kept = 0;
    error = oktai_error_reword(error,
                               "app %s is gone: Okta has no app of that id (%s); the journal has forgotten "
                               "the rotation of its %s",
                               self->options.app_id, okta_error_message(error),
                               okta_rotation_kind_name(self->options.kind));
    end(self, OKTA_ROTATION_APP_GONE, error);
}
