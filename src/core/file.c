/* SPDX-License-Identifier: Apache-2.0 */
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"

#define SYSTEM_TEXT_MAX 128u
#define PIECE           4096u
#define REMEDY_CHOWN    "chown %u the file, or run as user %u"

int oktai_file_open(const char *path, int flags)
{
    int file;
    do {
        file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
    } while (file < 0 && errno == EINTR);
    return file;
}

static unsigned user_of_process(void)
{
    return (unsigned)geteuid();
}

void oktai_file_tell_denied(const char *path, char text[OKTAI_FILE_REASON_SIZE])
{
    struct stat about;
    if (stat(path, &about) != 0) {
        (void)snprintf(text, OKTAI_FILE_REASON_SIZE,
                       "user %u, who this process is, may not look into a folder of the path",
                       user_of_process());
        return;
    }
    unsigned owner = (unsigned)about.st_uid;
    unsigned mode = (unsigned)(about.st_mode & 07777);
    char remedy[OKTAI_FILE_REASON_SIZE / 2];
    if (about.st_uid == geteuid()) {
        (void)snprintf(remedy, sizeof remedy, "chmod 600");
    } else if (about.st_uid != 0) {
        (void)snprintf(remedy, sizeof remedy, REMEDY_CHOWN, user_of_process(), owner);
    } else if ((mode & S_IRGRP) != 0) {
        (void)snprintf(remedy, sizeof remedy, "run with that group, or chgrp the file (fsGroup in a pod)");
    } else {
        (void)snprintf(remedy, sizeof remedy,
                       "as root, chmod 0440 and chgrp to a group of this process "
                       "(defaultMode: 0440 and fsGroup in a pod)");
    }
    (void)snprintf(text, OKTAI_FILE_REASON_SIZE,
                   "its owner is %u, its group %u, its mode %04o; this process is %u: %s", owner,
                   (unsigned)about.st_gid, mode, user_of_process(), remedy);
}

const char *oktai_file_refuse(const struct stat *about, char text[OKTAI_FILE_REASON_SIZE])
{
    if (!S_ISREG(about->st_mode)) {
        return "is not a regular file";
    }
    if (about->st_uid != geteuid() && about->st_uid != 0) {
        (void)snprintf(text, OKTAI_FILE_REASON_SIZE,
                       "belongs to another user (%u, and this process is %u): " REMEDY_CHOWN,
                       (unsigned)about->st_uid, user_of_process(), user_of_process(),
                       (unsigned)about->st_uid);
        return text;
    }
    return about->st_size > (off_t)OKTAI_FILE_MAX ? "is larger than 65,536 bytes" : NULL;
}

bool oktai_file_read(int file, oktai_buffer *out)
{
    return oktai_buffer_reserve(out, out->length + OKTAI_FILE_MAX) &&
           oktai_file_read_most(file, OKTAI_FILE_MAX, out);
}

bool oktai_file_read_most(int file, size_t most, oktai_buffer *out)
{
    out->limit = out->length + most;
    for (;;) {
        char piece[PIECE];
        ssize_t count = read(file, piece, sizeof piece);
        bool kept = count <= 0 || oktai_buffer_append(out, piece, (size_t)count);
        oktai_wipe(piece, sizeof piece);
        if (count == 0) {
            return true;
        }
        if (!kept || (count < 0 && errno != EINTR)) {
            return false;
        }
    }
}

okta_error *oktai_file_is_outside(const char *path, const char *folder, bool *out)
{
    char real[PATH_MAX];
    struct stat about;
    *out = false;
    if (lstat(path, &about) != 0) {
        return NULL;
    }
    *out = true;
    if (realpath(path, real) == NULL) {
        return errno == ENOMEM ? oktai_error_nomem() : NULL;
    }
    size_t length = folder == NULL ? 0 : strlen(folder);
    *out = length == 0 || strncmp(real, folder, length) != 0 ||
           (real[length] != '/' && folder[length - 1] != '/');
    return NULL;
}

const char *oktai_file_folder(oktai_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return ".";
    }
    return slash == path ? "/" : oktai_arena_copy(arena, path, (size_t)(slash - path));
}

okta_error *oktai_file_error(okta_status status, const char *what, const char *path, int code)
{
    char text[SYSTEM_TEXT_MAX] = "";
    int incomplete = strerror_r(code, text, sizeof text);
    (void)incomplete; /* the number stands beside the text */
    return oktai_error_new(status, "cannot %s \"%.400s\": %s (errno %d)", what, path, text, code);
}
