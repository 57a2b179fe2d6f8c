/* SPDX-License-Identifier: Apache-2.0 */
/* JSON documents of any model, made from its rows, and what a decoded one shows of them. */
#ifndef OKTA_TESTS_POSITIONS_DOCUMENTS_H
#define OKTA_TESTS_POSITIONS_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"
#include "json/descriptor.h"

/* What a document looks like. Each row has a value of its kind, unless something else is said here. */
typedef struct document_plan {
    unsigned depth; /* levels of objects below the outermost that have members */
    bool plain;     /* strings are short, printable ASCII */
    bool request;   /* what is read-only is left out */
    size_t choice;  /* of rows of one name, which of them has its value; the last where it has fewer */
    size_t first;   /* the number of the row that comes first; the others follow in a circle */
    const oktai_row *strange; /* nullable: the name of the outermost object that has `value` */
    const char *value;        /* nullable: JSON */
    bool strange_inside;      /* all names of all objects below the outermost have `value` */
} document_plan;

/* A document of the model; of a list of models an array of two. */
void write_document(oktai_buffer *out, const okta_descriptor *type, const document_plan *plan);

/* Whether the row is the first one of its JSON name. */
bool is_first_of_name(const okta_descriptor *type, const oktai_row *row);

/* How many rows have the JSON name of this one, which is the first. */
size_t rows_of_name(const oktai_row *row);

/* Whether the member of a decoded model is set: read here, apart from the engine. */
bool is_set(const oktai_row *row, const void *model);

/* The row of this one's JSON name whose member is set; NULL: none. `*count`: of how many it is. */
const oktai_row *set_row(const oktai_row *first, const void *model, size_t *count);

/* Whether an enum has the text. */
bool has_text(const oktai_enum_texts *texts, const char *text);

#endif
