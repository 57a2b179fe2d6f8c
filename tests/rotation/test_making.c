/* SPDX-License-Identifier: Apache-2.0 */
/* An RSA key is made beside the loop: other calls go on meanwhile, and whoever cancels or releases waits for
 * no other key. */
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"
#include "keys/key.h"
#include "rotation/rotation_world.h"

static const okta_rotation_kind kinds[] = {OKTA_ROTATION_SIGNING_KEY, OKTA_ROTATION_ENCRYPTION_KEY};

/* A job that holds the client's thread until it is let go. */
typedef struct obstacle {
    oktai_job job; /* the first member */
    sem_t go, gone;
} obstacle;

static void block(oktai_job *job)
{
    obstacle *self = (obstacle *)job;
    while (sem_wait(&self->go) != 0) {
    }
    sem_post(&self->gone);
}

static void begin_to_block(obstacle *self, okta_client *client)
{
    *self = (obstacle){.job = {.run = block}};
    sem_init(&self->go, 0, 0);
    sem_init(&self->gone, 0, 0);
    oktai_worker_do(oktai_client_worker(client), &self->job);
}

static void let_go(obstacle *self)
{
    sem_post(&self->go);
    while (sem_wait(&self->gone) != 0) {
    }
    sem_destroy(&self->go);
    sem_destroy(&self->gone);
}

typedef struct making_test {
    rotation_world world;
    okta_loop *loop;
    okta_rotation *rotation;
    unsigned done;
    okta_status status;
    unsigned called;
} making_test;

static void on_done(void *ctx, okta_rotation *rotation, okta_error *error)
{
    making_test *self = ctx;
    (void)rotation;
    self->done++;
    self->status = okta_error_status(error);
    okta_free(error);
}

static void on_call(void *ctx, okta_call *call, okta_error *error)
{
    making_test *self = ctx;
    world_expect_none(error);
    self->called++;
    okta_free(call);
}

static void begin(making_test *self, okta_rotation_kind kind, okta_key_type type)
{
    *self = (making_test){.done = 0};
    rotation_world_start(&self->world, kind);
    okta_rotation_options options = rotation_world_options(&self->world);
    options.make = NULL;
    options.key_type = type;
    world_expect_none(okta_rotation_new(&options, &self->rotation));
    world_expect_none(okta_loop_new(NULL, &self->loop));
}

static void finish(making_test *self)
{
    okta_free(self->rotation);
    okta_free(self->loop);
    rotation_world_stop(&self->world);
}

/* The rotation is at its key, and the loop does what else it has to. */
static void run_to_making(making_test *self)
{
    world_expect_none(okta_rotation_submit(self->rotation, self->loop, on_done, self));
    while (mock_org_request_count(self->world.api.org) == 0) {
        world_expect_none(okta_loop_poll(self->loop, 1));
    }
    for (unsigned i = 1; i <= 3; i++) {
        okta_call *call = okta_list_jwk_call(self->world.api.client, MOCK_WEB_APP);
        world_expect_none(okta_call_submit(call, self->loop, on_call, self));
        while (self->called < i) {
            world_expect_none(okta_loop_poll(self->loop, -1));
        }
    }
}

static void calls_go_on_while_a_key_is_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        making_test program;
        obstacle blocker;
        begin(&program, kinds[i], OKTA_KEY_RSA_2048);
        begin_to_block(&blocker, program.world.api.client);
        run_to_making(&program);
        assert_int_equal(program.done, 0);
        assert_int_equal(program.world.stored, 0);
        let_go(&blocker);
        world_expect_none(okta_loop_run(program.loop));
        assert_int_equal(program.done, 1);
        assert_int_equal(program.status, OKTA_OK);
        assert_int_equal(program.world.stored, 1);
        assert_int_equal(okta_rotation_look(program.rotation)->state, OKTA_ROTATION_WAITS);
        assert_true(rotation_world_service_works(&program.world));
        finish(&program);
    }
}

/* How it ends before the key is there. */

static void cancel_it(making_test *self)
{
    okta_rotation_cancel(self->rotation);
    world_expect_none(okta_loop_run(self->loop));
}

static void release_it(making_test *self)
{
    okta_free(self->rotation);
    self->rotation = NULL;
    world_expect_none(okta_loop_run(self->loop));
}

static void cancel_loop(making_test *self)
{
    okta_loop_cancel(self->loop);
    world_expect_none(okta_loop_run(self->loop));
}

static void release_loop(making_test *self)
{
    okta_free(self->loop);
    self->loop = NULL;
}

typedef void ending(making_test *self);

static ending *const endings[] = {cancel_it, release_it, cancel_loop, release_loop};

