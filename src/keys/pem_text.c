/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/pem_text.h"

#include <openssl/evp.h>
#include <string.h>

#include "core/base64url.h"

#define BYTES_A_LINE   48u
#define LETTERS_A_LINE 64u

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char dashes[] = "-----";

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Moves the beginning of a text on. */
static void skip(okta_text *text, size_t length)
{
    text->text += length;
    text->length -= length;
}

static bool is_same(okta_text a, okta_text b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static okta_text text_of(const char *text)
{
    return (okta_text){text, strlen(text)};
}

/* Takes the next line, without the white space at its end. False: the text is over. */
static bool next_line(okta_text *text, okta_text *line)
{
    if (text->length == 0) {
        return false;
    }
    const char *feed = memchr(text->text, '\n', text->length);
    *line = (okta_text){text->text, feed == NULL ? text->length : (size_t)(feed - text->text)};
    skip(text, line->length + (feed != NULL));
    while (line->length > 0 && is_blank(line->text[line->length - 1])) {
        line->length--;
    }
    return true;
}

static bool begins_with(okta_text text, okta_text start)
{
    return text.length >= start.length && memcmp(text.text, start.text, start.length) == 0;
}

static bool starts_with_dashes(okta_text line)
{
    return begins_with(line, text_of(dashes));
}

/* Whether a line is the mark, a label and dashes. */
static bool is_boundary(okta_text line, const char *mark, okta_text *label)
{
    okta_text before = text_of(mark);
    size_t behind = sizeof dashes - 1;
    if (line.length < before.length + behind || !begins_with(line, before) ||
        memcmp(line.text + line.length - behind, dashes, behind) != 0) {
        return false;
    }
    *label = (okta_text){line.text + before.length, line.length - before.length - behind};
    return true;
}

/* Headers stand before the content and end with an empty line. Base64 has no colon. */
static bool read_header(okta_text *text, okta_text *header)
{
    okta_text ahead = *text;
    okta_text line;
    *header = (okta_text){text->text, 0};
    if (!next_line(&ahead, &line) || memchr(line.text, ':', line.length) == NULL) {
        return true;
    }
    while (next_line(&ahead, &line) && !starts_with_dashes(line)) {
        if (line.length == 0) {
            header->length = (size_t)(line.text - header->text);
            *text = ahead;
            return true;
        }
    }
    return false;
}

/* Takes the lines up to the next one with dashes, which must be the end of this block. */
static bool read_base64(okta_text *text, oktai_pem_block *block)
{
    okta_text line;
    okta_text label;
    block->base64 = (okta_text){text->text, 0};
    while (next_line(text, &line)) {
        if (starts_with_dashes(line)) {
            block->base64.length = (size_t)(line.text - block->base64.text);
            return is_boundary(line, end_mark, &label) && is_same(label, block->label);
        }
    }
    return false;
}

bool oktai_pem_next(okta_text *text, oktai_pem_block *out, bool *damaged)
{
    okta_text line;
    *damaged = false;
    while (next_line(text, &line)) {
        if (is_boundary(line, begin_mark, &out->label)) {
            *damaged = !read_header(text, &out->header) || !read_base64(text, out);
            return !*damaged;
        }
    }
    return false;
}

bool oktai_pem_has_label(const oktai_pem_block *block, const char *label)
{
    return is_same(block->label, text_of(label));
}

/* RFC 4648, section 4, with white space anywhere. Returns the size; 0: it is not base64. */
static size_t decode(okta_text base64, unsigned char *out)
{
    unsigned bits = 0;
    unsigned held = 0;
    size_t size = 0;
    size_t letters = 0;
    size_t pads = 0;
    for (const char *c = base64.text; c < base64.text + base64.length; c++) {
        if (is_blank(*c)) {
            continue;
        }
        letters++;
        pads += *c == '=';
        int value = oktai_base64_value(*c, "+/");
        if (pads > 0 ? *c != '=' : value < 0) {
            return 0;
        }
        if (pads == 0) {
            bits = (bits << 6 | (unsigned)value) & 0xffff;
            held += 6;
            if (held >= 8) {
                held -= 8;
                out[size++] = (unsigned char)(bits >> held);
            }
        }
    }
    return letters % 4 == 0 && pads <= 2 && (bits & ((1u << held) - 1)) == 0 ? size : 0;
}

bool oktai_pem_decode(const oktai_pem_block *block, oktai_arena *arena, oktai_octets *out)
{
    out->data = oktai_arena_alloc(arena, block->base64.length / 4 * 3 + 3);
    if (out->data == NULL) {
        return false;
    }
    out->size = decode(block->base64, out->data);
    return true;
}

char *oktai_pem_write_private(oktai_bytes der)
{
    static const char begin[] = "-----BEGIN PRIVATE KEY-----\n";
    static const char end[] = "-----END PRIVATE KEY-----\n";
    size_t lines = der.size / BYTES_A_LINE + 1;
    char *pem = oktai_root_new(sizeof begin + lines * (LETTERS_A_LINE + 1) + sizeof end, 0, NULL);
    if (pem == NULL) {
        return NULL;
    }
    char *at = pem;
    memcpy(at, begin, sizeof begin - 1);
    at += sizeof begin - 1;
    while (der.size > 0) {
        size_t count = der.size < BYTES_A_LINE ? der.size : BYTES_A_LINE;
        at += EVP_EncodeBlock((unsigned char *)at, der.data, (int)count);
        *at++ = '\n';
        der.data += count;
        der.size -= count;
    }
    memcpy(at, end, sizeof end);
    return pem;
}
