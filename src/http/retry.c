/* SPDX-License-Identifier: Apache-2.0 */
#include "http/retry.h"

#define BUDGET_MAX        100
#define BUDGET_RETRY      10
#define BASE_MS           500
#define CAP_MS            20000
#define THROTTLE_MS       1000
#define CONCURRENT_MS     500
#define CONCURRENT_CAP_MS 4000
#define SPREAD_MAX_MS     10000

okta_status okta_status_of_http(int http_status)
{
    switch (http_status) {
    case 401:
        return OKTA_E_AUTH;
    case 403:
        return OKTA_E_FORBIDDEN;
    case 404:
    case 410:
        return OKTA_E_NOT_FOUND;
    case 409:
    case 412:
        return OKTA_E_CONFLICT;
    case 429:
        return OKTA_E_RATE_LIMITED;
    default:
        break;
    }
    if (http_status >= 500 && http_status <= 599) {
        return OKTA_E_SERVER;
    }
    return http_status >= 400 && http_status <= 499 ? OKTA_E_INVALID : OKTA_E_PROTOCOL;
}

static bool take(okta_retry_budget *budget)
{
    int spent = atomic_load(&budget->spent);
    do {
        if (spent + BUDGET_RETRY > BUDGET_MAX) {
            return false;
        }
    } while (!atomic_compare_exchange_weak(&budget->spent, &spent, spent + BUDGET_RETRY));
    return true;
}

static void give_back(okta_retry_budget *budget)
{
    int spent = atomic_load(&budget->spent);
    while (spent > 0 && !atomic_compare_exchange_weak(&budget->spent, &spent, spent - 1)) {
    }
}

/* How long to wait, and the part of it that is the server's wish; 0: none. */
typedef struct okta_waits {
    int64_t wait_ms;
    int64_t asked_ms;
} okta_waits;

/* A number in [0, range]. */
static int64_t chance(int64_t range, uint32_t random)
{
    return (int64_t)(((uint64_t)range * random) >> 32);
}

/* base * 2^(attempts - 1), at most cap, of which 50 to 100 per cent. */
static int64_t backoff(int64_t base_ms, int64_t cap_ms, unsigned attempts, uint32_t random)
{
    int64_t wait = cap_ms;
    if (attempts <= 16 && (base_ms << (attempts - 1)) < cap_ms) {
        wait = base_ms << (attempts - 1);
    }
    return wait - wait / 2 + chance(wait / 2, random);
}

/* Spread, so that many clients that the server told the same do not wake in the same second. */
static int64_t spread(int64_t wait, uint32_t random)
{
    return wait + chance(wait / 4 < SPREAD_MAX_MS ? wait / 4 : SPREAD_MAX_MS, random);
}

/* Past the reset by the server's own clock. */
static int64_t reset_wait(const okta_rate_limit *rate)
{
    if (!rate->reset.has || !rate->date.has || rate->reset.value <= rate->date.value) {
        return 0;
    }
    return (rate->reset.value - rate->date.value + 1) * 1000;
}

static bool is_concurrency(const okta_rate_limit *rate)
{
    return rate->limit.has && rate->limit.value == 0 && rate->remaining.has && rate->remaining.value == 0;
}

/* A limit of concurrent calls clears as soon as one of them ends, whatever its reset says. */
static okta_waits throttle_waits(const okta_retry_state *state, const okta_server_times *times,
                                 uint32_t random)
{
    bool concurrent = is_concurrency(&times->rate);
    int64_t asked = concurrent ? 0 : reset_wait(&times->rate);
    if (times->has_retry_after && times->retry_after_ms > asked) {
        asked = times->retry_after_ms;
    }
    okta_waits waits = {.asked_ms = spread(asked, random)};
    if (asked > 0) {
        waits.wait_ms = waits.asked_ms;
    } else if (concurrent) {
        waits.wait_ms = backoff(CONCURRENT_MS, CONCURRENT_CAP_MS, state->attempts, random);
    } else {
        waits.wait_ms = backoff(THROTTLE_MS, CAP_MS, state->attempts, random);
    }
    return waits;
}

