/* SPDX-License-Identifier: Apache-2.0 */
/* Instead of guessing or sending again, the org is looked at. */
#include "client/settle.h"

#include <string.h>

#include "client/accept.h"
#include "client/log.h"
#include "client/look.h"
#include "client/newcomers.h"
#include "core/arena.h"
#include "core/error.h"
#include "json/engine.h"

/* The request may still be on its way when the org is first asked: it is asked again after 1, 2 and 4 s. */
#define LOOKS 4u

/* How often a request that may be repeated is sent at most. */
#define ROUNDS 2u

/* What looking found. */
typedef enum settle_verdict {
    SETTLE_ABSENT,
    SETTLE_DONE,     /* the object is the call's result */
    SETTLE_CONFLICT, /* another object has its name */
    SETTLE_BLIND,    /* the org cannot be read, or does not show what has its name */
} settle_verdict;

static bool can_find(const okta_call *call)
{
    const oktai_settlement *settlement = oktai_care_of(call->operation)->settlement;
    return settlement != NULL && call->body.model != NULL && settlement->names(call->body.model);
}

/* Without an id the program could do nothing with it. */
static bool keep(okta_call *call, const void *element)
{
    if (oktai_call_lacks_id(call, element)) {
        return false;
    }
    okta_error *error = okta_copy(call->operation->response, element, &call->result);
    okta_free(error);
    return error == NULL;
}

static settle_verdict search(okta_call *call, const oktai_any_list *list)
{
    const oktai_settlement *settlement = oktai_care_of(call->operation)->settlement;
    settle_verdict verdict = SETTLE_ABSENT;
    for (size_t i = 0; i < list->count; i++) {
        if (oktai_look_is_over_at(call, i)) {
            return SETTLE_BLIND;
        }
        switch (settlement->compare(call->body.model, list->items[i])) {
        case OKTAI_FINDING_SAME:
            return keep(call, list->items[i]) ? SETTLE_DONE : SETTLE_BLIND;
        case OKTAI_FINDING_OTHER:
            verdict = verdict == SETTLE_BLIND ? SETTLE_BLIND : SETTLE_CONFLICT;
            break;
        case OKTAI_FINDING_UNCLEAR:
            verdict = SETTLE_BLIND;
            break;
        case OKTAI_FINDING_NO:
            break;
        }
    }
    return verdict;
}

static okta_error *take_unknown(okta_call *call)
{
    okta_error *unknown = call->settling.unknown;
    call->settling.unknown = NULL;
    return unknown;
}

static oktai_settle_step end(okta_error *error)
{
    return (oktai_settle_step){.kind = OKTAI_SETTLE_END, .error = error};
}

static oktai_settle_step send(okta_call *call, oktai_settling_phase phase)
{
    call->settling.phase = phase;
    return (oktai_settle_step){.kind = OKTAI_SETTLE_SEND};
}

static oktai_settle_step run(okta_call *call, oktai_settling_phase phase, okta_call *child)
{
    call->settling.phase = phase;
    return (oktai_settle_step){.kind = OKTAI_SETTLE_CHILD, .child = child};
}

/* Read the list at the path of a create, over a connection of its own. */
static oktai_settle_step list(okta_call *call, oktai_settling_phase phase)
{
    return run(call, phase, oktai_call_beside(call, oktai_care_of(call->operation)->list, call->url.length));
}

/* With everything that helps to find out later. */
static oktai_settle_step still_unknown(okta_call *call)
{
    oktai_buffer text = {0};
    okta_error *unknown = take_unknown(call);
    oktai_care_of(call->operation)->settlement->describe(call->body.model, &text);
    if (!text.failed && text.length > 0) {
        unknown = oktai_error_reword(unknown, "%s; %s", unknown->message, text.data);
    }
    if (!oktai_root_is_static(unknown)) {
        unknown->attempts = call->retry.attempts;
    }
    oktai_buffer_clear(&text);
    return end(unknown);
}

