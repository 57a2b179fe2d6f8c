/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/sqlite.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* "okta" in ASCII, where a database says what it is. */
#define APPLICATION_ID 0x6f6b7461
#define VERSION        1
#define BUSY_MS        10000
#define PAUSE_MS       10
#define MESSAGE_SIZE   1000u

typedef enum statement_id {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_LOAD,
    STATEMENT_LOAD_OTHERS,
    STATEMENT_COUNT_OTHERS,
    STATEMENT_EACH,
    STATEMENT_INSERT,
    STATEMENT_UPDATE,
    STATEMENT_DELETE,
    STATEMENT_INSERT_OTHER,
    STATEMENT_DELETE_OTHERS,
    STATEMENTS,
} statement_id;

#define COLUMNS "app, kind, phase, revision, name, id, begun_s, due_s, quiet_s, overlap_s, grace_s, others"

static const char *const statement_texts[STATEMENTS] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_LOAD] = "SELECT " COLUMNS " FROM rotation WHERE app = ?1 AND kind = ?2",
    [STATEMENT_LOAD_OTHERS] = "SELECT name, id, flags FROM other WHERE app = ?1 AND kind = ?2 ORDER BY place",
    [STATEMENT_COUNT_OTHERS] = "SELECT count(*) FROM other WHERE app = ?1 AND kind = ?2",
    [STATEMENT_EACH] = "SELECT " COLUMNS " FROM rotation ORDER BY app, kind",
    [STATEMENT_INSERT] = "INSERT INTO rotation(" COLUMNS ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
    [STATEMENT_UPDATE] = "UPDATE rotation SET phase = ?3, revision = ?4, name = ?5, id = ?6, begun_s = ?7, "
                         "due_s = ?8, quiet_s = ?9, overlap_s = ?10, grace_s = ?11, others = ?12 "
                         "WHERE app = ?1 AND kind = ?2 AND revision = ?4 - 1",
    [STATEMENT_DELETE] = "DELETE FROM rotation WHERE app = ?1 AND kind = ?2 AND revision = ?3",
    [STATEMENT_INSERT_OTHER] =
        "INSERT INTO other(app, kind, place, name, id, flags) VALUES(?1,?2,?3,?4,?5,?6)",
    [STATEMENT_DELETE_OTHERS] = "DELETE FROM other WHERE app = ?1 AND kind = ?2",
};

