/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Marks the high bit of each byte that is below space, a quote, a backslash or beyond ASCII. Each subtraction
 * sets the high bit of a byte that it looks for, and of no other one but those beyond ASCII, which are marked
 * anyway; it borrows from the bytes above a hit, so that only the lowest mark is sure. 0: all bytes are
 * plain. */
static uint64_t special(uint64_t word)
{
    uint64_t below_space = word - EACH(0x20);
    uint64_t quote = (word ^ EACH('"')) - EACH(1);
    uint64_t backslash = (word ^ EACH('\\')) - EACH(1);
    return (below_space | quote | backslash | word) & EACH(0x80);
}

/* How many bytes in memory order stand before the lowest hit of a word that has one; 0 where that is not
 * known.
 */
static size_t bytes_before(uint64_t hits)
{
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(hits) / 8;
#else
    (void)hits;
    return 0;
#endif
}

static int is_plain(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

const char *oktai_plain_run(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        uint64_t hits = special(word);
        if (hits != 0) {
            p += bytes_before(hits);
            break;
        }
        p += 8;
    }
    while (p < end && is_plain(*p)) {
        p++;
    }
    return p;
}

size_t oktai_utf8_sequence(const char *p, const char *end)
{
    const unsigned char *s = (const unsigned char *)p;
    size_t room = (size_t)(end - p);
    size_t length = s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    if (length == 0 || length > room) {
        return 0;
    }
    /* The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF. */
    unsigned low = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : 0x80;
    unsigned high = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : 0xBF;
    if (s[1] < low || s[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

void oktai_utf8_flatten(char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)text[i];
        size_t sequence = c < 0x80 ? 1 : oktai_utf8_sequence(text + i, text + length);
        bool control =
            c < 0x20 || c == 0x7f || (c == 0xC2 && sequence == 2 && (unsigned char)text[i + 1] < 0xA0);
        size_t next = i + (sequence == 0 ? 1 : sequence);
        for (; i < next; i++) {
            text[i] = control || sequence == 0 ? ' ' : text[i];
        }
    }
}
