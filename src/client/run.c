/* SPDX-License-Identifier: Apache-2.0 */
/* The blocking driver: runs a call through the pipeline in the calling thread. */
#include <stdio.h>
#include <string.h>

#include "client/call.h"
#include "client/settle.h"
#include "client/word.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"

/* How long a wait for another call goes on without a look at a clock that is not the system's. */
#define LOOK_MS 1000

int64_t oktai_call_left_ms(const okta_call *call)
{
    int64_t left_ms = call->retry.deadline_ms - oktai_call_now_ms(call);
    return left_ms < 1 ? 1 : left_ms;
}

static void set_transport(okta_call *call, oktai_transport *transport)
{
    pthread_mutex_lock(&call->lock);
    call->transport = transport;
    pthread_mutex_unlock(&call->lock);
}

static okta_error *authorize_and_send(okta_call *call, oktai_attempt *out)
{
    oktai_buffer proof = {0};
    okta_error *error = NULL;
    oktai_secrets_clear(&call->sent_secrets);
    bool by_token = oktai_call_uses_token(call);
    if (by_token) {
        error = oktai_authorize(call);
        if (error == NULL) {
            error = oktai_authorize_proof(call, &proof);
        }
    }
    /* A token endpoint or a signer may have taken its time. */
    if (error == NULL && by_token) {
        error = oktai_call_check(call, "before the request was sent");
    }
    if (error == NULL) {
        error = oktai_call_send(call, &proof, out);
    }
    oktai_buffer_clear(&proof);
    return error;
}

/* An error: there was no attempt. */
static okta_error *attempt_once(okta_call *call, oktai_attempt *out)
{
    oktai_pacing_turn turn;
    okta_error *error = oktai_admit(call, &turn);
    if (error != NULL) {
        return error;
    }
    oktai_response_clear(&call->response);
    oktai_transport *transport = oktai_client_take_transport(call->client);
    if (transport == NULL) {
        error = oktai_error_nomem();
    } else {
        set_transport(call, transport);
        error = authorize_and_send(call, out);
        set_transport(call, NULL);
        oktai_client_give_transport(call->client, transport);
    }
    oktai_admit_end(call, &turn, out->failure == OKTA_OK ? error == NULL : out->unsettled);
    return error == NULL ? NULL : oktai_call_failed(call, error);
}

/* It goes back into a header, if it has a sane length. */
static void remember_request_id(okta_call *call)
{
    const char *id = oktai_response_id(&call->response);
    if (call->first_request_id[0] == '\0' && id != NULL && strlen(id) < sizeof call->first_request_id) {
        memcpy(call->first_request_id, id, strlen(id) + 1);
    }
}

okta_rate_limit oktai_response_rate(const oktai_response *response, const oktai_clock *clock)
{
    okta_rate_limit told = oktai_headers_rate_limit(&response->headers);
    return oktai_pacing_believe(&told, clock->wall_ms(clock) / 1000);
}

oktai_server_times oktai_response_times(const oktai_response *response, const oktai_clock *clock)
{
    oktai_server_times times = {.rate = oktai_response_rate(response, clock)};
    times.has_retry_after = oktai_headers_retry_after(&response->headers, &times.retry_after_ms);
    return times;
}

static oktai_decision decide(okta_call *call, const oktai_attempt *attempt)
{
    const oktai_clock *clock = call->client->clock;
    bool good = attempt->failure == OKTA_OK && attempt->http_status < 300;
    oktai_server_times times = {0};
    if (!good) {
        times = oktai_response_times(&call->response, clock);
    }
    uint32_t random = good ? 0 : clock->random(clock);
    return oktai_retry_decide(&call->retry, &call->client->budget, attempt, &times, oktai_call_now_ms(call),
                              random);
}

/* The client's lock is held. */
static void wait_in(okta_call *call, oktai_queue *queue, oktai_waiter *self, int64_t ms)
{
    okta_client *client = call->client;
    call->place = call->place == 0 ? ++client->places : call->place;
    *self = (oktai_waiter){.call = call, .place = call->place};
    call->waiter = self;
    client->waiting++;
    oktai_wait(&client->lock, queue, self, ms);
    client->waiting--;
    call->waiter = NULL;
}

static void sleep_until_canceled(void *context, int64_t ms)
{
    okta_call *call = context;
    okta_client *client = call->client;
    oktai_waiter self;
    int64_t until_ms = oktai_system_clock.now_ms(&oktai_system_clock) + ms;
    pthread_mutex_lock(&client->lock);
    while (!atomic_load(&call->canceled) && ms > 0) {
        wait_in(call, NULL, &self, ms);
        ms = until_ms - oktai_system_clock.now_ms(&oktai_system_clock);
    }
    pthread_mutex_unlock(&client->lock);
}

