/* SPDX-License-Identifier: Apache-2.0 */
/* A client assertion that others make, in a file that they write anew before it ends (RFC 7523, sections 2.2
 * and 3), such as a projected service account token. */
#ifndef OKTA_AUTH_ASSERTION_FILE_H
#define OKTA_AUTH_ASSERTION_FILE_H

#include <stdbool.h>

#include "core/buffer.h"
#include "okta/error.h"

/* Bytes of the longest assertion, without the line end behind it. */
#define OKTAI_ASSERTION_MAX 16384u

typedef struct oktai_assertion_file {
    const char *what;   /* how messages begin: the option, behind the place that it comes from */
    const char *path;   /* a relative one is looked up in the working folder of the moment */
    const char *folder; /* that the file must be below; NULL: it may be anywhere */
    bool readable;      /* everyone may read it */
} oktai_assertion_file;

/* Why a text without control characters is no name of such a file, as the rest of a sentence that begins with
 * the option; NULL: it is one. A text that looks like an assertion itself is none. */
const char *oktai_assertion_file_refuse(const char *name);

/* Whether a text may be shown: it does not look like an assertion. */
bool oktai_assertion_file_is_shown(const char *name);

/* Append the assertion, without the line end behind it. The file must be as core/secret_file.h tells, and
 * hold a compact JWT of at most OKTAI_ASSERTION_MAX bytes whose `sub` is the client id (RFC 7523, section 3).
 *
 * Errors: OKTA_E_CONFIG, which names the file and shows nothing of what it holds; OKTA_E_NOMEM. Then nothing
 * is appended. */
okta_error *oktai_assertion_file_read(const oktai_assertion_file *file, const char *client_id,
                                      oktai_buffer *out);

#endif
