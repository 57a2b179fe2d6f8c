/* SPDX-License-Identifier: Apache-2.0 */
/* Short texts, a word at a time. All is inline, since JSON consists of short strings. A character is plain
 * when it stands for itself in a JSON string and needs no look: ASCII from space on, except the quote and the
 * backslash. */
#ifndef OKTA_CORE_WORDS_H
#define OKTA_CORE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/arena.h"

/* Whether two texts of that length are the same. Words overlap where the length is no multiple of theirs. */
static inline bool oktai_is_same_text(const char *a, const char *b, size_t length)
{
    uint64_t x = 0;
    uint64_t y = 0;
    if (length >= sizeof x) {
        for (size_t i = 0; x == y && i < length - sizeof x; i += sizeof x) {
            memcpy(&x, a + i, sizeof x);
            memcpy(&y, b + i, sizeof y);
        }
        if (x != y) {
            return false;
        }
        memcpy(&x, a + length - sizeof x, sizeof x);
        memcpy(&y, b + length - sizeof y, sizeof y);
        return x == y;
    }
    if (length >= sizeof(uint32_t)) {
        memcpy(&x, a, sizeof(uint32_t));
        memcpy(&y, b, sizeof(uint32_t));
        memcpy((char *)&x + sizeof(uint32_t), a + length - sizeof(uint32_t), sizeof(uint32_t));
        memcpy((char *)&y + sizeof(uint32_t), b + length - sizeof(uint32_t), sizeof(uint32_t));
        return x == y;
    }
    size_t i = 0;
    while (i < length && a[i] == b[i]) {
        i++;
    }
    return i == length;
}

/* Each byte of a word. */
#define OKTAI_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Marks the high bit of each byte that is below space, a quote, a backslash or beyond ASCII. Each subtraction
 * sets the high bit of a byte that it looks for, and of no other one but those beyond ASCII, which are marked
 * anyway; it borrows from the bytes above a hit, so that only the lowest mark is sure. 0: all bytes are
 * plain. */
static inline uint64_t oktai_plain_hits(uint64_t word)
{
    uint64_t below_space = word - OKTAI_EACH(0x20);
    uint64_t quote = (word ^ OKTAI_EACH('"')) - OKTAI_EACH(1);
    uint64_t backslash = (word ^ OKTAI_EACH('\\')) - OKTAI_EACH(1);
    return (below_space | quote | backslash | word) & OKTAI_EACH(0x80);
}

/* Whether the lowest mark of a word is the first one in memory: only then it tells a place. */
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OKTAI_HITS_TELL_PLACES   1
#define oktai_plain_before(hits) ((size_t)__builtin_ctzll(hits) / 8)
#else
#define OKTAI_HITS_TELL_PLACES   0
#define oktai_plain_before(hits) ((size_t)((hits)&0))
#endif

static inline bool oktai_is_plain(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Behind the run of plain characters at `p`. */
static inline const char *oktai_plain_run(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        uint64_t hits = oktai_plain_hits(word);
        if (hits != 0 && OKTAI_HITS_TELL_PLACES) {
            return p + oktai_plain_before(hits);
        }
        if (hits != 0) {
            break;
        }
        p += 8;
    }
    while (p < end && oktai_is_plain(*p)) {
        p++;
    }
    return p;
}

/* What oktai_copy_run() answers where it copied no run. */
#define OKTAI_NO_RUN SIZE_MAX

/* Copy the run of plain characters at `p` that ends with a quote, and put a NUL in place of that. `room`
 * bytes can be read and written; whatever else is written is NULs. Returns the bytes of the run, or
 * OKTAI_NO_RUN: it is another one, or ends too close to the end of the room. Then nothing is left at `out`.
 */
static inline size_t oktai_copy_run(char *out, const char *p, size_t room)
{
    size_t length = 0;
    uint64_t hits = 0;
    uint64_t word;
    while (OKTAI_HITS_TELL_PLACES && hits == 0 && room - length >= sizeof word) {
        memcpy(&word, p + length, sizeof word);
        hits = oktai_plain_hits(word);
        if (hits == 0) {
            memcpy(out + length, &word, sizeof word);
            length += sizeof word;
        }
    }
    if (hits != 0 && p[length + oktai_plain_before(hits)] == '"') {
        word &= (hits & -hits) / 0x80 - 1; /* the bytes before the lowest mark */
        memcpy(out + length, &word, sizeof word);
        return length + oktai_plain_before(hits);
    }
    oktai_wipe(out, length);
    return OKTAI_NO_RUN;
}

#endif