static oktai_settle_step conflict(okta_call *call)
{
    const oktai_attempt attempt = {.failure = OKTA_E_CONFLICT,
                                   .reason = "the org holds something else of that name"};
    const oktai_decision decision = {.verdict = OKTAI_VERDICT_FAIL, .status = OKTA_E_CONFLICT};
    const oktai_answer answer = oktai_call_answer(call);
    okta_free(take_unknown(call));
    return end(oktai_outcome_error(&answer, &decision, &attempt));
}

static oktai_settle_step found(okta_call *call)
{
    okta_free(take_unknown(call));
    return end(NULL);
}

static oktai_settle_step begin_round(okta_call *call)
{
    call->settling.rounds++;
    call->settling.looks = 0;
    return list(call, OKTAI_SETTLING_SEARCHES);
}

/* 1, 2, 4 s, of which a quarter more or less is chance. */
static oktai_settle_step look_later(okta_call *call)
{
    const oktai_clock *clock = call->client->clock;
    int64_t pause_ms = INT64_C(1000) << (call->settling.looks - 1);
    pause_ms += oktai_pacing_chance_ms(pause_ms / 2, clock->random(clock)) - pause_ms / 4;
    if (pause_ms >= call->retry.deadline_ms - oktai_call_now_ms(call)) {
        return still_unknown(call);
    }
    call->settling.phase = OKTAI_SETTLING_PAUSES;
    return (oktai_settle_step){.kind = OKTAI_SETTLE_PAUSE, .pause_ms = pause_ms};
}

/* It was looked for as often as the rules say. */
static oktai_settle_step absent(okta_call *call)
{
    /* An answer of 2xx, however damaged, says that the org has it. */
    bool repeatable =
        oktai_care_of(call->operation)->settlement->repeatable && call->max_retries > 0 && !call->said_done;
    return repeatable && call->settling.rounds < ROUNDS ? send(call, OKTAI_SETTLING_REPEATS)
                                                        : still_unknown(call);
}

/* `now`: what is there; NULL: the org cannot be read. */
static oktai_settle_step searched(okta_call *call, const oktai_any_list *now)
{
    call->settling.looks++;
    switch (now == NULL ? SETTLE_BLIND : search(call, now)) {
    case SETTLE_DONE:
        call->reconciled = true;
        return found(call);
    case SETTLE_CONFLICT:
        return conflict(call);
    case SETTLE_ABSENT:
        return call->settling.looks < LOOKS ? look_later(call) : absent(call);
    case SETTLE_BLIND:
        break;
    }
    return still_unknown(call);
}

static oktai_settle_step settle_create(okta_call *call)
{
    bool named = can_find(call);
    if (oktai_look_is_over(call)) {
        return named ? still_unknown(call) : end(take_unknown(call));
    }
    /* What cannot be told from others is never made twice, and none of them is taken for it: the program
     * decides. */
    return named ? begin_round(call) : list(call, OKTAI_SETTLING_REPORTS);
}

/* The last of that text in the call's path; NULL: it has none. */
static const char *find_last(const okta_call *call, const char *text)
{
    const char *last = NULL;
    for (const char *at = call->url.data + call->path_at; (at = strstr(at, text)) != NULL; at++) {
        last = at;
    }
    return last;
}

/* Where the object of a lifecycle call is read; NULL: it is none. */
static const char *find_object(const okta_call *call)
{
    return oktai_care_of(call->operation)->state == NULL ? NULL : find_last(call, "/lifecycle/");
}

/* Look at the object of a lifecycle call: whether it is in the state that the call asked for. */
static oktai_settle_step look_at_state(okta_call *call, oktai_settling_phase phase)
{
    size_t length = (size_t)(find_object(call) - call->url.data);
    return run(call, phase, oktai_call_beside(call, oktai_care_of(call->operation)->state, length));
}

