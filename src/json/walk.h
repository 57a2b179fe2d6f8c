/* SPDX-License-Identifier: Apache-2.0 */
/* The members of an object one after the other, with their rows. A server has an order of its own, which is
 * the same in all elements of a list: what came at a place of an object is expected there in the next one. */
#ifndef OKTA_JSON_WALK_H
#define OKTA_JSON_WALK_H

#include "json/descriptor.h"
#include "json/reader.h"

#define OKTAI_ORDERS       16u
#define OKTAI_PLACES       256u
#define OKTAI_PLACES_SPARE 8u /* of a type, beyond one for each row */

/* A member of a model. */
typedef struct oktai_named {
    okta_text name;
    const oktai_row *row; /* the first one of that name; NULL: the struct does not have it */
    size_t next;          /* the place behind it */
} oktai_named;

/* What came at the places of a type. The place behind a row has the number of the next row, and the one
 * behind the n-th member that has none has n more than there are rows. */
typedef struct oktai_order {
    const okta_descriptor *type;
    oktai_named *places;
} oktai_order;

/* Of one document. What is not counted yet has no meaning: most documents need little of it. */
typedef struct oktai_orders {
    size_t count;
    size_t place_count;
    oktai_order orders[OKTAI_ORDERS];
    oktai_named places[OKTAI_PLACES];
} oktai_orders;

typedef struct oktai_walk {
    const okta_descriptor *type;
    oktai_named *places; /* NULL: nothing is expected */
    size_t place;
    size_t unknown; /* members without a row so far */
    size_t hint;    /* number of the row behind the last one */
} oktai_walk;

static inline void oktai_orders_init(oktai_orders *orders)
{
    orders->count = 0;
    orders->place_count = 0;
}

/* Begin with an object of that type. `orders` is nullable. */
oktai_walk oktai_walk_begin(oktai_orders *orders, const okta_descriptor *type);

/* oktai_reader_member(), with the row. `expected`: what to replace by it; nullable. */
bool oktai_walk_find(oktai_walk *walk, oktai_reader *reader, bool first, oktai_arena *arena,
                     oktai_named *expected, oktai_named *out);

/* The same as oktai_reader_member(), with the row. */
static inline bool oktai_walk_next(oktai_walk *walk, oktai_reader *reader, bool first, oktai_arena *arena,
                                   oktai_named *out)
{
    bool has_place = walk->places != NULL && walk->place < walk->type->row_count + OKTAI_PLACES_SPARE;
    oktai_named *expected = has_place ? &walk->places[walk->place] : NULL;
    if (expected != NULL && expected->name.text != NULL &&
        oktai_reader_member_is(reader, first, expected->name.text, expected->name.length)) {
        *out = *expected;
    } else if (!oktai_walk_find(walk, reader, first, arena, expected, out)) {
        return false;
    }
    walk->place = out->next;
    if (out->row == NULL) {
        walk->unknown++;
    } else {
        walk->hint = out->next;
    }
    return true;
}

#endif
