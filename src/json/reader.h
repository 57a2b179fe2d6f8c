/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader: RFC 8259 to the last byte, valid UTF-8, no NUL in strings, at most 64 levels. It walks
 * the text once and builds nothing. After a failed function the reader is dead: every further one fails. */
#ifndef OKTA_JSON_READER_H
#define OKTA_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/arena.h"
#include "core/watch.h"
#include "core/words.h"
#include "okta/common.h"

#define OKTAI_JSON_DEPTH_MAX 64u

/* Members and elements between two looks at the watch: few enough to be late by no more than a millisecond or
 * so, and so many that the looks cost nothing. */
#define OKTAI_ENTRIES_A_LOOK 4096u

typedef enum oktai_json_type {
    OKTAI_JSON_INVALID = 0, /* the text is damaged here */
    OKTAI_JSON_OBJECT,
    OKTAI_JSON_ARRAY,
    OKTAI_JSON_STRING,
    OKTAI_JSON_NUMBER,
    OKTAI_JSON_TRUE,
    OKTAI_JSON_FALSE,
    OKTAI_JSON_NULL,
} oktai_json_type;

typedef struct oktai_reader {
    const char *next;  /* where the reader stands */
    const char *end;   /* behind the last byte; *end must be readable and NUL */
    const char *start; /* for offsets in messages */
    unsigned depth;
    unsigned entries;         /* that it came to, to look at the watch now and then */
    const char *problem;      /* why the reader died, as a phrase; NULL while alive */
    bool no_memory;           /* it died of that */
    const oktai_watch *watch; /* that may end it; NULL: none */
    okta_status ended;        /* OKTA_E_TIMEOUT, OKTA_E_CANCELED: it died of that */
} oktai_reader;

/* Begin with `length` bytes behind which a NUL stands. Skips a byte order mark. */
void oktai_reader_init(oktai_reader *reader, const char *json, size_t length);

/* The type of the value that comes next, without consuming it. */
oktai_json_type oktai_reader_peek(oktai_reader *reader);

/* Consume `{` or `[`. */
bool oktai_reader_enter(oktai_reader *reader);

/* Consume a string: `*out` is unescaped and points into the text, or into the arena where there were escapes.
 * With a NULL arena escapes stay as they are. */
bool oktai_reader_text(oktai_reader *reader, oktai_arena *arena, okta_text *out);

/* Inside an object: consume the next name and its colon. `*out` is unescaped: it points into the text, or
 * into the arena where there were escapes. False: the object ended (its `}` is consumed) or the reader died.
 * `first` is true for the first call after enter. */
bool oktai_reader_member(oktai_reader *reader, bool first, oktai_arena *arena, okta_text *out);

/* The same where the next member is the one with this plain name and has no white space in front of its
 * value: a shorter way to what oktai_reader_member() does. False: nothing was consumed, and that function
 * knows more.
 */
static inline bool oktai_reader_member_is(oktai_reader *reader, bool first, const char *name, size_t length)
{
    const char *p = reader->next;
    bool looks = (reader->entries + 1) % OKTAI_ENTRIES_A_LOOK == 0;
    if (reader->problem != NULL || looks || (size_t)(reader->end - p) < length + sizeof ",\"\":" ||
        (!first && *p++ != ',') || p[0] != '"' || p[length + 1] != '"' || p[length + 2] != ':' ||
        !oktai_is_same_text(p + 1, name, length)) {
        return false;
    }
    reader->next = p + length + 3;
    reader->entries++;
    return true;
}

/* Inside an array: false when it ended (its `]` is consumed) or the reader died; else a value comes next. */
bool oktai_reader_element(oktai_reader *reader, bool first);

/* Consume a string into the arena, unescaped and NUL-terminated. NULL: the reader died. */
char *oktai_reader_string(oktai_reader *reader, oktai_arena *arena, size_t *out_length);

/* Consume any value, checked to its last byte. */
bool oktai_reader_skip(oktai_reader *reader, okta_text *out);

/* Consume `true`, `false` or `null` (oktai_reader_peek() has told which). */
bool oktai_reader_literal(oktai_reader *reader);

/* The whole document was read: nothing but white space follows. */
bool oktai_reader_finish(oktai_reader *reader);

/* Whether a string is one JSON value by itself, without a byte order mark, at this depth of a document. */
bool oktai_reader_is_value(const char *json, unsigned depth);

/* Whether what was read is this text. */
static inline bool oktai_text_is(const char *text, okta_text span)
{
    return strlen(text) == span.length && memcmp(text, span.text, span.length) == 0;
}

#endif
