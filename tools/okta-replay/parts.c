/* SPDX-License-Identifier: Apache-2.0 */
#include "parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/error.h"

#define BOUNDARY_MAX 72u

static okta_error *refuse(void)
{
    return oktai_error_new(OKTA_E_PROTOCOL, "the body is no multipart/form-data");
}

/* The first place of a text in another; NULL: none. */
static const char *find(const char *text, const char *end, const char *wanted, size_t length)
{
    while ((size_t)(end - text) >= length) {
        const char *at = memchr(text, wanted[0], (size_t)(end - text) - length + 1);
        if (at == NULL || memcmp(at, wanted, length) == 0) {
            return at;
        }
        text = at + 1;
    }
    return NULL;
}

static bool is_token(char c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr(others, c) != NULL);
}

/* The token that begins a text. */
static size_t token_length(okta_text text)
{
    size_t length = 0;
    while (length < text.length && is_token(text.text[length])) {
        length++;
    }
    return length;
}

static void skip(okta_text *text, size_t length)
{
    text->text += length;
    text->length -= length;
}

static void skip_blanks(okta_text *text)
{
    while (text->length > 0 && (text->text[0] == ' ' || text->text[0] == '\t')) {
        skip(text, 1);
    }
}

static bool text_is(okta_text text, const char *other)
{
    return strlen(other) == text.length && strncasecmp(other, text.text, text.length) == 0;
}

/* `; key="value"` at the beginning of `*rest`, which then is behind it. False: something else stands there.
 */
static bool read_parameter(okta_text *rest, okta_text *key, okta_text *value)
{
    if (rest->length == 0 || rest->text[0] != ';') {
        return false;
    }
    skip(rest, 1);
    skip_blanks(rest);
    *key = (okta_text){rest->text, token_length(*rest)};
    skip(rest, key->length);
    if (key->length == 0 || rest->length < 2 || rest->text[0] != '=' || rest->text[1] != '"') {
        return false;
    }
    skip(rest, 2);
    const char *quote = memchr(rest->text, '"', rest->length);
    if (quote == NULL) {
        return false;
    }
    *value = (okta_text){rest->text, (size_t)(quote - rest->text)};
    skip(rest, value->length + 1);
    skip_blanks(rest);
    return true;
}

static okta_error *keep(oktai_arena *arena, okta_text text, const char **out)
{
    if (*out != NULL) {
        return refuse();
    }
    *out = oktai_arena_copy(arena, text.text, text.length);
    return *out == NULL ? oktai_error_nomem() : NULL;
}

static okta_error *read_disposition(oktai_arena *arena, okta_text text, part *out)
{
    okta_error *error = NULL;
    okta_text key;
    okta_text value;
    size_t length = token_length(text);
    if (!text_is((okta_text){text.text, length}, "form-data")) {
        return refuse();
    }
    skip(&text, length);
    skip_blanks(&text);
    while (error == NULL && text.length > 0) {
        if (!read_parameter(&text, &key, &value)) {
            return refuse();
        }
        if (text_is(key, "name")) {
            error = keep(arena, value, &out->name);
        } else if (text_is(key, "filename")) {
            error = keep(arena, value, &out->file_name);
        }
    }
    return error;
}

/* A header line: `name: value`. */
static okta_error *read_line(oktai_arena *arena, okta_text line, part *out)
{
    okta_text name = {line.text, token_length(line)};
    if (name.length == 0 || name.length == line.length || line.text[name.length] != ':') {
        return refuse();
    }
    skip(&line, name.length + 1);
    skip_blanks(&line);
    if (text_is(name, "content-disposition")) {
        return read_disposition(arena, line, out);
    }
    return text_is(name, "content-type") ? keep(arena, line, &out->media_type) : NULL;
}

/* The header lines of a part and what stands behind them. */
static okta_error *read_part(oktai_arena *arena, const char *begin, const char *end, part *out)
{
    okta_error *error = NULL;
    *out = (part){.name = NULL};
    while (error == NULL) {
        const char *line_end = find(begin, end, "\r\n", 2);
        if (line_end == NULL) {
            return refuse();
        }
        okta_text line = {begin, (size_t)(line_end - begin)};
        begin = line_end + 2;
        if (line.length == 0) {
            break;
        }
        error = read_line(arena, line, out);
    }
    out->data = (okta_text){begin, (size_t)(end - begin)};
    return error == NULL && out->name == NULL ? refuse() : error;
}

okta_error *parts_read(oktai_arena *arena, const recorded_body *body, part_list *out)
{
    char limit[BOUNDARY_MAX + 3] = "\r\n"; /* what ends a part */
    const char *end = body->data + body->length;
    const char *line_end = find(body->data, end, "\r\n", 2);
    size_t boundary = line_end == NULL ? 0 : (size_t)(line_end - body->data);
    oktai_vector parts = {0};
    okta_error *error = NULL;
    if (boundary < 3 || boundary > BOUNDARY_MAX || memcmp(body->data, "--", 2) != 0) {
        return refuse();
    }
    memcpy(limit + 2, body->data, boundary);
    const char *at = body->data + boundary;
    while (error == NULL && (size_t)(end - at) >= 2 && memcmp(at, "\r\n", 2) == 0) {
        const char *part_end = find(at, end, limit, boundary + 2);
        if (part_end == at) { /* a part without header lines */
            part_end = NULL;
        }
        part *slot = part_end == NULL ? NULL : oktai_arena_push(arena, &parts, sizeof *slot);
        if (slot == NULL) {
            return part_end == NULL ? refuse() : oktai_error_nomem();
        }
        error = read_part(arena, at + 2, part_end, slot);
        at = part_end + 2 + boundary;
    }
    *out = (part_list){parts.data, parts.count};
    bool closed = (size_t)(end - at) >= 2 && memcmp(at, "--", 2) == 0;
    return error == NULL && !closed ? refuse() : error;
}

static int compare_texts(const char *one, const char *other)
{
    return one == NULL || other == NULL ? (one != NULL) - (other != NULL) : strcmp(one, other);
}

static int by_content(const void *one, const void *other)
{
    const part *a = one;
    const part *b = other;
    int order = compare_texts(a->name, b->name);
    order = order != 0 ? order : compare_texts(a->file_name, b->file_name);
    if (order == 0) {
        order = (a->data.length > b->data.length) - (a->data.length < b->data.length);
    }
    return order != 0 || a->data.length == 0 ? order : memcmp(a->data.text, b->data.text, a->data.length);
}

static void sort(part_list *parts)
{
    if (parts->count > 0) {
        qsort(parts->items, parts->count, sizeof *parts->items, by_content);
    }
}

okta_error *parts_compare(part_list *expected, part_list *actual)
{
    sort(expected);
    sort(actual);
    for (size_t i = 0; i < expected->count || i < actual->count; i++) {
        const part *a = i < expected->count ? &expected->items[i] : NULL;
        const part *b = i < actual->count ? &actual->items[i] : NULL;
        if (a == NULL || b == NULL || by_content(a, b) != 0) {
            return oktai_error_new(OKTA_E_PROTOCOL, "differs at the part %.100s",
                                   a != NULL ? a->name : b->name);
        }
    }
    return NULL;
}
