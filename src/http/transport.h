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

typedef struct okta_transport okta_transport;

/* Borrowed for the life of the transport. */
typedef struct okta_transport_options {
    const char *user_agent;
    const char *ca_file; /* nullable */
    const char *proxy;   /* nullable: the environment decides; "": none */
    bool plain_http;     /* the org is on loopback without TLS */
    int64_t connect_timeout_ms;
    size_t max_response_bytes;
    const okta_clock *clock;
} okta_transport_options;

#define OKTA_REQUEST_HEADERS_MAX 48u

typedef struct okta_request {
    const char *method;
    const char *url;
    const char *const *headers; /* `Name: value` lines, NULL at the end, at most OKTA_REQUEST_HEADERS_MAX */
    const okta_buffer *body;    /* NULL: none */
    bool may_resend;            /* at once and once, when a reused connection turns out dead */
    bool fresh;                 /* over a connection of its own */
    int64_t timeout_ms;
    const atomic_bool *canceled;
} okta_request;

typedef struct okta_response {
    int http_status;
    okta_headers headers;
    okta_buffer body;
} okta_response;

/* NULL: out of memory. */
okta_transport *okta_transport_new(const okta_transport_options *options);
/* Close the connection and free. NULL is allowed. */
void okta_transport_free(okta_transport *transport);

/* Idle transports are chained by their owner. */
okta_transport **okta_transport_next(okta_transport *transport);

/* Send and receive. `response` is emptied first. A body that did not come whole is not kept, the headers of
 * its answer are. */
okta_attempt okta_transport_perform(okta_transport *transport, const okta_request *request,
                                    okta_response *response);

/* Make a running perform look at `canceled`; from any thread. */
void okta_transport_wake(okta_transport *transport);

void okta_response_clear(okta_response *response);

#endif
