/* SPDX-License-Identifier: Apache-2.0 */
/* What a rotation does when the program, a process or the clock fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"

/* Failures of the program. */

/* A store that fails, a credential that does not log in: all is as before. */
static void takes_back_what_does_not_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        for (unsigned proves = 0; proves < 2; proves++) {
            rotation_world world;
            okta_status status;
            rotation_world_start(&world, world_kinds[i]);
            world.proves_itself = true;
            *(proves ? &world.prove_fails : &world.store_fails) = proves ? OKTA_E_AUTH : OKTA_E_CONFIG;
            assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_UNDONE);
            assert_int_equal(status, proves ? OKTA_E_AUTH : OKTA_E_CONFIG);
            assert_non_null(strstr(world.message, proves ? "does not log in" : "store is full"));
            assert_false(rotation_world_is_pending(&world));
            assert_true(rotation_world_service_works(&world));
            assert_int_equal(rotation_world_count(&world), 1);
            assert_int_equal(world.switched, 0);
            rotation_world_stop(&world);
        }
    }
}

/* Services that cannot be reached may have switched: it goes on, and is not taken back. */
static void goes_on_behind_a_switch_that_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        rotation_world world;
        okta_status status;
        rotation_world_start(&world, world_kinds[i]);
        world.switch_fails = OKTA_E_TRANSPORT;
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_STOPPED);
        assert_int_equal(status, OKTA_E_TRANSPORT);
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_UNDO, &status), OKTA_ROTATION_STOPPED);
        assert_int_equal(status, OKTA_E_CONFLICT);
        assert_int_equal(rotation_world_count(&world), 2);
        world.switch_fails = OKTA_OK;
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        assert_int_equal(rotation_world_count(&world), 1);
        rotation_world_stop(&world);
    }
}

/* The proof by a login: the org does not know the key. */
static void login_that_is_refused_takes_back(void **state)
{
    static const struct {
        unsigned http_status;
        const char *code;
        okta_rotation_state ends;
    } answers[] = {
        {401, "invalid_client", OKTA_ROTATION_UNDONE},     {400, "invalid_request", OKTA_ROTATION_UNDONE},
        {400, "unauthorized_client", OKTA_ROTATION_WAITS}, {400, "invalid_scope", OKTA_ROTATION_WAITS},
        {400, "access_denied", OKTA_ROTATION_WAITS},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        rotation_world world;
        char body[64];
        rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
        snprintf(body, sizeof body, "{\"error\":\"%s\"}", answers[i].code);
        api_fault(&world.api, (mock_fault){.path_contains = "/oauth2/v1/token",
                                           .times = 10,
                                           .status = answers[i].http_status,
                                           .body = body});
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL), answers[i].ends);
        assert_int_equal(world.switched, answers[i].ends == OKTA_ROTATION_WAITS);
        assert_true(rotation_world_service_works(&world));
        rotation_world_stop(&world);
    }
}

/* A program that gives the key of an HSM gives the same one again. */
static void the_same_key_may_come_again(void **state)
{
    (void)state;
    for (unsigned event = 1; event < 8; event++) {
        rotation_world world;
        rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
        world.gives_same = true;
        world.ends_at = event;
        rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
        world.ends_at = 0;
        okta_rotation_state ended = rotation_world_run(&world, OKTA_ROTATION_GO_ON_OR_BEGIN, NULL);
        assert_string_equal(world.message, "");
        assert_int_equal(ended, OKTA_ROTATION_WAITS);
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        assert_int_equal(rotation_world_count(&world), 1);
        rotation_world_stop(&world);
    }
}

/* Beginnings. */

static void a_second_one_goes_on_or_is_refused(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_NOT_FOUND);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_UNDO, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_NOT_FOUND);
    assert_int_equal(mock_org_request_count(world.api.org), 0);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_CONFLICT);
    assert_non_null(strstr(world.message, "switched"));
    api_forget(&world.api);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_WAITS);
    assert_int_equal(mock_org_request_count(world.api.org), 0); /* it only waits */
    rotation_world_stop(&world);
}

/* While the old key waits to be deleted, the new one is found to be leaked. */
static void another_one_takes_over_what_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        rotation_world world;
        okta_status status;
        if (world_kinds[i] == OKTA_ROTATION_CLIENT_SECRET) {
            continue; /* of these there are two at most */
        }
        rotation_world_start(&world, world_kinds[i]);
        rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
        rotation_world_pass(&world, 10);
        rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL);
        assert_int_equal(rotation_world_count(&world), 2);
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_WAITS);
        assert_int_equal(status, OKTA_OK);
        assert_int_equal(rotation_world_count(&world), 3);
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        assert_int_equal(rotation_world_count(&world), 1);
        assert_true(rotation_world_service_works(&world));
        assert_int_equal(world.switched, 2);
        rotation_world_stop(&world);
    }
}

/* A second rotation is taken back: the first one has still to delete the old key. */
static void an_undone_one_gives_back_what_it_took_over(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run_to_retired(&world);
    world.store_fails = OKTA_E_CONFIG;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_UNDONE);
    assert_int_equal(status, OKTA_E_CONFIG);
    assert_true(rotation_world_is_pending(&world));
    assert_int_equal(rotation_world_count(&world), 2);
    world.store_fails = OKTA_OK;
    rotation_world_pass(&world, WORLD_GRACE);
    assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
    assert_int_equal(rotation_world_count(&world), 1);
    assert_true(rotation_world_service_works(&world));
    rotation_world_stop(&world);
}

/* The app had no secret, so that the new one, which does not log in, is the only active one, and the org does
 * not deactivate it. The next run has another one take its place; --undo says what is wrong. */
