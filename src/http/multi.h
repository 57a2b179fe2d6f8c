/* SPDX-License-Identifier: Apache-2.0 */
/* A CURLM of an event loop with its connections: what libcurl wants of the loop, and what became of it. */
#ifndef OKTA_HTTP_MULTI_H
#define OKTA_HTTP_MULTI_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "http/connections.h"

#define OKTAI_WATCH_INPUT  1u
#define OKTAI_WATCH_OUTPUT 2u
#define OKTAI_WATCH_IDLE   4u /* nothing, but its connection is kept: it is likely to be watched again */

/* What an event loop does for a pool (http/pool.h). Nothing here may call the pool. */
typedef struct oktai_pool_hooks {
    void *context;
    /* Call oktai_pool_on_socket() while the socket is ready for `what`, anew each time as long as it is
     * (level triggered); OKTAI_WATCH_IDLE: watch it no more, or let it be while nobody minds; 0: watch it no
     * more, it may be closed next. False: out of memory. */
    bool (*watch)(void *context, int socket, unsigned what);
    /* Call oktai_pool_on_timer() once, so many ms from now; it replaces the one before. -1: never. */
    void (*set_timer)(void *context, int64_t ms);
    /* See that oktai_pool_on_look_up() is called soon. The only one that is called in another thread than the
     * loop's, and under a lock. */
    void (*look_up_ended)(void *context);
} oktai_pool_hooks;

typedef struct oktai_multi {
    struct oktai_multi *next;
    const oktai_pool_hooks *hooks;
    uint64_t number; /* among those of its pool, from 1 */
    CURLM *multi;
    oktai_connections connections;
    size_t flights;
    int64_t due_ms;      /* when libcurl wants to be called; 0: at once; -1: never */
    int64_t lived_ms;    /* when a request was answered last */
    curl_socket_t rouse; /* of a connection whose requests are to look at it; CURL_SOCKET_BAD: none */
    void (*unwatched)(CURL *easy); /* a socket of this one cannot be watched */
    bool has_unwatched;
    bool dropped; /* libcurl closed a socket: see what its requests do without */
    bool retired; /* no further request begins in it */
    bool broken;  /* out of memory: nothing in it goes on */
} oktai_multi;

/* `hooks` are borrowed. It keeps so many connections. NULL: out of memory. */
oktai_multi *oktai_multi_new(const oktai_pool_hooks *hooks, uint64_t number, unsigned connections_max);
/* Close its connections, and free. No transfer may be in it. */
void oktai_multi_free(oktai_multi *multi);

/* A socket is ready for `what` (0: it has an error), which may be another's. */
void oktai_multi_on_socket(oktai_multi *multi, int socket, unsigned what);
/* Its time is there. */
void oktai_multi_on_time(oktai_multi *multi);

#endif
