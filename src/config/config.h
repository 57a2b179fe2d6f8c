/* SPDX-License-Identifier: Apache-2.0 */
/* Where options come from, and how they come together. */
#ifndef OKTA_CONFIG_CONFIG_H
#define OKTA_CONFIG_CONFIG_H

#include <stdbool.h>
#include <sys/types.h>

#include "config/option_rows.h"
#include "core/arena.h"
#include "okta/config.h"

/* The places that are looked at, least first. A test has its own. */
typedef struct oktai_config_places {
    const char *home;                             /* the folder of .okta/okta.yaml; NULL: none */
    const char *folder;                           /* the folder of okta.yaml or .okta.yaml; NULL: none */
    const char *(*variable)(void *ctx, size_t i); /* the i-th `NAME=value` of the environment, NULL behind the
                                                     last; NULL: none */
    void *ctx;
} oktai_config_places;

/* The places of this process; none for a program that runs with rights that its user does not have. */
oktai_config_places oktai_config_places_of_process(bool has_foreign_rights);

/* okta_client_options_load() over given places. */
okta_error *oktai_config_load(const oktai_config_places *places, const okta_client_options *code,
                              okta_client_options **out);

/* Options as they come together. */
typedef struct oktai_config {
    oktai_arena *arena; /* of what is kept */
    okta_client_options *options;
    const char *origins[OKTAI_OPTION_ROWS]; /* NULL: not set */
    const char *parts[OKTAI_PROXY_PARTS];   /* of the proxy; NULL: not set */
    okta_client_options before_folder;      /* the options before the file of the working folder */
    oktai_place place;                      /* that is read */
    oktai_place places[OKTAI_OPTION_ROWS];
    const char *subjects[OKTAI_OPTION_ROWS]; /* under which name the place that is read gave a value */
    bool has_home;                           /* the file of the home folder was there */
    dev_t home_device;                       /* and this is where */
    ino_t home_inode;
    oktai_vector unknown; /* of oktai_unknown_name */
} oktai_config;

/* Begin with another place. */
void oktai_config_begin(oktai_config *config, oktai_place place);

/* Keep a name that no row has; `source` is borrowed for the life of the arena, NULL: the environment. Errors:
 * OKTA_E_NOMEM. */
okta_error *oktai_config_unknown(oktai_config *config, const char *name, const char *source);

/* Check a text against a row and take it. An empty text says nothing. `subject` names the value in an error,
 * as in "OKTA_CLIENT_TOKEN"; `origin` is borrowed for the life of the arena. Two names of one place for the
 * same row must have the same value. Errors: OKTA_E_CONFIG, which never shows the text; OKTA_E_NOMEM. */
okta_error *oktai_config_take(oktai_config *config, const oktai_option_row *row, const char *text,
                              const char *subject, const char *origin);

/* Put the proxy's URL together from its parts. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_config_join_proxy(oktai_config *config);

/* Read the files of the places, those that are there. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_config_read_home(oktai_config *config, const char *home);
okta_error *oktai_config_read_folder(oktai_config *config, const char *folder);

/* What a file holds that its rights must fit. */
typedef struct oktai_file_content {
    bool has_secret;
    bool has_direction; /* where a credential goes, or how safely it is used */
} oktai_file_content;

/* The same for a text that stands for a file of this name. */
okta_error *oktai_config_read_text(oktai_config *config, const char *name, const char *text, size_t length,
                                   oktai_file_content *content);

#endif