#define TEXT(value)    TEXT_OF(value)
#define TEXT_OF(value) #value

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS rotation("
    " app TEXT NOT NULL, kind INTEGER NOT NULL, phase INTEGER NOT NULL, revision INTEGER NOT NULL,"
    " name TEXT, id TEXT, begun_s INTEGER NOT NULL, due_s INTEGER NOT NULL, quiet_s INTEGER NOT NULL,"
    " overlap_s INTEGER NOT NULL, grace_s INTEGER NOT NULL, others INTEGER NOT NULL,"
    " PRIMARY KEY(app, kind)) WITHOUT ROWID, STRICT;"
    "CREATE TABLE IF NOT EXISTS other("
    " app TEXT NOT NULL, kind INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT, id TEXT,"
    " flags INTEGER NOT NULL, PRIMARY KEY(app, kind, place)) WITHOUT ROWID, STRICT;"
    "CREATE TABLE IF NOT EXISTS org(one INTEGER PRIMARY KEY CHECK(one = 1), url TEXT NOT NULL) STRICT;"
    "PRAGMA application_id = " TEXT(APPLICATION_ID) "; PRAGMA user_version = " TEXT(VERSION) ";";

typedef struct sqlite_journal {
    okta_rotation_journal journal; /* the first member */
    pthread_mutex_t lock;          /* of what follows */
    char *path;
    okta_sqlite_busy_fn *busy; /* NULL: BUSY_MS */
    void *busy_ctx;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
} sqlite_journal;

/* What SQLite says. */
static okta_error *fail(const sqlite_journal *self, int code)
{
    char message[MESSAGE_SIZE];
    if ((code & 0xff) == SQLITE_NOMEM) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    snprintf(message, sizeof message, "journal %s: %s", self->path,
             self->db == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(self->db));
    return okta_error_new((code & 0xff) == SQLITE_BUSY ? OKTA_E_TIMEOUT : OKTA_E_CONFIG, message);
}

static okta_error *conflict(const sqlite_journal *self, const okta_rotation_record *record, const char *what)
{
    char message[MESSAGE_SIZE];
    snprintf(message, sizeof message, "journal %s: the rotation of the %s of app %s %s", self->path,
             okta_rotation_kind_name(record->kind), record->app_id, what);
    return okta_error_new(OKTA_E_CONFLICT, message);
}

static okta_error *refuse_file(const sqlite_journal *self, const char *why)
{
    char message[MESSAGE_SIZE];
    snprintf(message, sizeof message, "journal %s %s", self->path, why);
    return okta_error_new(OKTA_E_CONFIG, message);
}

/* Statements. */

static sqlite3_stmt *fresh(sqlite_journal *self, statement_id id)
{
    sqlite3_stmt *statement = self->statements[id];
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return statement;
}

/* Text that lives until the statement is done; nullable. */
static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static sqlite3_stmt *about(sqlite_journal *self, statement_id id, const char *app_id, okta_rotation_kind kind)
{
    sqlite3_stmt *statement = fresh(self, id);
    bind_text(statement, 1, app_id);
    sqlite3_bind_int(statement, 2, (int)kind);
    return statement;
}

/* Runs a statement that gives no row. A binding that failed for memory shows here: a NOT NULL column, or no
 * row that is meant. */
static int run(sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

static int run_plain(sqlite_journal *self, statement_id id)
{
    return run(fresh(self, id));
}

/* Reading. */

static const char *column_text(sqlite3_stmt *statement, int at)
{
    return (const char *)sqlite3_column_text(statement, at);
}

static void read_record(sqlite3_stmt *row, okta_rotation_record *out)
{
    *out = (okta_rotation_record){
        .app_id = column_text(row, 0),
        .kind = (okta_rotation_kind)sqlite3_column_int(row, 1),
        .phase = (okta_rotation_phase)sqlite3_column_int(row, 2),
        .revision = sqlite3_column_int64(row, 3),
        .name = column_text(row, 4),
        .id = column_text(row, 5),
        .begun_s = sqlite3_column_int64(row, 6),
        .due_s = sqlite3_column_int64(row, 7),
        .quiet_s = sqlite3_column_int64(row, 8),
        .overlap_s = sqlite3_column_int64(row, 9),
        .grace_s = sqlite3_column_int64(row, 10),
        .other_count = (size_t)sqlite3_column_int64(row, 11),
    };
}

/* What the app held besides, for as long as it takes to copy the record. */
typedef struct others {
    okta_rotation_other *items;
    size_t count;
} others;

static void clear_others(others *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free((void *)(uintptr_t)list->items[i].name);
        free((void *)(uintptr_t)list->items[i].id);
    }
    free(list->items);
}

static bool copy_column(sqlite3_stmt *row, int at, const char **out)
{
    const char *text = column_text(row, at);
    *out = text == NULL ? NULL : strdup(text);
    return (text == NULL && sqlite3_column_type(row, at) == SQLITE_NULL) || *out != NULL;
}

static int read_others(sqlite_journal *self, const okta_rotation_record *record, others *out)
{
    sqlite3_stmt *counts = about(self, STATEMENT_COUNT_OTHERS, record->app_id, record->kind);
    int code = sqlite3_step(counts);
    size_t most = code == SQLITE_ROW ? (size_t)sqlite3_column_int64(counts, 0) : 0;
    sqlite3_reset(counts);
    if (code != SQLITE_ROW) {
        return code;
    }
    out->items = calloc(most + 1, sizeof *out->items);
    if (out->items == NULL) {
        return SQLITE_NOMEM;
    }
    sqlite3_stmt *rows = about(self, STATEMENT_LOAD_OTHERS, record->app_id, record->kind);
    while ((code = sqlite3_step(rows)) == SQLITE_ROW && out->count < most) {
        okta_rotation_other *it = &out->items[out->count++];
        it->flags = (unsigned)sqlite3_column_int(rows, 2);
        if (!copy_column(rows, 0, &it->name) || !copy_column(rows, 1, &it->id)) {
            code = SQLITE_NOMEM;
            break;
        }
    }
    sqlite3_reset(rows);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* The record of a row with all that belongs to it. */
static okta_error *take_row(sqlite_journal *self, sqlite3_stmt *row, okta_rotation_record **out)
{
    okta_rotation_record record;
    others list = {NULL, 0};
    read_record(row, &record);
    int code = record.app_id == NULL ? SQLITE_NOMEM : read_others(self, &record, &list);
    record.others = list.items;
    okta_error *error = code == SQLITE_OK ? NULL : fail(self, code);
    if (error == NULL && list.count != record.other_count) {
        error = refuse_file(self, "is damaged: it lacks a part of a rotation");
    }
    if (error == NULL) {
        error = okta_rotation_record_copy(&record, out);
    }
    clear_others(&list);
    return error;
}

/* In a transaction, or the others may be of another revision. */
static okta_error *load_within(sqlite_journal *self, const char *app_id, okta_rotation_kind kind,
                               okta_rotation_record **out)
{
    sqlite3_stmt *rows = about(self, STATEMENT_LOAD, app_id, kind);
    int code = sqlite3_step(rows);
    okta_error *error = NULL;
    if (code == SQLITE_ROW) {
        error = take_row(self, rows, out);
    } else if (code != SQLITE_DONE) {
        error = fail(self, code);
    }
    sqlite3_reset(rows);
    return error;
}

/* Transactions. */

static okta_error *begin_transaction(sqlite_journal *self)
{
    int code = run_plain(self, STATEMENT_BEGIN);
    return code == SQLITE_OK ? NULL : fail(self, code);
}

/* Commits, unless there is an error, which it returns then. */
static okta_error *end_transaction(sqlite_journal *self, okta_error *error)
{
    if (error == NULL) {
        int code = run_plain(self, STATEMENT_COMMIT);
        error = code == SQLITE_OK ? NULL : fail(self, code);
    }
    if (error != NULL && sqlite3_get_autocommit(self->db) == 0) {
        (void)run_plain(self, STATEMENT_ROLLBACK);
    }
    return error;
}

static okta_error *load(void *ctx, const char *app_id, okta_rotation_kind kind, okta_rotation_record **out)
{
    sqlite_journal *self = ctx;
    *out = NULL;
    pthread_mutex_lock(&self->lock);
    okta_error *error = begin_transaction(self);
    if (error == NULL) {
        error = end_transaction(self, load_within(self, app_id, kind, out));
    }
    pthread_mutex_unlock(&self->lock);
    if (error != NULL) {
        okta_free(*out);
        *out = NULL;
    }
    return error;
}

/* Writing. */

static sqlite3_stmt *bind_record(sqlite_journal *self, statement_id id, const okta_rotation_record *record)
{
    sqlite3_stmt *statement = about(self, id, record->app_id, record->kind);
    sqlite3_bind_int(statement, 3, (int)record->phase);
    sqlite3_bind_int64(statement, 4, record->revision);
    bind_text(statement, 5, record->name);
    bind_text(statement, 6, record->id);
    sqlite3_bind_int64(statement, 7, record->begun_s);
    sqlite3_bind_int64(statement, 8, record->due_s);
    sqlite3_bind_int64(statement, 9, record->quiet_s);
    sqlite3_bind_int64(statement, 10, record->overlap_s);
    sqlite3_bind_int64(statement, 11, record->grace_s);
    sqlite3_bind_int64(statement, 12, (sqlite3_int64)record->other_count);
    return statement;
}

static int write_others(sqlite_journal *self, const okta_rotation_record *record)
{
    int code = run(about(self, STATEMENT_DELETE_OTHERS, record->app_id, record->kind));
    for (size_t i = 0; code == SQLITE_OK && i < record->other_count; i++) {
        const okta_rotation_other *it = &record->others[i];
        sqlite3_stmt *statement = about(self, STATEMENT_INSERT_OTHER, record->app_id, record->kind);
        sqlite3_bind_int64(statement, 3, (sqlite3_int64)i);
        bind_text(statement, 4, it->name);
        bind_text(statement, 5, it->id);
        sqlite3_bind_int64(statement, 6, it->flags);
        code = run(statement);
    }
    return code;
}

static okta_error *insert(sqlite_journal *self, const okta_rotation_record *record)
{
    int code = run(bind_record(self, STATEMENT_INSERT, record));
    if ((code & 0xff) == SQLITE_CONSTRAINT) {
        return conflict(self, record, "is under way already");
    }
    if (code == SQLITE_OK) {
        code = write_others(self, record);
    }
    return code == SQLITE_OK ? NULL : fail(self, code);
}

static okta_error *overtaken(const sqlite_journal *self, const okta_rotation_record *record)
{
    return conflict(self, record, "is not where this process left it: another one goes on with it");
}

static okta_error *update(sqlite_journal *self, const okta_rotation_record *record)
{
    int code = run(bind_record(self, STATEMENT_UPDATE, record));
    if (code == SQLITE_OK && sqlite3_changes(self->db) == 0) {
        return overtaken(self, record);
    }
    if (code == SQLITE_OK) {
        code = write_others(self, record);
    }
    return code == SQLITE_OK ? NULL : fail(self, code);
}

static okta_error *delete (sqlite_journal *self, const okta_rotation_record *record)
{
    sqlite3_stmt *statement = about(self, STATEMENT_DELETE, record->app_id, record->kind);
    sqlite3_bind_int64(statement, 3, record->revision);
    int code = run(statement);
    if (code == SQLITE_OK && sqlite3_changes(self->db) == 0) {
        return overtaken(self, record);
    }
    if (code == SQLITE_OK) {
        code = run(about(self, STATEMENT_DELETE_OTHERS, record->app_id, record->kind));
    }
    return code == SQLITE_OK ? NULL : fail(self, code);
}

typedef okta_error *change_fn(sqlite_journal *self, const okta_rotation_record *record);

static okta_error *change(sqlite_journal *self, change_fn *function, const okta_rotation_record *record)
{
    pthread_mutex_lock(&self->lock);
    okta_error *error = begin_transaction(self);
    if (error == NULL) {
        error = end_transaction(self, function(self, record));
    }
    pthread_mutex_unlock(&self->lock);
    return error;
}

static okta_error *begin(void *ctx, const okta_rotation_record *record)
{
    return change(ctx, insert, record);
}

static okta_error *step(void *ctx, const okta_rotation_record *record)
{
    return change(ctx, update, record);
}

static okta_error *forget(void *ctx, const okta_rotation_record *record)
{
    return change(ctx, delete, record);
}

static okta_error *each(sqlite_journal *self, okta_sqlite_record_fn *function, void *ctx)
{
    okta_error *error = NULL;
    sqlite3_stmt *rows = fresh(self, STATEMENT_EACH);
    int code;
    bool more = true;
    while (error == NULL && more && (code = sqlite3_step(rows)) != SQLITE_DONE) {
        okta_rotation_record *record = NULL;
        error = code == SQLITE_ROW ? take_row(self, rows, &record) : fail(self, code);
        more = error == NULL && function(ctx, record);
        okta_free(record);
    }
    sqlite3_reset(rows);
    return error;
}

okta_error *okta_sqlite_journal_each(okta_rotation_journal *journal, okta_sqlite_record_fn *function,
                                     void *ctx)
{
    if (journal == NULL || function == NULL) {
        return okta_error_new(OKTA_E_ARG,
                              journal == NULL ? "journal must not be NULL" : "function must not be NULL");
    }
    sqlite_journal *self = journal->ctx;
    pthread_mutex_lock(&self->lock);
    okta_error *error = begin_transaction(self);
    if (error == NULL) {
        error = end_transaction(self, each(self, function, ctx));
    }
    pthread_mutex_unlock(&self->lock);
    return error;
}

/* Opening. */

static int read_pragma(sqlite3 *db, const char *text, sqlite3_int64 *out)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, text, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        *out = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? SQLITE_OK : code;
}

/* A file that is empty becomes a journal; another one has to be one. */
static okta_error *check_file(sqlite_journal *self)
{
    sqlite3_int64 id = 0;
    sqlite3_int64 version = 0;
    sqlite3_int64 tables = 0;
    int code = read_pragma(self->db, "PRAGMA application_id", &id);
    if (code == SQLITE_OK) {
        code = read_pragma(self->db, "PRAGMA user_version", &version);
    }
    if (code == SQLITE_OK) {
        code = read_pragma(self->db, "SELECT count(*) FROM sqlite_schema", &tables);
    }
    if (code != SQLITE_OK) {
        return fail(self, code);
    }
    if (tables > 0 && id != APPLICATION_ID) {
        return refuse_file(self, "is a database of something else");
    }
    if (version > VERSION) {
        return refuse_file(self, "was written by a later version of libokta");
    }
    return NULL;
}

static int prepare(sqlite_journal *self)
{
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < STATEMENTS; i++) {
        code = sqlite3_prepare_v3(self->db, statement_texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &self->statements[i], NULL);
    }
    return code;
}

