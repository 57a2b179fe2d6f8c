/* SPDX-License-Identifier: Apache-2.0 */
/* The journal in a SQLite file: what it keeps, whom it refuses, and what it does with files that are none. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "okta/rotation.h"
#include "okta/sqlite.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define PATH_SIZE    64u
#define MANY         400u
#define THREADS      4u
#define PROCESSES    4u

/* A folder of its own for each test. */
typedef struct journal_world {
    char folder[PATH_SIZE];
    char path[PATH_SIZE * 2];
} journal_world;

static void expect_none(okta_error *error)
{
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
}

static void expect_error(okta_error *error, okta_status status, const char *part)
{
    if (okta_error_status(error) != status || strstr(okta_error_message(error), part) == NULL) {
        fail_msg("%s: %s", okta_status_name(okta_error_status(error)), okta_error_message(error));
    }
    okta_free(error);
}

static int setup(void **state)
{
    journal_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    snprintf(world->folder, sizeof world->folder, "/tmp/test_sqlite.XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->path, sizeof world->path, "%s/journal", world->folder);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    journal_world *world = *state;
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        char path[PATH_SIZE * 3];
        snprintf(path, sizeof path, "%s%s", world->path, suffixes[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(world->folder), 0);
    free(world);
    return 0;
}

static bool give_up(void *ctx, unsigned count)
{
    assert_int_equal(count, *(unsigned *)ctx);
    return ++*(unsigned *)ctx < 3;
}

/* How it waits for a lock is the program's. */
static void a_lock_is_waited_for_as_the_program_says(void **state)
{
    const journal_world *world = *state;
    unsigned asked = 0;
    sqlite3 *db = NULL;
    okta_rotation_journal *journal = NULL;
    okta_rotation_record *record = NULL;
    okta_sqlite_journal_options options = OKTA_SQLITE_JOURNAL_OPTIONS_INIT;
    options.path = world->path;
    options.busy = give_up;
    options.ctx = &asked;
    expect_none(okta_sqlite_journal_open_with(&options, &journal));
    assert_int_equal(sqlite3_open(world->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    expect_error(journal->load(journal->ctx, "a", OKTA_ROTATION_SIGNING_KEY, &record), OKTA_E_TIMEOUT,
                 "locked");
    assert_int_equal(asked, 3);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    expect_none(journal->load(journal->ctx, "a", OKTA_ROTATION_SIGNING_KEY, &record));
    okta_sqlite_journal_close(journal);
}

/* A journal of an earlier version, which names no org, is that of the first one that comes. */
static void belongs_to_one_org(void **state)
{
    const journal_world *world = *state;
    okta_rotation_journal *journal = NULL;
    okta_sqlite_journal_options options = OKTA_SQLITE_JOURNAL_OPTIONS_INIT;
    expect_error(okta_sqlite_journal_open_with(NULL, &journal), OKTA_E_ARG, "options");
    expect_none(okta_sqlite_journal_open(world->path, &journal));
    okta_sqlite_journal_close(journal);
    options.path = world->path;
    options.org_url = "";
    expect_error(okta_sqlite_journal_open_with(&options, &journal), OKTA_E_ARG, "org_url");
    static const char *const urls[] = {"https://one.okta.com", "https://ONE.okta.com"};
    for (size_t i = 0; i < COUNT(urls); i++) {
        options.org_url = urls[i];
        expect_none(okta_sqlite_journal_open_with(&options, &journal));
        okta_sqlite_journal_close(journal);
    }
    options.org_url = "https://two.okta.com";
    expect_error(okta_sqlite_journal_open_with(&options, &journal), OKTA_E_CONFIG, world->path);
    expect_error(okta_sqlite_journal_open_with(&options, &journal), OKTA_E_CONFIG,
                 " is of the org https://one.okta.com, and the configured org is https://two.okta.com");
    assert_null(journal);
}

static okta_rotation_journal *open_journal(const journal_world *world)
{
    okta_rotation_journal *journal = NULL;
    expect_none(okta_sqlite_journal_open(world->path, &journal));
    return journal;
}

static const okta_rotation_other others[] = {
    {"kid-1", "pks1", OKTA_ROTATION_RETIRES | OKTA_ROTATION_WAS_ACTIVE},
    {NULL, "pks2", 0},
    {"kid-\"3'; DROP TABLE rotation; --", NULL, OKTA_ROTATION_DROPPED},
};

static okta_rotation_record sample(const char *app_id, okta_rotation_kind kind)
{
    return (okta_rotation_record){.app_id = app_id,
                                  .kind = kind,
                                  .phase = OKTA_ROTATION_PHASE_PREPARED,
                                  .revision = 1,
                                  .name = "kid-\xc3\xa9",
                                  .id = NULL,
                                  .others = others,
                                  .other_count = COUNT(others),
                                  .begun_s = 1750000000,
                                  .due_s = INT64_MAX,
                                  .quiet_s = INT64_MIN,
                                  .overlap_s = 10,
                                  .grace_s = 86400};
}

static void expect_same_text(const char *a, const char *b)
{
    assert_true((a == NULL) == (b == NULL));
    if (a != NULL) {
        assert_string_equal(a, b);
    }
}

static void expect_same(const okta_rotation_record *a, const okta_rotation_record *b)
{
    expect_same_text(a->app_id, b->app_id);
    expect_same_text(a->name, b->name);
    expect_same_text(a->id, b->id);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->phase, b->phase);
    assert_true(a->revision == b->revision && a->begun_s == b->begun_s && a->due_s == b->due_s);
    assert_true(a->quiet_s == b->quiet_s && a->overlap_s == b->overlap_s && a->grace_s == b->grace_s);
    assert_int_equal(a->other_count, b->other_count);
    for (size_t i = 0; i < a->other_count; i++) {
        expect_same_text(a->others[i].name, b->others[i].name);
        expect_same_text(a->others[i].id, b->others[i].id);
        assert_int_equal(a->others[i].flags, b->others[i].flags);
    }
}

static void expect_loaded(okta_rotation_journal *journal, const okta_rotation_record *expected)
{
    okta_rotation_record *loaded = NULL;
    expect_none(journal->load(journal->ctx, expected->app_id, expected->kind, &loaded));
    assert_non_null(loaded);
    expect_same(loaded, expected);
    okta_free(loaded);
}

static void expect_nothing(okta_rotation_journal *journal, const char *app_id, okta_rotation_kind kind)
{
    okta_rotation_record *loaded = NULL;
    expect_none(journal->load(journal->ctx, app_id, kind, &loaded));
    assert_null(loaded);
}

/* Each member comes back as it was, in this process and in the next. */
static void keeps_each_member(void **state)
{
    const journal_world *world = *state;
    okta_rotation_journal *journal = open_journal(world);
    okta_rotation_record record = sample("0oa1", OKTA_ROTATION_SIGNING_KEY);
    expect_nothing(journal, "0oa1", OKTA_ROTATION_SIGNING_KEY);
    expect_none(journal->begin(journal->ctx, &record));
    expect_loaded(journal, &record);
    expect_nothing(journal, "0oa1", OKTA_ROTATION_ENCRYPTION_KEY);
    expect_nothing(journal, "0oa", OKTA_ROTATION_SIGNING_KEY);
    record.revision = 2;
    record.phase = OKTA_ROTATION_PHASE_ADDED;
    record.name = NULL;
    record.id = "pks9";
    record.other_count = 1;
    expect_none(journal->step(journal->ctx, &record));
    okta_sqlite_journal_close(journal);
    journal = open_journal(world);
    expect_loaded(journal, &record);
    expect_none(journal->forget(journal->ctx, &record));
    expect_nothing(journal, "0oa1", OKTA_ROTATION_SIGNING_KEY);
    okta_sqlite_journal_close(journal);
    struct stat about;
    assert_int_equal(stat(world->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

/* Both journals of the library refuse alike. */
static void expect_refusals(okta_rotation_journal *journal)
{
    okta_rotation_record record = sample("0oa1", OKTA_ROTATION_CLIENT_SECRET);
    expect_error(journal->step(journal->ctx, &record), OKTA_E_CONFLICT, "client-secret of app 0oa1");
    expect_error(journal->forget(journal->ctx, &record), OKTA_E_CONFLICT, "client-secret of app 0oa1");
    expect_none(journal->begin(journal->ctx, &record));
    expect_error(journal->begin(journal->ctx, &record), OKTA_E_CONFLICT, "0oa1");
    for (int64_t revision = -1; revision < 5; revision++) {
        record.revision = revision;
        if (revision != 2) {
            expect_error(journal->step(journal->ctx, &record), OKTA_E_CONFLICT, "another one");
        }
        if (revision != 1) {
            expect_error(journal->forget(journal->ctx, &record), OKTA_E_CONFLICT, "another one");
        }
    }
    record.revision = 1;
    expect_loaded(journal, &record);
    expect_none(journal->forget(journal->ctx, &record));
}

static void refuses_what_is_overtaken(void **state)
{
    okta_rotation_journal *journal = open_journal(*state);
    okta_rotation_journal *memory = NULL;
    expect_refusals(journal);
    expect_none(okta_rotation_journal_new(&memory));
    expect_refusals(memory);
    okta_free(memory);
    okta_sqlite_journal_close(journal);
}

/* Files that are no journal. */

static void write_file(const char *path, const char *text, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, length), length);
    close(file);
}

static void run_sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void expect_no_journal(const char *path, okta_status status, const char *part)
{
    okta_rotation_journal *journal = (okta_rotation_journal *)(uintptr_t)path;
    expect_error(okta_sqlite_journal_open(path, &journal), status, part);
    assert_null(journal);
}

static void refuses_files_of_something_else(void **state)
{
    const journal_world *world = *state;
    char nowhere[PATH_SIZE * 3];
    char text[2048];
    memset(text, 'x', sizeof text);
    expect_no_journal(NULL, OKTA_E_ARG, "path");
    expect_no_journal("", OKTA_E_ARG, "path");
    expect_error(okta_sqlite_journal_open(world->path, NULL), OKTA_E_ARG, "out");
    expect_no_journal(world->folder, OKTA_E_CONFIG, world->folder);
    snprintf(nowhere, sizeof nowhere, "%s/nowhere/journal", world->folder);
    expect_no_journal(nowhere, OKTA_E_CONFIG, nowhere);
    write_file(world->path, text, sizeof text);
    expect_no_journal(world->path, OKTA_E_CONFIG, "not a database");
    unlink(world->path);
    run_sql(world->path, "CREATE TABLE addresses(name TEXT)");
    expect_no_journal(world->path, OKTA_E_CONFIG, "is a database of something else");
    unlink(world->path);
    okta_sqlite_journal_close(open_journal(world));
    run_sql(world->path, "PRAGMA user_version = 2");
    expect_no_journal(world->path, OKTA_E_CONFIG, "later version");
}

/* A file that is cut off, at any length, is refused or empty, and never read as something else. */
static void survives_a_file_that_is_cut(void **state)
{
    const journal_world *world = *state;
    okta_rotation_journal *journal = open_journal(world);
    okta_rotation_record record = sample("0oa1", OKTA_ROTATION_SIGNING_KEY);
    expect_none(journal->begin(journal->ctx, &record));
    okta_sqlite_journal_close(journal);
    struct stat about;
    assert_int_equal(stat(world->path, &about), 0);
    for (off_t length = about.st_size; length >= 0; length -= 509) {
        okta_rotation_record *loaded = NULL;
        assert_int_equal(truncate(world->path, length), 0);
        okta_error *error = okta_sqlite_journal_open(world->path, &journal);
        if (error == NULL) {
            error = journal->load(journal->ctx, "0oa1", OKTA_ROTATION_SIGNING_KEY, &loaded);
        }
        if (loaded != NULL) {
            expect_same(loaded, &record);
        }
        assert_true(error == NULL || okta_error_status(error) == OKTA_E_CONFIG);
        okta_free(error);
        okta_free(loaded);
        okta_sqlite_journal_close(journal);
        journal = NULL;
    }
}

/* A disk that is full. */

/* Writes in a process that may make no file longer than that. Its exit code: 0, all is as it should be. */
static int write_with_limit(const journal_world *world, rlim_t limit)
{
    okta_rotation_journal *journal = NULL;
    const struct rlimit most = {limit, limit};
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &most) != 0) {
        return 2;
    }
    okta_error *error = okta_sqlite_journal_open(world->path, &journal);
    int64_t revision = 0;
    okta_rotation_record record = sample("0oa1", OKTA_ROTATION_SIGNING_KEY);
    while (error == NULL && revision < 1000) {
        record.revision = ++revision;
        error = revision == 1 ? journal->begin(journal->ctx, &record) : journal->step(journal->ctx, &record);
    }
    bool good = error == NULL || okta_error_status(error) == OKTA_E_CONFIG;
    bool failed = error != NULL;
    okta_free(error);
    /* What was entered before is there, and nothing else. */
    okta_rotation_record *loaded = NULL;
    if (journal != NULL && failed && revision > 1) {
        error = journal->load(journal->ctx, "0oa1", OKTA_ROTATION_SIGNING_KEY, &loaded);
        good = good && (error != NULL || (loaded != NULL && loaded->revision == revision - 1));
        okta_free(error);
    }
    okta_free(loaded);
    okta_sqlite_journal_close(journal);
    return good && failed ? 0 : 1;
}

static void a_full_disk_is_an_error(void **state)
{
    const journal_world *world = *state;
    for (rlim_t limit = 0; limit < 60000; limit += 4001) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            _exit(write_with_limit(world, limit));
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        okta_rotation_journal *journal = open_journal(world); /* it can be used again */
        okta_sqlite_journal_close(journal);
        unlink(world->path);
    }
}

/* Several at once. */

/* Steps on as long as it is not overtaken: each revision is written once. Returns how many it wrote. */
static int64_t step_on(okta_rotation_journal *journal, const char *app_id)
{
    int64_t written = 0;
    for (;;) {
        okta_rotation_record *record = NULL;
        okta_error *error = journal->load(journal->ctx, app_id, OKTA_ROTATION_SIGNING_KEY, &record);
        if (error != NULL || record->revision >= (int64_t)MANY) {
            okta_free(record);
            okta_free(error);
            return error == NULL ? written : -1;
        }
        record->revision++;
        error = journal->step(journal->ctx, record);
        okta_free(record);
        okta_status status = okta_error_status(error);
        okta_free(error);
        if (status != OKTA_OK && status != OKTA_E_CONFLICT) {
            return -1;
        }
        written += status == OKTA_OK;
    }
}

static void *run_thread(void *context)
{
    int64_t *written = malloc(sizeof *written);
    assert_non_null(written);
    *written = step_on(context, "0oa1");
    return written;
}

static void threads_share_a_journal(void **state)
{
    okta_rotation_journal *journal = open_journal(*state);
    okta_rotation_record record = sample("0oa1", OKTA_ROTATION_SIGNING_KEY);
    expect_none(journal->begin(journal->ctx, &record));
    pthread_t threads[THREADS];
    int64_t all = 0;
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run_thread, journal), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *written = NULL;
        assert_int_equal(pthread_join(threads[i], &written), 0);
        assert_true(*(int64_t *)written >= 0);
        all += *(int64_t *)written;
        free(written);
    }
    assert_int_equal(all, MANY - 1);
    okta_sqlite_journal_close(journal);
}

