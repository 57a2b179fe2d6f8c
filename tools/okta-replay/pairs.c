/* SPDX-License-Identifier: Apache-2.0 */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/uri.h"
#include "json/reader.h"
#include "json/writer.h"

/* A plus is a space here, and percent escapes are what they are anywhere. */
static okta_error *decode(oktai_arena *arena, const char *text, size_t length, okta_text *out)
{
    oktai_buffer decoded = {0};
    char *spaced = oktai_arena_copy(arena, text, length);
    for (size_t i = 0; spaced != NULL && i < length; i++) {
        spaced[i] = (char)(spaced[i] == '+' ? ' ' : spaced[i]);
    }
    bool good = spaced != NULL && oktai_uri_decode(&decoded, spaced, length);
    char *copy =
        good ? oktai_arena_copy(arena, decoded.data == NULL ? "" : decoded.data, decoded.length) : NULL;
    *out = (okta_text){copy, decoded.length};
    oktai_buffer_clear(&decoded);
    return copy == NULL ? oktai_error_nomem() : NULL;
}

okta_error *pairs_read(oktai_arena *arena, const char *text, pair_list *out)
{
    oktai_vector pairs = {0};
    okta_error *error = NULL;
    while (error == NULL && *text != '\0') {
        size_t length = strcspn(text, "&");
        const char *equals = memchr(text, '=', length);
        size_t name = equals == NULL ? length : (size_t)(equals - text);
        pair *slot = length == 0 ? NULL : oktai_arena_push(arena, &pairs, sizeof *slot);
        if (slot != NULL) {
            error = decode(arena, text, name, &slot->name);
            size_t skip = name + (equals != NULL);
            error = error == NULL ? decode(arena, text + skip, length - skip, &slot->value) : error;
        } else if (length > 0) {
            error = oktai_error_nomem();
        }
        text += length + (text[length] == '&');
    }
    *out = (pair_list){pairs.data, pairs.count};
    return error;
}

static int compare_texts(okta_text one, okta_text other)
{
    size_t length = one.length < other.length ? one.length : other.length;
    int order = length == 0 ? 0 : memcmp(one.text, other.text, length);
    return order != 0 ? order : (one.length > other.length) - (one.length < other.length);
}

static int by_name_and_value(const void *one, const void *other)
{
    const pair *a = one;
    const pair *b = other;
    int order = compare_texts(a->name, b->name);
    return order != 0 ? order : compare_texts(a->value, b->value);
}

static void sort(pair_list *pairs)
{
    if (pairs->count > 0) {
        qsort(pairs->items, pairs->count, sizeof *pairs->items, by_name_and_value);
    }
}

okta_error *pairs_compare(pair_list *expected, pair_list *actual)
{
    sort(expected);
    sort(actual);
    for (size_t i = 0; i < expected->count || i < actual->count; i++) {
        const pair *a = i < expected->count ? &expected->items[i] : NULL;
        const pair *b = i < actual->count ? &actual->items[i] : NULL;
        if (a == NULL || b == NULL || by_name_and_value(a, b) != 0) {
            const pair *named = a != NULL ? a : b;
            return oktai_error_new(OKTA_E_PROTOCOL, "differs at the parameter %.*s",
                                   (int)(named->name.length < 100 ? named->name.length : 100),
                                   named->name.text);
        }
    }
    return NULL;
}

/* Whether a text is JSON that a row of that kind takes as it is. */
static bool is_plain(const okta_text *value, unsigned kind)
{
    oktai_reader reader;
    oktai_reader_init(&reader, value->text, value->length);
    oktai_json_type type = oktai_reader_peek(&reader);
    bool number = type == OKTAI_JSON_NUMBER && (kind == OKTAI_KIND_INT || kind == OKTAI_KIND_DOUBLE);
    bool truth = (type == OKTAI_JSON_TRUE || type == OKTAI_JSON_FALSE) && kind == OKTAI_KIND_BOOL;
    return (number || truth) && oktai_reader_is_value(value->text, 0);
}

