/* SPDX-License-Identifier: Apache-2.0 */
#include "route.h"

#include <string.h>

#include "api/all_operations.h"
#include "api/find.h"
#include "core/error.h"
#include "core/uri.h"
#include "json/plain.h"

/* A copy with single slashes, and none at the end. */
static char *normalise(oktai_arena *arena, const char *path)
{
    char *copy = oktai_arena_alloc(arena, strlen(path) + 1);
    size_t length = 0;
    if (copy == NULL) {
        return NULL;
    }
    for (const char *at = path; *at != '\0'; at++) {
        if (*at != '/' || length == 0 || copy[length - 1] != '/') {
            copy[length++] = *at;
        }
    }
    length -= length > 1 && copy[length - 1] == '/';
    copy[length] = '\0';
    return copy;
}

static char *decode(oktai_arena *arena, const char *text, size_t length)
{
    oktai_buffer decoded = {0};
    char *copy = NULL;
    if (oktai_uri_decode(&decoded, text, length)) {
        copy = oktai_arena_copy(arena, decoded.data == NULL ? "" : decoded.data, decoded.length);
    }
    oktai_buffer_clear(&decoded);
    return copy;
}

/* The segment that `*at` leads to with its slash, decoded; `*at` then is behind it. NULL: out of memory. */
static char *next_segment(oktai_arena *arena, const char **at)
{
    const char *begin = *at + (**at == '/');
    size_t length = strcspn(begin, "/");
    *at = begin + length;
    return decode(arena, begin, length);
}

static okta_error *has_dots(oktai_arena *arena, const char *path, bool *out)
{
    *out = false;
    for (const char *at = path; *at != '\0' && !*out;) {
        const char *segment = next_segment(arena, &at);
        if (segment == NULL) {
            return oktai_error_nomem();
        }
        *out = strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0;
    }
    return NULL;
}

static size_t count_placeholders(const char *pattern)
{
    const char *name;
    size_t length;
    size_t count = 0;
    while (oktai_uri_placeholder(pattern, count, &name, &length)) {
        count++;
    }
    return count;
}

/* What stands for each placeholder in a path that matches. A segment has one at most. */
static okta_error *take_ids(oktai_arena *arena, route *found)
{
    const char *pattern = found->operation->path;
    const char *path = found->path;
    size_t room = count_placeholders(pattern) + 1;
    const char **ids = oktai_arena_array(arena, room, sizeof *ids);
    size_t count = 0;
    if (ids == NULL) {
        return oktai_error_nomem();
    }
    while (*pattern != '\0' && count + 1 < room) {
        size_t segment = strcspn(pattern, "/");
        const char *brace = memchr(pattern, '{', segment);
        size_t whole = strcspn(path, "/");
        if (brace != NULL) {
            size_t before = (size_t)(brace - pattern);
            size_t behind = segment - before - strcspn(brace, "}") - 1;
            ids[count] = decode(arena, path + before, whole - before - behind);
            if (ids[count++] == NULL) {
                return oktai_error_nomem();
            }
        }
        pattern += segment + (pattern[segment] == '/');
        path += whole + (path[whole] == '/');
    }
    ids[count] = NULL;
    found->ids = ids;
    return NULL;
}

/* How well the arguments and the result of an operation suit an exchange. */
static unsigned suits(const oktai_operation *operation, const exchange *one)
{
    bool json = operation->response != NULL && oktai_plain_has_json(operation->response);
    bool described = operation->response != NULL;
    unsigned answer = one->status >= 400 || one->answer.length == 0 || !described ? 0
                      : json == exchange_answer_is_json(one)                      ? 2
                                                                                  : 0;
    return answer + (one->query[0] != '\0' && operation->params != NULL);
}

/* Of the operations with one method and path, such as those with an answer in JSON and in another media type,
 * the one that suits best. */
