/* SPDX-License-Identifier: Apache-2.0 */
#include "core/redaction.h"

#include <stdint.h>
#include <string.h>

#include "core/base64url.h"

#define HIDDEN "***"

/* The first bytes of a pattern fit into an integer, which is compared first. */
#define HEAD_SIZE 8u

/* Comparisons that a text may take for each of its bytes, and on top. A text that names a secret takes one;
 * many beginnings of a secret that overlap take more. */
#define WORK_FACTOR 16u
#define WORK_FREE   65536u

/* How often a text is read again because something in it was hidden. One that takes more is made for that. */
#define ROUNDS_MAX 4u

/* Bytes that a redactor reads in all, each form of a text counted: a quarter of a second. */
#define READ_MAX ((size_t)32 * 1024 * 1024)

typedef struct pattern {
    uint64_t head;
    const char *text;
    size_t length;
    bool base64;
} pattern;

typedef enum escape {
    ESCAPE_NONE,
    ESCAPE_PERCENT,
    ESCAPE_FORM, /* percent, and a plus for a space */
    ESCAPE_JSON,
    ESCAPE_HTML, /* character references */
} escape;

/* What a text is read as. */
typedef struct form {
    escape how;
    bool base64;
    char mark; /* a text without it has nothing of this form; NUL: any text may have */
} form;

static const form forms[] = {
    {ESCAPE_NONE, false, '\0'},  {ESCAPE_NONE, true, '\0'}, {ESCAPE_PERCENT, false, '%'},
    {ESCAPE_PERCENT, true, '%'}, {ESCAPE_FORM, false, '+'}, {ESCAPE_JSON, false, '\\'},
    {ESCAPE_JSON, true, '\\'},   {ESCAPE_HTML, false, '&'}, {ESCAPE_HTML, true, '&'},
};

/* One bit for each 4,096th of the heads, so that most windows of a text are done with at one look. */
typedef struct sieve {
    uint64_t bits[64];
} sieve;

bool oktai_secrets_add(oktai_secrets *secrets, const char *text, size_t length)
{
    if (length < OKTAI_SECRET_MIN) {
        return true;
    }
    char *copy = oktai_arena_copy(&secrets->arena, text, length);
    char **slot = copy == NULL ? NULL : oktai_arena_push(&secrets->arena, &secrets->texts, sizeof *slot);
    if (slot == NULL) {
        return false;
    }
    *slot = copy;
    return true;
}

void oktai_secrets_clear(oktai_secrets *secrets)
{
    oktai_arena_clear(&secrets->arena);
    *secrets = (oktai_secrets){0};
}

static uint64_t head_of(const char *text)
{
    uint64_t head = 0;
    for (size_t i = 0; i < HEAD_SIZE; i++) {
        head = head << 8 | (unsigned char)text[i];
    }
    return head;
}

static bool add_pattern(oktai_redactor *redactor, const char *text, size_t length, bool base64)
{
    pattern *slot = oktai_arena_push(&redactor->arena, &redactor->patterns, sizeof *slot);
    if (slot == NULL) {
        return false;
    }
    *slot = (pattern){head_of(text), text, length, base64};
    return true;
}

static char standard_letter(char c)
{
    return c == '-' ? '+' : c == '_' ? '/' : c;
}

/* The letters of base64 that depend on nothing but the secret, where `before` bytes of something else stand
 * in front of it. */
static bool add_base64(oktai_redactor *redactor, const char *secret, size_t length, size_t before)
{
    static const size_t shared_letters[] = {0, 2, 3};
    size_t size = before + length;
    char *bytes = oktai_arena_text(&redactor->arena, size);
    char *text = oktai_arena_text(&redactor->arena, oktai_base64url_length(size));
    if (bytes == NULL || text == NULL) {
        return false;
    }
    memset(bytes, 'x', before);
    memcpy(bytes + before, secret, length);
    oktai_base64url_encode((const unsigned char *)bytes, size, text);
    size_t end = size * 8 / 6;
    for (size_t i = 0; i < end; i++) {
        text[i] = standard_letter(text[i]);
    }
    return add_pattern(redactor, text + shared_letters[before], end - shared_letters[before], true);
}

bool oktai_redactor_add(oktai_redactor *redactor, const char *secret)
{
    size_t length = secret == NULL ? 0 : strlen(secret);
    if (length < OKTAI_SECRET_MIN) {
        return true;
    }
    char *copy = oktai_arena_copy(&redactor->arena, secret, length);
    return copy != NULL && add_pattern(redactor, copy, length, false) &&
           add_base64(redactor, copy, length, 0) && add_base64(redactor, copy, length, 1) &&
           add_base64(redactor, copy, length, 2);
}

