/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_text.h"

#include <string.h>

#include "core/arena.h"
#include "core/base64url.h"
#include "core/error.h"
#include "json/reader.h"

/* Quotes around base64 around quotes: no store wraps a key oftener. */
#define WRAPPINGS_MAX 4u

static const char begin_mark[] = "-----BEGIN";
static const char end_mark[] = "-----END";
static const char dashes[] = "-----";
#define BEGIN_SIZE  (sizeof begin_mark - 1)
#define END_SIZE    (sizeof end_mark - 1)
#define DASHES_SIZE (sizeof dashes - 1)

static okta_error *refuse(const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "%s", reason);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static okta_text skip_blanks(okta_text span)
{
    while (span.length > 0 && is_blank(span.text[0])) {
        span = (okta_text){span.text + 1, span.length - 1};
    }
    return span;
}

/* Without white space at both ends, and without byte order marks in front. */
static okta_text trim(okta_text span)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    span = skip_blanks(span);
    while (span.length >= 3 && memcmp(span.text, byte_order_mark, 3) == 0) {
        span = skip_blanks((okta_text){span.text + 3, span.length - 3});
    }
    while (span.length > 0 && is_blank(span.text[span.length - 1])) {
        span.length--;
    }
    return span;
}

/* The end of the text where `part` is not in it. */
static const char *find(okta_text span, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0; i + length <= span.length; i++) {
        if (memcmp(span.text + i, part, length) == 0) {
            return span.text + i;
        }
    }
    return span.text + span.length;
}

static bool begins(okta_text span, const char *part)
{
    size_t length = strlen(part);
    return span.length >= length && memcmp(span.text, part, length) == 0;
}

static bool has(okta_text span, const char *part)
{
    return find(span, part) != span.text + span.length;
}

static bool is_quoted(okta_text span)
{
    char quote = span.length < 2 ? '\0' : span.text[0];
    return (quote == '"' || quote == '\'') && span.text[span.length - 1] == quote;
}

/* `{\"kty\":...`: no JSON has a backslash there. */
static bool is_escaped_json(okta_text span)
{
    size_t at = 1;
    while (at < span.length && is_blank(span.text[at])) {
        at++;
    }
    return span.length > 2 && span.text[0] == '{' && at < span.length && span.text[at] == '\\';
}

/* Take one level of backslashes away. `\n` and `\r` are line ends. */
static void unescape(okta_text span, oktai_buffer *out)
{
    for (size_t i = 0; i < span.length; i++) {
        char c = span.text[i];
        if (c == '\\' && i + 1 < span.length) {
            c = span.text[++i];
            c = (char)(c == 'n' ? '\n' : c == 'r' ? '\r' : c);
        }
        oktai_buffer_add_char(out, c);
    }
}

/* Decode base64 with white space anywhere. False: it is not base64. */
static bool decode(okta_text span, oktai_buffer *out)
{
    unsigned bits = 0;
    unsigned held = 0;
    size_t letters = 0;
    size_t pads = 0;
    for (size_t i = 0; i < span.length; i++) {
        char c = span.text[i];
        if (is_blank(c)) {
            continue;
        }
        int value = oktai_base64_value(c, "+/");
        pads += c == '=';
        if (pads > 2 || (pads > 0 ? c != '=' : value < 0)) {
            return false;
        }
        letters += c != '=';
        if (pads == 0) {
            bits = (bits << 6 | (unsigned)value) & 0xffff;
            held += 6;
        }
        if (pads == 0 && held >= 8) {
            held -= 8;
            oktai_buffer_add_char(out, (char)(bits >> held & 0xff));
        }
    }
    return letters >= 4 && letters % 4 != 1;
}

/* One ASN.1 sequence whose length is that of the bytes. */
static bool is_der(okta_text span)
{
    const unsigned char *bytes = (const unsigned char *)span.text;
    if (span.length < 4 || bytes[0] != 0x30) {
        return false;
    }
    size_t size = bytes[1];
    size_t more = size > 0x80 && size <= 0x83 ? size - 0x80 : 0;
    size = more > 0 ? 0 : size;
    for (size_t i = 0; i < more && 2 + i < span.length; i++) {
        size = size << 8 | bytes[2 + i];
    }
    return size + more + 2 == span.length;
}

