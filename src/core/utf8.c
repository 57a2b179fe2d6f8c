/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

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
