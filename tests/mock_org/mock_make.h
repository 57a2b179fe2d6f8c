/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Made-up JSON of a shape. What a client sent stays as it is; what it lacks is filled in.
 */
#ifndef OKTA_TESTS_MOCK_ORG_MAKE_H
#define OKTA_TESTS_MOCK_ORG_MAKE_H

#include "mock_table.h"

#include <cjson/cJSON.h>

typedef enum mock_state {
    MOCK_STATE_ACTIVE,
    MOCK_STATE_INACTIVE,
    MOCK_STATE_NOT_YET, /**< created without being activated */
} mock_state;

typedef enum mock_fill {
    MOCK_FILL_REQUIRED, /**< required members, the id, the times, the status and the links */
    MOCK_FILL_SCALARS,  /**< the same, and all that is no object and no list */
} mock_fill;

/** What an object is made with. Nullable texts stand for nothing. */
typedef struct mock_maker {
    const char *id;        /**< nullable */
    const char *id_member; /**< the member that holds it, beside `id`; nullable; with a dot none does */
    const char *url;       /**< of the object; nullable: it has no `_links.self` */
    const char *now;       /**< a timestamp */
    mock_state state;      /**< that its status tells */
    mock_fill fill;
} mock_maker;

/**
 * An object of a shape: the members of `base` (nullable) that fit the shape, and what is filled in. Its other
 * members follow where the shape is open or `keep_others`. NULL: memory is out.
 */
cJSON *mock_make_object(const mock_maker *maker, size_t shape, const cJSON *base, bool keep_others);
/** A value of any kind. NULL: memory is out. */
cJSON *mock_make_value(const mock_maker *maker, mock_value value);

/** Whether JSON has the type of a kind; what is inside is not looked at. */
bool mock_kind_fits(mock_value value, const cJSON *json);

/** The text of a status that means a state, where an enum has one or `value` is a string. NULL: none. */
const char *mock_status_text(mock_value value, mock_state state);
/** Whether a member of this name tells when its object changed. */
bool mock_is_update_time(const char *name);
/** Whether a member of this name tells when its object was made. */
bool mock_is_creation_time(const char *name);

#endif
