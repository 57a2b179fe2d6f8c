/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys in files. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/file.h"
#include "keys/key.h"

static okta_error *open_folder(const char *path, int *out)
{
    oktai_arena arena = {0};
    const char *folder = oktai_file_folder(&arena, path);
    if (folder == NULL) {
        return oktai_error_nomem();
    }
    *out = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    okta_error *error = *out < 0 ? oktai_file_error(OKTA_E_ARG, "open the folder", folder, errno) : NULL;
    oktai_arena_clear(&arena);
    return error;
}

static bool write_all(int file, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, text, length);
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        } else if (written == 0) {
            errno = EIO; /* not seen on files, but it must not be waited for */
            return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool sync_to_disk(int file)
{
    int result;
    do {
        result = fsync(file);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

/* Some file systems write folders at once and have no fsync for them: they say EINVAL. */
static bool sync_folder(int folder)
{
    return sync_to_disk(folder) || errno == EINVAL;
}

/* Fill a file that was just created and close it. The mode is set again since the umask may have taken the
 * owner's rights away. */
static okta_error *fill(int file, int folder, const char *path, const char *text)
{
    const char *what = NULL;
    if (fchmod(file, S_IRUSR | S_IWUSR) != 0) {
        what = "protect";
    } else if (!write_all(file, text, strlen(text)) || !sync_to_disk(file)) {
        what = "write";
    } else if (!sync_folder(folder)) {
        what = "write the folder of";
    }
    okta_error *error = what == NULL ? NULL : oktai_file_error(OKTA_E_ARG, what, path, errno);
    if (close(file) != 0 && errno != EINTR && error == NULL) {
        error = oktai_file_error(OKTA_E_ARG, "close", path, errno);
    }
    return error;
}

static okta_error *create(int folder, const char *path, const char *text)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return oktai_file_error(OKTA_E_ARG, "create", path, errno);
    }
    okta_error *error = fill(file, folder, path, text);
    if (error != NULL) {
        unlinkat(folder, name, 0);
    }
    return error;
}

okta_error *okta_key_write_private_pem(const okta_key *key, const char *path)
{
    if (path == NULL) {
        return oktai_error_null("path");
    }
    char *pem = NULL;
    int folder = -1;
    okta_error *error = okta_key_to_private_pem(key, &pem);
    if (error == NULL) {
        error = open_folder(path, &folder);
    }
    if (error == NULL) {
        error = create(folder, path, pem);
        close(folder);
    }
    okta_free(pem);
    return error;
}
