/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/pacing.h: what holds whatever an org answers, in whatever order, and whatever comes from chance.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/pacing.h"
#include "unit/mutate.h"
#include "unit/pacing_support.h"
#include "unit/retry_support.h"

#define IN_FLIGHT_MAX 80u

typedef struct game {
    oktai_pacing pacing;
    oktai_pacing_turn turns[IN_FLIGHT_MAX];
    size_t count; /* of turns */
    int64_t now_ms;
    uint64_t chance;
    unsigned verdicts[3];
} game;

static void count_in_flight(const game *self)
{
    const oktai_pacing *pacing = &self->pacing;
    unsigned in_buckets[OKTAI_PACING_BUCKETS] = {0};
    unsigned tracked = 0;
    unsigned spoken_of[OKTAI_PACING_BUCKETS] = {0};
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        const oktai_pacing_endpoint *endpoint = &pacing->endpoints[i];
        tracked += endpoint->in_flight;
        if (endpoint->used && endpoint->bucket >= 0) {
            in_buckets[endpoint->bucket] += endpoint->in_flight;
            spoken_of[endpoint->bucket]++;
        }
        assert_true(endpoint->used || endpoint->in_flight == 0);
    }
    for (size_t i = 0; i < self->count; i++) {
        tracked += self->turns[i].endpoint < 0;
    }
    for (size_t i = 0; i < OKTAI_PACING_BUCKETS; i++) {
        const oktai_pacing_bucket *bucket = &pacing->buckets[i];
        assert_int_equal(bucket->used, spoken_of[i] > 0);
        if (bucket->used) {
            assert_int_equal(bucket->in_flight, in_buckets[i]);
            assert_true(bucket->limit >= 1 && bucket->limit <= 1000000000);
            assert_true(bucket->remaining >= 0 && bucket->remaining <= bucket->limit);
            assert_true(bucket->lost >= 0);
        }
    }
    assert_int_equal(pacing->in_flight, self->count);
    assert_int_equal(tracked, self->count);
    assert_true(pacing->cap <= pacing->options.max_in_flight);
}

static void no_endpoint_is_known_twice(const game *self)
{
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        for (size_t j = 0; j < i; j++) {
            const oktai_pacing_endpoint *one = &self->pacing.endpoints[i];
            const oktai_pacing_endpoint *other = &self->pacing.endpoints[j];
            assert_false(one->used && other->used && one->key == other->key);
        }
    }
}

/* What the last answers of the org may make a call wait for: an hour, a second and the chance for a request
 * in flight, and else a minute, a second and the chance. */
static void enter(game *self)
{
    unsigned cap = self->pacing.cap > 0 ? self->pacing.cap : self->pacing.options.max_in_flight;
    unsigned endpoints = self->pacing.options.max_in_flight < 20 ? 6 : 200;
    oktai_pacing_answer answer = oktai_pacing_enter(&self->pacing, pick(&self->chance, endpoints),
                                                    self->now_ms, any_bits(&self->chance));
    self->verdicts[answer.verdict]++;
    switch (answer.verdict) {
    case OKTAI_PACING_GO:
        assert_true(self->count < cap);
        self->turns[self->count++] = answer.turn;
        break;
    case OKTAI_PACING_AWAIT_REQUEST:
        assert_true(self->count > 0);
        break;
    case OKTAI_PACING_AWAIT_TIME:
        assert_false(self->pacing.options.off);
        assert_true(answer.until_ms > self->now_ms);
        break;
    }
    if (answer.verdict != OKTAI_PACING_GO && answer.until_ms != 0) {
        assert_true(answer.ready_at_ms > self->now_ms);
        assert_in_range(answer.until_ms - answer.ready_at_ms, 0, 10000);
        bool probes = answer.verdict == OKTAI_PACING_AWAIT_TIME;
        assert_true(answer.until_ms - self->now_ms <= (probes ? 61000 : 3601000) + 10000);
        assert_true(answer.reset_s > 0);
    }
}

