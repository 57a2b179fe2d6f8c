/* SPDX-License-Identifier: Apache-2.0 */
/* What a rotation replaces of what the app holds, and what others do to that meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"

/* How many of the keys that are there before go with each choice. */
static void replaces_what_it_is_told_to(void **state)
{
    static const struct {
        okta_rotation_retire retire;
        const char *name;
        size_t left;
    } choices[] = {
        {OKTA_ROTATION_RETIRE_NONE, NULL, 5},   {OKTA_ROTATION_RETIRE_NAMED, "other-1", 4},
        {OKTA_ROTATION_RETIRE_OLDEST, NULL, 4}, {OKTA_ROTATION_RETIRE_ALL_OTHERS, NULL, 1},
        {OKTA_ROTATION_RETIRE_ACTIVE, NULL, 4},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(choices); i++) {
        rotation_world world;
        okta_rotation *rotation = NULL;
        rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
        rotation_world_put_keys(&world, 3, "INACTIVE");
        okta_rotation_options options = rotation_world_options(&world);
        options.retire = choices[i].retire;
        options.retire_name = choices[i].name;
        options.grace_s = okta_int(0);
        world_expect_none(okta_rotation_new(&options, &rotation));
        world_expect_none(okta_rotation_run(rotation));
        assert_int_equal(okta_rotation_look(rotation)->state, OKTA_ROTATION_DONE);
        assert_int_equal(rotation_world_count(&world), choices[i].left);
        okta_free(rotation);
        rotation_world_stop(&world);
    }
}

/* An administrator activates the old key again while it waits: it is in use, and stays. */
static void leaves_what_is_active_again(void **state)
{
    rotation_world world;
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_oauth2_client_jwk *key = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    rotation_world_pass(&world, 10);
    rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL);
    world_expect_none(okta_list_jwk(world.api.client, world.app_id, &keys));
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i]->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE) {
            world_expect_none(okta_activate_oauth2_client_json_web_key(world.api.client, world.app_id,
                                                                       keys->items[i]->id, &key));
        }
    }
    okta_free(keys);
    okta_free(key);
    rotation_world_pass(&world, WORLD_GRACE);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_DONE);
    assert_int_equal(world.progress.kept, 1);
    assert_int_equal(rotation_world_count(&world), 2);
    rotation_world_stop(&world);
}

static void activate_all(rotation_world *world)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    world_expect_none(okta_list_jwk(world->api.client, world->app_id, &keys));
    for (size_t i = 0; i < keys->count; i++) {
        okta_oauth2_client_jwk *key = NULL;
        world_expect_none(okta_activate_oauth2_client_json_web_key(world->api.client, world->app_id,
                                                                   keys->items[i]->id, &key));
        okta_free(key);
    }
    okta_free(keys);
}

/* What an administrator activated again is in use, also when another rotation takes over. */
static void another_one_leaves_what_is_active_again(void **state)
{
    rotation_world world;
    okta_rotation *rotation = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run_to_retired(&world);
    activate_all(&world);
    char name[WORLD_SECRET];
    memcpy(name, world.current, sizeof name);
    okta_rotation_options options = rotation_world_options(&world);
    options.start = OKTA_ROTATION_BEGIN;
    options.retire = OKTA_ROTATION_RETIRE_NAMED;
    options.retire_name = name;
    options.grace_s = okta_int(0);
    world_expect_none(okta_rotation_new(&options, &rotation));
    world_expect_none(okta_rotation_run(rotation));
    assert_int_equal(okta_rotation_look(rotation)->state, OKTA_ROTATION_DONE);
    okta_free(rotation);
    assert_int_equal(rotation_world_count(&world), 2); /* the oldest and the newest */
    memcpy(world.current, world.first, sizeof world.current);
    assert_true(rotation_world_service_works(&world));
    rotation_world_stop(&world);
}

/* Somebody deletes the new key behind the switch: another one takes its place, before the old one goes. */
static void replaces_a_new_one_that_is_deleted(void **state)
{
    rotation_world world;
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_oauth2_client_jwk *key = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    world_expect_none(okta_list_jwk(world.api.client, world.app_id, &keys));
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(keys->items[i]->kid, world.current) == 0) {
            world_expect_none(okta_deactivate_oauth2_client_json_web_key(world.api.client, world.app_id,
                                                                         keys->items[i]->id, &key));
            world_expect_none(okta_delete_jwk(world.api.client, world.app_id, keys->items[i]->id));
        }
    }
    okta_free(keys);
    okta_free(key);
    rotation_world_pass(&world, 10);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
    assert_int_equal(world.switched, 2);
    assert_true(rotation_world_service_works(&world));
    assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
    assert_int_equal(rotation_world_count(&world), 1);
    rotation_world_stop(&world);
}

/* A request that was repeated arrives once more, after what it added was given up and deleted. */
static void deletes_what_is_added_again(void **state)
{
    rotation_world world;
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    world.proves_itself = true;
    world.prove_fails =
        OKTA_E_TRANSPORT; /* the process ends there, and the store has no key for the next one */
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL), OKTA_ROTATION_STOPPED);
    world.prove_fails = OKTA_OK;
    world.proves_itself = false;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
    assert_int_equal(rotation_world_count(&world), 2);
    world_expect_none(okta_key_to_jwk_request(world.held[0], &options, &request));
    world_expect_none(okta_add_jwk(world.api.client, world.app_id, request, &added));
    assert_int_equal(rotation_world_count(&world), 3);
    assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
    assert_int_equal(rotation_world_count(&world), 1);
    okta_free(request);
    okta_free(added);
    rotation_world_stop(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_what_it_is_told_to),
        cmocka_unit_test(leaves_what_is_active_again),
        cmocka_unit_test(another_one_leaves_what_is_active_again),
        cmocka_unit_test(replaces_a_new_one_that_is_deleted),
        cmocka_unit_test(deletes_what_is_added_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
