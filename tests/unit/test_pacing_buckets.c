/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/pacing.h: which operations share a limit, and how many requests run at once. No clock runs here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/pacing.h"
#include "unit/pacing_support.h"
#include "unit/retry_support.h"

static void the_same_limit_and_reset_are_one_bucket(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 9, 30, 0);
    call(&pacing, B, 10, 8, 30, 0);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    assert_int_equal(used_buckets(&pacing), 1);
    call(&pacing, B, 10, 0, 30, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, C, 0, OKTAI_PACING_GO);
}

static void another_limit_is_another_bucket(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 9, 30, 0);
    call(&pacing, B, 50, 0, 30, 0);
    assert_int_not_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    expect(&pacing, A, 0, OKTAI_PACING_GO);
    expect(&pacing, B, 0, OKTAI_PACING_AWAIT_TIME);
    call(&pacing, A, 50, 3, 30, 0);
    assert_int_equal(pacing.buckets[bucket_of(&pacing, A)].limit, 50);
}

static void another_reset_is_another_bucket(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 9, 30, 0);
    call(&pacing, B, 10, 8, 30, 0);
    oktai_pacing_turn slow = go(&pacing, B, 0);
    call(&pacing, B, 10, 0, 35, 0);
    assert_int_not_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    assert_int_equal(pacing.buckets[bucket_of(&pacing, A)].in_flight, 0);
    assert_int_equal(pacing.buckets[bucket_of(&pacing, B)].in_flight, 1);
    expect(&pacing, A, 0, OKTAI_PACING_GO);
    expect(&pacing, B, 0, OKTAI_PACING_AWAIT_TIME);
    lose(&pacing, slow, 0);
    assert_int_equal(pacing.buckets[bucket_of(&pacing, B)].in_flight, 0);

    call(&pacing, A, 10, 5, 29, 0);
    assert_int_equal(pacing.buckets[bucket_of(&pacing, A)].reset_s, DATE_S + 29);
    assert_int_equal(used_buckets(&pacing), 2);

    call(&pacing, C, 10, 3, 40, 0);
    assert_int_equal(used_buckets(&pacing), 3);
}

/* Two buckets whose windows begin in the same second. */
static void the_same_reset_by_chance_separates_when_it_differs(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 9, 30, 0);
    call(&pacing, B, 10, 4, 30, 0);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    call(&pacing, A, 10, 9, 92, 32000);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    call(&pacing, B, 10, 9, 93, 33000);
    assert_int_not_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    call(&pacing, A, 10, 0, 92, 33000);
    expect(&pacing, A, 33000, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, B, 33000, OKTAI_PACING_GO);
}

static void the_same_reset_by_chance_separates_when_the_numbers_do_not_fit(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 9, 30, 0);
    call(&pacing, B, 10, 9, 30, 0);
    assert_int_not_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));

    pacing = pacing_of(100, 0, 10);
    oktai_pacing_turn other = go(&pacing, B, 0);
    call(&pacing, A, 10, 5, 30, 0);
    tell(&pacing, other, 10, 9, 30, 0);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    call(&pacing, A, 10, 4, 30, 0);
    oktai_pacing_turn sent_before = go(&pacing, B, 0);
    call(&pacing, A, 10, 2, 30, 0);
    tell(&pacing, sent_before, 10, 3, 30, 0);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    call(&pacing, B, 10, 7, 30, 0);
    assert_int_not_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    assert_int_equal(pacing.buckets[bucket_of(&pacing, A)].remaining, 2);
    assert_int_equal(pacing.buckets[bucket_of(&pacing, B)].remaining, 7);

    pacing = pacing_of(100, 0, 10);
    call(&pacing, A, 10, 5, 30, 0);
    call(&pacing, B, 10, 4, 30, 0);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    call(&pacing, B, 10, 4, 30, 0);
    assert_int_not_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
}

