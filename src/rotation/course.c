/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/course.h"

#include <string.h>

#include "client/call.h"
#include "client/loop.h"
#include "core/arena.h"
#include "core/error.h"
#include "rotation/ask.h"
#include "rotation/choose.h"
#include "rotation/deeds.h"
#include "rotation/making.h"
#include "rotation/plan.h"
#include "rotation/record.h"

/* How many new ones may be given up: then something is wrong that another attempt does not mend. */
#define DROPPED_MOST 16u

#define REVISIONS_A_SECOND 1000000

/* The errorCode of a 404 of Okta. */
#define NO_SUCH_THING "E0000007"

bool oktai_course_is_plan(const oktai_course *self)
{
    return self->plan != NULL;
}

int64_t oktai_course_now_s(const oktai_course *self)
{
    const oktai_clock *clock = self->options.client->clock;
    return clock->wall_ms(clock) / 1000 + self->ahead_s;
}

/* So long a request of a process that ended may still arrive at the org: as long as a call lasts. */
static int64_t late_s(const oktai_course *self)
{
    return self->options.client->timeout_ms / 1000 + 1;
}

/* The end of a run. */

static void set_record(oktai_course *self, okta_rotation_record *record)
{
    okta_free(self->record);
    self->record = record;
}

static void forget_run(oktai_course *self)
{
    set_record(self, NULL);
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

static void set_loop(oktai_course *self, okta_loop *loop)
{
    pthread_mutex_lock(&self->lock);
    self->loop = loop;
    pthread_mutex_unlock(&self->lock);
}

/* Takes `error`. */
static void end(oktai_course *self, okta_rotation_state state, okta_error *error)
{
    show(self, state);
    forget_run(self);
    set_loop(self, NULL);
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

/* Takes `error`. */
static void stop(oktai_course *self, okta_error *error)
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

void oktai_course_wait(oktai_course *self, int64_t until_s)
{
    self->progress.due_s = until_s;
    end(self, OKTA_ROTATION_WAITS, take_undoing(self));
}

/* How many of those that are replaced the app holds. */
static size_t count_retired(const oktai_course *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->seen->count; i++) {
        const oktai_seen_item *it = &self->seen->items[i];
        count += (oktai_record_flags(self->record, it->name, it->id) & OKTA_ROTATION_RETIRES) != 0;
    }
    return count;
}

/* An undone rotation took over what an earlier one had still to delete: that goes on. */
static okta_error *go_back(oktai_course *self)
{
    okta_rotation_record *record = NULL;
    const okta_rotation_journal *journal = self->options.journal;
    int64_t due_s = oktai_course_now_s(self) + self->record->grace_s;
    okta_error *error = oktai_record_back_to_before(self->record, due_s, &record);
    if (error == NULL && !oktai_course_is_plan(self)) {
        error = journal->step(journal->ctx, record);
    }
    okta_free(record);
    if (error == NULL) {
        self->progress.kept = 0;
        end(self, OKTA_ROTATION_UNDONE, take_undoing(self));
    }
    return error;
}

okta_error *oktai_course_finish(oktai_course *self)
{
    const okta_rotation_journal *journal = self->options.journal;
    if (self->record->phase == OKTA_ROTATION_PHASE_UNDOING && oktai_record_has_before(self->record)) {
        return go_back(self);
    }
    bool undone = self->record->phase == OKTA_ROTATION_PHASE_UNDOING;
    okta_error *error = oktai_course_is_plan(self) ? NULL : journal->forget(journal->ctx, self->record);
    if (error == NULL) {
        self->progress.kept = undone ? 0 : count_retired(self);
        end(self, undone ? OKTA_ROTATION_UNDONE : OKTA_ROTATION_DONE, take_undoing(self));
    }
    return error;
}

/* The journal. */

/* What it has from here on. Takes `record`. */
static okta_error *enter(oktai_course *self, okta_rotation_record *record)
{
    const okta_rotation_journal *journal = self->options.journal;
    okta_error *error = NULL;
    if (!oktai_course_is_plan(self)) {
        error =
            self->record == NULL ? journal->begin(journal->ctx, record) : journal->step(journal->ctx, record);
    }
    if (error != NULL) {
        okta_free(record);
        return error;
    }
    set_record(self, record);
    return NULL;
}

static okta_error *change(oktai_course *self, const oktai_record_change *change)
{
    okta_rotation_record *record = NULL;
    okta_error *error = oktai_record_change_to(change, &record);
    return error == NULL ? enter(self, record) : error;
}

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
        next->quiet_s = oktai_course_now_s(self) + late_s(self);
    }
}

