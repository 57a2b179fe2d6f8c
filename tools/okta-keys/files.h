/* SPDX-License-Identifier: Apache-2.0 */
/* Files that hold keys, secrets, tokens and request bodies. "-" is standard input. */
#ifndef OKTA_KEYS_FILES_H
#define OKTA_KEYS_FILES_H

#include <stdbool.h>

#include "common/file_text.h"

/* Limits in bytes, far above what Okta takes. */
#define FILES_SMALL_MAX ((size_t)65536)
#define FILES_BODY_MAX  ((size_t)16 * 1024 * 1024)

/* Read a whole file of at most `max` bytes that holds no NUL. Returns EXIT_DONE, or the exit code after it
 * has said what is wrong. Release with file_text_clear() in any case. */
int file_read(const char *path, size_t max, file_text *out);

/* Read the first line of a file, which holds a token. A file and a pipe must be closed to others. */
int file_read_token(const char *path, file_text *out);

/* The same for a secret: printable ASCII on one line, with or without a newline at the end. */
int file_read_secret(const char *path, file_text *out);

/* "standard input" for "-". */
const char *file_name(const char *path);

bool file_is_stdin(const char *path);

#endif
