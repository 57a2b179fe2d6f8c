/* SPDX-License-Identifier: Apache-2.0 */
/* Files that new keys and secrets are written to. */
#ifndef OKTA_TOOLS_SECRET_FILE_H
#define OKTA_TOOLS_SECRET_FILE_H

#include <okta/rotation.h>
#include <stdbool.h>

/* Write the new key in PEM, or the new secret and a newline, into a file that does not exist, durably and
 * closed to others. */
okta_error *secret_file_write(const char *path, const okta_rotation_subject *subject);

/* Have the folder of a file know its files durably. */
okta_error *secret_file_sync_folder(const char *path);

/* "PATH: ..." by errno. */
okta_error *secret_file_error(const char *path);

/* `path` with `suffix` behind it; the caller frees it. NULL: out of memory. */
char *secret_file_beside(const char *path, const char *suffix);

/* Whether a text is the secret, with or without a newline, or a key with the thumbprint of the new one. */
bool secret_file_is_new(const char *text, size_t length, const okta_rotation_subject *subject);

#endif
