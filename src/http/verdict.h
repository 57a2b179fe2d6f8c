/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a transfer: libcurl's report in the words of retry.h. */
#ifndef OKTA_HTTP_VERDICT_H
#define OKTA_HTTP_VERDICT_H

#include "http/retry.h"
#include "http/transfer.h"

/* What libcurl drove to its end, or what ended the driving. */
typedef struct oktai_ending {
    CURLcode code;
    bool canceled;
    bool too_slow;
    bool is_whole; /* an answer that libcurl calls good was not cut: see oktai_verdict_needs_connection() */
} oktai_ending;

/* Its `reason` may belong to the transfer. */
oktai_attempt oktai_verdict_of(oktai_transfer *transfer, const oktai_ending *ending);

/* Whether an answer that libcurl calls good shows its end only by what became of its connection: nothing else
 * tells it from one that was cut. */
bool oktai_verdict_needs_connection(oktai_transfer *transfer);

/* Nothing was sent: the call was canceled. */
oktai_attempt oktai_verdict_canceled(void);

/* Which limit ends a request whose connection is not made in time. */
oktai_limit oktai_verdict_connect_limit(const oktai_transfer *t);

/* Nothing was sent: out of memory. */
oktai_attempt oktai_verdict_no_memory(void);

#endif