/* `[{`: a path has its brackets elsewhere. */
static bool is_array_of_objects(okta_text span)
{
    okta_text inside = span.length > 0 && span.text[0] == '['
                           ? skip_blanks((okta_text){span.text + 1, span.length - 1})
                           : (okta_text){0};
    return inside.length > 0 && inside.text[0] == '{';
}

static bool looks_like_key(okta_text span)
{
    return (span.length > 0 && span.text[0] == '{') || is_array_of_objects(span) || has(span, begin_mark);
}

/* Decode base64 of what can be a key: itself, or quoted, or in base64 once more. `out` is empty when it is
 * not that. */
static okta_error *unwrap_base64(okta_text span, oktai_buffer *out)
{
    oktai_buffer inner = {0};
    bool is_base64 = decode(span, out);
    okta_text inside = trim((okta_text){out->data, is_base64 ? out->length : 0});
    okta_error *error = NULL;
    if (is_base64 && is_der((okta_text){out->data, out->length})) {
        error = refuse("the text is base64 of a key without BEGIN and END lines: give the whole PEM");
    } else if (!looks_like_key(inside) && !is_quoted(inside) && !decode(inside, &inner)) {
        oktai_buffer_reset(out);
    }
    bool failed = inner.failed || out->failed;
    oktai_buffer_clear(&inner);
    return error == NULL && failed ? oktai_error_nomem() : error;
}

/* Take one wrapping off. `out` is empty when there is none; `*is_base64` tells whether it was base64. */
static okta_error *unwrap(okta_text span, oktai_buffer *out, bool *is_base64)
{
    *is_base64 = false;
    if (is_quoted(span)) {
        oktai_buffer_append(out, span.text + 1, span.length - 2);
    } else if (is_escaped_json(span)) {
        unescape(span, out);
    } else if (!looks_like_key(span)) {
        *is_base64 = true;
        return unwrap_base64(span, out);
    }
    return out->failed ? oktai_error_nomem() : NULL;
}

/* Backslashes in front of an n or r are a line end that was spelled out, once or oftener. */
static void spell_out_lines(okta_text span, oktai_buffer *out)
{
    for (size_t i = 0; i < span.length; i++) {
        size_t run = i;
        while (run < span.length && span.text[run] == '\\') {
            run++;
        }
        bool is_end = run > i && run < span.length && memchr("nr\r\n", span.text[run], 4) != NULL;
        if (is_end) {
            oktai_buffer_add_char(out, '\n');
        } else {
            /* The whole run at once: to look at each backslash anew takes quadratic time. */
            run = run > i ? run - 1 : i;
            oktai_buffer_append(out, span.text + i, run - i + 1);
        }
        i = run;
    }
}

/* A trimmed label with single spaces between its words. */
static void add_label(okta_text label, oktai_buffer *out)
{
    for (size_t i = 0; i < label.length; i++) {
        bool is_gap = is_blank(label.text[i]);
        if (!is_gap || !is_blank(label.text[i - 1])) {
            oktai_buffer_add_char(out, is_gap ? ' ' : label.text[i]);
        }
    }
}

/* The dashes of the next mark close no label, and no label ends with one (RFC 7468, section 3). */
static bool is_closed(okta_text label, okta_text rest)
{
    bool is_mark = begins(rest, begin_mark) || begins(rest, end_mark);
    return !is_mark && (label.length == 0 || label.text[label.length - 1] != '-');
}

/* The label behind a mark; moves `*at` behind its dashes. False: it has none. */
static bool read_label(const char **at, const char *end, size_t mark_size, okta_text *out)
{
    okta_text rest = {*at + mark_size, (size_t)(end - *at) - mark_size};
    const char *close = find(rest, dashes);
    if (close == end || rest.length == 0 || !is_blank(rest.text[0])) {
        return false;
    }
    *out = trim((okta_text){rest.text, (size_t)(close - rest.text)});
    *at = close + DASHES_SIZE;
    return is_closed(*out, (okta_text){close, (size_t)(end - close)});
}