static void the_first_one_that_fails_goes_when_another_works(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_CLIENT_SECRET);
    world.app_id = "0oa4firstsecret000g4";
    assert_true(mock_org_add_app(world.api.org, world.app_id, "client_secret_basic"));
    world.proves_itself = true;
    world.prove_fails = OKTA_E_AUTH;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_AUTH);
    assert_non_null(strstr(world.message, "it could not be taken back"));
    assert_non_null(strstr(world.message, "only active secret"));
    for (unsigned i = 0; i < 2; i++) { /* however often it fails, one is left */
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_STOPPED);
        assert_int_equal(status, OKTA_E_AUTH);
        assert_int_equal(rotation_world_count(&world), 1);
        assert_true(rotation_world_is_pending(&world));
    }
    assert_int_equal(world.proven, 3);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_UNDO, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_INVALID);
    assert_int_equal(rotation_world_count(&world), 1);
    assert_int_equal(world.switched, 0);
    world.prove_fails = OKTA_OK;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_DONE);
    assert_int_equal(status, OKTA_OK);
    assert_int_equal(world.switched, 1);
    assert_int_equal(rotation_world_count(&world), 1);
    assert_true(rotation_world_service_works(&world));
    assert_false(rotation_world_is_pending(&world));
    rotation_world_stop(&world);
}

/* Processes that end or are overtaken. */

static void undoes_what_was_interrupted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        for (unsigned event = 1; event < 8; event++) {
            rotation_world world;
            okta_status status;
            rotation_world_start(&world, world_kinds[i]);
            world.ends_at = event;
            rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
            world.ends_at = 0;
            okta_rotation_state ended = rotation_world_run(&world, OKTA_ROTATION_UNDO, &status);
            if (ended == OKTA_ROTATION_WAITS) { /* what was sent may still arrive */
                rotation_world_pass(&world, 61);
                ended = rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status);
            }
            if (status == OKTA_OK) {
                assert_int_equal(ended, OKTA_ROTATION_UNDONE);
                assert_int_equal(rotation_world_count(&world), 1);
                assert_string_equal(world.current, world.first);
            }
            assert_true(rotation_world_service_works(&world));
            rotation_world_stop(&world);
        }
    }
}

/* Another process went on with it: the paused one is refused, and does nothing any more. */
static void a_process_that_was_overtaken_is_refused(void **state)
{
    rotation_world world;
    okta_rotation_record *record = NULL;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    world_expect_none(world.memory->load(world.memory->ctx, world.app_id, world.kind, &record));
    rotation_world_pass(&world, 10);
    rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status);
    assert_int_equal(status, OKTA_OK);
    world_expect_error(world.memory->forget(world.memory->ctx, record), OKTA_E_CONFLICT, "another one");
    record->revision++; /* the next step of the one that was paused */
    world_expect_error(world.memory->step(world.memory->ctx, record), OKTA_E_CONFLICT, "another one");
    world_expect_error(world.memory->begin(world.memory->ctx, record), OKTA_E_CONFLICT, "has a rotation");
    okta_free(record);
    rotation_world_stop(&world);
}

/* A process that was paused has a record of a rotation that is over: it is not taken for the next one's. */
static void records_of_another_rotation_are_refused(void **state)
{
    rotation_world world;
    okta_rotation_record *record = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    world.ends_at = 2;
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    world.ends_at = 0;
    world_expect_none(world.memory->load(world.memory->ctx, world.app_id, world.kind, &record));
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_UNDO, NULL), OKTA_ROTATION_UNDONE);
    world.api.clock.random += 7;
    world.ends_at = 2;
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    assert_true(rotation_world_is_pending(&world));
    world_expect_error(world.memory->forget(world.memory->ctx, record), OKTA_E_CONFLICT, "another one");
    record->revision++;
    world_expect_error(world.memory->step(world.memory->ctx, record), OKTA_E_CONFLICT, "another one");
    okta_free(record);
    rotation_world_stop(&world);
}

/* A request of a process that ended arrives between the list and the request of the next one, which is
 * refused. */
static void a_refusal_is_looked_into(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    world.has_recall = true;
    world.ends_at = 3; /* the journal has that it is stored, and the process ends */
    world.ends_behind = true;
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    assert_int_equal(rotation_world_count(&world), 1);
    world.ends_at = 0;
    world.arrives_in_recall = true;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_WAITS);
    assert_string_equal(world.message, "");
    assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
    assert_int_equal(rotation_world_count(&world), 1);
    rotation_world_stop(&world);
}

/* A clock that was years ahead when the old key was deactivated. */
static void a_clock_that_was_ahead_holds_nothing_up(void **state)
{
    rotation_world world;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run_to_retired(&world);
    world.api.clock.wall_skew_ms = -INT64_C(315360000) * 1000;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
    rotation_world_pass(&world, WORLD_GRACE);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_DONE);
    rotation_world_stop(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_back_what_does_not_work),
        cmocka_unit_test(goes_on_behind_a_switch_that_fails),
        cmocka_unit_test(login_that_is_refused_takes_back),
        cmocka_unit_test(the_same_key_may_come_again),
        cmocka_unit_test(a_second_one_goes_on_or_is_refused),
        cmocka_unit_test(another_one_takes_over_what_waits),
        cmocka_unit_test(an_undone_one_gives_back_what_it_took_over),
        cmocka_unit_test(the_first_one_that_fails_goes_when_another_works),
        cmocka_unit_test(undoes_what_was_interrupted),
        cmocka_unit_test(a_process_that_was_overtaken_is_refused),
        cmocka_unit_test(records_of_another_rotation_are_refused),
        cmocka_unit_test(a_refusal_is_looked_into),
        cmocka_unit_test(a_clock_that_was_ahead_holds_nothing_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
