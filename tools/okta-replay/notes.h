/* SPDX-License-Identifier: Apache-2.0 */
/* What the report lists with a count: unmatched calls, members that the structs do not show, and so on. */
#ifndef OKTA_REPLAY_NOTES_H
#define OKTA_REPLAY_NOTES_H

#include "core/arena.h"
#include "okta/error.h"

typedef enum note_kind {
    NOTE_UNMATCHED,     /* METHOD PATH */
    NOTE_UNSENT,        /* the operation: its request was recorded without the body that it needs */
    NOTE_REFUSED,       /* the operation: the library refuses what Okta refused */
    NOTE_READ_ONLY,     /* SCHEMA.MEMBER of a request: left out */
    NOTE_UNKNOWN,       /* SCHEMA.MEMBER of an answer */
    NOTE_OTHER_TYPE,    /* the same */
    NOTE_NEWER_VALUE,   /* the same */
    NOTE_SENT_UNKNOWN,  /* SCHEMA.MEMBER of a request */
    NOTE_SENT_OTHER,    /* the same */
    NOTE_SENT_NEWER,    /* the same */
    NOTE_DOUBLED,       /* OPERATION.MEMBER: it stands twice in an object, and the first one counts */
    NOTE_UNKNOWN_QUERY, /* operation and parameter */
    NOTE_KINDS,
} note_kind;

/* Zeroed there are none. */
typedef struct notes {
    oktai_arena arena;
    oktai_vector items[NOTE_KINDS];
} notes;

/* Note `owner` and, nullable, `name` of so many bytes; both are copied. False: out of memory. */
bool notes_add(notes *self, note_kind kind, const char *owner, const char *name, size_t length);

size_t notes_count(const notes *self, note_kind kind);

/* Print what was noted, the most frequent first, one a line with its count, and at most `limit` of them. Text
 * from elsewhere shows with escapes. */
void notes_print(notes *self, note_kind kind, size_t limit);

void notes_clear(notes *self);

#endif
