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
} oktai_ending;

/* Its `reason` may belong to the transfer. */
oktai_attempt oktai_verdict_of(oktai_transfer *transfer, const oktai_ending *ending);

/* Nothing was sent: out of memory. */
oktai_attempt oktai_verdict_no_memory(void);

#endif
