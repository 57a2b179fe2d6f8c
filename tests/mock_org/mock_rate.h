/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Rate-limit buckets: so many calls in a window that begins with its first call. Pure functions of the
 * bucket, the limit and the time.
 */
#ifndef OKTA_TESTS_MOCK_ORG_RATE_H
#define OKTA_TESTS_MOCK_ORG_RATE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct mock_bucket {
    int64_t ends; /**< seconds since 1970; 0: no window has begun */
    unsigned used;
} mock_bucket;

typedef struct mock_limit {
    unsigned calls;
    unsigned window_s;
} mock_limit;

/** What the X-Rate-Limit headers say. */
typedef struct mock_rate_state {
    unsigned limit;
    unsigned remaining;
    int64_t reset;
} mock_rate_state;

/** Count a call. False: the window is used up. */
bool mock_rate_take(mock_bucket *bucket, mock_limit limit, int64_t now);
/** The state to show, counting nothing. */
mock_rate_state mock_rate_look(const mock_bucket *bucket, mock_limit limit, int64_t now);

#endif
