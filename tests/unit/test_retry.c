/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/retry.h: every verdict by effect and attempt, and the budget. No clock runs here. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/retry.h"
#include "unit/mutate.h"
#include "unit/retry_support.h"

#define EFFECTS 7

static const char *name_of(oktai_effect effect)
{
    static const char *const names[EFFECTS] = {"READ",   "REPLACE", "DELETE", "STATE",
                                               "CREATE", "UPDATE",  "ACTION"};
    return names[effect];
}

/* By its own list, not by the code's. */
static bool is_once(oktai_effect effect)
{
    return effect == OKTAI_EFFECT_CREATE || effect == OKTAI_EFFECT_UPDATE || effect == OKTAI_EFFECT_ACTION;
}

/* What a kind of attempt leads to: with a repetition left, and without. */
typedef struct expected {
    oktai_verdict verdict;
    okta_status status; /* of the failure, once none is left */
    bool retryable;
} expected;

#define SUCCESS                                                                                              \
    {                                                                                                        \
        OKTAI_VERDICT_SUCCESS, OKTA_OK, false                                                                \
    }
#define AGAIN(status)                                                                                        \
    {                                                                                                        \
        OKTAI_VERDICT_RETRY, status, true                                                                    \
    }
#define FINAL(status)                                                                                        \
    {                                                                                                        \
        OKTAI_VERDICT_FAIL, status, false                                                                    \
    }

static void check(const char *what, int number, oktai_effect effect, const oktai_attempt *attempt,
                  const expected *want)
{
    oktai_retry_state state = call_of(effect, 1);
    oktai_decision decision = decide(&state, attempt, &no_times, 0);
    oktai_retry_state last_state = call_of(effect, 0);
    oktai_decision last = decide(&last_state, attempt, &no_times, 0);
    oktai_verdict last_verdict = want->verdict == OKTAI_VERDICT_RETRY ? OKTAI_VERDICT_FAIL : want->verdict;
    if (decision.verdict != want->verdict || last.verdict != last_verdict || state.attempts != 1) {
        fail_msg("%s %d on %s: verdict %d, and %d without retries", what, number, name_of(effect),
                 (int)decision.verdict, (int)last.verdict);
    }
    if (last.status != want->status || last.retryable != want->retryable || last.retry_after_ms != 0) {
        fail_msg("%s %d on %s: %s, retryable %d, after %lld ms", what, number, name_of(effect),
                 okta_status_name(last.status), last.retryable, (long long)last.retry_after_ms);
    }
    if ((decision.verdict == OKTAI_VERDICT_RETRY) != (decision.wait_ms > 0)) {
        fail_msg("%s %d on %s: a wait of %lld ms", what, number, name_of(effect),
                 (long long)decision.wait_ms);
    }
}

static void judges_every_answer_by_its_status(void **state)
{
    static const struct {
        int from;
        int to;
        expected safe; /* all but creations */
        expected create;
    } cases[] = {
        {200, 299, SUCCESS, SUCCESS},
        {300, 399, FINAL(OKTA_E_PROTOCOL), FINAL(OKTA_E_PROTOCOL)},
        {400, 400, FINAL(OKTA_E_INVALID), FINAL(OKTA_E_INVALID)},
        {401, 401, FINAL(OKTA_E_AUTH), FINAL(OKTA_E_AUTH)},
        {402, 402, FINAL(OKTA_E_INVALID), FINAL(OKTA_E_INVALID)},
        {403, 403, FINAL(OKTA_E_FORBIDDEN), FINAL(OKTA_E_FORBIDDEN)},
        {404, 404, FINAL(OKTA_E_NOT_FOUND), FINAL(OKTA_E_NOT_FOUND)},
        {405, 407, FINAL(OKTA_E_INVALID), FINAL(OKTA_E_INVALID)},
        {408, 408, AGAIN(OKTA_E_SERVER), FINAL(OKTA_E_OUTCOME_UNKNOWN)},
        {409, 409, FINAL(OKTA_E_CONFLICT), FINAL(OKTA_E_CONFLICT)},
        {410, 410, FINAL(OKTA_E_NOT_FOUND), FINAL(OKTA_E_NOT_FOUND)},
        {411, 411, FINAL(OKTA_E_INVALID), FINAL(OKTA_E_INVALID)},
        {412, 412, FINAL(OKTA_E_CONFLICT), FINAL(OKTA_E_CONFLICT)},
        {413, 428, FINAL(OKTA_E_INVALID), FINAL(OKTA_E_INVALID)},
        {429, 429, AGAIN(OKTA_E_RATE_LIMITED), AGAIN(OKTA_E_RATE_LIMITED)},
        {430, 499, FINAL(OKTA_E_INVALID), FINAL(OKTA_E_INVALID)},
        {500, 500, AGAIN(OKTA_E_SERVER), FINAL(OKTA_E_OUTCOME_UNKNOWN)},
        {501, 501, FINAL(OKTA_E_SERVER), FINAL(OKTA_E_OUTCOME_UNKNOWN)},
        {502, 504, AGAIN(OKTA_E_SERVER), FINAL(OKTA_E_OUTCOME_UNKNOWN)},
        {505, 599, FINAL(OKTA_E_SERVER), FINAL(OKTA_E_OUTCOME_UNKNOWN)},
    };
    int next = 200;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(cases[i].from, next);
        for (; next <= cases[i].to; next++) {
            oktai_attempt attempt = answer(next);
            for (int effect = 0; effect < EFFECTS; effect++) {
                bool create = is_once((oktai_effect)effect);
                check("HTTP", next, (oktai_effect)effect, &attempt,
                      create ? &cases[i].create : &cases[i].safe);
            }
        }
    }
    assert_int_equal(next, 600);
}

