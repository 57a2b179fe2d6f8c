/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/der.h"

#include <string.h>

/* A key's elements fit in two octets of length. */
#define LONG_FORM 0x80u

static bool read_length(okta_bytes *at, size_t *out)
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

bool okta_der_read(okta_bytes *from, unsigned tag, okta_bytes *content)
{
    if (from->size == 0 || from->data[0] != tag) {
        return false;
    }
    okta_bytes at = {from->data + 1, from->size - 1};
    size_t length;
    if (!read_length(&at, &length)) {
        return false;
    }
    *content = (okta_bytes){at.data, length};
    *from = (okta_bytes){at.data + length, at.size - length};
    return true;
}

bool okta_der_read_number(okta_bytes *from, okta_bytes *number)
{
    okta_bytes after = *from;
    okta_bytes content;
    if (!okta_der_read(&after, OKTA_DER_INTEGER, &content) || content.size == 0 || content.data[0] > 0x7f) {
        return false;
    }
    if (content.size > 1 && content.data[0] == 0 && content.data[1] <= 0x7f) {
        return false; /* DER has no needless zeros */
    }
    *number = okta_bytes_trim(content);
    *from = after;
    return true;
}

bool okta_der_read_bits(okta_bytes *from, okta_bytes *octets)
{
    okta_bytes after = *from;
    okta_bytes content;
    if (!okta_der_read(&after, OKTA_DER_BIT_STRING, &content) || content.size == 0 || content.data[0] != 0) {
        return false;
    }
    *octets = (okta_bytes){content.data + 1, content.size - 1};
    *from = after;
    return true;
}

void okta_der_put(okta_der_writer *writer, okta_bytes bytes)
{
    writer->next -= bytes.size;
    if (bytes.size > 0) {
        memcpy(writer->next, bytes.data, bytes.size);
    }
}

static void put_byte(okta_der_writer *writer, size_t byte)
{
    *--writer->next = (unsigned char)byte;
}

void okta_der_wrap(okta_der_writer *writer, unsigned tag, const unsigned char *end)
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

void okta_der_put_number(okta_der_writer *writer, okta_bytes number)
{
    const unsigned char *end = writer->next;
    okta_bytes digits = okta_bytes_trim(number);
    okta_der_put(writer, digits);
    if (digits.size == 0 || digits.data[0] > 0x7f) {
        put_byte(writer, 0);
    }
    okta_der_wrap(writer, OKTA_DER_INTEGER, end);
}
