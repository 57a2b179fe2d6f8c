/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader: RFC 8259 to the last byte, valid UTF-8, no NUL in strings, at most 64 levels. It walks
 * the text once and builds nothing. After a failed function the reader is dead: every further one fails. */
#ifndef OKTA_JSON_READER_H
#define OKTA_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

#define OKTA_JSON_DEPTH_MAX 64u

typedef enum okta_json_type {
    OKTA_JSON_INVALID = 0, /* the text is damaged here */
    OKTA_JSON_OBJECT,
    OKTA_JSON_ARRAY,
    OKTA_JSON_STRING,
    OKTA_JSON_NUMBER,
    OKTA_JSON_TRUE,
    OKTA_JSON_FALSE,
    OKTA_JSON_NULL,
} okta_json_type;

typedef struct okta_reader {
    const char *next;  /* where the reader stands */
    const char *end;   /* behind the last byte; *end must be readable and NUL */
    const char *start; /* for offsets in messages */
    unsigned depth;
    const char *problem; /* why the reader died, as a phrase; NULL while alive */
    bool no_memory;      /* it died of that */
} okta_reader;

/* A piece of the text. */
typedef struct okta_span {
    const char *text;
    size_t length;
} okta_span;

/* Begin with `length` bytes behind which a NUL stands. Skips a byte order mark. */
void okta_reader_init(okta_reader *reader, const char *json, size_t length);

/* The type of the value that comes next, without consuming it. */
okta_json_type okta_reader_peek(okta_reader *reader);

/* Consume `{` or `[`. */
bool okta_reader_enter(okta_reader *reader);

/* Consume a string: `*out` is unescaped and points into the text, or into the arena where there were escapes.
 * With a NULL arena escapes stay as they are. */
bool okta_reader_text(okta_reader *reader, okta_arena *arena, okta_span *out);

/* Inside an object: consume the next name and its colon. `*out` is unescaped: it points into the text, or
 * into the arena where there were escapes. False: the object ended (its `}` is consumed) or the reader died.
 * `first` is true for the first call after enter. */
bool okta_reader_member(okta_reader *reader, bool first, okta_arena *arena, okta_span *out);

/* Inside an array: false when it ended (its `]` is consumed) or the reader died; else a value comes next. */
bool okta_reader_element(okta_reader *reader, bool first);

/* Consume a string into the arena, unescaped and NUL-terminated. NULL: the reader died. */
char *okta_reader_string(okta_reader *reader, okta_arena *arena, size_t *out_length);

/* Consume any value, checked to its last byte. */
bool okta_reader_skip(okta_reader *reader, okta_span *out);

/* Consume `true`, `false` or `null` (okta_reader_peek() has told which). */
bool okta_reader_literal(okta_reader *reader);

/* The whole document was read: nothing but white space follows. */
bool okta_reader_finish(okta_reader *reader);

#endif