static void processes_share_a_file(void **state)
{
    const journal_world *world = *state;
    okta_rotation_journal *journal = open_journal(world);
    okta_rotation_record record = sample("0oa1", OKTA_ROTATION_SIGNING_KEY);
    expect_none(journal->begin(journal->ctx, &record));
    okta_sqlite_journal_close(journal);
    int counts[2];
    assert_int_equal(pipe(counts), 0);
    for (size_t i = 0; i < PROCESSES; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            journal = open_journal(world);
            int64_t written = step_on(journal, "0oa1");
            okta_sqlite_journal_close(journal);
            _exit(write(counts[1], &written, sizeof written) == sizeof written ? 0 : 1);
        }
    }
    int64_t all = 0;
    for (size_t i = 0; i < PROCESSES; i++) {
        int64_t written = -1;
        int status = -1;
        assert_int_equal(read(counts[0], &written, sizeof written), sizeof written);
        assert_true(wait(&status) > 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        assert_true(written >= 0);
        all += written;
    }
    assert_int_equal(all, MANY - 1);
    close(counts[0]);
    close(counts[1]);
}

/* All that is in it. */

typedef struct listing {
    char text[128];
    unsigned most;
} listing;

static bool list_one(void *ctx, const okta_rotation_record *record)
{
    listing *self = ctx;
    size_t length = strlen(self->text);
    snprintf(self->text + length, sizeof self->text - length, "%s/%s/%zu ", record->app_id,
             okta_rotation_kind_name(record->kind), record->other_count);
    return --self->most > 0;
}