/* A refusal has 0 left, as the call before it had. */
static void a_refusal_separates_nothing(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    oktai_pacing_turn first = go(&pacing, A, 0);
    oktai_pacing_turn second = go(&pacing, B, 0);
    oktai_pacing_turn third = go(&pacing, C, 0);
    tell(&pacing, first, 10, 0, 30, 0);
    refuse(&pacing, second, 10, 30, 0);
    refuse(&pacing, third, 10, 30, 0);
    assert_int_equal(used_buckets(&pacing), 1);

    /* ... but does not take away what another bucket has left. */
    pacing = pacing_of(100, 0, 10);
    call(&pacing, A, 10, 5, 30, 0);
    refuse(&pacing, go(&pacing, B, 0), 10, 30, 0);
    expect(&pacing, A, 0, OKTAI_PACING_GO);
    expect(&pacing, B, 0, OKTAI_PACING_AWAIT_TIME);
    /* When that is used up as well, they were one. */
    refuse(&pacing, go(&pacing, A, 0), 10, 30, 0);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    assert_int_equal(used_buckets(&pacing), 1);

    /* What is in flight may have taken the last ones. */
    pacing = pacing_of(100, 0, 10);
    call(&pacing, A, 10, 1, 30, 0);
    oktai_pacing_turn last = go(&pacing, A, 0);
    refuse(&pacing, go(&pacing, B, 0), 10, 30, 0);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    tell(&pacing, last, 10, 0, 30, 0);
}

static void a_bucket_goes_to_its_next_window_as_a_whole(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 9, 30, 0);
    call(&pacing, B, 10, 0, 30, 0);
    oktai_pacing_turn late[2] = {go(&pacing, A, 31000), go(&pacing, B, 31000)};
    tell(&pacing, late[0], 10, 0, 90, 31000);
    expect(&pacing, B, 31000, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, B, 90999, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, B, 91000, OKTAI_PACING_GO);
    /* An answer of the window before tells nothing. */
    tell(&pacing, late[1], 10, 5, 30, 29000);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    assert_int_equal(pacing.buckets[0].reset_s, DATE_S + 90);
    assert_int_equal(pacing.buckets[0].remaining, 0);
    assert_int_equal(used_buckets(&pacing), 1);

    /* The server's reset is a second before ours. */
    pacing = pacing_of(100, 0, 10);
    call(&pacing, A, 10, 4, 30, 0);
    call(&pacing, B, 10, 3, 30, 0);
    late[1] = go(&pacing, B, 0);
    call(&pacing, A, 10, 9, 90, 30000);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    assert_int_equal(pacing.buckets[bucket_of(&pacing, B)].remaining, 9);
    tell(&pacing, late[1], 10, 3, 30, 29000);
    assert_int_equal(bucket_of(&pacing, B), bucket_of(&pacing, A));
    assert_int_equal(used_buckets(&pacing), 1);
}

static void a_late_answer_does_not_close_a_window_that_is_open(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 1, 30, 0);
    oktai_pacing_turn late = go(&pacing, A, 0);
    oktai_pacing_turn early = go(&pacing, A, 31000);
    tell(&pacing, late, 10, 0, 30, 29000);
    expect(&pacing, A, 31000, OKTAI_PACING_GO);
    assert_true(pacing.buckets[0].open);
    /* The answer to what was sent into the open window knows better. */
    refuse(&pacing, early, 10, 30, 29000);
    expect(&pacing, A, 29000, OKTAI_PACING_AWAIT_TIME);
    expect(&pacing, A, 31000, OKTAI_PACING_GO);

    /* Nor does the first answer of another operation. */
    pacing = pacing_of(100, 0, 10);
    late = go(&pacing, B, 0);
    call(&pacing, A, 10, 1, 30, 0);
    (void)go(&pacing, A, 31000);
    tell(&pacing, late, 10, 0, 30, 29000);
    assert_true(pacing.buckets[bucket_of(&pacing, A)].open);
    expect(&pacing, A, 31000, OKTAI_PACING_GO);
}

static void buckets_become_one_when_their_numbers_continue(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 5, 30, 0);
    call(&pacing, B, 10, 4, 30, 0);
    oktai_pacing_turn slow = go(&pacing, B, 31000);
    call(&pacing, C, 10, 9, 95, 35000);
    lose(&pacing, go(&pacing, B, 35000), 35000);
    assert_int_not_equal(bucket_of(&pacing, C), bucket_of(&pacing, A));
    call(&pacing, A, 10, 7, 95, 35000);
    assert_int_equal(bucket_of(&pacing, C), bucket_of(&pacing, A));
    assert_int_equal(bucket_of(&pacing, C), bucket_of(&pacing, B));
    assert_int_equal(used_buckets(&pacing), 1);
    assert_int_equal(pacing.buckets[bucket_of(&pacing, C)].in_flight, 1);
    assert_int_equal(pacing.buckets[bucket_of(&pacing, C)].remaining, 7);
    tell(&pacing, slow, 10, 8, 95, 35000);
    assert_int_equal(pacing.buckets[bucket_of(&pacing, C)].in_flight, 0);
    assert_int_equal(pacing.in_flight, 0);
}

