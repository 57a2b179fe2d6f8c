/* SPDX-License-Identifier: Apache-2.0 */
/* test_adapter_hooks [--group KIND]: what an adapter tells of descriptors and of times, whatever becomes of
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/driven.h"

#define PAIRS      20
#define IDLE_TURNS 5

/* A descriptor that is watched, and its other end. */
typedef struct watched_pair {
    int fd;
    int other;
    void *own;
    unsigned told; /* how often */
    unsigned events;
} watched_pair;

static struct {
    void *events;
    okta_loop *loop;
    watched_pair pairs[PAIRS];
    watched_pair *acts; /* on being told of this one; NULL: nothing */
    void (*act)(watched_pair *self);
} world;

static void on_ready(int fd, unsigned events)
{
    for (size_t i = 0; i < PAIRS; i++) {
        watched_pair *pair = &world.pairs[i];
        if (pair->fd == fd) {
            pair->told++;
            pair->events |= events;
            if (world.act != NULL && (world.acts == NULL || world.acts == pair)) {
                world.act(pair);
            }
            return;
        }
    }
    fail_msg("descriptor %d is not watched", fd);
}

static void open_pair(watched_pair *pair)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    *pair = (watched_pair){.fd = ends[0], .other = ends[1]};
}

static bool watch(watched_pair *pair, unsigned events)
{
    return driven_hooks.watch(driven_hooks.ctx, pair->fd, events, &pair->own);
}

static void close_pair(watched_pair *pair)
{
    assert_true(watch(pair, 0));
    close(pair->fd);
    close(pair->other);
}

static void fill(const watched_pair *pair)
{
    assert_int_equal(write(pair->other, "x", 1), 1);
}

static void drain(const watched_pair *pair)
{
    char byte;
    assert_int_equal(read(pair->fd, &byte, 1), 1);
}

static void forget_told(void)
{
    for (size_t i = 0; i < PAIRS; i++) {
        world.pairs[i].told = 0;
        world.pairs[i].events = 0;
    }
}

static void turn_some(void)
{
    forget_told();
    for (int i = 0; i < IDLE_TURNS; i++) {
        driven_kind->turn(world.events, false);
    }
}

static int set_up(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    world.events = driven_kind->start();
    world.loop = driven_open(world.events);
    for (size_t i = 0; i < PAIRS; i++) {
        open_pair(&world.pairs[i]);
    }
    driven_on_ready = on_ready;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    driven_on_ready = NULL;
    driven_on_timer = NULL;
    for (size_t i = 0; i < PAIRS; i++) {
        close_pair(&world.pairs[i]);
    }
    okta_free(world.loop);
    driven_kind->stop(world.events);
    return 0;
}

/* Also where nobody reads. */
static void tells_of_a_descriptor_as_long_as_it_is_ready(void **state)
{
    (void)state;
    watched_pair *pair = &world.pairs[0];
    assert_true(watch(pair, OKTA_LOOP_INPUT));
    turn_some();
    assert_int_equal(pair->told, 0);
    fill(pair);
    driven_kind->turn(world.events, true);
    assert_int_equal(pair->told, 1);
    driven_kind->turn(world.events, true);
    assert_int_equal(pair->told, 2);
    assert_int_equal(pair->events, OKTA_LOOP_INPUT);
    drain(pair);
    turn_some();
    assert_int_equal(pair->told, 0);
    close(pair->other);
    turn_some();
    assert_true(pair->told > 0);
    assert_true((pair->events & OKTA_LOOP_INPUT) != 0);
    pair->other = -1;
}

static void tells_only_of_what_is_watched(void **state)
{
    (void)state;
    watched_pair *pair = &world.pairs[0];
    fill(pair);
    assert_true(watch(pair, OKTA_LOOP_OUTPUT));
    turn_some();
    assert_true(pair->told > 0);
    assert_int_equal(pair->events, OKTA_LOOP_OUTPUT);
    assert_true(watch(pair, OKTA_LOOP_INPUT | OKTA_LOOP_OUTPUT));
    turn_some();
    assert_int_equal(pair->events, OKTA_LOOP_INPUT | OKTA_LOOP_OUTPUT);
    assert_true(watch(pair, OKTA_LOOP_INPUT));
    turn_some();
    assert_int_equal(pair->events, OKTA_LOOP_INPUT);
    assert_true(watch(pair, OKTA_LOOP_INPUT)); /* once more the same */
    turn_some();
    assert_int_equal(pair->events, OKTA_LOOP_INPUT);
    assert_true(watch(pair, 0));
    assert_null(pair->own);
    turn_some();
    assert_int_equal(pair->told, 0);
}

