/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/server_time.h: dates by the server's clock, whatever the machine's does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/server_time.h"

#define NOON_S INT64_C(1750000000)
#define NOON   (NOON_S * 1000)

static void believes_the_machine_until_a_server_speaks(void **state)
{
    (void)state;
    oktai_server_time time = {0};
    assert_int_equal(oktai_server_time_s(&time, 7000, NOON), NOON_S);
    assert_int_equal(oktai_server_time_s(&time, 9000, NOON + 60000), NOON_S + 60);
}

static void follows_the_server_by_up_to_ten_minutes(void **state)
{
    (void)state;
    for (int64_t skew_s = -700; skew_s <= 700; skew_s++) {
        oktai_server_time time = {0};
        oktai_server_time_learn(&time, NOON_S + skew_s, 5000, NOON);
        int64_t seen_s = oktai_server_time_s(&time, 5000, NOON) - NOON_S;
        int64_t expected_s = skew_s > 600 ? 600 : skew_s < -600 ? -600 : skew_s;
        assert_in_range(seen_s - expected_s + 1, 0, 2);
        /* Time goes on by the clock that never jumps. */
        assert_int_equal(oktai_server_time_s(&time, 65000, NOON), NOON_S + seen_s + 60);
    }
}

static void a_jump_of_the_machine_changes_nothing(void **state)
{
    (void)state;
    static const int64_t jumps_s[] = {-3600, 3600, -NOON_S, INT64_C(4000000000)};
    for (size_t i = 0; i < sizeof jumps_s / sizeof jumps_s[0]; i++) {
        oktai_server_time time = {0};
        int64_t jumped = NOON + 10000 + jumps_s[i] * 1000;
        oktai_server_time_learn(&time, NOON_S, 0, NOON);
        assert_int_equal(oktai_server_time_s(&time, 10000, jumped), NOON_S + 10);
        oktai_server_time_learn(&time, NOON_S + 11, 11000, jumped + 1000);
        assert_int_equal(oktai_server_time_s(&time, 11000, jumped + 1000), NOON_S + 11);
    }
}

static void a_machine_that_began_wrong_may_come_right(void **state)
{
    (void)state;
    oktai_server_time time = {0};
    /* It believes in 1970, and a server that says otherwise is followed ten minutes only. */
    oktai_server_time_learn(&time, NOON_S, 1000, 1000);
    assert_int_equal(oktai_server_time_s(&time, 1000, 1000), 601);
    /* Then its clock is set. */
    oktai_server_time_learn(&time, NOON_S + 5, 6000, NOON + 5000);
    assert_int_equal(oktai_server_time_s(&time, 6000, NOON + 5000), NOON_S + 5);
}

static void absurd_dates_do_not_overflow(void **state)
{
    (void)state;
    static const int64_t dates_s[] = {0, -1, INT64_C(253402300799), INT64_C(4102444800)};
    for (size_t i = 0; i < sizeof dates_s / sizeof dates_s[0]; i++) {
        oktai_server_time time = {0};
        oktai_server_time_learn(&time, dates_s[i], 0, NOON);
        int64_t seen_s = oktai_server_time_s(&time, 0, NOON);
        assert_in_range(seen_s, NOON_S - 600, NOON_S + 600);
    }
}

/* What is within ten minutes of either clock, the machine's at the start or at present, is made up for. */
static void only_what_is_not_believed_is_an_error_of_the_clock(void **state)
{
    static const struct {
        int64_t date_s;
        int64_t jump_ms; /* of the machine, since the start */
        int64_t excess_s;
    } cases[] = {
        {NOON_S, 0, 0},
        {NOON_S + 600, 0, 0},
        {NOON_S - 600, 0, 0},
        {NOON_S + 601, 0, 601},
        {NOON_S - 601, 0, -601},
        {NOON_S + 86400, 0, 86400},
        {NOON_S - 86400, 0, -86400},
        {NOON_S, -86400000, 0},
        {NOON_S - 86400, -86400000, 0},
        {NOON_S + 86400, -86400000, 172800},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        oktai_server_time time = {0};
        assert_int_equal(oktai_server_time_s(&time, 5000, NOON), NOON_S);
        assert_int_equal(oktai_server_time_excess_s(&time, cases[i].date_s, 5000, NOON + cases[i].jump_ms),
                         cases[i].excess_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(believes_the_machine_until_a_server_speaks),
        cmocka_unit_test(follows_the_server_by_up_to_ten_minutes),
        cmocka_unit_test(a_jump_of_the_machine_changes_nothing),
        cmocka_unit_test(a_machine_that_began_wrong_may_come_right),
        cmocka_unit_test(absurd_dates_do_not_overflow),
        cmocka_unit_test(only_what_is_not_believed_is_an_error_of_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
