/* SPDX-License-Identifier: Apache-2.0 */
/* The look-up in front of a transfer: libcurl finds the addresses of all names that it may need. */
#ifndef OKTA_HTTP_LOOK_UP_H
#define OKTA_HTTP_LOOK_UP_H

#include "http/retry.h"
#include "http/transfer.h"

/* Give the transfer's handle the addresses that it may need. `needed`: false where libcurl has a connection,
 * so that addresses that were found before will do; then nothing is waited for. Blocks for as long as the
 * request has time. OKTA_OK in `failure`: done; else the attempt is over. */
oktai_attempt oktai_look_up(oktai_transfer *transfer, const oktai_request *request, bool needed);

/* The same without waiting. `*pending`: the look-up goes on, and the transfer is to be tried again when the
 * resolver's watcher is told, or when the time of oktai_look_up_until_ms() is there. */
oktai_attempt oktai_look_up_try(oktai_transfer *transfer, const oktai_request *request, bool needed,
                                bool *pending);
/* When a pending look-up ends for want of time, by the system's clock. */
int64_t oktai_look_up_until_ms(const oktai_transfer *transfer);

/* libcurl forgot all addresses. */
void oktai_look_up_forget(oktai_transfer *transfer);

/* Free what was looked up. */
void oktai_look_up_clear(oktai_transfer *transfer);

#endif
