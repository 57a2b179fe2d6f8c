/* SPDX-License-Identifier: Apache-2.0 */
#include "common/utf8.h"

#include <stdbool.h>

size_t utf8_decode(const char *text, const char *end, uint32_t *out)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t n = 0; n < sizeof forms / sizeof forms[0] && n < (size_t)(end - text); n++) {
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
