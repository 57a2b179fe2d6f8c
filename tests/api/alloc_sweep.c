/* SPDX-License-Identifier: Apache-2.0 */
#include "api/alloc_sweep.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "api/expect.h"
#include "unit/allocations.h"

#define SWEEP_MAX 2000u

static okta_error *run(const api_world *world, const alloc_shape *one, void **out)
{
    return oktai_operation_run(world->client, one->operation, one->ids, one->params, one->body,
                               one->operation->response == NULL ? NULL : out);
}

/* False: nothing failed any more. */
static bool run_with_failure(api_world *world, const alloc_shape *one, size_t nth, bool lasting)
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

void alloc_sweep_call(const alloc_shape *one)
{
    for (int lasting = 0; lasting <= 1; lasting++) {
        api_world world;
        api_world_start(&world, NULL, NULL);
        mock_fault answer = one->answer;
        answer.times = UINT_MAX;
        api_fault(&world, answer);
        size_t nth = 1;
        while (run_with_failure(&world, one, nth, lasting == 1)) {
            nth++;
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
static okta_error *iterate(const api_world *world, const alloc_shape *one, const char *cursor, size_t most,
                           size_t *out_count)
{
    okta_pages *pages = oktai_operation_pages(world->client, one->operation, one->ids, one->params);
    *out_count = 0;
    okta_pages_add_header(pages, "X-Mine", "1");
    if (cursor != NULL) {
        okta_pages_set_cursor(pages, cursor);
    }
    while (*out_count < most && okta_pages_next_item(pages, one->operation->paging->item) != NULL) {
        ++*out_count;
    }
    okta_error *error = okta_pages_error(pages);
    okta_free(pages);
    return error;
}

void alloc_sweep_pages(const api_world *world, const alloc_shape *one, const char *cursor, size_t items)
{
    for (int lasting = 0; lasting <= 1; lasting++) {
        bool failed = true;
        for (size_t nth = 1; failed; nth++) {
            size_t count;
            assert_true(nth < SWEEP_MAX);
            allocations_begin(nth, lasting == 1);
            okta_error *error = iterate(world, one, cursor, items, &count);
            failed = allocations_end();
            if (error == NULL) {
                assert_int_equal(count, items);
            } else if (okta_error_status(error) != OKTA_E_NOMEM) {
                fail_msg("%s: allocation %zu: %s", one->operation->name, nth, okta_error_message(error));
            }
            okta_free(error);
        }
    }
}