static okta_rate_limit some_rate(game *self)
{
    static const int64_t limits[] = {1, 2, 3, 10, 10, 10, 0, -1, 1000000000, 1000000001};
    int64_t limit = limits[pick(&self->chance, COUNT(limits))];
    int64_t date_s = self->now_ms / 1000 - (int64_t)pick(&self->chance, 3);
    int64_t reset_s = (date_s / 60 + 1) * 60 + (int64_t)pick(&self->chance, 3);
    if (pick(&self->chance, 20) == 0) {
        reset_s = date_s + (int64_t)pick(&self->chance, 200000) - 50000;
    }
    okta_rate_limit rate = rate_of(limit, (int64_t)pick(&self->chance, 14) - 1, reset_s, date_s);
    rate.limit.has = pick(&self->chance, 20) > 0;
    rate.remaining.has = pick(&self->chance, 20) > 0;
    rate.reset.has = pick(&self->chance, 20) > 0;
    rate.date.has = pick(&self->chance, 20) > 0;
    return rate;
}

static void leave(game *self)
{
    static const int statuses[] = {200, 200, 200, 200, 204, 404, 429, 429, 503, 0};
    int http_status = statuses[pick(&self->chance, COUNT(statuses))];
    size_t which = pick(&self->chance, self->count);
    okta_rate_limit rate = {0};
    if (http_status != 0) {
        rate = pick(&self->chance, 4) == 0 ? hostile_times(&self->chance).rate : some_rate(self);
    }
    oktai_pacing_leave(&self->pacing, &self->turns[which], http_status, &rate, self->now_ms);
    self->turns[which] = self->turns[--self->count];
}

static void holds_whatever_comes(void **state)
{
    static const unsigned max_in_flight[] = {1, 2, 10, 75};
    unsigned verdicts[3] = {0};
    (void)state;
    for (unsigned i = 0; i < 400; i++) {
        game self = {.pacing = pacing_of(i % 7 * 20, i % 5 * 3, max_in_flight[i % 4]), .chance = i + 1};
        self.pacing.options.off = i % 10 == 9;
        for (unsigned step = 0; step < 500; step++) {
            size_t what = pick(&self.chance, 100);
            if (what < 55) {
                enter(&self);
            } else if (what < 90 && self.count > 0) {
                leave(&self);
            } else {
                self.now_ms += (int64_t)pick(&self.chance, what == 99 ? 100000 : 3000);
            }
            count_in_flight(&self);
        }
        no_endpoint_is_known_twice(&self);
        while (self.count > 0) {
            leave(&self);
        }
        count_in_flight(&self);
        for (size_t k = 0; k < 3; k++) {
            verdicts[k] += self.verdicts[k];
        }
    }
    for (size_t k = 0; k < 3; k++) {
        assert_true(verdicts[k] > 1000);
    }
}

/* However bad the past, a call that waits as long as it is told goes in the end, when nothing else runs. */
static void nobody_waits_for_ever(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        game self = {.pacing = pacing_of(i % 6 * 20, i % 3 * 100, 10), .chance = i + 1};
        for (unsigned step = 0; step < 300; step++) {
            if (pick(&self.chance, 2) == 0) {
                enter(&self);
            } else if (self.count > 0) {
                leave(&self);
            }
            self.now_ms += (int64_t)pick(&self.chance, 2000);
        }
        while (self.count > 0) {
            leave(&self);
        }
        for (uint64_t endpoint = 0; endpoint < 6; endpoint++) {
            oktai_pacing_answer answer =
                oktai_pacing_enter(&self.pacing, endpoint, self.now_ms, any_bits(&self.chance));
            if (answer.verdict == OKTAI_PACING_AWAIT_TIME) {
                assert_true(answer.until_ms - self.now_ms < 71000);
                answer = oktai_pacing_enter(&self.pacing, endpoint, answer.until_ms, any_bits(&self.chance));
            }
            assert_int_equal(answer.verdict, OKTAI_PACING_GO);
            lose(&self.pacing, answer.turn, self.now_ms);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_whatever_comes),
        cmocka_unit_test(nobody_waits_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
