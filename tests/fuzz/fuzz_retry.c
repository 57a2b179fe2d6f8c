/* SPDX-License-Identifier: Apache-2.0 */
/* The input is a call: its limits, and what became of each attempt until the policy ends it. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "http/retry.h"

#define DAY_MS    86400000
#define NOW_MAX   (INT64_C(1) << 40)
#define YEAR_2000 INT64_C(946684800)
#define YEAR_2100 INT64_C(4102444800)
#define YEAR_9999 INT64_C(253402300800)

static okta_opt_int maybe(fuzz_input *input, int64_t min, int64_t max)
{
    okta_opt_int absent = {0};
    return fuzz_byte(input) % 4 == 0 ? absent : okta_int(fuzz_range(input, min, max));
}

/* Anything that http/headers.h may hand out. */
static oktai_server_times take_times(fuzz_input *input)
{
    oktai_server_times times = {
        .rate = {.limit = maybe(input, 0, INT64_MAX),
                 .remaining = maybe(input, 0, INT64_MAX),
                 .reset = maybe(input, YEAR_2000, YEAR_2100),
                 .date = maybe(input, 0, YEAR_9999)},
        .has_retry_after = fuzz_byte(input) % 2 == 1,
    };
    times.retry_after_ms = times.has_retry_after ? fuzz_range(input, 0, DAY_MS) : 0;
    return times;
}

static oktai_attempt take_attempt(fuzz_input *input)
{
    static const okta_status failures[] = {OKTA_E_TRANSPORT, OKTA_E_TIMEOUT, OKTA_E_PROTOCOL,
                                           OKTA_E_NOMEM,     OKTA_E_CONFIG,  OKTA_E_CANCELED};
    static const int statuses[] = {200, 201, 204, 206, 301, 400, 401, 403, 404, 408, 409,
                                   410, 412, 429, 429, 429, 500, 501, 502, 503, 504, 599};
    size_t what = fuzz_choice(input, COUNT(failures) + COUNT(statuses));
    uint8_t flags = fuzz_byte(input);
    if (what >= COUNT(failures)) {
        return (oktai_attempt){.http_status = statuses[what - COUNT(failures)], .resent = flags & 1};
    }
    return (oktai_attempt){.failure = failures[what],
                           .unsettled = (flags & 2) != 0,
                           .permanent = (flags & 4) != 0,
                           .resent = flags & 1,
                           .reason = "it failed"};
}

static bool may_have_happened(const oktai_attempt *attempt)
{
    int status = attempt->http_status;
    return attempt->failure == OKTA_OK ? status >= 500 || status == 408 : attempt->unsettled;
}

/* By its own list, not by the code's. */
static bool is_once(oktai_effect effect)
{
    return effect == OKTAI_EFFECT_CREATE || effect == OKTAI_EFFECT_UPDATE || effect == OKTAI_EFFECT_ACTION;
}

static void check_success(const oktai_retry_state *state, const oktai_attempt *attempt)
{
    int status = attempt->http_status;
    bool gone = (status == 404 || status == 410) && state->effect == OKTAI_EFFECT_DELETE && state->unsettled;
    FUZZ_CHECK(attempt->failure == OKTA_OK);
    FUZZ_CHECK((status >= 200 && status <= 299) || gone);
}

static void check_retry(const oktai_retry_state *state, const oktai_attempt *attempt,
                        const oktai_decision *decision, int64_t now_ms)
{
    bool server_refused = attempt->http_status == 429 || !may_have_happened(attempt);
    FUZZ_CHECK(decision->wait_ms > 0 && decision->wait_ms < state->deadline_ms - now_ms);
    FUZZ_CHECK(state->attempts <= state->max_retries);
    FUZZ_CHECK(!is_once(state->effect) || (server_refused && !state->unsettled));
    FUZZ_CHECK(!attempt->permanent && attempt->failure != OKTA_E_CANCELED);
    FUZZ_CHECK(attempt->failure != OKTA_OK || attempt->http_status == 429 || attempt->http_status == 408 ||
               attempt->http_status >= 500);
}

static void check_failure(const oktai_retry_state *state, const oktai_attempt *attempt,
                          const oktai_decision *decision)
{
    bool create = is_once(state->effect);
    FUZZ_CHECK(decision->status != OKTA_OK && decision->retry_after_ms >= 0);
    FUZZ_CHECK(!create || !may_have_happened(attempt) ||
               (decision->status == OKTA_E_OUTCOME_UNKNOWN && !decision->retryable));
    FUZZ_CHECK(attempt->failure == OKTA_OK || state->effect == OKTAI_EFFECT_READ || !state->unsettled ||
               decision->status == OKTA_E_OUTCOME_UNKNOWN);
    FUZZ_CHECK(decision->status != OKTA_E_OUTCOME_UNKNOWN || state->effect != OKTAI_EFFECT_READ);
}

/* One attempt. False: the call ended. */
static bool step(fuzz_input *input, oktai_retry_state *state, oktai_retry_budget *budget, int64_t *now_ms)
{
    oktai_attempt attempt = take_attempt(input);
    oktai_server_times times = take_times(input);
    unsigned before = state->attempts;
    int spent_before = atomic_load(&budget->spent);
    *now_ms += fuzz_range(input, 0, 2 * DAY_MS);
    oktai_decision decision = oktai_retry_decide(state, budget, &attempt, &times, *now_ms, fuzz_u32(input));
    int spent = atomic_load(&budget->spent);
    FUZZ_CHECK(spent >= 0 && spent <= 100 && spent <= spent_before + 10);
    FUZZ_CHECK(state->attempts == before + 1 + attempt.resent);
    FUZZ_CHECK(state->unsettled || !may_have_happened(&attempt));
    switch (decision.verdict) {
    case OKTAI_VERDICT_SUCCESS:
        check_success(state, &attempt);
        return false;
    case OKTAI_VERDICT_FAIL:
        check_failure(state, &attempt, &decision);
        return false;
    case OKTAI_VERDICT_RETRY:
        check_retry(state, &attempt, &decision, *now_ms);
        FUZZ_CHECK(attempt.http_status == 429 || spent == spent_before + 10);
        FUZZ_CHECK(attempt.http_status != 429 || state->attempts >= state->max_retries ||
                   decision.wait_ms <= 71000);
        *now_ms += decision.wait_ms;
        return true;
    }
    FUZZ_CHECK(decision.verdict == OKTAI_VERDICT_FAIL);
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const oktai_effect effects[] = {OKTAI_EFFECT_READ,  OKTAI_EFFECT_REPLACE, OKTAI_EFFECT_DELETE,
                                           OKTAI_EFFECT_STATE, OKTAI_EFFECT_CREATE,  OKTAI_EFFECT_UPDATE,
                                           OKTAI_EFFECT_ACTION};
    fuzz_input input = {data, size};
    int64_t now_ms = fuzz_range(&input, 0, NOW_MAX);
    oktai_retry_budget budget;
    atomic_init(&budget.spent, (int)fuzz_range(&input, 0, 100));
    while (fuzz_more(&input)) {
        oktai_retry_state state = {.effect = effects[fuzz_choice(&input, COUNT(effects))],
                                   .max_retries = (unsigned)fuzz_range(&input, 0, 20)};
        state.deadline_ms = now_ms + fuzz_range(&input, 1, DAY_MS);
        unsigned sends = 1;
        while (step(&input, &state, &budget, &now_ms)) {
            sends++;
        }
        FUZZ_CHECK(sends <= state.max_retries + 1);
    }
    return 0;
}
