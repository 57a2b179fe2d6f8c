/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation fails in turn, for one operation of each shape: parameters, bodies, results, pages.
 * Nothing crashes or leaks, and a lack of memory is told as such. Leaks are for LeakSanitizer to find. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "api/alloc_sweep.h"
#include "api/rows.h"

#define NEXT "Link: <https://org.example.com/api/v1/things?after=2>; rel=\"next\""

static const char *const thing_id[] = {"t1"};

/* A file of four bytes, each time anew; an empty one where the last reading ended in between. */
static size_t read_file(void *ctx, void *buffer, size_t size)
{
    bool *at_end = ctx;
    size_t count = *at_end || size < 4 ? 0 : 4;
    *at_end = !*at_end;
    memcpy(buffer, "file", count);
    return count;
}

static void survives_every_failed_allocation_of_a_call(void **state)
{
    static bool at_end;
    static const char *ids[] = {"a", "b"};
    static const okta_member extras[] = {{"newer", "[1,2]", NULL}};
    static const okta_list_things_params params = {
        .model = {sizeof(okta_list_things_params), NULL, extras, 1, NULL, 0, NULL},
        .q = "a b",
        .ids = ids,
        .ids_count = 2,
        .match = "v1"};
    static const okta_upload upload = {sizeof(okta_upload), "f", "image/png", NULL, 0, read_file, &at_end};
    static const okta_thing_logo_body logo = {
        .model = OKTA_INIT(okta_thing_logo_body), .name = "n", .file = &upload};
    static const okta_thing thing = {.model = OKTA_INIT(okta_thing), .name = "n", .secret = "Canary-1234"};
    static const okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = "x", .length = 1};
    static const char *const location[] = {"Location: https://x.example.com/", NULL};
    static const alloc_shape shapes[] = {
        {&rows_list_things, thing_id, &params, NULL, {.status = 200, .body = "[{\"id\":\"t1\"}]"}},
        {&rows_update_thing, thing_id, NULL, &thing, {.status = 200, .body = "{\"id\":\"t1\"}"}},
        {&rows_tell_thing,
         thing_id,
         NULL,
         "{\"password\":\"Canary-1234\"}",
         {.status = 200, .body = "{\"a\":[1]}"}},
        {&rows_upload_logo, thing_id, NULL, &logo, {.status = 201, .body = ""}},
        {&rows_publish_thing, thing_id, NULL, &bytes, {.status = 201, .body = "{}"}},
        {&rows_get_metadata,
         thing_id,
         NULL,
         NULL,
         {.status = 200, .body = "<a/>", .content_type = "text/xml"}},
        {&rows_list_versions, thing_id, NULL, NULL, {.status = 200, .body = "[\"a\\u0062\",null,12]"}},
        {&rows_authorize, thing_id, &params, NULL, {.status = 302, .headers = location}},
        {&rows_introspect, thing_id, NULL, &thing, {.status = 200, .body = "{}"}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        alloc_sweep_call(&shapes[i]);
    }
}

static void survives_every_failed_allocation_of_an_iteration(void **state)
{
    static const char *const links[] = {NEXT, NULL};
    api_world *world = *state;
    api_fault(world, (mock_fault){.path_contains = "first",
                                  .times = UINT_MAX,
                                  .status = 200,
                                  .headers = links,
                                  .body = "[{\"id\":\"a\"}]"});
    api_fault(world, (mock_fault){.times = UINT_MAX, .status = 200, .body = "[{\"id\":\"b\"},3]"});
    const alloc_shape things = {.operation = &rows_list_things};
    alloc_sweep_pages(world, &things, "/api/v1/things/first?limit=1", 3);
}

static void survives_every_failed_allocation_of_a_cursor_in_a_body(void **state)
{
    api_world *world = *state;
    api_fault(world, (mock_fault){.times = UINT_MAX,
                                  .status = 200,
                                  .body = "{\"things\":[{\"id\":\"a\"}],\"page\":{\"after\":\"\\u0032\"}}"});
    const alloc_shape things = {.operation = &rows_list_cursored};
    alloc_sweep_pages(world, &things, "/api/v1/things/first?limit=1", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_every_failed_allocation_of_a_call),
        cmocka_unit_test_setup_teardown(survives_every_failed_allocation_of_an_iteration, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(survives_every_failed_allocation_of_a_cursor_in_a_body,
                                        api_world_setup, api_world_teardown),
    };
    return cmocka_run_group_tests_name("alloc_shapes", tests, NULL, NULL);
}
