/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/retry.h: how long a repetition waits. No clock runs here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/retry.h"
#include "unit/retry_support.h"

/* Draws many waits of a 429 or 503 and looks at their smallest and largest. */
static void expect_waits(const char *what, int http_status, unsigned attempt_number,
                         const oktai_server_times *times, int64_t min_ms, int64_t max_ms)
{
    uint64_t chance = 1;
    oktai_attempt attempt = answer(http_status);
    int64_t smallest = INT64_MAX;
    int64_t largest = 0;
    for (unsigned i = 0; i < 10000; i++) {
        uint32_t random = i == 0 ? 0 : i == 1 ? UINT32_MAX : any_bits(&chance);
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 100);
        call.attempts = attempt_number - 1;
        oktai_decision decision = decide(&call, &attempt, times, random);
        assert_int_equal(decision.verdict, OKTAI_VERDICT_RETRY);
        smallest = decision.wait_ms < smallest ? decision.wait_ms : smallest;
        largest = decision.wait_ms > largest ? decision.wait_ms : largest;
    }
    /* One millisecond of the range is lost to rounding. */
    if (smallest != min_ms || largest < max_ms - 1 || largest > max_ms) {
        fail_msg("%s: waits from %lld to %lld ms, not %lld to %lld", what, (long long)smallest,
                 (long long)largest, (long long)min_ms, (long long)max_ms);
    }
}

static void waits_for_the_reset_by_the_servers_clock(void **state)
{
    oktai_server_times times;
    (void)state;
    times = reset_in(1);
    expect_waits("1 s", 429, 1, &times, 2000, 12000);
    times = reset_in(30);
    expect_waits("30 s", 429, 1, &times, 31000, 41000);
    expect_waits("30 s, third attempt", 429, 3, &times, 31000, 41000);
    times = reset_in(39);
    expect_waits("39 s", 429, 1, &times, 40000, 50000);
    times = reset_in(60);
    expect_waits("60 s", 429, 1, &times, 61000, 71000);
    times = reset_in(3601);
    expect_waits("more than an hour", 429, 1, &times, 500, 1000);
}

/* One wrong answer costs a minute, and a window that is longer is still waited for. */
static void waits_for_more_than_a_minute_before_the_last_repetition_only(void **state)
{
    static const int64_t resets_s[] = {61, 100, 1800, 3600};
    oktai_attempt limited = answer(429);
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(resets_s); i++) {
        int64_t reset_s = resets_s[i / 2];
        oktai_server_times times = reset_in(reset_s);
        if (i % 2 == 1) {
            times = (oktai_server_times){.has_retry_after = true, .retry_after_ms = reset_s * 1000 + 1000};
        }
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 3);
        for (unsigned attempt = 1; attempt <= 4; attempt++) {
            oktai_decision decision = decide(&call, &limited, &times, 0);
            int64_t wait_ms = attempt < 3 ? 61000 : reset_s * 1000 + 1000;
            if (attempt == 4) {
                assert_int_equal(decision.verdict, OKTAI_VERDICT_FAIL);
                assert_int_equal(decision.retry_after_ms, reset_s * 1000 + 1000);
            } else if (decision.verdict != OKTAI_VERDICT_RETRY || decision.wait_ms != wait_ms) {
                fail_msg("reset %lld, attempt %u: %lld", (long long)reset_s, attempt,
                         (long long)decision.wait_ms);
            }
        }
        /* Where the deadline comes before the reset, nothing is waited for. */
        oktai_retry_state hurried = call_of(OKTAI_EFFECT_READ, 3);
        hurried.deadline_ms = reset_s * 1000 + 1000;
        assert_int_equal(decide(&hurried, &limited, &times, 0).verdict, OKTAI_VERDICT_FAIL);
    }
}

static void does_not_look_at_its_own_clock_for_a_reset(void **state)
{
    static const int64_t nows[] = {0, 1, DATE_S, DATE_S * 1000, INT64_C(1) << 50};
    oktai_server_times times = reset_in(30);
    oktai_attempt attempt = answer(429);
    (void)state;
    for (size_t i = 0; i < COUNT(nows); i++) {
        oktai_retry_budget budget = {0};
        oktai_retry_state call = call_of(OKTAI_EFFECT_CREATE, 3);
        call.deadline_ms = nows[i] + 60000;
        oktai_decision decision = oktai_retry_decide(&call, &budget, &attempt, &times, nows[i], 0);
        assert_int_equal(decision.verdict, OKTAI_VERDICT_RETRY);
        assert_int_equal(decision.wait_ms, 31000);
    }
}

