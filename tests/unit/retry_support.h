/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of src/http/retry.h begin with. */
#ifndef OKTA_TESTS_UNIT_RETRY_SUPPORT_H
#define OKTA_TESTS_UNIT_RETRY_SUPPORT_H

#include <stdint.h>

#include "http/retry.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* 15 June 2025, 15:06:40. */
#define DATE_S    INT64_C(1750000000)
#define DATE_LINE "Date: Sun, 15 Jun 2025 15:06:40 GMT"

/* Nothing said about time. */
extern const oktai_server_times no_times;

/* A whole answer. */
oktai_attempt answer(int http_status);
/* A call that begins, with a deadline far away. */
oktai_retry_state call_of(oktai_effect effect, unsigned max_retries);
/* One decision at time 0, with a budget of its own. */
oktai_decision decide(oktai_retry_state *state, const oktai_attempt *attempt, const oktai_server_times *times,
                      uint32_t random);

/* A 429 at DATE_S whose window ends that many seconds later. */
oktai_server_times reset_in(int64_t seconds);
/* What header lines say, NULL at the end. */
oktai_server_times times_of(const char *const *lines);

/* Random headers of a server that means no good. */
oktai_server_times hostile_times(uint64_t *chance);

/* 32 bits of mutate.h's chance. */
uint32_t any_bits(uint64_t *chance);

#endif
