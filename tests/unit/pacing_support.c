/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/pacing_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "unit/retry_support.h"

oktai_pacing pacing_of(unsigned percent, unsigned reserve, unsigned max_in_flight)
{
    return (oktai_pacing){
        .options = {.percent = percent, .reserve = reserve, .max_in_flight = max_in_flight}};
}

okta_rate_limit rate_of(int64_t limit, int64_t remaining, int64_t reset_s, int64_t date_s)
{
    return (okta_rate_limit){.limit = okta_int(limit),
                             .remaining = okta_int(remaining),
                             .reset = okta_int(DATE_S + reset_s),
                             .date = okta_int(DATE_S + date_s)};
}

oktai_pacing_answer ask(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms)
{
    return oktai_pacing_enter(pacing, endpoint, now_ms, 0);
}

oktai_pacing_turn go(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms)
{
    oktai_pacing_answer answer = ask(pacing, endpoint, now_ms);
    assert_int_equal(answer.verdict, OKTAI_PACING_GO);
    return answer.turn;
}

/* The answer to a request, at a time that both clocks agree on. */
void tell(oktai_pacing *pacing, oktai_pacing_turn turn, int64_t limit, int64_t remaining, int64_t reset_s,
          int64_t now_ms)
{
    okta_rate_limit rate = rate_of(limit, remaining, reset_s, now_ms / 1000);
    oktai_pacing_leave(pacing, &turn, 200, &rate, now_ms);
}

void refuse(oktai_pacing *pacing, oktai_pacing_turn turn, int64_t limit, int64_t reset_s, int64_t now_ms)
{
    okta_rate_limit rate = rate_of(limit, 0, reset_s, now_ms / 1000);
    oktai_pacing_leave(pacing, &turn, 429, &rate, now_ms);
}

void lose(oktai_pacing *pacing, oktai_pacing_turn turn, int64_t now_ms)
{
    oktai_pacing_leave(pacing, &turn, 0, &(okta_rate_limit){0}, now_ms);
}

void call(oktai_pacing *pacing, uint64_t endpoint, int64_t limit, int64_t remaining, int64_t reset_s,
          int64_t now_ms)
{
    tell(pacing, go(pacing, endpoint, now_ms), limit, remaining, reset_s, now_ms);
}

void expect(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms, oktai_pacing_verdict verdict)
{
    oktai_pacing copy = *pacing;
    oktai_pacing_answer answer = ask(&copy, endpoint, now_ms);
    assert_int_equal(answer.verdict, verdict);
}

int bucket_of(const oktai_pacing *pacing, uint64_t endpoint)
{
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        if (pacing->endpoints[i].used && pacing->endpoints[i].key == endpoint) {
            return pacing->endpoints[i].bucket;
        }
    }
    return -2;
}

unsigned used_buckets(const oktai_pacing *pacing)
{
    unsigned count = 0;
    for (size_t i = 0; i < OKTAI_PACING_BUCKETS; i++) {
        count += pacing->buckets[i].used;
    }
    return count;
}
