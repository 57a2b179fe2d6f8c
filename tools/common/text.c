/* SPDX-License-Identifier: Apache-2.0 */
#include "common/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/utf8.h"

/* Large enough for two of \uNNNN and for any UTF-8 sequence, with a NUL. */
#define SHOWN_SIZE 13u

typedef enum text_form {
    TEXT_FOR_PEOPLE, /* \xNN, \uNNNN, \UNNNNNNNN */
    TEXT_AS_JSON,    /* \uNNNN, beyond U+FFFF two of them (RFC 8259, section 7); \xNN for what is not UTF-8 */
} text_form;

/* Characters that nobody sees, or that act on what stands around them: of Unicode's categories Cc, Cf, Zl and
 * Zp, and of its property Default_Ignorable_Code_Point. The ranges are in order. */
static bool is_unsafe(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x0600, 0x0605},
        {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},   {0x0890, 0x0891},   {0x08e2, 0x08e2},
        {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
        {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
        {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code <= ranges[i].last) {
            return code >= ranges[i].first;
        }
    }
    return false;
}

static int escape(uint32_t code, text_form form, char shown[SHOWN_SIZE])
{
    if (form == TEXT_FOR_PEOPLE) {
        const char *format = code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x";
        return snprintf(shown, SHOWN_SIZE, format, (unsigned)code);
    }
    if (code < 0x10000) {
        return snprintf(shown, SHOWN_SIZE, "\\u%04x", (unsigned)code);
    }
    unsigned high = 0xd800u + ((unsigned)(code - 0x10000) >> 10);
    return snprintf(shown, SHOWN_SIZE, "\\u%04x\\u%04x", high, 0xdc00u + (unsigned)(code & 0x3ff));
}

/* Put how the first character of `text` is shown into `shown`; returns the bytes it takes in `text`. */
static size_t show_next(const char *text, const char *end, text_form form, char shown[SHOWN_SIZE],
                        size_t *width)
{
    uint32_t code = 0;
    size_t length = utf8_decode(text, end, &code);
    if (length > 0 && !is_unsafe(code)) {
        memcpy(shown, text, length);
        shown[length] = '\0';
        *width = 1;
        return length;
    }
    int written = length > 0 ? escape(code, form, shown)
                             : snprintf(shown, SHOWN_SIZE, "\\x%02x", (unsigned)(unsigned char)text[0]);
    *width = written > 0 ? (size_t)written : 0;
    return length > 0 ? length : 1;
}

void text_print(FILE *out, const char *text)
{
    char shown[SHOWN_SIZE];
    size_t width = 0;
    const char *end = text + strlen(text);
    while (text < end) {
        text += show_next(text, end, TEXT_FOR_PEOPLE, shown, &width);
        (void)fputs(shown, out);
    }
    explicit_bzero(shown, sizeof shown);
}

static void print_lines(FILE *out, const char *text, size_t length, text_form form)
{
    char shown[SHOWN_SIZE];
    size_t width = 0;
    const char *end = text + length;
    while (text < end) {
        if (*text == '\n' || *text == '\t') {
            (void)fputc(*text++, out);
        } else if (*text == '\r' && end - text > 1 && text[1] == '\n') {
            text++;
        } else {
            text += show_next(text, end, form, shown, &width);
            (void)fputs(shown, out);
        }
    }
    explicit_bzero(shown, sizeof shown);
}

void text_print_lines(FILE *out, const char *text, size_t length)
{
    print_lines(out, text, length, TEXT_FOR_PEOPLE);
}

void text_print_json(FILE *out, const char *text, size_t length)
{
    print_lines(out, text, length, TEXT_AS_JSON);
}

size_t text_width(const char *text)
{
    char shown[SHOWN_SIZE];
    size_t total = 0;
    size_t width = 0;
    const char *end = text + strlen(text);
    while (text < end) {
        text += show_next(text, end, TEXT_FOR_PEOPLE, shown, &width);
        total += width;
    }
    explicit_bzero(shown, sizeof shown);
    return total;
}

size_t text_cut(const char *text, size_t max)
{
    size_t length = strnlen(text, max + 1);
    if (length <= max) {
        return length;
    }
    length = max;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
        length--;
    }
    return length;
}
