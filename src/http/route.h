/* SPDX-License-Identifier: Apache-2.0 */
/* The way of a client's connections: to the org or to a proxy, and which names that takes. */
#ifndef OKTA_HTTP_ROUTE_H
#define OKTA_HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "http/resolver.h"

typedef struct oktai_route {
    const char *proxy;                 /* its URL; "": none */
    const char *proxy_label;           /* for people, without user and password, with where it came from */
    oktai_name names[OKTAI_NAMES_MAX]; /* to be looked up before there is a connection */
    size_t name_count;
} oktai_route;

/* `base_url` is the org's. `proxy` is the option: NULL for what the environment says now, "" for none;
 * `source` is where that came from, NULL for the program itself. Everything is copied into the arena. False:
 * out of memory. */
bool oktai_route_find(oktai_arena *arena, const char *base_url, const char *proxy, const char *source,
                      oktai_route *out);

#endif