static void judges_every_failure_by_what_left(void **state)
{
    static const struct {
        oktai_attempt attempt;
        expected read;
        expected write; /* that may be repeated */
        expected create;
    } cases[] = {
        {{.failure = OKTA_E_TRANSPORT},
         AGAIN(OKTA_E_TRANSPORT),
         AGAIN(OKTA_E_TRANSPORT),
         AGAIN(OKTA_E_TRANSPORT)},
        {{.failure = OKTA_E_TIMEOUT}, AGAIN(OKTA_E_TIMEOUT), AGAIN(OKTA_E_TIMEOUT), AGAIN(OKTA_E_TIMEOUT)},
        {{.failure = OKTA_E_TRANSPORT, .permanent = true},
         FINAL(OKTA_E_TRANSPORT),
         FINAL(OKTA_E_TRANSPORT),
         FINAL(OKTA_E_TRANSPORT)},
        {{.failure = OKTA_E_CONFIG, .permanent = true},
         FINAL(OKTA_E_CONFIG),
         FINAL(OKTA_E_CONFIG),
         FINAL(OKTA_E_CONFIG)},
        {{.failure = OKTA_E_NOMEM, .permanent = true},
         FINAL(OKTA_E_NOMEM),
         FINAL(OKTA_E_NOMEM),
         FINAL(OKTA_E_NOMEM)},
        {{.failure = OKTA_E_CANCELED},
         FINAL(OKTA_E_CANCELED),
         FINAL(OKTA_E_CANCELED),
         FINAL(OKTA_E_CANCELED)},
        {{.failure = OKTA_E_TRANSPORT, .unsettled = true},
         AGAIN(OKTA_E_TRANSPORT),
         AGAIN(OKTA_E_OUTCOME_UNKNOWN),
         FINAL(OKTA_E_OUTCOME_UNKNOWN)},
        {{.failure = OKTA_E_TIMEOUT, .unsettled = true},
         AGAIN(OKTA_E_TIMEOUT),
         AGAIN(OKTA_E_OUTCOME_UNKNOWN),
         FINAL(OKTA_E_OUTCOME_UNKNOWN)},
        {{.failure = OKTA_E_PROTOCOL, .unsettled = true, .permanent = true},
         FINAL(OKTA_E_PROTOCOL),
         FINAL(OKTA_E_OUTCOME_UNKNOWN),
         FINAL(OKTA_E_OUTCOME_UNKNOWN)},
        {{.failure = OKTA_E_NOMEM, .unsettled = true, .permanent = true},
         FINAL(OKTA_E_NOMEM),
         FINAL(OKTA_E_OUTCOME_UNKNOWN),
         FINAL(OKTA_E_OUTCOME_UNKNOWN)},
        {{.failure = OKTA_E_CANCELED, .unsettled = true},
         FINAL(OKTA_E_CANCELED),
         FINAL(OKTA_E_OUTCOME_UNKNOWN),
         FINAL(OKTA_E_OUTCOME_UNKNOWN)},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int effect = 0; effect < EFFECTS; effect++) {
            const expected *want = effect == OKTAI_EFFECT_READ     ? &cases[i].read
                                   : is_once((oktai_effect)effect) ? &cases[i].create
                                                                   : &cases[i].write;
            check("failure", (int)i, (oktai_effect)effect, &cases[i].attempt, want);
        }
    }
}

