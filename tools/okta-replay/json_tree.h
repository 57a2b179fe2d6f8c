/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON document as a tree, and whether two of them say the same. cJSON would not do: it rounds numbers and
 * cuts strings at a NUL. */
#ifndef OKTA_REPLAY_JSON_TREE_H
#define OKTA_REPLAY_JSON_TREE_H

#include "core/arena.h"
#include "core/buffer.h"
#include "okta/error.h"
#include "json/reader.h"

typedef struct json_node json_node;
struct json_node {
    oktai_json_type type;
    okta_text name;   /* of a member of an object, unescaped */
    okta_text text;   /* a string unescaped, a number as it was written */
    json_node *items; /* of an array or an object, in their order */
    size_t count;
};

/* Read a document. A NUL stands behind `text`, and the tree points into it. Errors: OKTA_E_PROTOCOL,
 * OKTA_E_NOMEM. */
okta_error *json_tree_read(oktai_arena *arena, const char *text, size_t length, json_node *out);

/* The first member of that name; NULL: none, or no object. */
const json_node *json_tree_member(const json_node *object, const char *name);

/* Append the name of each member of a document that its object has before already, an okta_text, to `out`.
 * False: out of memory. */
bool json_tree_doubled(oktai_arena *arena, const json_node *document, oktai_vector *out);

/* Compare two values: objects without regard to the order of their members, of those that stand twice the
 * first; numbers by their exact value, so that 1.0, 1 and 1e0 are the same. `pointer` receives where they
 * first differ (RFC 6901). The arena is scratch. `*out_same`: the verdict. Errors: OKTA_E_NOMEM. */
okta_error *json_tree_compare(oktai_arena *arena, const json_node *expected, const json_node *actual,
                              oktai_buffer *pointer, bool *out_same);

/* Whether two numbers as JSON writes them have the same value. */
bool json_number_same(okta_text one, okta_text other);

#endif
