/* SPDX-License-Identifier: Apache-2.0 */
/* Small files that hold secrets: opened and read with care, without a buffer that nobody wipes. */
#ifndef OKTA_CORE_FILE_H
#define OKTA_CORE_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "okta/error.h"

/* The largest file in bytes. */
#define OKTAI_FILE_MAX 65536u

/* Open for reading, without waiting for the other end of a fifo and without taking a terminal. `flags` may
 * add O_NOFOLLOW. -1: errno has the reason. */
int oktai_file_open(const char *path, int flags);

/* Room for a reason that holds the figures of a file. */
#define OKTAI_FILE_REASON_SIZE 256u

/* Why an open file is not to be read, as the rest of a sentence; NULL when it may be. Refused: what is no
 * regular file, what belongs to a user who is neither this one nor root, more than OKTAI_FILE_MAX bytes.
 * `text` may receive the sentence. */
const char *oktai_file_refuse(const struct stat *about, char text[OKTAI_FILE_REASON_SIZE]);

/* What may be done about a file that this process is not permitted to open, as the end of a sentence: who
 * owns it, its mode, who this process is, and the remedy. `path` is without links and may be in a folder that
 * cannot be looked into. */
void oktai_file_tell_denied(const char *path, char text[OKTAI_FILE_REASON_SIZE]);

/* Append all of an open file. False: `out` has failed (out of memory, or over_limit with more than
 * OKTAI_FILE_MAX bytes), or else errno has the reason. */
bool oktai_file_read(int file, oktai_buffer *out);

/* The same for a file without secrets, with a limit of its own. The pieces that `out` outgrows are wiped, but
 * there are several. */
bool oktai_file_read_most(int file, size_t most, oktai_buffer *out);

/* Whether the path of a file is not below a folder whose path has no links ("" or NULL: nothing is below it).
 * What cannot be shown to be inside is outside: a path that realpath() cannot tell may well be one that
 * open() can. Where there is no file, it is not outside: there is nothing to open. Errors: OKTA_E_NOMEM. */
okta_error *oktai_file_is_outside(const char *path, const char *folder, bool *out);

/* The folder that a path's last name stands in. NULL: out of memory. */
const char *oktai_file_folder(oktai_arena *arena, const char *path);

/* `cannot open "path": No such file or directory (errno 2)`. */
okta_error *oktai_file_error(okta_status status, const char *what, const char *path, int code);

#endif
