/* SPDX-License-Identifier: Apache-2.0 */
#include "json/reader.h"

#include <string.h>

#include "core/utf8.h"
#include "core/words.h"

static bool fail(oktai_reader *reader, const char *problem)
{
    if (reader->problem == NULL) {
        reader->problem = problem;
    }
    return false;
}

static bool fail_memory(oktai_reader *reader)
{
    reader->no_memory = true;
    return fail(reader, "out of memory");
}

void oktai_reader_init(oktai_reader *reader, const char *json, size_t length)
{
    *reader = (oktai_reader){.next = json, .start = json, .end = json + length};
    if (length >= 3 && memcmp(json, "\xEF\xBB\xBF", 3) == 0) {
        reader->next += 3;
    }
}

/* The next character that is not white space; NUL at the end, where it is no character of JSON either. */
static char next_char(oktai_reader *reader)
{
    const char *p = reader->next;
    if ((unsigned char)*p > ' ') {
        return *p;
    }
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t') {
        p++;
    }
    reader->next = p;
    return *p;
}

oktai_json_type oktai_reader_peek(oktai_reader *reader)
{
    if (reader->problem != NULL) {
        return OKTAI_JSON_INVALID;
    }
    char c = next_char(reader);
    switch (c) {
    case '{':
        return OKTAI_JSON_OBJECT;
    case '[':
        return OKTAI_JSON_ARRAY;
    case '"':
        return OKTAI_JSON_STRING;
    case 't':
        return OKTAI_JSON_TRUE;
    case 'f':
        return OKTAI_JSON_FALSE;
    case 'n':
        return OKTAI_JSON_NULL;
    default:
        if (c == '-' || (c >= '0' && c <= '9')) {
            return OKTAI_JSON_NUMBER;
        }
        fail(reader, reader->next >= reader->end ? "the text ends early" : "a value is expected");
        return OKTAI_JSON_INVALID;
    }
}

bool oktai_reader_enter(oktai_reader *reader)
{
    oktai_json_type type = oktai_reader_peek(reader);
    if (type != OKTAI_JSON_OBJECT && type != OKTAI_JSON_ARRAY) {
        return fail(reader, "an object or array is expected");
    }
    if (reader->depth >= OKTAI_JSON_DEPTH_MAX) {
        return fail(reader, "nested deeper than 64 levels");
    }
    reader->depth++;
    reader->next++;
    return true;
}

/* Rarely called: inlined, it would cost each entry. */
#if defined(__GNUC__)
__attribute__((noinline, cold))
#endif
static bool
look(oktai_reader *reader)
{
    reader->ended = oktai_watch_look(reader->watch);
    if (reader->ended == OKTA_OK) {
        return true;
    }
    return fail(reader, reader->ended == OKTA_E_CANCELED ? "canceled while it was read"
                                                         : "the deadline passed while it was read");
}

/* Whether the reader may go on with the entry that it came to. The last thing that is asked for an entry, so
 * that no register has to be kept for it. */
static inline bool goes_on(oktai_reader *reader)
{
    return ++reader->entries % OKTAI_ENTRIES_A_LOOK != 0 || look(reader);
}

/* Stands before the next entry of a container, or behind its end: then false. */
static inline bool next_entry(oktai_reader *reader, bool first, char close)
{
    if (reader->problem != NULL) {
        return false;
    }
    char c = next_char(reader);
    if (c == close) {
        reader->next++;
        reader->depth--;
        return false;
    }
    if (first) {
        return true;
    }
    if (c != ',') {
        return fail(reader, reader->next >= reader->end ? "the text ends early" : "a comma is expected");
    }
    reader->next++;
    if (next_char(reader) == close) {
        return fail(reader, "a comma stands before a closing bracket");
    }
    return true;
}

bool oktai_reader_element(oktai_reader *reader, bool first)
{
    return next_entry(reader, first, ']') && goes_on(reader);
}

static int hex4(const char *p)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

/* Length of the escape at `p` (a backslash), its character in `*code`; 0: bad. The NUL behind the text stops
 * hex4(). */
