/* SPDX-License-Identifier: Apache-2.0 */
/* What happens, as one JSON object a line on standard error. */
#ifndef OKTA_ROTATIOND_LOG_H
#define OKTA_ROTATIOND_LOG_H

#include <okta/rotation.h>

typedef enum log_level {
    LOG_INFO = 0,
    LOG_WARNING,
    LOG_ERROR,
} log_level;

/* Members that are NULL, 0 or negative are left out. Nothing in a line may be a secret. */
typedef struct log_line {
    log_level level;
    const char *event; /* required: a word or two that never change, for programs */
    const char *app;
    okta_rotation_kind kind;
    const char *kid;
    const char *step;
    const char *detail; /* for people */
    const okta_error *error;
    int64_t due_s;    /* when it goes on; seconds since 1970 */
    int64_t retry_ms; /* when it is tried again; from now on */
} log_line;

/* From any thread. */
void log_write(const log_line *line);

/* Lines say this after the time, so that several daemons can be told apart. Borrowed; NULL: nothing. */
void log_set_instance(const char *name);

#endif
