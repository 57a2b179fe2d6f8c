/* SPDX-License-Identifier: Apache-2.0 */
#include "client/machine.h"

#include <string.h>

#include "client/accept.h"
#include "client/admit.h"
#include "client/authorize.h"
#include "client/conduct.h"
#include "client/endings.h"
#include "client/log.h"
#include "client/patience.h"
#include "client/send.h"
#include "client/settle.h"
#include "client/signature.h"
#include "client/token_call.h"
#include "client/token_source.h"
#include "client/word.h"
#include "core/arena.h"
#include "core/error.h"

/* A longer request id is not sent back. */
#define REQUEST_ID_SIZE 128

static oktai_need done(okta_call *call, okta_error *error)
{
    oktai_log_end(call, error);
    call->outcome = error;
    call->stage = OKTAI_STAGE_DONE;
    return OKTAI_NEED_NOTHING;
}

static okta_error *learn(okta_call *call, bool *again)
{
    *again = call->token != NULL ? oktai_authorize_again(call) : oktai_authorize_again_replaced(call);
    return NULL;
}

static okta_error *refuse(okta_call *call, const oktai_decision *decision)
{
    oktai_answer answer = oktai_call_answer(call);
    return oktai_outcome_error(&answer, decision, &call->attempt);
}

/* Of requests to the API. */
static const oktai_conduct api_conduct = {.is_paced = true,
                                          .sign = oktai_send_sign,
                                          .learn = learn,
                                          .accept = oktai_accept,
                                          .refuse = refuse,
                                          .check = oktai_call_check};

static const oktai_conduct *conduct_of(const okta_call *call)
{
    return call->conduct == NULL ? &api_conduct : call->conduct;
}

static const oktai_settler *settler_of(const okta_call *call)
{
    return oktai_care_of(call->operation)->settler;
}

/* The next attempt begins. */
static oktai_need next_attempt(okta_call *call)
{
    call->stage = conduct_of(call)->is_paced ? OKTAI_STAGE_TOKEN : OKTAI_STAGE_SIGN;
    call->waited = false;
    return OKTAI_NEED_NOTHING;
}

/* The call waits for a child, which it takes. NULL, or why it cannot: as oktai_call_adopt(). */
static okta_error *begin_child(okta_call *call, okta_call *child)
{
    okta_error *error = oktai_call_adopt(call, child);
    if (error != NULL) {
        okta_free(child);
        return error;
    }
    call->child = child;
    return NULL;
}

static void drop_child(okta_call *call)
{
    okta_free(call->child);
    call->child = NULL;
}

/* What a settler says comes next. */
static oktai_need follow(okta_call *call, oktai_settle_step step)
{
    while (step.kind == OKTAI_SETTLE_CHILD) {
        okta_error *error = begin_child(call, step.child);
        if (error == NULL) {
            call->stage =
                call->settling.phase == OKTAI_SETTLING_NOTES ? OKTAI_STAGE_LIST_BEFORE : OKTAI_STAGE_LOOK;
            return OKTAI_NEED_NOTHING;
        }
        step = settler_of(call)->go_on(call, NULL, error);
    }
    switch (step.kind) {
    case OKTAI_SETTLE_SEND:
        return next_attempt(call);
    case OKTAI_SETTLE_PAUSE:
        call->until_ms = oktai_call_now_ms(call) + step.pause_ms;
        call->stage = OKTAI_STAGE_LOOK;
        return OKTAI_NEED_NOTHING;
    case OKTAI_SETTLE_CHILD:
    case OKTAI_SETTLE_END:
        break;
    }
    return done(call, step.error);
}

/* The sending ended; NULL: well. */
static oktai_need sent(okta_call *call, okta_error *error)
{
    const oktai_settler *settler = settler_of(call);
    return settler == NULL ? done(call, error) : follow(call, settler->sent(call, error));
}

static void begin_retries(okta_call *call)
{
    int64_t deadline_ms = call->started_ms + call->timeout_ms + call->bided_ms;
    if (call->latest_ms < deadline_ms) {
        deadline_ms = call->latest_ms;
    }
    call->retry = (oktai_retry_state){.effect = call->operation->effect,
                                      .redirects = (call->operation->statuses & OKTAI_STATUS_3XX) != 0,
                                      .max_retries = call->max_retries,
                                      .deadline_ms = deadline_ms};
}

