/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base64url.h"
#include "core/buffer.h"
#include "core/error.h"
#include "json_tree.h"

/* One line of a file that is being read. */
typedef struct line_reader {
    oktai_arena *arena;
    const char *file;
    size_t line;
    const json_node *object;
} line_reader;

static okta_error *refuse(const line_reader *reader, const char *what)
{
    return oktai_error_new(OKTA_E_CONFIG, "%s:%zu: %s", reader->file, reader->line, what);
}

static okta_error *refuse_member(const line_reader *reader, const char *name, const char *what)
{
    return oktai_error_new(OKTA_E_CONFIG, "%s:%zu: \"%s\" %s", reader->file, reader->line, name, what);
}

static okta_error *find(const line_reader *reader, const char *name, const json_node **out)
{
    *out = json_tree_member(reader->object, name);
    return *out == NULL ? refuse_member(reader, name, "is missing") : NULL;
}

/* A string without NUL, which the reader sees to. `usual`: what null stands for; NULL: it is refused. */
static okta_error *read_text(const line_reader *reader, const char *name, const char *usual, const char **out)
{
    const json_node *node;
    okta_error *error = find(reader, name, &node);
    if (error != NULL) {
        return error;
    }
    if (node->type == OKTAI_JSON_NULL && usual != NULL) {
        *out = usual;
        return NULL;
    }
    if (node->type != OKTAI_JSON_STRING) {
        return refuse_member(reader, name, "is no string");
    }
    *out = oktai_arena_copy(reader->arena, node->text.text, node->text.length);
    return *out == NULL ? oktai_error_nomem() : NULL;
}

static okta_error *decode_base64(const line_reader *reader, const char *name, okta_text text,
                                 recorded_body *out)
{
    size_t padding = 0;
    while (padding < 2 && padding < text.length && text.text[text.length - 1 - padding] == '=') {
        padding++;
    }
    size_t length = text.length - padding;
    char *data = oktai_arena_text(reader->arena, length);
    uint32_t bits = 0;
    if (data == NULL) {
        return oktai_error_nomem();
    }
    if (text.length % 4 != 0) {
        return refuse_member(reader, name, "is no base64");
    }
    for (size_t i = 0; i < length; i++) {
        int value = oktai_base64_value(text.text[i], "+/");
        if (value < 0) {
            return refuse_member(reader, name, "is no base64");
        }
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 0) {
            data[out->length++] = (char)(unsigned char)(bits >> (6 - 2 * (i % 4)));
        }
    }
    if ((length % 4 == 2 && (bits & 0xf) != 0) || (length % 4 == 3 && (bits & 0x3) != 0)) {
        return refuse_member(reader, name, "is no base64: it has bits behind its last byte");
    }
    data[out->length] = '\0';
    out->data = data;
    return NULL;
}

/* A text, null, or an object that holds bytes. */
static okta_error *read_body(const line_reader *reader, const char *name, recorded_body *out)
{
    const json_node *node;
    okta_error *error = find(reader, name, &node);
    if (error != NULL || node->type == OKTAI_JSON_NULL) {
        return error;
    }
    const json_node *bytes = json_tree_member(node, "base64");
    if (bytes != NULL && bytes->type == OKTAI_JSON_STRING) {
        return decode_base64(reader, name, bytes->text, out);
    }
    if (node->type != OKTAI_JSON_STRING) {
        return refuse_member(reader, name, "is neither a string nor null nor {\"base64\": ...}");
    }
    out->data = oktai_arena_copy(reader->arena, node->text.text, node->text.length);
    out->length = node->text.length;
    return out->data == NULL ? oktai_error_nomem() : NULL;
}

static okta_error *read_status(const line_reader *reader, int *out)
{
    const json_node *node;
    okta_error *error = find(reader, "status", &node);
    if (error != NULL) {
        return error;
    }
    *out = 0;
    for (size_t i = 0; node->type == OKTAI_JSON_NUMBER && node->text.length == 3 && i < 3; i++) {
        char digit = node->text.text[i];
        *out = digit >= '0' && digit <= '9' && *out >= 0 ? *out * 10 + (digit - '0') : -1;
    }
    return *out >= 200 && *out <= 599 ? NULL
                                      : refuse_member(reader, "status", "is no number from 200 to 599");
}

/* What a header line may hold: no control character but the tab (RFC 9110, section 5.5); a name is a token.
 */
static bool is_header(okta_text name, okta_text value)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < name.length; i++) {
        char c = name.text[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && (c == '\0' || strchr(others, c) == NULL)) {
            return false;
        }
    }
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return name.length > 0;
}

static okta_error *add_header(const line_reader *reader, okta_text name, const json_node *value,
                              oktai_vector *headers)
{
    if (value->type != OKTAI_JSON_STRING || !is_header(name, value->text)) {
        return refuse_member(reader, "response_headers", "has what is no header");
    }
    recorded_header *header = oktai_arena_push(reader->arena, headers, sizeof *header);
    if (header == NULL) {
        return oktai_error_nomem();
    }
    header->name = oktai_arena_copy(reader->arena, name.text, name.length);
    header->value = oktai_arena_copy(reader->arena, value->text.text, value->text.length);
    return header->name == NULL || header->value == NULL ? oktai_error_nomem() : NULL;
}

