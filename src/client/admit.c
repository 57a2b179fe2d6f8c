/* SPDX-License-Identifier: Apache-2.0 */
/* The gate in front of every attempt: how many requests run at once, and what the rate limits leave. */
#include "client/call.h"
#include "core/error.h"

static okta_error *no_turn(okta_call *call, const okta_pacing_answer *answer, int64_t wait_ms)
{
    const okta_attempt attempt = {
        .failure = OKTA_E_RATE_LIMITED,
        .reason = "the rate limit does not clear before the deadline; the request was not sent"};
    okta_decision decision = {.verdict = OKTA_VERDICT_FAIL,
                              .status = OKTA_E_RATE_LIMITED,
                              .retryable = true,
                              .retry_after_ms = wait_ms,
                              .retry_at_s = answer->reset_s};
    if (okta_call_is_unsettled(call)) {
        decision.status = OKTA_E_OUTCOME_UNKNOWN;
    }
    const okta_answer none = okta_call_answer(call);
    return okta_outcome_error(&none, &decision, &attempt);
}

static okta_error *wait_for_reset(okta_call *call, const okta_pacing_answer *answer)
{
    const okta_clock *clock = call->client->clock;
    int64_t now_ms = okta_call_now_ms(call);
    int64_t plain_ms = answer->reset_at_ms - now_ms;
    int64_t left_ms = call->retry.deadline_ms - now_ms;
    if (plain_ms >= left_ms) {
        return no_turn(call, answer, plain_ms);
    }
    int64_t wait_ms = okta_pacing_spread_within_ms(plain_ms, left_ms, clock->random(clock));
    okta_log_note(call, OKTA_LOG_INFO, wait_ms, "the rate limit is used up; next in %lld ms",
                  (long long)wait_ms);
    okta_call_sleep(call, wait_ms);
    return NULL;
}

static void name_endpoint(okta_pacing *pacing, const okta_pacing_ticket *ticket, const char *name)
{
    if (ticket->endpoint >= 0) {
        pacing->endpoints[ticket->endpoint].name = name;
    }
}

/* `*verdict` says what was waited for. */
static okta_error *wait_once(okta_call *call, okta_pacing_ticket *out, okta_pacing_verdict *verdict)
{
    okta_client *client = call->client;
    pthread_mutex_lock(&client->lock);
    okta_pacing_answer answer = okta_pacing_enter(&client->pacing, call->endpoint, okta_call_now_ms(call), 0);
    if (answer.verdict == OKTA_PACING_GO) {
        name_endpoint(&client->pacing, &answer.ticket, call->operation->name);
    } else if (answer.verdict == OKTA_PACING_SLOT) {
        okta_call_wait_change(call);
    }
    pthread_mutex_unlock(&client->lock);
    *verdict = answer.verdict;
    *out = answer.ticket;
    return answer.verdict == OKTA_PACING_WAIT ? wait_for_reset(call, &answer) : NULL;
}

okta_error *okta_admit(okta_call *call, okta_pacing_ticket *out)
{
    for (;;) {
        okta_pacing_verdict verdict = OKTA_PACING_WAIT;
        okta_error *error = okta_call_check(call, "before its turn came");
        if (error == NULL) {
            error = wait_once(call, out, &verdict);
        }
        if (error != NULL || verdict == OKTA_PACING_GO) {
            return error;
        }
    }
}

void okta_admit_end(okta_call *call, const okta_pacing_ticket *ticket, bool left)
{
    okta_client *client = call->client;
    okta_rate_limit rate = okta_headers_rate_limit(&call->response.headers);
    pthread_mutex_lock(&client->lock);
    int http_status = left ? call->response.http_status : OKTA_PACING_NOT_SENT;
    okta_pacing_leave(&client->pacing, ticket, http_status, &rate, okta_call_now_ms(call));
    okta_client_changed(client);
    pthread_mutex_unlock(&client->lock);
}
