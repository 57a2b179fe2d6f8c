/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of multipart/form-data (RFC 7578), as far as they can be read without their Content-Type, which
 * recordings do not have: the boundary is what the body begins with. */
#ifndef OKTA_REPLAY_PARTS_H
#define OKTA_REPLAY_PARTS_H

#include "core/arena.h"
#include "exchange.h"
#include "okta/common.h"
#include "okta/error.h"

typedef struct part {
    const char *name;
    const char *file_name;  /* NULL: it is no file */
    const char *media_type; /* NULL: it names none */
    okta_text data;         /* in the body */
} part;

typedef struct part_list {
    part *items;
    size_t count;
} part_list;

/* Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *parts_read(oktai_arena *arena, const recorded_body *body, part_list *out);

/* NULL: both have the same parts, in any order. Else OKTA_E_PROTOCOL, which names a part that differs.
 * Neither list keeps its order. */
okta_error *parts_compare(part_list *expected, part_list *actual);

#endif
