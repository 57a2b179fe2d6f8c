/* SPDX-License-Identifier: Apache-2.0 */
/* The error object. Everyone fills status and message; src/client adds what the server said. */
#ifndef OKTA_CORE_ERROR_H
#define OKTA_CORE_ERROR_H

#include <stdarg.h>
#include <stdatomic.h>

#include "okta/error.h"

struct okta_error {
    okta_status status;
    bool retryable;
    unsigned attempts;
    int64_t retry_after_ms;
    int64_t retry_at_s;
    atomic_uint shares; /* holders beyond the first */
    const char *message;
    const struct oktai_error_answer
        *answer; /* what the server said, see client/error_answer.h; NULL: nothing */
    void *owned; /* a root that the fields point into; released with the error */
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

/* One more holder of an error that nobody changes any more; okta_free() is one less. NULL is allowed. */
okta_error *oktai_error_share(okta_error *error);

#endif
