/* SPDX-License-Identifier: Apache-2.0 */
/* The apps that a command is about, where there may be several. */
#ifndef OKTA_KEYS_APPS_H
#define OKTA_KEYS_APPS_H

#include "command_line.h"
#include "files.h"

typedef struct app_name {
    const char *id; /* lives as long as the list */
    size_t line;    /* in the file; 0: it comes from the command line */
} app_name;

/* Begins as {0}. */
typedef struct app_names {
    app_name *items;
    size_t count;
    file_text file;
} app_names;

/* Whether a command line is about several apps, or may be: about what a file holds. */
bool apps_are_several(const command_line *options);

/* Read their ids, from words or from --apps-file, and see whether each is one, and none is there twice.
 * Nothing is sent. Returns EXIT_DONE, or the exit code after it has said what is wrong. Release in any case.
 */
int apps_read(const command_line *options, app_names *out);
void apps_clear(app_names *names);

/* Say what is wrong with an app; `what` goes behind its place. Returns EXIT_USAGE. */
int apps_refuse(const command_line *options, const app_name *app, const char *what);

#endif
