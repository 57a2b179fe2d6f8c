/* SPDX-License-Identifier: Apache-2.0 */
/* One connection's worth of libcurl: sends one request at a time and receives its answer, strictly. It sends
 * a request exactly once unless `may_resend` allows more; what happens then is the caller's decision. */
#ifndef OKTA_HTTP_TRANSPORT_H
#define OKTA_HTTP_TRANSPORT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/clock.h"
#include "http/headers.h"
#include "http/retry.h"

typedef struct oktai_transport oktai_transport;

/* Borrowed for the life of the transport. */
typedef struct oktai_transport_options {
    const char *user_agent;
    const char *ca_file; /* nullable */
    const char *proxy;   /* nullable: the environment decides; "": none */
    bool plain_http;     /* the org is on loopback without TLS */
    int64_t connect_timeout_ms;
    size_t max_response_bytes;
    const oktai_clock *clock;
} oktai_transport_options;

#define OKTAI_REQUEST_HEADERS_MAX 48u

typedef struct oktai_request {
    const char *method;
    const char *url;
    const char *const *headers; /* `Name: value` lines, NULL at the end, at most OKTAI_REQUEST_HEADERS_MAX */
    const oktai_buffer *body;   /* NULL: none */
    bool may_resend;            /* at once and once, when a reused connection turns out dead */
    bool fresh;                 /* over a connection of its own */
    int64_t timeout_ms;
    const atomic_bool *canceled;
} oktai_request;

typedef struct oktai_response {
    int http_status;
    oktai_headers headers;
    oktai_buffer body;
} oktai_response;

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

void oktai_response_clear(oktai_response *response);

#endif
