/* SPDX-License-Identifier: Apache-2.0 */
#include "config/yaml.h"

#include <string.h>

#include "core/error.h"
#include "core/utf8.h"

/* U+E000, a character for private use. In a file it is treated like a letter. */
static const char mark[] = "\xee\x80\x80";
#define MARK_SIZE (sizeof mark - 1)
#define MARK      0xe000u

okta_error *oktai_yaml_refuse(const oktai_yaml *yaml, size_t line, const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "%.600s:%zu: %s", yaml->name, line, reason);
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_mark(const char *at, const char *end)
{
    return (size_t)(end - at) >= MARK_SIZE && memcmp(at, mark, MARK_SIZE) == 0;
}

/* Bytes of the character at `at` in text that was checked. */
static size_t size_at(const char *at, const char *end)
{
    return (unsigned char)*at < 0x80 ? 1 : oktai_utf8_sequence(at, end);
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* How many bytes behind a backslash belong to its escape. `*code` receives the number of a hexadecimal
 * escape, such as `\x41`, and 0 for others. */
static size_t escape_size(const char *at, const char *end, unsigned *code)
{
    size_t digits = at == end ? 0 : *at == 'x' ? 2 : *at == 'u' ? 4 : *at == 'U' ? 8 : 0;
    size_t size = at == end ? 0 : size_at(at, end);
    *code = 0;
    for (; digits > 0 && at + size < end && hex_value(at[size]) >= 0; digits--, size++) {
        *code = *code << 4 | (unsigned)hex_value(at[size]);
    }
    return size;
}

static size_t length_up_to(const char *at, const char *end, const char *stops)
{
    size_t length = 0;
    while (at + length < end && strchr(stops, at[length]) == NULL) {
        length++;
    }
    return length;
}

/* How many bytes at `at` belong to YAML's own syntax: a directive, an anchor, an alias, a tag, the header of
 * a block scalar or an escape. libyaml has to see their letters and digits, so these are not marked. Where
 * text only looks like such syntax, libyaml keeps a copy of it that it does not wipe; nothing else goes
 * wrong. */
static size_t syntax_size(const char *start, const char *at, const char *end, unsigned *code)
{
    char before = at == start ? '\n' : at[-1];
    *code = 0;
    if (*at == '\\') {
        return 1 + escape_size(at + 1, end, code);
    }
    if (*at == '%' && (before == '\n' || before == '\r')) {
        return length_up_to(at, end, "\r\n");
    }
    if (strchr("&*!", *at) != NULL && strchr(" \t\r\n[]{},:", before) != NULL) {
        return length_up_to(at, end, " \t\r\n,[]{}");
    }
    if (*at == '|' || *at == '>') {
        size_t size = 1;
        while (at + size < end && strchr("+-0123456789", at[size]) != NULL) {
            size++;
        }
        return size;
    }
    return 0;
}

static okta_error *mark_words(oktai_yaml *yaml, const char *text)
{
    size_t line = 1;
    for (const char *at = text; at < yaml->end && !yaml->marked.failed;) {
        unsigned code = 0;
        size_t size = syntax_size(text, at, yaml->end, &code);
        if (code == MARK) {
            return oktai_yaml_refuse(yaml, line, "the escape of a character for private use is not accepted");
        }
        if (size == 0 && is_word(*at)) {
            oktai_buffer_append(&yaml->marked, mark, MARK_SIZE);
            at++;
            continue;
        }
        size = size == 0 ? size_at(at, yaml->end) : size;
        for (size_t i = 0; i < size; i++) {
            line += at[i] == '\n';
        }
        oktai_buffer_append(&yaml->marked, at, size);
        at += size;
    }
    return yaml->marked.failed ? oktai_error_nomem() : NULL;
}

/* Why a character is refused that libyaml's reader refuses as well, but without naming the line. */
static const char *refuse_character(const char *at, size_t size)
{
    unsigned char c = (unsigned char)at[0];
    if (size == 0) {
        return "is not UTF-8";
    }
    if (c == '\0') {
        return "a NUL byte is not accepted";
    }
    bool is_control = (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f ||
                      (c == 0xc2 && (unsigned char)at[1] < 0xa0 && (unsigned char)at[1] != 0x85);
    bool is_noncharacter =
        size == 3 && (memcmp(at, "\xef\xbf\xbe", 3) == 0 || memcmp(at, "\xef\xbf\xbf", 3) == 0 ||
                      memcmp(at, "\xef\xbb\xbf", 3) == 0);
    return is_control || is_noncharacter ? "a control character is not accepted" : NULL;
}

static okta_error *check_characters(const oktai_yaml *yaml, const char *text)
{
    size_t line = 1;
    for (const char *at = text; at < yaml->end;) {
        size_t size = size_at(at, yaml->end);
        const char *reason = refuse_character(at, size);
        if (reason != NULL) {
            return oktai_yaml_refuse(yaml, line, reason);
        }
        line += *at == '\n';
        at += size;
    }
    return NULL;
}

okta_error *oktai_yaml_begin(oktai_yaml *yaml, const char *name, const char *text, size_t length)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    yaml->name = name;
    yaml->end = text + length;
    if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
        text += 3;
    }
    okta_error *error = check_characters(yaml, text);
    if (error == NULL) {
        error = oktai_buffer_reserve(&yaml->marked, (size_t)(yaml->end - text) * MARK_SIZE)
                    ? mark_words(yaml, text)
                    : oktai_error_nomem();
    }
    if (error != NULL) {
        return error;
    }
    yaml->at = (oktai_yaml_cursor){text, yaml->marked.data, 0};
    if (!yaml_parser_initialize(&yaml->parser)) {
        return oktai_error_nomem();
    }
    yaml->has_parser = true;
    yaml_parser_set_encoding(&yaml->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&yaml->parser, (const unsigned char *)yaml->marked.data,
                                 yaml->marked.length);
    return NULL;
}