/* An error is told of, and the descriptor is watched on. */
static void an_error_of_a_descriptor_does_not_end_its_watch(void **state)
{
    (void)state;
    watched_pair *pair = &world.pairs[0];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close_pair(pair);
    *pair = (watched_pair){.fd = ends[1], .other = ends[0]};
    assert_true(watch(pair, OKTA_LOOP_OUTPUT));
    close(pair->other); /* whoever writes hears EPIPE */
    pair->other = -1;
    driven_kind->turn(world.events, true);
    assert_true(pair->told > 0);
    assert_true((pair->events & OKTA_LOOP_OUTPUT) != 0);
    forget_told();
    driven_kind->turn(world.events, true);
    assert_true(pair->told > 0);
}

static void replace(watched_pair *pair)
{
    int number = pair->fd;
    close_pair(pair);
    open_pair(pair);
    if (pair->fd != number) {
        assert_int_equal(dup2(pair->fd, number), number);
        close(pair->fd);
        pair->fd = number;
    }
}

/* What is told is of the descriptor that has the number by then. */
static void a_number_comes_again_at_once(void **state)
{
    (void)state;
    watched_pair *pair = &world.pairs[0];
    for (int round = 0; round < 10; round++) {
        assert_true(watch(pair, round % 2 == 0 ? OKTA_LOOP_INPUT : OKTA_LOOP_OUTPUT));
        assert_true(watch(pair, OKTA_LOOP_INPUT));
        fill(pair);
        if (round % 3 == 0) {
            driven_kind->turn(world.events, true);
            assert_true(pair->told > 0);
        }
        replace(pair);
        assert_true(watch(pair, OKTA_LOOP_INPUT));
        turn_some();
        assert_int_equal(pair->told, 0);
        fill(pair);
        driven_kind->turn(world.events, true);
        assert_int_equal(pair->told, 1);
        replace(pair);
    }
}

static void stop_watching(watched_pair *self)
{
    assert_true(watch(self, 0));
}

static void replace_all(watched_pair *self)
{
    (void)self;
    for (size_t i = 0; i < PAIRS; i++) {
        replace(&world.pairs[i]);
        assert_true(watch(&world.pairs[i], OKTA_LOOP_INPUT));
    }
}

static void stop_watching_all(watched_pair *self)
{
    (void)self;
    for (size_t i = 0; i < PAIRS; i++) {
        assert_true(watch(&world.pairs[i], 0));
    }
}

static void watch_and_fill_all(void)
{
    for (size_t i = 0; i < PAIRS; i++) {
        assert_true(watch(&world.pairs[i], OKTA_LOOP_INPUT));
        fill(&world.pairs[i]);
    }
    forget_told();
}

static unsigned told_in_all(void)
{
    unsigned sum = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        sum += world.pairs[i].told;
    }
    return sum;
}

/* Many are ready at once. */
static void a_callback_ends_watches(void **state)
{
    (void)state;
    watch_and_fill_all();
    world.act = stop_watching; /* each itself */
    for (unsigned i = 0; i < PAIRS * 2; i++) {
        driven_kind->turn(world.events, false);
    }
    assert_int_equal(told_in_all(), PAIRS);
    watch_and_fill_all();
    world.act = stop_watching_all; /* the first all others, of which nothing is told then */
    for (int i = 0; i < IDLE_TURNS; i++) {
        driven_kind->turn(world.events, false);
    }
    assert_int_equal(told_in_all(), 1);
}

/* The numbers of all that is ready are those of other descriptors by then, which are not. */
static void a_callback_replaces_descriptors(void **state)
{
    (void)state;
    watch_and_fill_all();
    world.act = replace_all;
    for (int i = 0; i < IDLE_TURNS; i++) {
        driven_kind->turn(world.events, false);
    }
    assert_int_equal(told_in_all(), 0); /* `told` of the one that acts begins anew */
    world.act = NULL;
    for (size_t i = 0; i < PAIRS; i++) {
        fill(&world.pairs[i]);
    }
    forget_told();
    for (unsigned i = 0; i < PAIRS; i++) {
        driven_kind->turn(world.events, false);
    }
    for (size_t i = 0; i < PAIRS; i++) {
        assert_true(world.pairs[i].told > 0);
    }
}

