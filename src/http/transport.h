/* SPDX-License-Identifier: Apache-2.0 */
/* One connection's worth of libcurl: sends one request at a time and receives its answer, strictly. It sends
 * a request exactly once unless `may_resend` allows more; what happens then is the caller's decision. */
#ifndef OKTA_HTTP_TRANSPORT_H
#define OKTA_HTTP_TRANSPORT_H

#include "http/exchange.h"
#include "http/retry.h"

typedef struct oktai_transport oktai_transport;

/* NULL: out of memory. */
oktai_transport *oktai_transport_new(const oktai_transport_options *options);
/* Close the connection and free. NULL is allowed. */
void oktai_transport_free(oktai_transport *transport);

/* Idle transports are chained by their owner. */
oktai_transport **oktai_transport_next(oktai_transport *transport);

/* Send and receive. `response` is emptied first. A body that did not come whole is not kept, the headers of
 * its answer are. */
oktai_attempt oktai_transport_perform(oktai_transport *transport, const oktai_request *request,
                                      oktai_response *response);

/* Make a running perform look at `canceled`; from any thread. */
void oktai_transport_wake(oktai_transport *transport);

#endif
