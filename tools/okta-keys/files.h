/* SPDX-License-Identifier: Apache-2.0 */
/* Files that hold keys, secrets, tokens and request bodies. "-" is standard input. The bytes are read without
 * stdio, so that no copy stays behind in a buffer that nobody wipes. */
#ifndef OKTA_KEYS_FILES_H
#define OKTA_KEYS_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Limits in bytes, far above what Okta takes. */
#define FILES_SMALL_MAX ((size_t)65536)
#define FILES_BODY_MAX  ((size_t)16 * 1024 * 1024)

/* The bytes of a file with a NUL after them. Begins as {0}. */
typedef struct file_text {
    char *text;
    size_t length;
    size_t capacity;
} file_text;

/* Read a whole file of at most `max` bytes that holds no NUL. Returns EXIT_DONE, or the exit code after it
 * has said what is wrong. Release with file_clear() in any case. */
int file_read(const char *path, size_t max, file_text *out);

/* Read the first line of a file, which holds a token. A file and a pipe must be closed to others. */
int file_read_token(const char *path, file_text *out);

/* The same for a secret: printable ASCII on one line, with or without a newline at the end. */
int file_read_secret(const char *path, file_text *out);

/* Wipe and release. */
void file_clear(file_text *file);

/* "standard input" for "-". */
const char *file_name(const char *path);

bool file_is_stdin(const char *path);

#endif