void oktai_call_sleep(okta_call *call, int64_t ms)
{
    const oktai_clock *clock = call->client->clock;
    int64_t until_ms = oktai_call_now_ms(call) + ms;
    while (!atomic_load(&call->canceled) && oktai_call_now_ms(call) < until_ms) {
        clock->wait_ms(clock, sleep_until_canceled, call, until_ms - oktai_call_now_ms(call));
    }
}

bool oktai_call_is_unsettled(const okta_call *call)
{
    return call->retry.unsettled && call->operation->effect != OKTAI_EFFECT_READ;
}

okta_error *oktai_call_ended(okta_call *call, okta_status status, const char *reason)
{
    oktai_attempt attempt = {.failure = status, .reason = reason};
    bool unsettled = oktai_call_is_unsettled(call);
    oktai_decision decision = {.verdict = OKTAI_VERDICT_FAIL,
                               .status = unsettled ? OKTA_E_OUTCOME_UNKNOWN : status,
                               .retryable = status == OKTA_E_TIMEOUT &&
                                            !(unsettled && oktai_effect_is_once(call->operation->effect))};
    oktai_answer answer = oktai_call_answer(call);
    return oktai_outcome_error(&answer, &decision, &attempt);
}

okta_error *oktai_call_failed(okta_call *call, okta_error *cause)
{
    if (!oktai_call_is_unsettled(call) || okta_error_status(cause) == OKTA_E_OUTCOME_UNKNOWN) {
        return cause;
    }
    okta_error *error = oktai_call_ended(call, okta_error_status(cause), okta_error_message(cause));
    if (!oktai_root_is_static(error)) {
        error->retryable = okta_error_is_retryable(cause) && !oktai_effect_is_once(call->operation->effect);
        error->retry_after_ms = okta_error_retry_after_ms(cause);
    }
    okta_free(cause);
    return error;
}

okta_error *oktai_call_interrupted(okta_call *call, okta_error *cause)
{
    bool canceled = okta_error_status(cause) == OKTA_E_CANCELED;
    okta_free(cause);
    call->retry.unsettled = true;
    return oktai_call_ended(call, canceled ? OKTA_E_CANCELED : OKTA_E_TIMEOUT,
                            canceled ? "the call was canceled while its answer was read"
                                     : "the deadline passed while the answer was read");
}

okta_error *oktai_call_check(okta_call *call, const char *what)
{
    char reason[96];
    const oktai_watch watch = oktai_call_watch(call);
    okta_status status = oktai_watch_look(&watch);
    if (status == OKTA_OK) {
        return NULL;
    }
    if (status == OKTA_E_CANCELED) {
        return oktai_call_ended(call, OKTA_E_CANCELED, "the call was canceled");
    }
    snprintf(reason, sizeof reason, "the deadline passed %s", what);
    return oktai_call_ended(call, OKTA_E_TIMEOUT, reason);
}

void oktai_call_wait_for_change(okta_call *call, oktai_queue *queue, int64_t until_ms, oktai_waiter *self)
{
    int64_t left_ms = oktai_call_left_ms(call);
    int64_t until_left_ms = until_ms - oktai_call_now_ms(call);
    if (until_ms != 0 && until_left_ms < left_ms) {
        left_ms = until_left_ms < 1 ? 1 : until_left_ms;
    }
    *self = (oktai_waiter){.call = call};
    if (!atomic_load(&call->canceled)) {
        bool looks = call->client->clock != &oktai_system_clock && left_ms > LOOK_MS;
        wait_in(call, queue, self, looks ? LOOK_MS : left_ms);
    }
}

/* NULL: the next attempt may follow. */
static okta_error *wait_for_next(okta_call *call, int64_t ms)
{
    oktai_call_sleep(call, ms);
    return oktai_call_check(call, "while waiting");
}

/* Sending again what the server refused unseen is no retry: it does not count against the limit. */
static void replay(okta_call *call, const oktai_attempt *attempt)
{
    const oktai_decision again = {.verdict = OKTAI_VERDICT_RETRY};
    call->retry.attempts += 1 + attempt->resent;
    call->retry.max_retries++;
    remember_request_id(call);
    oktai_log_attempt(call, attempt, &again);
}

