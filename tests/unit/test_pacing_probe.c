/* SPDX-License-Identifier: Apache-2.0 */
/* No answer closes an endpoint for long: what is not believed, and the request that goes in each minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "unit/mutate.h"
#include "unit/pacing_support.h"
#include "unit/retry_support.h"

#define MINUTE_MS 61000

static const struct {
    const char *what;
    int64_t reset_s; /* all three count from DATE_S */
    int64_t date_s;
    int64_t wall_s;
    int64_t believed_s;
} dates[] = {
    {"clocks that agree", 60, 0, 0, 0},
    {"a clock ten minutes behind", 60, 0, -600, 0},
    {"a clock ten minutes ahead", 3000, 0, 600, 0},
    {"a date of half a day ago", 60, -43200, 0, 0},
    {"a date of half an hour ago", 60, -1800, 0, 0},
    {"a date in half a day", 60, 43200, 0, 0},
    {"a clock half a day ahead", 60, 0, 43200, 0},
    {"a clock half a day behind", 60, 0, -43200, 0},
    {"a clock half an hour behind, with a short window", 60, 0, -1800, 0},
    {"a clock half an hour ahead", 60, 0, 1800, 0},
    {"a reset that both find far away", 90000, 0, 1000, 0},
    {"a reset an hour ahead of the clock", 3600, -43200, 0, 0},
    {"a reset an hour and a second ahead of the clock", 3601, -43200, 0, -43200},
    {"a reset that the clock finds over", -1, -43200, 0, -43200},
};

static void takes_the_machines_time_where_it_is_more_likely(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(dates); i++) {
        okta_rate_limit rate = rate_of(10, 0, dates[i].reset_s, dates[i].date_s);
        okta_rate_limit believed = oktai_pacing_believe(&rate, DATE_S + dates[i].wall_s);
        if (believed.date.value != DATE_S + dates[i].believed_s) {
            fail_msg("%s: %lld", dates[i].what, (long long)(believed.date.value - DATE_S));
        }
        assert_int_equal(believed.reset.value, rate.reset.value);
        assert_int_equal(believed.remaining.value, 0);
        rate.date.has = false;
        assert_false(oktai_pacing_believe(&rate, DATE_S + dates[i].wall_s).date.has);
    }
    static const int64_t odd[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    for (size_t i = 0; i < COUNT(odd) * COUNT(odd) * COUNT(odd); i++) {
        okta_rate_limit rate = {.limit = okta_int(1), .remaining = okta_int(0)};
        rate.reset = okta_int(odd[i % 5] < 0 ? 0 : odd[i % 5]);
        rate.date = okta_int(odd[i / 5 % 5]);
        okta_rate_limit believed = oktai_pacing_believe(&rate, odd[i / 25]);
        assert_in_range(oktai_pacing_reset_wait_ms(&believed), 0, 3601000);
    }
}

/* The answer of the issue that this is about: no call left, and a Date of half a day ago. */
static void a_date_out_of_a_cache_costs_no_more_than_the_window(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    oktai_pacing_turn turn = go(&pacing, A, 0);
    okta_rate_limit said = rate_of(600, 0, 60, -43200);
    okta_rate_limit rate = oktai_pacing_believe(&said, DATE_S);
    (void)state;
    oktai_pacing_leave(&pacing, &turn, 200, &rate, 0);
    oktai_pacing_answer answer = ask(&pacing, A, 0);
    assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_TIME);
    assert_int_equal(answer.ready_at_ms, 61000);
    expect(&pacing, A, 61000, OKTAI_PACING_GO);
    /* A machine without a clock believes in none: nothing is learnt from a reset half a day ahead. */
    pacing = pacing_of(100, 0, 10);
    turn = go(&pacing, A, 0);
    rate = oktai_pacing_believe(&said, 0);
    oktai_pacing_leave(&pacing, &turn, 200, &rate, 0);
    expect(&pacing, A, 0, OKTAI_PACING_GO);
}

static void one_probe_goes_in_each_minute(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    int64_t now_ms = 0;
    (void)state;
    call(&pacing, A, 600, 0, 3600, now_ms);
    for (unsigned i = 1; i <= 5; i++) {
        oktai_pacing_answer answer = oktai_pacing_enter(&pacing, A, now_ms, UINT32_MAX);
        assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_TIME);
        assert_int_equal(answer.ready_at_ms, now_ms + MINUTE_MS);
        assert_in_range(answer.until_ms, now_ms + MINUTE_MS + 9999, now_ms + MINUTE_MS + 10000);
        assert_int_equal(answer.reset_s, DATE_S + 3600);
        expect(&pacing, A, now_ms + MINUTE_MS - 1, OKTAI_PACING_AWAIT_TIME);
        now_ms += MINUTE_MS;
        oktai_pacing_turn probe = go(&pacing, A, now_ms);
        expect(&pacing, A, now_ms, OKTAI_PACING_AWAIT_TIME);
        refuse(&pacing, probe, 600, 3600, now_ms);
    }
    /* The last probe is good news. */
    now_ms += MINUTE_MS;
    oktai_pacing_turn probe = go(&pacing, A, now_ms);
    tell(&pacing, probe, 600, 599, now_ms / 1000 + 60, now_ms);
    expect(&pacing, A, now_ms, OKTAI_PACING_GO);
}

