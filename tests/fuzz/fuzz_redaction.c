/* SPDX-License-Identifier: Apache-2.0 */
/* The first two lines are secrets. Behind them come pieces of a text: a byte says how the piece is made, and
 * the line behind it is a word as it is, or what stands around a secret. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/redaction.h"
#include "fuzz/fuzz.h"

#define SECRETS 2u

/* A longer text may take so many comparisons that nothing of it is shown. */
#define STRICT_MAX 512u

#define HIDDEN "***"

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* ASCII without NUL, and without what stands in for a secret. */
static fuzz_text take_secret(fuzz_input *input)
{
    fuzz_text secret = fuzz_line(input);
    for (size_t i = 0; i < secret.length; i++) {
        secret.text[i] &= 0x7f;
        if (secret.text[i] == '\0' || secret.text[i] == '*') {
            secret.text[i] = 'x';
        }
    }
    return secret;
}

static void add_percent(oktai_buffer *out, const char *text, size_t length, uint8_t how)
{
    for (size_t i = 0; i < length; i++) {
        if ((how & 1) != 0 && text[i] == ' ') {
            oktai_buffer_add_char(out, '+');
        } else if ((how & 2) != 0 || !is_letter_or_digit(text[i])) {
            oktai_buffer_printf(out, (how & 4) != 0 ? "%%%02x" : "%%%02X", (unsigned)(unsigned char)text[i]);
        } else {
            oktai_buffer_add_char(out, text[i]);
        }
    }
}

static void add_json(oktai_buffer *out, const char *text, size_t length, uint8_t how)
{
    static const char plain[] = "\"\\/\b\f\n\r\t";
    static const char names[] = "\"\\/bfnrt";
    for (size_t i = 0; i < length; i++) {
        const char *found = strchr(plain, text[i]);
        if ((how & 2) != 0 || (found == NULL && (unsigned char)text[i] < ' ')) {
            oktai_buffer_printf(out, (how & 4) != 0 ? "\\u%04x" : "\\u%04X",
                                (unsigned)(unsigned char)text[i]);
        } else if (found != NULL) {
            oktai_buffer_add_char(out, '\\');
            oktai_buffer_add_char(out, names[found - plain]);
        } else {
            oktai_buffer_add_char(out, text[i]);
        }
    }
}

static void add_html(oktai_buffer *out, const char *text, size_t length, uint8_t how)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        const char *name = c == '&' ? "amp" : c == '<' ? "lt" : c == '>' ? "gt" : c == '"' ? "quot" : NULL;
        if (name != NULL && (how & 1) != 0) {
            oktai_buffer_printf(out, "&%s;", name);
        } else if (name != NULL || (how & 2) != 0) {
            oktai_buffer_printf(out, (how & 4) != 0 ? "&#x%X;" : "&#%u;", (unsigned)(unsigned char)c);
        } else {
            oktai_buffer_add_char(out, c);
        }
    }
}

/* base64 by OpenSSL. Free it. */
static char *base64_of(const char *text, size_t length)
{
    unsigned char *letters = malloc(length / 3 * 4 + 8);
    FUZZ_CHECK(letters != NULL);
    FUZZ_CHECK(EVP_EncodeBlock(letters, (const unsigned char *)text, (int)length) >= 0);
    return (char *)letters;
}

static void add_base64(oktai_buffer *out, fuzz_text around, const char *secret, uint8_t how)
{
    oktai_buffer bytes = {0};
    size_t before = around.length < 4 ? around.length : around.length % 4;
    oktai_buffer_append(&bytes, around.text, before);
    oktai_buffer_add_text(&bytes, secret);
    FUZZ_CHECK(oktai_buffer_append(&bytes, around.text + before, around.length - before));
    char *letters = base64_of(bytes.data, bytes.length);
    size_t length = strlen(letters);
    for (size_t i = 0; (how & 8) != 0 && i < length; i++) {
        letters[i] = (char)(letters[i] == '+' ? '-' : letters[i] == '/' ? '_' : letters[i]);
    }
    if ((how & 16) != 0) {
        add_percent(out, letters, length, how & 6);
    } else if ((how & 32) != 0) {
        add_json(out, letters, length, how);
    } else if ((how & 64) != 0) {
        add_html(out, letters, length, how);
    } else {
        oktai_buffer_append(out, letters, length);
    }
    free(letters);
    oktai_buffer_clear(&bytes);
}

