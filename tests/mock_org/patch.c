/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_patch.h"

#include "mock_json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool mock_patch_merge(cJSON *target, const cJSON *patch)
{
    const cJSON *change = NULL;
    bool merged = true;
    cJSON_ArrayForEach(change, patch)
    {
        cJSON *old = cJSON_GetObjectItemCaseSensitive(target, change->string);
        if (cJSON_IsNull(change)) {
            cJSON_DeleteItemFromObjectCaseSensitive(target, change->string);
        } else if (!cJSON_IsObject(change)) {
            merged = mock_json_set(target, change->string, cJSON_Duplicate(change, true));
        } else if (cJSON_IsObject(old)) {
            merged = mock_patch_merge(old, change);
        } else {
            cJSON *made = cJSON_CreateObject();
            merged = made != NULL && mock_patch_merge(made, change);
            if (merged) {
                merged = mock_json_set(target, change->string, made);
            } else {
                cJSON_Delete(made);
            }
        }
        if (!merged) {
            return false;
        }
    }
    return true;
}

/* One reference token of a pointer with ~0 and ~1 decoded, for free(). */
static char *decode_token(const char *text, size_t length)
{
    char *token = malloc(length + 1);
    size_t used = 0;
    for (size_t i = 0; token != NULL && i < length; i++) {
        char character = text[i];
        if (character == '~' && i + 1 < length && (text[i + 1] == '0' || text[i + 1] == '1')) {
            character = text[++i] == '0' ? '~' : '/';
        }
        token[used++] = character;
    }
    if (token != NULL) {
        token[used] = '\0';
    }
    return token;
}

/* The index that a token is, or -1. */
static int index_of(const char *token)
{
    size_t length = strspn(token, "0123456789");
    bool plain = length > 0 && length < 8 && token[length] == '\0' && (length == 1 || *token != '0');
    return plain ? (int)strtol(token, NULL, 10) : -1;
}

static cJSON *child_of(cJSON *parent, const char *token)
{
    if (cJSON_IsArray(parent)) {
        int index = index_of(token);
        return index >= 0 ? cJSON_GetArrayItem(parent, index) : NULL;
    }
    return cJSON_GetObjectItemCaseSensitive(parent, token);
}

/* The value that holds what a path points to, and the path's last token, for free(). NULL: there is none. */
static cJSON *find_holder(cJSON *target, const char *path, char **out_last)
{
    path += *path == '/';
    for (;;) {
        size_t length = strcspn(path, "/");
        char *token = decode_token(path, length);
        if (token == NULL || path[length] == '\0') {
            *out_last = token;
            return token != NULL ? target : NULL;
        }
        target = child_of(target, token);
        free(token);
        if (target == NULL) {
            *out_last = NULL;
            return NULL;
        }
        path += length + 1;
    }
}

static bool insert(cJSON *holder, const char *token, const cJSON *value)
{
    if (!cJSON_IsArray(holder)) {
        return cJSON_IsObject(holder) && mock_json_set(holder, token, cJSON_Duplicate(value, true));
    }
    int size = cJSON_GetArraySize(holder);
    int index = strcmp(token, "-") == 0 ? size : index_of(token);
    cJSON *copy = index >= 0 && index <= size ? cJSON_Duplicate(value, true) : NULL;
    bool added = copy != NULL && (index == size ? cJSON_AddItemToArray(holder, copy)
                                                : cJSON_InsertItemInArray(holder, index, copy));
    if (!added) {
        cJSON_Delete(copy);
    }
    return added;
}

static bool apply_one(cJSON *holder, const char *token, const char *op, const cJSON *value)
{
    cJSON *old = child_of(holder, token);
    if (strcasecmp(op, "add") == 0) {
        return value != NULL && insert(holder, token, value);
    }
    if (strcasecmp(op, "remove") == 0) {
        cJSON_Delete(old != NULL ? cJSON_DetachItemViaPointer(holder, old) : NULL);
        return old != NULL;
    }
    if (strcasecmp(op, "test") == 0) {
        return old != NULL && value != NULL && cJSON_Compare(old, value, true);
    }
    if (strcasecmp(op, "replace") != 0 || value == NULL || (old == NULL && cJSON_IsArray(holder))) {
        return false;
    }
    /* Okta's orgs replace a member that an object does not have yet. */
    if (old == NULL || !cJSON_IsArray(holder)) {
        return cJSON_IsObject(holder) && mock_json_set(holder, token, cJSON_Duplicate(value, true));
    }
    cJSON *copy = cJSON_Duplicate(value, true);
    return copy != NULL && cJSON_ReplaceItemViaPointer(holder, old, copy);
}

bool mock_patch_apply(cJSON *target, const cJSON *operations, mock_cause *out)
{
    const cJSON *operation = NULL;
    cJSON_ArrayForEach(operation, operations)
    {
        const char *op = mock_json_string(operation, "op");
        const char *path = mock_json_string(operation, "path");
        char *token = NULL;
        cJSON *holder = path != NULL ? find_holder(target, path, &token) : NULL;
        bool applied = op != NULL && holder != NULL &&
                       apply_one(holder, token, op, cJSON_GetObjectItemCaseSensitive(operation, "value"));
        free(token);
        if (!applied) {
            return mock_cause_say(out, "%.40s %.100s: does not apply", op != NULL ? op : "op",
                                  path != NULL ? path : "path");
        }
    }
    return true;
}
