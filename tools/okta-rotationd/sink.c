/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/errand.h"
#include "common/file_text.h"
#include "common/new_error.h"
#include "common/secret_file.h"
#include "log.h"

#define NEXT     ".next"
#define PART     ".part"
#define OLD      ".old"
#define READ_MAX ((size_t)65536)

/* Paths of a file sink. Any of them NULL: out of memory. */
typedef struct sink_paths {
    char *next;
    char *part; /* what becomes `next` or `old` when it is whole */
    char *old;
} sink_paths;

static bool make_paths(const config_app *app, sink_paths *out)
{
    out->next = secret_file_beside(app->sink.file, NEXT);
    out->part = secret_file_beside(app->sink.file, PART);
    out->old = secret_file_beside(app->sink.file, OLD);
    return out->next != NULL && out->part != NULL && out->old != NULL;
}

static void free_paths(sink_paths *paths)
{
    free(paths->next);
    free(paths->part);
    free(paths->old);
}

/* Files. */

/* False: it cannot be read. Release `out` in any case. */
static bool read_file(const char *path, file_text *out)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0) {
        return false;
    }
    okta_error *error = file_text_read(file, path, READ_MAX, out);
    bool good = error == NULL;
    okta_free(error);
    (void)close(file);
    return good;
}

/* The key in a file, if it is that of the kid. */
static okta_key *read_key(const char *path, const char *kid)
{
    char thumbprint[OKTA_THUMBPRINT_SIZE] = "";
    okta_key *key = NULL;
    file_text text = {0};
    if (read_file(path, &text)) {
        okta_free(okta_key_from_pem(text.text, text.length, NULL, NULL, &key));
        okta_free(okta_key_thumbprint(key, thumbprint));
    }
    file_text_clear(&text);
    if (kid == NULL || strcmp(thumbprint, kid) != 0) {
        okta_free(key);
        key = NULL;
    }
    return key;
}

/* Whether a file has the new one. Of a secret that is not at hand nobody can tell: any counts. */
static bool has_new(const char *path, const okta_rotation_subject *subject)
{
    if (subject->kind != OKTA_ROTATION_CLIENT_SECRET) {
        okta_key *key = read_key(path, subject->kid);
        bool has = key != NULL;
        okta_free(key);
        return has;
    }
    file_text text = {0};
    bool has = read_file(path, &text) &&
               (subject->secret == NULL || secret_file_is_new(text.text, text.length, subject));
    file_text_clear(&text);
    return has;
}

/* Whoever may read the file that is replaced may read the new one: its group and mode are kept as far as the
 * daemon may. */
static void keep_rights(const char *part, const char *path)
{
    struct stat about;
    struct stat own;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || stat(part, &own) != 0) {
        return;
    }
    /* A sandbox may forbid chown() altogether, and mostly there is nothing to change. */
    if (own.st_gid == about.st_gid || chown(part, (uid_t)-1, about.st_gid) == 0) {
        (void)chmod(part, about.st_mode & 0640);
    }
}

static okta_error *rename_file(const char *from, const char *to)
{
    return rename(from, to) == 0 ? secret_file_sync_folder(to) : secret_file_error(to);
}

static okta_error *store_file(const config_app *app, const okta_rotation_subject *subject)
{
    sink_paths paths;
    okta_error *error = make_paths(app, &paths) ? NULL : okta_error_new(OKTA_E_NOMEM, NULL);
    if (error == NULL) {
        (void)unlink(paths.part); /* of a process that was interrupted */
        error = secret_file_write(paths.part, subject);
    }
    if (error == NULL) {
        keep_rights(paths.part, app->sink.file);
        error = rename_file(paths.part, paths.next);
    }
    free_paths(&paths);
    return error;
}

/* ID tokens that are under way are encrypted for the old key. */
static okta_error *keep_old(const config_app *app, const sink_paths *paths)
{
    (void)unlink(paths->part);
    if (link(app->sink.file, paths->part) != 0) {
        return errno == ENOENT ? NULL : secret_file_error(paths->old);
    }
    return rename_file(paths->part, paths->old);
}

static okta_error *switch_file(const config_app *app, const okta_rotation_subject *subject)
{
    sink_paths paths;
    okta_error *error = make_paths(app, &paths) ? NULL : okta_error_new(OKTA_E_NOMEM, NULL);
    if (error == NULL && has_new(paths.next, subject)) {
        error = subject->kind == OKTA_ROTATION_ENCRYPTION_KEY ? keep_old(app, &paths) : NULL;
        error = error == NULL ? rename_file(paths.next, app->sink.file) : error;
    } else if (error == NULL && !has_new(app->sink.file, subject)) {
        error = report_new_error(OKTA_E_CONFIG,
                                 "neither %s nor %s has the new one: somebody took it away; okta-keys rotate "
                                 "--undo, or a new rotation by hand, ends this one",
                                 paths.next, app->sink.file);
    }
    free_paths(&paths);
    return error;
}

/* Commands. */

static void tell(const errand_words *words)
{
    log_write(&(log_line){.event = "sink says",
                          .app = words->app_id,
                          .kind = words->kind,
                          .step = words->name,
                          .detail = words->line});
}

/* For okta_rotation_options. */

void sink_store(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    const config_app *app = ctx;
    if (app->sink.file != NULL) {
        okta_rotation_answer(ask, store_file(app, subject));
        return;
    }
    const errand_order order = {
        .name = "sink.command", .command = app->sink.command, .reads = ERRAND_READS_NEW, .tell = tell};
    errand_run(&order, subject, ask);
}

void sink_recall(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    const config_app *app = ctx;
    char *next = secret_file_beside(app->sink.file, NEXT);
    okta_key *key = next == NULL ? NULL : read_key(next, subject->kid);
    if (key == NULL) {
        key = read_key(app->sink.file, subject->kid);
    }
    okta_rotation_answer_key(ask, key, NULL);
    okta_free(key);
    free(next);
}

void sink_switch(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    const config_app *app = ctx;
    const errand_order order = {.name = "sink.switch", .command = app->sink.switches, .tell = tell};
    okta_error *error = app->sink.file != NULL ? switch_file(app, subject) : NULL;
    if (error == NULL && order.command != NULL) {
        errand_run(&order, subject, ask);
    } else {
        okta_rotation_answer(ask, error);
    }
}

void sink_undo(const config_app *app)
{
    char *next = app->sink.file == NULL ? NULL : secret_file_beside(app->sink.file, NEXT);
    if (next != NULL) {
        (void)unlink(next);
    }
    free(next);
}