static void release_loop(watched_pair *self)
{
    (void)self;
    stop_watching_all(self);
    okta_free(world.loop);
    world.loop = NULL;
}

/* By hand, as okta_loop_on_ready() does when a `done` released the loop: hooks, then the end of them. */
static void a_callback_releases_the_loop(void **state)
{
    (void)state;
    watch_and_fill_all();
    world.act = release_loop;
    driven_kind->turn(world.events, true);
    assert_null(world.loop);
    unsigned told = told_in_all();
    driven_kind->turn(world.events, false);
    assert_int_equal(told_in_all(), told);
    world.act = NULL;
    driven_on_ready = NULL;
    world.loop = driven_open(world.events); /* for the tear-down */
}

static void count_only(void)
{
}

static void set_timer(int64_t ms)
{
    driven_hooks.set_timer(driven_hooks.ctx, ms);
}

static unsigned rings_in_some_turns(void)
{
    driven_timer_count = 0;
    for (int i = 0; i < IDLE_TURNS; i++) {
        driven_kind->turn(world.events, false);
    }
    return driven_timer_count;
}

static void wait_for_ring(void)
{
    driven_timer_count = 0;
    while (driven_timer_count == 0) {
        driven_kind->turn(world.events, true);
    }
    assert_int_equal(driven_timer_count, 1);
}

static void a_time_rings_once_and_gives_way_to_the_next(void **state)
{
    (void)state;
    driven_on_timer = count_only;
    assert_true(watch(&world.pairs[0], OKTA_LOOP_INPUT)); /* so that there is something to wait for */
    assert_int_equal(rings_in_some_turns(), 0);
    set_timer(0);
    wait_for_ring();
    assert_int_equal(rings_in_some_turns(), 0);
    set_timer(1);
    wait_for_ring();
    set_timer(3600000);
    assert_int_equal(rings_in_some_turns(), 0);
    set_timer(0);
    wait_for_ring();
    set_timer(0);
    set_timer(3600000);
    assert_int_equal(rings_in_some_turns(), 0);
    set_timer(0);
    set_timer(-1);
    assert_int_equal(rings_in_some_turns(), 0);
    set_timer(-1);
    set_timer(INT64_MAX);
    assert_int_equal(rings_in_some_turns(), 0);
    set_timer(1);
    wait_for_ring();
}

static void set_again(void)
{
    if (driven_timer_count < 3) {
        set_timer(0);
    }
}

static void a_time_is_set_when_another_rings(void **state)
{
    (void)state;
    driven_on_timer = set_again;
    assert_true(watch(&world.pairs[0], OKTA_LOOP_INPUT));
    set_timer(0);
    driven_timer_count = 0;
    while (driven_timer_count < 3) {
        driven_kind->turn(world.events, true);
    }
    for (int i = 0; i < IDLE_TURNS; i++) {
        driven_kind->turn(world.events, false);
    }
    assert_int_equal(driven_timer_count, 3);
}

/* Where an event loop has no memory for a time, the loop is asked again at once. */
static void a_time_that_is_refused_rings_at_once(void **state)
{
    (void)state;
    if (driven_kind->refuse == NULL || strcmp(driven_kind->name, "libevent") != 0) {
        skip();
        return;
    }
    driven_on_timer = count_only;
    driven_kind->refuse(true);
    set_timer(3600000);
    driven_kind->refuse(false);
    wait_for_ring();
}

#define HOOK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static int run_all(const char *name)
{
    const struct CMUnitTest tests[] = {
        HOOK_TEST(tells_of_a_descriptor_as_long_as_it_is_ready),
        HOOK_TEST(tells_only_of_what_is_watched),
        HOOK_TEST(an_error_of_a_descriptor_does_not_end_its_watch),
        HOOK_TEST(a_number_comes_again_at_once),
        HOOK_TEST(a_callback_ends_watches),
        HOOK_TEST(a_callback_replaces_descriptors),
        HOOK_TEST(a_callback_releases_the_loop),
        HOOK_TEST(a_time_rings_once_and_gives_way_to_the_next),
        HOOK_TEST(a_time_is_set_when_another_rings),
        HOOK_TEST(a_time_that_is_refused_rings_at_once),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(int argc, char **argv)
{
    return driven_main(argc, argv, run_all);
}
