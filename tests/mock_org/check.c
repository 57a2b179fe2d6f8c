/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_check.h"

#include "mock_form.h"
#include "mock_json.h"
#include "mock_make.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Members are compared each with each: more of them take too long. */
#define MAX_MEMBERS   1000
#define MAX_ENUM_TEXT 64
#define MAX_PAIRS     100

bool mock_cause_say(mock_cause *cause, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(cause->text, sizeof cause->text, format, arguments);
    va_end(arguments);
    return false;
}

bool mock_check_enum(size_t number, const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char others[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:";
    size_t length = strlen(text);
    return mock_texts_have(mock_enums[number], text) ||
           (length > 0 && length <= MAX_ENUM_TEXT && strchr(letters, *text) != NULL &&
            strspn(text, others) == length);
}

static const char *type_name(mock_value value)
{
    static const struct {
        char kind;
        const char *name;
    } names[] = {
        {'s', "a string"},
        {'e', "a text of its enum"},
        {'b', "a boolean"},
        {'i', "an integer"},
        {'d', "a number"},
        {'o', "an object"},
        {'S', "a list of strings"},
        {'E', "a list of texts of its enum"},
        {'O', "a list of objects"},
        {'m', "an object of strings"},
        {'M', "an object of objects"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].kind == value.kind) {
            return names[i].name;
        }
    }
    return "JSON";
}

static bool check_object(size_t shape, const cJSON *object, const char *name, mock_cause *out);

static bool enums_fit(mock_value value, const cJSON *json)
{
    if (cJSON_IsString(json)) {
        return mock_check_enum(value.number, json->valuestring);
    }
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, json)
    {
        if (!mock_check_enum(value.number, item->valuestring)) {
            return false;
        }
    }
    return true;
}

bool mock_check_json(mock_value value, const cJSON *json, const char *name, mock_cause *out)
{
    if (!mock_kind_fits(value, json) ||
        ((value.kind == 'e' || value.kind == 'E') && !enums_fit(value, json))) {
        return mock_cause_say(out, "%s: not %s", name, type_name(value));
    }
    if (value.kind == 'o') {
        return check_object(value.number, json, name, out);
    }
    const cJSON *item = NULL;
    bool fits = true;
    if (value.kind == 'O' || value.kind == 'M') {
        cJSON_ArrayForEach(item, json)
        {
            fits = fits && check_object(value.number, item, name, out);
        }
    }
    return fits;
}

/* Of several rows with the name of a member, the one whose type it has; else the first. */
static mock_value row_for(size_t shape, const cJSON *member)
{
    const char *const *members = mock_shapes[shape].members;
    mock_value first = mock_value_of(NULL);
    for (size_t i = 0; members != NULL && members[i] != NULL; i++) {
        mock_value row = mock_value_of(members[i]);
        if (strcmp(row.name, member->string) == 0) {
            if (mock_kind_fits(row, member)) {
                return row;
            }
            first = first.kind == '\0' ? row : first;
        }
    }
    return first;
}

static bool check_members(size_t shape, const cJSON *object, const char *name, mock_cause *out)
{
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, object)
    {
        mock_value row = row_for(shape, member);
        char path[128];
        (void)snprintf(path, sizeof path, "%s%s%.60s", name, *name != '\0' ? "." : "", member->string);
        if (row.read_only) {
            return mock_cause_say(out, "%s: read-only", path);
        }
        bool cleared = cJSON_IsNull(member) && !row.required;
        if (row.kind != '\0' && !cleared && !mock_check_json(row, member, path, out)) {
            return false;
        }
    }
    return true;
}

static bool check_object(size_t shape, const cJSON *object, const char *name, mock_cause *out)
{
    const char *const *members = mock_shapes[shape].members;
    if (cJSON_GetArraySize(object) > MAX_MEMBERS) {
        return mock_cause_say(out, "%s: more than %d members", *name != '\0' ? name : "body", MAX_MEMBERS);
    }
    if (mock_json_repeats_a_member(object)) {
        return mock_cause_say(out, "%s: a member comes twice", *name != '\0' ? name : "body");
    }
    if (!check_members(shape, object, name, out)) {
        return false;
    }
    for (size_t i = 0; members != NULL && members[i] != NULL; i++) {
        mock_value row = mock_value_of(members[i]);
        if (row.required && !row.read_only && cJSON_GetObjectItemCaseSensitive(object, row.name) == NULL) {
            return mock_cause_say(out, "%s%s%s: required", name, *name != '\0' ? "." : "", row.name);
        }
    }
    return true;
}

/* The same for each object of a list or a map: one that was there before is as it was. */
static bool check_changed_items(size_t shape, const cJSON *before, const cJSON *after, const char *name,
                                mock_cause *out)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, after)
    {
        const cJSON *old = before != NULL ? before->child : NULL;
        while (old != NULL && !cJSON_Compare(old, item, true)) {
            old = old->next;
        }
        if (old == NULL && !check_object(shape, item, name, out)) {
            return false;
        }
    }
    return true;
}

static bool check_changed(mock_value row, const cJSON *before, const cJSON *after, const char *name,
                          mock_cause *out)
{
    if (row.read_only) {
        return mock_cause_say(out, "%s: read-only", name);
    }
    if (row.kind == '\0' || (cJSON_IsNull(after) && !row.required)) {
        return true;
    }
    if (row.kind == 'o' && cJSON_IsObject(before) && cJSON_IsObject(after)) {
        return mock_check_change(row.number, before, after, name, out);
    }
    if ((row.kind == 'O' || row.kind == 'M') && mock_kind_fits(row, after)) {
        return check_changed_items(row.number, before, after, name, out);
    }
    return mock_check_json(row, after, name, out);
}

