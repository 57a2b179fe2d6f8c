/* SPDX-License-Identifier: Apache-2.0 */
/* A request, its answer, and what holds for all exchanges of a client. */
#ifndef OKTA_HTTP_EXCHANGE_H
#define OKTA_HTTP_EXCHANGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/clock.h"
#include "http/headers.h"
#include "http/resolver.h"
#include "http/route.h"

/* Borrowed for the life of the transport. */
typedef struct oktai_transport_options {
    const char *user_agent;
    const char *ca_file;   /* nullable */
    struct oktai_tls *tls; /* of the client; NULL: without TLS, or libcurl's TLS is not OpenSSL */
    const oktai_route *route;
    oktai_resolver *resolver; /* of the route's names; NULL: it has none */
    bool plain_http;          /* the org is on loopback without TLS */
    bool http_1_1;            /* and no other version */
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

void oktai_response_clear(oktai_response *response);

#endif
