/* SPDX-License-Identifier: Apache-2.0 */
#include "http/retry.h"

#include "http/pacing.h"

#define BUDGET_MAX        100
#define BUDGET_RETRY      10
#define BASE_MS           500
#define CAP_MS            20000
#define THROTTLE_MS       1000
#define CONCURRENT_MS     500
#define CONCURRENT_CAP_MS 4000
#define ASKED_MIN_MS      1000 /* below it, chance comes from the own wait */

okta_status oktai_status_of_http(int http_status)
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

bool oktai_retry_needs_word(int http_status)
{
    switch (http_status) {
    case 401:
    case 403:
    case 408:
    case 429:
        return false;
    default:
        return http_status >= 400 && http_status <= 499;
    }
}

/* Whether the answer refuses the request in words that need not be Okta's: then nothing is refused. */
static bool is_foreign_refusal(const oktai_attempt *attempt)
{
    return attempt->failure == OKTA_OK && attempt->foreign && oktai_retry_needs_word(attempt->http_status);
}

static okta_status status_of(const oktai_attempt *attempt)
{
    if (attempt->refused != OKTA_OK) {
        return attempt->refused;
    }
    return is_foreign_refusal(attempt) ? OKTA_E_PROTOCOL : oktai_status_of_http(attempt->http_status);
}

bool oktai_retry_take(oktai_retry_budget *budget)
{
    int spent = atomic_load(&budget->spent);
    do {
        if (spent + BUDGET_RETRY > BUDGET_MAX) {
            return false;
        }
    } while (!atomic_compare_exchange_weak(&budget->spent, &spent, spent + BUDGET_RETRY));
    return true;
}

static void give_back(oktai_retry_budget *budget)
{
    int spent = atomic_load(&budget->spent);
    while (spent > 0 && !atomic_compare_exchange_weak(&budget->spent, &spent, spent - 1)) {
    }
}

/* How long to wait. */
typedef struct oktai_waits {
    int64_t plain_ms; /* without the server's chance: decides whether the deadline leaves time for the wait */
    int64_t wait_ms;  /* with chance, as far as the deadline leaves time for it */
    int64_t asked_ms; /* what the server asks for, with chance that no deadline limits; 0: nothing */
    int64_t retry_at_s; /* when that ends by the server's clock; 0: unknown */
} oktai_waits;

/* base * 2^(attempts - 1), at most cap, of which 50 to 100 per cent. */
static int64_t backoff(int64_t base_ms, int64_t cap_ms, unsigned attempts, uint32_t random)
{
    int64_t wait = cap_ms;
    if (attempts <= 16 && (base_ms << (attempts - 1)) < cap_ms) {
        wait = base_ms << (attempts - 1);
    }
    return wait - wait / 2 + oktai_pacing_chance_ms(wait / 2, random);
}

/* The longer of what the server asks for and of the own wait. */
static oktai_waits longer(int64_t asked_ms, int64_t own_ms, int64_t left_ms, uint32_t random)
{
    int64_t spread_ms = oktai_pacing_spread_within_ms(asked_ms, left_ms, random);
    return (oktai_waits){.plain_ms = asked_ms > own_ms ? asked_ms : own_ms,
                         .wait_ms = spread_ms > own_ms ? spread_ms : own_ms,
                         .asked_ms = oktai_pacing_spread_ms(asked_ms, random)};
}

static int64_t retry_after(const oktai_server_times *times)
{
    return times->has_retry_after && times->retry_after_ms > 0 ? times->retry_after_ms : 0;
}

/* The server's time when it takes calls again: the end of the window or of what Retry-After tells. */
static int64_t retry_at(const oktai_server_times *times, int64_t reset_ms, int64_t asked_ms)
{
    if (asked_ms == 0 || !times->rate.date.has) {
        return 0;
    }
    return asked_ms == reset_ms ? times->rate.reset.value
                                : times->rate.date.value + asked_ms / 1000 + (asked_ms % 1000 > 0);
}

/* A limit of concurrent calls clears as soon as one of them ends, whatever its reset says. */
static oktai_waits throttle_waits(const oktai_retry_state *state, const oktai_server_times *times,
                                  int64_t left_ms, uint32_t random)
{
    bool concurrent = oktai_pacing_is_concurrency(&times->rate);
    int64_t reset_ms = concurrent ? 0 : oktai_pacing_reset_wait_ms(&times->rate);
    int64_t asked_ms = retry_after(times) > reset_ms ? retry_after(times) : reset_ms;
    int64_t own_ms = 0;
    if (asked_ms < ASKED_MIN_MS) {
        own_ms = concurrent ? backoff(CONCURRENT_MS, CONCURRENT_CAP_MS, state->attempts, random)
                            : backoff(THROTTLE_MS, CAP_MS, state->attempts, random);
    }
    oktai_waits waits = longer(asked_ms, own_ms, left_ms, random);
    /* Only the last repetition believes the server for more than a minute. */
    if (asked_ms > OKTAI_PACING_PROBE_MS && state->attempts < state->max_retries) {
        waits.wait_ms = oktai_pacing_spread_within_ms(OKTAI_PACING_PROBE_MS, left_ms, random);
    }
    waits.retry_at_s = retry_at(times, reset_ms, asked_ms);
    return waits;
}

static oktai_waits failure_waits(const oktai_retry_state *state, const oktai_server_times *times,
                                 int64_t left_ms, uint32_t random)
{
    return longer(retry_after(times), backoff(BASE_MS, CAP_MS, state->attempts, random), left_ms, random);
}

