/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of the names that a client connects to. The system's look-up blocks, for as long as it likes: it
 * runs in a thread of its own, of which a client has one at most, and only while something is looked up. All
 * calls of the client share it and what it finds, and leave when their time is up. */
#ifndef OKTA_HTTP_RESOLVER_H
#define OKTA_HTTP_RESOLVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"

#define OKTAI_NAMES_MAX 2u

/* A host by name, as libcurl has it, and the port that is connected to. */
typedef struct oktai_name {
    const char *host;
    unsigned port;
} oktai_name;

typedef struct oktai_resolver oktai_resolver;

/* For these names, which are copied; at most OKTAI_NAMES_MAX. NULL: out of memory. */
oktai_resolver *oktai_resolver_new(const oktai_name *names, size_t count);
/* Let go without waiting: a thread that is in a look-up frees what it needs when that is over. NULL is
 * allowed. */
void oktai_resolver_free(oktai_resolver *resolver);

typedef enum oktai_found {
    OKTAI_FOUND,
    OKTAI_NOT_FOUND,      /* `reason` says why */
    OKTAI_FOUND_TOO_LATE, /* the time was up */
    OKTAI_FIND_CANCELED,
    OKTAI_FIND_NO_MEMORY,
} oktai_found;

typedef struct oktai_search {
    int64_t now_ms;              /* of the client's clock: an answer counts for a minute */
    int64_t wait_ms;             /* 0: start a look-up where one is due, and do not wait for it */
    const atomic_bool *canceled; /* looked at when oktai_resolver_wake() is called */
    uint64_t number;             /* in: of the addresses at hand, 0: none; out: of those that were found */
    uint64_t ticket;    /* in: 0, or that of the same search before; out: of the look-up that answers it */
    const char *reason; /* out: static text */
} oktai_search;

/* Find the addresses of a name. When their number is another than the one at hand, `*line` becomes
 * `host:port:address,address`, as CURLOPT_RESOLVE takes it. */
oktai_found oktai_resolver_find(oktai_resolver *resolver, size_t name, oktai_search *search,
                                oktai_buffer *line);

/* Who wants to know that a look-up ended. It is told by the resolver's thread, or by whoever wakes all, under
 * the resolver's lock: it may call nothing of the resolver. */
typedef struct oktai_resolver_watcher {
    void (*told)(void *context);
    void *context;
    struct oktai_resolver_watcher *next;
} oktai_resolver_watcher;

/* The watcher is the caller's, until it watches no more: then nobody calls it. */
void oktai_resolver_watch(oktai_resolver *resolver, oktai_resolver_watcher *watcher);
void oktai_resolver_unwatch(oktai_resolver *resolver, oktai_resolver_watcher *watcher);

/* Have those who wait look at `canceled`. From any thread. */
void oktai_resolver_wake(oktai_resolver *resolver);

#endif
