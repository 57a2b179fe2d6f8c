/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_json.h"

#include "mock_json_text.h"
#include "mock_text.h"

#include <string.h>

/* cJSON stops at a NUL and cuts a string at \u0000: neither may hide what follows it from the rules. */
static cJSON *parse(const char *text, size_t length)
{
    bool whole = strlen(text) == length && strstr(text, "\\u0000") == NULL;
    return whole ? cJSON_ParseWithLengthOpts(text, length + 1, NULL, true) : NULL;
}

cJSON *mock_json_any(const char *text, size_t length)
{
    return mock_json_text_is_kept(text) ? parse(text, length) : NULL;
}

static cJSON *object_or_null(cJSON *json)
{
    if (!cJSON_IsObject(json)) {
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

cJSON *mock_json_object(const char *text, size_t length)
{
    return mock_is_utf8(text) ? object_or_null(parse(text, length)) : NULL;
}

cJSON *mock_json_claims(const char *text, size_t length)
{
    return object_or_null(parse(text, length));
}

bool mock_json_repeats_a_member(const cJSON *object)
{
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        for (const cJSON *other = member->next; other != NULL; other = other->next) {
            if (strcmp(member->string, other->string) == 0) {
                return true;
            }
        }
    }
    return false;
}

const char *mock_json_string(const cJSON *object, const char *member)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, member));
}

bool mock_json_is(const cJSON *object, const char *member, const char *value)
{
    const char *text = mock_json_string(object, member);
    return text != NULL && strcmp(text, value) == 0;
}

bool mock_json_set(cJSON *object, const char *name, cJSON *value)
{
    if (value == NULL) {
        return false;
    }
    if (cJSON_GetObjectItemCaseSensitive(object, name) != NULL) {
        /* Without memory for the name cJSON puts the value in without one. */
        return cJSON_ReplaceItemInObjectCaseSensitive(object, name, value) && value->string != NULL;
    }
    if (!cJSON_AddItemToObject(object, name, value)) {
        cJSON_Delete(value);
        return false;
    }
    return true;
}