/* Whether the server may have acted although the answer does not say so. */
static bool is_unsettled(const oktai_attempt *attempt)
{
    if (attempt->failure != OKTA_OK) {
        return attempt->unsettled;
    }
    return attempt->http_status >= 500 || attempt->http_status == 408 || is_foreign_refusal(attempt);
}

static bool is_server_trouble(const oktai_attempt *attempt)
{
    return attempt->http_status == 408 || attempt->http_status == 500 || attempt->http_status == 502 ||
           attempt->http_status == 503 || attempt->http_status == 504;
}

static oktai_decision fail(okta_status status, bool retryable, int64_t retry_after_ms)
{
    return (oktai_decision){.verdict = OKTAI_VERDICT_FAIL,
                            .status = status,
                            .retryable = retryable,
                            .retry_after_ms = retry_after_ms};
}

/* Whether a repetition is paid for. Waiting for a rate limit costs nothing; nor does it, where the call is
 * patient, that nobody was reached. */
static bool is_paid(const oktai_retry_state *state, oktai_retry_budget *budget, const oktai_attempt *attempt,
                    okta_status status)
{
    bool unreached = attempt->failure != OKTA_OK && !attempt->unsettled;
    return status == OKTA_E_RATE_LIMITED || (state->is_patient && unreached) || oktai_retry_take(budget);
}

/* A transient failure: again, as far as count, deadline and budget go. */
static oktai_decision try_again(const oktai_retry_state *state, oktai_retry_budget *budget,
                                const oktai_attempt *attempt, okta_status status, const oktai_waits *waits,
                                int64_t left_ms)
{
    bool wanted = state->attempts <= state->max_retries && waits->plain_ms < left_ms;
    if (wanted && is_paid(state, budget, attempt, status)) {
        return (oktai_decision){.verdict = OKTAI_VERDICT_RETRY, .status = status, .wait_ms = waits->wait_ms};
    }
    oktai_decision decision = fail(status, true, waits->asked_ms);
    decision.retry_at_s = waits->retry_at_s;
    decision.unfunded = wanted;
    return decision;
}

/* Whether the answer says that what was asked for was done. Whether it is Okta's, others judge. */
static bool is_good(const oktai_retry_state *state, int http_status)
{
    bool redirect = http_status == 301 || http_status == 302 || http_status == 303 || http_status == 307 ||
                    http_status == 308;
    return (http_status >= 200 && http_status <= 299) || (state->redirects && redirect);
}

static oktai_decision decide_answer(const oktai_retry_state *state, oktai_retry_budget *budget,
                                    const oktai_attempt *attempt, const oktai_server_times *times,
                                    int64_t left_ms, uint32_t random)
{
    int http_status = attempt->http_status;
    if (is_good(state, http_status)) {
        give_back(budget);
        return (oktai_decision){.verdict = OKTAI_VERDICT_SUCCESS};
    }
    okta_status status = status_of(attempt);
    if (status == OKTA_E_NOT_FOUND && state->effect == OKTAI_EFFECT_DELETE && state->unsettled) {
        return (oktai_decision){.verdict = OKTAI_VERDICT_SUCCESS};
    }
    if (status == OKTA_E_RATE_LIMITED) {
        oktai_waits waits = throttle_waits(state, times, left_ms + state->patience_ms, random);
        return try_again(state, budget, attempt, status, &waits, left_ms + state->patience_ms);
    }
    if (is_server_trouble(attempt)) {
        oktai_waits waits = failure_waits(state, times, left_ms, random);
        return try_again(state, budget, attempt, OKTA_E_SERVER, &waits, left_ms);
    }
    return fail(status, false, 0);
}

oktai_decision oktai_retry_decide(oktai_retry_state *state, oktai_retry_budget *budget,
                                  const oktai_attempt *attempt, const oktai_server_times *times,
                                  int64_t now_ms, uint32_t random)
{
    bool unsettled = is_unsettled(attempt);
    /* A refusal is true for its own attempt only, and one that is not Okta's not even for that. */
    bool stays_unsettled =
        state->effect != OKTAI_EFFECT_READ && (state->unsettled || is_foreign_refusal(attempt));
    int64_t left_ms = state->deadline_ms - now_ms;
    state->attempts += 1 + attempt->resent;
    state->unsettled = state->unsettled || unsettled;
    if (unsettled && oktai_effect_is_once(state->effect)) {
        return fail(OKTA_E_OUTCOME_UNKNOWN, false, 0);
    }
    if (attempt->failure == OKTA_OK) {
        oktai_decision decision = decide_answer(state, budget, attempt, times, left_ms, random);
        if (decision.verdict == OKTAI_VERDICT_FAIL && stays_unsettled && decision.status != OKTA_E_SERVER) {
            decision.status = OKTA_E_OUTCOME_UNKNOWN;
            decision.retryable = !oktai_effect_is_once(state->effect);
        }
        return decision;
    }
    bool write_unsettled = state->unsettled && state->effect != OKTAI_EFFECT_READ;
    okta_status status = write_unsettled ? OKTA_E_OUTCOME_UNKNOWN : attempt->failure;
    if (attempt->permanent || attempt->failure == OKTA_E_CANCELED) {
        return fail(status, false, 0);
    }
    const oktai_server_times nothing = {0};
    oktai_waits waits = failure_waits(state, &nothing, left_ms, random);
    return try_again(state, budget, attempt, status, &waits, left_ms);
}
