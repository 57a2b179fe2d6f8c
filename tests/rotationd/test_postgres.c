/* SPDX-License-Identifier: Apache-2.0 */
/* The journal and the leases in PostgreSQL. TEST_POSTGRES is the URI of a database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <arpa/inet.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fence.h"
#include "ledger.h"

#define APP  "0oa1"
#define KIND OKTA_ROTATION_CLIENT_SECRET

static const lock_subject app = {.app_id = APP, .kind = KIND};

#define ORG "https://example.okta.com"

static patience limit = {.left_ms = 10000, .interrupt_fd = -1};

static ledger open_ledger(int64_t term_ms)
{
    const lock_options options = {.term_ms = term_ms, .owner = "test", .limit = &limit};
    ledger made;
    okta_error *error = ledger_open(getenv("TEST_POSTGRES"), ORG, &options, &made);
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
    return made;
}

static void expect(okta_error *error, okta_status status)
{
    assert_int_equal(okta_error_status(error), status);
    okta_free(error);
}

static okta_rotation_record *load(const ledger *from)
{
    okta_rotation_record *record = NULL;
    assert_null(from->journal->load(from->journal->ctx, APP, KIND, &record));
    return record;
}

static const okta_rotation_other others[] = {
    {.name = "\"quoted\" and \xc3\xa4",
     .id = "i1",
     .flags = OKTA_ROTATION_RETIRES | OKTA_ROTATION_WAS_ACTIVE},
    {.name = NULL, .id = "i2", .flags = 0},
    {.name = "dropped", .id = NULL, .flags = OKTA_ROTATION_DROPPED},
};

static bool stop_at_first(void *ctx, const okta_rotation_record *record)
{
    ++*(unsigned *)ctx;
    assert_string_equal(record->app_id, APP);
    return false;
}

static void a_record_comes_back_as_it_was(void **state)
{
    ledger one = open_ledger(10000);
    ledger two = open_ledger(10000);
    okta_rotation_journal *journal = one.journal;
    okta_rotation_record record = {.app_id = APP,
                                   .kind = KIND,
                                   .phase = OKTA_ROTATION_PHASE_PREPARED,
                                   .revision = INT64_C(4000000000000),
                                   .name = "n",
                                   .others = others,
                                   .other_count = 3,
                                   .begun_s = 1,
                                   .due_s = 2,
                                   .quiet_s = 3,
                                   .overlap_s = 4,
                                   .grace_s = 5};
    unsigned count = 0;
    (void)state;
    assert_null(load(&one));
    assert_null(journal->begin(journal->ctx, &record));
    expect(two.journal->begin(two.journal->ctx, &record), OKTA_E_CONFLICT);
    okta_rotation_record *loaded = load(&two);
    assert_int_equal(loaded->phase, OKTA_ROTATION_PHASE_PREPARED);
    assert_int_equal(loaded->revision, INT64_C(4000000000000));
    assert_string_equal(loaded->name, "n");
    assert_null(loaded->id);
    assert_int_equal(loaded->other_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true((loaded->others[i].name == NULL) == (others[i].name == NULL));
        assert_true(others[i].name == NULL || strcmp(loaded->others[i].name, others[i].name) == 0);
        assert_true((loaded->others[i].id == NULL) == (others[i].id == NULL));
        assert_int_equal(loaded->others[i].flags, others[i].flags);
    }
    assert_int_equal(loaded->begun_s + loaded->due_s * 10 + loaded->quiet_s * 100 + loaded->overlap_s * 1000 +
                         loaded->grace_s * 10000,
                     54321);
    okta_free(loaded);
    assert_null(one.each(journal, stop_at_first, &count));
    assert_int_equal(count, 1);
    record.revision++;
    record.id = "id";
    assert_null(two.journal->step(two.journal->ctx, &record));
    expect(journal->step(journal->ctx, &record), OKTA_E_CONFLICT);
    record.revision--;
    expect(journal->forget(journal->ctx, &record), OKTA_E_CONFLICT);
    record.revision++;
    assert_null(journal->forget(journal->ctx, &record));
    assert_null(load(&two));
    ledger_close(&one);
    ledger_close(&two);
}

static okta_error *write_nothing(void *ctx)
{
    ++*(unsigned *)ctx;
    return NULL;
}

static void note(void *ctx, const lock_subject *subject, int64_t created_s)
{
    assert_string_equal(subject->app_id, APP);
    *(int64_t *)ctx = created_s;
}

/* The first one's term is over at once. */
static void a_lease_goes_to_the_next_one(void **state)
{
    ledger one = open_ledger(1);
    ledger two = open_ledger(600000);
    lock_lease lease;
    lock_lease next = {0};
    unsigned written = 0;
    int64_t created_s = 0;
    (void)state;
    assert_null(one.lock.acquire(one.lock.ctx, &app, &lease));
    assert_true(lease.token > 0);
    while (next.token == 0) {
        assert_null(two.lock.acquire(two.lock.ctx, &app, &next));
    }
    assert_int_equal(next.token, lease.token + 1);
    expect(one.lock.renew(one.lock.ctx, &app, lease.token), OKTA_E_CONFLICT);
    expect(one.lock.fenced(one.lock.ctx, &app, lease.token, write_nothing, &written), OKTA_E_CONFLICT);
    assert_int_equal(written, 0);
    assert_null(two.lock.fenced(two.lock.ctx, &app, next.token, write_nothing, &written));
    assert_int_equal(written, 1);
    assert_null(one.lock.acquire(one.lock.ctx, &app, &lease));
    assert_int_equal(lease.token, 0);
    assert_in_range(lease.free_in_ms, 1, 600000);
    assert_null(two.lock.release(two.lock.ctx, &app, next.token, 77));
    assert_null(one.lock.known(one.lock.ctx, note, &created_s));
    assert_int_equal(created_s, 77);
    assert_null(one.lock.acquire(one.lock.ctx, &app, &lease));
    assert_int_equal(lease.token, next.token + 1);
    assert_int_equal(lease.created_s, 77);
    ledger_close(&one);
    ledger_close(&two);
}

