/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Objects by folder and id, in the order they came. A folder is the path of a collection. No rules here, no
 * HTTP. An object may be marked as deleted, so that one that is there by nature can go. Zero is an empty
 * store; one as large as its limits takes nothing more.
 */
#ifndef OKTA_TESTS_MOCK_ORG_STORE_H
#define OKTA_TESTS_MOCK_ORG_STORE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct mock_object {
    struct mock_object *next;
    char *id;
    cJSON *json; /**< NULL: deleted */
    size_t bytes;
    unsigned order; /**< greater than that of all that came before it */
} mock_object;

typedef struct mock_folder {
    struct mock_folder *next; /**< of the same hash */
    char *path;
    mock_object *first;
    mock_object *last;
} mock_folder;

#define MOCK_STORE_HASHES 256

typedef struct mock_store {
    mock_folder *folders[MOCK_STORE_HASHES];
    size_t object_limit;
    size_t byte_limit; /**< of all objects, about as they are in memory */
    size_t objects;    /**< those that are deleted included */
    size_t bytes;
    unsigned made; /**< the order of the next one */
} mock_store;

typedef enum mock_stored {
    MOCK_STORED,
    MOCK_STORE_FULL,
    MOCK_STORE_NO_MEMORY,
} mock_stored;

/** NULL: the store has no such object, not even a deleted one. */
const mock_object *mock_store_find(const mock_store *store, const char *folder, const char *id);
/** The first object of a folder, or NULL. */
const mock_object *mock_store_first(const mock_store *store, const char *folder);
/** Put an object in or replace it; the store owns `json`, also where it fails. `json` NULL: mark as deleted.
 */
mock_stored mock_store_put(mock_store *store, const char *folder, const char *id, cJSON *json);
/** Take an object out, without a mark. */
void mock_store_remove(mock_store *store, const char *folder, const char *id);
/** Forget every folder at a path and below it. */
void mock_store_forget(mock_store *store, const char *path);
void mock_store_clear(mock_store *store);

#endif
