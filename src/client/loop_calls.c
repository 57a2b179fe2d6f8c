/* SPDX-License-Identifier: Apache-2.0 */
#include "client/loop_calls.h"

#include "client/cancel.h"
#include "client/machine.h"
#include "core/arena.h"
#include "http/verdict.h"

struct oktai_submission {
    oktai_link link; /* in a list of the loop's calls */
    oktai_loop_calls *calls;
    bool is_ready; /* it is in that list */
    oktai_woken woken;
    okta_call *call;
    oktai_loop_client *its;
    okta_done_fn *done;
    void *ctx;
    oktai_loop_time time;
    okta_call *sending;   /* the call, or a child of it, whose request is in flight; NULL: none */
    oktai_flight *flight; /* of that */
};

static void move(oktai_submission *self, bool is_ready)
{
    oktai_loop_calls *calls = self->calls;
    oktai_list_remove(self->is_ready ? &calls->ready : &calls->waiting, &self->link);
    oktai_list_append(is_ready ? &calls->ready : &calls->waiting, &self->link);
    self->is_ready = is_ready;
}

static void make_ready(void *object)
{
    oktai_submission *self = object;
    if (!self->is_ready) {
        move(self, true);
    }
}

static void wake(oktai_driver *driver, okta_call *call)
{
    const oktai_loop_calls *calls = (oktai_loop_calls *)driver;
    oktai_loop_waking_wake(calls->waking, &call->root->submission->woken);
}

void oktai_loop_calls_init(oktai_loop_calls *calls, oktai_loop_waking *waking)
{
    *calls = (oktai_loop_calls){.driver = {wake}, .waking = waking};
}

size_t oktai_loop_calls_count(const oktai_loop_calls *calls)
{
    return calls->waiting.count + calls->ready.count;
}

oktai_submission *oktai_submission_new(okta_call *call, oktai_loop_client *its, okta_done_fn *done, void *ctx)
{
    oktai_submission *self = oktai_arena_alloc(oktai_root_arena(call), sizeof *self);
    if (self == NULL || !oktai_timers_reserve(&its->timers, its->calls + 1)) {
        return NULL;
    }
    *self = (oktai_submission){.call = call, .its = its, .done = done, .ctx = ctx};
    self->woken.owner = self;
    self->time.timer.owner = self;
    return self;
}

void oktai_loop_calls_add(oktai_loop_calls *calls, oktai_submission *self)
{
    okta_call *call = self->call;
    self->calls = calls;
    self->is_ready = true;
    oktai_list_append(&calls->ready, &self->link);
    self->its->calls++;
    call->root->submission = self;
    call->ran = true;
    oktai_call_begin_run(call->root, &calls->driver);
}

static void cancel_list(const oktai_list *list)
{
    for (const oktai_submission *self = oktai_list_first(list); self != NULL;
         self = oktai_list_after(&self->link)) {
        okta_call_cancel(self->call->root);
    }
}

void oktai_loop_calls_cancel(const oktai_loop_calls *calls)
{
    cancel_list(&calls->waiting);
    cancel_list(&calls->ready);
}

void oktai_loop_calls_take_woken(oktai_loop_calls *calls)
{
    oktai_loop_waking_take(calls->waking, make_ready);
}

/* Requests that ended let their calls go on. */
static void take_landed(oktai_loop_client *its)
{
    oktai_attempt attempt;
    oktai_submission *self;
    while ((self = oktai_pool_next(its->pool, &attempt)) != NULL) {
        its->in_flight--;
        self->flight = NULL;
        oktai_sent(self->sending, attempt);
        self->sending = NULL;
        make_ready(self);
    }
}

void oktai_loop_calls_take_due(oktai_loop_client *its)
{
    oktai_submission *self;
    while ((self = oktai_loop_client_due(its)) != NULL) {
        make_ready(self);
    }
    oktai_loop_client_run(its);
    take_landed(its);
}

void oktai_loop_calls_take_input(oktai_loop_client *its, int socket, unsigned what)
{
    oktai_pool_on_socket(its->pool, socket, what);
}

static void begin_flight(oktai_submission *self, okta_call *call)
{
    oktai_loop_client *its = self->its;
    self->flight = oktai_pool_begin(its->pool, &call->sending.request, &call->response, self);
    if (self->flight == NULL) {
        oktai_sent(call, oktai_verdict_no_memory());
        make_ready(self);
    } else {
        self->sending = call;
        its->in_flight++;
    }
    take_landed(its);
}

/* Its request goes on, unless the call was canceled. */
static void look_at_flight(oktai_submission *self)
{
    if (oktai_call_is_canceled(self->call)) {
        oktai_pool_cancel(self->its->pool, self->flight);
        take_landed(self->its);
    }
}

static void set_time(oktai_submission *self, const oktai_wait *wait)
{
    oktai_timers_set(&self->its->timers, &self->time.timer, wait->until_ms);
    self->time.for_call = wait->need == OKTAI_NEED_CALL;
}

/* False: it has ended. */
static bool step(oktai_submission *self)
{
    oktai_timers_unset(&self->its->timers, &self->time.timer);
    if (self->flight != NULL) {
        look_at_flight(self);
        return true;
    }
    oktai_wait wait = oktai_step(self->call);
    switch (wait.need) {
    case OKTAI_NEED_NOTHING:
        return false;
    case OKTAI_NEED_IO:
        begin_flight(self, wait.call);
        break;
    case OKTAI_NEED_TIME:
    case OKTAI_NEED_CALL:
        set_time(self, &wait);
        break;
    }
    return true;
}

void oktai_loop_calls_advance(okta_call *call)
{
    oktai_submission *self = call->root->submission;
    move(self, false);
    if (!step(self)) {
        move(self, true); /* it is told in its turn */
    } else if (self->flight != NULL) {
        oktai_loop_client_run(self->its);
        take_landed(self->its);
    }
}

/* It leaves the loop. Its memory is the call's, and goes with it. */
static void tell_outcome(oktai_submission *self)
{
    oktai_loop_calls *calls = self->calls;
    okta_call *call = self->call;
    okta_done_fn *done = self->done;
    void *ctx = self->ctx;
    oktai_call_end_run(call->root);
    oktai_loop_calls_take_woken(calls); /* nobody wakes it any more */
    oktai_list_remove(self->is_ready ? &calls->ready : &calls->waiting, &self->link);
    self->its->calls--;
    call->root->submission = NULL;
    done(ctx, call, oktai_call_take_outcome(call));
}

/* An outcome is told at once: the memory of what was decoded is then free for the next one. What the
 * programs' functions submit is stepped as well, but does not keep the loop here for ever. */
void oktai_loop_calls_run(oktai_loop_calls *calls)
{
    size_t left = oktai_loop_calls_count(calls);
    while (calls->ready.first != NULL && left > 0) {
        oktai_submission *self = oktai_list_first(&calls->ready);
        move(self, false);
        if (!step(self)) {
            tell_outcome(self);
            left--;
        }
        oktai_loop_calls_take_woken(calls);
    }
}
