/* SPDX-License-Identifier: Apache-2.0 */
#include "http/headers.h"

#include <string.h>

#define YEAR_2000_S INT64_C(946684800)
#define YEAR_2100_S INT64_C(4102444800)
#define RETRY_MAX_S INT64_C(3600)

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The bytes of a token (RFC 9110, section 5.6.2), each at its own place. */
static const char token_bytes[] = "................................"
                                  ".!.#$%&'..*+.-.."
                                  "0123456789......"
                                  ".ABCDEFGHIJKLMNOPQRSTUVWXYZ...^_"
                                  "`abcdefghijklmnopqrstuvwxyz.|.~.";

bool oktai_http_is_token(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte == '.' || (byte < sizeof token_bytes - 1 && token_bytes[byte] == c);
}

bool oktai_http_equals(const char *text, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++) {
        if (word[i] == '\0' || (text[i] != word[i] && lower(text[i]) != lower(word[i]))) {
            return false;
        }
    }
    return word[length] == '\0';
}

static void trim(const char **text, const char **end)
{
    while (*text < *end && is_space(**text)) {
        (*text)++;
    }
    while (*end > *text && is_space((*end)[-1])) {
        (*end)--;
    }
}

static bool is_name(const char *name, const char *end)
{
    const char *p = name;
    while (p < end && oktai_http_is_token(*p)) {
        p++;
    }
    return p == end && p > name;
}

static bool breaks_line(const char *text, const char *end)
{
    size_t length = (size_t)(end - text);
    return memchr(text, '\0', length) != NULL || memchr(text, '\r', length) != NULL ||
           memchr(text, '\n', length) != NULL;
}

static bool push(oktai_headers *headers, oktai_header header)
{
    oktai_vector vector = {headers->items, headers->count, headers->capacity};
    oktai_header *slot = oktai_arena_push(&headers->arena, &vector, sizeof *slot);
    if (slot == NULL) {
        return false;
    }
    *slot = header;
    headers->items = vector.data;
    headers->count = vector.count;
    headers->capacity = vector.capacity;
    return true;
}

bool oktai_headers_add_line(oktai_headers *headers, const char *line, size_t length)
{
    const char *end = line + length;
    if (length > 0 && is_space(*line)) {
        if (headers->open) {
            headers->items[headers->count - 1].damaged = true;
        }
        return true;
    }
    headers->open = false;
    const char *colon = memchr(line, ':', length);
    if (colon == NULL) {
        return true;
    }
    const char *name_end = colon;
    trim(&line, &name_end);
    if (!is_name(line, name_end)) {
        return true;
    }
    const char *value = colon + 1;
    oktai_header header = {.name_length = (size_t)(name_end - line),
                           .damaged = name_end < colon || breaks_line(value, end)};
    trim(&value, &end);
    /* Name and value are two texts in one piece. */
    char *copy = oktai_arena_copy(&headers->arena, line, (size_t)(end - line));
    if (copy != NULL) {
        copy[header.name_length] = '\0';
        header.name = copy;
        header.value = copy + (value - line);
    }
    headers->open = copy != NULL && push(headers, header);
    return headers->open;
}

const oktai_header *oktai_headers_next(const oktai_headers *headers, const char *name, size_t *position)
{
    size_t length = strlen(name);
    while (*position < headers->count) {
        const oktai_header *header = &headers->items[(*position)++];
        if (header->name_length == length &&
            (memcmp(header->name, name, length) == 0 || oktai_http_equals(header->name, length, name))) {
            return header;
        }
    }
    return NULL;
}

const char *oktai_headers_next_value(const oktai_headers *headers, const char *name, size_t *position)
{
    const oktai_header *header;
    do {
        header = oktai_headers_next(headers, name, position);
    } while (header != NULL && header->damaged);
    return header == NULL ? NULL : header->value;
}

const char *oktai_headers_get(const oktai_headers *headers, const char *name, size_t index)
{
    size_t position = 0;
    const char *value = oktai_headers_next_value(headers, name, &position);
    for (; value != NULL && index > 0; index--) {
        value = oktai_headers_next_value(headers, name, &position);
    }
    return value;
}

void oktai_headers_clear(oktai_headers *headers)
{
    oktai_arena_clear(&headers->arena);
    *headers = (oktai_headers){0};
}

static bool parse_integer(const char *text, const char *end, int64_t *out)
{
    trim(&text, &end);
    if (text == end) {
        return false;
    }
    int64_t number = 0;
    for (; text < end; text++) {
        int digit = *text - '0';
        if (digit < 0 || digit > 9 || number > (INT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *out = number;
    return true;
}

/* What counts of the numbers that a header gives. */
typedef struct rule {
    bool largest; /* else the smallest */
    int64_t min;
    int64_t max;
} rule;

static void consider(const char *text, const char *end, rule which, okta_opt_int *best)
{
    int64_t number;
    if (!parse_integer(text, end, &number) || number < which.min || number > which.max) {
        return;
    }
    if (!best->has || (which.largest ? number > best->value : number < best->value)) {
        *best = okta_int(number);
    }
}

/* All numbers of all headers of a name, folded into one. */
static okta_opt_int choose(const oktai_headers *headers, const char *name, rule which)
{
    okta_opt_int best = {0};
    size_t position = 0;
    const char *start;
    while ((start = oktai_headers_next_value(headers, name, &position)) != NULL) {
        const char *p = start;
        for (; *p != '\0'; p++) {
            if (*p == ',') {
                consider(start, p, which, &best);
                start = p + 1;
            }
        }
        consider(start, p, which, &best);
    }
    return best;
}

okta_opt_int oktai_headers_date(const oktai_headers *headers)
{
    size_t position = 0;
    const char *value;
    while ((value = oktai_headers_next_value(headers, "Date", &position)) != NULL) {
        int64_t seconds;
        if (oktai_http_date(value, &seconds)) {
            return okta_int(seconds);
        }
    }
    return (okta_opt_int){0};
}

okta_rate_limit oktai_headers_rate_limit(const oktai_headers *headers)
{
    const rule count = {.largest = false, .min = 0, .max = INT64_MAX};
    const rule moment = {.largest = true, .min = YEAR_2000_S, .max = YEAR_2100_S};
    return (okta_rate_limit){
        .limit = choose(headers, "X-Rate-Limit-Limit", count),
        .remaining = choose(headers, "X-Rate-Limit-Remaining", count),
        .reset = choose(headers, "X-Rate-Limit-Reset", moment),
        .date = oktai_headers_date(headers),
    };
}

/* Seconds to wait by one Retry-After value. */
static bool parse_delay(const char *value, okta_opt_int date, int64_t *out_s)
{
    if (parse_integer(value, value + strlen(value), out_s)) {
        return true;
    }
    int64_t until;
    if (!date.has || !oktai_http_date(value, &until)) {
        return false;
    }
    *out_s = until > date.value ? until - date.value : 0;
    return true;
}

bool oktai_headers_retry_after(const oktai_headers *headers, int64_t *out_ms)
{
    okta_opt_int date = oktai_headers_date(headers);
    int64_t longest_s = -1;
    size_t position = 0;
    const char *value;
    while ((value = oktai_headers_next_value(headers, "Retry-After", &position)) != NULL) {
        int64_t seconds;
        if (parse_delay(value, date, &seconds) && seconds > longest_s) {
            longest_s = seconds;
        }
    }
    if (longest_s < 0) {
        return false;
    }
    *out_ms = (longest_s < RETRY_MAX_S ? longest_s : RETRY_MAX_S) * 1000;
    return true;
}