/* A story of one call: what each attempt brings, and how it ends. */
static void remembers_a_lost_answer(void **state)
{
    static const oktai_attempt lost = {.failure = OKTA_E_TRANSPORT, .unsettled = true};
    static const oktai_attempt refused = {.failure = OKTA_E_TRANSPORT};
    static const oktai_attempt canceled = {.failure = OKTA_E_CANCELED};
    const struct {
        oktai_effect effect;
        oktai_attempt first;
        oktai_attempt second;
        oktai_verdict verdict;
        okta_status status;
        bool retryable;
    } cases[] = {
        {OKTAI_EFFECT_DELETE, lost, answer(404), OKTAI_VERDICT_SUCCESS, OKTA_OK, false},
        {OKTAI_EFFECT_DELETE, lost, answer(410), OKTAI_VERDICT_SUCCESS, OKTA_OK, false},
        {OKTAI_EFFECT_DELETE, lost, answer(204), OKTAI_VERDICT_SUCCESS, OKTA_OK, false},
        {OKTAI_EFFECT_DELETE, lost, answer(403), OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_DELETE, lost, answer(429), OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_DELETE, lost, answer(503), OKTAI_VERDICT_FAIL, OKTA_E_SERVER, true},
        {OKTAI_EFFECT_DELETE, answer(503), answer(404), OKTAI_VERDICT_SUCCESS, OKTA_OK, false},
        {OKTAI_EFFECT_DELETE, answer(408), answer(404), OKTAI_VERDICT_SUCCESS, OKTA_OK, false},
        {OKTAI_EFFECT_DELETE, answer(429), answer(404), OKTAI_VERDICT_FAIL, OKTA_E_NOT_FOUND, false},
        {OKTAI_EFFECT_DELETE, refused, answer(404), OKTAI_VERDICT_FAIL, OKTA_E_NOT_FOUND, false},
        {OKTAI_EFFECT_READ, lost, answer(404), OKTAI_VERDICT_FAIL, OKTA_E_NOT_FOUND, false},
        {OKTAI_EFFECT_READ, answer(503), answer(403), OKTAI_VERDICT_FAIL, OKTA_E_FORBIDDEN, false},
        {OKTAI_EFFECT_READ, answer(503), answer(429), OKTAI_VERDICT_FAIL, OKTA_E_RATE_LIMITED, true},
        {OKTAI_EFFECT_REPLACE, lost, answer(404), OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_REPLACE, answer(503), answer(302), OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_REPLACE, answer(408), answer(412), OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_REPLACE, answer(503), answer(408), OKTAI_VERDICT_FAIL, OKTA_E_SERVER, true},
        {OKTAI_EFFECT_REPLACE, lost, answer(501), OKTAI_VERDICT_FAIL, OKTA_E_SERVER, false},
        {OKTAI_EFFECT_REPLACE, answer(429), answer(403), OKTAI_VERDICT_FAIL, OKTA_E_FORBIDDEN, false},
        {OKTAI_EFFECT_REPLACE, refused, answer(429), OKTAI_VERDICT_FAIL, OKTA_E_RATE_LIMITED, true},
        {OKTAI_EFFECT_STATE, lost, answer(404), OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_STATE, answer(500), answer(400), OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_STATE, answer(429), answer(403), OKTAI_VERDICT_FAIL, OKTA_E_FORBIDDEN, false},
        {OKTAI_EFFECT_CREATE, answer(429), answer(404), OKTAI_VERDICT_FAIL, OKTA_E_NOT_FOUND, false},
        {OKTAI_EFFECT_CREATE, refused, answer(201), OKTAI_VERDICT_SUCCESS, OKTA_OK, false},
        {OKTAI_EFFECT_CREATE, refused, lost, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, false},
        {OKTAI_EFFECT_CREATE, answer(429), lost, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, false},
        {OKTAI_EFFECT_UPDATE, refused, lost, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, false},
        {OKTAI_EFFECT_ACTION, answer(429), answer(502), OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, false},
        {OKTAI_EFFECT_CREATE, refused, canceled, OKTAI_VERDICT_FAIL, OKTA_E_CANCELED, false},
        {OKTAI_EFFECT_REPLACE, lost, lost, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_REPLACE, lost, refused, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_REPLACE, answer(503), refused, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_REPLACE, lost, canceled, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, false},
        {OKTAI_EFFECT_REPLACE, refused, refused, OKTAI_VERDICT_FAIL, OKTA_E_TRANSPORT, true},
        {OKTAI_EFFECT_DELETE, lost, lost, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_STATE, lost, refused, OKTAI_VERDICT_FAIL, OKTA_E_OUTCOME_UNKNOWN, true},
        {OKTAI_EFFECT_READ, lost, lost, OKTAI_VERDICT_FAIL, OKTA_E_TRANSPORT, true},
        {OKTAI_EFFECT_READ, lost, canceled, OKTAI_VERDICT_FAIL, OKTA_E_CANCELED, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_retry_state call = call_of(cases[i].effect, 1);
        oktai_decision first = decide(&call, &cases[i].first, &no_times, 0);
        oktai_decision second = decide(&call, &cases[i].second, &no_times, 0);
        if (first.verdict != OKTAI_VERDICT_RETRY || second.verdict != cases[i].verdict ||
            second.status != cases[i].status || second.retryable != cases[i].retryable ||
            call.attempts != 2) {
            fail_msg("story %zu: verdicts %d and %d, %s, retryable %d", i, (int)first.verdict,
                     (int)second.verdict, okta_status_name(second.status), second.retryable);
        }
    }
}

static bool is_good(int http_status)
{
    return http_status >= 200 && http_status <= 299;
}

/* What each answer leaves of a call that may have been carried out before, however long ago. */
static void a_refusal_is_true_for_its_attempt_only(void **state)
{
    const oktai_attempt between[] = {answer(429), {.failure = OKTA_E_TRANSPORT}};
    (void)state;
    for (int number = 0; number < EFFECTS * 400 * 3; number++) {
        oktai_effect effect = (oktai_effect)(number % EFFECTS);
        int http_status = 200 + number / EFFECTS % 400;
        unsigned others = (unsigned)(number / EFFECTS / 400);
        oktai_retry_state call = call_of(effect, others);
        oktai_attempt last = answer(http_status);
        call.unsettled = true;
        for (unsigned i = 0; i < others; i++) {
            assert_int_equal(decide(&call, &between[i], &no_times, 0).verdict, OKTAI_VERDICT_RETRY);
        }
        oktai_decision decision = decide(&call, &last, &no_times, 0);
        bool gone = effect == OKTAI_EFFECT_DELETE && (http_status == 404 || http_status == 410);
        okta_status own = http_status == 408 ? OKTA_E_SERVER : oktai_status_of_http(http_status);
        bool refusal = http_status >= 300 && own != OKTA_E_SERVER;
        bool unknown = is_once(effect) || (effect != OKTAI_EFFECT_READ && refusal);
        okta_status status = is_good(http_status) || gone ? OKTA_OK : unknown ? OKTA_E_OUTCOME_UNKNOWN : own;
        if (decision.status != status || (decision.verdict == OKTAI_VERDICT_SUCCESS) != (status == OKTA_OK) ||
            (status == OKTA_E_OUTCOME_UNKNOWN && decision.retryable != !is_once(effect))) {
            fail_msg("HTTP %d on %s after %u others: verdict %d, %s, retryable %d", http_status,
                     name_of(effect), others, (int)decision.verdict, okta_status_name(decision.status),
                     decision.retryable);
        }
    }
}

static void counts_what_libcurl_sent_again(void **state)
{
    oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 1);
    oktai_attempt attempt = {.failure = OKTA_E_TRANSPORT, .unsettled = true, .resent = 1};
    oktai_decision decision = decide(&call, &attempt, &no_times, 0);
    (void)state;
    assert_int_equal(call.attempts, 2);
    assert_int_equal(decision.verdict, OKTAI_VERDICT_FAIL);
    call = call_of(OKTAI_EFFECT_READ, 2);
    assert_int_equal(decide(&call, &attempt, &no_times, 0).verdict, OKTAI_VERDICT_RETRY);
    assert_int_equal(decide(&call, &attempt, &no_times, 0).verdict, OKTAI_VERDICT_FAIL);
    assert_int_equal(call.attempts, 4);
}

