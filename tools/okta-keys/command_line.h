/* SPDX-License-Identifier: Apache-2.0 */
/* What a command line can say, and what one has said. */
#ifndef OKTA_KEYS_COMMAND_LINE_H
#define OKTA_KEYS_COMMAND_LINE_H

#include <okta/okta.h>

typedef enum option_id {
    /* Those that every command takes come first. */
    OPTION_ORG_URL,
    OPTION_TOKEN_FILE,
    OPTION_JSON,
    OPTION_TIMEOUT,
    OPTION_MAX_RETRIES,
    OPTION_VERBOSE,
    OPTION_SHOW_SECRETS,
    OPTION_SHOW_BODY,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_PEM,
    OPTION_JWK,
    OPTION_KID,
    OPTION_USE,
    OPTION_ALG,
    OPTION_STATUS,
    OPTION_TYPE,
    OPTION_OUT,
    OPTION_SECRET_FILE,
    OPTION_DATA,
    OPTION_ALL_PAGES,
    OPTION_MEMBER,
    OPTION_APPS_FILE,
    OPTION_CONCURRENCY,
    OPTION_STOP,
    OPTION_RESUME,
    OPTION_STORE,
    OPTION_SWITCH,
    OPTION_RETIRE,
    OPTION_GRACE,
    OPTION_OVERLAP,
    OPTION_JOURNAL,
    OPTION_DRY_RUN,
    OPTION_UNDO,
    OPTION_YES,
    OPTION_CHECK,
    OPTION_PRUNE,
    OPTION_COUNT,
} option_id;

#define OPTION_BIT(id)        (UINT64_C(1) << (id))
#define OPTIONS_GLOBAL        (OPTION_BIT(OPTION_VERSION + 1) - 1)
#define OPTIONS_MAX_ARGUMENTS 2u

typedef struct option_row {
    const char *name;           /* without "--" */
    const char *value;          /* what its value is called; NULL: it takes none */
    const char *const *choices; /* the values that it takes, up to NULL; NULL: any */
    const char *help;
    const char *made_help;  /* where the command makes the key instead of reading one; NULL: the same */
    const char *local_help; /* where the command needs no org; NULL: the same */
    bool is_file;           /* its value names a file; "-" is standard input */
    bool is_name;           /* its value is a kid or an id, which may begin with dashes */
} option_row;

/* What an option is to one command, in the place of option_row.help. */
typedef struct option_words {
    option_id id;
    const char *help; /* NULL: the end of an array of these */
} option_words;

typedef struct command_line command_line;

typedef struct command_row {
    const char *group; /* the word before its name; nullable */
    const char *name;
    const char *arguments[OPTIONS_MAX_ARGUMENTS]; /* what its arguments are called; all are required */
    uint64_t takes;                               /* bits of options beside the global ones */
    uint64_t needs;                               /* bits of options that must be there */
    uint64_t one_of;                              /* bits of options of which exactly one must be there */
    bool takes_apps;                              /* the first argument may be several, or come from a file */
    bool takes_stdin;                             /* "-" may stand for one of those */
    bool reads_file;                              /* the first argument is a file; "-" is standard input */
    bool offline;                                 /* it makes no client */
    bool tells_settings;                          /* its help lists what files and the environment may hold */
    int (*run)(const command_line *options, okta_client *client); /* returns an exit code */
    const char *help;                                             /* one line */
    const char *more;          /* further lines of its own help; nullable */
    const option_words *words; /* of options that are something else to it; nullable */
} command_row;

struct command_line {
    const command_row *command;
    const char *arguments[OPTIONS_MAX_ARGUMENTS]; /* the first is the first of `apps` */
    char *const *apps;                            /* of command_row.takes_apps, unless they are in a file */
    size_t app_count;
    const char *values[OPTION_COUNT]; /* NULL: absent; "" for an option without a value */
    bool from_stdin;                  /* the "-" of command_row.takes_stdin */
    int64_t timeout_ms;               /* 0: not given */
    okta_opt_int max_retries;
    unsigned concurrency;                  /* 0: not given */
    okta_client_auth_method secret_method; /* how a client secret is sent, by the settings of the client */
    char *const *words;                    /* what help is asked about */
    size_t word_count;
};

bool options_has(const command_line *options, option_id id);
const char *options_value(const command_line *options, option_id id);

#endif