static void buckets_stay_two_when_their_numbers_do_not_continue(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 10, 5, 30, 0);
    call(&pacing, C, 10, 7, 95, 35000);
    call(&pacing, A, 10, 8, 95, 35000);
    assert_int_not_equal(bucket_of(&pacing, C), bucket_of(&pacing, A));
    assert_int_equal(used_buckets(&pacing), 2);

    /* What was sent before says nothing about the order. */
    pacing = pacing_of(100, 0, 10);
    call(&pacing, A, 10, 5, 30, 0);
    oktai_pacing_turn sent_before = go(&pacing, A, 31000);
    call(&pacing, C, 10, 7, 95, 35000);
    tell(&pacing, sent_before, 10, 6, 95, 35000);
    assert_int_equal(used_buckets(&pacing), 2);
}

static void the_least_recently_used_bucket_makes_room(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 75);
    oktai_pacing_turn turns[OKTAI_PACING_BUCKETS];
    (void)state;
    for (unsigned i = 0; i < OKTAI_PACING_BUCKETS; i++) {
        call(&pacing, 100 + i, 10, 5, 30 + i, 0);
    }
    lose(&pacing, go(&pacing, 100, 0), 0);
    assert_int_equal(used_buckets(&pacing), OKTAI_PACING_BUCKETS);
    call(&pacing, A, 11, 0, 30, 0);
    expect(&pacing, A, 0, OKTAI_PACING_AWAIT_TIME);
    assert_int_equal(bucket_of(&pacing, 101), -1);
    assert_true(bucket_of(&pacing, 100) >= 0);

    /* One with a request in flight stays, and if there is no other, nothing is learnt. */
    for (unsigned i = 0; i < OKTAI_PACING_BUCKETS; i++) {
        uint64_t endpoint = i == 1 ? A : 100 + i;
        turns[i] = go(&pacing, endpoint, 31000);
    }
    call(&pacing, B, 12, 0, 95, 35000);
    assert_int_equal(bucket_of(&pacing, B), -1);
    expect(&pacing, B, 35000, OKTAI_PACING_GO);
    lose(&pacing, turns[7], 35000);
    call(&pacing, B, 12, 0, 95, 35000);
    expect(&pacing, B, 35000, OKTAI_PACING_AWAIT_TIME);
    assert_int_equal(bucket_of(&pacing, 107), -1);
}

static void the_least_recently_used_endpoint_makes_room(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 1000);
    oktai_pacing_turn turns[OKTAI_PACING_ENDPOINTS];
    (void)state;
    for (unsigned i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        call(&pacing, 100 + i, i == 1 ? 20 : 1000, 999 - i, 30, 0);
    }
    assert_int_equal(used_buckets(&pacing), 2);
    call(&pacing, 100, 1000, 500, 30, 0);
    call(&pacing, A, 1000, 400, 30, 0);
    assert_int_equal(bucket_of(&pacing, 101), -2);
    assert_int_equal(used_buckets(&pacing), 1);

    for (unsigned i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        turns[i] = go(&pacing, i == 1 ? A : 100 + i, 0);
    }
    oktai_pacing_turn turn = go(&pacing, B, 0);
    assert_int_equal(turn.endpoint, -1);
    assert_int_equal(bucket_of(&pacing, B), -2);
    assert_int_equal(pacing.in_flight, OKTAI_PACING_ENDPOINTS + 1);
    tell(&pacing, turn, 1000, 0, 30, 0);
    assert_int_equal(pacing.in_flight, OKTAI_PACING_ENDPOINTS);
    expect(&pacing, B, 0, OKTAI_PACING_GO);
    lose(&pacing, turns[3], 0);
    assert_true(go(&pacing, B, 0).endpoint >= 0);
    assert_int_equal(bucket_of(&pacing, 103), -2);
}

static void crowd(oktai_pacing *pacing, oktai_pacing_turn turn)
{
    refuse(pacing, turn, 0, 60, 0);
}