bool mock_check_change(size_t shape, const cJSON *before, const cJSON *after, const char *name,
                       mock_cause *out)
{
    char path[128];
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, after)
    {
        const cJSON *old = cJSON_GetObjectItemCaseSensitive(before, member->string);
        (void)snprintf(path, sizeof path, "%s%s%.60s", name, *name != '\0' ? "." : "", member->string);
        if ((old == NULL || !cJSON_Compare(old, member, true)) &&
            !check_changed(row_for(shape, member), old, member, path, out)) {
            return false;
        }
    }
    cJSON_ArrayForEach(member, before)
    {
        mock_value row = row_for(shape, member);
        if (cJSON_GetObjectItemCaseSensitive(after, member->string) == NULL &&
            (row.read_only || row.required)) {
            return mock_cause_say(out, "%s%s%.60s: %s", name, *name != '\0' ? "." : "", member->string,
                                  row.read_only ? "read-only" : "required");
        }
    }
    return true;
}

/* One value, not a list. */
static bool one_fits(mock_value value, const char *text)
{
    char *end = NULL;
    switch (value.kind) {
    case 'b':
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    case 'i':
        (void)strtoll(text, &end, 10);
        return *text != '\0' && *text != ' ' && *text != '+' && *end == '\0';
    case 'd':
        (void)strtod(text, &end);
        return *text != '\0' && *text != ' ' && *text != '+' && *end == '\0';
    case 'e':
    case 'E':
        return mock_check_enum(value.number, text);
    default:
        return true;
    }
}

bool mock_check_text(mock_value value, const char *text, const char *name, mock_cause *out)
{
    bool fits = true;
    if (!value.commas) {
        fits = one_fits(value, text);
    }
    for (const char *at = text; value.commas && fits; at++) {
        size_t length = strcspn(at, ",");
        char *part = mock_copy_n(at, length);
        fits = part != NULL && one_fits(value, part);
        free(part);
        at += length;
        if (*at == '\0') {
            break;
        }
    }
    return fits || mock_cause_say(out, "%s: not %s", name, type_name(value));
}

static mock_value parameter_of(const mock_operation *operation, const char *name)
{
    for (size_t i = 0; operation->query != NULL && operation->query[i] != NULL; i++) {
        mock_value value = mock_value_of(operation->query[i]);
        if (strcmp(value.name, name) == 0) {
            return value;
        }
    }
    /* A list in pages takes both, also where only one of them is described. */
    if (operation->paging != NULL && (strcmp(name, "limit") == 0 || strcmp(name, "after") == 0)) {
        return mock_value_of("s ");
    }
    return mock_value_of(NULL);
}

/* Checks a pair, and notes its parameter in `seen`, which has room for all. */
static bool check_pair(const mock_operation *operation, const char *pair, size_t length, char **seen,
                       size_t *inout_count, mock_cause *out)
{
    size_t name_length = strcspn(pair, "=");
    name_length = name_length < length ? name_length : length;
    char *name = mock_form_decode(pair, name_length);
    char *value = name_length < length ? mock_form_decode(pair + name_length + 1, length - name_length - 1)
                                       : mock_copy("");
    bool fits = name != NULL && value != NULL;
    if (!fits) {
        (void)mock_cause_say(out, "query: malformed");
    } else {
        mock_value row = parameter_of(operation, name);
        bool repeats = (row.kind == 'S' || row.kind == 'E') && !row.commas;
        if (row.kind == '\0') {
            fits = mock_cause_say(out, "%.100s: no query parameter of this operation", name);
        }
        for (size_t i = 0; fits && !repeats && i < *inout_count; i++) {
            if (strcmp(seen[i], name) == 0) {
                fits = mock_cause_say(out, "%.100s: comes twice", name);
            }
        }
        fits = fits && mock_check_text(row, value, name, out);
    }
    free(value);
    seen[*inout_count] = name;
    *inout_count += name != NULL;
    return fits;
}

static bool has_required(const mock_operation *operation, char **seen, size_t count, mock_cause *out)
{
    for (size_t i = 0; operation->query != NULL && operation->query[i] != NULL; i++) {
        mock_value row = mock_value_of(operation->query[i]);
        bool found = !row.required;
        for (size_t j = 0; !found && j < count; j++) {
            found = strcmp(seen[j], row.name) == 0;
        }
        if (!found) {
            return mock_cause_say(out, "%s: required", row.name);
        }
    }
    return true;
}

bool mock_check_query(const mock_operation *operation, const char *target, mock_cause *out)
{
    const char *at = strchr(target, '?');
    char *seen[MAX_PAIRS];
    size_t count = 0;
    bool fits = true;
    for (at = at != NULL ? at + 1 : ""; fits && *at != '\0';) {
        size_t length = strcspn(at, "&");
        if (count == MAX_PAIRS) {
            fits = mock_cause_say(out, "query: more than %d parameters", MAX_PAIRS);
        } else if (length > 0) {
            fits = check_pair(operation, at, length, seen, &count, out);
        }
        at += length + (at[length] == '&');
    }
    fits = fits && has_required(operation, seen, count, out);
    while (count > 0) {
        free(seen[--count]);
    }
    return fits;
}
