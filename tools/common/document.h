/* SPDX-License-Identifier: Apache-2.0 */
/* A small file of YAML or JSON that people write for a tool, as a tree of values that know their lines. It
 * comes from document_read().
 *
 * JSON is read as the part of YAML that it is. Of YAML only what has one meaning is accepted: no anchors,
 * aliases and tags, no second document, no name twice in a mapping, and no more depth, members and values
 * than such a file can need. A value has the type that its reader asks for: `2026` and `true` without quotes
 * are no texts, and `yes` is no true.
 *
 * What a getter refuses is kept, and the first of it counts: ask for many values, then look once at
 * document_error(). Such a file is no place for secrets, since its memory is not wiped. */
#ifndef TOOLS_COMMON_DOCUMENT_H
#define TOOLS_COMMON_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <okta/error.h>

#if defined(__GNUC__)
#define DOCUMENT_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define DOCUMENT_PRINTF(text, first)
#endif

typedef struct document document;
typedef struct document_node document_node;

/* Readers ask by the functions below; document_read() fills these. */

typedef enum document_kind {
    DOCUMENT_SCALAR,
    DOCUMENT_SEQUENCE,
    DOCUMENT_MAPPING,
} document_kind;

struct document_node {
    document_node *before; /* the one that was made before it, of all nodes */
    document_kind kind;
    size_t line;
    const document_node *name;   /* of a member of a mapping */
    const document_node *parent; /* NULL: it is the root */
    document_node *first;        /* of a sequence or mapping */
    document_node *next;
    size_t count;  /* of elements or members */
    bool is_plain; /* a scalar without quotes */
    char text[];   /* of a scalar */
};

struct document {
    document_node *root;
    document_node *latest; /* of all nodes */
    size_t count;
    okta_error *error; /* the first */
    char name[];
};

/* All its nodes and texts go with it. NULL is allowed. */
void document_free(document *self);

/* Keep "FILE:LINE: MEMBER: reason" about a node, as OKTA_E_CONFIG, unless something was refused before. */
void document_refuse(document *self, const document_node *node, const char *format, ...)
    DOCUMENT_PRINTF(3, 4);

/* The first thing that was refused, once; it is the caller's. NULL: nothing was. */
okta_error *document_error(document *self);

/* Nodes. They live as long as the document. */

const document_node *document_root(const document *self);

/* The line of a member is that of its name. */
size_t document_line(const document_node *node);

/* What a scalar says, whatever its type; NULL: it is none, or `node` is NULL. */
const char *document_word(const document_node *node);

/* The elements of a sequence, or the members of a mapping, in their order; NULL behind the last. */
const document_node *document_first(const document_node *node);
const document_node *document_next(const document_node *node);

/* The name of a member of a mapping; NULL: it is an element or the root. */
const char *document_member_name(const document_node *node);

/* A member of a mapping; NULL: there is none, or `mapping` is NULL or no mapping. */
const document_node *document_member(const document_node *mapping, const char *name);

/* The same, refused where it is missing. */
const document_node *document_need(document *self, const document_node *mapping, const char *name);

/* Typed values. A node of NULL is a member that is not there: its value is NULL, or `fallback`. So is the
 * value of what is refused. */

/* Refuse what is no mapping, and each member that is not among `names`, which end with NULL. False: refused,
 * or `node` is NULL. */
bool document_mapping(document *self, const document_node *node, const char *const *names);

/* Refuse what is no sequence. False: refused, or `node` is NULL. */
bool document_sequence(document *self, const document_node *node);

/* A text that is not empty. Without quotes it must not look like a number, a truth value or null. */
const char *document_text(document *self, const document_node *node);

/* The place of a text among `choices`, which end with NULL. */
size_t document_choice(document *self, const document_node *node, const char *const *choices,
                       size_t fallback);

/* A decimal number without quotes. */
int64_t document_integer(document *self, const document_node *node, int64_t min, int64_t max,
                         int64_t fallback);

/* true or false, without quotes. */
bool document_truth(document *self, const document_node *node, bool fallback);

#endif
