/* SPDX-License-Identifier: Apache-2.0 */
/* The journal and the leases in PostgreSQL. TEST_POSTGRES is the URI of a database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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
        cmocka_unit_test(what_cannot_be_reached_is_told),
    };
    return getenv("TEST_POSTGRES") == NULL ? 77 : cmocka_run_group_tests(tests, NULL, NULL);
}
