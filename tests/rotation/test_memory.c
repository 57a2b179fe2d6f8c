/* SPDX-License-Identifier: Apache-2.0 */
/* Memory runs out in the middle of a rotation: it stops with an error or takes back what it began, and the
 * next run goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"
#include "unit/allocations.h"

static void go_on(rotation_world *world)
{
    assert_true(rotation_world_service_works(world));
    rotation_world_run_to_end(world);
    if (strcmp(world->current, world->first) == 0) {
        assert_int_equal(rotation_world_count(world), 1);
        rotation_world_run(world, OKTA_ROTATION_GO_ON_OR_BEGIN, NULL);
        assert_int_equal(rotation_world_run_to_end(world), OKTA_ROTATION_DONE);
    }
    assert_int_equal(rotation_world_count(world), 1);
    assert_string_not_equal(world->current, world->first);
    assert_true(rotation_world_service_works(world));
}

/* The nth allocation of the run fails. False: there are not so many. */
static bool fail_one(okta_rotation_kind kind, size_t nth)
{
    rotation_world world;
    okta_rotation *rotation = NULL;
    rotation_world_start(&world, kind);
    okta_rotation_options options = rotation_world_options(&world);
    allocations_begin(nth, false);
    okta_error *error = okta_rotation_new(&options, &rotation);
    if (error == NULL) {
        error = okta_rotation_run(rotation);
    }
    bool failed = allocations_end();
    assert_true(failed || error == NULL);
    okta_free(error);
    okta_free(rotation);
    go_on(&world);
    rotation_world_stop(&world);
    return failed;
}

static void each_allocation_may_fail(void **state)
{
    static const okta_rotation_kind kinds[] = {OKTA_ROTATION_SIGNING_KEY, OKTA_ROTATION_ENCRYPTION_KEY,
                                               OKTA_ROTATION_CLIENT_SECRET};
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        size_t nth = 1;
        while (fail_one(kinds[i], nth)) {
            nth++;
        }
        assert_true(nth > 50);
        printf("%s: %zu allocations\n", okta_rotation_kind_name(kinds[i]), nth);
    }
}

/* The nth allocation fails of a run whose app was deleted. False: there are not so many. */
static bool fail_one_without_app(size_t nth)
{
    rotation_world world;
    okta_rotation *rotation = NULL;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    rotation_world_pass(&world, WORLD_GRACE);
    api_world_renew(&world.api, NULL);
    api_fault(&world.api, (mock_fault){.path_contains = "/credentials/", .times = 100, .status = 404});
    okta_rotation_options options = rotation_world_options(&world);
    allocations_begin(nth, false);
    okta_error *error = okta_rotation_new(&options, &rotation);
    if (error == NULL) {
        error = okta_rotation_run(rotation);
    }
    bool failed = allocations_end();
    assert_non_null(error);
    const okta_rotation_progress *progress = okta_rotation_look(rotation);
    bool is_gone = progress != NULL && progress->state == OKTA_ROTATION_APP_GONE;
    assert_int_equal(is_gone, !rotation_world_is_pending(&world));
    assert_true(failed || is_gone);
    okta_free(error);
    okta_free(rotation);
    rotation_world_stop(&world);
    return failed;
}

static void each_allocation_may_fail_without_app(void **state)
{
    size_t nth = 1;
    (void)state;
    while (fail_one_without_app(nth)) {
        nth++;
    }
    assert_true(nth > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_may_fail),
                                       cmocka_unit_test(each_allocation_may_fail_without_app)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
