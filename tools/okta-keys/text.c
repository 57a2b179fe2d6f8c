/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Large enough for \uNNNN and for any UTF-8 sequence, with a NUL. */
#define SHOWN_SIZE 8u

/* Decode one UTF-8 sequence; 0 when the bytes are none (RFC 3629, section 4). */
static size_t decode(const unsigned char *bytes, uint32_t *out)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t n = 0; n < sizeof forms / sizeof forms[0]; n++) {
        if ((bytes[0] & forms[n].mask) != forms[n].lead) {
            continue;
        }
        uint32_t code = bytes[0] & (unsigned char)~forms[n].mask;
        for (size_t i = 1; i <= n; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                return 0;
            }
            code = code << 6 | (bytes[i] & 0x3fu);
        }
        bool valid = code >= forms[n].least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
        *out = code;
        return valid ? n + 1 : 0;
    }
    return 0;
}

static bool is_unsafe(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},   {0x200e, 0x200f},
        {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* Put how the first character of `text` is shown into `shown`; returns the bytes it takes in `text`. */
static size_t show_next(const char *text, char shown[SHOWN_SIZE], size_t *width)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t code = 0;
    size_t length = decode(bytes, &code);
    if (length > 0 && !is_unsafe(code)) {
        memcpy(shown, text, length);
        shown[length] = '\0';
        *width = 1;
        return length;
    }
    if (length == 0) {
        code = bytes[0];
    }
    int written = snprintf(shown, SHOWN_SIZE, code < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)code);
    *width = written > 0 ? (size_t)written : 0;
    return length > 0 ? length : 1;
}

void text_print(FILE *out, const char *text)
{
    char shown[SHOWN_SIZE];
    size_t width = 0;
    while (*text != '\0') {
        text += show_next(text, shown, &width);
        (void)fputs(shown, out);
    }
    explicit_bzero(shown, sizeof shown);
}

void text_print_lines(FILE *out, const char *text, size_t length)
{
    char shown[SHOWN_SIZE];
    size_t width = 0;
    const char *end = text + length;
    while (text < end) {
        if (*text == '\n' || *text == '\t') {
            (void)fputc(*text++, out);
        } else if (*text == '\r' && text[1] == '\n') {
            text++;
        } else {
            text += show_next(text, shown, &width);
            (void)fputs(shown, out);
        }
    }
    explicit_bzero(shown, sizeof shown);
}

size_t text_width(const char *text)
{
    char shown[SHOWN_SIZE];
    size_t total = 0;
    size_t width = 0;
    while (*text != '\0') {
        text += show_next(text, shown, &width);
        total += width;
    }
    explicit_bzero(shown, sizeof shown);
    return total;
}
