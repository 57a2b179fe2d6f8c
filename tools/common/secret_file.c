/* SPDX-License-Identifier: Apache-2.0 */
#include "common/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/new_error.h"

okta_error *secret_file_error(const char *path)
{
    return report_new_error(OKTA_E_CONFIG, "%s: %s", path, strerror(errno));
}

char *secret_file_beside(const char *path, const char *suffix)
{
    size_t size = strlen(path) + strlen(suffix) + 1;
    char *beside = malloc(size);
    if (beside != NULL) {
        (void)snprintf(beside, size, "%s%s", path, suffix);
    }
    return beside;
}

okta_error *secret_file_sync_folder(const char *path)
{
    char *folder = strdup(path);
    if (folder == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    int file = open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = file >= 0 && (fsync(file) == 0 || errno == EINVAL); /* not every file system can */
    okta_error *error = good ? NULL : secret_file_error(path);
    if (file >= 0) {
        close(file);
    }
    free(folder);
    return error;
}

static okta_error *write_text(const char *path, const char *text)
{
    size_t length = strlen(text);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = file >= 0 && write(file, text, length) == (ssize_t)length && write(file, "\n", 1) == 1 &&
                fsync(file) == 0;
    okta_error *error = good ? NULL : secret_file_error(path);
    if (file >= 0) {
        close(file);
    }
    return error;
}

okta_error *secret_file_write(const char *path, const okta_rotation_subject *subject)
{
    return subject->secret != NULL ? write_text(path, subject->secret)
                                   : okta_key_write_private_pem(subject->key, path);
}

bool secret_file_is_new(const char *text, size_t length, const okta_rotation_subject *subject)
{
    if (subject->secret != NULL) {
        size_t expected = strlen(subject->secret);
        return length >= expected && memcmp(text, subject->secret, expected) == 0 &&
               (length == expected || text[expected] == '\n');
    }
    okta_key *key = NULL;
    char theirs[OKTA_THUMBPRINT_SIZE] = "";
    char ours[OKTA_THUMBPRINT_SIZE] = "";
    okta_error *error = okta_key_from_pem(text, length, NULL, NULL, &key);
    if (error == NULL) {
        error = okta_key_thumbprint(key, theirs);
    }
    if (error == NULL) {
        error = okta_key_thumbprint(subject->key, ours);
    }
    bool same = error == NULL && strcmp(ours, theirs) == 0;
    okta_free(error);
    okta_free(key);
    return same;
}
