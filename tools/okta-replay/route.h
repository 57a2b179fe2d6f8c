/* SPDX-License-Identifier: Apache-2.0 */
/* Which operation a recorded request is of. */
#ifndef OKTA_REPLAY_ROUTE_H
#define OKTA_REPLAY_ROUTE_H

#include "client/operation.h"
#include "exchange.h"

typedef struct route {
    const oktai_operation *operation; /* NULL: none has this method and path */
    const char *path;                 /* with single slashes, and none at its end */
    const char *const *ids;           /* what stands for the placeholders of the operation, decoded */
} route;

/* Errors: OKTA_E_NOMEM. A path with a segment `.` or `..`, also percent-encoded, is of no operation. */
okta_error *route_find(oktai_arena *arena, const exchange *one, route *out);

/* Whether two paths are the same once their escapes are decoded, segment by segment. */
okta_error *route_same_path(oktai_arena *arena, const char *one, const char *other, bool *out_same);

/* A path of route_find() with `{}` for each segment that may be a value: one where an operation has a
 * placeholder, and one that neither is a word nor stands in the path of an operation. NULL: out of memory. */
const char *route_hide(oktai_arena *arena, const char *path);

#endif