okta_error *oktai_drive(okta_call *call)
{
    for (;;) {
        oktai_attempt attempt = {0};
        okta_error *error = attempt_once(call, &attempt);
        if (error != NULL) {
            return error;
        }
        call->said_done = call->said_done || (attempt.begun_status >= 200 && attempt.begun_status <= 299);
        oktai_word_judge(&call->response, &attempt);
        if (oktai_call_uses_token(call) && oktai_authorize_again(call, &attempt)) {
            replay(call, &attempt);
            continue;
        }
        oktai_decision decision = decide(call, &attempt);
        remember_request_id(call);
        oktai_log_attempt(call, &attempt, &decision);
        oktai_answer answer = oktai_call_answer(call);
        switch (decision.verdict) {
        case OKTAI_VERDICT_SUCCESS:
            return oktai_accept(call);
        case OKTAI_VERDICT_FAIL:
            return oktai_outcome_error(&answer, &decision, &attempt);
        case OKTAI_VERDICT_RETRY:
            error = wait_for_next(call, decision.wait_ms);
            break;
        }
        const oktai_settler *settler = oktai_care_of(call->operation)->settler;
        if (error != NULL || (call->retry.unsettled && settler != NULL && settler->settle_state(call))) {
            return error;
        }
    }
}

static bool is_list(const okta_call *call)
{
    const oktai_operation *operation = call->operation;
    return !call->is_page && operation->effect == OKTAI_EFFECT_READ && operation->response != NULL &&
           operation->response->item != NULL;
}

static void begin_retries(okta_call *call)
{
    call->retry = (oktai_retry_state){.effect = call->operation->effect,
                                      .redirects = (call->operation->statuses & OKTAI_STATUS_3XX) != 0,
                                      .max_retries = call->max_retries,
                                      .deadline_ms = call->started_ms + call->timeout_ms};
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
    call->first_request_id[0] = '\0';
    call->refused = 0;
    call->nonce_replayed = false;
    call->fresh = false;
    call->result_text = NULL;
    call->result_length = 0;
    return NULL;
}

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

/* All pages of a list, one after the other, as one result. */
static okta_error *drive_list(okta_call *call)
{
    const oktai_clock *clock = call->client->clock;
    oktai_arena arena = {0};
    const char *next = NULL;
    okta_error *error = NULL;
    call->listing.page = 1;
    call->listing.trail.seed = clock->random(clock);
    do {
        error = next == NULL ? NULL : begin_page(call, next);
        oktai_arena_clear(&arena);
        if (error == NULL) {
            error = oktai_drive(call);
        }
        if (error == NULL) {
            error = add_page(call, &arena, &next);
        }
    } while (error == NULL && next != NULL);
    oktai_arena_clear(&arena);
    if (error == NULL) {
        call->result = oktai_listing_take(&call->listing);
    }
    return error;
}

static okta_error *drive_and_settle(okta_call *call)
{
    oktai_known_ids known = {0};
    const oktai_settler *settler = oktai_care_of(call->operation)->settler;
    if (is_list(call)) {
        return drive_list(call);
    }
    if (settler == NULL) {
        return oktai_drive(call);
    }
    okta_error *error = settler->prepare(call, &known);
    if (error == NULL) {
        error = settler->settle(call, oktai_drive(call), &known);
    }
    oktai_known_ids_clear(&known);
    return error;
}

static okta_error *run(okta_call *call)
{
    call->started_ms = oktai_call_now_ms(call);
    begin_retries(call);
    okta_error *error = atomic_load(&call->canceled)
                            ? oktai_call_ended(call, OKTA_E_CANCELED, "the call was canceled")
                            : drive_and_settle(call);
    oktai_log_end(call, error);
    return error;
}

okta_error *oktai_call_run_child(okta_call *call, okta_call *child, void *out)
{
    if (child == NULL) {
        return oktai_error_nomem();
    }
    int64_t left_ms = call->retry.deadline_ms - oktai_call_now_ms(call);
    if (left_ms <= 0) {
        return oktai_error_new(OKTA_E_TIMEOUT, "%s: the deadline passed", call->operation->name);
    }
    child->timeout_ms = left_ms;
    pthread_mutex_lock(&call->lock);
    call->child = child;
    pthread_mutex_unlock(&call->lock);
    if (atomic_load(&call->canceled)) {
        okta_call_cancel(child);
    }
    okta_error *error = okta_call_run(child);
    pthread_mutex_lock(&call->lock);
    call->child = NULL;
    pthread_mutex_unlock(&call->lock);
    void *result = oktai_call_take_result(child);
    memcpy(out, &result, sizeof result);
    return error;
}

okta_error *okta_call_run(okta_call *call)
{
    oktai_expect_root(__func__, call);
    if (call == NULL) {
        return oktai_error_nomem();
    }
    if (call->ran) {
        return oktai_error_new(OKTA_E_ARG, "a call runs once, and this one ran");
    }
    call->ran = true;
    okta_error *problem = oktai_call_take_problem(call);
    if (problem != NULL) {
        return problem;
    }
    if (oktai_client_is_inherited(call->client)) {
        return oktai_error_new(OKTA_E_ARG, "the client was made before fork: make one in the child");
    }
    return run(call);
}
