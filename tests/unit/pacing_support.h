/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of src/http/pacing.h begin with. */
#ifndef OKTA_TESTS_UNIT_PACING_SUPPORT_H
#define OKTA_TESTS_UNIT_PACING_SUPPORT_H

#include <stdint.h>

#include "http/pacing.h"

/* What the endpoints are called. */
enum { A = 1, B, C };

oktai_pacing pacing_of(unsigned percent, unsigned reserve, unsigned max_in_flight);
/* `reset_s` and `date_s` count from DATE_S. */
okta_rate_limit rate_of(int64_t limit, int64_t remaining, int64_t reset_s, int64_t date_s);

/* Ask without chance. */
oktai_pacing_answer ask(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms);
/* ... of one that must go. */
oktai_pacing_turn go(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms);
/* ... and see the verdict without a change. */
void expect(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms, oktai_pacing_verdict verdict);

/* A request's answer, of a server whose clock is DATE_S ahead. */
void tell(oktai_pacing *pacing, oktai_pacing_turn turn, int64_t limit, int64_t remaining, int64_t reset_s,
          int64_t now_ms);
/* ... and its refusal. */
void refuse(oktai_pacing *pacing, oktai_pacing_turn turn, int64_t limit, int64_t reset_s, int64_t now_ms);
/* ... or none. */
void lose(oktai_pacing *pacing, oktai_pacing_turn turn, int64_t now_ms);
/* A request and its answer. */
void call(oktai_pacing *pacing, uint64_t endpoint, int64_t limit, int64_t remaining, int64_t reset_s,
          int64_t now_ms);

/* The index of an endpoint's bucket; -1: none, -2: the endpoint is not known. */
int bucket_of(const oktai_pacing *pacing, uint64_t endpoint);
unsigned used_buckets(const oktai_pacing *pacing);

#endif
