/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/paced_org.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "unit/mutate.h"
#include "unit/retry_support.h"

/* How far the org's clock is ahead of ours. */
#define AHEAD_MS (DATE_S * 1000 + 437)

static int64_t some_ms(paced_org *org, int64_t from_ms, int64_t to_ms)
{
    return from_ms + (int64_t)pick(&org->chance, (size_t)(to_ms - from_ms));
}

static void begin_window(paced_bucket *bucket, int64_t server_ms)
{
    int64_t unit_ms = bucket->by_minutes ? 60000 : 1000;
    bucket->ends_ms = server_ms / unit_ms * unit_ms + 60000;
    bucket->used = 0;
    bucket->windows++;
}

static void count_call(paced_org *org, paced_caller *caller)
{
    int64_t server_ms = org->now_ms + AHEAD_MS;
    paced_bucket *bucket = &org->buckets[caller->bucket];
    if (server_ms >= bucket->ends_ms) {
        begin_window(bucket, server_ms);
    }
    bool refused = bucket->used == bucket->limit;
    bucket->refused += refused;
    bucket->served += !refused;
    bucket->used += !refused;
    bucket->most_used = bucket->used > bucket->most_used ? bucket->used : bucket->most_used;
    caller->http_status = refused ? 429 : 200;
    caller->rate = (okta_rate_limit){.limit = okta_int(bucket->limit),
                                     .remaining = okta_int(bucket->limit - bucket->used),
                                     .reset = okta_int(bucket->ends_ms / 1000),
                                     .date = okta_int(server_ms / 1000)};
}

static void arrive(paced_org *org, paced_caller *caller)
{
    if (org->max_at_once > 0 && org->at_once >= org->max_at_once) {
        org->crowded++;
        caller->http_status = 429;
        caller->rate = reset_in(30).rate;
        caller->rate.limit = okta_int(0);
        caller->stage = PACED_RECEIVES;
        caller->at_ms = org->now_ms + some_ms(org, 5, 30);
        return;
    }
    org->at_once++;
    count_call(org, caller);
    caller->stage = PACED_WORKS;
    caller->at_ms = org->now_ms + some_ms(org, 20, 200);
}

static void finish(paced_org *org, paced_caller *caller)
{
    org->at_once--;
    caller->stage = PACED_RECEIVES;
    caller->at_ms = org->now_ms + some_ms(org, 5, 30);
    if (pick(&org->chance, 100) < org->lost_percent) {
        org->lost++;
        caller->http_status = 0;
        caller->rate = (okta_rate_limit){0};
    }
}

static void receive(paced_org *org, paced_caller *caller)
{
    oktai_pacing_leave(&org->pacing, &caller->turn, caller->http_status, &caller->rate, org->now_ms);
    for (size_t i = 0; i < PACED_CALLERS; i++) {
        if (org->callers[i].stage == PACED_QUEUES) {
            org->callers[i].at_ms = org->now_ms;
        }
    }
    int64_t wait_ms = 0;
    if (caller->http_status == 429) {
        oktai_retry_state call = call_of(OKTAI_EFFECT_READ, 1000);
        oktai_attempt attempt = answer(429);
        oktai_server_times times = {.rate = caller->rate};
        call.attempts = caller->attempts++;
        wait_ms = decide(&call, &attempt, &times, any_bits(&org->chance)).wait_ms;
    } else {
        caller->attempts = 0;
    }
    caller->stage = PACED_ASKS;
    caller->at_ms = org->now_ms + wait_ms;
}

static void ask(paced_org *org, paced_caller *caller)
{
    oktai_pacing_answer answer =
        oktai_pacing_enter(&org->pacing, caller->endpoint, org->now_ms, any_bits(&org->chance));
    switch (answer.verdict) {
    case OKTAI_PACING_GO:
        caller->turn = answer.turn;
        caller->stage = PACED_SENDS;
        caller->at_ms = org->now_ms + some_ms(org, 5, 30);
        break;
    case OKTAI_PACING_AWAIT_REQUEST:
        assert_true(org->pacing.in_flight > 0);
        caller->stage = PACED_QUEUES;
        caller->at_ms = answer.until_ms == 0 ? INT64_MAX : answer.until_ms;
        break;
    case OKTAI_PACING_AWAIT_TIME:
        assert_true(answer.until_ms > org->now_ms);
        assert_true(answer.until_ms <= org->now_ms + 71000);
        caller->stage = PACED_ASKS;
        caller->at_ms = answer.until_ms;
        break;
    }
}

static paced_caller *whose_turn(paced_org *org)
{
    paced_caller *first = NULL;
    for (size_t i = 0; i < PACED_CALLERS; i++) {
        paced_caller *caller = &org->callers[(org->next + i) % PACED_CALLERS];
        if (!caller->rests && (first == NULL || caller->at_ms < first->at_ms)) {
            first = caller;
        }
    }
    org->next = (size_t)(first - org->callers) + 1;
    return first;
}

void paced_org_run(paced_org *org, int64_t ms)
{
    int64_t end_ms = org->now_ms + ms;
    for (;;) {
        paced_caller *caller = whose_turn(org);
        unsigned cap = org->pacing.cap > 0 ? org->pacing.cap : org->pacing.options.max_in_flight;
        int64_t until_ms = caller->at_ms < end_ms ? caller->at_ms : end_ms;
        org->cap_time += (until_ms - org->now_ms) * cap;
        org->now_ms = until_ms;
        if (caller->at_ms >= end_ms) {
            return;
        }
        switch (caller->stage) {
        case PACED_ASKS:
        case PACED_QUEUES:
            ask(org, caller);
            break;
        case PACED_SENDS:
            arrive(org, caller);
            break;
        case PACED_WORKS:
            finish(org, caller);
            break;
        case PACED_RECEIVES:
            receive(org, caller);
            break;
        }
    }
}

int64_t paced_org_minute(int64_t n)
{
    return (AHEAD_MS / 60000 + n) * 60000 - AHEAD_MS;
}

void paced_org_forget(paced_org *org)
{
    for (size_t i = 0; i < PACED_BUCKETS; i++) {
        paced_bucket *bucket = &org->buckets[i];
        bucket->windows = 0;
        bucket->most_used = 0;
        bucket->served = 0;
        bucket->refused = 0;
    }
    org->crowded = 0;
    org->lost = 0;
    org->cap_time = 0;
}
