/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>
#include <stdio.h>

#include "schedule.h"

#define NOW INT64_C(1800000000)

static void an_app_always_begins_at_the_same_place(void **state)
{
    (void)state;
    /* These numbers are the interface: another version must not move every app. */
    assert_int_equal(schedule_spread_s("0oa1mockwebapp0000g4", OKTA_ROTATION_SIGNING_KEY, 21600), 799);
    assert_int_equal(schedule_spread_s("0oa1mockwebapp0000g4", OKTA_ROTATION_CLIENT_SECRET, 21600), 17173);
    assert_int_equal(schedule_spread_s("0oa2mockservice000g4", OKTA_ROTATION_SIGNING_KEY, 21600), 13259);
    assert_int_equal(schedule_spread_s("0oa1mockwebapp0000g4", OKTA_ROTATION_SIGNING_KEY, 0), 0);
    assert_int_equal(schedule_spread_s("0oa1mockwebapp0000g4", OKTA_ROTATION_SIGNING_KEY, 1), 0);
}

/* Three hundred apps in thirty parts of the jitter: about ten in each. */
static void apps_spread_over_the_jitter(void **state)
{
    unsigned counts[30] = {0};
    char id[32];
    (void)state;
    for (unsigned i = 0; i < 300; i++) {
        (void)snprintf(id, sizeof id, "0oa%017u", i);
        counts[schedule_spread_s(id, OKTA_ROTATION_SIGNING_KEY, 300) / 10]++;
    }
    for (unsigned i = 0; i < 30; i++) {
        assert_in_range(counts[i], 1, 25);
    }
}

static void what_is_due_when(void **state)
{
    static const struct {
        int64_t created_s, every_s, spread_s, due_s;
    } rows[] = {
        {NOW - 100, 3600, 0, NOW + 3500},
        {NOW - 100, 3600, 60, NOW + 3560},
        {NOW - 86400, 3600, 0, NOW - 82800}, /* it is long due */
        {0, 3600, 60, NOW},                  /* nobody knows how old it is */
        {NOW + 600, 3600, 0, NOW + 4200},    /* the org's clock is a little ahead */
        {NOW + 601, 3600, 0, NOW},           /* such a time cannot be right */
        {INT64_MAX, 3600, 0, NOW},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(schedule_due_s(rows[i].created_s, rows[i].every_s, rows[i].spread_s, NOW),
                         rows[i].due_s);
    }
}

static void failures_wait_longer_and_longer(void **state)
{
    (void)state;
    assert_int_equal(schedule_backoff_ms(1, 0), 5000);
    assert_int_equal(schedule_backoff_ms(2, 0), 10000);
    assert_int_equal(schedule_backoff_ms(3, 0), 20000);
    assert_int_equal(schedule_backoff_ms(11, 0), 3600000);
    assert_int_equal(schedule_backoff_ms(UINT32_MAX, 0), 3600000);
    for (uint32_t chance = 1; chance != 0; chance *= 2) {
        assert_in_range(schedule_backoff_ms(1, chance), 3751, 5000);
        assert_in_range(schedule_backoff_ms(20, UINT32_MAX - chance), 2700001, 3600000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_app_always_begins_at_the_same_place),
        cmocka_unit_test(apps_spread_over_the_jitter),
        cmocka_unit_test(what_is_due_when),
        cmocka_unit_test(failures_wait_longer_and_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