static okta_waits failure_waits(const okta_retry_state *state, const okta_server_times *times,
                                uint32_t random)
{
    okta_waits waits = {.wait_ms = backoff(BASE_MS, CAP_MS, state->attempts, random)};
    if (times->has_retry_after) {
        waits.asked_ms = spread(times->retry_after_ms, random);
        waits.wait_ms = waits.asked_ms > waits.wait_ms ? waits.asked_ms : waits.wait_ms;
    }
    return waits;
}

/* Whether the server may have acted although the answer does not say so. */
static bool is_unsettled(const okta_attempt *attempt)
{
    if (attempt->failure != OKTA_OK) {
        return attempt->maybe_processed;
    }
    return attempt->http_status >= 500 || attempt->http_status == 408 || attempt->http_status == 206;
}

static bool is_server_trouble(const okta_attempt *attempt)
{
    return attempt->http_status == 408 || attempt->http_status == 500 || attempt->http_status == 502 ||
           attempt->http_status == 503 || attempt->http_status == 504;
}

static okta_decision fail(okta_status status, bool retryable, int64_t retry_after_ms)
{
    return (okta_decision){.verdict = OKTA_VERDICT_FAIL,
                           .status = status,
                           .retryable = retryable,
                           .retry_after_ms = retry_after_ms};
}

/* A transient failure: again, as far as count, deadline and budget go. */
static okta_decision try_again(const okta_retry_state *state, okta_retry_budget *budget, okta_status status,
                               okta_waits waits, int64_t now_ms)
{
    bool throttled = status == OKTA_E_RATE_LIMITED;
    if (state->attempts > state->max_retries || waits.wait_ms >= state->deadline_ms - now_ms ||
        (!throttled && !take(budget))) {
        return fail(status, true, waits.asked_ms);
    }
    return (okta_decision){.verdict = OKTA_VERDICT_RETRY, .wait_ms = waits.wait_ms};
}

static okta_decision decide_answer(const okta_retry_state *state, okta_retry_budget *budget,
                                   const okta_attempt *attempt, const okta_server_times *times,
                                   int64_t now_ms, uint32_t random)
{
    int http_status = attempt->http_status;
    if (http_status >= 200 && http_status <= 299 && http_status != 206) {
        give_back(budget);
        return (okta_decision){.verdict = OKTA_VERDICT_SUCCESS};
    }
    okta_status status = okta_status_of_http(http_status);
    if (status == OKTA_E_NOT_FOUND && state->effect == OKTA_EFFECT_DELETE && state->maybe_done) {
        return (okta_decision){.verdict = OKTA_VERDICT_SUCCESS};
    }
    if (status == OKTA_E_RATE_LIMITED) {
        return try_again(state, budget, status, throttle_waits(state, times, random), now_ms);
    }
    if (is_server_trouble(attempt)) {
        return try_again(state, budget, OKTA_E_SERVER, failure_waits(state, times, random), now_ms);
    }
    return fail(status, false, 0);
}

okta_decision okta_retry_decide(okta_retry_state *state, okta_retry_budget *budget,
                                const okta_attempt *attempt, const okta_server_times *times, int64_t now_ms,
                                uint32_t random)
{
    bool unsettled = is_unsettled(attempt);
    state->attempts += 1 + attempt->resent;
    state->maybe_done = state->maybe_done || unsettled;
    if (unsettled && state->effect == OKTA_EFFECT_CREATE) {
        return fail(OKTA_E_OUTCOME_UNKNOWN, false, 0);
    }
    if (attempt->failure == OKTA_OK) {
        return decide_answer(state, budget, attempt, times, now_ms, random);
    }
    bool write_unsettled = state->maybe_done && state->effect != OKTA_EFFECT_READ;
    okta_status status = write_unsettled ? OKTA_E_OUTCOME_UNKNOWN : attempt->failure;
    if (attempt->permanent || attempt->failure == OKTA_E_CANCELED) {
        return fail(status, false, 0);
    }
    const okta_server_times nothing = {0};
    return try_again(state, budget, status, failure_waits(state, &nothing, random), now_ms);
}
