/* SPDX-License-Identifier: Apache-2.0 */
#include "core/uri.h"

#include <stdio.h>
#include <string.h>

static const char bad_in_id[] = "has a character that an id cannot have";
static const char bad_in_target[] = "has a fragment or a character that a URL cannot have";

/* Beside space, control characters and what is not ASCII. */
#define ID_FORBIDS     "/?#%\\"
#define TARGET_FORBIDS "#\\"

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/* Nothing forbids what is unreserved, which most characters are. */
static bool is_allowed(char c, const char *forbidden)
{
    return is_unreserved(c) || (c > ' ' && c <= '~' && strchr(forbidden, c) == NULL);
}

const char *oktai_uri_tell_byte(const char *reason, const char *text, char out[OKTAI_URI_BYTE_SIZE])
{
    const char *forbidden = reason == bad_in_target ? TARGET_FORBIDS : ID_FORBIDS;
    size_t at = 0;
    out[0] = '\0';
    if (reason != bad_in_id && reason != bad_in_target) {
        return out;
    }
    while (is_allowed(text[at], forbidden)) {
        at++;
    }
    if (text[at] == ' ') {
        (void)snprintf(out, OKTAI_URI_BYTE_SIZE, ": a space at byte %zu", at + 1);
    } else if (text[at] > ' ' && text[at] <= '~') {
        (void)snprintf(out, OKTAI_URI_BYTE_SIZE, ": '%c' at byte %zu", text[at], at + 1);
    } else {
        (void)snprintf(out, OKTAI_URI_BYTE_SIZE, ": 0x%02x at byte %zu", (unsigned)(unsigned char)text[at],
                       at + 1);
    }
    return out;
}

/* Servers that know path parameters cut a segment at its ";" before they resolve dot segments, so that "..;x"
 * means "..", and ";x" an empty segment. */
static bool is_name_of_dots(const char *id)
{
    size_t dots = strspn(id, ".");
    return dots <= 2 && (id[dots] == '\0' || id[dots] == ';');
}

const char *oktai_uri_refuse_id(const char *id)
{
    if (id == NULL) {
        return "must not be NULL";
    }
    if (id[0] == '\0') {
        return "must not be empty";
    }
    if (is_name_of_dots(id)) {
        return "must not be a dot segment";
    }
    size_t length = strnlen(id, OKTAI_ID_MAX + 1);
    if (length > OKTAI_ID_MAX) {
        return "is longer than 512 bytes";
    }
    for (size_t i = 0; i < length; i++) {
        if (!is_allowed(id[i], ID_FORBIDS)) {
            return bad_in_id;
        }
    }
    return NULL;
}

bool oktai_uri_encode(oktai_buffer *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    while (*text != '\0') {
        const char *run = text;
        while (is_unreserved(*text)) {
            text++;
        }
        if (!oktai_buffer_append(out, run, (size_t)(text - run))) {
            return false;
        }
        if (*text != '\0') {
            unsigned char c = (unsigned char)*text++;
            char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
            if (!oktai_buffer_append(out, escape, sizeof escape)) {
                return false;
            }
        }
    }
    return true;
}

bool oktai_uri_placeholder(const char *path_template, size_t n, const char **name, size_t *length)
{
    const char *open = strchr(path_template, '{');
    for (; open != NULL && n > 0; n--) {
        open = strchr(open + 1, '{');
    }
    if (open == NULL) {
        return false;
    }
    *name = open + 1;
    *length = strcspn(open + 1, "}");
    return true;
}

bool oktai_uri_expand(oktai_buffer *out, const char *path_template, const char *const *ids)
{
    const char *p = path_template;
    while (*p != '\0') {
        size_t literal = strcspn(p, "{");
        if (!oktai_buffer_append(out, p, literal)) {
            return false;
        }
        p += literal;
        if (*p == '{') {
            if (!oktai_uri_encode(out, *ids++)) {
                return false;
            }
            p = strchr(p, '}') + 1;
        }
    }
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes one character, which may be an escape; -1 for a bad escape. */
static int next_char(const char **p, const char *end)
{
    const char *s = *p;
    if (*s != '%') {
        *p = s + 1;
        return (unsigned char)*s;
    }
    if (end - s < 3 || hex_value(s[1]) < 0 || hex_value(s[2]) < 0) {
        return -1;
    }
    *p = s + 3;
    return hex_value(s[1]) * 16 + hex_value(s[2]);
}

bool oktai_uri_decode(oktai_buffer *out, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        int c = next_char(&text, end);
        if (!oktai_buffer_add_char(out, c < 0 ? *text++ : (char)c)) {
            return false;
        }
    }
    return true;
}

/* A percent sign is here because it begins a second layer of escapes. */
static bool is_forbidden(int c)
{
    return c < ' ' || c == 0x7f || c == '/' || c == '\\' || c == '%';
}

/* Some decoders still read 0xC0 0xAE and its longer forms as ".". */
static bool is_overlong(int before, int c)
{
    return c == 0xc0 || c == 0xc1 || (before == 0xe0 && c < 0xa0) || (before == 0xf0 && c < 0x90);
}

static const char *refuse_segment(const char *segment, const char *end)
{
    bool only_dots = true;
    bool in_parameters = false;
    size_t length = 0; /* without parameters, as in is_name_of_dots() */
    int before = 0;
    for (const char *p = segment; p < end;) {
        int c = next_char(&p, end);
        if (c < 0) {
            return "has a bad percent escape";
        }
        if (is_forbidden(c) || is_overlong(before, c)) {
            return "has an escape that hides a character";
        }
        in_parameters = in_parameters || c == ';';
        only_dots = only_dots && (in_parameters || c == '.');
        length += in_parameters ? 0 : 1;
        before = c;
    }
    if (in_parameters && length == 0) {
        return "has an empty segment";
    }
    return only_dots && (length == 1 || length == 2) ? "has a dot segment" : NULL;
}

static const char *refuse_path(const char *path, const char *end)
{
    for (const char *segment = path + 1;;) {
        const char *slash = memchr(segment, '/', (size_t)(end - segment));
        if (slash == segment) {
            return "has an empty segment";
        }
        const char *reason = refuse_segment(segment, slash == NULL ? end : slash);
        if (reason != NULL || slash == NULL) {
            return reason;
        }
        segment = slash + 1;
    }
}

const char *oktai_uri_refuse_target(const char *target, size_t length)
{
    const char *end = target + length;
    if (length == 0 || target[0] != '/') {
        return "must begin with \"/\"";
    }
    for (const char *p = target; p < end; p++) {
        if (!is_allowed(*p, TARGET_FORBIDS)) {
            return bad_in_target;
        }
    }
    const char *query = memchr(target, '?', length);
    for (const char *p = query; p != NULL && p < end;) {
        if (next_char(&p, end) < 0) {
            return "has a bad percent escape";
        }
    }
    return refuse_path(target, query == NULL ? end : query);
}
