/* SPDX-License-Identifier: Apache-2.0 */
/* Workers, a lease of the test's own, and a clock that is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>
#include <okta/okta.h>
#include <okta/sqlite.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "crew.h"
#include "mock_org.h"

#define NOW    INT64_C(1800000000000)
#define YEAR   (INT64_C(365) * 86400000)
#define APPS   30u
#define LOCKED 10000
#define PATH   64u

static int64_t now_ms;

/* In the place of those of shop.c. */
int64_t shop_now_ms(void)
{
    return now_ms;
}

uint32_t shop_chance(shop *self)
{
    (void)self;
    return 0;
}

typedef struct crew_world {
    crew crew;
    shop shop;
    config config;
    config_app apps[APPS];
    char ids[APPS][3];
    unsigned asked; /* how often a lease was to be taken */
} crew_world;

static okta_error *is_locked(void *ctx, const lock_subject *subject, lock_lease *out)
{
    crew_world *world = ctx;
    (void)subject;
    *out = (lock_lease){0};
    world->asked++;
    now_ms += LOCKED;
    return okta_error_new(OKTA_E_CONFIG, "database is locked");
}

static okta_error *is_elsewhere(void *ctx, const lock_subject *subject, lock_lease *out)
{
    crew_world *world = ctx;
    (void)subject;
    *out = (lock_lease){.free_in_ms = 5000};
    world->asked++;
    return NULL;
}

static void begin(crew_world *world, size_t apps)
{
    now_ms = NOW;
    *world =
        (crew_world){.config = {.holders = 1, .max_in_flight = 8, .apps = world->apps, .app_count = apps}};
    world->crew.shop = &world->shop;
    world->shop.ledger.lock.ctx = world;
    for (size_t i = 0; i < apps; i++) {
        world->ids[i][0] = (char)('a' + i / 10);
        world->ids[i][1] = (char)('0' + i % 10);
        world->apps[i] = (config_app){
            .id = world->ids[i], .kind = OKTA_ROTATION_SIGNING_KEY, .every_s = 86400, .grace_s = 3600};
    }
    assert_null(crew_configure(&world->crew, &world->config));
}

/* Signals, the watchdog and metrics come between turns. */
static void a_database_that_is_locked_ends_the_turn(void **state)
{
    static crew_world world;
    (void)state;
    begin(&world, APPS);
    world.shop.ledger.lock.acquire = is_locked;
    crew_tick(&world.crew);
    assert_int_equal(world.asked, 1);
    /* All get their turn, the one behind first, and without a wait. */
    for (unsigned i = 1; i < APPS; i++) {
        assert_true(world.crew.workers[i]->next_ms == 0);
        assert_true(crew_next_ms(&world.crew) <= now_ms);
        crew_tick(&world.crew);
        assert_int_equal(world.crew.workers[i]->failures, 1);
    }
    assert_int_equal(world.asked, APPS);
    crew_free(&world.crew);
}

/* A database that is locked for a while is no failure, and a daemon that ends then waits for it. */
static okta_error *is_busy(void *ctx, const lock_subject *subject, lock_lease *out)
{
    crew_world *world = ctx;
    (void)subject;
    *out = (lock_lease){0};
    world->asked++;
    return okta_error_new(OKTA_E_TIMEOUT, "database is locked");
}

static void a_busy_database_is_asked_again_before_it_is_a_failure(void **state)
{
    static crew_world world;
    (void)state;
    begin(&world, 1);
    world.shop.ledger.lock.acquire = is_busy;
    const worker *it = world.crew.workers[0];
    while (it->failures == 0) {
        unsigned asked = world.asked;
        crew_tick(&world.crew);
        assert_int_equal(world.asked, asked + 1);
        assert_true(it->failures > 0 || !crew_is_settled(&world.crew));
        assert_true(it->failures > 0 || crew_next_ms(&world.crew) == now_ms + 200);
        now_ms = it->failures > 0 ? now_ms : crew_next_ms(&world.crew);
    }
    assert_int_equal(now_ms, NOW + LOCKED);
    assert_true(crew_is_settled(&world.crew));
    crew_free(&world.crew);
}

static void a_failure_is_tried_again_although_the_clock_is_set_back(void **state)
{
    static crew_world world;
    (void)state;
    begin(&world, 1);
    world.shop.ledger.lock.acquire = is_locked;
    crew_tick(&world.crew);
    crew_tick(&world.crew);
    assert_int_equal(world.asked, 1);
    now_ms -= YEAR;
    crew_tick(&world.crew);
    assert_int_equal(world.asked, 2);
    crew_free(&world.crew);
}

static void a_lease_is_asked_for_again_although_the_clock_is_set_back(void **state)
{
    static crew_world world;
    (void)state;
    begin(&world, 1);
    world.shop.ledger.lock.acquire = is_elsewhere;
    crew_tick(&world.crew);
    now_ms -= 500; /* as time servers correct a clock */
    crew_tick(&world.crew);
    assert_int_equal(world.asked, 1);
    now_ms -= YEAR;
    crew_tick(&world.crew);
    assert_int_equal(world.asked, 2);
    assert_true(crew_next_ms(&world.crew) <= now_ms + 5000);
    crew_free(&world.crew);
}

/* The lease of one that was killed ends; one that lives renews it. */
static void a_lease_is_looked_at_twice_before_a_single_run_ends(void **state)
{
    static crew_world world;
    (void)state;
    begin(&world, 1);
    world.shop.ledger.lock.acquire = is_elsewhere;
    crew_tick(&world.crew);
    assert_false(crew_is_settled(&world.crew));
    now_ms = crew_next_ms(&world.crew);
    crew_tick(&world.crew);
    assert_int_equal(world.asked, 2);
    assert_true(crew_is_settled(&world.crew));
    crew_free(&world.crew);
}

