/* SPDX-License-Identifier: Apache-2.0 */
/* Link headers (RFC 8288). Pure functions. */
#ifndef OKTA_HTTP_LINKS_H
#define OKTA_HTTP_LINKS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "http/headers.h"

typedef enum oktai_link_result {
    OKTAI_LINK_NONE,    /* no header has rel="next" */
    OKTAI_LINK_FOUND,   /* exactly one target */
    OKTAI_LINK_DAMAGED, /* a Link header cannot be parsed, or two different targets are next */
    OKTAI_LINK_FOREIGN, /* the target is no http(s) URL or path, or leaves the API's paths */
    OKTAI_LINK_NO_MEMORY,
} oktai_link_result;

/* The `next` target of an answer as path and query; scheme, user, host and port are dropped, never used. A
 * target is refused unless oktai_uri_refuse_target() passes it and its path begins with "/api/v1/",
 * "/oauth2/v1/", "/<segment>/api/v1/" or "/<segment>/api/v2/". A link without a relation is damage too, since
 * it may have been the next one: an answer whose `next` arrives cut never looks like the last page. Damage in
 * any Link header outweighs all else. `*out` is NULL unless the result is OKTAI_LINK_FOUND; it lies in
 * `arena`. */
oktai_link_result oktai_links_next(const oktai_headers *headers, oktai_arena *arena, const char **out);

/* The same for the `self` target: what the server calls the answer at hand. */
oktai_link_result oktai_links_self(const oktai_headers *headers, oktai_arena *arena, const char **out);

/* The same as oktai_links_next() for a URI that came by another way than a Link header: OKTAI_LINK_FOUND,
 * OKTAI_LINK_FOREIGN or OKTAI_LINK_NO_MEMORY. */
oktai_link_result oktai_links_target(const char *uri, size_t length, oktai_arena *arena, const char **out);

#endif