static void tables_of_another_org_are_refused(void **state)
{
    const lock_options options = {.term_ms = 1000, .owner = "test", .limit = &limit};
    ledger made = open_ledger(1000);
    (void)state;
    ledger_close(&made);
    okta_error *error = ledger_open(getenv("TEST_POSTGRES"), "https://other.okta.com", &options, &made);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    assert_non_null(strstr(okta_error_message(error),
                           "it is of the org " ORG ", and the configured org is https://other.okta.com"));
    okta_free(error);
}

/* While a transaction has the row of an app, others wait in vain, and not for long; other apps go on. */
typedef struct row_world {
    ledger *other;
    int64_t token;
} row_world;

static okta_error *try_within(void *ctx)
{
    static const lock_subject free_app = {.app_id = "0oa2", .kind = KIND};
    const row_world *world = ctx;
    const lock *leases = &world->other->lock;
    lock_lease lease;
    limit.left_ms = 1000;
    expect(leases->renew(leases->ctx, &app, world->token), OKTA_E_TIMEOUT);
    assert_in_range(limit.left_ms, 1, 950);
    assert_null(leases->acquire(leases->ctx, &free_app, &lease));
    assert_true(lease.token > 0);
    assert_null(leases->release(leases->ctx, &free_app, lease.token, 0));
    limit.left_ms = 10000;
    return NULL;
}

static void a_row_that_is_locked_holds_up_no_other(void **state)
{
    ledger one = open_ledger(60000);
    ledger two = open_ledger(60000);
    lock_lease lease;
    (void)state;
    assert_null(one.lock.acquire(one.lock.ctx, &app, &lease));
    row_world world = {.other = &two, .token = lease.token};
    assert_null(one.lock.fenced(one.lock.ctx, &app, lease.token, try_within, &world));
    assert_null(two.lock.renew(two.lock.ctx, &app, lease.token));
    assert_null(one.lock.release(one.lock.ctx, &app, lease.token, 0));
    ledger_close(&one);
    ledger_close(&two);
}