/* If so, the object is the call's result. */
static bool take_state(okta_call *call, okta_call *child)
{
    void *model = oktai_call_take_result(child);
    okta_error *error = oktai_call_check_state(call, model);
    bool done = error == NULL;
    if (done) {
        call->result = model;
    } else {
        okta_free(model);
    }
    call->reconciled = done;
    okta_free(error);
    return done;
}

static oktai_settle_step begin(okta_call *call)
{
    return oktai_care_of(call->operation)->settlement == NULL || can_find(call)
               ? send(call, OKTAI_SETTLING_NOTHING)
               : list(call, OKTAI_SETTLING_NOTES);
}

static oktai_settle_step between(okta_call *call)
{
    return find_object(call) == NULL ? send(call, call->settling.phase)
                                     : look_at_state(call, OKTAI_SETTLING_BETWEEN);
}

static oktai_settle_step sent(okta_call *call, okta_error *error)
{
    if (call->settling.phase == OKTAI_SETTLING_REPEATS) {
        /* A failure says nothing about the first sending, which may have come through. */
        bool failed = error != NULL;
        okta_free(error);
        return failed ? begin_round(call) : found(call);
    }
    bool unknown = okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN;
    bool unsettled = unknown || (error != NULL && call->retry.unsettled);
    call->settling.unknown = error;
    if (unknown && oktai_care_of(call->operation)->settlement != NULL) {
        return settle_create(call);
    }
    return unsettled && find_object(call) != NULL && !oktai_look_is_over(call)
               ? look_at_state(call, OKTAI_SETTLING_STATE)
               : end(take_unknown(call));
}

/* The list that was there before the create. */
static oktai_settle_step noted(okta_call *call, okta_call *child, okta_error *error)
{
    if (error != NULL) {
        return end(oktai_error_reword(
            error, "%s: nothing was created, for what is there could not be listed first: %s",
            call->operation->name, okta_error_message(error)));
    }
    error = oktai_newcomers_note(call, oktai_call_take_result(child), &call->settling.known);
    return error != NULL ? end(error) : send(call, OKTAI_SETTLING_NOTHING);
}

static oktai_settle_step searched_again(okta_call *call, const okta_error *error, const oktai_any_list *now)
{
    oktai_log_note(call, OKTA_LOG_INFO, 0, "the answer was lost; looking for the outcome: %s",
                   error == NULL ? "the list came" : okta_status_name(error->status));
    return searched(call, now);
}

/* `error`: of the child; NULL: its result is in it, or it was a pause. */
static oktai_settle_step look_on(okta_call *call, okta_call *child, const okta_error *error)
{
    const void *result = error == NULL && child != NULL ? child->result : NULL;
    switch (call->settling.phase) {
    case OKTAI_SETTLING_SEARCHES:
        return searched_again(call, error, result);
    case OKTAI_SETTLING_PAUSES:
        return oktai_call_is_canceled(call) ? still_unknown(call) : list(call, OKTAI_SETTLING_SEARCHES);
    case OKTAI_SETTLING_REPORTS:
        return end(result == NULL ? take_unknown(call)
                                  : oktai_newcomers_report(call, take_unknown(call), result));
    case OKTAI_SETTLING_BETWEEN:
        return result != NULL && take_state(call, child) ? end(NULL) : send(call, OKTAI_SETTLING_NOTHING);
    case OKTAI_SETTLING_STATE:
        return result != NULL && take_state(call, child) ? found(call) : end(take_unknown(call));
    case OKTAI_SETTLING_NOTHING:
    case OKTAI_SETTLING_NOTES:
    case OKTAI_SETTLING_REPEATS:
        break;
    }
    return end(take_unknown(call));
}

static oktai_settle_step go_on(okta_call *call, okta_call *child, okta_error *error)
{
    if (call->settling.phase == OKTAI_SETTLING_NOTES) {
        return noted(call, child, error);
    }
    oktai_settle_step next = look_on(call, child, error);
    okta_free(error);
    return next;
}

const oktai_settler oktai_write_settler = {begin, between, sent, go_on};
