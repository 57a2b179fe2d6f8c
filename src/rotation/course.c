/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/course.h"

#include "client/call.h"
#include "client/loop.h"
#include "core/arena.h"
#include "core/error.h"
#include "rotation/ask.h"
#include "rotation/calls.h"
#include "rotation/choose.h"
#include "rotation/ending.h"
#include "rotation/entries.h"
#include "rotation/making.h"
#include "rotation/plan.h"
#include "rotation/record.h"
#include "rotation/start.h"

/* The new one, from the store. */

/* The app is listed; the new one may be needed from the store. */
static void recall(oktai_course *self)
{
    const okta_rotation_record *record = self->record;
    okta_error *error = NULL;
    bool is_needed = record != NULL && record->name != NULL && !oktai_rotation_may_be_switched(record) &&
                     !oktai_credential_is_there(&self->credential);
    bool is_undone = record != NULL && self->options.start == OKTA_ROTATION_UNDO;
    if (is_undone && record->phase != OKTA_ROTATION_PHASE_UNDOING) {
        oktai_enter_undoing(self, false, NULL);
    } else if (is_needed && self->options.recall != NULL) {
        error = oktai_ask(self, self->options.recall);
    } else {
        self->stage = OKTAI_COURSE_DECIDE;
    }
    if (error != NULL) {
        oktai_end_stop(self, error);
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
        oktai_end_stop(self, error);
    }
}

/* The move at hand. */

static oktai_move next_move(const oktai_course *self)
{
    if (oktai_run_is_first(self)) {
        return (oktai_move){.step = OKTA_ROTATION_STEP_MAKE};
    }
    const oktai_rotation_view view = {
        .record = self->record,
        .seen = self->seen,
        .has_new = oktai_credential_is_there(&self->credential) ||
                   oktai_record_same(self->record->name, OKTAI_PLANNED),
        .proves_bare = self->options.prove != NULL,
        .keeps_last = self->keeps_last,
        .now_s = oktai_run_now_s(self),
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
    okta_error *error = oktai_plan_add(self->plan, &self->move, self->move.until_s - oktai_run_now_s(self));
    self->stage = OKTAI_COURSE_DID;
    return error == NULL && row->imagine != NULL ? row->imagine(self) : error;
}

static void decide(oktai_course *self)
{
    okta_error *error = oktai_run_is_first(self) ? oktai_rotation_refuse(&self->options, self->seen) : NULL;
    if (error == NULL) {
        self->move = next_move(self);
        error = self->move.problem == NULL ? NULL : tell_problem(self);
    }
    if (error != NULL) {
        oktai_end_stop(self, error);
        return;
    }
    error = oktai_run_is_plan(self) ? imagine(self) : self->rows[self->move.step].perform(self);
    if (error != NULL) {
        oktai_calls_failed(self, error);
    }
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
        oktai_calls_failed(self, error);
    }
}

/* The stages. */

static void run_stage(oktai_course *self)
{
    okta_error *error = NULL;
    oktai_credential given = {NULL, NULL, NULL};
    bool is_answered = oktai_ask_take(self, &error, &given);
    switch (self->stage) {
    case OKTAI_COURSE_LOAD:
        oktai_start(self);
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
        oktai_enter_done(self);
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
    oktai_end_stop(
        self, oktai_error_new(OKTA_E_CANCELED, "the rotation of app %s was canceled", self->options.app_id));
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

/* The task. */

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
    oktai_end_forget(self);
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
    oktai_run_set_loop(self, loop);
    return NULL;
}
