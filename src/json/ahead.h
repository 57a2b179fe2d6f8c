/* SPDX-License-Identifier: Apache-2.0 */
/* What the value ahead of a reader suits. Nothing is consumed. */
#ifndef OKTA_JSON_AHEAD_H
#define OKTA_JSON_AHEAD_H

#include "core/arena.h"
#include "json/descriptor.h"
#include "json/reader.h"

/* Whether a row takes a value like the one ahead, which has that type. What is empty suits every row of its
 * type. */
bool oktai_ahead_suits(const oktai_reader *reader, const oktai_row *row, oktai_json_type json_type);

/* Whether a row takes every value of the JSON type, since an element that is no object shows by its text. */
bool oktai_ahead_takes_all(const oktai_row *row, oktai_json_type json_type);

/* Whether the value ahead is a link, or an array of nothing else; `*is_array` tells which. */
bool oktai_ahead_is_link(oktai_reader *reader, bool *is_array);

/* Which variant the object ahead is: its enum value. 1: none that the library knows. 0: no memory. Texts with
 * escapes lie in `arena`. */
int oktai_ahead_variant(const oktai_reader *reader, oktai_arena *arena, const oktai_variants *variants);

#endif