static void backs_off_where_the_server_says_nothing(void **state)
{
    static const struct {
        int64_t min_ms;
        int64_t max_ms;
    } throttled[] = {{500, 1000},   {1000, 2000},   {2000, 4000},  {4000, 8000},
                     {8000, 16000}, {10000, 20000}, {10000, 20000}},
      failed[] = {{250, 500},   {500, 1000},   {1000, 2000},  {2000, 4000},
                  {4000, 8000}, {8000, 16000}, {10000, 20000}};
    oktai_server_times past = reset_in(-1);
    oktai_server_times present = reset_in(0);
    oktai_server_times long_past = reset_in(-DATE_S / 2);
    oktai_server_times no_date = reset_in(30);
    oktai_server_times no_reset = reset_in(30);
    no_date.rate.date = (okta_opt_int){0};
    no_reset.rate.reset = (okta_opt_int){0};
    const oktai_server_times *const all[] = {&no_times, &past, &present, &long_past, &no_date, &no_reset};
    (void)state;
    for (unsigned i = 0; i < COUNT(throttled); i++) {
        for (size_t k = 0; k < COUNT(all); k++) {
            expect_waits("429", 429, i + 1, all[k], throttled[i].min_ms, throttled[i].max_ms);
        }
        expect_waits("503", 503, i + 1, &no_times, failed[i].min_ms, failed[i].max_ms);
        oktai_server_times reset = reset_in(30);
        expect_waits("503 with a reset", 503, i + 1, &reset, failed[i].min_ms, failed[i].max_ms);
    }
    expect_waits("429, attempt 21", 429, 21, &no_times, 10000, 20000);
    expect_waits("429, attempt 100", 429, 100, &no_times, 10000, 20000);
}

static void takes_an_absurd_reset_for_none(void **state)
{
    static const char *const resets[] = {"253402300799",
                                         "1e30",
                                         "-1750000030",
                                         "0x684f0000",
                                         "soon",
                                         "",
                                         "0",
                                         "1750000030.5",
                                         "99999999999999999999999999999999",
                                         "9223372036854775807",
                                         "18446744073709551616",
                                         "+1750000030"};
    (void)state;
    for (size_t i = 0; i < COUNT(resets); i++) {
        char line[80];
        snprintf(line, sizeof line, "X-Rate-Limit-Reset: %s", resets[i]);
        const char *const lines[] = {DATE_LINE, "X-Rate-Limit-Remaining: 0", line, NULL};
        oktai_server_times times = times_of(lines);
        assert_true(times.rate.date.has);
        assert_int_equal(times.rate.date.value, DATE_S);
        expect_waits(resets[i], 429, 1, &times, 500, 1000);
    }
}

static void waits_little_for_concurrent_calls(void **state)
{
    static const int64_t min_ms[] = {250, 500, 1000, 2000, 2000, 2000};
    oktai_server_times times = reset_in(3600);
    times.rate.limit = okta_int(0);
    (void)state;
    for (unsigned i = 0; i < COUNT(min_ms); i++) {
        expect_waits("concurrency", 429, i + 1, &times, min_ms[i], min_ms[i] * 2);
    }
    expect_waits("concurrency, attempt 21", 429, 21, &times, 2000, 4000);

    times.rate.remaining = okta_int(1);
    expect_waits("limit 0, remaining 1", 429, 1, &times, 61000, 71000);
    times.rate.remaining = (okta_opt_int){0};
    expect_waits("limit 0, remaining absent", 429, 1, &times, 61000, 71000);
    times.rate =
        (okta_rate_limit){.remaining = okta_int(0), .reset = times.rate.reset, .date = times.rate.date};
    expect_waits("limit absent, remaining 0", 429, 1, &times, 61000, 71000);
}

