/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/pacing.h: when a request may go. No clock runs here. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/pacing.h"
#include "unit/pacing_support.h"
#include "unit/retry_support.h"

static void what_is_not_known_goes_as_far_as_there_are_places(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 3);
    oktai_pacing_turn turns[3];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        turns[i] = go(&pacing, A, 0);
        assert_int_equal(turns[i].number, i);
    }
    oktai_pacing_answer answer = ask(&pacing, B, 0);
    assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_REQUEST);
    assert_int_equal(answer.until_ms, 0);
    lose(&pacing, turns[1], 0);
    (void)go(&pacing, B, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_REQUEST);

    oktai_pacing zeroed = {0};
    (void)go(&zeroed, A, 0);
    expect(&zeroed, A, 0, OKTAI_PACING_AWAIT_REQUEST);
}

static void goes_to_the_last_call_of_a_limit(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 100, 2, 30, 5000);
    oktai_pacing_turn first = go(&pacing, A, 5000);
    oktai_pacing_turn second = go(&pacing, A, 5000);
    oktai_pacing_answer answer = oktai_pacing_enter(&pacing, A, 5000, UINT32_MAX);
    assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_REQUEST);
    assert_in_range(answer.until_ms, 5000 + 26000 + 9999, 5000 + 26000 + 10000);
    tell(&pacing, first, 100, 1, 30, 5000);
    expect(&pacing, A, 5000, OKTAI_PACING_AWAIT_REQUEST);
    tell(&pacing, second, 100, 0, 30, 5000);
    answer = oktai_pacing_enter(&pacing, A, 5000, UINT32_MAX);
    assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_TIME);
    assert_int_equal(answer.reset_s, DATE_S + 30);
    assert_int_equal(answer.ready_at_ms, 5000 + 26000);
    assert_in_range(answer.until_ms, 5000 + 26000 + 9999, 5000 + 26000 + 10000);
    assert_int_equal(ask(&pacing, A, 5000).until_ms, 5000 + 26000);
    assert_int_equal(pacing.in_flight, 0);
}

/* The number that was told may or may not have the other request in it: until it is back, nobody knows. */
static void waits_for_what_is_in_flight_before_it_waits_for_the_reset(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    oktai_pacing_turn first = go(&pacing, A, 0);
    oktai_pacing_turn second = go(&pacing, A, 0);
    tell(&pacing, first, 100, 1, 30, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_REQUEST);
    tell(&pacing, second, 100, 2, 30, 0);
    (void)go(&pacing, A, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_REQUEST);
}

static void who_waited_goes_when_the_reset_has_passed(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 100, 0, 30, 0);
    expect(&pacing, A, 30999, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, A, 31000, OKTAI_PACING_GO);
    expect(&pacing, A, INT64_MAX, OKTAI_PACING_GO);
    expect(&pacing, B, 0, OKTAI_PACING_GO);
}

