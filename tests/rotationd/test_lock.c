/* SPDX-License-Identifier: Apache-2.0 */
/* Two owners, one lease, and a clock of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fence.h"
#include "lock.h"

#define TERM 10000

typedef struct lock_world {
    char folder[64];
    char journal[128];
    int64_t now_ms;
    patience limit;
    lock first;
    lock second;
} lock_world;

static const lock_subject app = {.app_id = "0oa1", .kind = OKTA_ROTATION_SIGNING_KEY};
static const lock_subject other = {.app_id = "0oa1", .kind = OKTA_ROTATION_CLIENT_SECRET};

static int64_t tell_time(void *ctx)
{
    const lock_world *world = ctx;
    return world->now_ms;
}

static int begin(void **state)
{
    lock_world *world = calloc(1, sizeof *world);
    if (world == NULL) {
        return -1;
    }
    *state = world;
    world->now_ms = INT64_C(1800000000000);
    (void)snprintf(world->folder, sizeof world->folder, "/tmp/okta-rotationd-lock-XXXXXX");
    if (mkdtemp(world->folder) == NULL) {
        return -1;
    }
    (void)snprintf(world->journal, sizeof world->journal, "%s/j", world->folder);
    world->limit = (patience){.left_ms = 10000, .interrupt_fd = -1};
    const lock_options options = {
        .term_ms = TERM, .owner = "test", .limit = &world->limit, .clock = tell_time, .clock_ctx = world};
    okta_error *error = lock_sqlite_open(world->journal, &options, &world->first);
    if (error == NULL) {
        error = lock_sqlite_open(world->journal, &options, &world->second);
    }
    return error == NULL ? 0 : -1;
}

static int end(void **state)
{
    lock_world *world = *state;
    static const char *const suffixes[] = {".leases", ".leases-wal", ".leases-shm"};
    char path[256];
    world->first.close(world->first.ctx);
    world->second.close(world->second.ctx);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof path, "%s%s", world->journal, suffixes[i]);
        (void)unlink(path);
    }
    int code = rmdir(world->folder);
    free(world);
    return code;
}

static lock_lease take(const lock *from, const lock_subject *subject)
{
    lock_lease lease;
    assert_null(from->acquire(from->ctx, subject, &lease));
    return lease;
}

static void expect(okta_error *error, okta_status status)
{
    assert_int_equal(okta_error_status(error), status);
    okta_free(error);
}

static void only_one_has_it(void **state)
{
    lock_world *world = *state;
    assert_int_equal(take(&world->first, &app).token, 1);
    world->now_ms += 4000;
    lock_lease lease = take(&world->second, &app);
    assert_int_equal(lease.token, 0);
    assert_int_equal(lease.free_in_ms, 6000);
    /* Another kind of the same app is another lease. */
    assert_int_equal(take(&world->second, &other).token, 1);
    /* Nor can the same daemon take it twice. */
    assert_int_equal(take(&world->first, &app).token, 0);
}

static void it_is_given_back(void **state)
{
    lock_world *world = *state;
    assert_int_equal(take(&world->first, &app).token, 1);
    assert_null(world->first.release(world->first.ctx, &app, 1, 1234));
    lock_lease lease = take(&world->second, &app);
    assert_int_equal(lease.token, 2);
    assert_int_equal(lease.created_s, 1234);
    /* What the one before gives back again is not its own. */
    assert_null(world->first.release(world->first.ctx, &app, 1, 99));
    assert_int_equal(take(&world->first, &app).token, 0);
    assert_int_equal(take(&world->first, &app).created_s, 1234);
}

static void it_ends_unless_it_is_renewed(void **state)
{
    lock_world *world = *state;
    assert_int_equal(take(&world->first, &app).token, 1);
    world->now_ms += TERM - 1;
    assert_null(world->first.renew(world->first.ctx, &app, 1));
    world->now_ms += TERM - 1;
    assert_int_equal(take(&world->second, &app).token, 0);
    world->now_ms += 1;
    assert_int_equal(take(&world->second, &app).token, 2);
    expect(world->first.renew(world->first.ctx, &app, 1), OKTA_E_CONFLICT);
}

/* A clock that is set back must not keep everybody away for as long as that. */
static void a_lease_from_the_future_is_none(void **state)
{
    lock_world *world = *state;
    assert_int_equal(take(&world->first, &app).token, 1);
    world->now_ms -= 86400000;
    assert_int_equal(take(&world->second, &app).token, 2);
}

/* Fences. */

static unsigned written;

static okta_error *write_once(void *ctx, const okta_rotation_record *record)
{
    (void)ctx;
    (void)record;
    written++;
    return NULL;
}

static okta_error *refuse(void *ctx, const okta_rotation_record *record)
{
    (void)ctx;
    (void)record;
    return okta_error_new(OKTA_E_CONFLICT, "somebody went on");
}

