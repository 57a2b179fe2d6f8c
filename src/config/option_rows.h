/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a client as data: where each may come from, what it may be, and how it is shown. */
#ifndef OKTA_CONFIG_OPTION_ROWS_H
#define OKTA_CONFIG_OPTION_ROWS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "okta/client.h"

/* The C type of the member. */
typedef enum oktai_option_type {
    OKTAI_OPTION_TEXT,     /* const char * */
    OKTAI_OPTION_INT64,    /* int64_t; 0: not set */
    OKTAI_OPTION_OPT_INT,  /* okta_opt_int */
    OKTAI_OPTION_SIZE,     /* size_t; 0: not set */
    OKTAI_OPTION_UNSIGNED, /* unsigned; 0: not set */
    OKTAI_OPTION_CHOICE,   /* an enum whose values are the indices of `choices`; 0: not set */
    OKTAI_OPTION_POINTER,  /* any pointer: only a program sets it */
    OKTAI_OPTION_PART,     /* a part of the text before it, which is put together from them */
} oktai_option_type;

/* What a number of a file or variable counts. */
typedef enum oktai_option_unit {
    OKTAI_UNIT_NONE,
    OKTAI_UNIT_SECONDS, /* the member has milliseconds */
    OKTAI_UNIT_BYTES,
} oktai_option_unit;

/* What is shown of a text. */
typedef enum oktai_option_view {
    OKTAI_VIEW_ALL,    /* all of it */
    OKTAI_VIEW_SECRET, /* nothing */
    OKTAI_VIEW_URL,    /* all but a password */
    OKTAI_VIEW_KEY,    /* nothing, or the path of a file */
    OKTAI_VIEW_FILE,   /* the path of a file whose content is a secret; nothing of what looks like the content
                        */
} oktai_option_view;

/* The parts of the proxy's URL. */
typedef enum oktai_proxy_part {
    OKTAI_PROXY_HOST,
    OKTAI_PROXY_PORT,
    OKTAI_PROXY_USERNAME,
    OKTAI_PROXY_PASSWORD,
    OKTAI_PROXY_PARTS,
} oktai_proxy_part;

/* The places that options come from, the least first. */
typedef enum oktai_place {
    OKTAI_PLACE_NONE,
    OKTAI_PLACE_HOME,   /* the file of the home folder */
    OKTAI_PLACE_FOLDER, /* the file of the working folder */
    OKTAI_PLACE_ENVIRONMENT,
    OKTAI_PLACE_CODE,
} oktai_place;

/* Kinds of credentials: bits. */
#define OKTAI_CREDENTIAL_SENT  1u /* it goes out as it is */
#define OKTAI_CREDENTIAL_SIGNS 2u /* what it signs goes out */
#define OKTAI_CREDENTIAL_KEY_FILE                                                                            \
    4u                            /* it signs, and is a file outside the folder of the file that names it */
#define OKTAI_CREDENTIAL_PROXY 8u /* it goes to the proxy */

#define OKTAI_MODE_BIT(mode) (1u << (mode))

typedef struct oktai_option_row {
    const char *name;          /* the member of okta_client_options */
    const char *variable;      /* of the environment; NULL: none */
    const char *path;          /* in a file, with dots; NULL: none */
    const char *fallback_text; /* what a text is when nothing is set; NULL: nothing */
    const char *none;          /* the word, in any case, that stands for an empty text; NULL: none does */
    union {
        const char *const *choices; /* OKTAI_OPTION_CHOICE: up to NULL */
        /* A text: NULL, or why it is refused: an error whose message is the rest of a sentence that begins
         * with its name. A NULL function: any text will do. */
        okta_error *(*check)(const char *text);
    };
    int32_t min, max;   /* of a number as it is written */
    int32_t fallback;   /* what a number is when nothing is set, as it is in the member */
    uint16_t offset;    /* where the member is */
    uint8_t type;       /* oktai_option_type */
    uint8_t view;       /* oktai_option_view */
    uint8_t unit;       /* oktai_option_unit */
    uint8_t part;       /* oktai_proxy_part, of OKTAI_OPTION_PART */
    bool is_list;       /* the text is words; a file may write them as a list */
    uint8_t credential; /* what kind of credential the value is; 0: none */
    uint8_t directs;    /* kinds of credentials of which the value says where they go */
    uint8_t weakens;    /* kinds of credentials of which the value says how safely they are used */
    uint8_t safe;       /* the choice that weakens none of them */
    uint8_t modes;      /* bits of the authorization modes that use the value; 0: all */
} oktai_option_row;

#define OKTAI_OPTION_ROWS 38u

/* The row of the org's URL: the first. */
#define OKTAI_OPTION_ORG_URL 0u

/* The limits of a call's own settings, too. */
#define OKTAI_TIMEOUT_MAX_MS 86400000
#define OKTAI_RETRIES_MAX    20

extern const oktai_option_row oktai_option_rows[OKTAI_OPTION_ROWS];

/* A name of a place that no row has. */
typedef struct oktai_unknown_name {
    const char *name;
    const char *source;          /* a file and line; NULL: the environment */
    const char *nearest;         /* the name that may be meant; NULL: none is near */
    const oktai_option_row *row; /* the option of that name; NULL: it is none, or a group of options */
    bool is_foreign;             /* another SDK has it */
} oktai_unknown_name;

/* Where the values of loaded options came from. */
struct okta_option_origins {
    okta_client_options loaded;           /* as they were: what differs was set by the program later */
    okta_client_options before_folder;    /* what held before the file of the working folder was read */
    const char *texts[OKTAI_OPTION_ROWS]; /* by row; NULL: not set */
    oktai_place places[OKTAI_OPTION_ROWS];
    const char *folder; /* the working folder's path without links; NULL: none, or it has none */
    const oktai_unknown_name *unknown;
    size_t unknown_count;
    atomic_flag *warned; /* of those */
};

/* Whether the member differs from OKTA_CLIENT_OPTIONS_INIT, and whether it is the same in two structs. */
bool oktai_option_is_set(const oktai_option_row *row, const okta_client_options *options);
bool oktai_option_is_same(const oktai_option_row *row, const okta_client_options *a,
                          const okta_client_options *b);

/* Where the value of the member came from: a variable, a file and line, or OKTAI_OPTION_OF_CODE, also where a
 * program changed what was loaded. NULL: it is not set. Lives as long as the options. */
#define OKTAI_OPTION_OF_CODE "code"
const char *oktai_option_source(const oktai_option_row *row, const okta_client_options *options);

/* The variable, or the file and line, that the option of this name came from. NULL: a program set it, or
 * nobody. Lives as long as the options. */
const char *oktai_option_place(const okta_client_options *options, const char *name);

/* What one of a number, as it is written, is in the member. */
int64_t oktai_option_scale(const oktai_option_row *row);

/* The member, of a row with such a type. */
const char *oktai_option_text(const oktai_option_row *row, const okta_client_options *options);
int64_t oktai_option_number(const oktai_option_row *row, const okta_client_options *options);
void oktai_option_set_text(const oktai_option_row *row, okta_client_options *options, const char *text);
void oktai_option_set_number(const oktai_option_row *row, okta_client_options *options, int64_t number);

/* `subject must be this, that or the other`: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_option_refuse_choice(const oktai_option_row *row, const char *subject);

/* Put the subject in front of what a check of a row says, and release that. NULL and no memory stay as they
 * are. */
okta_error *oktai_option_name_error(const char *subject, okta_error *error);

/* Copy the member as it is. */
void oktai_option_copy(const oktai_option_row *row, okta_client_options *to, const okta_client_options *from);

#endif