static void obeys_retry_after(void **state)
{
    static const struct {
        const char *what;
        int http_status;
        int64_t reset_s; /* 0: none */
        int64_t limit;
        int64_t retry_after_ms;
        int64_t min_ms;
        int64_t max_ms;
    } cases[] = {
        {"larger than the reset", 429, 30, 600, 45000, 45000, 55000},
        {"equal to the reset", 429, 29, 600, 30000, 30000, 40000},
        {"smaller than the reset", 429, 30, 600, 5000, 31000, 41000},
        {"without a reset", 429, 0, 600, 2000, 2000, 12000},
        {"a second", 429, 0, 600, 1000, 1000, 11000},
        {"zero", 429, 0, 600, 0, 500, 1000},
        {"next to nothing", 429, 0, 600, 700, 700, 1000},
        {"zero, with a reset", 429, 30, 600, 0, 31000, 41000},
        {"for concurrent calls", 429, 3600, 0, 8000, 8000, 18000},
        {"zero for concurrent calls", 429, 3600, 0, 0, 250, 500},
        {"next to nothing for concurrent calls", 429, 3600, 0, 700, 700, 700},
        {"an hour", 429, 0, 600, 3600000, 61000, 71000},
        {"an hour of a failure", 503, 0, 600, 3600000, 3600000, 3610000},
        {"of a failure", 503, 0, 600, 4000, 4000, 14000},
        {"of a failure, below the own wait", 503, 0, 600, 100, 250, 500},
        {"of a failure, zero", 500, 0, 600, 0, 250, 500},
        {"of a failure, and a reset that does not count", 502, 3600, 600, 4000, 4000, 14000},
        {"of a time-out", 408, 0, 600, 4000, 4000, 14000},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_server_times times = reset_in(cases[i].reset_s);
        times.rate.limit = okta_int(cases[i].limit);
        times.has_retry_after = true;
        times.retry_after_ms = cases[i].retry_after_ms;
        expect_waits(cases[i].what, cases[i].http_status, 1, &times, cases[i].min_ms, cases[i].max_ms);
    }
}

static void tells_what_the_server_asked_for(void **state)
{
    static const struct {
        int http_status;
        int64_t reset_s;
        int64_t limit;
        int64_t retry_after_ms; /* -1: none */
        int64_t told_ms;
    } cases[] = {
        {429, 30, 600, -1, 31000},   {429, 30, 600, 40000, 40000},
        {429, 30, 600, 1000, 31000}, {429, 0, 600, -1, 0},
        {429, -5, 600, 0, 0},        {429, 30, 0, -1, 0},
        {429, 30, 0, 700, 700},      {503, 30, 600, -1, 0},
        {503, 0, 600, 9000, 9000},   {503, 0, 600, 3600000, 3600000},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_server_times times = reset_in(cases[i].reset_s);
        times.rate.limit = okta_int(cases[i].limit);
        times.has_retry_after = cases[i].retry_after_ms >= 0;
        times.retry_after_ms = times.has_retry_after ? cases[i].retry_after_ms : 0;
        oktai_attempt attempt = answer(cases[i].http_status);
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 0);
        oktai_decision decision = decide(&call, &attempt, &times, 0);
        if (decision.verdict != OKTAI_VERDICT_FAIL || decision.retry_after_ms != cases[i].told_ms) {
            fail_msg("case %zu: told %lld ms", i, (long long)decision.retry_after_ms);
        }
    }
}

static void fails_at_once_where_the_deadline_comes_first(void **state)
{
    oktai_server_times times = reset_in(59);
    oktai_attempt limited = answer(429);
    (void)state;
    /* The wait is 60,000 ms. */
    static const struct {
        int64_t left_ms;
        oktai_verdict verdict;
    } cases[] = {{60001, OKTAI_VERDICT_RETRY}, {60000, OKTAI_VERDICT_FAIL}, {59999, OKTAI_VERDICT_FAIL},
                 {1, OKTAI_VERDICT_FAIL},      {0, OKTAI_VERDICT_FAIL},     {-5, OKTAI_VERDICT_FAIL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_retry_budget budget = {0};
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 3);
        call.deadline_ms = 7000 + cases[i].left_ms;
        oktai_decision decision = oktai_retry_decide(&call, &budget, &limited, &times, 7000, 0);
        assert_int_equal(decision.verdict, cases[i].verdict);
        if (decision.verdict == OKTAI_VERDICT_FAIL) {
            assert_int_equal(decision.status, OKTA_E_RATE_LIMITED);
            assert_true(decision.retryable);
            assert_int_equal(decision.retry_after_ms, 60000);
        }
        assert_int_equal(atomic_load(&budget.spent), 0);
    }
}

