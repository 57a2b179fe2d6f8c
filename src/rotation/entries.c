/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/entries.h"

#include "client/client.h"
#include "core/arena.h"
#include "core/error.h"
#include "rotation/choose.h"
#include "rotation/ending.h"
#include "rotation/record.h"
#include "rotation/seen.h"

/* How many new ones may be given up: then something is wrong that another attempt does not mend. */
#define DROPPED_MOST 16u

#define REVISIONS_A_SECOND 1000000

/* What it has from here on. Takes `record`. */
static okta_error *enter(oktai_course *self, okta_rotation_record *record)
{
    const okta_rotation_journal *journal = self->options.journal;
    okta_error *error = NULL;
    if (!oktai_run_is_plan(self)) {
        error =
            self->record == NULL ? journal->begin(journal->ctx, record) : journal->step(journal->ctx, record);
    }
    if (error != NULL) {
        okta_free(record);
        return error;
    }
    oktai_run_set_record(self, record);
    return NULL;
}

static okta_error *change(oktai_course *self, const oktai_record_change *change)
{
    okta_rotation_record *record = NULL;
    okta_error *error = oktai_record_change_to(change, &record);
    return error == NULL ? enter(self, record) : error;
}

/* The new one. */

/* The new one is given up; what may have been sent must not stay. `refused`: the org did not take it. */
static void drop(const oktai_course *self, bool refused, oktai_record_change *next,
                 okta_rotation_other *dropped)
{
    const okta_rotation_record *record = self->record;
    next->name = NULL;
    next->id = NULL;
    next->due_s = 0;
    if (refused || record->name == NULL || !oktai_rotation_may_be_sent(record)) {
        return;
    }
    *dropped = (okta_rotation_other){record->name, record->id, OKTA_ROTATION_DROPPED};
    next->added = dropped;
    if (record->id == NULL) {
        next->quiet_s = oktai_run_now_s(self) + oktai_run_late_s(self);
    }
}

void oktai_enter_undoing(oktai_course *self, bool refused, okta_error *why)
{
    oktai_record_change next = oktai_record_keep(self->record);
    okta_rotation_other dropped;
    drop(self, refused, &next, &dropped);
    next.phase = OKTA_ROTATION_PHASE_UNDOING;
    self->undoing = why;
    self->keeps_last = false;
    self->stage = OKTAI_COURSE_DECIDE;
    okta_error *error = change(self, &next);
    if (error != NULL) {
        oktai_end_stop(self, error);
    }
}

static okta_error *enter_first(oktai_course *self, const char *name)
{
    okta_rotation_record *record = NULL;
    const oktai_clock *clock = self->options.client->clock;
    int64_t now_s = oktai_run_now_s(self);
    /* Whoever still has a record of another rotation must not take this one for it. */
    int64_t revision = now_s * REVISIONS_A_SECOND + clock->random(clock) % REVISIONS_A_SECOND;
    okta_error *error =
        oktai_rotation_first(&self->options, self->record, self->seen, name, revision, now_s, &record);
    if (error == NULL) {
        error = enter(self, record);
    }
    self->began = error == NULL;
    return error;
}

static okta_error *enter_again(oktai_course *self, const char *name)
{
    oktai_record_change next = oktai_record_keep(self->record);
    okta_rotation_other dropped;
    if (oktai_run_count_dropped(self) >= DROPPED_MOST) {
        return oktai_error_new(OKTA_E_CONFLICT,
                               "the rotation of app %s was interrupted %u times before its proof: find out "
                               "why, and undo it",
                               self->options.app_id, DROPPED_MOST);
    }
    drop(self, false, &next, &dropped);
    next.phase = OKTA_ROTATION_PHASE_PREPARED;
    next.name = name;
    return change(self, &next);
}

/* The program has given the one that the journal names already. */
static okta_error *enter_same(oktai_course *self)
{
    oktai_record_change next = oktai_record_keep(self->record);
    next.phase = OKTA_ROTATION_PHASE_PREPARED;
    next.due_s = 0;
    self->stage = OKTAI_COURSE_DECIDE;
    return change(self, &next);
}

okta_error *oktai_enter_new(oktai_course *self, const char *name)
{
    bool is_first = oktai_run_is_first(self);
    if (!is_first && oktai_record_same(self->record->name, name)) {
        return enter_same(self);
    }
    self->has_made = true;
    if (oktai_seen_has(self->seen, name)) {
        return oktai_error_new(OKTA_E_CONFLICT, "app %s has a key of the kid %s already",
                               self->options.app_id, name);
    }
    okta_error *error = is_first ? enter_first(self, name) : enter_again(self, name);
    if (error == NULL) {
        self->stage = OKTAI_COURSE_DECIDE;
    }
    return error;
}

/* The steps. */

/* From when on the step out of a phase may be done. */
static int64_t due_in(const oktai_course *self, okta_rotation_phase phase)
{
    int64_t wait_s = phase == OKTA_ROTATION_PHASE_SWITCHED  ? self->record->overlap_s
                     : phase == OKTA_ROTATION_PHASE_RETIRED ? self->record->grace_s
                                                            : 0;
    return wait_s > 0 && oktai_run_count_retired(self) > 0 ? oktai_run_now_s(self) + wait_s : 0;
}

void oktai_enter_done(oktai_course *self)
{
    const oktai_move *move = &self->move;
    self->stage = OKTAI_COURSE_DECIDE;
    if (move->phase == OKTA_ROTATION_PHASE_NONE) {
        return;
    }
    oktai_record_change next = oktai_record_keep(self->record);
    const oktai_seen_item *ours = oktai_rotation_ours(self->record, self->seen);
    next.phase = move->phase;
    next.id = ours != NULL ? ours->id : next.id;
    next.due_s = due_in(self, move->phase);
    okta_error *error = change(self, &next);
    if (error != NULL) {
        oktai_end_stop(self, error);
    }
}

okta_error *oktai_enter_mended_times(oktai_course *self)
{
    const okta_rotation_record *record = self->record;
    if (record == NULL || oktai_run_is_plan(self)) {
        return NULL;
    }
    int64_t at_s = oktai_run_now_s(self);
    int64_t due_s =
        at_s + (record->phase == OKTA_ROTATION_PHASE_SWITCHED ? record->overlap_s : record->grace_s);
    int64_t quiet_s = at_s + oktai_run_late_s(self);
    if (record->due_s <= due_s && record->quiet_s <= quiet_s) {
        return NULL;
    }
    oktai_record_change next = oktai_record_keep(record);
    next.due_s = record->due_s < due_s ? record->due_s : due_s;
    next.quiet_s = record->quiet_s < quiet_s ? record->quiet_s : quiet_s;
    return change(self, &next);
}
