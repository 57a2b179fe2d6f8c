/* SPDX-License-Identifier: Apache-2.0 */
/* Instead of guessing or sending again, the org is looked at. */
#include "client/settle.h"

#include <string.h>

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

static settle_verdict look(okta_call *call)
{
    oktai_any_list *list = NULL;
    okta_error *error = oktai_look_at_list(call, &list);
    oktai_log_note(call, OKTA_LOG_INFO, 0, "the answer was lost; looking for the outcome: %s",
                   error == NULL ? "the list came" : okta_status_name(error->status));
    if (error != NULL) {
        okta_free(error);
        return SETTLE_BLIND;
    }
    settle_verdict verdict = search(call, list);
    okta_free(list);
    return verdict;
}

/* 1, 2, 4 s, of which a quarter more or less is chance. False: no time is left. */
static bool wait_to_look(okta_call *call, unsigned looked)
{
    const oktai_clock *clock = call->client->clock;
    int64_t wait_ms = INT64_C(1000) << (looked - 1);
    wait_ms += oktai_pacing_chance_ms(wait_ms / 2, clock->random(clock)) - wait_ms / 4;
    if (wait_ms >= call->retry.deadline_ms - oktai_call_now_ms(call)) {
        return false;
    }
    oktai_call_sleep(call, wait_ms);
    return !atomic_load(&call->canceled);
}

static settle_verdict look_until_found(okta_call *call)
{
    settle_verdict verdict = look(call);
    for (unsigned looked = 1; looked < LOOKS && verdict == SETTLE_ABSENT; looked++) {
        if (!wait_to_look(call, looked)) {
            return SETTLE_BLIND;
        }
        verdict = look(call);
    }
    return verdict;
}

/* Everything that helps to find out later. */
static okta_error *still_unknown(okta_call *call, okta_error *unknown)
{
    oktai_buffer text = {0};
    oktai_care_of(call->operation)->settlement->describe(call->body.model, &text);
    if (!text.failed && text.length > 0) {
        unknown = oktai_error_reword(unknown, "%s; %s", unknown->message, text.data);
    }
    if (!oktai_root_is_static(unknown)) {
        unknown->attempts = call->retry.attempts;
    }
    oktai_buffer_clear(&text);
    return unknown;
}

static okta_error *conflict(okta_call *call, okta_error *unknown)
{
    const oktai_attempt attempt = {.failure = OKTA_E_CONFLICT,
                                   .reason = "the org holds something else of that name"};
    const oktai_decision decision = {.verdict = OKTAI_VERDICT_FAIL, .status = OKTA_E_CONFLICT};
    const oktai_answer answer = oktai_call_answer(call);
    okta_free(unknown);
    return oktai_outcome_error(&answer, &decision, &attempt);
}

static okta_error *settle_named(okta_call *call, okta_error *unknown)
{
    /* An answer of 2xx, however damaged, says that the org has it. */
    bool repeatable =
        oktai_care_of(call->operation)->settlement->repeatable && call->max_retries > 0 && !call->said_done;
    for (unsigned round = 1;; round++) {
        switch (look_until_found(call)) {
        case SETTLE_DONE:
            okta_free(unknown);
            call->reconciled = true;
            return NULL;
        case SETTLE_CONFLICT:
            return conflict(call, unknown);
        case SETTLE_BLIND:
            return still_unknown(call, unknown);
        case SETTLE_ABSENT:
            break;
        }
        if (round == ROUNDS || !repeatable) {
            return still_unknown(call, unknown);
        }
        okta_error *error = oktai_drive(call);
        if (error == NULL) {
            okta_free(unknown);
            return NULL;
        }
        /* This failure says nothing about the first sending, which may have come through. */
        okta_free(error);
    }
}

static okta_error *prepare(okta_call *call, oktai_known_ids *out)
{
    return oktai_care_of(call->operation)->settlement == NULL || can_find(call)
               ? NULL
               : oktai_newcomers_note(call, out);
}

static okta_error *settle_create(okta_call *call, okta_error *unknown, const oktai_known_ids *known)
{
    bool named = can_find(call);
    if (oktai_look_is_over(call)) {
        return named ? still_unknown(call, unknown) : unknown;
    }
    /* What cannot be told from others is never made twice, and none of them is taken for it: the program
     * decides. */
    return named ? settle_named(call, unknown) : oktai_newcomers_report(call, unknown, known);
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

static bool settle_state(okta_call *call)
{
    const oktai_operation *state = oktai_care_of(call->operation)->state;
    const char *end = state == NULL ? NULL : find_last(call, "/lifecycle/");
    if (end == NULL) {
        return false;
    }
    okta_call *child = oktai_call_beside(call, state, (size_t)(end - call->url.data));
    void *model = NULL;
    okta_error *error = oktai_call_run_child(call, child, &model);
    if (error == NULL) {
        error = oktai_call_check_state(call, model);
    }
    bool done = error == NULL;
    if (done) {
        call->result = model;
    } else {
        okta_free(model);
    }
    call->reconciled = done;
    okta_free(error);
    okta_free(child);
    return done;
}

static okta_error *settle(okta_call *call, okta_error *error, const oktai_known_ids *known)
{
    bool unknown = okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN;
    if (unknown && oktai_care_of(call->operation)->settlement != NULL) {
        return settle_create(call, error, known);
    }
    bool unsettled = unknown || (error != NULL && call->retry.unsettled);
    if (unsettled && !oktai_look_is_over(call) && settle_state(call)) {
        okta_free(error);
        return NULL;
    }
    return error;
}

const oktai_settler oktai_write_settler = {prepare, settle, settle_state};
