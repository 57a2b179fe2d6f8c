/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url.h"

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

int oktai_base64_value(char c, const char last[2])
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
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
