/* SPDX-License-Identifier: Apache-2.0 */
/* A request in flight, with the handle of libcurl that carries it, for the files that serve it: its options,
 * its callbacks, its verdict. Who drives it is another matter: see http/transfer_run.h. */
#ifndef OKTA_HTTP_TRANSFER_H
#define OKTA_HTTP_TRANSFER_H

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/connections.h"
#include "http/exchange.h"
#include "http/framing.h"
#include "okta/error.h"

/* libcurl uses no connection that was idle for longer. */
#define OKTAI_CONNECTION_MAX_IDLE_S 30

/* Of a name. */
typedef struct oktai_addresses {
    uint64_t number; /* see oktai_search; 0: nothing */
    uint64_t told;   /* ... of those that libcurl was told; 0: nothing */
    uint64_t ticket; /* ... of a look-up that the request in flight waits for; 0: none */
    oktai_buffer line;
    struct curl_slist item;
} oktai_addresses;

/* Counts what arrives in windows of time; nothing counts before the final answer begins. */
typedef struct oktai_pace {
    int64_t since_ms;
    size_t bytes;
} oktai_pace;

struct oktai_slice;

typedef struct oktai_transfer {
    const oktai_transport_options *options;
    CURL *easy;
    bool is_guarded;    /* see http/header_guard.h */
    struct ssl_st *ssl; /* of the connection of the latest request; NULL: none or unknown */
    bool is_h2;         /* ... whose handshake chose HTTP/2 */
    oktai_addresses addresses[OKTAI_NAMES_MAX];
    char problem[CURL_ERROR_SIZE];
    struct curl_slist headers[OKTAI_REQUEST_HEADERS_MAX];
    size_t body_before; /* bytes of the latest body, also of the one that is coming */

    /* Of a pool; NULL: reading has no slices. See http/tls_slice.h. */
    bool (*slice)(struct ssl_st *ssl, struct oktai_slice *slice);
    struct oktai_slice *slice_now;

    /* of the request in flight */
    CURLM *multi;                   /* that it was added to; NULL: none */
    oktai_connections *connections; /* of that, which other requests use too; NULL: it has one, and alone */
    oktai_connection *connection;   /* that it went over; NULL: none, or it is alone */
    uint64_t place;                 /* among the requests that went over that, from 1 */
    uint64_t serial;                /* another for each request where connections go to others; else 1 */
    oktai_response *response;
    const oktai_buffer *request_body;
    size_t request_sent;
    unsigned sends;
    unsigned sends_max;
    bool left_before; /* by a sending that libcurl does not count any more */
    oktai_framing framing;
    oktai_pace pace;
    bool is_connecting;        /* a socket was opened, and no request went over it yet */
    size_t proxy_bytes;        /* of all header lines of a proxy */
    const char *proxy_refusal; /* why its answer to CONNECT was left within its headers or at their end */
    bool unclean;              /* its connection had brought what nobody asked for, and nothing was sent */
    bool lost;                 /* a reused connection died, and the request may not be sent again */
    const char *refusal;       /* why a callback stopped the transfer */
    bool no_memory;
    const char *url;
    const atomic_bool *canceled;
    int64_t began_ms;      /* by the system's clock */
    int64_t give_up_ms;    /* ... when its time is over */
    bool hung_up;          /* the time was over or the call canceled, and the connection was ended for it */
    okta_error *tls_error; /* why a handshake failed, where libcurl cannot tell; nullable */
    /* Its connection, which libcurl keeps behind it; CURL_SOCKET_BAD: none, or it is one of many over HTTP/1.
     */
    curl_socket_t kept;
} oktai_transfer;

/* The one place where `is_connecting` is set: its connections know how many are. */
void oktai_transfer_set_connecting(oktai_transfer *transfer, bool is_connecting);

/* The protocol frames its messages itself, as HTTP/2 does. */
bool oktai_transfer_is_multiplexed(oktai_transfer *transfer);

#endif