/* How many go at once before an answer, and how many in the window, for each pair of options. */
static void leaves_unused_what_it_is_told(void **state)
{
    static const struct {
        unsigned percent;
        unsigned reserve;
        int64_t limit;
        int64_t calls; /* in a window */
    } cases[] = {
        {100, 0, 20, 20}, {0, 0, 20, 20}, {50, 0, 20, 10},  {50, 15, 20, 5},          {90, 1, 20, 18},
        {100, 1, 20, 19}, {33, 0, 20, 6}, {100, 19, 20, 1}, {100, 20, 20, 1},         {100, 1000, 20, 1},
        {1, 0, 20, 1},    {100, 0, 1, 1}, {50, 0, 1, 1},    {100, UINT32_MAX, 20, 1}, {200, 0, 20, 20},
        {1, 0, 10, 1},    {10, 0, 10, 1}, {15, 0, 10, 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_pacing pacing = pacing_of(cases[i].percent, cases[i].reserve, 75);
        for (int64_t window = 0; window < 3; window++) {
            int64_t now_ms = window * 61000;
            int64_t calls = 0;
            /* All of a window at once where it is not the first, to see the assumed one counted down. */
            oktai_pacing_turn turns[32];
            while (calls < 32 && (window > 0 || calls == 0)) {
                oktai_pacing_answer one = ask(&pacing, A, now_ms);
                if (one.verdict != OKTAI_PACING_GO) {
                    assert_int_equal(one.verdict, OKTAI_PACING_AWAIT_REQUEST);
                    break;
                }
                turns[calls++] = one.turn;
            }
            for (int64_t k = 0; k < calls; k++) {
                tell(&pacing, turns[k], cases[i].limit, cases[i].limit - 1 - k, (window + 1) * 60 + window,
                     now_ms);
            }
            oktai_pacing_answer answer;
            while ((answer = ask(&pacing, A, now_ms)).verdict == OKTAI_PACING_GO) {
                calls++;
                tell(&pacing, answer.turn, cases[i].limit, cases[i].limit - calls, (window + 1) * 60 + window,
                     now_ms);
            }
            if (calls != cases[i].calls) {
                fail_msg("%u %% and a reserve of %u of %" PRId64 ": %" PRId64 " calls in window %" PRId64,
                         cases[i].percent, cases[i].reserve, cases[i].limit, calls, window);
            }
            expect(&pacing, A, now_ms, OKTAI_PACING_AWAIT_TIME);
        }
    }
}

static void keeps_the_smallest_number_of_a_window(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    oktai_pacing_turn turns[3];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        turns[i] = go(&pacing, A, 0);
    }
    tell(&pacing, turns[2], 100, 7, 30, 0);
    tell(&pacing, turns[0], 100, 9, 30, 0);
    tell(&pacing, turns[1], 100, 8, 30, 0);
    assert_int_equal(pacing.buckets[0].remaining, 7);
    assert_int_equal(used_buckets(&pacing), 1);
}

/* A date has whole seconds, and an answer takes its time: the earliest of the ends told is the nearest. */
static void keeps_the_earliest_end_of_a_window(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    oktai_pacing_turn first = go(&pacing, A, 0);
    oktai_pacing_turn second = go(&pacing, A, 0);
    oktai_pacing_turn third = go(&pacing, A, 0);
    okta_rate_limit rate = rate_of(100, 9, 30, 0);
    oktai_pacing_leave(&pacing, &first, 200, &rate, 900);
    assert_int_equal(pacing.buckets[0].reset_at_ms, 31900);
    rate = rate_of(100, 8, 30, 1);
    oktai_pacing_leave(&pacing, &second, 200, &rate, 1000);
    assert_int_equal(pacing.buckets[0].reset_at_ms, 31000);
    rate = rate_of(100, 7, 30, 1);
    oktai_pacing_leave(&pacing, &third, 200, &rate, 1999);
    assert_int_equal(pacing.buckets[0].reset_at_ms, 31000);
}

static void a_refusal_says_that_nothing_is_left(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    okta_rate_limit rate = rate_of(100, 5, 30, 0);
    oktai_pacing_turn turn = go(&pacing, A, 0);
    (void)state;
    oktai_pacing_leave(&pacing, &turn, 429, &rate, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, A, 31000, OKTAI_PACING_GO);
}

static void what_tells_nothing_counts_until_a_later_answer(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 100, 3, 30, 0);
    oktai_pacing_turn sent_before = go(&pacing, A, 0);
    lose(&pacing, go(&pacing, A, 0), 0);
    assert_int_equal(pacing.buckets[0].lost, 1);
    tell(&pacing, sent_before, 100, 2, 30, 0);
    assert_int_equal(pacing.buckets[0].lost, 1);
    oktai_pacing_turn sent_after = go(&pacing, A, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_REQUEST);
    tell(&pacing, sent_after, 100, 1, 30, 0);
    assert_int_equal(pacing.buckets[0].lost, 0);
    lose(&pacing, go(&pacing, A, 0), 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, A, 31000, OKTAI_PACING_GO);

    /* It is over with the window. */
    pacing = pacing_of(100, 0, 10);
    call(&pacing, A, 2, 1, 30, 0);
    lose(&pacing, go(&pacing, A, 0), 0);
    (void)go(&pacing, A, 31000);
    (void)go(&pacing, A, 31000);
    expect(&pacing, A, 31000, OKTAI_PACING_AWAIT_REQUEST);
}

