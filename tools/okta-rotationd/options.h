/* SPDX-License-Identifier: Apache-2.0 */
/* The command line. */
#ifndef OKTA_ROTATIOND_OPTIONS_H
#define OKTA_ROTATIOND_OPTIONS_H

enum {
    EXIT_FINE = 0,
    EXIT_FAILED = 1, /* --once: an app failed; else: the daemon cannot go on */
    EXIT_USAGE = 2,  /* the command line, the configuration, or what it names */
};

typedef enum options_mode {
    OPTIONS_SERVE, /* until a signal ends it */
    OPTIONS_ONCE,  /* what is due */
    OPTIONS_CHECK, /* the configuration, and what it names on this machine */
} options_mode;

typedef struct options {
    const char *config;
    options_mode mode;
} options;

/* -1: go on; else the process exits with that. */
int options_read(int argc, char **argv, options *out);

#endif
