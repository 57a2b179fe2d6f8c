/* SPDX-License-Identifier: Apache-2.0 */
/* What a rotation refuses, and what it plans, before it changes anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"

/* Options. */

/* A change that makes good options bad. */
typedef struct bad_option {
    void (*spoil)(okta_rotation_options *options);
    const char *message;
} bad_option;

static okta_rotation_journal half_a_journal = {.struct_size = sizeof half_a_journal};

#define SPOIL(name, ...)                                                                                     \
    static void name(okta_rotation_options *options)                                                         \
    {                                                                                                        \
        __VA_ARGS__;                                                                                         \
    }
SPOIL(no_size, options->struct_size = 0)
SPOIL(no_client, options->client = NULL)
SPOIL(no_app, options->app_id = NULL)
SPOIL(empty_app, options->app_id = "")
SPOIL(dots, options->app_id = "..")
SPOIL(no_kind, options->kind = OKTA_ROTATION_KIND_NONE)
SPOIL(bad_kind, options->kind = (okta_rotation_kind)4)
SPOIL(bad_start, options->start = (okta_rotation_start)9)
SPOIL(bad_retire, options->retire = (okta_rotation_retire)-1)
SPOIL(bad_type, options->key_type = (okta_key_type)77)
SPOIL(bad_method, options->client_auth_method = (okta_client_auth_method)2)
SPOIL(no_journal, options->journal = NULL)
SPOIL(half_journal, options->journal = &half_a_journal)
SPOIL(no_name, options->retire = OKTA_ROTATION_RETIRE_NAMED)
SPOIL(name_alone, options->retire_name = "kid")
SPOIL(no_store, options->store = NULL; options->make = NULL)
SPOIL(ec_encrypts, options->kind = OKTA_ROTATION_ENCRYPTION_KEY; options->key_type = OKTA_KEY_EC_P256)
SPOIL(typed_secret, options->kind = OKTA_ROTATION_CLIENT_SECRET; options->key_type = OKTA_KEY_RSA_2048)
SPOIL(negative_grace, options->grace_s = okta_int(-1))
SPOIL(long_overlap, options->overlap_s = okta_int(31536001))

static const bad_option bad_options[] = {
    {no_size, "OKTA_ROTATION_OPTIONS_INIT"},
    {no_client, "options.client must not be NULL"},
    {no_app, "options.app_id must not be NULL"},
    {empty_app, "options.app_id must not be empty"},
    {dots, "options.app_id"},
    {no_kind, "options.kind"},
    {bad_kind, "options.kind"},
    {bad_start, "options.start"},
    {bad_retire, "options.retire"},
    {bad_type, "options.key_type"},
    {bad_method, "options.client_auth_method"},
    {no_journal, "options.journal must not be NULL"},
    {half_journal, "options.journal lacks"},
    {no_name, "options.retire_name must not be NULL"},
    {name_alone, "OKTA_ROTATION_RETIRE_NAMED"},
    {no_store, "options.store must not be NULL"},
    {ec_encrypts, "must be RSA"},
    {typed_secret, "goes with keys only"},
    {negative_grace, "options.grace_s must be 0 to 31,536,000"},
    {long_overlap, "options.overlap_s must be 0 to 31,536,000"},
};

static void refuses_bad_options(void **state)
{
    rotation_world world;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    for (size_t i = 0; i < COUNT(bad_options); i++) {
        okta_rotation *rotation = (okta_rotation *)&world;
        okta_rotation_options options = rotation_world_options(&world);
        bad_options[i].spoil(&options);
        world_expect_error(okta_rotation_new(&options, &rotation), OKTA_E_ARG, bad_options[i].message);
        assert_null(rotation);
    }
    okta_rotation_options options = rotation_world_options(&world);
    okta_rotation_plan *plan = NULL;
    world_expect_error(okta_rotation_new(&options, NULL), OKTA_E_ARG, "out");
    okta_rotation *rotation = NULL;
    world_expect_error(okta_rotation_new(NULL, &rotation), OKTA_E_ARG, "options");
    world_expect_error(okta_rotation_run(NULL), OKTA_E_ARG, "rotation");
    world_expect_error(okta_rotation_make_plan(NULL, &plan), OKTA_E_ARG, "rotation");
    assert_null(okta_rotation_look(NULL));
    okta_rotation_cancel(NULL);
    assert_int_equal(mock_org_request_count(world.api.org), 0);
    rotation_world_stop(&world);
}

/* Plans. */