void oktai_yaml_end(oktai_yaml *yaml)
{
    if (yaml->has_parser) {
        yaml_parser_delete(&yaml->parser);
        yaml->has_parser = false;
    }
    oktai_buffer_clear(&yaml->marked);
    oktai_arena_clear(&yaml->arena);
}

static bool is_at_mark(const oktai_yaml *yaml)
{
    return is_mark(yaml->at.marked, yaml->marked.data + yaml->marked.length);
}

static void step(oktai_yaml *yaml)
{
    size_t size = size_at(yaml->at.text, yaml->end);
    yaml->at.marked += is_at_mark(yaml) ? MARK_SIZE : size;
    yaml->at.text += size;
    yaml->at.index++;
}

/* Line breaks of YAML 1.1. */
static bool is_at_break(const oktai_yaml *yaml)
{
    static const char *const breaks[] = {"\n", "\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        size_t size = strlen(breaks[i]);
        if ((size_t)(yaml->end - yaml->at.text) >= size && memcmp(yaml->at.text, breaks[i], size) == 0) {
            return true;
        }
    }
    return false;
}

/* Move to the place in the text where a scalar begins. A block scalar begins on the line behind its sign, `|`
 * or
 * `>`, since only a comment may follow the sign. */
static void seek(oktai_yaml *yaml, const yaml_event_t *event)
{
    while (yaml->at.text < yaml->end && yaml->at.index < event->start_mark.index) {
        step(yaml);
    }
    yaml_scalar_style_t style = event->data.scalar.style;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) {
        while (yaml->at.text < yaml->end && !is_at_break(yaml)) {
            step(yaml);
        }
    }
}

/* Make a scalar's value of what libyaml returned: each mark in it becomes the next letter or digit of the
 * text that was marked. libyaml keeps the order of characters, so the n-th mark stands for the n-th such
 * letter. */
static char *put_words_back(oktai_yaml *yaml, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    const char *end = value + event->data.scalar.length;
    char *text = oktai_arena_text(&yaml->arena, event->data.scalar.length);
    char *out = text;
    seek(yaml, event);
    while (text != NULL && value < end) {
        if (!is_mark(value, end)) {
            *out++ = *value++;
            continue;
        }
        while (yaml->at.text < yaml->end && !is_at_mark(yaml)) {
            step(yaml);
        }
        if (yaml->at.text < yaml->end) {
            size_t size = size_at(yaml->at.text, yaml->end);
            memcpy(out, yaml->at.text, size);
            out += size;
            step(yaml);
        }
        value += MARK_SIZE;
    }
    if (text != NULL) {
        *out = '\0';
    }
    return text;
}

static okta_error *take_scalar(oktai_yaml *yaml, const yaml_event_t *event, oktai_yaml_node *out)
{
    if (memchr(event->data.scalar.value, '\0', event->data.scalar.length) != NULL) {
        return oktai_yaml_refuse(yaml, out->line, "a NUL byte is not accepted");
    }
    out->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    out->text = put_words_back(yaml, event);
    return out->text == NULL ? oktai_error_nomem() : NULL;
}

static okta_error *take(oktai_yaml *yaml, const yaml_event_t *event, oktai_yaml_node *out)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    if (event->type == YAML_DOCUMENT_START_EVENT) {
        if (yaml->has_document) {
            return oktai_yaml_refuse(yaml, out->line, "a second document is not accepted");
        }
        yaml->has_document = true;
    } else if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    }
    if (event->type == YAML_ALIAS_EVENT || anchor != NULL) {
        return oktai_yaml_refuse(yaml, out->line,
                                 "anchors and aliases are not accepted: quote a value that begins "
                                 "with & or *");
    }
    if (tag != NULL) {
        return oktai_yaml_refuse(yaml, out->line, "tags are not accepted: quote a value that begins with !");
    }
    return event->type == YAML_SCALAR_EVENT ? take_scalar(yaml, event, out) : NULL;
}

/* libyaml's description of a problem is one of a few fixed texts, so it cannot show a secret. */
static okta_error *refuse_syntax(const oktai_yaml *yaml)
{
    const yaml_parser_t *parser = &yaml->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return oktai_error_nomem();
    }
    return oktai_error_new(OKTA_E_CONFIG, "%.600s:%zu: this is not YAML: %s", yaml->name,
                           parser->problem_mark.line + 1, parser->problem == NULL ? "" : parser->problem);
}

okta_error *oktai_yaml_next(oktai_yaml *yaml, oktai_yaml_node *out)
{
    yaml_event_t event;
    *out = (oktai_yaml_node){0};
    if (!yaml_parser_parse(&yaml->parser, &event)) {
        return refuse_syntax(yaml);
    }
    out->type = event.type;
    out->line = event.start_mark.line + 1;
    okta_error *error = take(yaml, &event, out);
    if (event.type == YAML_SCALAR_EVENT) {
        oktai_wipe(event.data.scalar.value, event.data.scalar.length);
    }
    yaml_event_delete(&event);
    return error;
}