static void tells_all_that_is_in_it(void **state)
{
    static const char *const apps[] = {"b", "a", "c"};
    okta_rotation_journal *journal = open_journal(*state);
    for (size_t i = 0; i < COUNT(apps); i++) {
        okta_rotation_record record = sample(apps[i], OKTA_ROTATION_SIGNING_KEY);
        record.other_count = i;
        expect_none(journal->begin(journal->ctx, &record));
    }
    okta_rotation_record record = sample("a", OKTA_ROTATION_CLIENT_SECRET);
    expect_none(journal->begin(journal->ctx, &record));
    listing all = {"", 10};
    expect_none(okta_sqlite_journal_each(journal, list_one, &all));
    assert_string_equal(all.text, "a/signing-key/1 a/client-secret/3 b/signing-key/0 c/signing-key/2 ");
    listing two = {"", 2};
    expect_none(okta_sqlite_journal_each(journal, list_one, &two));
    assert_string_equal(two.text, "a/signing-key/1 a/client-secret/3 ");
    expect_error(okta_sqlite_journal_each(NULL, list_one, &two), OKTA_E_ARG, "journal");
    expect_error(okta_sqlite_journal_each(journal, NULL, &two), OKTA_E_ARG, "function");
    expect_none(journal->forget(journal->ctx, &record)); /* the list has let go of the file */
    okta_sqlite_journal_close(journal);
    okta_sqlite_journal_close(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(belongs_to_one_org),
        TEST(a_lock_is_waited_for_as_the_program_says),
        TEST(keeps_each_member),
        TEST(refuses_what_is_overtaken),
        TEST(refuses_files_of_something_else),
        TEST(survives_a_file_that_is_cut),
        TEST(a_full_disk_is_an_error),
        TEST(threads_share_a_journal),
        TEST(processes_share_a_file),
        TEST(tells_all_that_is_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