static oktai_need begin(okta_call *call)
{
    const oktai_clock *clock = call->client->clock;
    call->started_ms = oktai_call_now_ms(call);
    begin_retries(call);
    if (oktai_call_is_canceled(call) || call->retry.deadline_ms <= call->started_ms) {
        return done(call, conduct_of(call)->check(call, "before the call began"));
    }
    if (oktai_call_is_list(call)) {
        call->listing.page = 1;
        call->listing.trail.seed = clock->random(clock);
    }
    const oktai_settler *settler = settler_of(call);
    return settler == NULL ? next_attempt(call) : follow(call, settler->begin(call));
}

/* Whether it waits for `until_ms`. */
static bool is_early(const okta_call *call)
{
    return !oktai_call_is_canceled(call) && oktai_call_now_ms(call) < call->until_ms;
}

/* A child is done, or a pause is over. */
static oktai_need look(okta_call *call)
{
    if (call->child == NULL && is_early(call)) {
        return OKTAI_NEED_TIME;
    }
    okta_error *error = call->child == NULL ? NULL : oktai_call_take_outcome(call->child);
    oktai_settle_step step = settler_of(call)->go_on(call, call->child, error);
    drop_child(call);
    return follow(call, step);
}

/* The call is the one to ask for a token: by a child, or the program that has the tokens. */
static okta_error *ask(okta_call *call)
{
    oktai_token *given = NULL;
    okta_error *error = NULL;
    if (call->client->tokens.source != NULL) {
        error = oktai_token_source_ask(call, &given);
    } else {
        error = begin_child(call, oktai_token_call(call, call->asks_early));
    }
    return call->child != NULL ? NULL : oktai_authorize_take(call, error, given);
}

static okta_error *take_token(okta_call *call)
{
    okta_call *child = call->child;
    oktai_token *brought = child->token;
    child->token = NULL;
    okta_error *error = oktai_authorize_take(call, oktai_call_take_outcome(child), brought);
    drop_child(call);
    return error;
}

static oktai_need token(okta_call *call)
{
    okta_error *error = NULL;
    if (call->child != NULL) {
        error = take_token(call);
    } else if (oktai_call_needs_token(call)) {
        switch (oktai_authorize(call, &error)) {
        case OKTAI_TOKEN_AWAITED:
            call->until_ms = call->retry.deadline_ms;
            return OKTAI_NEED_CALL;
        case OKTAI_TOKEN_DUE:
            error = ask(call);
            if (call->child != NULL) {
                return OKTAI_NEED_NOTHING;
            }
            break;
        case OKTAI_TOKEN_READY:
        case OKTAI_TOKEN_REFUSED:
            break;
        }
    }
    if (error != NULL) {
        return sent(call, oktai_call_failed(call, error));
    }
    call->stage = OKTAI_STAGE_ADMIT;
    call->until_ms = INT64_MIN;
    return OKTAI_NEED_NOTHING;
}

static oktai_need admit(okta_call *call)
{
    oktai_need need = OKTAI_NEED_NOTHING;
    if (!call->queued && is_early(call)) {
        return OKTAI_NEED_TIME;
    }
    okta_error *error = oktai_admit(call, &need);
    if (error != NULL) {
        return sent(call, error);
    }
    call->waited = call->waited || need != OKTAI_NEED_NOTHING;
    if (need == OKTAI_NEED_NOTHING) {
        call->stage = OKTAI_STAGE_SIGN;
    }
    return need;
}

static void end_turn(okta_call *call, bool left)
{
    if (conduct_of(call)->is_paced) {
        oktai_admit_end(call, left);
    }
}

static oktai_need refuse_to_send(okta_call *call, okta_error *error)
{
    oktai_sending_clear(&call->sending);
    end_turn(call, false);
    return sent(call, error);
}

