/* SPDX-License-Identifier: Apache-2.0 */
/* What a transport is made of, for the files that serve it: its options, its callbacks, its verdicts. */
#ifndef OKTA_HTTP_TRANSFER_H
#define OKTA_HTTP_TRANSFER_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/exchange.h"
#include "http/framing.h"
#include "http/tls_sessions.h"
#include "okta/error.h"

/* libcurl uses no connection that was idle for longer. */
#define OKTAI_CONNECTION_MAX_IDLE_S 30

/* What libcurl was told of a name. */
typedef struct oktai_addresses {
    uint64_t number; /* see oktai_search; 0: nothing */
    oktai_buffer line;
    struct curl_slist item;
} oktai_addresses;

typedef struct oktai_transport oktai_transport;

struct oktai_transport {
    oktai_transport *next;
    const oktai_transport_options *options;
    CURL *easy;
    bool is_guarded;      /* see http/header_guard.h */
    pthread_mutex_t lock; /* of `multi` against oktai_transport_wake(): only its owner changes it */
    CURLM *multi;
    curl_socket_t idle; /* of the connection that libcurl keeps, HTTP/1 only; CURL_SOCKET_BAD: none */
    struct ssl_st *ssl; /* of the connection of the latest request; NULL: none or unknown */
    bool is_h2;         /* ... whose handshake chose HTTP/2 */
    oktai_tls_sessions sessions;
    int64_t idle_since_ms; /* of the connection that libcurl keeps, of any protocol; 0: none */
    oktai_addresses addresses[OKTAI_NAMES_MAX];
    char problem[CURL_ERROR_SIZE];
    struct curl_slist headers[OKTAI_REQUEST_HEADERS_MAX];

    /* of the request in flight */
    oktai_response *response;
    const oktai_buffer *request_body;
    size_t request_sent;
    unsigned sends;
    unsigned sends_max;
    oktai_framing framing;
    bool is_connecting;        /* a socket was opened, and no request went over it yet */
    size_t proxy_bytes;        /* of all header lines of a proxy */
    const char *proxy_refusal; /* why its answer to CONNECT was left within its headers or at their end */
    bool lost;                 /* a reused connection died, and the request may not be sent again */
    const char *refusal;       /* why a callback stopped the transfer */
    bool no_memory;
    const char *url;
    const atomic_bool *canceled;
    int64_t give_up_ms;    /* by the system's clock */
    bool hung_up;          /* the time was over or the call canceled, and the connection was ended for it */
    okta_error *tls_error; /* why a handshake failed, where libcurl cannot tell; nullable */
};

/* The protocol frames its messages itself, as HTTP/2 does. */
bool oktai_transfer_is_multiplexed(oktai_transport *transport);

#endif
