/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/new_error.h"
#include "common/now.h"
#include "lock.h"

#define SUFFIX ".leases"

typedef enum statement_id {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_LOOK,
    STATEMENT_TAKE,
    STATEMENT_RENEW,
    STATEMENT_RELEASE,
    STATEMENT_KNOWN,
    STATEMENTS,
} statement_id;

static const char *const statement_texts[STATEMENTS] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_LOOK] = "SELECT token, renewed_ms, term_ms, created_s FROM lease WHERE app = ?1 AND kind = ?2",
    [STATEMENT_TAKE] = ("INSERT INTO lease(app, kind, token, renewed_ms, term_ms, owner, created_s) "
                        "VALUES(?1, ?2, 1, ?3, ?4, ?5, 0) ON CONFLICT(app, kind) DO UPDATE SET "
                        "token = token + 1, renewed_ms = ?3, term_ms = ?4, owner = ?5 RETURNING token"),
    [STATEMENT_RENEW] = "UPDATE lease SET renewed_ms = ?4 WHERE app = ?1 AND kind = ?2 AND token = ?3",
    [STATEMENT_RELEASE] = ("UPDATE lease SET term_ms = 0, owner = NULL, created_s = ?4 "
                           "WHERE app = ?1 AND kind = ?2 AND token = ?3"),
    [STATEMENT_KNOWN] = "SELECT app, kind, created_s FROM lease WHERE created_s > 0",
};

static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "CREATE TABLE IF NOT EXISTS lease("
    " app TEXT NOT NULL, kind INTEGER NOT NULL, token INTEGER NOT NULL, renewed_ms INTEGER NOT NULL,"
    " term_ms INTEGER NOT NULL, owner TEXT, created_s INTEGER NOT NULL,"
    " PRIMARY KEY(app, kind)) WITHOUT ROWID, STRICT;";

typedef struct sqlite_lock {
    char *path;
    char *owner;
    lock_options options;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
} sqlite_lock;

static int64_t machine_clock(void *ctx)
{
    (void)ctx;
    return now_wall_ms();
}

static okta_error *fail(const sqlite_lock *self, int code)
{
    if ((code & 0xff) == SQLITE_NOMEM) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    okta_status status = (code & 0xff) == SQLITE_BUSY ? OKTA_E_TIMEOUT : OKTA_E_CONFIG;
    return report_new_error(status, "leases %s: %s", self->path,
                            self->db == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(self->db));
}

static okta_error *lost(const sqlite_lock *self, const lock_subject *subject)
{
    return report_new_error(OKTA_E_CONFLICT, "leases %s: another daemon works on the %s of app %s",
                            self->path, okta_rotation_kind_name(subject->kind), subject->app_id);
}

static sqlite3_stmt *about(sqlite_lock *self, statement_id id, const lock_subject *subject)
{
    sqlite3_stmt *statement = self->statements[id];
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (subject != NULL) {
        sqlite3_bind_text(statement, 1, subject->app_id, -1, SQLITE_STATIC);
        sqlite3_bind_int(statement, 2, (int)subject->kind);
    }
    return statement;
}

/* Transactions. */

static okta_error *begin(sqlite_lock *self)
{
    sqlite3_stmt *statement = about(self, STATEMENT_BEGIN, NULL);
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? NULL : fail(self, code);
}

/* Commits, unless there is an error, which it returns then. */
static okta_error *end(sqlite_lock *self, okta_error *error)
{
    if (error == NULL) {
        sqlite3_stmt *statement = about(self, STATEMENT_COMMIT, NULL);
        int code = sqlite3_step(statement);
        sqlite3_reset(statement);
        error = code == SQLITE_DONE ? NULL : fail(self, code);
    }
    if (sqlite3_get_autocommit(self->db) == 0) {
        sqlite3_stmt *statement = about(self, STATEMENT_ROLLBACK, NULL);
        (void)sqlite3_step(statement);
        sqlite3_reset(statement);
    }
    return error;
}

/* Functions of the lock. */

static int64_t now_ms(const sqlite_lock *self)
{
    return self->options.clock(self->options.clock_ctx);
}

/* A lease that was renewed in the future is none: the clock was set back, and might take days to get there.
 * Its holder is refused when it writes next. */
static int64_t left_of(sqlite3_stmt *row, int64_t at_ms)
{
    int64_t renewed_ms = sqlite3_column_int64(row, 1);
    int64_t until_ms = renewed_ms + sqlite3_column_int64(row, 2);
    return renewed_ms > at_ms || until_ms <= at_ms ? 0 : until_ms - at_ms;
}

static okta_error *take(sqlite_lock *self, const lock_subject *subject, int64_t at_ms, lock_lease *out)
{
    sqlite3_stmt *statement = about(self, STATEMENT_TAKE, subject);
    sqlite3_bind_int64(statement, 3, at_ms);
    sqlite3_bind_int64(statement, 4, self->options.term_ms);
    sqlite3_bind_text(statement, 5, self->owner, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        out->token = sqlite3_column_int64(statement, 0);
        code = sqlite3_step(statement);
    }
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? NULL : fail(self, code);
}