static size_t escape_at(const char *p, uint32_t *code)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    if (p[1] != 'u') {
        const char *name = p[1] == '\0' ? NULL : strchr(names, p[1]);
        if (name == NULL) {
            return 0;
        }
        *code = (unsigned char)values[name - names];
        return 2;
    }
    int high = hex4(p + 2);
    if (high <= 0 || (high >= 0xDC00 && high <= 0xDFFF)) {
        return 0;
    }
    *code = (uint32_t)high;
    if (high < 0xD800 || high > 0xDFFF) {
        return 6;
    }
    int low = p[6] == '\\' && p[7] == 'u' ? hex4(p + 8) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
        return 0;
    }
    *code = 0x10000 + (((uint32_t)high - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
    return 12;
}

static const char *string_problem(const oktai_reader *reader, const char *p)
{
    if (p >= reader->end) {
        return "a string does not end";
    }
    if (*p == '\\') {
        return "a string has an escape that is not valid";
    }
    return (unsigned char)*p < 0x20 ? "a string has a control character" : "a string is not UTF-8";
}

/* Consumes a string, checked; `*out` is what stands between the quotes. */
static bool scan_string(oktai_reader *reader, okta_text *out, bool *escaped)
{
    if (reader->problem != NULL) {
        return false;
    }
    if (next_char(reader) != '"') {
        return fail(reader, "a string is expected");
    }
    const char *start = reader->next + 1;
    const char *p = start;
    *escaped = false;
    for (;;) {
        p = oktai_plain_run(p, reader->end);
        if (p < reader->end && *p == '"') {
            break;
        }
        size_t length = 0;
        uint32_t code;
        if (p < reader->end && *p == '\\') {
            length = escape_at(p, &code);
            *escaped = true;
        } else if (p < reader->end && (unsigned char)*p >= 0x80) {
            length = oktai_utf8_sequence(p, reader->end);
        }
        if (length == 0) {
            reader->next = p;
            return fail(reader, string_problem(reader, p));
        }
        p += length;
    }
    *out = (okta_text){start, (size_t)(p - start)};
    reader->next = p + 1;
    return true;
}

static char *put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xC0 | (code >> 6));
        *out++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *out++ = (char)(0xE0 | (code >> 12));
        *out++ = (char)(0x80 | ((code >> 6) & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    } else {
        *out++ = (char)(0xF0 | (code >> 18));
        *out++ = (char)(0x80 | ((code >> 12) & 0x3F));
        *out++ = (char)(0x80 | ((code >> 6) & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    }
    return out;
}

/* The text has passed scan_string(), and no escape is shorter than what it stands for. */
static char *unescape(oktai_arena *arena, okta_text raw, size_t *out_length)
{
    char *text = oktai_arena_text(arena, raw.length);
    if (text == NULL) {
        return NULL;
    }
    char *out = text;
    const char *end = raw.text + raw.length;
    for (const char *p = raw.text; p < end;) {
        if (*p != '\\') {
            *out++ = *p++;
            continue;
        }
        uint32_t code = 0;
        p += escape_at(p, &code);
        out = put_utf8(out, code);
    }
    *out = '\0';
    *out_length = (size_t)(out - text);
    oktai_arena_shrink(arena, text, raw.length, *out_length);
    return text;
}

bool oktai_reader_text(oktai_reader *reader, oktai_arena *arena, okta_text *out)
{
    bool escaped;
    if (!scan_string(reader, out, &escaped)) {
        return false;
    }
    if (escaped && arena != NULL) {
        out->text = unescape(arena, *out, &out->length);
        return out->text != NULL || fail_memory(reader);
    }
    return true;
}

/* The string ahead of which the reader stands, where it is plain and fits as it is. NULL: nothing is
 * consumed.
 */
static char *copy_plain(oktai_reader *reader, oktai_arena *arena, size_t *out_length)
{
    const char *start = reader->next + 1;
    size_t left = (size_t)(reader->end - start);
    char *text = arena->next;
    size_t length = oktai_copy_run(text, start, left < arena->left ? left : arena->left);
    if (length == OKTAI_NO_RUN) {
        return NULL;
    }
    reader->next = start + length + 1;
    *out_length = length;
    return oktai_arena_text(arena, length);
}

static char *copy_any(oktai_reader *reader, oktai_arena *arena, size_t *out_length)
{
    bool escaped;
    okta_text raw;
    if (!scan_string(reader, &raw, &escaped)) {
        return NULL;
    }
    *out_length = raw.length;
    char *text = escaped ? unescape(arena, raw, out_length) : oktai_arena_copy(arena, raw.text, raw.length);
    if (text == NULL) {
        fail_memory(reader);
    }
    return text;
}

char *oktai_reader_string(oktai_reader *reader, oktai_arena *arena, size_t *out_length)
{
    size_t length = 0;
    char *text = NULL;
    if (reader->problem == NULL && next_char(reader) == '"') {
        text = copy_plain(reader, arena, &length);
    }
    if (text == NULL) {
        text = copy_any(reader, arena, &length);
    }
    if (text != NULL && out_length != NULL) {
        *out_length = length;
    }
    return text;
}

bool oktai_reader_member(oktai_reader *reader, bool first, oktai_arena *arena, okta_text *out)
{
    if (!next_entry(reader, first, '}') || !oktai_reader_text(reader, arena, out)) {
        return false;
    }
    if (next_char(reader) != ':') {
        return fail(reader, "a colon is expected");
    }
    reader->next++;
    return goes_on(reader);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *p)
{
    while (is_digit(*p)) {
        p++;
    }
    return p;
}

static bool skip_number(oktai_reader *reader)
{
    const char *p = reader->next;
    p += *p == '-';
    const char *digits = p;
    p = *p == '0' ? p + 1 : skip_digits(p);
    bool good = p > digits;
    if (good && *p == '.') {
        good = is_digit(p[1]);
        p = skip_digits(p + 1);
    }
    if (good && (*p == 'e' || *p == 'E')) {
        p += p[1] == '+' || p[1] == '-' ? 2 : 1;
        good = is_digit(*p);
        p = skip_digits(p);
    }
    reader->next = p;
    return good || fail(reader, "a number is not valid");
}

bool oktai_reader_literal(oktai_reader *reader)
{
    static const char *const words[] = {"true", "false", "null"};
    if (reader->problem != NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(reader->next, words[i], length) == 0) {
            reader->next += length;
            return true;
        }
    }
    return fail(reader, "a value is expected");
}

static bool skip_members(oktai_reader *reader)
{
    okta_text name;
    for (bool first = true; oktai_reader_member(reader, first, NULL, &name); first = false) {
        if (!oktai_reader_skip(reader, NULL)) {
            return false;
        }
    }
    return reader->problem == NULL;
}

static bool skip_elements(oktai_reader *reader)
{
    for (bool first = true; oktai_reader_element(reader, first); first = false) {
        if (!oktai_reader_skip(reader, NULL)) {
            return false;
        }
    }
    return reader->problem == NULL;
}

bool oktai_reader_skip(oktai_reader *reader, okta_text *out)
{
    oktai_json_type type = oktai_reader_peek(reader);
    const char *start = reader->next;
    okta_text ignored;
    bool good = false;
    switch (type) {
    case OKTAI_JSON_OBJECT:
        good = oktai_reader_enter(reader) && skip_members(reader);
        break;
    case OKTAI_JSON_ARRAY:
        good = oktai_reader_enter(reader) && skip_elements(reader);
        break;
    case OKTAI_JSON_STRING:
        good = oktai_reader_text(reader, NULL, &ignored);
        break;
    case OKTAI_JSON_NUMBER:
        good = skip_number(reader);
        break;
    case OKTAI_JSON_TRUE:
    case OKTAI_JSON_FALSE:
    case OKTAI_JSON_NULL:
        good = oktai_reader_literal(reader);
        break;
    case OKTAI_JSON_INVALID:
        break;
    }
    if (good && out != NULL) {
        *out = (okta_text){start, (size_t)(reader->next - start)};
    }
    return good;
}

bool oktai_reader_finish(oktai_reader *reader)
{
    if (reader->problem != NULL) {
        return false;
    }
    next_char(reader);
    return reader->next == reader->end || fail(reader, "something stands behind the document");
}

bool oktai_reader_is_value(const char *json, unsigned depth)
{
    oktai_reader reader;
    oktai_reader_init(&reader, json, strlen(json));
    reader.depth = depth;
    return reader.next == json && oktai_reader_skip(&reader, NULL) && oktai_reader_finish(&reader);
}
