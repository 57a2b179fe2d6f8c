/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that describe models to the engine. A model is a struct plus rows; there is no code per model. */
#ifndef OKTA_JSON_DESCRIPTOR_H
#define OKTA_JSON_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/words.h"
#include "okta/model.h"

/* The C type of a struct member, and with it the JSON type it takes. */
typedef enum oktai_kind {
    OKTAI_KIND_STRING,      /* const char * */
    OKTAI_KIND_JSON,        /* const char *: any JSON value, as text */
    OKTAI_KIND_BOOL,        /* okta_opt_bool */
    OKTAI_KIND_INT,         /* okta_opt_int */
    OKTAI_KIND_DOUBLE,      /* okta_opt_double */
    OKTAI_KIND_ENUM,        /* an enum: 0 absent, 1 other, 2.. the texts in order */
    OKTAI_KIND_OBJECT,      /* pointer to a model */
    OKTAI_KIND_STRINGS,     /* const char **, with a count */
    OKTAI_KIND_ENUMS,       /* pointer to enums, with a count */
    OKTAI_KIND_OBJECTS,     /* pointer to pointers to models, with a count */
    OKTAI_KIND_MAP_STRINGS, /* okta_string_entry *, with a count */
    OKTAI_KIND_MAP_OBJECTS, /* pointer to entries that look like an oktai_any_entry, with a count */
} oktai_kind;

enum {
    OKTAI_ROW_READ_ONLY = 1, /* decoded, left out of request bodies */
    OKTAI_ROW_SECRET = 2,    /* redacted */
    OKTAI_ROW_UNIQUE = 4,    /* an object that has it twice is refused */
    OKTAI_ROW_MORE = 8,      /* the next row has the same JSON name, and takes another JSON type */
    OKTAI_ROW_ADDED = 16,    /* it came after a release of the struct: what comes is an extra as well */
};

/* The texts of an enum, in the order of its values from 2 on. */
typedef struct oktai_enum_texts {
    const char *const *texts;
    size_t count;
} oktai_enum_texts;

enum {
    OKTAI_DESCRIPTOR_LINKS = 1, /* the struct is an okta_links, and there are no rows */
    OKTAI_DESCRIPTOR_OPEN = 2, /* the description allows members beyond the rows, such as custom attributes */
};

#define OKTAI_ROWS_MAX 256u

typedef struct oktai_row {
    const char *name; /* JSON name; ASCII that needs no escape */
    uint8_t name_length;
    uint8_t kind;
    uint8_t flags;
    uint16_t offset;
    uint16_t count_offset; /* kinds with a count, which stands right behind the pointer */
    union {
        const oktai_enum_texts *texts; /* ENUM, ENUMS */
        const okta_descriptor *object; /* OBJECT, OBJECTS, MAP_OBJECTS */
    } of;
} oktai_row;

/* A oneOf whose variants disagree on a member's type. The struct is an oktai_any_variant; there are no rows.
 */
typedef struct oktai_variant {
    const char *value; /* of the discriminator */
    const okta_descriptor *type;
} oktai_variant;

typedef struct oktai_variants {
    const char *discriminator;  /* name of the member that tells the variant */
    const oktai_variant *items; /* in the order of the kinds from 2 on */
    size_t count;
} oktai_variants;

/* What a descriptor describes. */
typedef enum oktai_form {
    OKTAI_FORM_MODEL, /* what the engine walks */
    OKTAI_FORM_STRINGS,
    OKTAI_FORM_JSON,
    OKTAI_FORM_BYTES,
    OKTAI_FORM_LOCATION,
} oktai_form;

/* A struct without rows is good as well: all that the server sends for it are extras. */
struct okta_descriptor {
    const char *schema; /* Okta's name of it, for messages */
    /* In an order that servers use, since the row behind the last one is looked at first. Rows of one JSON
     * name stand next to each other, in the order in which they are tried, and all but the last of them have
     * OKTAI_ROW_MORE. */
    const oktai_row *rows;
    /* The numbers of all rows in the bytewise order of their JSON names; of rows with one name the lower
     * number comes first. NULL: few rows, which are looked through one by one. */
    const uint16_t *by_name;
    uint32_t size;      /* sizeof the struct */
    uint16_t row_count; /* at most OKTAI_ROWS_MAX */
    uint8_t flags;
    uint8_t form; /* oktai_form */

    /* For a list: the model of its elements. The struct then is an oktai_any_list, and there are no rows. */
    const okta_descriptor *item;
    /* For a list: names of members that may wrap the array, at any depth of each other; NULL: none. */
    const char *const *wrappers;

    /* For a oneOf; NULL: it is none. */
    const oktai_variants *variants;

    /* Names of members that are secret although the struct does not have them; NULL: none. */
    const char *const *secret_extras;
};

/* What every list struct looks like. */
typedef struct oktai_any_list {
    okta_model model;
    void **items;
    size_t count;
} oktai_any_list;

/* What every entry of a map looks like. The value is a typed pointer in the real one. */
typedef struct oktai_any_entry {
    const char *name;
    void *value;
} oktai_any_entry;

/* What every struct of a oneOf looks like. The pointer is a union of typed pointers in the real one. */
typedef struct oktai_any_variant {
    okta_model model;
    int kind; /* 0 absent, 1 other: newer than the library, see okta_source(); 2.. the variants in order */
    void *as;
} oktai_any_variant;

#define OKTAI_ROW(type, member, json, row_kind, row_flags)                                                   \
    .name = (json), .name_length = sizeof(json) - 1, .kind = (row_kind), .flags = (row_flags),               \
    .offset = offsetof(type, member)

/* The models of okta/links.h: whatever has `_links` has a row of the kind OBJECT for an okta_links. */
extern const okta_descriptor oktai_links_model;
extern const okta_descriptor oktai_link_model;
extern const okta_descriptor oktai_link_hints_model;

/* The descriptor's first row for a JSON name; NULL when it has none. */
const oktai_row *oktai_row_find(const okta_descriptor *type, const char *name, size_t length);

/* Whether that is the row's JSON name. Inline, since each member that a server sends is looked at so. */
static inline bool oktai_row_is(const oktai_row *row, const char *name, size_t length)
{
    return row->name_length == length && oktai_is_same_text(row->name, name, length);
}

/* The next row of the same JSON name; NULL: there is none. */
static inline const oktai_row *oktai_row_next(const oktai_row *row)
{
    return (row->flags & OKTAI_ROW_MORE) != 0 ? row + 1 : NULL;
}

/* Whether one of the rows of a name came to a struct that programs have without it. */
bool oktai_row_is_added(const oktai_row *row);

/* How many bytes of the struct the row's member takes, with its count. */
size_t oktai_row_size(const oktai_row *row);

/* The value of an enum for a text; 1 (other) where it has none. */
int oktai_enum_value(const oktai_enum_texts *texts, const char *text, size_t length);

/* The row of that JSON name and kind; NULL when there is none. */
const oktai_row *oktai_row_of_kind(const okta_descriptor *type, const char *name, oktai_kind kind);

/* The string member of that JSON name in a model that was decoded; NULL: it has none. */
const char *oktai_row_text(const okta_descriptor *type, const void *model, const char *name);

#endif