static okta_error *acquire_within(sqlite_lock *self, const lock_subject *subject, lock_lease *out)
{
    int64_t at_ms = now_ms(self);
    sqlite3_stmt *look = about(self, STATEMENT_LOOK, subject);
    int code = sqlite3_step(look);
    if (code == SQLITE_ROW) {
        out->free_in_ms = left_of(look, at_ms);
        out->created_s = sqlite3_column_int64(look, 3);
    }
    sqlite3_reset(look);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        return fail(self, code);
    }
    return out->free_in_ms > 0 ? NULL : take(self, subject, at_ms, out);
}

static okta_error *acquire(void *ctx, const lock_subject *subject, lock_lease *out)
{
    sqlite_lock *self = ctx;
    *out = (lock_lease){0};
    okta_error *error = begin(self);
    if (error == NULL) {
        error = end(self, acquire_within(self, subject, out));
    }
    if (error != NULL) {
        *out = (lock_lease){0};
    }
    return error;
}

/* A statement that changes the row of the token. */
static okta_error *change(sqlite_lock *self, statement_id id, const lock_subject *subject, int64_t token,
                          int64_t value)
{
    sqlite3_stmt *statement = about(self, id, subject);
    sqlite3_bind_int64(statement, 3, token);
    sqlite3_bind_int64(statement, 4, value);
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) {
        return fail(self, code);
    }
    return sqlite3_changes(self->db) == 1 ? NULL : lost(self, subject);
}

static okta_error *renew(void *ctx, const lock_subject *subject, int64_t token)
{
    sqlite_lock *self = ctx;
    return change(self, STATEMENT_RENEW, subject, token, now_ms(self));
}

static okta_error *release(void *ctx, const lock_subject *subject, int64_t token, int64_t created_s)
{
    okta_error *error = change(ctx, STATEMENT_RELEASE, subject, token, created_s);
    if (okta_error_status(error) == OKTA_E_CONFLICT) {
        okta_free(error);
        error = NULL;
    }
    return error;
}

static okta_error *fenced(void *ctx, const lock_subject *subject, int64_t token, lock_write_fn *write,
                          void *write_ctx)
{
    sqlite_lock *self = ctx;
    okta_error *error = begin(self);
    if (error != NULL) {
        return error;
    }
    error = change(self, STATEMENT_RENEW, subject, token, now_ms(self));
    return end(self, error == NULL ? write(write_ctx) : error);
}

static okta_error *known(void *ctx, lock_known_fn *function, void *function_ctx)
{
    sqlite_lock *self = ctx;
    sqlite3_stmt *rows = about(self, STATEMENT_KNOWN, NULL);
    int code;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        const lock_subject subject = {.app_id = (const char *)sqlite3_column_text(rows, 0),
                                      .kind = (okta_rotation_kind)sqlite3_column_int(rows, 1)};
        if (subject.app_id == NULL) {
            code = SQLITE_NOMEM;
            break;
        }
        function(function_ctx, &subject, sqlite3_column_int64(rows, 2));
    }
    sqlite3_reset(rows);
    return code == SQLITE_DONE ? NULL : fail(self, code);
}

/* Opening. */

static void close_lock(void *ctx)
{
    sqlite_lock *self = ctx;
    for (size_t i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(self->statements[i]);
    }
    sqlite3_close(self->db);
    free(self->owner);
    free(self->path);
    free(self);
}

/* Nobody else is to read which apps there are. */
static void make_private(const char *path)
{
    int file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) {
        close(file);
    }
}

static int on_busy(void *ctx, int count)
{
    const sqlite_lock *self = ctx;
    return patience_on_busy(self->options.limit, (unsigned)count);
}

/* A schema that others make at the same time is not waited for by SQLite. */
static int make_schema(sqlite_lock *self)
{
    int code = SQLITE_BUSY;
    for (unsigned i = 0; code == SQLITE_BUSY; i++) {
        code = sqlite3_exec(self->db, schema, NULL, NULL, NULL);
        if (code == SQLITE_BUSY && !patience_on_busy(self->options.limit, i)) {
            break;
        }
    }
    return code;
}

static okta_error *open_file(sqlite_lock *self)
{
    make_private(self->path);
    int code = sqlite3_open_v2(self->path, &self->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_busy_handler(self->db, on_busy, self);
    }
    if (code == SQLITE_OK) {
        code = make_schema(self);
    }
    for (size_t i = 0; code == SQLITE_OK && i < STATEMENTS; i++) {
        code = sqlite3_prepare_v3(self->db, statement_texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &self->statements[i], NULL);
    }
    return code == SQLITE_OK ? NULL : fail(self, code);
}

okta_error *lock_sqlite_open(const char *journal, const lock_options *options, lock *out)
{
    *out = (lock){0};
    sqlite_lock *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    size_t size = strlen(journal) + sizeof "./" SUFFIX;
    self->path = malloc(size);
    self->owner = strdup(options->owner);
    self->options = *options;
    self->options.clock = options->clock == NULL ? machine_clock : options->clock;
    okta_error *error = NULL;
    if (self->path == NULL || self->owner == NULL) {
        error = okta_error_new(OKTA_E_NOMEM, NULL);
    } else {
        /* SQLite has names for what is no file, such as ":memory:". */
        (void)snprintf(self->path, size, "%s%s" SUFFIX, journal[0] == '/' ? "" : "./", journal);
        error = open_file(self);
    }
    if (error != NULL) {
        close_lock(self);
        return error;
    }
    *out = (lock){.ctx = self,
                  .acquire = acquire,
                  .renew = renew,
                  .release = release,
                  .fenced = fenced,
                  .known = known,
                  .close = close_lock};
    return NULL;
}
