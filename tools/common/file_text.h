/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a file that may hold a key or a secret. It is read without stdio, so that no copy stays behind
 * in a buffer that nobody wipes. */
#ifndef OKTA_TOOLS_FILE_TEXT_H
#define OKTA_TOOLS_FILE_TEXT_H

#include <okta/error.h>
#include <stddef.h>

/* The bytes of a file with a NUL after them. Begins as {0}. */
typedef struct file_text {
    char *text;
    size_t length;
    size_t capacity;
} file_text;

/* Read all that comes from an open file, at most `max` bytes. `name` is that of the file, for errors. Release
 * `out` with file_text_clear() in any case. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *file_text_read(int file, const char *name, size_t max, file_text *out);

/* Wipe and release. */
void file_text_clear(file_text *file);

#endif
