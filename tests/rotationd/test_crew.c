/* SPDX-License-Identifier: Apache-2.0 */
/* Workers, a lease of the test's own, and a clock that is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>

#include "crew.h"

#define NOW    INT64_C(1800000000000)
#define YEAR   (INT64_C(365) * 86400000)
#define APPS   30u
#define LOCKED 10000

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_that_is_locked_ends_the_turn),
        cmocka_unit_test(a_busy_database_is_asked_again_before_it_is_a_failure),
        cmocka_unit_test(a_failure_is_tried_again_although_the_clock_is_set_back),
        cmocka_unit_test(a_lease_is_asked_for_again_although_the_clock_is_set_back),
        cmocka_unit_test(what_was_made_in_the_future_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
