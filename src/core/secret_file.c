/* SPDX-License-Identifier: Apache-2.0 */
#include "core/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/file.h"

/* On the whole path. Mounted secrets have two, Kubernetes' `key.pem -> ..data/key.pem` among them, and the
 * folders of a system some more. */
#define LINKS_MAX 16u

okta_error *oktai_secret_file_refuse(const oktai_secret_file *file, const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "%s%sthe file \"%.400s\" %s", file->what == NULL ? "" : file->what,
                           file->what == NULL ? "" : ": ", file->shown, reason);
}

/* `what: cannot open "path": No such file or directory (errno 2)` */
static okta_error *refuse_access(const oktai_secret_file *file, const char *verb, int code)
{
    okta_error *error = oktai_file_error(OKTA_E_CONFIG, verb, file->shown, code);
    return file->what == NULL ? error
                              : oktai_error_reword(error, "%s: %s", file->what, okta_error_message(error));
}

/* `path` is the one that was looked at. */
static okta_error *refuse_open(const oktai_secret_file *file, const char *path, int code)
{
    char denied[OKTAI_FILE_REASON_SIZE] = "";
    okta_error *error = refuse_access(file, "open", code);
    if (code != EACCES) {
        return error;
    }
    oktai_file_tell_denied(path, denied);
    return oktai_error_reword(error, "%s; %s", okta_error_message(error), denied);
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
        return refuse_open(file, folder, errno);
    }
    if ((about.st_mode & S_IWOTH) != 0 && (about.st_mode & S_ISVTX) == 0) {
        return oktai_secret_file_refuse(
            file, "stands in a folder that everyone can write to: chmod o-w the folder");
    }
    return NULL;
}

/* A path behind another. The first is "" for a path that begins at the working folder. NULL: out of memory.
 */
static const char *join(oktai_arena *arena, const char *folder, const char *name, size_t length)
{
    size_t before = strlen(folder);
    bool has_slash = before == 0 || folder[before - 1] == '/';
    char *text = oktai_arena_text(arena, before + (has_slash ? 0 : 1) + length);
    if (text != NULL) {
        memcpy(text, folder, before);
        if (!has_slash) {
            text[before++] = '/';
        }
        memcpy(text + before, name, length);
        text[before + length] = '\0';
    }
    return text;
}

/* Where a path is looked up: `done` has no links, `rest` is still to be looked at. */
typedef struct walk {
    oktai_arena *arena;
    const char *done;
    const char *rest;
    unsigned links;
} walk;

/* Put where a link leads to in front of the rest. False: errno has the reason, ENOMEM among them. */
static bool take_link(walk *w, const char *link)
{
    char target[PATH_MAX];
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length < 0) {
        return false;
    }
    target[length] = '\0';
    w->done = target[0] == '/' ? "/" : w->done;
    const char *kept = oktai_arena_copy(w->arena, target, (size_t)length);
    bool is_all = *w->rest == '\0';
    w->rest = kept == NULL || is_all ? kept : join(w->arena, kept, w->rest, strlen(w->rest));
    errno = ENOMEM;
    return w->rest != NULL;
}

/* Look at the first name of the rest. `*code` is set where it leads nowhere. */
static okta_error *step(walk *w, const oktai_secret_file *file, int *code)
{
    struct stat about;
    size_t length = strcspn(w->rest, "/");
    const char *name = join(w->arena, w->done, w->rest, length);
    if (name == NULL) {
        return oktai_error_nomem();
    }
    bool is_last = w->rest[length] == '\0';
    w->rest += length + strspn(w->rest + length, "/");
    if (lstat(name, &about) != 0) {
        *code = errno;
        return NULL;
    }
    bool is_link = S_ISLNK(about.st_mode);
    okta_error *error = is_link || is_last ? check_folder(file, *w->done == '\0' ? "." : w->done) : NULL;
    if (error != NULL) {
        return error;
    }
    if (!is_link) {
        w->done = name;
        *code = is_last || S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
        return NULL;
    }
    if (about.st_uid != geteuid() && about.st_uid != 0) {
        char reason[OKTAI_FILE_REASON_SIZE];
        (void)snprintf(reason, sizeof reason,
                       "is reached by a link that belongs to another user (%u, and this process is %u): "
                       "chown -h %u the link",
                       (unsigned)about.st_uid, (unsigned)geteuid(), (unsigned)geteuid());
        return oktai_secret_file_refuse(file, reason);
    }
    if (++w->links > LINKS_MAX) {
        *code = ELOOP;
        return NULL;
    }
    if (!take_link(w, name)) {
        *code = errno;
        return *code == ENOMEM ? oktai_error_nomem() : NULL;
    }
    return NULL;
}

okta_error *oktai_secret_file_follow(const oktai_secret_file *file, oktai_arena *arena, const char **out,
                                     int *code)
{
    walk w = {arena, *file->path == '/' ? "/" : "", file->path, 0};
    okta_error *error = NULL;
    *code = *file->path == '\0' ? ENOENT : 0;
    for (w.rest += strspn(w.rest, "/"); error == NULL && *code == 0 && *w.rest != '\0';) {
        error = step(&w, file, code);
        w.rest += error == NULL && *code == 0 ? strspn(w.rest, "/") : 0;
    }
    *out = error == NULL && *code == 0 ? w.done : NULL;
    return error;
}

const char *oktai_secret_file_chmod(const struct stat *about)
{
    bool is_mounted = about->st_uid == 0 && geteuid() != 0;
    return is_mounted ? "chmod 0440 as root (defaultMode: 0440 in a pod)" : "chmod 600";
}

static okta_error *refuse_rights(const oktai_secret_file *file, const struct stat *about)
{
    bool can_be_read = (about->st_mode & (S_IRWXG | S_IRWXO) & ~(mode_t)(S_IRGRP | S_IROTH)) == 0;
    char reason[OKTAI_FILE_REASON_SIZE];
    (void)snprintf(reason, sizeof reason, "is open to others (mode %04o): %s%s%s",
                   (unsigned)(about->st_mode & 07777),
                   file->readable ? "chmod go-w" : oktai_secret_file_chmod(about),
                   can_be_read && file->allow != NULL ? "; " : "",
                   can_be_read && file->allow != NULL ? file->allow : "");
    return oktai_secret_file_refuse(file, reason);
}

static okta_error *read_open_file(const oktai_secret_file *file, int descriptor, oktai_buffer *out)
{
    struct stat about;
    bool closed = false;
    if (fstat(descriptor, &about) != 0) {
        return refuse_open(file, file->path, errno);
    }
    char text[OKTAI_FILE_REASON_SIZE];
    const char *reason = oktai_file_refuse(&about, text);
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
    int code = 0;
    okta_error *error = oktai_secret_file_follow(file, &arena, &path, &code);
    if (error == NULL && path == NULL) {
        error = code == ELOOP ? oktai_secret_file_refuse(file, "is reached by too many links")
                              : refuse_open(file, file->path, code);
    } else if (error == NULL) {
        int descriptor = oktai_file_open(path, O_NOFOLLOW);
        error = descriptor < 0 ? refuse_open(file, path, errno) : read_open_file(file, descriptor, out);
        if (descriptor >= 0) {
            close(descriptor);
        }
    }
    oktai_arena_clear(&arena);
    return error;
}