/* No connection, a signer that failed: the org counts nothing. */
static void what_never_left_is_not_counted(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    okta_rate_limit nothing = {0};
    okta_rate_limit absurd = rate_of(100, 0, 30, 0);
    (void)state;
    call(&pacing, A, 100, 2, 30, 0);
    for (unsigned i = 0; i < 250; i++) {
        oktai_pacing_turn first = go(&pacing, A, 0);
        oktai_pacing_turn second = go(&pacing, A, 0);
        expect(&pacing, A, 0, OKTAI_PACING_AWAIT_REQUEST);
        assert_int_equal(pacing.in_flight, 2);
        assert_int_equal(pacing.buckets[0].in_flight, 2);
        oktai_pacing_leave(&pacing, i % 2 == 0 ? &first : &second, OKTAI_PACING_NOT_SENT, &nothing, 0);
        assert_int_equal(pacing.buckets[0].in_flight, 1);
        oktai_pacing_leave(&pacing, i % 2 == 0 ? &second : &first, OKTAI_PACING_NOT_SENT, &absurd, 0);
        assert_int_equal(pacing.in_flight, 0);
        assert_int_equal(pacing.buckets[0].in_flight, 0);
        assert_int_equal(pacing.buckets[0].remaining, 2);
        assert_int_equal(pacing.buckets[0].lost, 0);
    }
    assert_int_equal(used_buckets(&pacing), 1);

    /* What was lost stays lost, and the place of what never left is the next one's. */
    oktai_pacing_turn lost = go(&pacing, A, 0);
    oktai_pacing_turn unsent = go(&pacing, A, 0);
    lose(&pacing, lost, 0);
    oktai_pacing_leave(&pacing, &unsent, OKTAI_PACING_NOT_SENT, &nothing, 0);
    assert_int_equal(pacing.buckets[0].lost, 1);
    oktai_pacing_turn last = go(&pacing, A, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_REQUEST);
    lose(&pacing, last, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_TIME);

    /* Nor is it a success that lets one more go at once. */
    pacing = pacing_of(100, 0, 4);
    okta_rate_limit crowd = rate_of(0, 0, 30, 0);
    oktai_pacing_turn crowded = go(&pacing, B, 0);
    oktai_pacing_leave(&pacing, &crowded, 429, &crowd, 0);
    assert_int_equal(pacing.cap, 2);
    for (unsigned i = 0; i < 250; i++) {
        unsent = go(&pacing, B, 0);
        oktai_pacing_leave(&pacing, &unsent, OKTAI_PACING_NOT_SENT, &nothing, 0);
        assert_int_equal(pacing.in_flight, 0);
        assert_int_equal(pacing.cap, 2);
        assert_int_equal(pacing.successes, 0);
    }
    assert_int_equal(used_buckets(&pacing), 0);
}

/* An org that stops to tell, or an outage, must not leave a limit in force that nobody speaks of. */
static void forgets_a_limit_that_nobody_tells_of(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 3, 0, 30, 0);
    lose(&pacing, go(&pacing, A, 31000), 31000);
    lose(&pacing, go(&pacing, A, 31000), 31000);
    oktai_pacing_turn third = go(&pacing, A, 31000);
    oktai_pacing_answer answer = ask(&pacing, A, 31000);
    assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_REQUEST);
    assert_int_equal(answer.until_ms, 0);
    lose(&pacing, third, 31000);
    for (unsigned i = 0; i < 10; i++) {
        (void)go(&pacing, A, 31000);
    }
    assert_int_equal(used_buckets(&pacing), 0);
    assert_int_equal(bucket_of(&pacing, A), -1);
}

