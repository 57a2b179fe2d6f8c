/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/json_oracle.h"

#include <string.h>

#define DEPTH_MAX 64

/* Each function answers where the thing that begins at `at` ends, or NOWHERE. */
#define NOWHERE SIZE_MAX

typedef struct text {
    const unsigned char *bytes;
    size_t length;
} text;

static int byte_at(text t, size_t at)
{
    return at < t.length ? t.bytes[at] : -1;
}

static size_t white_space(text t, size_t at)
{
    while (at < t.length && memchr(" \t\r\n", t.bytes[at], 4) != NULL) {
        at++;
    }
    return at;
}

static size_t word(text t, size_t at, const char *expected)
{
    size_t length = strlen(expected);
    bool same = t.length - at >= length && memcmp(t.bytes + at, expected, length) == 0;
    return same ? at + length : NOWHERE;
}

static size_t digits(text t, size_t at)
{
    size_t first = at;
    while (byte_at(t, at) >= '0' && byte_at(t, at) <= '9') {
        at++;
    }
    return at == first ? NOWHERE : at;
}

static size_t number(text t, size_t at)
{
    at += byte_at(t, at) == '-';
    size_t end = byte_at(t, at) == '0' ? at + 1 : digits(t, at);
    if (end != NOWHERE && byte_at(t, end) == '.') {
        end = digits(t, end + 1);
    }
    if (end != NOWHERE && (byte_at(t, end) == 'e' || byte_at(t, end) == 'E')) {
        int sign = byte_at(t, end + 1);
        end = digits(t, end + 1 + (sign == '+' || sign == '-'));
    }
    return end;
}

/* The code point of `\uXXXX` at `at`, or UINT32_MAX. */
static uint32_t unit(text t, size_t at)
{
    if (byte_at(t, at) != '\\' || byte_at(t, at + 1) != 'u') {
        return UINT32_MAX;
    }
    uint32_t value = 0;
    for (size_t i = 2; i < 6; i++) {
        static const char hex[] = "0123456789abcdef";
        int c = byte_at(t, at + i);
        c = c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c;
        const char *digit = c > 0 ? strchr(hex, c) : NULL;
        if (digit == NULL) {
            return UINT32_MAX;
        }
        value = value * 16 + (uint32_t)(digit - hex);
    }
    return value;
}

static size_t escape(text t, size_t at)
{
    int c = byte_at(t, at + 1);
    if (c != 'u') {
        return c > 0 && strchr("\"\\/bfnrt", c) != NULL ? at + 2 : NOWHERE;
    }
    uint32_t first = unit(t, at);
    if (first == UINT32_MAX || first == 0 || (first >= 0xdc00 && first <= 0xdfff)) {
        return NOWHERE;
    }
    if (first < 0xd800 || first > 0xdfff) {
        return at + 6;
    }
    uint32_t second = unit(t, at + 6);
    return second >= 0xdc00 && second <= 0xdfff ? at + 12 : NOWHERE;
}

/* By arithmetic: decode as the lead byte promises, then ask whether UTF-8 may write that code point so. */
static size_t character(text t, size_t at)
{
    int lead = byte_at(t, at);
    size_t size = lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0;
    if (size == 0) {
        return NOWHERE;
    }
    uint32_t value = (uint32_t)lead & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        int c = byte_at(t, at + i);
        if (c < 0x80 || c > 0xbf) {
            return NOWHERE;
        }
        value = value << 6 | ((uint32_t)c & 0x3f);
    }
    char again[4];
    bool exists = value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
    return exists && oracle_utf8(value, again) == size ? at + size : NOWHERE;
}

static size_t string(text t, size_t at)
{
    if (byte_at(t, at) != '"') {
        return NOWHERE;
    }
    at++;
    while (at != NOWHERE) {
        int c = byte_at(t, at);
        if (c == '"') {
            return at + 1;
        }
        if (c < 0x20) {
            return NOWHERE;
        }
        at = c == '\\' ? escape(t, at) : c < 0x80 ? at + 1 : character(t, at);
    }
    return NOWHERE;
}

static size_t value(text t, size_t at, unsigned depth);

static size_t pair(text t, size_t at, unsigned depth)
{
    size_t end = string(t, at);
    if (end == NOWHERE) {
        return NOWHERE;
    }
    end = white_space(t, end);
    return byte_at(t, end) == ':' ? value(t, white_space(t, end + 1), depth) : NOWHERE;
}

static size_t container(text t, size_t at, unsigned depth)
{
    bool object = byte_at(t, at) == '{';
    int close = object ? '}' : ']';
    if (depth > DEPTH_MAX) {
        return NOWHERE;
    }
    at = white_space(t, at + 1);
    if (byte_at(t, at) == close) {
        return at + 1;
    }
    for (;;) {
        at = object ? pair(t, at, depth) : value(t, at, depth);
        if (at == NOWHERE) {
            return NOWHERE;
        }
        at = white_space(t, at);
        if (byte_at(t, at) == close) {
            return at + 1;
        }
        if (byte_at(t, at) != ',') {
            return NOWHERE;
        }
        at = white_space(t, at + 1);
    }
}

static size_t value(text t, size_t at, unsigned depth)
{
    switch (byte_at(t, at)) {
    case '{':
    case '[':
        return container(t, at, depth + 1);
    case '"':
        return string(t, at);
    case 't':
        return word(t, at, "true");
    case 'f':
        return word(t, at, "false");
    case 'n':
        return word(t, at, "null");
    default:
        return number(t, at);
    }
}

bool oracle_accepts(const char *json, size_t length)
{
    text t = {(const unsigned char *)json, length};
    size_t at = length >= 3 && memcmp(json, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    size_t end = value(t, white_space(t, at), 0);
    return end != NOWHERE && white_space(t, end) == length;
}

size_t oracle_utf8(uint32_t code_point, char out[4])
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    out[0] = (char)((0xf00u >> size & 0xff) | code_point);
    return size;
}

/* SplitMix64: small, and the same everywhere. */
uint64_t random_next(test_random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = random->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

size_t random_below(test_random *random, size_t below)
{
    return (size_t)(random_next(random) % below);
}