bool oktai_redactor_add_set(oktai_redactor *redactor, const oktai_secrets *secrets)
{
    char *const *texts = secrets == NULL ? NULL : secrets->texts.data;
    for (size_t i = 0; secrets != NULL && i < secrets->texts.count; i++) {
        if (!oktai_redactor_add(redactor, texts[i])) {
            return false;
        }
    }
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char small = (char)(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

static char next_percent(const char **at, escape how)
{
    const char *p = *at;
    int high = p[0] == '%' ? hex_value(p[1]) : -1;
    int low = high < 0 ? -1 : hex_value(p[2]);
    *at = p + (low < 0 ? 1 : 3);
    if (low >= 0) {
        return (char)(high * 16 + low);
    }
    return how == ESCAPE_FORM && p[0] == '+' ? ' ' : p[0];
}

static char next_json(const char **at)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    const char *p = *at;
    const char *name = p[0] != '\\' || p[1] == '\0' ? NULL : strchr(names, p[1]);
    if (name != NULL) {
        *at = p + 2;
        return values[name - names];
    }
    int code = 0;
    for (int i = 2; p[0] == '\\' && p[1] == 'u' && i < 6; i++) {
        int digit = hex_value(p[i]);
        if (digit < 0) {
            break;
        }
        code = code * 16 + digit;
        if (i == 5) {
            *at = p + 6;
            return code < 0x80 ? (char)code : '\xff';
        }
    }
    *at = p + 1;
    return p[0];
}

/* A longer number is none that anybody writes. */
#define REFERENCE_DIGITS 8

/* `#39`, `#x27`, without a mark around. Its end; NULL: it is no number. */
static const char *read_number(const char *at, char *out)
{
    bool is_hex = at[1] == 'x' || at[1] == 'X';
    const char *first = at + (is_hex ? 2 : 1);
    const char *p = first;
    uint64_t code = 0;
    for (int digit; p - first < REFERENCE_DIGITS && (digit = hex_value(*p)) >= 0 && (is_hex || digit < 10);
         p++) {
        code = code * (is_hex ? 16 : 10) + (uint64_t)digit;
    }
    *out = code < 0x80 ? (char)code : '\xff';
    return p == first ? NULL : p;
}

/* The references that are written for what is markup, by name or by number. Browsers take them without the
 * semicolon, too. */
static char next_html(const char **at)
{
    static const struct {
        const char *name;
        char value;
    } names[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    const char *p = *at;
    const char *end = NULL;
    char value = p[0];
    if (p[0] == '&' && p[1] == '#') {
        end = read_number(p + 1, &value);
    }
    for (size_t i = 0; p[0] == '&' && end == NULL && i < sizeof names / sizeof names[0]; i++) {
        size_t length = strlen(names[i].name);
        if (strncmp(p + 1, names[i].name, length) == 0) {
            value = names[i].value;
            end = p + 1 + length;
        }
    }
    *at = end == NULL ? p + 1 : end + (*end == ';');
    return end == NULL ? p[0] : value;
}

/* One byte of what the text means. */
static char next_byte(const form *as, const char **at)
{
    char c;
    if (as->how == ESCAPE_NONE) {
        c = *(*at)++;
    } else if (as->how == ESCAPE_HTML) {
        c = next_html(at);
    } else {
        c = as->how == ESCAPE_JSON ? next_json(at) : next_percent(at, as->how);
    }
    return as->base64 ? standard_letter(c) : c;
}

static size_t sieve_index(uint64_t head)
{
    return (size_t)((head * UINT64_C(0x9e3779b97f4a7c15)) >> 52);
}

static void fill_sieve(const oktai_redactor *redactor, bool base64, sieve *out)
{
    const pattern *patterns = redactor->patterns.data;
    *out = (sieve){{0}};
    for (size_t i = 0; i < redactor->patterns.count; i++) {
        if (patterns[i].base64 == base64) {
            size_t index = sieve_index(patterns[i].head);
            out->bits[index / 64] |= UINT64_C(1) << (index % 64);
        }
    }
}

static bool passes(const sieve *heads, uint64_t window)
{
    size_t index = sieve_index(window);
    return (heads->bits[index / 64] >> (index % 64) & 1) != 0;
}

/* Where the longest secret ends whose head was read up to `at`; NULL: there is none. */
static const char *match(const oktai_redactor *redactor, const form *as, uint64_t window, const char *at,
                         size_t *work)
{
    const pattern *patterns = redactor->patterns.data;
    bool found = false;
    size_t longest = 0; /* behind the head */
    for (size_t i = 0; i < redactor->patterns.count; i++) {
        if (patterns[i].head != window || patterns[i].base64 != as->base64) {
            continue;
        }
        const char *p = at;
        size_t same = HEAD_SIZE;
        while (same < patterns[i].length && *p != '\0' && next_byte(as, &p) == patterns[i].text[same]) {
            same++;
        }
        *work += same;
        size_t length = (size_t)(p - at);
        if (same == patterns[i].length && length >= longest) {
            found = true;
            longest = length;
        }
    }
    return found ? at + longest : NULL;
}

/* Whether `c` may belong to the same base64 as its neighbour. */
static bool is_letter(const form *as, char c)
{
    bool escapes = (as->how == ESCAPE_PERCENT && c == '%') || (as->how == ESCAPE_JSON && c == '\\') ||
                   (as->how == ESCAPE_HTML && (c == '&' || c == '#' || c == ';'));
    return escapes || c == '=' || oktai_base64_value(standard_letter(c), "+/") >= 0;
}

/* A text that is being copied without its secrets. */
typedef struct copying {
    const char *from; /* what stands before it is copied */
    char *start;      /* of the copy; NULL: there is none yet */
    char *to;         /* its end */
} copying;

static bool hide_range(oktai_redactor *redactor, const char *text, copying *copy, const char *begin,
                       const char *end)
{
    if (copy->start == NULL) {
        copy->start = oktai_arena_text(&redactor->arena, strlen(text));
        copy->to = copy->start;
    }
    if (copy->start == NULL) {
        return false;
    }
    memcpy(copy->to, copy->from, (size_t)(begin - copy->from));
    copy->to += begin - copy->from;
    memcpy(copy->to, HIDDEN, strlen(HIDDEN));
    copy->to += strlen(HIDDEN);
    copy->from = end;
    return true;
}

/* A range takes more bytes than what replaces it, so that the copy is never longer than the text. */
static const char *finish(const char *text, copying *copy)
{
    if (copy->start == NULL) {
        return text;
    }
    memcpy(copy->to, copy->from, strlen(copy->from) + 1);
    return copy->start;
}

/* One pass over a text, as one form. NULL: out of memory. */
static const char *hide_form(oktai_redactor *redactor, const form *as, const char *text)
{
    const char *starts[HEAD_SIZE]; /* of the bytes in the window */
    size_t read = 0;
    size_t work = 0;
    size_t length = strlen(text);
    size_t limit = WORK_FACTOR * length + WORK_FREE;
    uint64_t window = 0;
    copying copy = {.from = text};
    sieve heads;
    if (length > READ_MAX - redactor->read) {
        return HIDDEN;
    }
    redactor->read += length;
    fill_sieve(redactor, as->base64, &heads);
    for (const char *p = text; *p != '\0';) {
        starts[read++ % HEAD_SIZE] = p;
        window = window << 8 | (unsigned char)next_byte(as, &p);
        if (read < HEAD_SIZE || !passes(&heads, window)) {
            continue;
        }
        const char *begin = starts[read % HEAD_SIZE];
        const char *end = match(redactor, as, window, p, &work);
        if (work > limit) {
            return HIDDEN;
        }
        if (end == NULL) {
            continue;
        }
        while (as->base64 && begin > copy.from && is_letter(as, begin[-1])) {
            begin--;
        }
        while (as->base64 && is_letter(as, *end)) {
            end++;
        }
        if (!hide_range(redactor, text, &copy, begin, end)) {
            return NULL;
        }
        p = end;
        read = 0;
    }
    return finish(text, &copy);
}

/* One pass for each form that the text may have. NULL: out of memory. */
static const char *hide_forms(oktai_redactor *redactor, const char *text)
{
    for (size_t i = 0; text != NULL && i < sizeof forms / sizeof forms[0]; i++) {
        if (forms[i].mark == '\0' || strchr(text, forms[i].mark) != NULL) {
            text = hide_form(redactor, &forms[i], text);
        }
    }
    return text;
}

/* What is hidden may have stood in front of a secret as the beginning of an escape, so that its first
 * character was read as the end of that escape: after a change the text is read once more. */
const char *oktai_redactor_hide(oktai_redactor *redactor, const char *text)
{
    if (redactor->patterns.count == 0) {
        return text;
    }
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        const char *hidden = hide_forms(redactor, text);
        if (hidden == text) {
            return text;
        }
        text = hidden;
    }
    return HIDDEN;
}

void oktai_redactor_clear(oktai_redactor *redactor)
{
    oktai_arena_clear(&redactor->arena);
    *redactor = (oktai_redactor){0};
}
