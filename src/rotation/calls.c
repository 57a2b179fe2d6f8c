/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/calls.h"

#include <string.h>

#include "client/call.h"
#include "core/error.h"
#include "rotation/deeds.h"
#include "rotation/ending.h"
#include "rotation/entries.h"
#include "rotation/seen.h"

/* The errorCode of a 404 of Okta. */
#define NO_SUCH_THING "E0000007"

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

okta_error *oktai_calls_list(oktai_course *self)
{
    return send(self, oktai_deed_list(&self->options), OKTAI_COURSE_LIST);
}

okta_error *oktai_calls_send(oktai_course *self, okta_call *call)
{
    return send(self, call, OKTAI_COURSE_CALL);
}

/* The move at hand. */

/* Whether the move at hand is about something that somebody else deleted. */
static bool is_gone(const oktai_course *self, const okta_error *error)
{
    return self->move.item != NULL && okta_error_status(error) == OKTA_E_NOT_FOUND;
}

/* The org did not add it. It may have it from a request of an earlier run, which arrived late. Takes `error`.
 */
static void look_again(oktai_course *self, okta_error *error)
{
    self->refusal = error;
    okta_free(self->seen);
    self->seen = NULL;
    error = oktai_calls_list(self);
    if (error != NULL) {
        oktai_end_stop(self, error);
    }
}

void oktai_calls_failed(oktai_course *self, okta_error *error)
{
    const oktai_step_row *row = &self->rows[self->move.step];
    if (is_gone(self, error)) {
        okta_free(error);
        oktai_seen_remove(self->seen, self->move.item);
        self->stage = OKTAI_COURSE_DECIDE;
    } else if (row->takes_back == NULL || !row->takes_back(self, error)) {
        oktai_end_stop(self, error);
    } else if (self->move.step == OKTA_ROTATION_STEP_ADD) {
        look_again(self, error);
    } else if (self->move.step == OKTA_ROTATION_STEP_DEACTIVATE) {
        okta_free(error);
        self->keeps_last = true;
        self->stage = OKTAI_COURSE_DECIDE;
    } else {
        oktai_enter_undoing(self, false, error);
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
        oktai_calls_failed(self, error);
        return;
    }
    if (row->take_call != NULL) {
        error = row->take_call(self, call);
    }
    if (error != NULL) {
        oktai_end_stop(self, error);
    } else {
        self->stage = OKTAI_COURSE_DID;
    }
}

/* The list. */

/* Whether Okta itself says that there is no such app. A gateway's 404 has no code of Okta's. */
static bool tells_that_app_is_gone(const okta_error *error)
{
    const char *code = okta_error_code(error);
    return okta_error_status(error) == OKTA_E_NOT_FOUND && code != NULL && strcmp(code, NO_SUCH_THING) == 0;
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
        oktai_enter_undoing(self, self->has_made, refusal);
    }
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
    } else if (self->record != NULL && !oktai_run_is_plan(self) && tells_that_app_is_gone(error)) {
        oktai_end_without_app(self, error);
    } else {
        oktai_end_stop(self, error);
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
