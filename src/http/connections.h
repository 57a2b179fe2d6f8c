/* SPDX-License-Identifier: Apache-2.0 */
/* The open connections of one CURLM that serves many requests. libcurl tells which one it chose for a request
 * by the addresses of its ends only; so each socket is noted while it is open. */
#ifndef OKTA_HTTP_CONNECTIONS_H
#define OKTA_HTTP_CONNECTIONS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/list.h"

#define OKTAI_CONNECTION_ROWS 64u
#define OKTAI_ADDRESS_SIZE    46u /* an address of IPv6 as text */

typedef struct oktai_connection {
    oktai_link link;               /* in the row of its socket, or among those that are closed */
    struct oktai_connection *next; /* in the row of its port, or among those that nothing was sent over */
    curl_socket_t socket;          /* CURL_SOCKET_BAD: it is closed */
    const void *opener;            /* the transfer that it was opened for */
    unsigned holders;              /* transfers that refer to it */
    unsigned requests;             /* in flight over it */
    uint64_t sent;                 /* requests that went over it so far */
    uint64_t round;                /* of its owner that looked at it last */
    uint64_t answered;             /* the latest of them whose answer began */
    /* Its own end: asked for again until a request went over it, and final then. Port 0: not known. */
    int port;
    char address[OKTAI_ADDRESS_SIZE];
    char peer[OKTAI_ADDRESS_SIZE]; /* the address of the other end, once a request went over it */
} oktai_connection;

/* What libcurl tells of a connection. The system gives one port of this machine to several connections whose
 * peers differ. The peer's port tells nothing: all have the same, and libcurl's is never a proxy's. */
typedef struct oktai_ends {
    const char *address;
    int port;
    const char *peer;
} oktai_ends;

typedef struct oktai_connections oktai_connections;

/* What transfers do with them. A program that has no event loop links none of it. */
typedef struct oktai_connections_use {
    curl_socket_t (*add)(oktai_connections *connections, const void *opener, curl_socket_t socket);
    void (*give_up)(oktai_connections *connections, const void *opener);
    oktai_connection *(*hold)(oktai_connections *connections, const oktai_ends *ends, const void *opener);
    uint64_t (*send)(oktai_connections *connections, oktai_connection *connection);
    void (*let_go)(oktai_connections *connections, oktai_connection *connection);
    bool (*is_quiet)(const oktai_connection *connection);
} oktai_connections_use;

/* The functions below. */
extern const oktai_connections_use oktai_connections_uses;

/* Zeroed but for its functions and their context: none. */
struct oktai_connections {
    const oktai_connections_use *use;
    /* A socket is about to be closed: libcurl tells that nobody is to watch it only behind that, if at all.
     */
    void (*forget)(void *context, curl_socket_t socket);
    void *context;
    size_t open;       /* how many are */
    size_t connecting; /* transfers that have no connection yet, and opened a socket */
    /* Of those that are open. The row of a number is that of its remainder. */
    oktai_list by_socket[OKTAI_CONNECTION_ROWS];
    oktai_connection *by_port[OKTAI_CONNECTION_ROWS]; /* with requests that went over them */
    oktai_connection *unsent;                         /* without */
    oktai_list closed;                                /* that somebody holds */
};

/* Free what is noted; nobody holds any more. */
void oktai_connections_clear(oktai_connections *connections);

/* A socket is opened for a transfer. Returns the one to use, which may have another number: libcurl closes
 * what does not connect without a word, and takes a socket of that number for the one before.
 * CURL_SOCKET_BAD: out of memory or descriptors, and it is closed. */
curl_socket_t oktai_connections_add(oktai_connections *connections, const void *opener, curl_socket_t socket);
/* A transfer ends before it is connected: libcurl closes its sockets, and tells nobody before that. */
void oktai_connections_give_up(oktai_connections *connections, const void *opener);
/* Whether a request went over it: then libcurl does not close it without a word. */
bool oktai_connections_is_kept(const oktai_connections *connections, curl_socket_t socket);
/* libcurl wants it closed. `context`: the connections, as CURLOPT_CLOSESOCKETDATA. */
int oktai_connections_close(void *context, curl_socket_t socket);

/* The one with these ends, which is held then; NULL: none is known. `opener`: the transfer that it was opened
 * for, and that nothing was sent over it; NULL: it may be any. */
oktai_connection *oktai_connections_hold(oktai_connections *connections, const oktai_ends *ends,
                                         const void *opener);
/* A request goes over it. Returns its place among those that did, from 1. */
uint64_t oktai_connections_send(oktai_connections *connections, oktai_connection *connection);
void oktai_connections_let_go(oktai_connections *connections, oktai_connection *connection);

/* Whether nothing arrived, neither bytes nor an end. */
bool oktai_connection_is_quiet(const oktai_connection *connection);

#endif
