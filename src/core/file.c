/* SPDX-License-Identifier: Apache-2.0 */
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"

#define SYSTEM_TEXT_MAX 128u
#define PIECE           4096u

int oktai_file_open(const char *path, int flags)
{
    int file;
    do {
        file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
    } while (file < 0 && errno == EINTR);
    return file;
}

const char *oktai_file_refuse(const struct stat *about)
{
    if (!S_ISREG(about->st_mode)) {
        return "is not a regular file";
    }
    if (about->st_uid != geteuid() && about->st_uid != 0) {
        return "belongs to another user";
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