/* Another key is being made, for which nobody waits. */
static void a_key_that_waits_is_not_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(endings); i++) {
        making_test program;
        obstacle blocker;
        begin(&program, OKTA_ROTATION_SIGNING_KEY, OKTA_KEY_RSA_4096);
        begin_to_block(&blocker, program.world.api.client);
        run_to_making(&program);
        endings[i](&program);
        assert_int_equal(program.done, endings[i] != release_it);
        assert_int_equal(program.status, endings[i] != release_it ? OKTA_E_CANCELED : OKTA_OK);
        assert_false(rotation_world_is_pending(&program.world));
        let_go(&blocker);
        finish(&program);
    }
}

/* It is being made, unless it is there already. */
static void a_key_that_is_made_is_given_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(endings); i++) {
        making_test program;
        begin(&program, OKTA_ROTATION_SIGNING_KEY, OKTA_KEY_RSA_4096);
        run_to_making(&program);
        endings[i](&program);
        assert_true(program.done <= 1);
        assert_true(program.world.stored <= 1);
        assert_true(rotation_world_service_works(&program.world));
        finish(&program);
    }
}

/* It may run again, and the client may be gone but for the rotation. */
static void goes_on_behind_a_canceled_key(void **state)
{
    making_test program;
    (void)state;
    begin(&program, OKTA_ROTATION_SIGNING_KEY, OKTA_KEY_RSA_2048);
    for (unsigned i = 0; i < 3; i++) {
        world_expect_none(okta_rotation_submit(program.rotation, program.loop, on_done, &program));
        okta_rotation_cancel(program.rotation);
        world_expect_none(okta_loop_run(program.loop));
        assert_int_equal(program.status, OKTA_E_CANCELED);
    }
    okta_error *error = okta_rotation_run(program.rotation);
    world_expect_none(error);
    assert_int_equal(okta_rotation_look(program.rotation)->state, OKTA_ROTATION_WAITS);
    finish(&program);
}

/* Several rotations of a client have their keys made one after the other; one in the middle is canceled. */
static void keys_are_made_one_after_the_other(void **state)
{
    enum { APPS = 4 };
    static const char *const apps[APPS] = {"0oa5making0000000001", "0oa5making0000000002",
                                           "0oa5making0000000003", "0oa5making0000000004"};
    making_test program;
    okta_rotation *rotations[APPS] = {NULL};
    (void)state;
    begin(&program, OKTA_ROTATION_SIGNING_KEY, OKTA_KEY_RSA_2048);
    okta_rotation_options options = rotation_world_options(&program.world);
    options.make = NULL;
    options.recall = NULL;
    for (size_t i = 0; i < APPS; i++) {
        assert_true(mock_org_add_app(program.world.api.org, apps[i], "private_key_jwt"));
        options.app_id = apps[i];
        world_expect_none(okta_rotation_new(&options, &rotations[i]));
        world_expect_none(okta_rotation_submit(rotations[i], program.loop, on_done, &program));
    }
    while (mock_org_request_count(program.world.api.org) < APPS) {
        world_expect_none(okta_loop_poll(program.loop, 1));
    }
    okta_rotation_cancel(rotations[APPS / 2]);
    world_expect_none(okta_loop_run(program.loop));
    assert_int_equal(program.done, APPS);
    for (size_t i = 0; i < APPS; i++) {
        okta_rotation_state ended = okta_rotation_look(rotations[i])->state;
        assert_true(ended == OKTA_ROTATION_DONE || i == APPS / 2);
        okta_free(rotations[i]);
    }
    finish(&program);
}

/* What is canceled from the start makes nothing. */
static void a_canceled_key_is_an_error(void **state)
{
    atomic_bool canceled;
    okta_key *key = NULL;
    (void)state;
    atomic_init(&canceled, true);
    okta_error *error = oktai_key_generate(OKTA_KEY_RSA_2048, &canceled, &key);
    assert_int_equal(okta_error_status(error), OKTA_E_CANCELED);
    assert_null(key);
    okta_free(error);
    atomic_store(&canceled, false);
    world_expect_none(oktai_key_generate(OKTA_KEY_RSA_2048, &canceled, &key));
    assert_true(okta_key_is_private(key));
    okta_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_go_on_while_a_key_is_made),   cmocka_unit_test(a_key_that_waits_is_not_made),
        cmocka_unit_test(a_key_that_is_made_is_given_up),    cmocka_unit_test(goes_on_behind_a_canceled_key),
        cmocka_unit_test(keys_are_made_one_after_the_other), cmocka_unit_test(a_canceled_key_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