static void stops_a_lasting_rate_limit_at_the_count(void **state)
{
    oktai_attempt limited = answer(429);
    (void)state;
    for (unsigned max_retries = 0; max_retries <= 20; max_retries++) {
        oktai_retry_budget budget = {0};
        oktai_retry_state call = call_of(OKTAI_EFFECT_CREATE, max_retries);
        unsigned sends = 0;
        oktai_decision decision;
        do {
            sends++;
            decision = oktai_retry_decide(&call, &budget, &limited, &no_times, 0, 0);
        } while (decision.verdict == OKTAI_VERDICT_RETRY && sends < 100);
        assert_int_equal(sends, max_retries + 1);
        assert_int_equal(call.attempts, sends);
        assert_int_equal(decision.status, OKTA_E_RATE_LIMITED);
        assert_int_equal(atomic_load(&budget.spent), 0);
    }
}

static oktai_attempt random_attempt(uint64_t *chance)
{
    static const int statuses[] = {200, 204, 206, 302, 400, 401, 403, 404, 408, 409, 410,
                                   429, 429, 429, 500, 501, 502, 503, 503, 504, 599};
    static const okta_status failures[] = {OKTA_E_TRANSPORT, OKTA_E_TRANSPORT, OKTA_E_TIMEOUT,
                                           OKTA_E_PROTOCOL,  OKTA_E_NOMEM,     OKTA_E_CANCELED};
    if (pick(chance, 3) > 0) {
        return answer(statuses[pick(chance, COUNT(statuses))]);
    }
    return (oktai_attempt){.failure = failures[pick(chance, COUNT(failures))],
                           .unsettled = pick(chance, 2) == 0,
                           .permanent = pick(chance, 4) == 0,
                           .resent = (unsigned)pick(chance, 2)};
}

