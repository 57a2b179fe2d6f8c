/* SPDX-License-Identifier: Apache-2.0 */
/* What many calls and many clients together do to an org, by the policies of src/http/retry.h and
 * src/http/pacing.h. The figures are printed; no clock runs here. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/pacing.h"
#include "unit/mutate.h"
#include "unit/paced_org.h"
#include "unit/retry_support.h"

#define MINUTE_MS 60000

static void an_outage_brings_one_per_cent_more_requests(void **state)
{
    oktai_retry_budget budget = {0};
    oktai_attempt down = answer(503);
    uint64_t chance = 3;
    unsigned sends = 0;
    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 20);
        oktai_decision decision;
        do {
            sends++;
            decision = oktai_retry_decide(&call, &budget, &down, &no_times, 0, any_bits(&chance));
        } while (decision.verdict == OKTAI_VERDICT_RETRY);
        assert_int_equal(decision.status, OKTA_E_SERVER);
        assert_true(decision.retryable);
    }
    print_message("    outage: 10,000 calls answered 503 bring %u requests (%.4f for a call)\n", sends,
                  sends / 10000.0);
    assert_int_equal(sends, 10010);
}

#define CLIENTS 1000u

typedef enum waking {
    AFTER_A_RESET,       /* of its own 429 */
    AFTER_A_RETRY_AFTER, /* of its own 429 */
    BEFORE_A_CALL,       /* that would be refused */
    WAKINGS
} waking;

/* A client for itself that has seen its limit used up, and would call. */
static int64_t pace_one(int64_t reset_s, uint32_t random)
{
    oktai_pacing pacing = {.options = {.percent = 100, .max_in_flight = 10}};
    okta_rate_limit rate = reset_in(reset_s).rate;
    oktai_pacing_answer first = oktai_pacing_enter(&pacing, 1, 0, random);
    oktai_pacing_leave(&pacing, &first.turn, 200, &rate, 0);
    oktai_pacing_answer second = oktai_pacing_enter(&pacing, 1, 0, random);
    assert_int_equal(second.verdict, OKTAI_PACING_AWAIT_TIME);
    return second.until_ms;
}

static int64_t wake_one(waking how, int64_t reset_s, uint32_t random)
{
    oktai_server_times times = reset_in(reset_s);
    oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 3);
    oktai_attempt limited = answer(429);
    if (how == BEFORE_A_CALL) {
        return pace_one(reset_s, random);
    }
    if (how == AFTER_A_RETRY_AFTER) {
        times = (oktai_server_times){.has_retry_after = true, .retry_after_ms = reset_s * 1000};
    }
    oktai_decision decision = decide(&call, &limited, &times, random);
    assert_int_equal(decision.verdict, OKTAI_VERDICT_RETRY);
    return decision.wait_ms;
}

/* The largest number of clients that wake within one second, wherever that second begins. */
static unsigned busiest_second(waking how, int64_t reset_s)
{
    unsigned wakes[80000] = {0};
    uint64_t chance = 77;
    for (unsigned i = 0; i < CLIENTS; i++) {
        int64_t at_ms = wake_one(how, reset_s, any_bits(&chance));
        assert_in_range(at_ms, reset_s * 1000, (reset_s + 11) * 1000);
        wakes[at_ms]++;
    }
    unsigned busiest = 0;
    unsigned woken = 0;
    for (size_t end = 0; end < COUNT(wakes); end++) {
        woken += wakes[end];
        woken -= end >= 1000 ? wakes[end - 1000] : 0;
        busiest = woken > busiest ? woken : busiest;
    }
    return busiest;
}

static void clients_that_share_a_reset_do_not_wake_together(void **state)
{
    static const char *const names[WAKINGS] = {"429 with a reset", "429 with Retry-After", "paced"};
    static const int64_t resets_s[] = {1, 5, 30, 59};
    (void)state;
    for (int how = 0; how < WAKINGS; how++) {
        for (size_t i = 0; i < COUNT(resets_s); i++) {
            unsigned busiest = busiest_second((waking)how, resets_s[i]);
            print_message("    herd: 1,000 clients, %s in %" PRId64 " s: %.1f %% in the busiest second\n",
                          names[how], resets_s[i], busiest / 10.0);
            assert_in_range(busiest, 1, CLIENTS * 15 / 100);
        }
    }
}