static void add_piece(fuzz_input *input, const fuzz_text secrets[SECRETS], oktai_buffer *out)
{
    uint8_t kind = fuzz_byte(input);
    uint8_t how = fuzz_byte(input);
    fuzz_text line = fuzz_line(input);
    fuzz_text secret = secrets[kind / 8 % SECRETS];
    switch (kind % 8) {
    case 0:
        oktai_buffer_add_text(out, secret.text);
        break;
    case 1:
        add_percent(out, secret.text, secret.length, how);
        break;
    case 2:
        add_json(out, secret.text, secret.length, how);
        break;
    case 3:
        add_base64(out, line, secret.text, how);
        break;
    case 4:
        add_html(out, secret.text, secret.length, how);
        break;
    default:
        oktai_buffer_add_text(out, line.text);
        break;
    }
    FUZZ_CHECK(!out->failed);
    free(line.text);
}

/* How a reader may take a text. */
typedef enum reading {
    AS_IS,
    AS_PERCENT,
    AS_JSON,
    AS_HTML,
    AS_FORM, /* not for base64, whose `+` is a letter */
    READINGS,
} reading;

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c);
    return found == NULL ? -1 : (int)(found - digits);
}

/* One character and how many bytes it took. */
static char read_percent(const char *p, bool form, size_t *taken)
{
    *taken = 1;
    int high = p[0] == '%' ? hex(p[1]) : -1;
    int low = high >= 0 ? hex(p[2]) : -1;
    if (low >= 0) {
        *taken = 3;
        return (char)(high * 16 + low);
    }
    return form && p[0] == '+' ? ' ' : p[0];
}

static char read_json(const char *p, size_t *taken)
{
    static const char pairs[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    *taken = 1;
    if (p[0] != '\\') {
        return p[0];
    }
    for (size_t i = 0; i + 1 < sizeof pairs; i += 2) {
        if (p[1] == pairs[i]) {
            *taken = 2;
            return pairs[i + 1];
        }
    }
    if (p[1] == 'u' && hex(p[2]) >= 0 && hex(p[3]) >= 0 && hex(p[4]) >= 0 && hex(p[5]) >= 0) {
        int code = hex(p[2]) << 12 | hex(p[3]) << 8 | hex(p[4]) << 4 | hex(p[5]);
        *taken = 6;
        return (char)(code > 0 && code < 0x80 ? code : '*'); /* no secret has it */
    }
    return p[0];
}

static char read_html(const char *p, size_t *taken)
{
    static const char *const names[] = {"&&amp", "<&lt", ">&gt", "\"&quot", "'&apos"};
    *taken = 1;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = strlen(names[i] + 1);
        if (strncmp(p, names[i] + 1, length) == 0) {
            *taken = length + (p[length] == ';');
            return names[i][0];
        }
    }
    bool in_hex = p[0] == '&' && p[1] == '#' && (p[2] == 'x' || p[2] == 'X');
    size_t first = in_hex ? 3 : 2;
    size_t at = first;
    unsigned long long code = 0;
    for (; p[0] == '&' && p[1] == '#' && at < first + 8; at++) {
        int digit = hex(p[at]);
        if (digit < 0 || (!in_hex && digit > 9)) {
            break;
        }
        code = code * (in_hex ? 16 : 10) + (unsigned)digit;
    }
    if (at == first) {
        return p[0];
    }
    *taken = at + (p[at] == ';');
    return (char)(code > 0 && code < 0x80 ? code : '*'); /* no secret has it */
}

static void read_as(reading how, const char *text, oktai_buffer *out)
{
    size_t taken = 1;
    for (const char *p = text; *p != '\0'; p += taken) {
        char c = how == AS_IS     ? *p
                 : how == AS_JSON ? read_json(p, &taken)
                 : how == AS_HTML ? read_html(p, &taken)
                                  : read_percent(p, how == AS_FORM, &taken);
        oktai_buffer_add_char(out, c);
    }
    FUZZ_CHECK(!out->failed);
}