/* The process of the server that serves the ledger. */
static pid_t server_of(const char *state)
{
    PGconn *connection = PQconnectdb(getenv("TEST_POSTGRES"));
    PGresult *rows =
        PQexecParams(connection,
                     "SELECT pid FROM pg_stat_activity WHERE application_name = 'okta-rotationd' "
                     "AND state = $1",
                     1, NULL, &state, NULL, NULL, 0);
    assert_int_equal(PQntuples(rows), 1);
    pid_t pid = (pid_t)strtol(PQgetvalue(rows, 0, 0), NULL, 10);
    PQclear(rows);
    PQfinish(connection);
    assert_true(pid > 1);
    return pid;
}

static okta_error *stop_server(void *ctx)
{
    pid_t *pid = ctx;
    *pid = server_of("idle in transaction");
    assert_int_equal(kill(*pid, SIGSTOP), 0);
    limit.left_ms = 100;
    return NULL;
}

/* The commit is not answered. Whether it happens is open; nobody takes the lease until that is settled. */
static void a_server_that_falls_silent_is_left(void **state)
{
    ledger one = open_ledger(60000);
    lock_lease lease;
    pid_t pid = 0;
    (void)state;
    assert_null(one.lock.acquire(one.lock.ctx, &app, &lease));
    expect(one.lock.fenced(one.lock.ctx, &app, lease.token, stop_server, &pid), OKTA_E_TIMEOUT);
    assert_int_equal(limit.left_ms, 0);
    /* Nothing is sent in the rest of the turn. */
    expect(one.lock.renew(one.lock.ctx, &app, lease.token), OKTA_E_TIMEOUT);
    limit.left_ms = 10000;
    /* By another connection; the row is locked by the first one. */
    expect(one.lock.renew(one.lock.ctx, &app, lease.token), OKTA_E_TIMEOUT);
    assert_int_equal(kill(pid, SIGCONT), 0);
    okta_error *error;
    do {
        limit.left_ms = 10000;
        error = one.lock.renew(one.lock.ctx, &app, lease.token);
        okta_free(error);
    } while (error != NULL);
    assert_null(one.lock.release(one.lock.ctx, &app, lease.token, 0));
    ledger_close(&one);
}

static void a_server_that_is_silent_is_not_waited_for(void **state)
{
    patience its = {.left_ms = 50, .interrupt_fd = -1};
    const lock_options options = {.term_ms = 1000, .owner = "test", .limit = &its};
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    char uri[64];
    int ends[2];
    ledger made;
    (void)state;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server, 4), 0);
    assert_int_equal(getsockname(server, (struct sockaddr *)&address, &length), 0);
    (void)snprintf(uri, sizeof uri, "postgresql://u@127.0.0.1:%u/d", (unsigned)ntohs(address.sin_port));
    expect(ledger_open(uri, ORG, &options, &made), OKTA_E_TIMEOUT);
    assert_int_equal(its.left_ms, 0);
    /* A signal ends the wait. */
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    its = (patience){.left_ms = 3600000, .interrupt_fd = ends[0]};
    expect(ledger_open(uri, ORG, &options, &made), OKTA_E_TIMEOUT);
    assert_true(its.left_ms > 0);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(close(server), 0);
}

static void what_cannot_be_reached_is_told(void **state)
{
    const lock_options options = {.term_ms = 1000, .owner = "test", .limit = &limit};
    ledger made;
    (void)state;
    okta_error *error = ledger_open("postgresql://user:hidden@127.0.0.1:1/none", ORG, &options, &made);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    assert_non_null(strstr(okta_error_message(error), "journal postgresql: connection to server at"));
    assert_null(strstr(okta_error_message(error), "hidden"));
    okta_free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_comes_back_as_it_was),
        cmocka_unit_test(a_lease_goes_to_the_next_one),
        cmocka_unit_test(tables_of_another_org_are_refused),
        cmocka_unit_test(a_row_that_is_locked_holds_up_no_other),
        cmocka_unit_test(a_server_that_falls_silent_is_left),
        cmocka_unit_test(a_server_that_is_silent_is_not_waited_for),
        cmocka_unit_test(what_cannot_be_reached_is_told),
    };
    return getenv("TEST_POSTGRES") == NULL ? 77 : cmocka_run_group_tests(tests, NULL, NULL);
}
