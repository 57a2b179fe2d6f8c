/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/der.h"

#include <string.h>

/* A key's elements fit in two octets of length. */
#define LONG_FORM 0x80u

static bool read_length(oktai_bytes *at, size_t *out)
{
    if (at->size == 0) {
        return false;
    }
    size_t length = at->data[0];
    size_t octets = 0;
    if (length >= LONG_FORM) {
        octets = length - LONG_FORM;
        if (octets < 1 || octets > 2 || at->size < 1 + octets) {
            return false;
        }
        length = at->data[1];
        if (octets == 2) {
            length = length << 8 | at->data[2];
        }
        if (length < (octets == 1 ? LONG_FORM : 0x100)) {
            return false; /* DER has one form for each length */
        }
    }
    at->data += 1 + octets;
    at->size -= 1 + octets;
    *out = length;
    return length <= at->size;
}

bool oktai_der_read(oktai_bytes *from, unsigned tag, oktai_bytes *content)
{
    if (from->size == 0 || from->data[0] != tag) {
        return false;
    }
    oktai_bytes at = {from->data + 1, from->size - 1};
    size_t length;
    if (!read_length(&at, &length)) {
        return false;
    }
    *content = (oktai_bytes){at.data, length};
    *from = (oktai_bytes){at.data + length, at.size - length};
    return true;
}

bool oktai_der_read_number(oktai_bytes *from, oktai_bytes *number)
{
    oktai_bytes after = *from;
    oktai_bytes content;
    if (!oktai_der_read(&after, OKTAI_DER_INTEGER, &content) || content.size == 0 || content.data[0] > 0x7f) {
        return false;
    }
    if (content.size > 1 && content.data[0] == 0 && content.data[1] <= 0x7f) {
        return false; /* DER has no needless zeros */
    }
    *number = oktai_bytes_trim(content);
    *from = after;
    return true;
}

bool oktai_der_read_bits(oktai_bytes *from, oktai_bytes *octets)
{
    oktai_bytes after = *from;
    oktai_bytes content;
    if (!oktai_der_read(&after, OKTAI_DER_BIT_STRING, &content) || content.size == 0 ||
        content.data[0] != 0) {
        return false;
    }
    *octets = (oktai_bytes){content.data + 1, content.size - 1};
    *from = after;
    return true;
}

void oktai_der_put(oktai_der_writer *writer, oktai_bytes bytes)
{
    writer->next -= bytes.size;
    if (bytes.size > 0) {
        memcpy(writer->next, bytes.data, bytes.size);
    }
}

static void put_byte(oktai_der_writer *writer, size_t byte)
{
    *--writer->next = (unsigned char)byte;
}

void oktai_der_wrap(oktai_der_writer *writer, unsigned tag, const unsigned char *end)
{
    size_t length = (size_t)(end - writer->next);
    put_byte(writer, length & 0xff);
    if (length > 0xff) {
        put_byte(writer, length >> 8);
    }
    if (length >= LONG_FORM) {
        put_byte(writer, LONG_FORM | (length > 0xff ? 2 : 1));
    }
    put_byte(writer, tag);
}

void oktai_der_put_number(oktai_der_writer *writer, oktai_bytes number)
{
    const unsigned char *end = writer->next;
    oktai_bytes digits = oktai_bytes_trim(number);
    oktai_der_put(writer, digits);
    if (digits.size == 0 || digits.data[0] > 0x7f) {
        put_byte(writer, 0);
    }
    oktai_der_wrap(writer, OKTAI_DER_INTEGER, end);
}
