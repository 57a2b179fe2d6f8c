/* SPDX-License-Identifier: Apache-2.0 */
/* Link headers (RFC 8288). Pure functions. */
#ifndef OKTA_HTTP_LINKS_H
#define OKTA_HTTP_LINKS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "http/headers.h"

typedef enum okta_link_result {
    OKTA_LINK_NONE,    /* no header has rel="next" */
    OKTA_LINK_FOUND,   /* exactly one target */
    OKTA_LINK_DAMAGED, /* a Link header cannot be parsed, or two different targets are next */
    OKTA_LINK_FOREIGN, /* the target is no http(s) URL or path, or leaves the API's paths */
    OKTA_LINK_NO_MEMORY,
} okta_link_result;

/* The `next` target of an answer as path and query; scheme, user, host and port are dropped, never used. A
 * target is refused unless okta_uri_refuse_target() passes it and its path begins with "/api/v1/",
 * "/oauth2/v1/" or "/<segment>/api/v1/". A link without a relation is damage too, since it may have been the
 * next one: an answer whose `next` arrives cut never looks like the last page. Damage in any Link header
 * outweighs all else. `*out` is NULL unless the result is OKTA_LINK_FOUND; it lies in `arena`. */
okta_link_result okta_links_next(const okta_headers *headers, okta_arena *arena, const char **out);

#endif