static oktai_need sign(okta_call *call)
{
    oktai_response_clear(&call->response);
    oktai_secrets_clear(&call->sent_secrets);
    if (call->waited && conduct_of(call)->is_paced && !oktai_authorize_holds(call)) {
        end_turn(call, false);
        return next_attempt(call);
    }
    okta_error *error = conduct_of(call)->sign(call);
    if (error != NULL) {
        return refuse_to_send(call, oktai_call_failed(call, error));
    }
    if (oktai_signature_is_asked(call)) {
        oktai_sending_clear(&call->sending);
        return oktai_signature_await(call);
    }
    call->stage = OKTAI_STAGE_SEND;
    return OKTAI_NEED_NOTHING;
}

/* It stood in the queue for its signature. */
static oktai_need sign_on(okta_call *call)
{
    okta_error *error = conduct_of(call)->check(call, "while the signer had not answered");
    if (error != NULL) {
        oktai_signature_leave(call);
        return refuse_to_send(call, error);
    }
    oktai_need need = oktai_signature_await(call);
    return need == OKTAI_NEED_NOTHING ? sign(call) : need;
}

void oktai_sent(okta_call *call, oktai_attempt attempt)
{
    oktai_send_keep(call, attempt);
    call->stage = OKTAI_STAGE_ANSWER;
}

/* It goes back into a header, if it has a sane length. */
static void remember_request_id(okta_call *call)
{
    const char *id = oktai_response_id(&call->response);
    if (call->first_request_id == NULL && id != NULL && strlen(id) < REQUEST_ID_SIZE) {
        call->first_request_id = oktai_arena_strdup(oktai_root_arena(call), id);
    }
}

/* Sending again what the server refused unseen is no retry: it does not count against the limit. */
static oktai_need replay(okta_call *call)
{
    const oktai_decision again = {.verdict = OKTAI_VERDICT_RETRY};
    call->retry.attempts += 1 + call->attempt.resent;
    call->retry.max_retries++;
    remember_request_id(call);
    oktai_log_attempt(call, &call->attempt, &again);
    return next_attempt(call);
}

static oktai_decision decide(okta_call *call)
{
    const oktai_clock *clock = call->client->clock;
    bool good = call->attempt.failure == OKTA_OK && call->attempt.http_status < 300;
    oktai_server_times times = {0};
    if (!good) {
        times = oktai_response_times(&call->response, clock);
    }
    uint32_t random = good ? 0 : clock->random(clock);
    if (!good && call->root->is_patient) {
        call->retry.is_patient = true;
        call->retry.patience_ms = oktai_patience_refusal_ms(call);
    }
    return oktai_retry_decide(&call->retry, &call->client->budget, &call->attempt, &times,
                              oktai_call_now_ms(call), random);
}

/* Make the call ask for another page. Each page has retries of its own; the deadline is the call's. */
static okta_error *begin_page(okta_call *call, const char *target)
{
    oktai_buffer url = {0};
    oktai_buffer_append(&url, call->url.data, call->path_at);
    oktai_buffer_add_text(&url, target);
    if (url.failed) {
        oktai_buffer_clear(&url);
        return oktai_error_nomem();
    }
    oktai_buffer_clear(&call->url);
    call->url = url;
    call->listing.page++;
    call->listing.past_attempts += call->retry.attempts;
    begin_retries(call);
    call->first_request_id = NULL;
    call->refused = 0;
    call->nonce_replayed = false;
    call->fresh = false;
    call->result_text = NULL;
    call->result_length = 0;
    return NULL;
}

/* `*out_next`: path and query of the next page; NULL: it was the last one. */
static okta_error *add_page(okta_call *call, oktai_arena *arena, const char **out_next)
{
    oktai_any_list *page = call->result;
    call->result = NULL;
    if (page->count == 0 && oktai_paging_is_endless(call->operation->paging, call->url.data)) {
        /* The end for this time. Its next link is for who comes back later, and may lead to the page itself.
         */
        call->listing.list = call->listing.list == NULL ? page : call->listing.list;
        *out_next = NULL;
        return NULL;
    }
    okta_error *error =
        oktai_listing_add(&call->listing, page, &call->response.headers, call->url.data + call->path_at,
                          call->client->transport.max_response_bytes, arena, out_next);
    if (error == NULL || okta_error_status(error) == OKTA_E_NOMEM) {
        return error;
    }
    oktai_answer answer = oktai_call_answer(call);
    return oktai_outcome_bad_answer(&answer, OKTAI_EFFECT_READ, error);
}

