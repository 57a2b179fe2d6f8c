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

/* The proxy that a client of this org takes from the environment where the option is NULL, as it stands
 * there. NULL: none is set, or the org is reached by plain HTTP; "": a variable excludes the org. Without an
 * org, `base_url` NULL, no host is excluded. `*variable` receives the name of the variable that says so.
 * False: out of memory. */
bool oktai_route_look_at_environment(const char *base_url, const char **proxy, const char **variable);

#endif
