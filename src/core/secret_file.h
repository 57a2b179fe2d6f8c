/* SPDX-License-Identifier: Apache-2.0 */
/* Which files may hold a secret. One rule for private keys, tokens and configuration:
 *
 * - the file belongs to this user or to root;
 * - of this user's file, group and others have no rights;
 * - root's file may be read by its group where the group is one of this process, as secrets are mounted into
 *   containers;
 * - a file that is said to be readable may be read by everyone, but written by its owner alone. */
#ifndef OKTA_CORE_SECRET_FILE_H
#define OKTA_CORE_SECRET_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "okta/error.h"

/* How a file is named in errors, and what is asked of it. */
typedef struct oktai_secret_file {
    const char *what;  /* such as "private_key"; NULL: the path says enough */
    const char *path;  /* where it is */
    const char *shown; /* the path as it may be shown */
    bool readable;     /* everyone may read it */
    const char
        *allow; /* how to say that everyone may read it, as the end of a sentence; NULL: it cannot be */
} oktai_secret_file;

/* Whether the rights of a file are no wider than the rule says. Errors: OKTA_E_NOMEM. */
okta_error *oktai_secret_file_is_closed(const struct stat *about, bool readable, bool *closed);

/* What closes a file that is open to others. Only root can close root's file, and its group may read that. */
const char *oktai_secret_file_chmod(const struct stat *about);

/* The path without links that a path leads to. Links, of folders on the way too, are followed where each
 * belongs to this user or to root. The folder of the file and of each link is one that not everyone can write
 * to, or one with the sticky bit. `*out` is NULL where nothing is there or it cannot be looked at, and
 * `*code` says why, as errno does. Errors: OKTA_E_CONFIG, which names the file; OKTA_E_NOMEM. */
okta_error *oktai_secret_file_follow(const oktai_secret_file *file, oktai_arena *arena, const char **out,
                                     int *code);

/* Append all of a file that oktai_secret_file_follow() leads to.
 *
 * Errors: OKTA_E_CONFIG, which names the file (it is not there, cannot be read, is no regular file, is larger
 * than 65,536 bytes, empty, or not as the rule says); OKTA_E_NOMEM. */
okta_error *oktai_secret_file_read(const oktai_secret_file *file, oktai_buffer *out);

/* `what: the file "shown" reason`, OKTA_E_CONFIG. The reason has at most OKTAI_FILE_REASON_SIZE bytes. */
okta_error *oktai_secret_file_refuse(const oktai_secret_file *file, const char *reason);

#endif
