/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_make.h"

#include "mock_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Shapes may hold themselves. Deeper objects are empty. */
#define MAX_DEPTH 5
/* No double beyond it has a fraction, or an exact text. */
#define MAX_INTEGER 9.2e18

static const char *const creation_times[] = {"created", "createdDate", "createdAt", "createdOn", NULL};
static const char *const update_times[] = {
    "lastUpdated", "lastUpdatedDate", "lastUpdatedAt", "lastModified",
    "updated",     "updatedAt",       "updatedDate",   "lastMembershipUpdated",
    NULL};
/* What each state may be called; the first that an enum has. */
static const char *const state_texts[][6] = {
    [MOCK_STATE_ACTIVE] = {"ACTIVE", "ENABLED", "OPEN", NULL},
    [MOCK_STATE_INACTIVE] = {"INACTIVE", "DISABLED", "DEPROVISIONED", "DEACTIVATED", "CLOSED", NULL},
    [MOCK_STATE_NOT_YET] = {"INACTIVE", "DISABLED", "STAGED", NULL},
};

bool mock_is_update_time(const char *name)
{
    return mock_texts_have(update_times, name);
}

bool mock_is_creation_time(const char *name)
{
    return mock_texts_have(creation_times, name);
}

const char *mock_status_text(mock_value value, mock_state state)
{
    const char *const *wanted = state_texts[state];
    if (value.kind == 's') {
        return wanted[0];
    }
    for (size_t i = 0; value.kind == 'e' && wanted[i] != NULL; i++) {
        if (mock_texts_have(mock_enums[value.number], wanted[i])) {
            return wanted[i];
        }
    }
    return NULL;
}

static bool all_are(const cJSON *list, cJSON_bool (*test)(const cJSON *))
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, list)
    {
        if (!test(item)) {
            return false;
        }
    }
    return true;
}

static cJSON_bool is_string_or_null(const cJSON *json)
{
    return cJSON_IsString(json) || cJSON_IsNull(json);
}

bool mock_kind_fits(mock_value value, const cJSON *json)
{
    switch (value.kind) {
    case 's':
    case 'e':
        return cJSON_IsString(json);
    case 'b':
        return cJSON_IsBool(json);
    case 'i':
        return cJSON_IsNumber(json) && json->valuedouble > -MAX_INTEGER && json->valuedouble < MAX_INTEGER &&
               (double)(int64_t)json->valuedouble == json->valuedouble;
    case 'd':
        return cJSON_IsNumber(json);
    case 'o':
        return cJSON_IsObject(json);
    case 'S':
    case 'E':
        return cJSON_IsArray(json) && all_are(json, cJSON_IsString);
    case 'O':
        return cJSON_IsArray(json) && all_are(json, cJSON_IsObject);
    case 'm':
        return cJSON_IsObject(json) && all_are(json, is_string_or_null);
    case 'M':
        return cJSON_IsObject(json) && all_are(json, cJSON_IsObject);
    default:
        return value.kind == 'j';
    }
}

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);
    return length >= end_length && strcasecmp(text + length - end_length, end) == 0;
}

/* A text that a member of this name may have. */
static const char *plausible_text(const mock_maker *maker, const char *name)
{
    static const struct {
        const char *end;
        const char *text;
    } texts[] = {
        {"url", "https://mock.example/made"},
        {"uri", "https://mock.example/made"},
        {"href", "https://mock.example/made"},
        {"issuer", "https://mock.example"},
        {"email", "user@mock.example"},
        {"login", "user@mock.example"},
        {"domain", "mock.example"},
        {"locale", "en"},
        {"phoneNumber", "+12025550123"},
        {"uuid", "c2a0b3d4-1f6e-4a5b-9c8d-7e6f5a4b3c2d"},
        {"kty", "RSA"},
        {"orn", "orn:okta:idp:mock:made"},
    };
    if (mock_texts_have(creation_times, name) || mock_is_update_time(name) || ends_in(name, "Date") ||
        ends_in(name, "Time") || ends_in(name, "At") || strcmp(name, "published") == 0) {
        return maker->now;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (ends_in(name, texts[i].end)) {
            return texts[i].text;
        }
    }
    return "made";
}

static cJSON *make_object(const mock_maker *maker, size_t shape, const cJSON *base, bool keep_others,
                          unsigned depth);

static bool add(cJSON *object, const char *name, cJSON *value)
{
    bool added = value != NULL && (name != NULL ? cJSON_AddItemToObject(object, name, value)
                                                : cJSON_AddItemToArray(object, value));
    if (!added) {
        cJSON_Delete(value);
    }
    return added;
}

/* A list or an object with one value in it. */
static cJSON *wrapped(cJSON *container, const char *name, cJSON *value)
{
    if (container == NULL) {
        cJSON_Delete(value);
    } else if (!add(container, name, value)) {
        cJSON_Delete(container);
        container = NULL;
    }
    return container;
}