static void too_many_at_once_halve_the_number_once(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    oktai_pacing_turn turns[10];
    (void)state;
    for (size_t i = 0; i < 10; i++) {
        turns[i] = go(&pacing, A, 0);
    }
    for (size_t i = 0; i < 6; i++) {
        crowd(&pacing, turns[i]);
        assert_int_equal(pacing.cap, 5);
    }
    assert_int_equal(used_buckets(&pacing), 0);
    /* What was sent before counts as no success of the smaller number either. */
    for (size_t i = 6; i < 10; i++) {
        call(&pacing, B, 1000, 900 - (int64_t)i, 30, 0);
        tell(&pacing, turns[i], 1000, 800 - (int64_t)i, 30, 0);
    }
    assert_int_equal(pacing.cap, 5);
    assert_int_equal(pacing.successes, 4);
    crowd(&pacing, go(&pacing, A, 0));
    assert_int_equal(pacing.cap, 2);
    call(&pacing, B, 1000, 850, 30, 0);
    assert_int_equal(pacing.cap, 2);
    for (size_t i = 0; i < 5; i++) {
        crowd(&pacing, go(&pacing, A, 0));
        assert_int_equal(pacing.cap, 1);
    }
    (void)go(&pacing, A, 0);
    expect(&pacing, B, 0, OKTAI_PACING_AWAIT_REQUEST);
}

static void as_many_answers_as_run_at_once_raise_the_number(void **state)
{
    static const struct {
        int http_status;
        bool counts;
    } answers[] = {{200, true},  {204, true},  {404, true},  {499, true}, {0, false},
                   {500, false}, {503, false}, {429, false}, {199, false}};
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        oktai_pacing pacing = pacing_of(100, 0, 4);
        crowd(&pacing, go(&pacing, A, 0));
        for (unsigned k = 0; k < 20; k++) {
            oktai_pacing_turn turn = go(&pacing, A, 0);
            oktai_pacing_leave(&pacing, &turn, answers[i].http_status, &(okta_rate_limit){0}, 0);
            unsigned cap = k + 1 >= 2 + 3 ? 4 : k + 1 >= 2 ? 3 : 2;
            assert_int_equal(pacing.cap, answers[i].counts ? cap : 2);
        }
    }
}

static void only_a_refusal_speaks_of_too_many_at_once(void **state)
{
    oktai_pacing pacing = pacing_of(100, 0, 10);
    (void)state;
    call(&pacing, A, 0, 0, 60, 0);
    assert_int_equal(pacing.cap, 0);
    refuse(&pacing, go(&pacing, A, 0), 10, 60, 0);
    assert_int_equal(pacing.cap, 0);
    assert_true(oktai_pacing_is_concurrency(&(okta_rate_limit){.limit = {true, 0}, .remaining = {true, 0}}));
    assert_false(oktai_pacing_is_concurrency(&(okta_rate_limit){.limit = {true, 0}}));
    assert_false(oktai_pacing_is_concurrency(&(okta_rate_limit){.remaining = {true, 0}}));
    assert_false(oktai_pacing_is_concurrency(&(okta_rate_limit){.limit = {true, 1}, .remaining = {true, 0}}));
    assert_false(oktai_pacing_is_concurrency(&(okta_rate_limit){.limit = {true, 0}, .remaining = {true, 1}}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_limit_and_reset_are_one_bucket),
        cmocka_unit_test(another_limit_is_another_bucket),
        cmocka_unit_test(another_reset_is_another_bucket),
        cmocka_unit_test(the_same_reset_by_chance_separates_when_it_differs),
        cmocka_unit_test(the_same_reset_by_chance_separates_when_the_numbers_do_not_fit),
        cmocka_unit_test(a_refusal_separates_nothing),
        cmocka_unit_test(a_bucket_goes_to_its_next_window_as_a_whole),
        cmocka_unit_test(a_late_answer_does_not_close_a_window_that_is_open),
        cmocka_unit_test(buckets_become_one_when_their_numbers_continue),
        cmocka_unit_test(buckets_stay_two_when_their_numbers_do_not_continue),
        cmocka_unit_test(the_least_recently_used_bucket_makes_room),
        cmocka_unit_test(the_least_recently_used_endpoint_makes_room),
        cmocka_unit_test(too_many_at_once_halve_the_number_once),
        cmocka_unit_test(as_many_answers_as_run_at_once_raise_the_number),
        cmocka_unit_test(only_a_refusal_speaks_of_too_many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
