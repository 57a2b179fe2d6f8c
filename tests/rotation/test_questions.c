/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of the program that come late, from another thread, or never. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"

typedef struct late_program {
    rotation_world *world;
    pthread_t thread;
    okta_rotation_ask *ask;
    okta_rotation *rotation;
    unsigned asked;
    unsigned done;
    okta_status status;
} late_program;

static void *answer_late(void *context)
{
    late_program *program = context;
    okta_rotation_answer(program->ask, NULL);
    return NULL;
}

static void ask_thread(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    late_program *program = ctx;
    assert_non_null(subject->key);
    assert_non_null(subject->kid);
    assert_string_equal(subject->app_id, program->world->app_id);
    if (program->asked++ > 0) {
        pthread_join(program->thread, NULL);
    }
    program->ask = ask;
    assert_int_equal(pthread_create(&program->thread, NULL, answer_late, program), 0);
}

static void give_key(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    late_program *program = ctx;
    (void)subject;
    okta_rotation_answer_key(ask, program->world->keys[1], NULL);
}

static void on_done(void *ctx, okta_rotation *rotation, okta_error *error)
{
    late_program *program = ctx;
    assert_ptr_equal(rotation, program->rotation);
    program->done++;
    program->status = okta_error_status(error);
    okta_free(error);
}

static okta_rotation_options late_options(late_program *program)
{
    okta_rotation_options options = rotation_world_options(program->world);
    options.make = give_key;
    options.store = ask_thread;
    options.prove = ask_thread;
    options.switch_over = ask_thread;
    options.ctx = program;
    return options;
}

static void answers_may_come_later(void **state)
{
    rotation_world world;
    late_program program = {.world = &world};
    okta_loop *loop = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    okta_rotation_options options = late_options(&program);
    world_expect_none(okta_rotation_new(&options, &program.rotation));
    world_expect_none(okta_loop_new(NULL, &loop));
    world_expect_none(okta_rotation_submit(program.rotation, loop, on_done, &program));
    world_expect_error(okta_rotation_submit(program.rotation, loop, on_done, &program), OKTA_E_ARG,
                       "runs already");
    world_expect_error(okta_rotation_run(program.rotation), OKTA_E_ARG, "runs already");
    assert_int_equal(program.done, 0);
    world_expect_none(okta_loop_run(loop));
    pthread_join(program.thread, NULL);
    assert_int_equal(program.done, 1);
    assert_int_equal(program.status, OKTA_OK);
    assert_int_equal(program.asked, 3);
    assert_int_equal(okta_rotation_look(program.rotation)->state, OKTA_ROTATION_WAITS);
    okta_free(program.rotation);
    okta_free(loop);
    rotation_world_stop(&world);
}

/* A question that is open when the rotation is canceled, released, or its loop is. */

static void ask_nobody(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    late_program *program = ctx;
    (void)subject;
    program->ask = ask;
    program->asked++;
}

static void cancel_it(late_program *program, okta_loop **loop)
{
    okta_rotation_cancel(program->rotation);
    world_expect_none(okta_loop_run(*loop));
    assert_int_equal(program->done, 1);
    assert_int_equal(program->status, OKTA_E_CANCELED);
}

static void release_it(late_program *program, okta_loop **loop)
{
    okta_free(program->rotation);
    program->rotation = NULL;
    world_expect_none(okta_loop_run(*loop));
    assert_int_equal(program->done, 0);
}

static void cancel_loop(late_program *program, okta_loop **loop)
{
    okta_loop_cancel(*loop);
    world_expect_none(okta_loop_run(*loop));
    assert_int_equal(program->done, 1);
    assert_int_equal(program->status, OKTA_E_CANCELED);
}

static void release_loop(late_program *program, okta_loop **loop)
{
    okta_free(*loop);
    *loop = NULL;
    assert_int_equal(program->done, 1);
    assert_int_equal(program->status, OKTA_E_CANCELED);
}

static void an_open_question_holds_nothing_up(void **state)
{
    void (*const endings[])(late_program *, okta_loop **) = {cancel_it, release_it, cancel_loop,
                                                             release_loop};
    (void)state;
    for (size_t i = 0; i < COUNT(endings); i++) {
        rotation_world world;
        late_program program = {.world = &world};
        okta_loop *loop = NULL;
        rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
        okta_rotation_options options = late_options(&program);
        options.store = ask_nobody;
        world_expect_none(okta_rotation_new(&options, &program.rotation));
        world_expect_none(okta_loop_new(NULL, &loop));
        world_expect_none(okta_rotation_submit(program.rotation, loop, on_done, &program));
        while (program.asked == 0) {
            world_expect_none(okta_loop_poll(loop, -1));
        }
        endings[i](&program, &loop);
        okta_rotation_answer(program.ask, okta_error_new(OKTA_E_CONFIG, "too late"));
        assert_true(rotation_world_is_pending(&world)); /* it can go on */
        okta_free(program.rotation);
        okta_free(loop);
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        rotation_world_stop(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_may_come_later),
        cmocka_unit_test(an_open_question_holds_nothing_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