static void what_was_made_in_the_future_is_looked_at(void **state)
{
    static crew_world world;
    (void)state;
    begin(&world, 1);
    world.shop.ledger.lock.acquire = is_elsewhere;
    worker_know_age(world.crew.workers[0], now_ms / 1000);
    crew_tick(&world.crew);
    assert_int_equal(world.asked, 0);
    now_ms -= YEAR;
    crew_tick(&world.crew);
    assert_int_equal(world.asked, 1);
    crew_free(&world.crew);
}

/* A worker that rotates, at the mock org. */

static okta_error *is_free(void *ctx, const lock_subject *subject, lock_lease *out)
{
    (void)ctx;
    (void)subject;
    *out = (lock_lease){.token = 1};
    return NULL;
}

static okta_error *renews(void *ctx, const lock_subject *subject, int64_t token)
{
    (void)ctx;
    (void)subject;
    (void)token;
    return NULL;
}

static okta_error *releases(void *ctx, const lock_subject *subject, int64_t token, int64_t created_s)
{
    (void)created_s;
    return renews(ctx, subject, token);
}

static okta_error *writes(void *ctx, const lock_subject *subject, int64_t token, lock_write_fn *write,
                          void *write_ctx)
{
    (void)ctx;
    (void)subject;
    (void)token;
    okta_error *error = write(write_ctx);
    return error;
}

static okta_client *client_of(const mock_org *org)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_client *client = NULL;
    options.org_url = mock_org_url(org);
    options.token = "mock-token";
    assert_null(okta_client_new(&options, &client));
    return client;
}

/* Let its only worker do its turn, whatever it waits for. */
static void work_once(crew_world *world)
{
    const worker *it = world->crew.workers[0];
    now_ms = it->next_ms > now_ms ? it->next_ms : now_ms;
    crew_tick(&world->crew);
    while (it->state != WORKER_SLEEPS) {
        assert_null(okta_loop_poll(world->shop.loop, -1));
    }
}

static void assert_waits_twice_as_long_each_time(crew_world *world)
{
    const worker *it = world->crew.workers[0];
    int64_t wait_ms = 5000;
    for (unsigned i = 1; i <= 12; i++) {
        work_once(world);
        assert_int_equal(it->failures, i);
        assert_int_equal(it->next_ms - now_ms, wait_ms);
        wait_ms = wait_ms < 1800000 ? wait_ms * 2 : 3600000;
    }
}

static const char *path_in(const char *folder, const char *name, char out[PATH])
{
    (void)snprintf(out, PATH, "%s/%s", folder, name);
    return out;
}

static void open_shop(crew_world *world, const char *folder, const mock_org *org)
{
    char path[PATH];
    world->shop.client = client_of(org);
    world->shop.ledger.lock =
        (lock){.acquire = is_free, .renew = renews, .release = releases, .fenced = writes, .ctx = world};
    assert_null(okta_loop_new(NULL, &world->shop.loop));
    assert_null(okta_sqlite_journal_open(path_in(folder, "journal", path), &world->shop.ledger.journal));
}

static void close_shop(crew_world *world, const char *folder)
{
    static const char *const names[] = {"journal", "key.pem"};
    char path[PATH];
    okta_free(world->shop.loop);
    crew_free(&world->crew);
    okta_sqlite_journal_close(world->shop.ledger.journal);
    okta_free(world->shop.client);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(unlink(path_in(folder, names[i], path)), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

/* Each attempt takes the new key back and begins another rotation. */
static void a_store_that_fails_is_tried_less_and_less_often(void **state)
{
    static crew_world world;
    char folder[] = "/tmp/okta-rotationd-crew-XXXXXX";
    char missing[PATH];
    char file[PATH];
    (void)state;
    begin(&world, 1);
    mock_org *org = mock_org_start(NULL);
    assert_non_null(org);
    assert_non_null(mkdtemp(folder));
    open_shop(&world, folder, org);
    world.apps[0].id = MOCK_SERVICE_APP;
    world.apps[0].key_type = OKTA_KEY_EC_P256;
    (void)path_in(folder, "missing/key.pem", missing);
    (void)path_in(folder, "key.pem", file);
    world.apps[0].sink.file = missing;
    assert_waits_twice_as_long_each_time(&world);
    assert_int_equal(world.shop.counts.undone, 12);
    /* One that comes to its end begins the count anew. */
    world.apps[0].sink.file = file;
    work_once(&world);
    assert_int_equal(world.crew.workers[0]->failures, 0);
    world.apps[0].sink.file = missing;
    while (world.shop.counts.undone < 13) {
        work_once(&world);
    }
    assert_int_equal(world.crew.workers[0]->failures, 1);
    close_shop(&world, folder);
    mock_org_stop(org);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_that_is_locked_ends_the_turn),
        cmocka_unit_test(a_busy_database_is_asked_again_before_it_is_a_failure),
        cmocka_unit_test(a_failure_is_tried_again_although_the_clock_is_set_back),
        cmocka_unit_test(a_lease_is_asked_for_again_although_the_clock_is_set_back),
        cmocka_unit_test(a_lease_is_looked_at_twice_before_a_single_run_ends),
        cmocka_unit_test(what_was_made_in_the_future_is_looked_at),
        cmocka_unit_test(a_store_that_fails_is_tried_less_and_less_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
