/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LONGEST_MATCH 258u

static const char head[FAULT_GZIP_HEAD] = {'\x1f', '\x8b', 8, 0, 0, 0, 0, 0, 0, '\xff'};

/* Bits as deflate (RFC 1951) packs them: from the lowest of each byte upwards. */
typedef struct bit_writer {
    char *data;
    size_t length;
    uint32_t bits;
    unsigned count;
} bit_writer;

static void put_bits(bit_writer *out, uint32_t value, unsigned count)
{
    out->bits |= value << out->count;
    out->count += count;
    while (out->count >= 8) {
        out->data[out->length++] = (char)(out->bits & 0xff);
        out->bits >>= 8;
        out->count -= 8;
    }
}

/* Huffman codes go out with their highest bit first. */
static void put_code(bit_writer *out, uint32_t code, unsigned count)
{
    while (count > 0) {
        put_bits(out, (code >> --count) & 1, 1);
    }
}

static void put_number(char *out, uint32_t number)
{
    for (unsigned i = 0; i < 4; i++) {
        out[i] = (char)(number >> (8 * i) & 0xff);
    }
}

static uint32_t crc_step(uint32_t crc, unsigned char byte)
{
    crc ^= byte;
    for (unsigned i = 0; i < 8; i++) {
        crc = crc >> 1 ^ ((crc & 1) != 0 ? UINT32_C(0xedb88320) : 0);
    }
    return crc;
}

static char *memory(size_t length)
{
    char *data = malloc(length);
    assert_non_null(data);
    return data;
}

fault_bytes fault_gzip(const char *text, size_t length)
{
    size_t total = FAULT_GZIP_HEAD + 5 + length + FAULT_GZIP_TRAILER;
    fault_bytes out = {memory(total), total};
    uint32_t crc = UINT32_MAX;
    assert_true(length <= 65535);
    for (size_t i = 0; i < length; i++) {
        crc = crc_step(crc, (unsigned char)text[i]);
    }
    char *block = out.data + FAULT_GZIP_HEAD;
    memcpy(out.data, head, sizeof head);
    block[0] = 1; /* the last block, stored */
    put_number(block + 1, (uint32_t)length | (uint32_t)(~length & 0xffff) << 16);
    memcpy(block + 5, text, length);
    put_number(block + 5 + length, ~crc);
    put_number(block + 5 + length + 4, (uint32_t)length);
    return out;
}

fault_bytes fault_gzip_spaces(size_t count)
{
    size_t matches = (count + LONGEST_MATCH - 1) / LONGEST_MATCH;
    size_t total = 1 + matches * LONGEST_MATCH;
    bit_writer out = {.data = memory(matches * 13 / 8 + 64)};
    uint32_t crc = UINT32_MAX;
    memcpy(out.data, head, sizeof head);
    out.length = sizeof head;
    put_bits(&out, 1, 1); /* the last block, */
    put_bits(&out, 1, 2); /* with the fixed codes */
    put_code(&out, 0x30 + ' ', 8);
    for (size_t i = 0; i < matches; i++) {
        put_code(&out, 0xc5, 8); /* length 258, */
        put_code(&out, 0, 5);    /* distance 1 */
    }
    put_code(&out, 0, 7);
    put_bits(&out, 0, 7);
    for (size_t i = 0; i < total; i++) {
        crc = crc_step(crc, ' ');
    }
    put_number(out.data + out.length, ~crc);
    put_number(out.data + out.length + 4, (uint32_t)total);
    return (fault_bytes){out.data, out.length + FAULT_GZIP_TRAILER};
}