static bool may_have_acted(const oktai_attempt *attempt)
{
    return attempt->failure != OKTA_OK ? attempt->unsettled
                                       : attempt->http_status >= 500 || attempt->http_status == 408;
}

/* Plays one call to its end, and checks what must hold whatever happens. */
static void play(uint64_t *chance, oktai_retry_budget *budget)
{
    oktai_effect effect = (oktai_effect)pick(chance, EFFECTS);
    oktai_retry_state call = call_of(effect, (unsigned)pick(chance, 21));
    int64_t now_ms = (int64_t)pick(chance, 1000000);
    bool unsettled = false;
    call.deadline_ms = now_ms + 1 + (int64_t)pick(chance, 200000);
    for (;;) {
        oktai_attempt attempt = random_attempt(chance);
        oktai_server_times times = hostile_times(chance);
        oktai_decision decision =
            oktai_retry_decide(&call, budget, &attempt, &times, now_ms, any_bits(chance));
        bool was_unsettled = unsettled && effect != OKTAI_EFFECT_READ;
        unsettled = unsettled || may_have_acted(&attempt);
        assert_true(call.attempts <= call.max_retries + 1 + attempt.resent);
        if (decision.verdict == OKTAI_VERDICT_RETRY) {
            assert_true(decision.wait_ms >= 250);
            assert_false(is_once(effect) && unsettled);
            now_ms += decision.wait_ms;
            assert_true(now_ms < call.deadline_ms);
            continue;
        }
        int http_status = attempt.http_status;
        bool good = is_good(http_status);
        bool gone = (http_status == 404 || http_status == 410) && effect == OKTAI_EFFECT_DELETE && unsettled;
        assert_int_equal(decision.verdict == OKTAI_VERDICT_SUCCESS, good || gone);
        assert_int_equal(decision.status == OKTA_OK, good || gone);
        if (attempt.failure != OKTA_OK && unsettled && effect != OKTAI_EFFECT_READ) {
            assert_int_equal(decision.status, OKTA_E_OUTCOME_UNKNOWN);
        }
        if (is_once(effect) && unsettled) {
            assert_int_equal(decision.status, OKTA_E_OUTCOME_UNKNOWN);
            assert_false(decision.retryable);
        }
        if (was_unsettled && attempt.failure == OKTA_OK && !may_have_acted(&attempt) && !good && !gone) {
            assert_int_equal(decision.status, OKTA_E_OUTCOME_UNKNOWN);
            assert_int_equal(decision.retryable, !is_once(effect));
        }
        assert_true(decision.retry_after_ms >= 0);
        assert_true(decision.retry_at_s == 0 || (http_status == 429 && times.rate.date.has &&
                                                 decision.retry_at_s > times.rate.date.value));
        return;
    }
}

