/* SPDX-License-Identifier: Apache-2.0 */
/* What decoding works with: a reader in front, and an arena that the values go into. decode.c has values and
 * objects, document.c lists and whole documents. */
#ifndef OKTA_JSON_DECODER_H
#define OKTA_JSON_DECODER_H

#include <string.h>

#include "core/arena.h"
#include "json/engine.h"
#include "json/model_parts.h"
#include "json/reader.h"
#include "json/walk.h"

typedef struct oktai_decoder {
    oktai_reader reader;
    oktai_arena *arena;
    oktai_decode_report *report;
    const char *repeated; /* the row's name that had the latest object refused */
    oktai_orders *orders; /* NULL: of one member only */
} oktai_decoder;

/* How a value and its place in the struct got along. */
typedef enum oktai_fit {
    OKTAI_FIT_GOOD,
    OKTAI_FIT_PARTLY, /* the struct shows it as far as it can, and its text is kept as well; like MISMATCH */
    OKTAI_FIT_MISMATCH, /* well-formed, but not what the struct takes; the reader may stand anywhere inside it
                         */
    OKTAI_FIT_DEAD,     /* the reader died */
} oktai_fit;

/* A place in the text to go back to. */
typedef struct oktai_place {
    const char *next;
    unsigned depth;
} oktai_place;

static inline oktai_place oktai_decoder_place(const oktai_decoder *d)
{
    return (oktai_place){d->reader.next, d->reader.depth};
}

static inline void oktai_decoder_go_back(oktai_decoder *d, oktai_place before)
{
    d->reader.next = before.next;
    d->reader.depth = before.depth;
}

/* Members of many pointer types are written by one engine: by memcpy, since no pointer type may alias all
 * others. */
static inline void oktai_decoder_store(void *slot, void *pointer)
{
    memcpy(slot, &pointer, sizeof pointer);
}

/* Let the reader die, since memory is out. False. */
bool oktai_decoder_no_memory(oktai_decoder *d);

/* One more element of an array that grows. NULL: memory is out. */
void *oktai_decoder_push(oktai_decoder *d, oktai_vector *v, size_t size);

/* The data of an array that is present: non-NULL also when it is empty. NULL: memory is out. */
void *oktai_decoder_finish_vector(oktai_decoder *d, oktai_vector *v, size_t size);

/* Keep a member beside the struct. `shown` is the row whose member in the struct shows the value; NULL: none
 * does. False: memory is out. */
bool oktai_decoder_add_extra(oktai_decoder *d, oktai_vector *extras, okta_text name, okta_text value,
                             const oktai_row *shown);

/* What every model has in front of its members, of one whose text began at `start` and ends where the reader
 * is. False: memory is out. */
static inline bool oktai_decoder_finish_model(oktai_decoder *d, okta_model *model,
                                              const okta_descriptor *type, const oktai_vector *extras,
                                              const char *start)
{
    model->struct_size = type->size;
    model->type = type;
    model->extras = extras->data;
    model->extra_count = extras->count;
    model->source = start;
    model->source_length = (size_t)(d->reader.next - start);
    return oktai_extras_sort(d->arena, model) || oktai_decoder_no_memory(d);
}

#endif
