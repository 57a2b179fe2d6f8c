/* SPDX-License-Identifier: Apache-2.0 */
#include "client/admit.h"

#include "client/endings.h"
#include "client/limits.h"
#include "client/log.h"
#include "client/patience.h"
#include "core/error.h"

/* Why nothing is sent. False: out of memory. */
static bool explain(oktai_buffer *out, const okta_call *call, int64_t wait_ms)
{
    oktai_buffer_add_text(out, "the rate limit does not clear before the deadline (");
    oktai_limits_add(out, call);
    oktai_buffer_add_text(out, "; the limit clears in ");
    oktai_buffer_add_grouped(out, (wait_ms + 999) / 1000);
    return oktai_buffer_add_text(out, " s); the request was not sent");
}

static okta_error *no_turn(okta_call *call, const oktai_pacing_answer *answer, int64_t wait_ms)
{
    oktai_buffer reason = {0};
    bool told = explain(&reason, call, wait_ms);
    const oktai_attempt attempt = {.failure = OKTA_E_RATE_LIMITED,
                                   .reason = told ? reason.data : "the request was not sent"};
    oktai_decision decision = {.verdict = OKTAI_VERDICT_FAIL,
                               .status = OKTA_E_RATE_LIMITED,
                               .retryable = true,
                               .retry_after_ms = wait_ms,
                               .retry_at_s = answer->reset_s};
    if (oktai_call_is_unsettled(call)) {
        decision.status = OKTA_E_OUTCOME_UNKNOWN;
    }
    const oktai_answer none = oktai_call_answer(call);
    okta_error *error = oktai_outcome_error(&none, &decision, &attempt);
    oktai_buffer_clear(&reason);
    return error;
}

static okta_error *wait_for_time(okta_call *call, const oktai_pacing_answer *answer)
{
    const oktai_clock *clock = call->client->clock;
    int64_t now_ms = oktai_call_now_ms(call);
    int64_t plain_ms = answer->ready_at_ms - now_ms;
    int64_t left_ms = oktai_patience_turn_ms(call) - now_ms;
    if (plain_ms >= left_ms) {
        return no_turn(call, answer, plain_ms);
    }
    int64_t wait_ms = oktai_pacing_spread_within_ms(plain_ms, left_ms, clock->random(clock));
    oktai_log_note(call, OKTA_LOG_INFO, wait_ms, "the rate limit is used up; next in %lld ms",
                   (long long)wait_ms);
    call->until_ms = now_ms + wait_ms;
    oktai_patience_begin(call);
    return NULL;
}

/* Whether the call has a turn now. The lock is held. */
static oktai_pacing_answer enter(okta_call *call)
{
    oktai_pacing *pacing = &call->client->pacing;
    oktai_pacing_answer answer = oktai_pacing_enter(pacing, call->endpoint, oktai_call_now_ms(call), 0);
    if (answer.verdict == OKTAI_PACING_GO && answer.turn.endpoint >= 0) {
        pacing->endpoints[answer.turn.endpoint].name = call->operation->name;
    }
    return answer;
}

/* Give turns to calls that wait at the gate, in their order, as far as there are any. One whose rate limit is
 * used up goes on as well, to wait for time. The lock is held. */
static void open_gate(okta_client *client)
{
    oktai_waiter *waiter = oktai_list_first(&client->gate);
    while (waiter != NULL && !oktai_pacing_is_full(&client->pacing)) {
        oktai_waiter *behind = oktai_list_after(&waiter->link);
        oktai_pacing_answer answer = enter(waiter->call);
        waiter->admitted = answer.verdict == OKTAI_PACING_GO;
        waiter->turn = answer.turn;
        if (answer.verdict != OKTAI_PACING_AWAIT_REQUEST) {
            oktai_queue_release(waiter);
        }
        waiter = behind;
    }
}

/* The end of a turn may be what others wait for. */
static void end_turn(okta_call *call, int http_status, const okta_rate_limit *rate)
{
    okta_client *client = call->client;
    pthread_mutex_lock(&client->lock);
    oktai_pacing_leave(&client->pacing, &call->turn, http_status, rate, oktai_call_now_ms(call));
    open_gate(client);
    pthread_mutex_unlock(&client->lock);
}

static void give_back(okta_call *call)
{
    const okta_rate_limit none = {0};
    end_turn(call, OKTAI_PACING_NOT_SENT, &none);
}

/* Whether a turn was given to the call at the gate, which it leaves. */
static bool leave_gate(okta_call *call)
{
    oktai_waiter *waiter = &call->waiter;
    if (!call->queued) {
        return false;
    }
    pthread_mutex_lock(&call->client->lock);
    oktai_queue_leave(waiter);
    pthread_mutex_unlock(&call->client->lock);
    call->queued = false;
    call->turn = waiter->turn;
    return waiter->admitted;
}

/* Ask for a turn, or wait for one at the gate. */
static oktai_pacing_answer ask(okta_call *call)
{
    okta_client *client = call->client;
    pthread_mutex_lock(&client->lock);
    oktai_pacing_answer answer = enter(call);
    call->queued = answer.verdict == OKTAI_PACING_AWAIT_REQUEST;
    if (call->queued) {
        oktai_call_enter(call, &client->gate);
    }
    pthread_mutex_unlock(&client->lock);
    call->turn = answer.turn;
    return answer;
}

okta_error *oktai_admit(okta_call *call, oktai_need *out)
{
    bool admitted = leave_gate(call);
    oktai_patience_end(call);
    okta_error *error = oktai_call_check(call, "before its turn came");
    *out = OKTAI_NEED_NOTHING;
    if (error != NULL || admitted) {
        if (error != NULL && admitted) {
            give_back(call);
        }
        return error;
    }
    oktai_pacing_answer answer = ask(call);
    if (answer.verdict == OKTAI_PACING_AWAIT_TIME) {
        *out = OKTAI_NEED_TIME;
        return wait_for_time(call, &answer);
    }
    if (answer.verdict == OKTAI_PACING_AWAIT_REQUEST) {
        *out = OKTAI_NEED_CALL;
        call->until_ms = oktai_patience_turn_ms(call);
        oktai_patience_begin(call);
        if (answer.ready_at_ms != 0 && answer.ready_at_ms < call->until_ms) {
            call->until_ms = answer.ready_at_ms;
        }
    }
    return NULL;
}

void oktai_admit_end(okta_call *call, bool left)
{
    okta_rate_limit rate = oktai_response_rate(&call->response, call->client->clock);
    end_turn(call, left ? call->response.http_status : OKTAI_PACING_NOT_SENT, &rate);
}