static const oktai_operation *choose(const oktai_operation *first, const exchange *one)
{
    const oktai_operation *best = first;
    for (size_t i = 0; oktai_operation_siblings[i] != NULL; i++) {
        const oktai_operation *other = oktai_operation_siblings[i];
        if (other->method == first->method && strcmp(other->path, first->path) == 0 &&
            suits(other, one) > suits(best, one)) {
            best = other;
        }
    }
    return best;
}

okta_error *route_find(oktai_arena *arena, const exchange *one, route *out)
{
    bool dots = false;
    *out = (route){.path = normalise(arena, one->path)};
    if (out->path == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = has_dots(arena, out->path, &dots);
    if (error == NULL && !dots) {
        out->operation = oktai_operation_match(one->method, out->path);
    }
    if (error != NULL || out->operation == NULL) {
        return error;
    }
    out->operation = choose(out->operation, one);
    return take_ids(arena, out);
}

okta_error *route_same_path(oktai_arena *arena, const char *one, const char *other, bool *out_same)
{
    *out_same = true;
    while (*out_same && (*one != '\0' || *other != '\0')) {
        const char *a = next_segment(arena, &one);
        const char *b = next_segment(arena, &other);
        if (a == NULL || b == NULL) {
            return oktai_error_nomem();
        }
        *out_same = strcmp(a, b) == 0 && (*one != '\0') == (*other != '\0');
    }
    return NULL;
}

static size_t segment_length(const char *path)
{
    return strcspn(path, "/");
}

static bool same_segment(const char *one, const char *other)
{
    size_t length = segment_length(one);
    return segment_length(other) == length && memcmp(one, other, length) == 0;
}

static bool has_placeholder(const char *segment)
{
    return memchr(segment, '{', segment_length(segment)) != NULL;
}

/* The segment of a pattern that stands where `segment` does in a path, if all before it may be the same;
 * NULL: they are not, or the pattern ends before. */
static const char *counterpart(const char *pattern, const char *path, const char *segment)
{
    while (path < segment) {
        if (!has_placeholder(pattern) && !same_segment(pattern, path)) {
            return NULL;
        }
        path += segment_length(path);
        pattern += segment_length(pattern);
        if (*pattern == '\0') {
            return NULL;
        }
        path++;
        pattern++;
    }
    return pattern;
}

static bool is_word(const char *segment)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    size_t length = segment_length(segment);
    return length > 0 && length <= 32 && strspn(segment, letters) == length;
}

static bool is_in_pattern(const char *pattern, const char *segment)
{
    for (;;) {
        if (same_segment(pattern, segment)) {
            return true;
        }
        pattern += segment_length(pattern);
        if (*pattern == '\0') {
            return false;
        }
        pattern++;
    }
}

/* Whether a segment of a path is none that could be a value. */
static bool may_show(const char *path, const char *segment)
{
    bool known = false;  /* some operation has what stands before it */
    bool valued = false; /* and a placeholder behind that */
    bool named = false;  /* some operation has it anywhere */
    for (size_t i = 0; i < oktai_operation_count; i++) {
        const char *other = counterpart(oktai_operations[i]->path, path, segment);
        if (other != NULL && same_segment(other, segment)) {
            return true;
        }
        known = known || other != NULL;
        valued = valued || (other != NULL && has_placeholder(other));
        named = named || is_in_pattern(oktai_operations[i]->path, segment);
    }
    return !valued && (known ? is_word(segment) : named);
}

const char *route_hide(oktai_arena *arena, const char *path)
{
    oktai_buffer shown = {0};
    for (const char *at = path;; at++) {
        size_t length = segment_length(at);
        if (length == 0 || may_show(path, at)) {
            oktai_buffer_append(&shown, at, length);
        } else {
            oktai_buffer_add_text(&shown, "{}");
        }
        at += length;
        if (*at == '\0') {
            break;
        }
        oktai_buffer_add_char(&shown, '/');
    }
    const char *copy =
        shown.failed ? NULL : oktai_arena_copy(arena, shown.data == NULL ? "" : shown.data, shown.length);
    oktai_buffer_clear(&shown);
    return copy;
}