static void no_wait_goes_beyond_the_deadline(void **state)
{
    static const int statuses[] = {429, 429, 503, 500, 408};
    uint64_t chance = 4;
    unsigned waits = 0;
    int64_t longest_ms = 0;
    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        oktai_server_times times = hostile_times(&chance);
        oktai_attempt attempt = answer(statuses[pick(&chance, COUNT(statuses))]);
        oktai_retry_budget budget = {0};
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 20);
        int64_t now_ms = (int64_t)pick(&chance, 1000000);
        int64_t left_ms = (int64_t)pick(&chance, 120000) - 5;
        call.attempts = (unsigned)pick(&chance, 20);
        call.deadline_ms = now_ms + left_ms;
        oktai_decision decision =
            oktai_retry_decide(&call, &budget, &attempt, &times, now_ms, any_bits(&chance));
        int64_t asked_ms = oktai_pacing_reset_wait_ms(&times.rate);
        int64_t spread_ms = oktai_pacing_spread_within_ms(asked_ms, left_ms, any_bits(&chance));
        assert_in_range(spread_ms, asked_ms, asked_ms + 10000);
        assert_true(asked_ms >= left_ms || spread_ms < left_ms);
        if (decision.verdict == OKTAI_VERDICT_RETRY) {
            assert_true(decision.wait_ms > 0);
            assert_true(decision.wait_ms < left_ms);
            waits++;
            longest_ms = decision.wait_ms > longest_ms ? decision.wait_ms : longest_ms;
        }
    }
    print_message("    deadlines: 10,000 sets of headers, %u waits, none beyond the deadline\n", waits);
    assert_in_range(waits, 1000, 9999);
    assert_true(longest_ms > 30000);
}

/* 48 callers of three operations in one bucket, and 16 of one in another. */
static paced_org busy_org(int64_t first_limit, int64_t second_limit, bool by_minutes, uint64_t chance)
{
    paced_org org = {.pacing = {.options = {.percent = 100, .max_in_flight = 10}},
                     .buckets = {{.limit = first_limit, .by_minutes = by_minutes},
                                 {.limit = second_limit, .by_minutes = by_minutes}},
                     .chance = chance};
    for (size_t i = 0; i < PACED_CALLERS; i++) {
        bool second = i % 4 == 3;
        org.callers[i] = (paced_caller){.endpoint = i % 4 + 1, .bucket = second};
    }
    return org;
}

static double use_of(const paced_bucket *bucket, unsigned minutes)
{
    return 100.0 * (double)bucket->served / (double)(bucket->limit * minutes);
}

static void expect_use(const paced_org *org, const char *what, unsigned minutes, double least, double most)
{
    int64_t refused = 0;
    double use[2];
    for (size_t i = 0; i < 2; i++) {
        use[i] = use_of(&org->buckets[i], minutes);
        refused += org->buckets[i].refused;
    }
    print_message("    pacing: %s: %.1f %% and %.1f %% of the limits used, %" PRId64 " refused\n", what,
                  use[0], use[1], refused);
    assert_int_equal(refused, 0);
    for (size_t i = 0; i < 2; i++) {
        assert_true(org->buckets[i].windows >= minutes - 2);
        if (use[i] < least || use[i] > most) {
            fail_msg("%s: %.1f %% of a limit of %" PRId64, what, use[i], org->buckets[i].limit);
        }
    }
}

