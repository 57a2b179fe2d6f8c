/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/retry_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/headers.h"
#include "unit/mutate.h"

const oktai_server_times no_times;

oktai_attempt answer(int http_status)
{
    return (oktai_attempt){.failure = OKTA_OK, .http_status = http_status};
}

oktai_retry_state call_of(oktai_effect effect, unsigned max_retries)
{
    return (oktai_retry_state){
        .effect = effect, .max_retries = max_retries, .deadline_ms = INT64_C(1000000000000)};
}

oktai_decision decide(oktai_retry_state *state, const oktai_attempt *attempt, const oktai_server_times *times,
                      uint32_t random)
{
    oktai_retry_budget budget = {0};
    return oktai_retry_decide(state, &budget, attempt, times, 0, random);
}

oktai_server_times reset_in(int64_t seconds)
{
    return (oktai_server_times){.rate = {.limit = okta_int(600),
                                         .remaining = okta_int(0),
                                         .reset = okta_int(DATE_S + seconds),
                                         .date = okta_int(DATE_S)}};
}

oktai_server_times times_of(const char *const *lines)
{
    oktai_headers headers = {0};
    for (; *lines != NULL; lines++) {
        assert_true(oktai_headers_add_line(&headers, *lines, strlen(*lines)));
    }
    oktai_server_times times = {.rate = oktai_headers_rate_limit(&headers)};
    times.has_retry_after = oktai_headers_retry_after(&headers, &times.retry_after_ms);
    oktai_headers_clear(&headers);
    return times;
}

uint32_t any_bits(uint64_t *chance)
{
    uint32_t high = (uint32_t)pick(chance, 65536);
    return high << 16 | (uint32_t)pick(chance, 65536);
}

oktai_server_times hostile_times(uint64_t *chance)
{
    static const char *const values[] = {
        "0",          "1",          "30",         "86400",     "-1",     "1e9", "1750000000",         "x",
        "1750000030", "1750003600", "4102444800", "946684800", "600, 0", "",    "9223372036854775807"};
    static const char *const names[] = {"X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset",
                                        "Retry-After"};
    static const char *const dates[] = {DATE_LINE, "Date: Thu, 01 Jan 1970 00:00:00 GMT",
                                        "Date: Fri, 31 Dec 9999 23:59:59 GMT", "Date: yesterday"};
    char text[6][80];
    const char *lines[8];
    size_t count = pick(chance, 6);
    for (size_t i = 0; i < count; i++) {
        snprintf(text[i], sizeof text[i], "%s: %s", names[pick(chance, COUNT(names))],
                 values[pick(chance, COUNT(values))]);
        lines[i] = text[i];
    }
    if (pick(chance, 4) > 0) {
        lines[count++] = dates[pick(chance, COUNT(dates))];
    }
    lines[count] = NULL;
    return times_of(lines);
}