static bool holds(const oktai_buffer *text, const char *part, size_t length)
{
    for (size_t i = 0; i + length <= text->length; i++) {
        if (memcmp(text->data + i, part, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether the letters that only the secret decides stand there, where so many bytes are in front of it. */
static bool holds_base64(const oktai_buffer *text, fuzz_text secret, size_t before)
{
    oktai_buffer bytes = {0};
    oktai_buffer_append(&bytes, "??", before);
    FUZZ_CHECK(oktai_buffer_append(&bytes, secret.text, secret.length));
    char *letters = base64_of(bytes.data, bytes.length);
    size_t first = (before * 8 + 5) / 6;
    bool found = holds(text, letters + first, bytes.length * 8 / 6 - first);
    free(letters);
    oktai_buffer_clear(&bytes);
    return found;
}

static bool shows(const char *text, fuzz_text secret)
{
    bool found = false;
    for (reading how = AS_IS; how < READINGS && !found && secret.length >= OKTAI_SECRET_MIN; how++) {
        oktai_buffer read = {0};
        read_as(how, text, &read);
        found = holds(&read, secret.text, secret.length);
        for (size_t i = 0; i < read.length; i++) {
            read.data[i] = (char)(read.data[i] == '-' ? '+' : read.data[i] == '_' ? '/' : read.data[i]);
        }
        for (size_t before = 0; before < 3 && how != AS_FORM; before++) {
            found = found || holds_base64(&read, secret, before);
        }
        oktai_buffer_clear(&read);
    }
    return found;
}

/* The output is the text with asterisks in place of some parts. */
static void check_parts(const char *text, const char *hidden)
{
    size_t length = strlen(text);
    const char *piece = hidden;
    for (const char *at = text;;) {
        const char *end = strstr(piece, HIDDEN);
        size_t size = end == NULL ? strlen(piece) : (size_t)(end - piece);
        if (end == NULL) {
            FUZZ_CHECK(size <= (size_t)(text + length - at) &&
                       memcmp(text + length - size, piece, size) == 0);
            return;
        }
        const char *limit = text + length;
        while (at + size <= limit && memcmp(at, piece, size) != 0) {
            FUZZ_CHECK(piece != hidden); /* it begins as the text does */
            at++;
        }
        FUZZ_CHECK(at + size <= limit);
        at += size;
        piece = end + strlen(HIDDEN);
    }
}

static void check(oktai_redactor *redactor, const fuzz_text secrets[SECRETS], const char *text)
{
    bool shown = shows(text, secrets[0]) || shows(text, secrets[1]);
    const char *hidden = oktai_redactor_hide(redactor, text);
    FUZZ_CHECK(hidden != NULL && strlen(hidden) <= strlen(text));
    FUZZ_CHECK(!shows(hidden, secrets[0]) && !shows(hidden, secrets[1]));
    FUZZ_CHECK(!shown || hidden != text);
    FUZZ_CHECK(shown || hidden == text || strlen(text) > STRICT_MAX);
    if (hidden != text && strcmp(hidden, HIDDEN) != 0 && strchr(text, '*') == NULL) {
        check_parts(text, hidden);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    oktai_redactor redactor = {0};
    oktai_buffer text = {0};
    fuzz_text secrets[SECRETS];
    for (size_t i = 0; i < SECRETS; i++) {
        secrets[i] = take_secret(&input);
        FUZZ_CHECK(oktai_redactor_add(&redactor, secrets[i].text));
    }
    FUZZ_CHECK(oktai_buffer_add_text(&text, ""));
    while (fuzz_more(&input)) {
        add_piece(&input, secrets, &text);
    }
    check(&redactor, secrets, text.data == NULL ? "" : text.data);
    oktai_buffer_clear(&text);
    for (size_t i = 0; i < SECRETS; i++) {
        free(secrets[i].text);
    }
    oktai_redactor_clear(&redactor);
    return 0;
}