static void never_outwaits_a_deadline_and_never_repeats_a_creation(void **state)
{
    uint64_t chance = 20250615;
    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        oktai_retry_budget budget = {0};
        play(&chance, &budget);
        int spent = atomic_load(&budget.spent);
        assert_true(spent >= 0 && spent <= 100);
    }
}

static oktai_verdict once(oktai_retry_budget *budget, oktai_attempt attempt)
{
    oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 20);
    return oktai_retry_decide(&call, budget, &attempt, &no_times, 0, 0).verdict;
}

static void refills_the_budget_with_successes(void **state)
{
    const oktai_attempt refused = {.failure = OKTA_E_TRANSPORT};
    oktai_retry_budget budget = {0};
    (void)state;
    assert_int_equal(once(&budget, answer(200)), OKTAI_VERDICT_SUCCESS);
    assert_int_equal(atomic_load(&budget.spent), 0);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(once(&budget, i % 2 == 0 ? refused : answer(503)), OKTAI_VERDICT_RETRY);
    }
    assert_int_equal(once(&budget, refused), OKTAI_VERDICT_FAIL);
    assert_int_equal(once(&budget, answer(503)), OKTAI_VERDICT_FAIL);
    assert_int_equal(once(&budget, answer(429)), OKTAI_VERDICT_RETRY);
    for (int i = 0; i < 9; i++) {
        assert_int_equal(once(&budget, answer(204)), OKTAI_VERDICT_SUCCESS);
    }
    assert_int_equal(once(&budget, answer(503)), OKTAI_VERDICT_FAIL);
    assert_int_equal(once(&budget, answer(404)), OKTAI_VERDICT_FAIL);
    assert_int_equal(once(&budget, answer(503)), OKTAI_VERDICT_FAIL);
    assert_int_equal(once(&budget, answer(200)), OKTAI_VERDICT_SUCCESS);
    assert_int_equal(once(&budget, answer(503)), OKTAI_VERDICT_RETRY);
    assert_int_equal(once(&budget, answer(503)), OKTAI_VERDICT_FAIL);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(once(&budget, answer(200)), OKTAI_VERDICT_SUCCESS);
    }
    assert_int_equal(atomic_load(&budget.spent), 0);
}

static void keeps_the_budget_for_what_is_repeated(void **state)
{
    oktai_retry_budget budget = {0};
    oktai_attempt down = answer(503);
    oktai_retry_state out_of_retries = call_of(OKTAI_EFFECT_READ, 0);
    oktai_retry_state out_of_time = call_of(OKTAI_EFFECT_READ, 3);
    oktai_retry_state create = call_of(OKTAI_EFFECT_CREATE, 3);
    out_of_time.deadline_ms = 100;
    (void)state;
    oktai_retry_decide(&out_of_retries, &budget, &down, &no_times, 0, 0);
    oktai_retry_decide(&out_of_time, &budget, &down, &no_times, 0, 0);
    oktai_retry_decide(&create, &budget, &down, &no_times, 0, 0);
    assert_int_equal(atomic_load(&budget.spent), 0);
}

#define THREADS 4

typedef struct worker {
    pthread_t thread;
    oktai_retry_budget *budget;
    unsigned retries;
} worker;

static void *work(void *context)
{
    worker *self = context;
    oktai_attempt down = answer(503);
    for (unsigned i = 0; i < 2000; i++) {
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 1);
        oktai_decision decision = oktai_retry_decide(&call, self->budget, &down, &no_times, 0, 0);
        self->retries += decision.verdict == OKTAI_VERDICT_RETRY;
    }
    return NULL;
}

static void shares_one_budget_between_threads(void **state)
{
    oktai_retry_budget budget = {0};
    worker workers[THREADS];
    unsigned retries = 0;
    (void)state;
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (worker){.budget = &budget};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        retries += workers[i].retries;
    }
    assert_int_equal(retries, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_every_answer_by_its_status),
        cmocka_unit_test(judges_every_failure_by_what_left),
        cmocka_unit_test(remembers_a_lost_answer),
        cmocka_unit_test(a_refusal_is_true_for_its_attempt_only),
        cmocka_unit_test(counts_what_libcurl_sent_again),
        cmocka_unit_test(stops_a_lasting_rate_limit_at_the_count),
        cmocka_unit_test(never_outwaits_a_deadline_and_never_repeats_a_creation),
        cmocka_unit_test(refills_the_budget_with_successes),
        cmocka_unit_test(keeps_the_budget_for_what_is_repeated),
        cmocka_unit_test(shares_one_budget_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