/* An object whose values are strings or lists of strings. */
static okta_error *read_headers(const line_reader *reader, exchange *out)
{
    const json_node *node;
    oktai_vector headers = {0};
    okta_error *error = find(reader, "response_headers", &node);
    if (error == NULL && node->type != OKTAI_JSON_OBJECT && node->type != OKTAI_JSON_NULL) {
        error = refuse_member(reader, "response_headers", "is no object");
    }
    for (size_t i = 0; error == NULL && i < node->count; i++) {
        const json_node *header = &node->items[i];
        if (header->type != OKTAI_JSON_ARRAY) {
            error = add_header(reader, header->name, header, &headers);
        }
        for (size_t k = 0; error == NULL && header->type == OKTAI_JSON_ARRAY && k < header->count; k++) {
            error = add_header(reader, header->name, &header->items[k], &headers);
        }
    }
    out->headers = headers.data;
    out->header_count = headers.count;
    return error;
}

static bool is_path(const char *path)
{
    return path != NULL && path[0] == '/' && strpbrk(path, "?#") == NULL;
}

static okta_error *read_path(const line_reader *reader, exchange *out)
{
    okta_error *error = read_text(reader, "method", NULL, &out->method);
    error = error == NULL ? read_text(reader, "path", NULL, &out->path) : error;
    error = error == NULL ? read_text(reader, "query", "", &out->query) : error;
    if (error == NULL && !is_path(out->path)) {
        error = refuse_member(reader, "path", "is no path without a query");
    }
    return error;
}

static okta_error *read_exchange(const line_reader *reader, exchange *out)
{
    *out = (exchange){.file = reader->file, .line = reader->line};
    okta_error *error = read_path(reader, out);
    error = error == NULL ? read_body(reader, "request_body", &out->request) : error;
    error = error == NULL ? read_status(reader, &out->status) : error;
    error = error == NULL ? read_headers(reader, out) : error;
    return error == NULL ? read_body(reader, "response_body", &out->answer) : error;
}

/* One line; a NUL stands behind it. The tree is scratch: what is kept is copied. */
static okta_error *read_line(oktai_arena *arena, const char *file, size_t line, const char *text,
                             size_t length, oktai_vector *list)
{
    oktai_arena scratch = {0};
    json_node object;
    exchange one = {.file = NULL};
    line_reader reader = {arena, file, line, &object};
    okta_error *error = json_tree_read(&scratch, text, length, &object);
    if (error == NULL && object.type != OKTAI_JSON_OBJECT) {
        error = refuse(&reader, "the line is no JSON object");
    } else if (error == NULL) {
        error = read_exchange(&reader, &one);
    } else if (okta_error_status(error) == OKTA_E_PROTOCOL) {
        okta_error *cause = error;
        error = refuse(&reader, okta_error_message(cause));
        okta_free(cause);
    }
    if (error == NULL) {
        exchange *slot = oktai_arena_push(arena, list, sizeof *slot);
        if (slot != NULL) {
            *slot = one;
        } else {
            error = oktai_error_nomem();
        }
    }
    oktai_arena_clear(&scratch);
    return error;
}

static okta_error *read_bytes(const char *file, oktai_buffer *out)
{
    bool standard = strcmp(file, "-") == 0;
    FILE *stream = standard ? stdin : fopen(file, "rb");
    size_t got = 1;
    if (stream == NULL) {
        return oktai_error_new(OKTA_E_CONFIG, "%s: %s", file, strerror(errno));
    }
    while (got > 0 && oktai_buffer_reserve(out, out->length + 65536)) {
        got = fread(out->data + out->length, 1, 65536, stream);
        out->length += got;
        out->data[out->length] = '\0';
    }
    int reason = ferror(stream) != 0 ? errno : 0;
    if (!standard) {
        (void)fclose(stream);
    }
    if (reason != 0) {
        return oktai_error_new(OKTA_E_CONFIG, "%s: %s", file, strerror(reason));
    }
    return out->failed ? oktai_error_nomem() : NULL;
}

static bool is_blank(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && strchr(" \t\r", text[i]) != NULL && text[i] != '\0') {
        i++;
    }
    return i == length;
}

okta_error *exchange_read_file(oktai_arena *arena, const char *file, oktai_vector *list)
{
    oktai_buffer text = {0};
    okta_error *error = read_bytes(file, &text);
    size_t line = 1;
    for (size_t at = 0; error == NULL && at < text.length; line++) {
        char *begin = text.data + at;
        char *newline = memchr(begin, '\n', text.length - at);
        size_t length = newline == NULL ? text.length - at : (size_t)(newline - begin);
        begin[length] = '\0';
        if (!is_blank(begin, length)) {
            error = read_line(arena, file, line, begin, length, list);
        }
        at += length + 1;
    }
    oktai_buffer_clear(&text);
    return error;
}

const char *exchange_header(const exchange *one, const char *name)
{
    for (size_t i = 0; i < one->header_count; i++) {
        if (strcasecmp(one->headers[i].name, name) == 0) {
            return one->headers[i].value;
        }
    }
    return NULL;
}

bool exchange_answer_is_json(const exchange *one)
{
    const char *type = exchange_header(one, "Content-Type");
    const char *text = one->answer.data == NULL ? "" : one->answer.data;
    text += strspn(text, " \t\r\n");
    if (type == NULL) {
        return *text == '{' || *text == '[';
    }
    while (*type != '\0' && strncasecmp(type, "json", 4) != 0) {
        type++;
    }
    return *type != '\0';
}
