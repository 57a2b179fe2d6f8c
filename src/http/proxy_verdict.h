/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong on the way through a proxy, before a request left. */
#ifndef OKTA_HTTP_PROXY_VERDICT_H
#define OKTA_HTTP_PROXY_VERDICT_H

#include "http/retry.h"
#include "http/transfer.h"

/* Name the proxy in the reason of a failed attempt, and tell whether it refuses for good. Changes nothing
 * where the request left or there is no proxy. */
void oktai_proxy_verdict(oktai_transfer *transfer, oktai_attempt *attempt);

#endif