/* What is left of the deadline bounds the chance, not the wait: one second stays for the request. */
static void leaves_out_chance_before_it_fails(void **state)
{
    static const struct {
        int64_t left_ms;
        int64_t max_ms;
    } cases[] = {{1000000, 70000}, {71000, 70000}, {70999, 69999}, {66000, 65000},
                 {61001, 60001},   {61000, 60000}, {60500, 60000}, {60001, 60000}};
    oktai_server_times reset = reset_in(59);
    oktai_server_times retry_after = {.has_retry_after = true, .retry_after_ms = 60000};
    const struct {
        int http_status;
        const oktai_server_times *times;
    } asks[] = {{429, &reset}, {429, &retry_after}, {503, &retry_after}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases) * COUNT(asks); i++) {
        int64_t left_ms = cases[i / COUNT(asks)].left_ms;
        int64_t max_ms = cases[i / COUNT(asks)].max_ms;
        oktai_attempt attempt = answer(asks[i % COUNT(asks)].http_status);
        for (int most = 0; most <= 1; most++) {
            oktai_retry_budget budget = {0};
            oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 3);
            call.deadline_ms = 7000 + left_ms;
            oktai_decision decision = oktai_retry_decide(
                &call, &budget, &attempt, asks[i % COUNT(asks)].times, 7000, most ? UINT32_MAX : 0);
            assert_int_equal(decision.verdict, OKTAI_VERDICT_RETRY);
            assert_in_range(decision.wait_ms, most && max_ms > 60000 ? max_ms - 1 : 60000,
                            most ? max_ms : 60000);
        }
    }
}

static void tells_the_time_of_the_server_when_it_takes_calls_again(void **state)
{
    static const struct {
        const char *what;
        int http_status;
        int64_t reset_s; /* ahead of the date */
        int64_t limit;
        int64_t retry_after_ms; /* -1: none */
        bool no_date;
        int64_t ahead_s; /* of the date; 0: unknown */
    } cases[] = {
        {"reset", 429, 30, 600, -1, false, 30},
        {"the last reset that makes sense", 429, 3600, 600, -1, false, 3600},
        {"a reset too far ahead", 429, 3601, 600, -1, false, 0},
        {"a reset now", 429, 0, 600, -1, false, 0},
        {"a past reset", 429, -1, 600, -1, false, 0},
        {"a reset without a date", 429, 30, 600, -1, true, 0},
        {"Retry-After", 429, 0, 600, 8000, false, 8},
        {"Retry-After of no whole seconds", 429, 0, 600, 8001, false, 9},
        {"Retry-After of 0", 429, 0, 600, 0, false, 0},
        {"Retry-After without a date", 429, 0, 600, 8000, true, 0},
        {"Retry-After beyond the reset", 429, 30, 600, 40000, false, 40},
        {"Retry-After before the reset", 429, 30, 600, 20000, false, 30},
        {"a limit of concurrent calls", 429, 30, 0, -1, false, 0},
        {"a limit of concurrent calls with Retry-After", 429, 30, 0, 5000, false, 5},
        {"a server in trouble", 503, 30, 600, 5000, false, 0},
        {"something else", 404, 30, 600, 5000, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_server_times times = reset_in(cases[i].reset_s);
        times.rate.limit = okta_int(cases[i].limit);
        times.rate.date.has = !cases[i].no_date;
        times.has_retry_after = cases[i].retry_after_ms >= 0;
        times.retry_after_ms = times.has_retry_after ? cases[i].retry_after_ms : 0;
        oktai_attempt attempt = answer(cases[i].http_status);
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 0);
        int64_t retry_at_s = decide(&call, &attempt, &times, UINT32_MAX).retry_at_s;
        if (retry_at_s != (cases[i].ahead_s == 0 ? 0 : DATE_S + cases[i].ahead_s)) {
            fail_msg("%s: %lld", cases[i].what, (long long)retry_at_s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_for_the_reset_by_the_servers_clock),
        cmocka_unit_test(waits_for_more_than_a_minute_before_the_last_repetition_only),
        cmocka_unit_test(does_not_look_at_its_own_clock_for_a_reset),
        cmocka_unit_test(backs_off_where_the_server_says_nothing),
        cmocka_unit_test(takes_an_absurd_reset_for_none),
        cmocka_unit_test(waits_little_for_concurrent_calls),
        cmocka_unit_test(obeys_retry_after),
        cmocka_unit_test(tells_what_the_server_asked_for),
        cmocka_unit_test(fails_at_once_where_the_deadline_comes_first),
        cmocka_unit_test(leaves_out_chance_before_it_fails),
        cmocka_unit_test(tells_the_time_of_the_server_when_it_takes_calls_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