/* Nobody else is to read which apps there are. */
static void make_private(const char *path)
{
    int file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) {
        close(file);
    }
}

/* A journal of an org stays that org's; one that is nobody's becomes its. */
static okta_error *claim(sqlite_journal *self, const char *org_url)
{
    static const char *const texts[] = {"INSERT INTO org(one, url) VALUES(1, ?1) ON CONFLICT DO NOTHING",
                                        "SELECT url FROM org"};
    sqlite3_stmt *statements[2] = {NULL, NULL};
    okta_error *error = NULL;
    int code = sqlite3_prepare_v2(self->db, texts[0], -1, &statements[0], NULL);
    if (code == SQLITE_OK) {
        bind_text(statements[0], 1, org_url);
        code = run(statements[0]);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_prepare_v2(self->db, texts[1], -1, &statements[1], NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(statements[1]);
    }
    const char *its = code == SQLITE_ROW ? column_text(statements[1], 0) : NULL;
    if (its == NULL) {
        error = fail(self, code == SQLITE_ROW ? SQLITE_NOMEM : code);
    } else if (strcasecmp(its, org_url) != 0) {
        char message[MESSAGE_SIZE];
        snprintf(message, sizeof message,
                 "journal %s is of the org %s, and the configured org is %s: name another journal",
                 self->path, its, org_url);
        error = okta_error_new(OKTA_E_CONFIG, message);
    }
    sqlite3_finalize(statements[0]);
    sqlite3_finalize(statements[1]);
    return error;
}

/* One transaction sees whether it is a journal, or makes it one: others may open it at the same time. */
static okta_error *make_journal(sqlite_journal *self, const char *org_url)
{
    int code = sqlite3_exec(self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    okta_error *error = code == SQLITE_OK ? check_file(self) : fail(self, code);
    if (error == NULL) {
        code = sqlite3_exec(self->db, schema, NULL, NULL, NULL);
        error = code == SQLITE_OK ? NULL : fail(self, code);
    }
    if (error == NULL && org_url != NULL) {
        error = claim(self, org_url);
    }
    if (error == NULL) {
        code = sqlite3_exec(self->db, "COMMIT", NULL, NULL, NULL);
        error = code == SQLITE_OK ? NULL : fail(self, code);
    }
    return error; /* closing rolls back */
}

/* For SQLite, and where SQLite does not wait. */
static int on_busy(void *ctx, int count)
{
    const sqlite_journal *self = ctx;
    if (self->busy != NULL) {
        return self->busy(self->busy_ctx, (unsigned)count);
    }
    if (count >= BUSY_MS / PAUSE_MS) {
        return 0;
    }
    (void)sqlite3_sleep(PAUSE_MS);
    return 1;
}

/* Others that open it hold it for a moment, for which SQLite does not wait here. */
static okta_error *use_log(sqlite_journal *self)
{
    int code = SQLITE_BUSY;
    for (int i = 0; code == SQLITE_BUSY; i++) {
        code = sqlite3_exec(self->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if (code == SQLITE_BUSY && on_busy(self, i) == 0) {
            break;
        }
    }
    if (code == SQLITE_OK) {
        code = sqlite3_exec(self->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
    }
    return code == SQLITE_OK ? NULL : fail(self, code);
}

static okta_error *open_file(sqlite_journal *self, const char *org_url)
{
    make_private(self->path);
    int code = sqlite3_open_v2(self->path, &self->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_busy_handler(self->db, on_busy, self);
    }
    okta_error *error = code == SQLITE_OK ? make_journal(self, org_url) : fail(self, code);
    if (error == NULL) {
        error = use_log(self);
    }
    if (error == NULL) {
        code = prepare(self);
        error = code == SQLITE_OK ? NULL : fail(self, code);
    }
    return error;
}

static void release(sqlite_journal *self)
{
    for (size_t i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(self->statements[i]);
    }
    sqlite3_close(self->db);
    pthread_mutex_destroy(&self->lock);
    free(self->path);
    free(self);
}

/* SQLite has names for what is no file, such as ":memory:". NULL: out of memory. */
static char *file_path(const char *path)
{
    size_t size = strlen(path) + 3;
    char *made = malloc(size);
    if (made != NULL) {
        (void)snprintf(made, size, "%s%s", path[0] == '/' ? "" : "./", path);
    }
    return made;
}

okta_error *okta_sqlite_journal_open(const char *path, okta_rotation_journal **out)
{
    okta_sqlite_journal_options options = OKTA_SQLITE_JOURNAL_OPTIONS_INIT;
    options.path = path;
    return okta_sqlite_journal_open_with(&options, out);
}

static const char *refuse_options(const okta_sqlite_journal_options *options)
{
    if (options == NULL) {
        return "options must not be NULL";
    }
    if (options->struct_size < sizeof *options) {
        return "options must begin as OKTA_SQLITE_JOURNAL_OPTIONS_INIT";
    }
    if (options->path == NULL || options->path[0] == '\0') {
        return options->path == NULL ? "path must not be NULL" : "path must not be empty";
    }
    return options->org_url != NULL && options->org_url[0] == '\0' ? "org_url must not be empty" : NULL;
}

okta_error *okta_sqlite_journal_open_with(const okta_sqlite_journal_options *options,
                                          okta_rotation_journal **out)
{
    if (out == NULL) {
        return okta_error_new(OKTA_E_ARG, "out must not be NULL");
    }
    *out = NULL;
    const char *reason = refuse_options(options);
    if (reason != NULL) {
        return okta_error_new(OKTA_E_ARG, reason);
    }
    sqlite_journal *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    pthread_mutex_init(&self->lock, NULL);
    self->busy = options->busy;
    self->busy_ctx = options->ctx;
    self->path = file_path(options->path);
    okta_error *error =
        self->path == NULL ? okta_error_new(OKTA_E_NOMEM, NULL) : open_file(self, options->org_url);
    if (error != NULL) {
        release(self);
        return error;
    }
    self->journal = (okta_rotation_journal){.struct_size = sizeof self->journal,
                                            .ctx = self,
                                            .load = load,
                                            .begin = begin,
                                            .step = step,
                                            .forget = forget};
    *out = &self->journal;
    return NULL;
}

void okta_sqlite_journal_close(okta_rotation_journal *journal)
{
    if (journal != NULL) {
        release(journal->ctx);
    }
}
