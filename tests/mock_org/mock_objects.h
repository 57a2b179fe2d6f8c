/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The objects that paths are about: those that clients made, and those that are there by nature. The latter
 * take no memory until they change: they are made up for each answer, always the same.
 *
 * How objects come to a place stands in its row (mock_operation.h). What is neither in the store nor there by
 * nature is answered with 404.
 */
#ifndef OKTA_TESTS_MOCK_ORG_OBJECTS_H
#define OKTA_TESTS_MOCK_ORG_OBJECTS_H

#include "mock_make.h"
#include "mock_state.h"

/** One object, or the only one at a path that has no id. */
typedef struct mock_spot {
    const mock_place *place; /**< NULL: the only one at its path */
    mock_value shape;        /**< of kind 'o'; NUL: it has no members that are described */
    char *folder;            /**< the path of its collection, or its own where it is the only one; owned */
    const char *id;          /**< borrowed; "" where it is the only one */
} mock_spot;

/**
 * Walk the path of a request to the object of its last placeholder; without one `folder` is NULL. All objects
 * on the way must exist, the last one too unless it ends the path and `may_be_new`.
 * @return false: the answer is a refusal or broken, and there is nothing to clear
 */
bool mock_spot_walk(mock_call *call, const mock_operation *operation, const mock_path *path, bool may_be_new,
                    mock_spot *out);
/** The only object at the whole path of a request. False: memory is out, and the answer is broken. */
bool mock_spot_whole(mock_call *call, const mock_operation *operation, const mock_path *path, mock_spot *out);
void mock_spot_clear(mock_spot *spot);

/** Answer that there is no such object, by the name of its kind. */
void mock_spot_refuse_missing(const mock_call *call, const mock_spot *spot);
bool mock_spot_exists(const mock_call *call, const mock_spot *spot);
/** The object at a spot that exists, for cJSON_Delete(). NULL: memory is out, and the answer is broken. */
cJSON *mock_spot_read(mock_call *call, const mock_spot *spot);
/**
 * Put an object there; `json` is released where it fails, too. NULL deletes it, with all below it.
 * @return false: the answer is a refusal or broken
 */
bool mock_spot_write(mock_call *call, const mock_spot *spot, cJSON *json);

/** The path of a spot's object, for free(). NULL: memory is out. */
char *mock_spot_path(const mock_spot *spot);

/** An id for a further object of a folder. */
void mock_new_id(mock_org *org, const char *folder, char out[MOCK_ID_SIZE]);
/** Ids that are in a folder by nature: the i-th, or NULL behind the last one. `out` holds a made-up one. */
const char *mock_natural_id(const mock_place *place, const char *folder, size_t i, char out[MOCK_ID_SIZE]);

/**
 * An object as an answer has it: of another shape than its own where `shape` is one. NULL: a made-up one.
 * @return NULL: memory is out
 */
cJSON *mock_show(const mock_call *call, const mock_spot *spot, const cJSON *object, mock_value shape);

#endif