/* All pages of a list, one after the other, become one result. */
static oktai_need turn_page(okta_call *call)
{
    oktai_arena arena = {0};
    const char *next = NULL;
    okta_error *error = add_page(call, &arena, &next);
    if (error == NULL && next != NULL) {
        error = begin_page(call, next);
    }
    oktai_arena_clear(&arena);
    if (error == NULL && next != NULL) {
        return next_attempt(call);
    }
    if (error == NULL) {
        call->result = oktai_listing_take(&call->listing);
    }
    return done(call, error);
}

static oktai_need accept(okta_call *call)
{
    okta_error *error = conduct_of(call)->accept(call);
    return error == NULL && oktai_call_is_list(call) ? turn_page(call) : sent(call, error);
}

static oktai_need answer(okta_call *call)
{
    bool again = false;
    oktai_sending_clear(&call->sending);
    end_turn(call, call->attempt.failure == OKTA_OK || call->attempt.unsettled);
    call->said_done =
        call->said_done || (call->attempt.begun_status >= 200 && call->attempt.begun_status <= 299);
    oktai_word_judge(&call->response, &call->attempt);
    okta_error *error = conduct_of(call)->learn(call, &again);
    if (error != NULL) {
        return sent(call, error);
    }
    if (again) {
        return replay(call);
    }
    oktai_decision decision = decide(call);
    remember_request_id(call);
    oktai_log_attempt(call, &call->attempt, &decision);
    switch (decision.verdict) {
    case OKTAI_VERDICT_SUCCESS:
        return accept(call);
    case OKTAI_VERDICT_RETRY:
        call->until_ms = oktai_call_now_ms(call) + decision.wait_ms;
        call->stage = OKTAI_STAGE_BACKOFF;
        if (decision.status == OKTA_E_RATE_LIMITED) {
            oktai_patience_begin(call);
        }
        return OKTAI_NEED_NOTHING;
    case OKTAI_VERDICT_FAIL:
        break;
    }
    return sent(call, conduct_of(call)->refuse(call, &decision));
}

static oktai_need back_off(okta_call *call)
{
    if (is_early(call)) {
        return OKTAI_NEED_TIME;
    }
    oktai_patience_end(call);
    okta_error *error = conduct_of(call)->check(call, "while waiting");
    if (error != NULL) {
        return sent(call, error);
    }
    const oktai_settler *settler = settler_of(call);
    return call->retry.unsettled && settler != NULL ? follow(call, settler->between(call))
                                                    : next_attempt(call);
}

/* Each does what it can, and puts the call into another stage or says what is needed for that. */
static oktai_need enter(okta_call *call)
{
    switch (call->stage) {
    case OKTAI_STAGE_BEGIN:
        return begin(call);
    case OKTAI_STAGE_LIST_BEFORE:
    case OKTAI_STAGE_LOOK:
        return look(call);
    case OKTAI_STAGE_TOKEN:
        return token(call);
    case OKTAI_STAGE_ADMIT:
        return admit(call);
    case OKTAI_STAGE_SIGN:
        return call->queued ? sign_on(call) : sign(call);
    case OKTAI_STAGE_SEND:
        return OKTAI_NEED_IO;
    case OKTAI_STAGE_ANSWER:
        return answer(call);
    case OKTAI_STAGE_BACKOFF:
        return back_off(call);
    case OKTAI_STAGE_DONE:
        break;
    }
    return OKTAI_NEED_NOTHING;
}

/* The call itself, or that of its children on which all others wait. */
static okta_call *foremost(okta_call *call)
{
    while (call->child != NULL && call->child->stage != OKTAI_STAGE_DONE) {
        call = call->child;
    }
    return call;
}

oktai_wait oktai_step(okta_call *call)
{
    oktai_wait wait = {.need = OKTAI_NEED_NOTHING};
    while (wait.need == OKTAI_NEED_NOTHING && call->stage != OKTAI_STAGE_DONE) {
        wait.call = foremost(call);
        wait.need = enter(wait.call);
        wait.until_ms = wait.call->until_ms;
    }
    return wait;
}
