/* SPDX-License-Identifier: Apache-2.0 */
/* `name=value&...`: queries and forms. */
#ifndef OKTA_REPLAY_PAIRS_H
#define OKTA_REPLAY_PAIRS_H

#include "client/operation.h"

/* A pair, decoded. */
typedef struct pair {
    okta_text name;
    okta_text value;
} pair;

typedef struct pair_list {
    pair *items;
    size_t count;
} pair_list;

/* Read pairs; they live in the arena. Errors: OKTA_E_NOMEM. */
okta_error *pairs_read(oktai_arena *arena, const char *text, pair_list *out);

/* NULL: both have the same pairs as often, in any order. Else OKTA_E_PROTOCOL, which names a parameter that
 * differs; OKTA_E_NOMEM. Neither list keeps its order. */
okta_error *pairs_compare(pair_list *expected, pair_list *actual);

/* Write the pairs as a JSON object that a model of that type is decoded from: lists as arrays, numbers and
 * truth values as such where they are written as JSON writes them, all else as strings. `flags` are those of
 * an oktai_params; NULL: the type is that of a form, whose lists have a pair for each value. Errors:
 * OKTA_E_PROTOCOL (not UTF-8), OKTA_E_NOMEM. */
okta_error *pairs_write_json(const pair_list *pairs, const okta_descriptor *type, const uint8_t *flags,
                             oktai_buffer *out);

#endif
