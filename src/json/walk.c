/* SPDX-License-Identifier: Apache-2.0 */
#include "json/walk.h"

/* The places of a type, to be filled; NULL: there is no room for them. */
static oktai_named *new_places(oktai_orders *orders, const okta_descriptor *type)
{
    size_t count = type->row_count + OKTAI_PLACES_SPARE;
    if (orders->count == OKTAI_ORDERS || count > OKTAI_PLACES - orders->place_count) {
        return NULL;
    }
    oktai_named *places = &orders->places[orders->place_count];
    for (size_t i = 0; i < count; i++) {
        places[i] = (oktai_named){0};
    }
    orders->place_count += count;
    orders->orders[orders->count++] = (oktai_order){type, places};
    return places;
}

oktai_walk oktai_walk_begin(oktai_orders *orders, const okta_descriptor *type)
{
    oktai_walk walk = {.type = type};
    size_t count = orders == NULL ? 0 : orders->count;
    for (size_t i = 0; i < count; i++) {
        if (orders->orders[i].type == type) {
            walk.places = orders->orders[i].places;
            return walk;
        }
    }
    walk.places = orders == NULL ? NULL : new_places(orders, type);
    return walk;
}

/* Look at the row behind the last one first. */
static oktai_named find_named(const oktai_walk *walk, okta_text name)
{
    const okta_descriptor *type = walk->type;
    const oktai_row *row = walk->hint < type->row_count ? &type->rows[walk->hint] : NULL;
    if (row == NULL || !oktai_row_is(row, name.text, name.length)) {
        row = oktai_row_find(type, name.text, name.length);
    }
    const oktai_row *last = row;
    while (last != NULL && oktai_row_next(last) != NULL) {
        last = oktai_row_next(last);
    }
    size_t next = last == NULL ? type->row_count + walk->unknown + 1 : (size_t)(last - type->rows) + 1;
    return (oktai_named){name, row, next};
}

/* Only a name that stands in the text as it is can be found there again. */
static bool is_raw(const oktai_reader *reader, okta_text name)
{
    return (uintptr_t)name.text - (uintptr_t)reader->start < (uintptr_t)(reader->end - reader->start);
}

bool oktai_walk_find(oktai_walk *walk, oktai_reader *reader, bool first, oktai_arena *arena,
                     oktai_named *expected, oktai_named *out)
{
    okta_text name;
    if (!oktai_reader_member(reader, first, arena, &name)) {
        return false;
    }
    *out = find_named(walk, name);
    if (expected != NULL && is_raw(reader, name)) {
        *expected = *out;
    }
    return true;
}
