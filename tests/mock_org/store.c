/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_store.h"

#include "mock_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static size_t hash_of(const char *path)
{
    uint32_t hash = 2166136261U;
    for (; *path != '\0'; path++) {
        hash = (hash ^ (unsigned char)*path) * 16777619U;
    }
    return hash % MOCK_STORE_HASHES;
}

static mock_folder *find_folder(const mock_store *store, const char *path)
{
    mock_folder *folder = store->folders[hash_of(path)];
    while (folder != NULL && strcmp(folder->path, path) != 0) {
        folder = folder->next;
    }
    return folder;
}

static mock_folder *open_folder(mock_store *store, const char *path)
{
    mock_folder *folder = find_folder(store, path);
    if (folder != NULL) {
        return folder;
    }
    folder = calloc(1, sizeof *folder);
    char *copy = mock_copy(path);
    if (folder == NULL || copy == NULL) {
        free(folder);
        free(copy);
        return NULL;
    }
    mock_folder **first = &store->folders[hash_of(path)];
    *folder = (mock_folder){.next = *first, .path = copy};
    *first = folder;
    return folder;
}

static mock_object *find_object(const mock_folder *folder, const char *id)
{
    mock_object *object = folder != NULL ? folder->first : NULL;
    while (object != NULL && strcmp(object->id, id) != 0) {
        object = object->next;
    }
    return object;
}

const mock_object *mock_store_find(const mock_store *store, const char *folder, const char *id)
{
    return find_object(find_folder(store, folder), id);
}

const mock_object *mock_store_first(const mock_store *store, const char *folder)
{
    const mock_folder *found = find_folder(store, folder);
    return found != NULL ? found->first : NULL;
}

/* About as much as JSON takes in memory. Its depth is that of a request, which the reader limits. */
static size_t measure(const cJSON *json)
{
    size_t bytes = sizeof *json;
    bytes += json->string != NULL ? strlen(json->string) + 1 : 0;
    bytes += json->valuestring != NULL ? strlen(json->valuestring) + 1 : 0;
    for (const cJSON *item = json->child; item != NULL; item = item->next) {
        bytes += measure(item);
    }
    return bytes;
}

static mock_object *add_object(mock_folder *folder, const char *id)
{
    mock_object *object = calloc(1, sizeof *object);
    char *copy = mock_copy(id);
    if (object == NULL || copy == NULL) {
        free(object);
        free(copy);
        return NULL;
    }
    object->id = copy;
    if (folder->last != NULL) {
        folder->last->next = object;
    } else {
        folder->first = object;
    }
    folder->last = object;
    return object;
}

mock_stored mock_store_put(mock_store *store, const char *folder_path, const char *id, cJSON *json)
{
    size_t bytes = sizeof(mock_folder) + sizeof(mock_object) + strlen(folder_path) + strlen(id) +
                   (json != NULL ? measure(json) : 0);
    mock_object *object = find_object(find_folder(store, folder_path), id);
    size_t others = store->bytes - (object != NULL ? object->bytes : 0);
    bool full = object == NULL && store->objects >= store->object_limit;
    size_t room = store->byte_limit > others ? store->byte_limit - others : 0;
    /* A mark takes less than what it marks: deleting always works. */
    if (full || (json != NULL && bytes > room)) {
        cJSON_Delete(json);
        return MOCK_STORE_FULL;
    }
    if (object == NULL) {
        mock_folder *folder = open_folder(store, folder_path);
        object = folder != NULL ? add_object(folder, id) : NULL;
        if (object == NULL) {
            cJSON_Delete(json);
            return MOCK_STORE_NO_MEMORY;
        }
        store->objects++;
        object->order = store->made++;
    }
    cJSON_Delete(object->json);
    object->json = json;
    object->bytes = bytes;
    store->bytes = others + bytes;
    return MOCK_STORED;
}

static void free_object(mock_store *store, mock_object *object)
{
    store->objects--;
    store->bytes -= object->bytes;
    cJSON_Delete(object->json);
    free(object->id);
    free(object);
}

/* An empty one: whoever makes and deletes objects at ever other paths must not fill the memory. */
static void drop_folder(mock_store *store, mock_folder *folder)
{
    mock_folder **at = &store->folders[hash_of(folder->path)];
    while (*at != folder) {
        at = &(*at)->next;
    }
    *at = folder->next;
    free(folder->path);
    free(folder);
}

void mock_store_remove(mock_store *store, const char *folder_path, const char *id)
{
    mock_folder *folder = find_folder(store, folder_path);
    mock_object *before = NULL;
    mock_object *object = folder != NULL ? folder->first : NULL;
    while (object != NULL && strcmp(object->id, id) != 0) {
        before = object;
        object = object->next;
    }
    if (object == NULL) {
        return;
    }
    if (before != NULL) {
        before->next = object->next;
    } else {
        folder->first = object->next;
    }
    if (folder->last == object) {
        folder->last = before;
    }
    free_object(store, object);
    if (folder->first == NULL) {
        drop_folder(store, folder);
    }
}

static void free_folder(mock_store *store, mock_folder *folder)
{
    while (folder->first != NULL) {
        mock_object *next = folder->first->next;
        free_object(store, folder->first);
        folder->first = next;
    }
    free(folder->path);
    free(folder);
}

static bool is_below(const char *path, const char *root)
{
    size_t length = strlen(root);
    return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

void mock_store_forget(mock_store *store, const char *path)
{
    for (size_t i = 0; i < MOCK_STORE_HASHES; i++) {
        for (mock_folder **at = &store->folders[i]; *at != NULL;) {
            mock_folder *folder = *at;
            if (is_below(folder->path, path)) {
                *at = folder->next;
                free_folder(store, folder);
            } else {
                at = &folder->next;
            }
        }
    }
}

void mock_store_clear(mock_store *store)
{
    for (size_t i = 0; i < MOCK_STORE_HASHES; i++) {
        while (store->folders[i] != NULL) {
            mock_folder *next = store->folders[i]->next;
            free_folder(store, store->folders[i]);
            store->folders[i] = next;
        }
    }
}
