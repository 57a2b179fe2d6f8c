/* SPDX-License-Identifier: Apache-2.0 */
/* The command line. */
#ifndef OKTA_REPLAY_OPTIONS_H
#define OKTA_REPLAY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    EXIT_PLAYED = 0,
    EXIT_FAILURES = 1, /* an exchange failed, or the output could not be written */
    EXIT_USAGE = 2,    /* usage or bad input; nothing was sent */
};

typedef struct replay_options {
    bool http;
    bool strict;
    bool verbose;
    const char *org_url; /* NULL: no org */
    char **files;        /* into argv */
    size_t file_count;
} replay_options;

/* What options_parse() returns beside exit codes. */
#define OPTIONS_RUN (-1)

/* Read the command line, whose words change their order. Returns OPTIONS_RUN, or an exit code once it has
 * printed help, the version, or what is wrong. */
int options_parse(int argc, char **argv, replay_options *out);

#endif
