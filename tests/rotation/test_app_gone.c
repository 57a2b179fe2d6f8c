/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody deletes the app while a rotation is under way, or something between here and Okta says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"

#define NO_APP "{\"errorCode\":\"E0000007\",\"errorSummary\":\"Not found: no such app\"}"

static void interrupt_at(rotation_world *world, okta_rotation_kind kind, unsigned event)
{
    rotation_world_start(world, kind);
    world->ends_at = event;
    rotation_world_run(world, OKTA_ROTATION_BEGIN, NULL);
    world->ends_at = 0;
    rotation_world_pass(world, WORLD_GRACE);
}

static void answer_lists(rotation_world *world, unsigned skip, const char *type, const char *body)
{
    api_fault(&world->api, (mock_fault){.method = "GET",
                                        .path_contains = "/credentials/",
                                        .skip = skip,
                                        .times = 1000,
                                        .status = 404,
                                        .content_type = type,
                                        .body = body});
}

static void a_deleted_app_ends_what_is_under_way(void **state)
{
    static const okta_rotation_start starts[] = {OKTA_ROTATION_GO_ON_OR_BEGIN, OKTA_ROTATION_GO_ON,
                                                 OKTA_ROTATION_UNDO};
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds) * COUNT(starts); i++) {
        for (unsigned event = 2; event < 6; event++) {
            rotation_world world;
            okta_status status;
            interrupt_at(&world, world_kinds[i / COUNT(starts)], event);
            assert_true(rotation_world_is_pending(&world));
            answer_lists(&world, 0, "application/json", NO_APP);
            assert_int_equal(rotation_world_run(&world, starts[i % COUNT(starts)], &status),
                             OKTA_ROTATION_APP_GONE);
            assert_int_equal(status, OKTA_E_NOT_FOUND);
            assert_non_null(strstr(world.message, "is gone"));
            assert_non_null(strstr(world.message, world.app_id));
            assert_int_equal(world.progress.phase, OKTA_ROTATION_PHASE_NONE);
            assert_false(rotation_world_is_pending(&world));
            assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_STOPPED);
            assert_int_equal(status, OKTA_E_NOT_FOUND);
            rotation_world_stop(&world);
        }
    }
}

/* The app goes while its rotation runs: adding is refused, and the list that is looked at then is, too. */
static void an_app_that_is_deleted_meanwhile_ends_the_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        rotation_world world;
        okta_status status;
        rotation_world_start(&world, world_kinds[i]);
        api_fault(&world.api, (mock_fault){.method = "POST",
                                           .path_contains = "/credentials/",
                                           .times = 1000,
                                           .status = 404,
                                           .content_type = "application/json",
                                           .body = NO_APP});
        answer_lists(&world, 1, "application/json", NO_APP);
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_APP_GONE);
        assert_int_equal(status, OKTA_E_NOT_FOUND);
        assert_false(rotation_world_is_pending(&world));
        rotation_world_stop(&world);
    }
}

/* Nobody but Okta knows which apps there are, and a plan changes nothing. */
static void nothing_else_makes_an_app_gone(void **state)
{
    static const struct {
        const char *type;
        const char *body;
    } answers[] = {
        {"text/html", "<html><title>Not Found</title></html>"},
        {"application/json", "{\"error\":\"not_found\"}"},
        {"application/json", "{\"errorCode\":\"E0000022\",\"errorSummary\":\"no such path\"}"},
        {"application/json", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds) * COUNT(answers); i++) {
        rotation_world world;
        interrupt_at(&world, world_kinds[i % COUNT(world_kinds)], 4);
        answer_lists(&world, 0, answers[i / COUNT(world_kinds)].type, answers[i / COUNT(world_kinds)].body);
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_STOPPED);
        assert_true(rotation_world_is_pending(&world));
        mock_org_forget_faults(world.api.org);
        rotation_world_run_to_end(&world);
        rotation_world_stop(&world);
    }
}

static void a_plan_forgets_no_deleted_app(void **state)
{
    rotation_world world;
    okta_rotation *rotation = NULL;
    okta_rotation_plan *plan = NULL;
    (void)state;
    interrupt_at(&world, OKTA_ROTATION_SIGNING_KEY, 4);
    api_world_renew(&world.api, NULL);
    answer_lists(&world, 0, "application/json", NO_APP);
    okta_rotation_options options = rotation_world_options(&world);
    assert_null(okta_rotation_new(&options, &rotation));
    okta_error *error = okta_rotation_make_plan(rotation, &plan);
    assert_int_equal(okta_error_status(error), OKTA_E_NOT_FOUND);
    assert_null(plan);
    okta_free(error);
    okta_free(rotation);
    assert_true(rotation_world_is_pending(&world));
    rotation_world_stop(&world);
}

/* The journal cannot be written either: the next run ends it. */
static void a_deleted_app_that_cannot_be_forgotten_stays(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    interrupt_at(&world, OKTA_ROTATION_SIGNING_KEY, 4);
    answer_lists(&world, 0, "application/json", NO_APP);
    world.ends_at = 1;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_CANCELED);
    assert_true(rotation_world_is_pending(&world));
    world.ends_at = 0;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_APP_GONE);
    assert_false(rotation_world_is_pending(&world));
    rotation_world_stop(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deleted_app_ends_what_is_under_way),
        cmocka_unit_test(an_app_that_is_deleted_meanwhile_ends_the_run),
        cmocka_unit_test(nothing_else_makes_an_app_gone),
        cmocka_unit_test(a_plan_forgets_no_deleted_app),
        cmocka_unit_test(a_deleted_app_that_cannot_be_forgotten_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
