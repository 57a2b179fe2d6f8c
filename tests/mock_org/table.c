/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_table.h"

#include <stdlib.h>
#include <string.h>

/* A blanked path has at most one byte for each of the template's, which are far shorter. */
#define MAX_PATH 256

mock_value mock_value_of(const char *text)
{
    mock_value value = {.name = ""};
    if (text == NULL || *text == '\0') {
        return value;
    }
    value.kind = *text++;
    for (; *text >= '0' && *text <= '9'; text++) {
        value.number = value.number * 10 + (size_t)(*text - '0');
    }
    for (; *text != '\0' && *text != ' '; text++) {
        value.required = value.required || *text == '!';
        value.read_only = value.read_only || *text == 'r';
        value.write_only = value.write_only || *text == 'w';
        value.commas = value.commas || *text == ',';
    }
    value.name = *text == ' ' ? text + 1 : "";
    return value;
}

mock_value mock_shape_member(size_t shape, const char *name)
{
    const char *const *members = mock_shapes[shape].members;
    for (size_t i = 0; members != NULL && members[i] != NULL; i++) {
        mock_value member = mock_value_of(members[i]);
        if (strcmp(member.name, name) == 0) {
            return member;
        }
    }
    return mock_value_of(NULL);
}

bool mock_texts_have(const char *const *texts, const char *text)
{
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++) {
        if (strcmp(texts[i], text) == 0) {
            return true;
        }
    }
    return false;
}

bool mock_words_have(const char *words, const char *word)
{
    size_t wanted = strlen(word);
    for (const char *at = words; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (length == wanted && memcmp(at, word, wanted) == 0) {
            return true;
        }
        at += length + (at[length] == ' ');
    }
    return false;
}

bool mock_step_next(const char **inout_at, mock_step *out)
{
    if (**inout_at != '/') {
        return false;
    }
    out->text = *inout_at + 1;
    out->length = strcspn(out->text, "/");
    out->placeholder = *out->text == '{';
    *inout_at = out->text + out->length;
    return true;
}

/* A bit for each segment that is spelled out, the first one the highest, above it one for the path as a
 * whole. 0: the path does not fit. */
static unsigned long fit(const char *pattern, const mock_path *path)
{
    unsigned long bits = 1;
    size_t i = 0;
    for (mock_step step; mock_step_next(&pattern, &step); i++) {
        if (i == path->count) {
            return 0;
        }
        const char *segment = path->segments[i];
        if (!step.placeholder &&
            (strlen(segment) != step.length || memcmp(segment, step.text, step.length) != 0)) {
            return 0;
        }
        bits = bits * 2 + !step.placeholder;
    }
    return i == path->count ? bits : 0;
}

const mock_operation *mock_table_find(const char *method, const mock_path *path, bool *out_known)
{
    const mock_operation *found = NULL;
    unsigned long best = 0;
    *out_known = false;
    for (size_t i = 0; i < mock_operation_count; i++) {
        unsigned long bits = fit(mock_operations[i].path, path);
        *out_known = *out_known || bits != 0;
        if (bits > best && strcmp(mock_operations[i].method, method) == 0) {
            best = bits;
            found = &mock_operations[i];
        }
    }
    return found;
}

/* Templates are the same where only the names of placeholders differ. */
static bool same_template(const char *one, const char *other)
{
    for (;;) {
        mock_step a;
        mock_step b;
        bool more = mock_step_next(&one, &a);
        if (more != mock_step_next(&other, &b)) {
            return false;
        }
        if (!more) {
            return true;
        }
        if (a.placeholder != b.placeholder ||
            (!a.placeholder && (a.length != b.length || memcmp(a.text, b.text, a.length) != 0))) {
            return false;
        }
    }
}

const mock_operation *mock_table_at(const char *method, const char *path)
{
    for (size_t i = 0; i < mock_operation_count; i++) {
        if (strcmp(mock_operations[i].method, method) == 0 && same_template(mock_operations[i].path, path)) {
            return &mock_operations[i];
        }
    }
    return NULL;
}

static int compare_places(const void *path, const void *place)
{
    return strcmp(path, ((const mock_place *)place)->path);
}

/* Placeholders blanked, `more` added. False: no place has a path of that length. */
static bool blank(const char *path, size_t length, const char *more, char out[MAX_PATH])
{
    const char *end = path + length;
    size_t used = 0;
    for (mock_step step; path < end && mock_step_next(&path, &step);) {
        const char *text = step.placeholder ? "*" : step.text;
        size_t text_length = step.placeholder ? 1 : step.length;
        if (used + text_length + 2 + strlen(more) > MAX_PATH) {
            return false;
        }
        out[used++] = '/';
        memcpy(out + used, text, text_length);
        used += text_length;
    }
    memcpy(out + used, more, strlen(more) + 1);
    return true;
}

static const mock_place *find_place(const char *path, size_t length, const char *more)
{
    char blanked[MAX_PATH];
    return blank(path, length, more, blanked)
               ? bsearch(blanked, mock_places, mock_place_count, sizeof mock_places[0], compare_places)
               : NULL;
}

const mock_place *mock_place_find(const char *path, size_t length)
{
    return find_place(path, length, "");
}

const mock_place *mock_place_in(const char *path)
{
    return find_place(path, strlen(path), "/*");
}

/* What a list of this kind is made of. */
static mock_value element_of(mock_value list)
{
    list.kind = list.kind == 'O' ? 'o' : list.kind == 'S' ? 's' : '\0';
    return list;
}

/* The only list in an object, or the one that the row names. An object with an id is a thing, not a list. */
static mock_list list_inside(const mock_operation *operation, size_t shape)
{
    const char *const *members = mock_shapes[shape].members;
    mock_list found = {.element = mock_value_of(NULL)};
    size_t count = 0;
    for (size_t i = 0; members != NULL && members[i] != NULL; i++) {
        mock_value member = mock_value_of(members[i]);
        bool list = element_of(member).kind != '\0';
        if (strcmp(member.name, "id") == 0) {
            return (mock_list){.element = mock_value_of(NULL)};
        }
        if (list && (operation->items == NULL || strcmp(operation->items, member.name) == 0)) {
            found = (mock_list){.element = element_of(member), .wrapper = member.name};
            count++;
        }
    }
    return count == 1 ? found : (mock_list){.element = mock_value_of(NULL)};
}

mock_list mock_list_of(const mock_operation *operation)
{
    mock_value answer = mock_value_of(operation->answer);
    bool reads = strcmp(operation->method, "GET") == 0;
    if (reads && answer.kind == 'o' && (operation->items != NULL || mock_place_in(operation->path) != NULL)) {
        return list_inside(operation, answer.number);
    }
    return (mock_list){.element = reads ? element_of(answer) : mock_value_of(NULL)};
}