static const char *refuse_label(const char *at, const char *end)
{
    bool has_letter = (size_t)(end - at) > BEGIN_SIZE && at[BEGIN_SIZE] >= 'A' && at[BEGIN_SIZE] <= 'Z';
    return has_letter ? "the PEM has lost the spaces of its BEGIN line"
                      : "the PEM holds no key: its BEGIN line is damaged";
}

/* Write each block with a line of its own for its BEGIN, its content and its END. */
static okta_error *read_pem(okta_text text, oktai_buffer *out)
{
    const char *end = text.text + text.length;
    const char *at = find(text, begin_mark);
    while (at != end) {
        okta_text label;
        const char *start = at;
        if (!read_label(&at, end, BEGIN_SIZE, &label)) {
            return refuse(refuse_label(start, end));
        }
        okta_text content = {at, (size_t)(end - at)};
        at = find(content, end_mark);
        if (at == end) {
            return refuse(trim(content).length == 0
                              ? "the PEM ends behind its first line: write its line ends as \\n"
                              : "the PEM is cut off: it has no END line");
        }
        content.length = (size_t)(at - content.text);
        oktai_buffer_add_text(out, "-----BEGIN ");
        add_label(label, out);
        oktai_buffer_add_text(out, "-----\n");
        content = trim(content);
        oktai_buffer_append(out, content.text, content.length);
        if (!read_label(&at, end, END_SIZE, &label)) {
            return refuse("the PEM is damaged: its END line is");
        }
        oktai_buffer_add_text(out, "\n-----END ");
        add_label(label, out);
        oktai_buffer_add_text(out, "-----\n");
        at = find((okta_text){at, (size_t)(end - at)}, begin_mark);
    }
    return NULL;
}

/* What a JSON object is: a JWK, a JWK set (RFC 7517, section 5), or neither. */
typedef struct jwk_set {
    okta_text key;  /* the last one of the set */
    size_t count;   /* of keys */
    size_t members; /* of the name "keys" */
    bool is_array;  /* that the last of them is */
    bool is_key;    /* it has a "kty" */
} jwk_set;

/* False: the JSON is damaged, or memory is out. */
static bool look_into(oktai_reader *reader, oktai_arena *arena, jwk_set *out)
{
    okta_text name;
    *out = (jwk_set){0};
    bool first = true;
    for (bool ok = oktai_reader_enter(reader); ok && oktai_reader_member(reader, first, arena, &name);) {
        first = false;
        out->is_key = out->is_key || (name.length == 3 && memcmp(name.text, "kty", 3) == 0);
        bool is_keys = name.length == 4 && memcmp(name.text, "keys", 4) == 0;
        out->members += is_keys;
        out->is_array = is_keys ? oktai_reader_peek(reader) == OKTAI_JSON_ARRAY : out->is_array;
        if (!is_keys || !out->is_array) {
            ok = oktai_reader_skip(reader, NULL);
            continue;
        }
        ok = oktai_reader_enter(reader);
        for (out->count = 0; ok && oktai_reader_element(reader, out->count == 0); ++out->count) {
            ok = oktai_reader_skip(reader, &out->key);
        }
    }
    return reader->problem == NULL && !reader->no_memory;
}

/* NULL: the set has one key. */
static okta_error *refuse_set(const jwk_set *set)
{
    if (set->members > 1) {
        return refuse("the JWK set has the member \"keys\" twice");
    }
    if (set->is_key) {
        return refuse(
            "the JSON object is a JWK and a JWK set at once, by its members \"kty\" and \"keys\": give "
            "the JWK alone");
    }
    if (!set->is_array) {
        return refuse("the member \"keys\" of the JWK set is no array");
    }
    if (set->count == 0) {
        return refuse("the JWK set holds no key");
    }
    if (set->count > 1) {
        return oktai_error_new(OKTA_E_CONFIG, "the JWK set holds %zu keys: give one of them", set->count);
    }
    return set->key.text[0] == '{' ? NULL : refuse("what the JWK set holds is no JSON object");
}

