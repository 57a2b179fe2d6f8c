/* SPDX-License-Identifier: Apache-2.0 */
/* A list of operations on JSON pointers (RFC 6902, RFC 6901). */
#include "mock_json.h"
#include "mock_json_text.h"
#include "mock_patch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A copy may double an object: what comes of it stays small. */
#define MAX_OPERATIONS 100
#define MAX_VALUES     100000

/* One reference token of a pointer with ~0 and ~1 decoded, for free(). NULL: a ~ stands before something
 * else, or memory is out. */
static char *decode_token(const char *text, size_t length)
{
    char *token = malloc(length + 1);
    size_t used = 0;
    for (size_t i = 0; token != NULL && i < length; i++) {
        char character = text[i];
        if (character == '~') {
            character = ++i < length && text[i] == '0' ? '~' : i < length && text[i] == '1' ? '/' : '\0';
        }
        if (character == '\0') {
            free(token);
            return NULL;
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

/* The value that holds what a pointer points to, and the pointer's last token, for free(). NULL: there is
 * none. The pointer is not "", which nothing holds. */
static cJSON *find_holder(cJSON *target, const char *path, char **out_last)
{
    *out_last = NULL;
    if (*path != '/') {
        return NULL;
    }
    for (;;) {
        size_t length = strcspn(++path, "/");
        char *token = decode_token(path, length);
        if (token == NULL || path[length] == '\0') {
            *out_last = token;
            return token != NULL ? target : NULL;
        }
        target = child_of(target, token);
        free(token);
        if (target == NULL) {
            return NULL;
        }
        path += length;
    }
}

static cJSON *find_value(cJSON *target, const char *path)
{
    char *token = NULL;
    if (*path == '\0') {
        return target;
    }
    cJSON *holder = find_holder(target, path, &token);
    cJSON *value = holder != NULL ? child_of(holder, token) : NULL;
    free(token);
    return value;
}

/* The whole document becomes an object, which is released where it fails. */
static bool become(cJSON *target, cJSON *value)
{
    bool object = cJSON_IsObject(value);
    if (object) {
        cJSON *old = target->child;
        target->child = value->child;
        value->child = old;
    }
    cJSON_Delete(value);
    return object;
}

/* Append it, and then what was behind its place. cJSON_InsertItemInArray() of Debian 12 refuses every place
 * but the first. */
static bool insert_at(cJSON *array, int index, cJSON *value)
{
    int behind = cJSON_GetArraySize(array) - index;
    bool added = cJSON_AddItemToArray(array, value);
    for (; added && behind > 0; behind--) {
        cJSON_AddItemToArray(array, cJSON_DetachItemFromArray(array, index));
    }
    return added;
}

static bool insert(cJSON *holder, const char *token, cJSON *value)
{
    if (cJSON_IsObject(holder)) {
        return mock_json_set(holder, token, value);
    }
    int size = cJSON_IsArray(holder) ? cJSON_GetArraySize(holder) : -1;
    int index = strcmp(token, "-") == 0 ? size : index_of(token);
    bool added = index >= 0 && index <= size && insert_at(holder, index, value);
    if (!added) {
        cJSON_Delete(value);
    }
    return added;
}

/* Okta's orgs replace a member that an object does not have yet. */
static bool replace(cJSON *holder, const char *token, cJSON *value)
{
    cJSON *old = cJSON_IsArray(holder) ? child_of(holder, token) : NULL;
    if (cJSON_IsObject(holder)) {
        return mock_json_set(holder, token, value);
    }
    bool replaced = old != NULL && cJSON_ReplaceItemViaPointer(holder, old, value);
    if (!replaced) {
        cJSON_Delete(value);
    }
    return replaced;
}

/* Put a value, which is owned, where a pointer points to. */
static bool put(cJSON *target, const char *path, cJSON *value, bool replaces)
{
    char *token = NULL;
    if (value == NULL) {
        return false;
    }
    if (*path == '\0') {
        return become(target, value);
    }
    cJSON *holder = find_holder(target, path, &token);
    bool done = holder != NULL && (replaces ? replace(holder, token, value) : insert(holder, token, value));
    if (holder == NULL) {
        cJSON_Delete(value);
    }
    free(token);
    return done;
}

/* Take the value out that a pointer points to, for cJSON_Delete(). NULL: there is none, or it is all. */
static cJSON *take(cJSON *target, const char *path)
{
    char *token = NULL;
    cJSON *holder = *path != '\0' ? find_holder(target, path, &token) : NULL;
    cJSON *value = holder != NULL ? child_of(holder, token) : NULL;
    free(token);
    return value != NULL ? cJSON_DetachItemViaPointer(holder, value) : NULL;
}

static bool remove_value(cJSON *target, const char *path)
{
    cJSON *value = take(target, path);
    cJSON_Delete(value);
    return value != NULL;
}

/* A value is not moved into itself. */
static bool move(cJSON *target, const char *from, const char *path)
{
    size_t length = strlen(from);
    bool inside = strncmp(from, path, length) == 0 && path[length] == '/';
    return !inside && put(target, path, take(target, from), false);
}

static bool apply_one(cJSON *target, const cJSON *operation, const char *op, const char *path)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(operation, "value");
    const char *from = mock_json_string(operation, "from");
    if (strcasecmp(op, "add") == 0 || strcasecmp(op, "replace") == 0) {
        return value != NULL &&
               put(target, path, cJSON_Duplicate(value, true), strcasecmp(op, "replace") == 0);
    }
    if (strcasecmp(op, "remove") == 0) {
        return remove_value(target, path);
    }
    if (strcasecmp(op, "test") == 0) {
        const cJSON *found = find_value(target, path);
        return found != NULL && value != NULL && cJSON_Compare(found, value, true);
    }
    if (from == NULL) {
        return false;
    }
    if (strcasecmp(op, "copy") == 0) {
        const cJSON *found = find_value(target, from);
        return found != NULL && put(target, path, cJSON_Duplicate(found, true), false);
    }
    return strcasecmp(op, "move") == 0 && move(target, from, path);
}

static bool is_small(const cJSON *json, size_t depth, size_t *inout_values)
{
    if (depth > MOCK_JSON_DEPTH_MAX || ++*inout_values > MAX_VALUES) {
        return false;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next) {
        if (!is_small(item, depth + 1, inout_values)) {
            return false;
        }
    }
    return true;
}

bool mock_patch_apply(cJSON *target, const cJSON *operations, mock_cause *out)
{
    const cJSON *operation = NULL;
    if (cJSON_GetArraySize(operations) > MAX_OPERATIONS) {
        return mock_cause_say(out, "body: more than %d operations", MAX_OPERATIONS);
    }
    cJSON_ArrayForEach(operation, operations)
    {
        const char *op = mock_json_string(operation, "op");
        const char *path = mock_json_string(operation, "path");
        size_t values = 0;
        if (op == NULL || path == NULL || !apply_one(target, operation, op, path) ||
            !is_small(target, 1, &values)) {
            return mock_cause_say(out, "%.40s %.100s: does not apply", op != NULL ? op : "op",
                                  path != NULL ? path : "path");
        }
    }
    return true;
}
