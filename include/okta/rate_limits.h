/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What a client has learnt of the org's rate limits. Okta counts calls in buckets that cover several
 * operations; a client learns from the answers which of its operations share one.
 */
#ifndef OKTA_RATE_LIMITS_H
#define OKTA_RATE_LIMITS_H

#include "okta/common.h"
#include "okta/error.h"
#include "okta/optional.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The rate-limit state that the server reported with an answer (`X-Rate-Limit-*`). */
typedef struct okta_rate_limit {
    okta_opt_int limit;     /**< calls in a window; 0 marks a limit of concurrent calls */
    okta_opt_int remaining; /**< calls left in this window */
    okta_opt_int reset;     /**< end of the window in seconds since 1970, UTC, by the server's clock */
    okta_opt_int date;      /**< the server's clock when it answered, in seconds since 1970, UTC */
} okta_rate_limit;

struct okta_client;

/** One rate limit. */
typedef struct okta_rate_limit_bucket {
    int64_t limit;                 /**< calls in a window */
    int64_t remaining;             /**< calls left, by the latest answer; all of them behind a reset */
    int64_t reset;                 /**< end of the window in seconds since 1970, UTC, by the server's clock */
    unsigned in_flight;            /**< requests that are sent and not answered */
    const char *const *operations; /**< Okta's operationIds that share it; "request" for raw calls */
    size_t operation_count;        /**< how many */
} okta_rate_limit_bucket;

/** All that a client knows at a moment. */
typedef struct okta_rate_limits {
    const okta_rate_limit_bucket *const *items; /**< in no order */
    size_t count;                               /**< how many */
    unsigned in_flight;                         /**< requests at this moment, over all threads */
    unsigned max_in_flight; /**< requests at once that the client allows itself at this moment */
} okta_rate_limits;

/**
 * Tell the rate limits that a client has learnt.
 *
 * @param[in]  client required.
 * @param[out] out    a copy of the moment; release it with okta_free(). NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, or a client of a parent process), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_client_rate_limits(struct okta_client *client,
                                                             okta_rate_limits **out);

#ifdef __cplusplus
}
#endif
#endif
