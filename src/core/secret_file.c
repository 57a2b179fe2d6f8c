/* SPDX-License-Identifier: Apache-2.0 */
#include "core/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/file.h"

/* Mounted secrets have two, Kubernetes' `key.pem -> ..data/key.pem` among them. */
#define LINKS_MAX 8u

okta_error *oktai_secret_file_refuse(const oktai_secret_file *file, const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "%s: the file \"%.400s\" %s", file->what, file->shown, reason);
}

/* `what: cannot open "path": No such file or directory (errno 2)` */
static okta_error *refuse_access(const oktai_secret_file *file, const char *verb, int code)
{
    okta_error *error = oktai_file_error(OKTA_E_CONFIG, verb, file->shown, code);
    if (okta_error_status(error) == OKTA_E_NOMEM) {
        return error;
    }
    okta_error *named = oktai_error_new(OKTA_E_CONFIG, "%s: %s", file->what, okta_error_message(error));
    okta_free(error);
    return named;
}

static okta_error *refuse_open(const oktai_secret_file *file, int code)
{
    return refuse_access(file, "open", code);
}

/* Whether the process has this group. */
static okta_error *has_group(gid_t group, bool *out)
{
    *out = group == getegid();
    int count = *out ? 0 : getgroups(0, NULL);
    if (count <= 0) {
        return NULL;
    }
    oktai_arena arena = {0};
    gid_t *groups = oktai_arena_array(&arena, (size_t)count, sizeof *groups);
    okta_error *error = groups == NULL ? oktai_error_nomem() : NULL;
    count = groups == NULL ? 0 : getgroups(count, groups);
    for (int i = 0; i < count; i++) {
        *out = *out || groups[i] == group;
    }
    oktai_arena_clear(&arena);
    return error;
}

okta_error *oktai_secret_file_is_closed(const struct stat *about, bool readable, bool *closed)
{
    mode_t wider = about->st_mode & (S_IRWXG | S_IRWXO);
    okta_error *error = NULL;
    if (readable) {
        wider &= ~(mode_t)(S_IRGRP | S_IROTH);
    } else if (wider == S_IRGRP && about->st_uid == 0) {
        bool ours = false;
        error = has_group(about->st_gid, &ours);
        wider = ours ? 0 : wider;
    }
    *closed = error == NULL && wider == 0;
    return error;
}

static okta_error *check_folder(const oktai_secret_file *file, const char *folder)
{
    struct stat about;
    if (stat(folder, &about) != 0) {
        return refuse_open(file, errno);
    }
    if ((about.st_mode & S_IWOTH) != 0 && (about.st_mode & S_ISVTX) == 0) {
        return oktai_secret_file_refuse(
            file, "stands in a folder that everyone can write to: chmod o-w the folder");
    }
    return NULL;
}

/* Where a link in this folder leads to. NULL: out of memory, or errno has the reason. */
static const char *read_link(oktai_arena *arena, const char *folder, const char *path)
{
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) {
        return NULL;
    }
    target[length] = '\0';
    size_t before = target[0] == '/' ? 0 : strlen(folder) + 1;
    char *text = oktai_arena_text(arena, before + (size_t)length);
    errno = ENOMEM;
    if (text != NULL && before > 0) {
        memcpy(text, folder, before - 1);
        text[before - 1] = '/';
    }
    if (text != NULL) {
        memcpy(text + before, target, (size_t)length + 1);
    }
    return text;
}

/* The path that a chain of links ends at. The last name of a path is looked at without following it; folders
 * on the way may be links, too. */
static okta_error *follow(const oktai_secret_file *file, oktai_arena *arena, const char **out)
{
    const char *path = file->path;
    for (unsigned links = 0; links <= LINKS_MAX; links++) {
        struct stat about;
        const char *folder = oktai_file_folder(arena, path);
        okta_error *error = folder == NULL ? oktai_error_nomem() : check_folder(file, folder);
        if (error != NULL) {
            return error;
        }
        if (lstat(path, &about) != 0) {
            return refuse_open(file, errno);
        }
        if (!S_ISLNK(about.st_mode)) {
            *out = path;
            return NULL;
        }
        if (about.st_uid != geteuid() && about.st_uid != 0) {
            return oktai_secret_file_refuse(file, "is reached by a link that belongs to another user");
        }
        path = read_link(arena, folder, path);
        if (path == NULL) {
            return errno == ENOMEM ? oktai_error_nomem() : refuse_open(file, errno);
        }
    }
    return oktai_secret_file_refuse(file, "is reached by too many links");
}

const char *oktai_secret_file_chmod(const struct stat *about)
{
    bool is_mounted = about->st_uid == 0 && geteuid() != 0;
    return is_mounted ? "chmod 0440 as root (defaultMode: 0440 in a pod)" : "chmod 600";
}

static okta_error *refuse_rights(const oktai_secret_file *file, const struct stat *about)
{
    bool can_be_read = (about->st_mode & (S_IRWXG | S_IRWXO) & ~(mode_t)(S_IRGRP | S_IROTH)) == 0;
    return oktai_error_new(OKTA_E_CONFIG, "%s: the file \"%.400s\" is open to others (mode %04o): %s%s%s",
                           file->what, file->shown, (unsigned)(about->st_mode & 07777),
                           file->readable ? "chmod go-w" : oktai_secret_file_chmod(about),
                           can_be_read && file->allow != NULL ? "; " : "",
                           can_be_read && file->allow != NULL ? file->allow : "");
}

static okta_error *read_open_file(const oktai_secret_file *file, int descriptor, oktai_buffer *out)
{
    struct stat about;
    bool closed = false;
    if (fstat(descriptor, &about) != 0) {
        return refuse_open(file, errno);
    }
    const char *reason = oktai_file_refuse(&about);
    if (reason != NULL) {
        return oktai_secret_file_refuse(file, reason);
    }
    okta_error *error = oktai_secret_file_is_closed(&about, file->readable, &closed);
    if (error != NULL || !closed) {
        return error != NULL ? error : refuse_rights(file, &about);
    }
    if (!oktai_file_read(descriptor, out)) {
        int code = errno;
        return out->over_limit ? oktai_secret_file_refuse(file, "is larger than 65,536 bytes")
               : out->failed   ? oktai_error_nomem()
                               : refuse_access(file, "read", code);
    }
    return out->length == 0 ? oktai_secret_file_refuse(file, "is empty") : NULL;
}

okta_error *oktai_secret_file_read(const oktai_secret_file *file, oktai_buffer *out)
{
    oktai_arena arena = {0};
    const char *path = NULL;
    okta_error *error = follow(file, &arena, &path);
    if (error == NULL) {
        int descriptor = oktai_file_open(path, O_NOFOLLOW);
        error = descriptor < 0 ? refuse_open(file, errno) : read_open_file(file, descriptor, out);
        if (descriptor >= 0) {
            close(descriptor);
        }
    }
    oktai_arena_clear(&arena);
    return error;
}
