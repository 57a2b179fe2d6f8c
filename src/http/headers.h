/* SPDX-License-Identifier: Apache-2.0 */
/* The headers of one answer, and what they say about rate limits and time. Pure functions. */
#ifndef OKTA_HTTP_HEADERS_H
#define OKTA_HTTP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "http/dates.h"
#include "okta/rate_limits.h"

typedef struct oktai_header {
    const char *name;
    size_t name_length;
    const char *value;
    bool damaged; /* see oktai_headers_add_line() */
} oktai_header;

/* A zeroed one is empty and ready. */
typedef struct oktai_headers {
    oktai_arena arena;
    oktai_header *items;
    size_t count;
    size_t capacity;
    bool open; /* the latest line is in `items` and a folded line would continue it */
} oktai_headers;

/* Add one header line `Name: value` without its line end; white space around the value is dropped. A line
 * without a colon or with a name that is no token is ignored. A line that a folded line continues, with white
 * space before its colon, or with NUL, CR or LF is kept as damaged: its value is never handed out, but a
 * reader can tell it from a header that did not come. False: out of memory; nothing is added. */
bool oktai_headers_add_line(oktai_headers *headers, const char *line, size_t length);
/* The index-th value of a name, found without regard to case; NULL: there are not so many. */
const char *oktai_headers_get(const oktai_headers *headers, const char *name, size_t index);
/* All headers of a name in turn, the damaged ones too: `*position` begins at 0. NULL: no further one. */
const oktai_header *oktai_headers_next(const oktai_headers *headers, const char *name, size_t *position);
/* The same in turn, to look at all of them: `*position` begins at 0. */
const char *oktai_headers_next_value(const oktai_headers *headers, const char *name, size_t *position);
/* Forget all, keep nothing. */
void oktai_headers_clear(oktai_headers *headers);

/* X-Rate-Limit-Limit, -Remaining, -Reset and Date. Of duplicates, in several lines or joined by commas: the
 * smallest limit and remaining, the latest valid reset; of dates the first valid one. What is not a plain
 * decimal in range (a reset between 2000-01-01 and 2100-01-01) is absent. */
okta_rate_limit oktai_headers_rate_limit(const oktai_headers *headers);

/* Of the Date headers the first valid one, in seconds since 1970; absent: there is none. */
okta_opt_int oktai_headers_date(const oktai_headers *headers);

/* Retry-After (RFC 9110, section 10.2.3) in milliseconds from the server's Date: delta seconds or an HTTP
 * date, which counts only when there is a Date. Each line is judged alone; of several valid ones the largest.
 * A past date is 0, more than an hour is an hour. False: absent or not valid. */
bool oktai_headers_retry_after(const oktai_headers *headers, int64_t *out_ms);

/* Whether `c` may stand in a token (RFC 9110, section 5.6.2), as in the names of headers. */
bool oktai_http_is_token(char c);
/* Whether `length` bytes are `word`, without regard to the case of ASCII letters, in any locale. */
bool oktai_http_equals(const char *text, size_t length, const char *word);

#endif
