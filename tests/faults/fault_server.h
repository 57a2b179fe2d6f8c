/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP server, of HTTP/2 too where TLS chooses it, that fails by script, down to single bytes, and keeps
 * what it hears. It listens on a free port of 127.0.0.1 and has a thread for each connection. Nothing in it
 * waits for time to pass. */
#ifndef OKTA_TESTS_FAULTS_FAULT_SERVER_H
#define OKTA_TESTS_FAULTS_FAULT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum fault_act {
    FAULT_END = 0, /* the script is over: from here on each request gets the good answer */
    FAULT_NEXT,    /* the script of this connection is over, and that of the next one begins */
    FAULT_READ,    /* wait for one whole request */
    FAULT_AWAIT,   /* wait until the server has `times` requests in all */
    FAULT_SEND,    /* send `data`, `times` over */
    FAULT_DRIP,    /* send `data` with a write for each byte */
    FAULT_FLOOD,   /* send `data` again and again until the client hangs up */
    FAULT_STALL,   /* listen, but say nothing until the client hangs up */
    FAULT_DEAF,    /* not even listen, until fault_server_finish() */
    FAULT_DRAIN,   /* take no notice of what the client sends, until it hangs up */
    FAULT_CLOSE,   /* end the connection; with TLS without a close_notify */
    FAULT_RESET,   /* the same with a TCP reset */
    FAULT_SIP,     /* wait for one whole request, with a read for each byte */
    FAULT_SERIES,  /* `times` over: wait for a request, and send `data` with its number, from 1, for the # */
    FAULT_MEASURE, /* send `data` with the bytes behind its first empty line counted for the $ */
    FAULT_TUNNEL,  /* go on in TLS, as behind a proxy: the plan's `tunnel` */
    FAULT_TICKETS, /* send TLS 1.3 session tickets until the client hangs up */

    /* Of HTTP/2, where FAULT_READ waits for the next stream's request, and what follows is about that. What
     * is about a stream that the client has ended does nothing. */
    FAULT_H2_STREAM,  /* what follows is about the latest request that was read whose path ends with `data` */
    FAULT_H2_HEADERS, /* status 200, of the type and with the length of the good body */
    FAULT_H2_DATA,    /* send `data` as a part of the body */
    FAULT_H2_END,     /* the body is over */
    FAULT_H2_RESET,   /* RST_STREAM with the error code `times` */
    FAULT_H2_GOAWAY,  /* GOAWAY, with the error code `times`, that covers the stream */
    FAULT_H2_GOAWAY_BEFORE, /* the same with 0 for the last stream: none was looked at */
    FAULT_H2_STREAMS,       /* allow `times` streams at once */
} fault_act;

typedef struct fault_step {
    fault_act act;
    const char *data;
    size_t length;
    unsigned times; /* of FAULT_SEND, FAULT_AWAIT, FAULT_SERIES, FAULT_H2_STREAMS; an error code of HTTP/2 */
} fault_step;

/* `data` and `length` of a literal, without its NUL. */
#define FAULT_TEXT(text) (text), sizeof(text) - 1

#define FAULT_GOOD_BODY "{\"id\":\"good\"}"
#define FAULT_GOOD                                                                                           \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n" FAULT_GOOD_BODY

struct ssl_ctx_st;

#define FAULT_ROUTES_MAX 4u

/* Answers to the requests that begin alike, whatever connection they come over: each finds the next part
 * between FAULT_NEXT of the script, without a FAULT_READ. */
typedef struct fault_route {
    const char *start;        /* of the request; NULL ends an array of routes */
    const fault_step *script; /* ends with FAULT_END */
    const fault_step *rest;   /* the answer to each request after that; NULL: the good one */
} fault_route;

/* All of it is borrowed until the server is freed. */
typedef struct fault_plan {
    const fault_step *script;    /* ends with FAULT_END; NULL: good answers only. The parts between FAULT_NEXT
                                    are for one connection each, the last part for all further ones */
    unsigned connections;        /* how many connections follow it, from the first on; 0: all */
    struct ssl_ctx_st *tls;      /* NULL: plain HTTP */
    struct ssl_ctx_st *good_tls; /* of the connections behind those; NULL: the same */
    struct ssl_ctx_st *tunnel;   /* of FAULT_TUNNEL */
    const char *body;            /* of the good answer, at most 2,048 bytes; NULL: FAULT_GOOD_BODY */
    bool echo;                 /* the good answer's body is the request's target, as a JSON text in a list */
    bool refuse;               /* begin as after fault_server_refuse() */
    const fault_route *routes; /* at most FAULT_ROUTES_MAX, of which the first that fits counts; over HTTP/1,
                                  in the place of the script; NULL: none */
} fault_plan;

typedef struct fault_server fault_server;

/* One whole request, byte for byte. */
typedef struct fault_request {
    unsigned connection; /* from 1 in the order of acceptance */
    const char *text;    /* NUL-terminated */
    size_t length;
} fault_request;

/* Fails the test when the machine has no port, thread or memory. */
fault_server *fault_server_start(const fault_plan *plan);
/* "http://127.0.0.1:PORT", or https with TLS. */
const char *fault_server_url(const fault_server *server);
unsigned fault_server_port(const fault_server *server);

/* Refuse connections, and accept them again; the port stays the server's. */
void fault_server_refuse(fault_server *server);
void fault_server_accept(fault_server *server);

/* Wait until so many whole requests came. */
void fault_server_await_requests(fault_server *server, unsigned count);
/* Wait until so many connections ended on the server's side. */
void fault_server_await_hang_ups(fault_server *server, unsigned count);
/* Wait until so many connections are past their script. */
void fault_server_await_script_ends(fault_server *server, unsigned count);

/* Take all that clients sent until here, then hang up. The clients are done: what is counted after this is
 * all that there ever was. */
void fault_server_finish(fault_server *server);
/* Finish and free. NULL is allowed. */
void fault_server_free(fault_server *server);

/* How many requests came whole. */
unsigned fault_server_request_count(fault_server *server);
/* The i-th in order of arrival, from 0; NULL: there are not so many. It lives as long as the server. */
const fault_request *fault_server_request_at(fault_server *server, size_t i);
/* The one behind it; the first for NULL. NULL: none. Only once the server is finished. */
const fault_request *fault_server_request_after(const fault_server *server, const fault_request *request);
/* How many connections were accepted. */
unsigned fault_server_connection_count(fault_server *server);
/* How many of them got through their TLS handshake. */
unsigned fault_server_handshake_count(fault_server *server);
/* How many of them resumed a session. */
unsigned fault_server_resumption_count(fault_server *server);

#endif