/* Takes `why`, which is nullable. */
static void undo(oktai_course *self, bool refused, okta_error *why)
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
        stop(self, error);
    }
}

static size_t count_dropped(const okta_rotation_record *record)
{
    size_t count = 0;
    for (size_t i = 0; i < record->other_count; i++) {
        count += (record->others[i].flags & OKTA_ROTATION_DROPPED) != 0;
    }
    return count;
}

bool oktai_course_is_first(const oktai_course *self)
{
    return self->record == NULL || (self->options.start == OKTA_ROTATION_BEGIN && !self->began &&
                                    self->record->phase == OKTA_ROTATION_PHASE_RETIRED);
}

static okta_error *enter_first(oktai_course *self, const char *name)
{
    okta_rotation_record *record = NULL;
    const oktai_clock *clock = self->options.client->clock;
    int64_t now_s = oktai_course_now_s(self);
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
    if (count_dropped(self->record) >= DROPPED_MOST) {
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

okta_error *oktai_course_enter_new(oktai_course *self, const char *name)
{
    bool is_first = oktai_course_is_first(self);
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

/* From when on the step out of a phase may be done. */
static int64_t due_in(const oktai_course *self, okta_rotation_phase phase)
{
    int64_t wait_s = phase == OKTA_ROTATION_PHASE_SWITCHED  ? self->record->overlap_s
                     : phase == OKTA_ROTATION_PHASE_RETIRED ? self->record->grace_s
                                                            : 0;
    return wait_s > 0 && count_retired(self) > 0 ? oktai_course_now_s(self) + wait_s : 0;
}

/* The move at hand is done. */
static void did(oktai_course *self)
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
        stop(self, error);
    }
}

/* Whether the move at hand is about something that somebody else deleted. */
static bool is_gone(const oktai_course *self, const okta_error *error)
{
    return self->move.item != NULL && okta_error_status(error) == OKTA_E_NOT_FOUND;
}

static okta_error *send(oktai_course *self, okta_call *call, oktai_course_stage stage);

/* The org did not add it. It may have it from a request of an earlier run, which arrived late. Takes `error`.
 */
static void look_again(oktai_course *self, okta_error *error)
{
    self->refusal = error;
    okta_free(self->seen);
    self->seen = NULL;
    error = send(self, oktai_deed_list(&self->options), OKTAI_COURSE_LIST);
    if (error != NULL) {
        stop(self, error);
    }
}

/* The move at hand failed. Takes `error`. */
static void failed(oktai_course *self, okta_error *error)
{
    const oktai_step_row *row = &self->rows[self->move.step];
    if (is_gone(self, error)) {
        okta_free(error);
        oktai_seen_remove(self->seen, self->move.item);
        self->stage = OKTAI_COURSE_DECIDE;
    } else if (row->takes_back == NULL || !row->takes_back(self, error)) {
        stop(self, error);
    } else if (self->move.step == OKTA_ROTATION_STEP_ADD) {
        look_again(self, error);
    } else if (self->move.step == OKTA_ROTATION_STEP_DEACTIVATE) {
        okta_free(error);
        self->keeps_last = true;
        self->stage = OKTAI_COURSE_DECIDE;
    } else {
        undo(self, false, error);
    }
}

/* Whether Okta itself says that there is no such app. A gateway's 404 has no code of Okta's. */
static bool tells_that_app_is_gone(const okta_error *error)
{
    const char *code = okta_error_code(error);
    return okta_error_status(error) == OKTA_E_NOT_FOUND && code != NULL && strcmp(code, NO_SUCH_THING) == 0;
}

/* The app took all its credentials with it: nothing is left to undo or to delete. Takes `error`. */
static void end_without_app(oktai_course *self, okta_error *error)
{
    const okta_rotation_journal *journal = self->options.journal;
    okta_error *unforgotten = journal->forget(journal->ctx, self->record);
    if (unforgotten != NULL) {
        okta_free(error);
        stop(self, unforgotten);
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

/* A list came. */
static void go_on_with_list(oktai_course *self)
{
    okta_error *refusal = self->refusal;
    self->refusal = NULL;
    if (refusal == NULL) {
        self->stage = OKTAI_COURSE_RECALL;
    } else if (oktai_rotation_ours(self->record, self->seen) != NULL) {
        okta_free(refusal);
        self->stage = OKTAI_COURSE_DECIDE;
    } else {
        undo(self, self->has_made, refusal);
    }
}

/* Calls and questions. */

okta_error *oktai_course_ask_for(oktai_course *self, okta_rotation_ask_fn *function)
{
    self->stage = OKTAI_COURSE_ASK;
    return oktai_ask(self, function);
}

okta_error *oktai_course_make_beside(oktai_course *self)
{
    self->stage = OKTAI_COURSE_ASK;
    return oktai_making_begin(self);
}

static void on_call(void *ctx, okta_call *call, okta_error *error);

static okta_error *send(oktai_course *self, okta_call *call, oktai_course_stage stage)
{
    self->call = call;
    self->stage = stage;
    okta_error *error = okta_call_submit(call, self->at, on_call, self);
    if (error != NULL) {
        okta_free(call);
        self->call = NULL;
    }
    return error;
}

okta_error *oktai_course_send(oktai_course *self, okta_call *call)
{
    return send(self, call, OKTAI_COURSE_CALL);
}

/* Takes `error`. */
static void listed(oktai_course *self, okta_call *call, okta_error *error)
{
    const char *name = self->record == NULL ? NULL : self->record->name;
    if (error == NULL) {
        error = oktai_deed_take_list(call, self->options.kind, name, &self->credential, &self->seen);
    }
    if (error == NULL) {
        go_on_with_list(self);
    } else if (self->record != NULL && !oktai_course_is_plan(self) && tells_that_app_is_gone(error)) {
        end_without_app(self, error);
    } else {
        stop(self, error);
    }
}

/* A call of the move at hand ended. Takes `error`. */
static void called(oktai_course *self, okta_call *call, okta_error *error)
{
    const oktai_step_row *row = &self->rows[self->move.step];
    if (self->move.step == OKTA_ROTATION_STEP_PROVE) {
        error = oktai_deed_judge(call, &self->credential, self->options.kind, error);
    }
    if (error != NULL) {
        failed(self, error);
        return;
    }
    if (row->take_call != NULL) {
        error = row->take_call(self, call);
    }
    if (error != NULL) {
        stop(self, error);
    } else {
        self->stage = OKTAI_COURSE_DID;
    }
}

static void on_call(void *ctx, okta_call *call, okta_error *error)
{
    oktai_course *self = ctx;
    self->call = NULL;
    atomic_store(&self->task.is_due, true);
    if (self->stage == OKTAI_COURSE_LIST) {
        listed(self, call, error);
    } else {
        called(self, call, error);
    }
    okta_free(call);
}

/* The program has answered. Takes both. */
static void answered(oktai_course *self, okta_error *error, oktai_credential *given)
{
    const oktai_step_row *row = &self->rows[self->move.step];
    self->stage = OKTAI_COURSE_DID;
    if (error == NULL && row->take_given != NULL) {
        error = row->take_given(self, given);
    }
    oktai_credential_clear(given);
    if (error != NULL) {
        failed(self, error);
    }
}

/* The stages. */

static oktai_move next_move(const oktai_course *self)
{
    if (oktai_course_is_first(self)) {
        return (oktai_move){.step = OKTA_ROTATION_STEP_MAKE};
    }
    const oktai_rotation_view view = {
        .record = self->record,
        .seen = self->seen,
        .has_new = oktai_credential_is_there(&self->credential) ||
                   oktai_record_same(self->record->name, OKTAI_PLANNED),
        .proves_bare = self->options.prove != NULL,
        .keeps_last = self->keeps_last,
        .now_s = oktai_course_now_s(self),
    };
    return oktai_rotation_next(&view);
}

static okta_error *tell_problem(const oktai_course *self)
{
    const oktai_move *move = &self->move;
    return oktai_error_new(OKTA_E_CONFLICT, "app %s: %s%s%s", self->options.app_id, move->problem,
                           move->problem_id == NULL ? "" : ": ",
                           move->problem_id == NULL ? "" : move->problem_id);
}

static okta_error *imagine(oktai_course *self)
{
    const oktai_step_row *row = &self->rows[self->move.step];
    okta_error *error =
        oktai_plan_add(self->plan, &self->move, self->move.until_s - oktai_course_now_s(self));
    self->stage = OKTAI_COURSE_DID;
    return error == NULL && row->imagine != NULL ? row->imagine(self) : error;
}

static void decide(oktai_course *self)
{
    okta_error *error =
        oktai_course_is_first(self) ? oktai_rotation_refuse(&self->options, self->seen) : NULL;
    if (error == NULL) {
        self->move = next_move(self);
        error = self->move.problem == NULL ? NULL : tell_problem(self);
    }
    if (error != NULL) {
        stop(self, error);
        return;
    }
    error = oktai_course_is_plan(self) ? imagine(self) : self->rows[self->move.step].perform(self);
    if (error != NULL) {
        failed(self, error);
    }
}

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
    return !oktai_course_is_plan(self) && !oktai_course_is_first(self) &&
           oktai_course_now_s(self) < record->due_s && count_dropped(record) == 0;
}

/* A clock that was ahead when a time was entered would hold the rotation up for as long. */
static okta_error *mend_times(oktai_course *self)
{
    const okta_rotation_record *record = self->record;
    if (record == NULL || oktai_course_is_plan(self)) {
        return NULL;
    }
    int64_t at_s = oktai_course_now_s(self);
    int64_t due_s =
        at_s + (record->phase == OKTA_ROTATION_PHASE_SWITCHED ? record->overlap_s : record->grace_s);
    int64_t quiet_s = at_s + late_s(self);
    if (record->due_s <= due_s && record->quiet_s <= quiet_s) {
        return NULL;
    }
    oktai_record_change next = oktai_record_keep(record);
    next.due_s = record->due_s < due_s ? record->due_s : due_s;
    next.quiet_s = record->quiet_s < quiet_s ? record->quiet_s : quiet_s;
    return change(self, &next);
}

static void load(oktai_course *self)
{
    const okta_rotation_journal *journal = self->options.journal;
    okta_error *error = journal->load(journal->ctx, self->options.app_id, self->options.kind, &self->record);
    if (error == NULL) {
        error = refuse_start(self);
    }
    if (error == NULL) {
        error = mend_times(self);
    }
    if (error == NULL && only_waits(self)) {
        oktai_course_wait(self, self->record->due_s);
        return;
    }
    if (error == NULL && oktai_course_is_plan(self) && self->record != NULL) {
        self->plan->plan->phase = self->record->phase;
    }
    if (error == NULL) {
        error = send(self, oktai_deed_list(&self->options), OKTAI_COURSE_LIST);
    }
    if (error != NULL) {
        stop(self, error);
    }
}

/* The app is listed; the new one may be needed from the store. */
static void recall(oktai_course *self)
{
    const okta_rotation_record *record = self->record;
    okta_error *error = NULL;
    bool is_needed = record != NULL && record->name != NULL && !oktai_rotation_may_be_switched(record) &&
                     !oktai_credential_is_there(&self->credential);
    bool is_undone = record != NULL && self->options.start == OKTA_ROTATION_UNDO;
    if (is_undone && record->phase != OKTA_ROTATION_PHASE_UNDOING) {
        undo(self, false, NULL);
    } else if (is_needed && self->options.recall != NULL) {
        error = oktai_ask(self, self->options.recall);
    } else {
        self->stage = OKTAI_COURSE_DECIDE;
    }
    if (error != NULL) {
        stop(self, error);
    }
}

/* What the store gives back counts where it is the one that the journal names. Takes `error`. */
static void recalled(oktai_course *self, okta_error *error, oktai_credential *given)
{
    char *name = NULL;
    bool is_there = error == NULL && oktai_credential_is_there(given);
    self->stage = OKTAI_COURSE_DECIDE;
    if (is_there) {
        error = oktai_credential_check(given, &self->options);
    }
    if (is_there && error == NULL) {
        error = oktai_credential_name(given, &name);
    }
    if (oktai_record_same(name, self->record->name)) {
        self->credential = *given;
    } else {
        oktai_credential_clear(given);
    }
    okta_free(name);
    if (error != NULL) {
        stop(self, error);
    }
}

static void run_stage(oktai_course *self)
{
    okta_error *error = NULL;
    oktai_credential given = {NULL, NULL, NULL};
    bool is_answered = oktai_ask_take(self, &error, &given);
    switch (self->stage) {
    case OKTAI_COURSE_LOAD:
        load(self);
        break;
    case OKTAI_COURSE_RECALL:
        if (is_answered) {
            recalled(self, error, &given);
        } else {
            recall(self);
        }
        break;
    case OKTAI_COURSE_DECIDE:
        decide(self);
        break;
    case OKTAI_COURSE_ASK:
        answered(self, error, &given);
        break;
    case OKTAI_COURSE_DID:
        did(self);
        break;
    case OKTAI_COURSE_IDLE:
    case OKTAI_COURSE_LIST:
    case OKTAI_COURSE_CALL:
        break;
    }
}

/* Whether something else has to happen first. */
static bool waits(oktai_course *self)
{
    return self->stage == OKTAI_COURSE_IDLE || self->call != NULL || oktai_ask_is_open(self);
}

/* A call that is canceled ends soon, and tells whether it may have happened. */
static void see_cancel(oktai_course *self)
{
    if (self->stage == OKTAI_COURSE_IDLE || !atomic_load(&self->canceled)) {
        return;
    }
    if (self->call != NULL) {
        okta_call_cancel(self->call);
        return;
    }
    oktai_making_withdraw(self);
    oktai_ask_drop(self);
    stop(self, oktai_error_new(OKTA_E_CANCELED, "the rotation of app %s was canceled", self->options.app_id));
}

/* The course lives on until this returns. */
static void go_on(oktai_task *task)
{
    oktai_course *self = (oktai_course *)task;
    oktai_root_hold(self);
    see_cancel(self);
    while (!waits(self)) {
        run_stage(self);
        see_cancel(self);
    }
    okta_free(self);
}

void oktai_course_cancel(oktai_course *self)
{
    if (oktai_process_is_another(&self->owner)) {
        return;
    }
    pthread_mutex_lock(&self->lock);
    if (self->loop != NULL) {
        atomic_store(&self->canceled, true);
        oktai_loop_wake_task(self->loop, &self->task);
    }
    pthread_mutex_unlock(&self->lock);
}

static void cancel_task(oktai_task *task)
{
    oktai_course_cancel((oktai_course *)task);
}

static void release(void *object)
{
    oktai_course *self = object;
    okta_free(self->shown);
    okta_free(self->answer);
    oktai_credential_clear(&self->given);
    forget_run(self);
    okta_free(self->options.client);
    pthread_mutex_destroy(&self->lock);
}

oktai_course *oktai_course_new(const oktai_step_row *rows)
{
    oktai_course *self = oktai_root_new(sizeof *self, 256, release);
    if (self == NULL) {
        return NULL;
    }
    atomic_init(&self->task.is_due, false);
    atomic_init(&self->canceled, false);
    self->task.run = go_on;
    self->task.cancel = cancel_task;
    self->owner = oktai_process_now();
    self->rows = rows;
    pthread_mutex_init(&self->lock, NULL);
    return self;
}

okta_error *oktai_course_submit(oktai_course *self, okta_loop *loop, okta_rotation_done_fn *done, void *ctx)
{
    okta_error *error = oktai_loop_begin_task(loop, &self->task);
    if (error != NULL) {
        return error;
    }
    atomic_store(&self->canceled, false);
    self->done = done;
    self->done_ctx = ctx;
    self->at = loop;
    self->stage = OKTAI_COURSE_LOAD;
    oktai_root_hold(self);
    set_loop(self, loop);
    return NULL;
}
