/* SPDX-License-Identifier: Apache-2.0 */
/* The look-up in front of a transfer: libcurl finds the addresses of all names that it may need. */
#ifndef OKTA_HTTP_LOOK_UP_H
#define OKTA_HTTP_LOOK_UP_H

#include "http/retry.h"
#include "http/transfer.h"

/* Give the transport's handle the addresses that its next transfer may need. Where libcurl has a connection,
 * nothing is waited for. `*left_ms` is what is left of the request's time behind it. OKTA_OK in `failure`:
 * done; else the attempt is over. */
oktai_attempt oktai_look_up(oktai_transport *transport, const oktai_request *request, int64_t *left_ms);

/* libcurl forgot all addresses. */
void oktai_look_up_forget(oktai_transport *transport);

/* Free what was looked up. */
void oktai_look_up_clear(oktai_transport *transport);

#endif