static void a_window_of_a_minute_needs_no_probe(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 600, 0, 60, 0);
    expect(&pacing, A, 60999, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, A, 61000, OKTAI_PACING_GO);
    assert_int_equal(ask(&pacing, A, 0).ready_at_ms, 61000);
}

static void a_probe_that_may_not_run_at_once_is_not_used_up(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 1);
    (void)state;
    call(&pacing, A, 600, 0, 3600, 0);
    oktai_pacing_turn other = go(&pacing, B, MINUTE_MS);
    expect(&pacing, A, MINUTE_MS, OKTAI_PACING_AWAIT_REQUEST);
    lose(&pacing, other, MINUTE_MS);
    (void)go(&pacing, A, MINUTE_MS);
}

static void a_probe_without_an_answer_is_waited_for(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 600, 0, 3600, 0);
    oktai_pacing_turn probe = go(&pacing, A, MINUTE_MS);
    oktai_pacing_answer answer = ask(&pacing, A, 3 * MINUTE_MS);
    assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_REQUEST);
    assert_int_equal(answer.until_ms, 3601000);
    lose(&pacing, probe, 3 * MINUTE_MS);
    (void)go(&pacing, A, 3 * MINUTE_MS);
}

static void calls_that_are_kept_unused_are_probed_too(void **state)
{
    oktai_pacing pacing = pacing_of(50, 0, 10);
    (void)state;
    call(&pacing, A, 600, 300, 3600, 0);
    expect(&pacing, A, MINUTE_MS - 1, OKTAI_PACING_AWAIT_TIME);
    oktai_pacing_turn probe = go(&pacing, A, MINUTE_MS);
    expect(&pacing, A, MINUTE_MS, OKTAI_PACING_AWAIT_TIME);
    tell(&pacing, probe, 600, 299, 3600, MINUTE_MS);
    expect(&pacing, A, 2 * MINUTE_MS - 1, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, A, 2 * MINUTE_MS, OKTAI_PACING_GO);
}

/* Whatever a server says once, an endpoint without a request in flight may send one within 71 s; and of a
 * bucket without a call left, no two probes go within a minute. */
static void no_answer_closes_an_endpoint(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t chance = i + 1;
        oktai_pacing pacing = pacing_of(i % 4 * 25, i % 3 * 10, 10);
        int64_t now_ms = (int64_t)pick(&chance, 1u << 30);
        int64_t wall_s = DATE_S + (int64_t)pick(&chance, 200000) - 100000;
        for (unsigned answers = 0; answers < 4; answers++) {
            oktai_pacing_answer answer = ask(&pacing, A, now_ms);
            if (answer.verdict != OKTAI_PACING_GO) {
                break;
            }
            okta_rate_limit said = hostile_times(&chance).rate;
            if (pick(&chance, 2) == 0) {
                said =
                    rate_of((int64_t)pick(&chance, 100), (int64_t)pick(&chance, 3),
                            (int64_t)pick(&chance, 200000) - 50000, (int64_t)pick(&chance, 200000) - 100000);
            }
            okta_rate_limit rate = oktai_pacing_believe(&said, wall_s);
            oktai_pacing_leave(&pacing, &answer.turn, pick(&chance, 2) == 0 ? 200 : 429, &rate, now_ms);
            now_ms += (int64_t)pick(&chance, 3000);
        }
        int64_t until_ms = now_ms + MINUTE_MS;
        oktai_pacing_answer answer = oktai_pacing_enter(&pacing, A, now_ms, any_bits(&chance));
        if (answer.verdict != OKTAI_PACING_GO) {
            assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_TIME);
            assert_true(answer.ready_at_ms <= until_ms);
            assert_true(answer.until_ms <= until_ms + 10000);
            answer = ask(&pacing, A, answer.ready_at_ms);
            assert_int_equal(answer.verdict, OKTAI_PACING_GO);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_machines_time_where_it_is_more_likely),
        cmocka_unit_test(a_date_out_of_a_cache_costs_no_more_than_the_window),
        cmocka_unit_test(one_probe_goes_in_each_minute),
        cmocka_unit_test(a_window_of_a_minute_needs_no_probe),
        cmocka_unit_test(a_probe_that_may_not_run_at_once_is_not_used_up),
        cmocka_unit_test(a_probe_without_an_answer_is_waited_for),
        cmocka_unit_test(calls_that_are_kept_unused_are_probed_too),
        cmocka_unit_test(no_answer_closes_an_endpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
