/* SPDX-License-Identifier: Apache-2.0 */
/* The gate in front of every attempt: how many requests run at once, and what the rate limits leave. */
#include "client/call.h"
#include "core/error.h"

static okta_error *no_turn(okta_call *call, const oktai_pacing_answer *answer, int64_t wait_ms)
{
    const oktai_attempt attempt = {
        .failure = OKTA_E_RATE_LIMITED,
        .reason = "the rate limit does not clear before the deadline; the request was not sent"};
    oktai_decision decision = {.verdict = OKTAI_VERDICT_FAIL,
                               .status = OKTA_E_RATE_LIMITED,
                               .retryable = true,
                               .retry_after_ms = wait_ms,
                               .retry_at_s = answer->reset_s};
    if (oktai_call_is_unsettled(call)) {
        decision.status = OKTA_E_OUTCOME_UNKNOWN;
    }
    const oktai_answer none = oktai_call_answer(call);
    return oktai_outcome_error(&none, &decision, &attempt);
}

static okta_error *wait_for_time(okta_call *call, const oktai_pacing_answer *answer)
{
    const oktai_clock *clock = call->client->clock;
    int64_t now_ms = oktai_call_now_ms(call);
    int64_t plain_ms = answer->ready_at_ms - now_ms;
    int64_t left_ms = call->retry.deadline_ms - now_ms;
    if (plain_ms >= left_ms) {
        return no_turn(call, answer, plain_ms);
    }
    int64_t wait_ms = oktai_pacing_spread_within_ms(plain_ms, left_ms, clock->random(clock));
    oktai_log_note(call, OKTA_LOG_INFO, wait_ms, "the rate limit is used up; next in %lld ms",
                   (long long)wait_ms);
    oktai_call_sleep(call, wait_ms);
    return NULL;
}

static void name_endpoint(oktai_pacing *pacing, const oktai_pacing_turn *turn, const char *name)
{
    if (turn->endpoint >= 0) {
        pacing->endpoints[turn->endpoint].name = name;
    }
}

/* Give turns to calls that wait at the gate, in their order, as far as there are any. One whose rate limit is
 * used up goes on as well, to wait for time. The lock is held. */
static void open_gate(okta_client *client)
{
    oktai_waiter *waiter = client->gate.first;
    while (waiter != NULL && !oktai_pacing_is_full(&client->pacing)) {
        oktai_waiter *behind = waiter->behind;
        oktai_pacing_answer answer =
            oktai_pacing_enter(&client->pacing, waiter->call->endpoint, oktai_call_now_ms(waiter->call), 0);
        waiter->admitted = answer.verdict == OKTAI_PACING_GO;
        if (waiter->admitted) {
            waiter->turn = answer.turn;
            name_endpoint(&client->pacing, &waiter->turn, waiter->call->operation->name);
        }
        if (answer.verdict != OKTAI_PACING_AWAIT_REQUEST) {
            oktai_queue_wake(&client->gate, waiter);
        }
        waiter = behind;
    }
}

/* The end of a turn may be what others wait for. */
static void end_turn(okta_call *call, const oktai_pacing_turn *turn, int http_status,
                     const okta_rate_limit *rate)
{
    okta_client *client = call->client;
    pthread_mutex_lock(&client->lock);
    oktai_pacing_leave(&client->pacing, turn, http_status, rate, oktai_call_now_ms(call));
    open_gate(client);
    pthread_mutex_unlock(&client->lock);
}

/* Wait at the gate until another request has ended, or until the time that would help too. True: it was given
 * a turn. The lock is held. */
static bool wait_at_gate(okta_call *call, const oktai_pacing_answer *answer, oktai_pacing_turn *out)
{
    oktai_waiter self;
    oktai_call_wait_for_change(call, &call->client->gate, answer->ready_at_ms, &self);
    *out = self.turn;
    return self.admitted;
}

/* `*verdict` says what was waited for. */
static okta_error *wait_once(okta_call *call, oktai_pacing_turn *out, oktai_pacing_verdict *verdict)
{
    okta_client *client = call->client;
    bool admitted = false;
    pthread_mutex_lock(&client->lock);
    oktai_pacing_answer answer =
        oktai_pacing_enter(&client->pacing, call->endpoint, oktai_call_now_ms(call), 0);
    *out = answer.turn;
    if (answer.verdict == OKTAI_PACING_GO) {
        name_endpoint(&client->pacing, &answer.turn, call->operation->name);
    } else if (answer.verdict == OKTAI_PACING_AWAIT_REQUEST) {
        admitted = wait_at_gate(call, &answer, out);
    }
    pthread_mutex_unlock(&client->lock);
    *verdict = admitted ? OKTAI_PACING_GO : answer.verdict;
    okta_error *error = NULL;
    if (admitted) {
        error = oktai_call_check(call, "before its turn came");
    } else if (answer.verdict == OKTAI_PACING_AWAIT_TIME) {
        error = wait_for_time(call, &answer);
    }
    if (admitted && error != NULL) {
        const okta_rate_limit none = {0};
        end_turn(call, out, OKTAI_PACING_NOT_SENT, &none);
    }
    return error;
}

okta_error *oktai_admit(okta_call *call, oktai_pacing_turn *out)
{
    for (;;) {
        oktai_pacing_verdict verdict = OKTAI_PACING_AWAIT_TIME;
        okta_error *error = oktai_call_check(call, "before its turn came");
        if (error == NULL) {
            error = wait_once(call, out, &verdict);
        }
        if (error != NULL || verdict == OKTAI_PACING_GO) {
            return error;
        }
    }
}

void oktai_admit_end(okta_call *call, const oktai_pacing_turn *turn, bool left)
{
    okta_rate_limit rate = oktai_response_rate(&call->response, call->client->clock);
    end_turn(call, turn, left ? call->response.http_status : OKTAI_PACING_NOT_SENT, &rate);
}