static void takes_no_notice_of_absurd_headers(void **state)
{
    static const struct {
        const char *what;
        okta_rate_limit rate;
    } cases[] = {
        {"nothing", {{0}, {0}, {0}, {0}}},
        {"no limit", {{0}, {true, 0}, {true, DATE_S + 30}, {true, DATE_S}}},
        {"no remaining", {{true, 10}, {0}, {true, DATE_S + 30}, {true, DATE_S}}},
        {"no reset", {{true, 10}, {true, 0}, {0}, {true, DATE_S}}},
        {"no date", {{true, 10}, {true, 0}, {true, DATE_S + 30}, {0}}},
        {"a past reset", {{true, 10}, {true, 0}, {true, DATE_S - 1}, {true, DATE_S}}},
        {"a reset now", {{true, 10}, {true, 0}, {true, DATE_S}, {true, DATE_S}}},
        {"a reset in more than an hour", {{true, 10}, {true, 0}, {true, DATE_S + 3601}, {true, DATE_S}}},
        {"the last reset", {{true, 10}, {true, 0}, {true, INT64_MAX}, {true, DATE_S}}},
        {"the first date", {{true, 10}, {true, 0}, {true, INT64_MAX}, {true, INT64_MIN}}},
        {"a date before 1970", {{true, 10}, {true, 0}, {true, 10}, {true, -1}}},
        {"a negative limit", {{true, -1}, {true, 0}, {true, DATE_S + 30}, {true, DATE_S}}},
        {"a limit of 0 with calls left", {{true, 0}, {true, 5}, {true, DATE_S + 30}, {true, DATE_S}}},
        {"a limit above 1e9", {{true, 1000000001}, {true, 0}, {true, DATE_S + 30}, {true, DATE_S}}},
        {"negative remaining", {{true, 10}, {true, -1}, {true, DATE_S + 30}, {true, DATE_S}}},
        {"a limit of concurrent calls", {{true, 0}, {true, 0}, {true, DATE_S + 30}, {true, DATE_S}}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases) * 2; i++) {
        oktai_pacing pacing = pacing_of(100, 0, 10);
        oktai_pacing_turn turn = go(&pacing, A, 0);
        oktai_pacing_leave(&pacing, &turn, i % 2 == 0 ? 200 : 429, &cases[i / 2].rate, 0);
        if (used_buckets(&pacing) != 0 || ask(&pacing, A, 0).verdict != OKTAI_PACING_GO) {
            fail_msg("%s: learnt from", cases[i / 2].what);
        }
    }
}

static void takes_notice_of_headers_at_the_edge(void **state)
{
    static const okta_rate_limit rates[] = {
        {{true, 1}, {true, 0}, {true, DATE_S + 1}, {true, DATE_S}},
        {{true, 1000000000}, {true, 0}, {true, DATE_S + 3600}, {true, DATE_S}},
        {{true, 1000000000}, {true, 0}, {true, 3600}, {true, 0}},
        {{true, 1}, {true, 0}, {true, INT64_MAX}, {true, INT64_MAX - 1}},
    };
    static const int64_t nows[] = {INT64_MIN, 0, INT64_MAX - 3000, INT64_MAX - 1};
    (void)state;
    for (size_t i = 0; i < COUNT(rates) * COUNT(nows); i++) {
        oktai_pacing pacing = pacing_of(1, UINT32_MAX, 10);
        int64_t now_ms = nows[i / COUNT(rates)];
        oktai_pacing_turn turn = go(&pacing, A, now_ms);
        oktai_pacing_leave(&pacing, &turn, 200, &rates[i % COUNT(rates)], now_ms);
        oktai_pacing_answer answer = oktai_pacing_enter(&pacing, A, now_ms, UINT32_MAX);
        assert_int_equal(answer.verdict, OKTAI_PACING_AWAIT_TIME);
        assert_true(answer.until_ms > now_ms);
    }
}