static void expect_plan(rotation_world *world, const char *expected)
{
    okta_rotation *rotation = NULL;
    okta_rotation_plan *plan = NULL;
    char text[512] = "";
    okta_rotation_options options = rotation_world_options(world);
    world_expect_none(okta_rotation_new(&options, &rotation));
    world_expect_none(okta_rotation_make_plan(rotation, &plan));
    for (size_t i = 0; i < plan->count; i++) {
        const okta_rotation_plan_step *step = &plan->steps[i];
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s%s", i == 0 ? "" : " ",
                 okta_rotation_step_name(step->step), step->id != NULL ? "(old)" : "");
        if (step->step == OKTA_ROTATION_STEP_WAIT) {
            length = strlen(text);
            snprintf(text + length, sizeof text - length, "(%lld)", (long long)step->wait_s);
        }
    }
    assert_string_equal(text, expected);
    okta_free(plan);
    okta_free(rotation);
}

/* Nothing is changed by planning, whatever the rotation is at. */
static void plans_what_it_does(void **state)
{
    static const char *const plans[] = {
        "make store add prove switch wait(10) deactivate(old) wait(3600) delete(old) finish",
        "make store add activate prove switch wait(10) wait(3600) delete(old) finish",
        "make add store prove switch wait(10) deactivate(old) wait(3600) delete(old) finish"};
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        rotation_world world;
        rotation_world_start(&world, world_kinds[i]);
        expect_plan(&world, plans[i]);
        assert_int_equal(mock_org_request_count(world.api.org), 1);
        assert_int_equal(world.stored + world.switched + world.events, 0);
        assert_false(rotation_world_is_pending(&world));
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL), OKTA_ROTATION_WAITS);
        expect_plan(&world, i == 1 ? "wait(10) wait(3600) delete(old) finish"
                                   : "wait(10) deactivate(old) wait(3600) delete(old) finish");
        rotation_world_pass(&world, 10);
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
        expect_plan(&world, "wait(3600) delete(old) finish");
        rotation_world_pass(&world, WORLD_GRACE);
        expect_plan(&world, "delete(old) finish");
        rotation_world_stop(&world);
    }
}

/* A plan shows the rotation that would begin, and leaves alone what the last run has shown. */
static void plans_beside_a_run(void **state)
{
    rotation_world world;
    okta_rotation *rotation = NULL;
    okta_rotation_plan *plan = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    okta_rotation_options options = rotation_world_options(&world);
    options.start = OKTA_ROTATION_BEGIN;
    world_expect_none(okta_rotation_new(&options, &rotation));
    world_expect_none(okta_rotation_make_plan(rotation, &plan));
    assert_int_equal(plan->count, 10);
    okta_free(plan);
    world_expect_none(okta_rotation_run(rotation));
    const okta_rotation_progress *progress = okta_rotation_look(rotation);
    assert_int_equal(progress->state, OKTA_ROTATION_WAITS);
    world_expect_none(okta_rotation_make_plan(rotation, &plan));
    okta_free(plan);
    assert_int_equal(progress->state, OKTA_ROTATION_WAITS);
    assert_string_equal(progress->kid, world.current);
    okta_free(rotation);
    rotation_world_stop(&world);
}

/* What the app holds. */

static void expect_refusal(rotation_world *world, okta_rotation_retire retire, const char *name,
                           okta_status status, const char *part)
{
    okta_rotation *rotation = NULL;
    okta_rotation_plan *plan = NULL;
    okta_rotation_options options = rotation_world_options(world);
    options.retire = retire;
    options.retire_name = name;
    world_expect_none(okta_rotation_new(&options, &rotation));
    world_expect_error(okta_rotation_make_plan(rotation, &plan), status, part);
    world_expect_error(okta_rotation_run(rotation), status, part);
    assert_int_equal(okta_rotation_look(rotation)->state, OKTA_ROTATION_STOPPED);
    assert_false(rotation_world_is_pending(world));
    assert_int_equal(world->stored, 0);
    okta_free(rotation);
}

static void says_what_stands_in_the_way(void **state)
{
    rotation_world world;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_put_keys(&world, 1, "ACTIVE");
    expect_refusal(&world, OKTA_ROTATION_RETIRE_ACTIVE, NULL, OKTA_E_CONFLICT, "2 active signing keys");
    expect_refusal(&world, OKTA_ROTATION_RETIRE_NAMED, "nobody", OKTA_E_NOT_FOUND, "nobody");
    rotation_world_put_keys(&world, 48, "INACTIVE");
    expect_refusal(&world, OKTA_ROTATION_RETIRE_NONE, NULL, OKTA_E_CONFLICT, "as many keys as it may");
    rotation_world_stop(&world);
    rotation_world_start(&world, OKTA_ROTATION_CLIENT_SECRET);
    api_put(&world.api, "secrets",
            "{\"id\":\"ocs9\",\"client_secret\":\"another-secret-0123456789\",\"status\":\"INACTIVE\"}");
    expect_refusal(&world, OKTA_ROTATION_RETIRE_ACTIVE, NULL, OKTA_E_CONFLICT, "as many secrets as it may");
    rotation_world_stop(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_bad_options),
        cmocka_unit_test(plans_what_it_does),
        cmocka_unit_test(plans_beside_a_run),
        cmocka_unit_test(says_what_stands_in_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
