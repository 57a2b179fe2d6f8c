/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation fails in turn, for one operation of each shape: parameters, bodies, results, pages.
 * Nothing crashes or leaks, and a lack of memory is told as such. Leaks are for LeakSanitizer to find. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/rows.h"
#include "unit/allocations.h"

#define SWEEP_MAX 2000u
#define NEXT      "Link: <https://org.example.com/api/v1/things?after=2>; rel=\"next\""

static const char *const thing_id[] = {"t1"};

static size_t read_once(void *ctx, void *buffer, size_t size)
{
    bool *done = ctx;
    size_t count = *done || size < 4 ? 0 : 4;
    *done = true;
    memcpy(buffer, "file", count);
    return count;
}

/* An operation with what it takes, and the answer to it. */
typedef struct shape {
    const oktai_operation *operation;
    const void *params;
    const void *body;
    mock_fault answer;
} shape;

static okta_error *run(const api_world *world, const shape *one, void **out)
{
    return oktai_operation_run(world->client, one->operation, thing_id, one->params, one->body,
                               one->operation->response == NULL ? NULL : out);
}

/* False: nothing failed any more. */
static bool run_with_failure(api_world *world, const shape *one, size_t nth, bool lasting)
{
    void *result = NULL;
    mock_org_forget_requests(world->org);
    allocations_begin(nth, lasting);
    okta_error *error = run(world, one, &result);
    bool failed = allocations_end();
    okta_status status = okta_error_status(error);
    bool sent = mock_org_request_count(world->org) > 0;
    bool told = status == OKTA_E_NOMEM || (status == OKTA_E_OUTCOME_UNKNOWN && sent);
    if ((error != NULL && !told) || (error != NULL && result != NULL)) {
        fail_msg("%s: allocation %zu: %s (%s)", one->operation->name, nth, okta_status_name(status),
                 okta_error_message(error));
    }
    okta_free(error);
    okta_free(result);
    return failed;
}

static void survives_every_failed_allocation_of_a_call(void **state)
{
    static bool read_done;
    static const char *ids[] = {"a", "b"};
    static const okta_member extras[] = {{"newer", "[1,2]", NULL}};
    static const okta_list_things_params params = {
        .model = {sizeof(okta_list_things_params), NULL, extras, 1, NULL, 0, NULL},
        .q = "a b",
        .ids = ids,
        .ids_count = 2,
        .match = "v1"};
    static const okta_upload upload = {sizeof(okta_upload), "f", "image/png", NULL, 0, read_once, &read_done};
    static const okta_thing_logo_body logo = {
        .model = OKTA_INIT(okta_thing_logo_body), .name = "n", .file = &upload};
    static const okta_thing thing = {.model = OKTA_INIT(okta_thing), .name = "n", .secret = "Canary-1234"};
    static const okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = "x", .length = 1};
    static const char *const location[] = {"Location: https://x.example.com/", NULL};
    static const shape shapes[] = {
        {&rows_list_things, &params, NULL, {.status = 200, .body = "[{\"id\":\"t1\"}]"}},
        {&rows_update_thing, NULL, &thing, {.status = 200, .body = "{\"id\":\"t1\"}"}},
        {&rows_tell_thing, NULL, "{\"password\":\"Canary-1234\"}", {.status = 200, .body = "{\"a\":[1]}"}},
        {&rows_upload_logo, NULL, &logo, {.status = 201, .body = ""}},
        {&rows_publish_thing, NULL, &bytes, {.status = 201, .body = "{}"}},
        {&rows_get_metadata, NULL, NULL, {.status = 200, .body = "<a/>", .content_type = "text/xml"}},
        {&rows_list_versions, NULL, NULL, {.status = 200, .body = "[\"a\\u0062\",null,12]"}},
        {&rows_authorize, &params, NULL, {.status = 302, .headers = location}},
        {&rows_introspect, NULL, &thing, {.status = 200, .body = "{}"}},
    };
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(shapes); i++) {
        const shape *one = &shapes[i / 2];
        api_world world;
        api_world_start(&world, NULL, NULL);
        mock_fault answer = one->answer;
        answer.times = UINT_MAX;
        api_fault(&world, answer);
        size_t nth = 1;
        read_done = false;
        while (run_with_failure(&world, one, nth, i % 2 == 1)) {
            nth++;
            read_done = false;
            assert_true(nth < SWEEP_MAX);
        }
        assert_true(nth > 1);
        void *result = NULL;
        api_expect_success(one->operation->name, run(&world, one, &result));
        okta_free(result);
        api_world_stop(&world);
    }
}

/* Reads at most so many items; or the error that ends it. */
static okta_error *iterate(const api_world *world, const oktai_operation *operation, size_t most,
                           size_t *out_count)
{
    okta_pages *pages = oktai_operation_pages(world->client, operation, NULL, NULL);
    *out_count = 0;
    okta_pages_add_header(pages, "X-Mine", "1");
    okta_pages_set_cursor(pages, "/api/v1/things/first?limit=1");
    while (*out_count < most && OKTA_NEXT(pages, okta_thing) != NULL) {
        ++*out_count;
    }
    okta_error *error = okta_pages_error(pages);
    okta_free(pages);
    return error;
}

static void sweep_iteration(api_world *world, const oktai_operation *operation, size_t most)
{
    for (int lasting = 0; lasting <= 1; lasting++) {
        bool failed = true;
        for (size_t nth = 1; failed; nth++) {
            size_t count;
            assert_true(nth < SWEEP_MAX);
            allocations_begin(nth, lasting == 1);
            okta_error *error = iterate(world, operation, most, &count);
            failed = allocations_end();
            if (error == NULL) {
                assert_int_equal(count, most);
            } else if (okta_error_status(error) != OKTA_E_NOMEM) {
                fail_msg("%s: allocation %zu: %s", operation->name, nth, okta_error_message(error));
            }
            okta_free(error);
        }
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
    sweep_iteration(world, &rows_list_things, 3);
}

static void survives_every_failed_allocation_of_a_cursor_in_a_body(void **state)
{
    api_world *world = *state;
    api_fault(world, (mock_fault){.times = UINT_MAX,
                                  .status = 200,
                                  .body = "{\"things\":[{\"id\":\"a\"}],\"page\":{\"after\":\"\\u0032\"}}"});
    sweep_iteration(world, &rows_list_cursored, 1);
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
