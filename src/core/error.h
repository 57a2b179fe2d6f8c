/* SPDX-License-Identifier: Apache-2.0 */
/* The error object. Everyone fills status and message; src/client adds what the server said. Only who makes
 * an error writes to it: it is const as soon as several threads see it. */
#ifndef OKTA_CORE_ERROR_H
#define OKTA_CORE_ERROR_H

#include <stdarg.h>

#include "okta/error.h"

struct okta_error {
    okta_status status;
    bool retryable;
    unsigned attempts;
    int64_t retry_after_ms;
    int64_t retry_at_s;
    const char *message;
    const struct oktai_error_answer
        *answer;                  /* what the server said, see client/error_answer.h; NULL: nothing */
    const char *const *newcomers; /* ids, see okta_error_newcomer_id() */
    size_t newcomer_count;
    const void *owned; /* a root that the fields point into; let go of with the error */
};

/* An error with a message made by printf, of at most 1,000 bytes. Never NULL: without memory it is the static
 * out-of-memory error. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
okta_error *
oktai_error_new(okta_status status, const char *format, ...);
okta_error *oktai_error_vnew(okta_status status, const char *format, va_list args);

/* The static out-of-memory error. Its fields must not be written. */
okta_error *oktai_error_nomem(void);

/* "name must not be NULL" and the like: the error for a refused argument. */
okta_error *oktai_error_null(const char *name);

/* An error of one's own that says what an error says that is shared, and holds it. NULL for NULL; without
 * memory the static out-of-memory error. */
okta_error *oktai_error_of(const okta_error *shared);

/* An error that says what `cause` says, in other words. Takes `cause`, which the words may quote; without
 * memory it is `cause` itself. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
okta_error *
oktai_error_reword(okta_error *cause, const char *format, ...);

#endif