static okta_error *put_string(oktai_buffer *out, const char *text, size_t length)
{
    if (oktai_write_string(out, text, length)) {
        return NULL;
    }
    return out->failed ? oktai_error_nomem() : oktai_error_new(OKTA_E_PROTOCOL, "a parameter is not UTF-8");
}

static okta_error *put_name(oktai_buffer *out, const okta_text *name)
{
    if (out->length > 1) {
        oktai_buffer_add_char(out, ',');
    }
    okta_error *error = put_string(out, name->text, name->length);
    oktai_buffer_add_char(out, ':');
    return error;
}

/* The elements of one value: the value itself, or what stands between its commas. */
static okta_error *put_elements(oktai_buffer *out, const okta_text *value, bool comma_list)
{
    const char *end = value->text + value->length;
    okta_error *error = NULL;
    for (const char *at = value->text; error == NULL && at != NULL;) {
        const char *comma = comma_list ? memchr(at, ',', (size_t)(end - at)) : NULL;
        if (out->data[out->length - 1] != '[') {
            oktai_buffer_add_char(out, ',');
        }
        error = put_string(out, at, (size_t)((comma == NULL ? end : comma) - at));
        at = comma == NULL ? NULL : comma + 1;
    }
    return error;
}

/* All values of a name, at the place of the first one. */
static okta_error *put_list(oktai_buffer *out, const pair_list *pairs, size_t first, bool comma_list)
{
    const okta_text *name = &pairs->items[first].name;
    okta_error *error = put_name(out, name);
    oktai_buffer_add_char(out, '[');
    for (size_t i = first; error == NULL && !out->failed && i < pairs->count; i++) {
        if (compare_texts(pairs->items[i].name, *name) == 0) {
            error = put_elements(out, &pairs->items[i].value, comma_list);
        }
    }
    oktai_buffer_add_char(out, ']');
    return error;
}

/* `*came`: whether the row had a value before. */
static okta_error *put_pair(oktai_buffer *out, const pair_list *pairs, size_t at, const oktai_row *row,
                            unsigned flags, bool *came)
{
    const pair *one = &pairs->items[at];
    unsigned kind = row == NULL ? OKTAI_KIND_STRING : row->kind;
    if (kind == OKTAI_KIND_STRINGS || kind == OKTAI_KIND_ENUMS) {
        bool first = !*came;
        *came = true;
        return first ? put_list(out, pairs, at, (flags & OKTAI_PARAM_REPEATED) == 0) : NULL;
    }
    okta_error *error = put_name(out, &one->name);
    if (error == NULL && is_plain(&one->value, kind)) {
        oktai_buffer_append(out, one->value.text, one->value.length);
        return NULL;
    }
    return error == NULL ? put_string(out, one->value.text, one->value.length) : error;
}

okta_error *pairs_write_json(const pair_list *pairs, const okta_descriptor *type, const uint8_t *flags,
                             oktai_buffer *out)
{
    bool came[OKTAI_ROWS_MAX + 1] = {false}; /* of each row; the last one stands for those that none has */
    okta_error *error = NULL;
    oktai_buffer_add_char(out, '{');
    for (size_t i = 0; error == NULL && !out->failed && i < pairs->count; i++) {
        const okta_text *name = &pairs->items[i].name;
        const oktai_row *row = oktai_row_find(type, name->text, name->length);
        size_t number = row == NULL ? OKTAI_ROWS_MAX : (size_t)(row - type->rows);
        error = put_pair(out, pairs, i, row,
                         row == NULL || flags == NULL ? OKTAI_PARAM_REPEATED : flags[number], &came[number]);
    }
    oktai_buffer_add_char(out, '}');
    return error == NULL && out->failed ? oktai_error_nomem() : error;
}