static cJSON *make_enum(size_t number)
{
    const char *first = mock_enums[number][0];
    return cJSON_CreateString(first != NULL ? first : "made");
}

static cJSON *make_value(const mock_maker *maker, mock_value value, unsigned depth)
{
    const mock_maker inner = {.now = maker->now, .fill = MOCK_FILL_SCALARS};
    switch (value.kind) {
    case 's':
        return cJSON_CreateString(plausible_text(maker, value.name));
    case 'e':
        return make_enum(value.number);
    case 'b':
        return cJSON_CreateBool(false);
    case 'i':
        return cJSON_CreateNumber(1);
    case 'd':
        return cJSON_CreateNumber(0.5);
    case 'S':
        return wrapped(cJSON_CreateArray(), NULL, cJSON_CreateString(plausible_text(maker, value.name)));
    case 'E':
        return wrapped(cJSON_CreateArray(), NULL, make_enum(value.number));
    case 'o':
        return make_object(&inner, value.number, NULL, false, depth + 1);
    case 'O':
        return wrapped(cJSON_CreateArray(), NULL, make_object(&inner, value.number, NULL, false, depth + 1));
    case 'm':
        return wrapped(cJSON_CreateObject(), "name", cJSON_CreateString("made"));
    case 'M':
        return wrapped(cJSON_CreateObject(), "name",
                       make_object(&inner, value.number, NULL, false, depth + 1));
    default:
        return cJSON_CreateObject();
    }
}

cJSON *mock_make_value(const mock_maker *maker, mock_value value)
{
    return make_value(maker, value, 0);
}

static cJSON *make_links(const char *url)
{
    return wrapped(cJSON_CreateObject(), "self",
                   wrapped(cJSON_CreateObject(), "href", cJSON_CreateString(url)));
}

/* What a member has that every object is given. NULL: nothing. */
static const char *given_text(const mock_maker *maker, mock_value member)
{
    if (member.kind != 's' && member.kind != 'e') {
        return NULL;
    }
    if (strcmp(member.name, "status") == 0) {
        return mock_status_text(member, maker->state);
    }
    if (member.kind == 's' &&
        (mock_texts_have(creation_times, member.name) || mock_is_update_time(member.name))) {
        return maker->now;
    }
    bool is_id = strcmp(member.name, "id") == 0 ||
                 (maker->id_member != NULL && strcmp(member.name, maker->id_member) == 0);
    return is_id ? maker->id : NULL;
}

/* False: memory is out. */
static bool fill(const mock_maker *maker, cJSON *object, mock_value member, unsigned depth)
{
    if (member.write_only) {
        return true;
    }
    const char *given = given_text(maker, member);
    if (given != NULL) {
        return add(object, member.name, cJSON_CreateString(given));
    }
    if (maker->url != NULL && member.kind == 'o' && strcmp(member.name, "_links") == 0) {
        return add(object, member.name, make_links(maker->url));
    }
    bool scalar = strchr("sebid", member.kind) != NULL;
    if (member.required || (scalar && maker->fill == MOCK_FILL_SCALARS)) {
        return add(object, member.name, make_value(maker, member, depth));
    }
    return true;
}

/* The members of `base` that the shape has no row for. */
static bool add_others(cJSON *object, size_t shape, const cJSON *base)
{
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, base)
    {
        if (mock_shape_member(shape, member->string).kind == '\0' &&
            !add(object, member->string, cJSON_Duplicate(member, true))) {
            return false;
        }
    }
    return true;
}

static cJSON *make_object(const mock_maker *maker, size_t shape, const cJSON *base, bool keep_others,
                          unsigned depth)
{
    const char *const *members = mock_shapes[shape].members;
    cJSON *object = cJSON_CreateObject();
    bool made = object != NULL;
    for (size_t i = 0; made && depth < MAX_DEPTH && members != NULL && members[i] != NULL; i++) {
        mock_value member = mock_value_of(members[i]);
        const cJSON *sent = cJSON_GetObjectItemCaseSensitive(base, member.name);
        if (cJSON_GetObjectItemCaseSensitive(object, member.name) != NULL) {
            continue;
        }
        if (sent != NULL && mock_kind_fits(member, sent)) {
            made = add(object, member.name, cJSON_Duplicate(sent, true));
        } else if (sent == NULL || cJSON_IsNull(sent)) {
            made = fill(maker, object, member, depth);
        }
    }
    if (made && (keep_others || mock_shapes[shape].open)) {
        made = add_others(object, shape, base);
    }
    if (!made) {
        cJSON_Delete(object);
        return NULL;
    }
    return object;
}

cJSON *mock_make_object(const mock_maker *maker, size_t shape, const cJSON *base, bool keep_others)
{
    return make_object(maker, shape, base, keep_others, 0);
}