static void busy_callers_use_their_limits_and_are_not_refused(void **state)
{
    static const struct {
        const char *what;
        bool by_minutes;
        int64_t limits[2];
        unsigned percent;
        unsigned reserve;
        unsigned lost_percent;
        double least; /* per cent of a limit */
        double most;
    } cases[] = {
        {"windows by the minute", true, {100, 50}, 100, 0, 0, 99, 100},
        {"windows by the first call", false, {100, 50}, 100, 0, 0, 95, 100},
        {"one answer of ten lost", true, {100, 50}, 100, 0, 10, 97, 100},
        {"half of the limits", true, {100, 50}, 50, 0, 0, 49.5, 50},
        {"half of the limits, one answer of ten lost", true, {100, 50}, 50, 0, 10, 48, 50},
        {"a reserve of ten", true, {100, 100}, 100, 10, 0, 89, 90},
        {"small limits", true, {10, 5}, 100, 0, 0, 99, 100},
        {"equal limits", true, {100, 100}, 100, 0, 0, 99, 100},
        {"equal limits by the first call", false, {100, 100}, 100, 0, 0, 95, 100},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        paced_org org = busy_org(cases[i].limits[0], cases[i].limits[1], cases[i].by_minutes, i + 1);
        org.pacing.options.percent = cases[i].percent;
        org.pacing.options.reserve = cases[i].reserve;
        org.lost_percent = cases[i].lost_percent;
        paced_org_run(&org, paced_org_minute(10));
        paced_org_forget(&org);
        paced_org_run(&org, 60 * MINUTE_MS);
        expect_use(&org, cases[i].what, 60, cases[i].least, cases[i].most);
    }
}

/* Limits that two operations share by chance are told apart, whether their windows begin together or not. */
static void buckets_with_the_same_limit_are_told_apart(void **state)
{
    unsigned apart = 0;
    (void)state;
    for (uint64_t chance = 1; chance <= 20; chance++) {
        paced_org org = busy_org(60, 60, chance % 2 == 0, chance);
        paced_org_run(&org, paced_org_minute(10));
        const oktai_pacing_endpoint *endpoints = org.pacing.endpoints;
        for (size_t i = 0; i < 4; i++) {
            assert_true(endpoints[i].used);
            assert_true(endpoints[i].bucket >= 0);
        }
        for (size_t i = 0; i < 4; i++) {
            for (size_t j = 0; j < 4; j++) {
                bool same = (endpoints[i].key == 4) == (endpoints[j].key == 4);
                apart += !same && endpoints[i].bucket != endpoints[j].bucket;
                assert_true(!same || endpoints[i].bucket == endpoints[j].bucket);
            }
        }
    }
    assert_int_equal(apart, 20 * 6);
}

static void requests_at_once_settle_at_what_the_org_takes(void **state)
{
    static const unsigned max_at_once[] = {1, 2, 4, 7};
    (void)state;
    for (size_t i = 0; i < COUNT(max_at_once); i++) {
        paced_org org = busy_org(1000000, 1000000, true, i + 1);
        org.max_at_once = max_at_once[i];
        paced_org_run(&org, MINUTE_MS);
        paced_org_forget(&org);
        paced_org_run(&org, 10 * MINUTE_MS);
        double cap = (double)org.cap_time / (10.0 * MINUTE_MS);
        int64_t served = org.buckets[0].served + org.buckets[1].served;
        double crowded = 100.0 * (double)org.crowded / (double)(org.crowded + served);
        for (size_t k = 0; k < OKTAI_PACING_BUCKETS; k++) {
            assert_true(!org.pacing.buckets[k].used || org.pacing.buckets[k].limit == 1000000);
        }
        org.max_at_once = 0;
        int64_t from_ms = org.now_ms;
        while (org.pacing.cap < 10 && org.now_ms < from_ms + MINUTE_MS) {
            paced_org_run(&org, 100);
        }
        print_message("    concurrency: %u at once: a cap of %.1f, %.1f %% refused; %.1f s to 10 again\n",
                      max_at_once[i], cap, crowded, (double)(org.now_ms - from_ms) / 1000);
        assert_int_equal(org.pacing.cap, 10);
        assert_true(cap >= max_at_once[i] * 0.5);
        assert_true(cap <= max_at_once[i] + 1.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_brings_one_per_cent_more_requests),
        cmocka_unit_test(clients_that_share_a_reset_do_not_wake_together),
        cmocka_unit_test(no_wait_goes_beyond_the_deadline),
        cmocka_unit_test(busy_callers_use_their_limits_and_are_not_refused),
        cmocka_unit_test(buckets_with_the_same_limit_are_told_apart),
        cmocka_unit_test(requests_at_once_settle_at_what_the_org_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
