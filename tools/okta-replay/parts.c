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

/* The value of `key="..."` in a header line; NULL: none, or no memory, which `*failed` tells. */
static const char *quoted(oktai_arena *arena, okta_text line, const char *key, bool *failed)
{
    const char *end = line.text + line.length;
    const char *begin = find(line.text, end, key, strlen(key));
    const char *quote =
        begin == NULL ? NULL : memchr(begin + strlen(key), '"', (size_t)(end - begin) - strlen(key));
    if (quote == NULL) {
        return NULL;
    }
    begin += strlen(key);
    const char *copy = oktai_arena_copy(arena, begin, (size_t)(quote - begin));
    *failed = *failed || copy == NULL;
    return copy;
}

static void read_line(oktai_arena *arena, okta_text line, part *out, bool *failed)
{
    static const char disposition[] = "content-disposition:";
    static const char type[] = "content-type:";
    if (line.length >= sizeof disposition - 1 &&
        strncasecmp(line.text, disposition, sizeof disposition - 1) == 0) {
        out->name = quoted(arena, line, " name=\"", failed);
        out->file_name = quoted(arena, line, " filename=\"", failed);
    } else if (line.length >= sizeof type - 1 && strncasecmp(line.text, type, sizeof type - 1) == 0) {
        size_t skip = sizeof type - 1;
        skip += skip < line.length && line.text[skip] == ' ';
        out->media_type = oktai_arena_copy(arena, line.text + skip, line.length - skip);
        *failed = *failed || out->media_type == NULL;
    }
}

/* The header lines of a part and what stands behind them. */
static okta_error *read_part(oktai_arena *arena, const char *begin, const char *end, part *out)
{
    bool failed = false;
    *out = (part){.name = NULL};
    for (;;) {
        const char *line_end = find(begin, end, "\r\n", 2);
        if (line_end == NULL) {
            return refuse();
        }
        okta_text line = {begin, (size_t)(line_end - begin)};
        begin = line_end + 2;
        if (line.length == 0) {
            break;
        }
        read_line(arena, line, out, &failed);
    }
    out->data = (okta_text){begin, (size_t)(end - begin)};
    return failed ? oktai_error_nomem() : out->name == NULL ? refuse() : NULL;
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
