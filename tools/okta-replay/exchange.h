/* SPDX-License-Identifier: Apache-2.0 */
/* Recorded exchanges: files of JSON lines. */
#ifndef OKTA_REPLAY_EXCHANGE_H
#define OKTA_REPLAY_EXCHANGE_H

#include <stdbool.h>

#include "core/arena.h"
#include "okta/error.h"

/* A body. `data` NULL: it was not recorded. Else a NUL stands behind it. */
typedef struct recorded_body {
    const char *data;
    size_t length;
} recorded_body;

typedef struct recorded_header {
    const char *name;
    const char *value;
} recorded_header;

/* One request and its answer. All texts live in the arena that it was read into. */
typedef struct exchange {
    const char *file;
    size_t line;
    const char *method;
    const char *path;  /* as it was recorded */
    const char *query; /* without `?`; "" for none */
    recorded_body request;
    int status;
    const recorded_header *headers; /* of the answer */
    size_t header_count;
    recorded_body answer;
} exchange;

typedef struct exchange_list {
    exchange *items;
    size_t count;
} exchange_list;

/* Read a file and append its exchanges to `list`, a vector of exchange. Blank lines do not count. Errors:
 * OKTA_E_CONFIG, with file and line, for what cannot be read or is no recording; OKTA_E_NOMEM. */
okta_error *exchange_read_file(oktai_arena *arena, const char *file, oktai_vector *list);

/* The first value of a header of the answer; NULL: none. */
const char *exchange_header(const exchange *one, const char *name);

/* Whether the answer is JSON by its Content-Type, or by its first character where it has none. */
bool exchange_answer_is_json(const exchange *one);

#endif