static okta_error *read_jwk(okta_text json, oktai_buffer *out)
{
    oktai_arena arena = {0};
    oktai_buffer text = {0}; /* with the NUL that the reader wants */
    oktai_reader reader = {0};
    jwk_set set = {0};
    bool is_sound = false;
    okta_error *error = oktai_buffer_append(&text, json.text, json.length) ? NULL : oktai_error_nomem();
    if (error == NULL) {
        oktai_reader_init(&reader, text.data, text.length);
        is_sound = look_into(&reader, &arena, &set);
        error = reader.no_memory ? oktai_error_nomem() : NULL;
    }
    bool is_set = is_sound && set.members > 0;
    if (error == NULL && is_set) {
        error = refuse_set(&set);
    } else if (error == NULL && has(json, begin_mark)) {
        error = refuse("a JSON object with PEM in it is no JWK: give the PEM alone");
    }
    if (error == NULL) {
        okta_text key = is_set ? set.key : json;
        oktai_buffer_append(out, key.text, key.length);
    }
    oktai_buffer_clear(&text);
    oktai_arena_clear(&arena);
    return error;
}

static okta_error *read_shape(okta_text text, oktai_buffer *out, oktai_key_shape *shape)
{
    okta_error *error = NULL;
    if (text.length > 0 && text.text[0] == '{') {
        *shape = OKTAI_KEY_SHAPE_JWK;
        error = read_jwk(text, out);
    } else if (is_array_of_objects(text)) {
        error = refuse("a JSON array is no JWK: give the object in it alone");
    } else if (has(text, begin_mark)) {
        oktai_buffer lines = {0};
        *shape = OKTAI_KEY_SHAPE_PEM;
        spell_out_lines(text, &lines);
        error = lines.failed ? oktai_error_nomem() : read_pem((okta_text){lines.data, lines.length}, out);
        oktai_buffer_clear(&lines);
    } else {
        oktai_buffer_append(out, text.text, text.length);
    }
    return error == NULL && out->failed ? oktai_error_nomem() : error;
}

okta_error *oktai_key_text_read(const char *text, size_t length, oktai_buffer *out, oktai_key_shape *shape)
{
    oktai_buffer layers[2] = {{0}, {0}};
    oktai_buffer plain = {0}; /* before any base64: a path may look like it */
    okta_text inside = trim((okta_text){text, length});
    okta_error *error = NULL;
    *shape = OKTAI_KEY_SHAPE_NONE;
    for (unsigned i = 0; i < WRAPPINGS_MAX && error == NULL; i++) {
        oktai_buffer *layer = &layers[i % 2];
        bool is_base64 = false;
        oktai_buffer_reset(layer);
        error = oktai_buffer_reserve(layer, inside.length) ? unwrap(inside, layer, &is_base64)
                                                           : oktai_error_nomem();
        if (error != NULL || layer->length == 0) {
            break;
        }
        if (is_base64 && plain.length == 0) {
            oktai_buffer_append(&plain, inside.text, inside.length);
        }
        inside = trim((okta_text){layer->data, layer->length});
    }
    if (!looks_like_key(inside) && plain.length > 0) {
        inside = (okta_text){plain.data, plain.length};
    }
    if (error == NULL) {
        error = plain.failed ? oktai_error_nomem() : read_shape(inside, out, shape);
    }
    oktai_buffer_clear(&layers[0]);
    oktai_buffer_clear(&layers[1]);
    oktai_buffer_clear(&plain);
    return error;
}

const char *oktai_key_text_other(const char *text, size_t length)
{
    okta_text span = {text, length};
    if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
        return "is UTF-16: save it as UTF-8";
    }
    if (is_der(span)) {
        return "is DER or PKCS#12: convert it to PEM with openssl pkey or openssl pkcs12";
    }
    if (memchr(text, '\0', length) != NULL) {
        return "holds a NUL byte";
    }
    if (has(span, "PuTTY-User-Key-File")) {
        return "is in PuTTY's format: export it in OpenSSL's, as PKCS#8";
    }
    if (length >= 4 && (memcmp(text, "ssh-", 4) == 0 || memcmp(text, "ecds", 4) == 0)) {
        return "is a public key of OpenSSH: give the private key as PKCS#8";
    }
    return "holds neither PEM nor a JWK";
}
