/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_text.h"

#include <inttypes.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char base64url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *mock_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return NULL;
    }
    char *text = malloc((size_t)length + 1);
    if (text != NULL) {
        va_start(arguments, format);
        (void)vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    return text;
}

char *mock_copy_n(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *mock_copy(const char *text)
{
    return text != NULL ? mock_copy_n(text, strlen(text)) : NULL;
}

static int base64url_value(char character)
{
    const char *at = character != '\0' ? strchr(base64url_alphabet, character) : NULL;
    return at != NULL ? (int)(at - base64url_alphabet) : -1;
}

bool mock_base64url_decode(const char *text, unsigned char **out_bytes, size_t *out_length)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '=') {
        length--;
    }
    if (length % 4 == 1) {
        return false;
    }
    unsigned char *bytes = malloc(length + 1);
    if (bytes == NULL) {
        return false;
    }
    uint32_t pending = 0;
    unsigned pending_bits = 0;
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        int value = base64url_value(text[i]);
        if (value < 0) {
            free(bytes);
            return false;
        }
        pending = ((pending << 6) | (uint32_t)value) & 0xffffU;
        pending_bits += 6;
        if (pending_bits >= 8) {
            pending_bits -= 8;
            bytes[count++] = (unsigned char)((pending >> pending_bits) & 0xffU);
        }
    }
    *out_bytes = bytes;
    *out_length = count;
    return true;
}

char *mock_base64url_encode(const unsigned char *bytes, size_t length)
{
    char *text = malloc((length * 4 + 2) / 3 + 1);
    if (text == NULL) {
        return NULL;
    }
    uint32_t pending = 0;
    unsigned pending_bits = 0;
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        pending = ((pending << 8) | bytes[i]) & 0xffffU;
        pending_bits += 8;
        while (pending_bits >= 6) {
            pending_bits -= 6;
            text[count++] = base64url_alphabet[(pending >> pending_bits) & 63U];
        }
    }
    if (pending_bits > 0) {
        text[count++] = base64url_alphabet[(pending << (6 - pending_bits)) & 63U];
    }
    text[count] = '\0';
    return text;
}

/* The length of the character that a text begins with; 0: it is none. */
static size_t character_length(const unsigned char *text)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
    if (length < 2) {
        return length;
    }
    uint32_t value = text[0] & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0U) != 0x80) {
            return 0;
        }
        value = (value << 6) | (text[i] & 0x3fU);
    }
    bool surrogate = value >= 0xd800 && value <= 0xdfff;
    return text[0] <= 0xf4 && value >= smallest[length] && value <= 0x10ffff && !surrogate ? length : 0;
}

bool mock_is_utf8(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at != '\0') {
        size_t length = character_length(at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

bool mock_sha256_text(const char *text, char out[MOCK_SHA256_SIZE])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)text, strlen(text), digest);
    char *encoded = mock_base64url_encode(digest, sizeof digest);
    if (encoded != NULL) {
        memcpy(out, encoded, MOCK_SHA256_SIZE);
    }
    bool made = encoded != NULL;
    free(encoded);
    return made;
}

static int hex_value(char character)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = character != '\0' ? strchr(digits, character) : NULL;
    return at != NULL ? (int)((at - digits) % 16) : -1;
}

char *mock_percent_decode(const char *text, size_t length)
{
    char *decoded = malloc(length + 1);
    size_t count = 0;
    for (size_t i = 0; decoded != NULL && i < length; i++) {
        char character = text[i];
        if (character == '%') {
            int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
            int low = high >= 0 ? hex_value(text[i + 2]) : -1;
            if (low < 0 || (high == 0 && low == 0)) {
                free(decoded);
                return NULL;
            }
            character = (char)(unsigned char)(high * 16 + low);
            i += 2;
        }
        decoded[count++] = character;
    }
    if (decoded != NULL) {
        decoded[count] = '\0';
    }
    return decoded;
}

/* A hash, not a random number: ids look like Okta's, yet a failing test meets the same ones again. */
static void noise_bytes(unsigned char out[SHA512_DIGEST_LENGTH], const char *kind, uint64_t number)
{
    char seed[64];
    int length = snprintf(seed, sizeof seed, "%.40s:%" PRIu64, kind, number);
    SHA512((const unsigned char *)seed, (size_t)length, out);
}

void mock_id(char out[MOCK_ID_SIZE], const char *prefix, uint64_t number)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    unsigned char bytes[SHA512_DIGEST_LENGTH];
    noise_bytes(bytes, prefix, number);
    memcpy(out, prefix, 3);
    for (size_t i = 3; i < MOCK_ID_SIZE - 1; i++) {
        out[i] = alphabet[bytes[i] % (sizeof alphabet - 1)];
    }
    out[MOCK_ID_SIZE - 1] = '\0';
}

char *mock_noise(const char *kind, uint64_t number, size_t length)
{
    unsigned char bytes[SHA512_DIGEST_LENGTH];
    noise_bytes(bytes, kind, number);
    char *text = malloc(length + 1);
    if (text != NULL) {
        for (size_t i = 0; i < length; i++) {
            text[i] = base64url_alphabet[bytes[i % sizeof bytes] & 63U];
        }
        text[length] = '\0';
    }
    return text;
}

static struct tm calendar(int64_t seconds)
{
    struct tm parts = {0};
    time_t when = (time_t)seconds;
    (void)gmtime_r(&when, &parts);
    return parts;
}

void mock_timestamp(char out[MOCK_TIMESTAMP_SIZE], int64_t seconds)
{
    struct tm at = calendar(seconds);
    (void)snprintf(out, MOCK_TIMESTAMP_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.000Z", at.tm_year + 1900,
                   at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
}

void mock_http_date(char out[MOCK_TIMESTAMP_SIZE], int64_t seconds)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm at = calendar(seconds);
    (void)snprintf(out, MOCK_TIMESTAMP_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[at.tm_wday],
                   at.tm_mday, months[at.tm_mon], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
}