static void more_calls_left_than_the_limit_are_the_limit(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 2, 7, 30, 0);
    (void)go(&pacing, A, 0);
    (void)go(&pacing, A, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_REQUEST);
}

static void never_waits_when_it_is_off(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 2);
    (void)state;
    pacing.options.off = true;
    call(&pacing, A, 100, 0, 30, 0);
    assert_int_equal(pacing.buckets[0].limit, 100);
    (void)go(&pacing, A, 0);
    (void)go(&pacing, A, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_REQUEST);
    expect(&pacing, A, 31000, OKTAI_PACING_AWAIT_REQUEST);

    /* Nothing was left when this was sent, and nothing is. */
    pacing = pacing_of(100, 0, 2);
    pacing.options.off = true;
    call(&pacing, A, 100, 1, 30, 0);
    call(&pacing, B, 100, 0, 30, 0);
    refuse(&pacing, go(&pacing, A, 0), 100, 30, 0);
    assert_int_equal(bucket_of(&pacing, A), bucket_of(&pacing, B));
}

static void spreads_within_the_deadline(void **state)
{
    static const struct {
        int64_t wait_ms;
        int64_t left_ms;
        int64_t most_ms;
    } cases[] = {
        {0, INT64_MAX, 0},
        {999, INT64_MAX, 999},
        {1000, INT64_MAX, 11000},
        {60000, 1000000, 70000},
        {60000, 71000, 70000},
        {60000, 70999, 69999},
        {60000, 61001, 60001},
        {60000, 61000, 60000},
        {60000, 60000, 60000},
        {60000, 0, 60000},
        {60000, INT64_MIN, 60000},
        {INT64_MAX, INT64_MAX, INT64_MAX},
        {INT64_MAX - 1000, INT64_MAX, INT64_MAX - 1000},
        {INT64_MAX - 5000, INT64_MAX, INT64_MAX - 1000},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t wait_ms = cases[i].wait_ms;
        int64_t most_ms = oktai_pacing_spread_within_ms(wait_ms, cases[i].left_ms, UINT32_MAX);
        assert_true(oktai_pacing_spread_within_ms(wait_ms, cases[i].left_ms, 0) == wait_ms);
        assert_true(most_ms == cases[i].most_ms || (most_ms == cases[i].most_ms - 1 && most_ms >= wait_ms));
        if (cases[i].left_ms == INT64_MAX) {
            assert_true(oktai_pacing_spread_ms(wait_ms, UINT32_MAX) == most_ms);
        }
    }
    assert_int_equal(oktai_pacing_chance_ms(10, UINT32_MAX), 9);
    assert_int_equal(oktai_pacing_chance_ms(10, UINT32_C(1) << 31), 5);
    assert_int_equal(oktai_pacing_chance_ms(0, UINT32_MAX), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_goes_as_far_as_there_are_places),
        cmocka_unit_test(goes_to_the_last_call_of_a_limit),
        cmocka_unit_test(waits_for_what_is_in_flight_before_it_waits_for_the_reset),
        cmocka_unit_test(who_waited_goes_when_the_reset_has_passed),
        cmocka_unit_test(leaves_unused_what_it_is_told),
        cmocka_unit_test(keeps_the_smallest_number_of_a_window),
        cmocka_unit_test(keeps_the_earliest_end_of_a_window),
        cmocka_unit_test(a_refusal_says_that_nothing_is_left),
        cmocka_unit_test(what_tells_nothing_counts_until_a_later_answer),
        cmocka_unit_test(what_never_left_is_not_counted),
        cmocka_unit_test(forgets_a_limit_that_nobody_tells_of),
        cmocka_unit_test(takes_no_notice_of_absurd_headers),
        cmocka_unit_test(takes_notice_of_headers_at_the_edge),
        cmocka_unit_test(more_calls_left_than_the_limit_are_the_limit),
        cmocka_unit_test(never_waits_when_it_is_off),
        cmocka_unit_test(spreads_within_the_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