static void a_paused_holder_writes_nothing(void **state)
{
    lock_world *world = *state;
    const okta_rotation_journal inner = {
        .struct_size = sizeof inner, .begin = write_once, .step = write_once, .forget = refuse};
    const okta_rotation_record record = {.app_id = "0oa1", .kind = OKTA_ROTATION_SIGNING_KEY};
    fence guarded;
    written = 0;
    assert_int_equal(take(&world->first, &app).token, 1);
    fence_begin(&guarded, &inner, &world->first, &app, 1);
    assert_null(guarded.journal.begin(guarded.journal.ctx, &record));
    assert_false(guarded.is_overtaken);
    world->now_ms += TERM;
    /* Nobody took it meanwhile: it may go on, and has it for another term. */
    assert_null(guarded.journal.step(guarded.journal.ctx, &record));
    assert_int_equal(take(&world->second, &app).token, 0);
    world->now_ms += TERM;
    assert_int_equal(take(&world->second, &app).token, 2);
    expect(guarded.journal.begin(guarded.journal.ctx, &record), OKTA_E_CONFLICT);
    expect(guarded.journal.step(guarded.journal.ctx, &record), OKTA_E_CONFLICT);
    assert_true(guarded.is_overtaken);
    assert_int_equal(written, 2);
}

static void what_the_journal_refuses_is_overtaken(void **state)
{
    lock_world *world = *state;
    const okta_rotation_journal inner = {.struct_size = sizeof inner, .forget = refuse};
    const okta_rotation_record record = {.app_id = "0oa1", .kind = OKTA_ROTATION_SIGNING_KEY};
    fence guarded;
    assert_int_equal(take(&world->first, &app).token, 1);
    fence_begin(&guarded, &inner, &world->first, &app, 1);
    expect(guarded.journal.forget(guarded.journal.ctx, &record), OKTA_E_CONFLICT);
    assert_true(guarded.is_overtaken);
}

/* A file that is locked is waited for once in a turn, and then not at all. */
static void a_locked_file_takes_the_patience_of_a_turn(void **state)
{
    lock_world *world = *state;
    const okta_rotation_journal inner = {.struct_size = sizeof inner, .step = write_once};
    const okta_rotation_record record = {.app_id = "0oa1", .kind = OKTA_ROTATION_SIGNING_KEY};
    fence guarded;
    lock_lease lease;
    char path[256];
    sqlite3 *db = NULL;
    assert_int_equal(take(&world->first, &app).token, 1);
    fence_begin(&guarded, &inner, &world->first, &app, 1);
    (void)snprintf(path, sizeof path, "%s.leases", world->journal);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    written = 0;
    world->limit.left_ms = 20;
    expect(world->second.acquire(world->second.ctx, &other, &lease), OKTA_E_TIMEOUT);
    assert_int_equal(world->limit.left_ms, 0);
    expect(guarded.journal.step(guarded.journal.ctx, &record), OKTA_E_TIMEOUT);
    expect(world->first.renew(world->first.ctx, &app, 1), OKTA_E_TIMEOUT);
    assert_false(guarded.is_overtaken);
    assert_int_equal(written, 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_null(guarded.journal.step(guarded.journal.ctx, &record));
    assert_int_equal(written, 1);
}

static void note(void *ctx, const lock_subject *subject, int64_t created_s)
{
    char *text = ctx;
    size_t length = strlen(text);
    (void)snprintf(text + length, 256 - length, "%s %d %d\n", subject->app_id, (int)subject->kind,
                   (int)created_s);
}

static void tells_what_is_known(void **state)
{
    lock_world *world = *state;
    char text[256] = "";
    assert_int_equal(take(&world->first, &app).token, 1);
    assert_int_equal(take(&world->first, &other).token, 1);
    assert_null(world->first.release(world->first.ctx, &other, 1, 77));
    assert_null(world->second.known(world->second.ctx, note, text));
    assert_string_equal(text, "0oa1 3 77\n");
}

static void a_file_of_something_else_is_refused(void **state)
{
    lock_world *world = *state;
    const lock_options options = {.term_ms = TERM, .owner = "test", .limit = &world->limit};
    char path[256];
    lock made;
    (void)snprintf(path, sizeof path, "%s/text.leases", world->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (unsigned i = 0; i < 200; i++) {
        (void)fputs("this is no database\n", file);
    }
    assert_int_equal(fclose(file), 0);
    path[strlen(path) - strlen(".leases")] = '\0';
    okta_error *error = lock_sqlite_open(path, &options, &made);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    assert_non_null(strstr(okta_error_message(error), "text.leases: file is not a database"));
    okta_free(error);
    (void)snprintf(path, sizeof path, "%s/text.leases", world->folder);
    assert_int_equal(unlink(path), 0);
    expect(lock_sqlite_open("/nowhere/j", &options, &made), OKTA_E_CONFIG);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(only_one_has_it),
        TEST(it_is_given_back),
        TEST(it_ends_unless_it_is_renewed),
        TEST(a_lease_from_the_future_is_none),
        TEST(a_paused_holder_writes_nothing),
        TEST(what_the_journal_refuses_is_overtaken),
        TEST(a_locked_file_takes_the_patience_of_a_turn),
        TEST(tells_what_is_known),
        TEST(a_file_of_something_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
