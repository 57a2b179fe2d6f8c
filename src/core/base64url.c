/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url.h"

#include <limits.h>
#include <stdint.h>

static char letter(uint32_t bits, const char last[2])
{
    static const char most[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint32_t value = bits & 63;
    return value < 62 ? most[value] : last[value - 62];
}

/* Returns where the text ends. */
static char *encode(const unsigned char *bytes, size_t size, const char last[2], char *out)
{
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < size; i++) {
        bits = (bits << 8) | bytes[i];
        for (held += 8; held >= 6; held -= 6) {
            *out++ = letter(bits >> (held - 6), last);
        }
    }
    if (held > 0) {
        *out++ = letter(bits << (6 - held), last);
    }
    return out;
}

size_t oktai_base64url_length(size_t size)
{
    return size / 3 * 4 + (size % 3 == 0 ? 0 : size % 3 + 1);
}

void oktai_base64url_encode(const unsigned char *bytes, size_t size, char *out)
{
    *encode(bytes, size, "-_", out) = '\0';
}

size_t oktai_base64_length(size_t size)
{
    return (size + 2) / 3 * 4;
}

void oktai_base64_encode(const unsigned char *bytes, size_t size, char *out)
{
    char *end = encode(bytes, size, "+/", out);
    for (; (size_t)(end - out) < oktai_base64_length(size); end++) {
        *end = '=';
    }
    *end = '\0';
}

/* The value of a letter or digit, and one more; 0: it is neither. */
static const unsigned char values[UCHAR_MAX + 1] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62,
};

int oktai_base64_value(char c, const char last[2])
{
    unsigned value = values[(unsigned char)c];
    if (value != 0) {
        return (int)value - 1;
    }
    return c == last[0] ? 62 : c == last[1] ? 63 : -1;
}

bool oktai_base64url_decode(const char *text, size_t length, unsigned char *out, size_t *out_size)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        int value = oktai_base64_value(text[i], "-_");
        if (value < 0) {
            return false;
        }
        bits = (bits << 6) | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[size++] = (unsigned char)(bits >> held);
        }
    }
    *out_size = size;
    return held < 6 && (bits & ((1u << held) - 1)) == 0;
}
