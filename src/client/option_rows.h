/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a client as data: where each may come from, what it may be, and how it is shown. */
#ifndef OKTA_CLIENT_OPTION_ROWS_H
#define OKTA_CLIENT_OPTION_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "okta/client.h"

/* The C type of the member. */
typedef enum okta_option_type {
    OKTA_OPTION_TEXT,     /* const char * */
    OKTA_OPTION_INT64,    /* int64_t; 0: not set */
    OKTA_OPTION_OPT_INT,  /* okta_opt_int */
    OKTA_OPTION_SIZE,     /* size_t; 0: not set */
    OKTA_OPTION_UNSIGNED, /* unsigned; 0: not set */
    OKTA_OPTION_CHOICE,   /* an enum whose values are the indices of `choices`; 0: not set */
    OKTA_OPTION_POINTER,  /* any pointer: only a program sets it */
    OKTA_OPTION_PART,     /* a part of the text before it, which is put together from them */
} okta_option_type;

/* What is shown of a text. */
typedef enum okta_option_view {
    OKTA_VIEW_ALL,    /* all of it */
    OKTA_VIEW_SECRET, /* nothing */
    OKTA_VIEW_URL,    /* all but a password */
    OKTA_VIEW_KEY,    /* nothing, or the path of a file */
} okta_option_view;

/* The parts of the proxy's URL. */
typedef enum okta_proxy_part {
    OKTA_PROXY_HOST,
    OKTA_PROXY_PORT,
    OKTA_PROXY_USERNAME,
    OKTA_PROXY_PASSWORD,
    OKTA_PROXY_PARTS,
} okta_proxy_part;

typedef struct okta_option_row {
    const char *name; /* the member of okta_client_options */
    size_t offset;    /* where it is */
    okta_option_type type;
    okta_option_view view;
    bool is_list;               /* the text is words; a file may write them as a list */
    okta_proxy_part part;       /* of OKTA_OPTION_PART */
    const char *variable;       /* of the environment; NULL: none */
    const char *path;           /* in a file, with dots; NULL: none */
    const char *const *choices; /* up to NULL */
    int64_t min, max;           /* of a number as it is written */
    int64_t scale;              /* what one of it is in the member; 0: 1 */
    const char *unit;           /* what is counted, as in "of seconds"; NULL: nothing to say */
    const char *fallback;       /* what holds when nothing is set, as it is shown; NULL: nothing */
    /* NULL, or why a text is refused: an error whose message is the rest of a sentence that begins with its
     * name. A NULL function: any text will do. */
    okta_error *(*check)(const char *text);
} okta_option_row;

#define OKTA_OPTION_ROWS 30u

extern const okta_option_row okta_option_rows[OKTA_OPTION_ROWS];

/* Where the values of loaded options came from. */
struct okta_option_origins {
    okta_client_options loaded;          /* as they were: what differs was set by the program later */
    const char *texts[OKTA_OPTION_ROWS]; /* by row; NULL: not set */
};

/* Whether the member differs from OKTA_CLIENT_OPTIONS_INIT, and whether it is the same in two structs. */
bool okta_option_is_set(const okta_option_row *row, const okta_client_options *options);
bool okta_option_is_same(const okta_option_row *row, const okta_client_options *a,
                         const okta_client_options *b);

/* The member, of a row with such a type. */
const char *okta_option_text(const okta_option_row *row, const okta_client_options *options);
int64_t okta_option_number(const okta_option_row *row, const okta_client_options *options);
void okta_option_set_text(const okta_option_row *row, okta_client_options *options, const char *text);
void okta_option_set_number(const okta_option_row *row, okta_client_options *options, int64_t number);

/* Copy the member as it is. */
void okta_option_copy(const okta_option_row *row, okta_client_options *to, const okta_client_options *from);

#endif
