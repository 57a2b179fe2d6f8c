/* SPDX-License-Identifier: Apache-2.0 */
/* One clear line on standard error, and the exit code that goes with it. */
#ifndef OKTA_KEYS_REPORT_H
#define OKTA_KEYS_REPORT_H

#include <okta/okta.h>

#include "common/new_error.h"

enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,      /* refused by Okta for another reason; the machine failed */
    EXIT_USAGE = 2,        /* usage or bad input; nothing was changed */
    EXIT_NOT_FOUND = 3,    /* no such app, key or secret */
    EXIT_DENIED = 4,       /* authentication or permission */
    EXIT_RATE_LIMITED = 5, /* the limit does not clear in time */
    EXIT_NETWORK = 6,      /* network, TLS or time-out */
    EXIT_UNCLEAR = 7,      /* the answer made no sense, or the outcome is unknown */
    EXIT_DRIFT = 8,        /* of a check: the org is not what a file wants */
};

/* Say why the tool cannot do it, and return `code`. */
int report(int code, const char *format, ...) REPORT_PRINTF(2, 3);

/* Say what the library refuses about the value of an option, with the option in front; `detail` is nullable,
 * such as the file that the value comes from. Takes `error`; returns an exit code. */
int report_option(const char *option, const char *detail, okta_error *error);

/* From here on the body of a failed answer follows what report_error() says. */
void report_show_bodies(void);

/* Say something that is no failure. */
void report_note(const char *format, ...) REPORT_PRINTF(1, 2);

/* The same about one of several things, such as an app, whose name stands in front. `more` is nullable and
 * takes no arguments. */
int report_error_of(const char *name, okta_error *error, const char *more);

/* What is said of an error, without the details behind it. Lives as long as the error; NULL is a success. */
const char *report_words(const okta_error *error);

/* Say what the library reported, release it, and return the exit code. NULL says nothing and is EXIT_DONE.
 * `more`, nullable and with arguments as for printf, goes to the end of the line. */
int report_error(okta_error *error, const char *more, ...) REPORT_PRINTF(2, 3);

#endif
