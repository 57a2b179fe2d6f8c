/* SPDX-License-Identifier: Apache-2.0 */
/* How much memory an answer takes: as much as came, not as much as it announces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"
#include "unit/allocations.h"

#define WHOLE_BYTES ((size_t)1000000)

/* libcurl's buffers of 16 KiB, and room for another. */
#define SMALL_MAX ((size_t)64 * 1024)

static void an_announced_length_takes_no_memory_by_itself(void **state)
{
    static const size_t lengths[] = {100, 16383, 16384, 16385, 1000000, 16777215, 16777216};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        char head[128];
        snprintf(head, sizeof head, STATUS TYPE "Content-Length: %zu\r\n\r\n{", lengths[i]);
        const fault_step script[] = {READ, {FAULT_SEND, head, strlen(head), 1}, CLOSE, END};
        fault_plan plan = {.script = script, .connections = 1};
        fault_world_start(world, &plan, NULL);
        allocations_begin(0, false);
        fault_outcome outcome = fault_request_once(world, "GET", NULL, 0);
        fault_expect_status(head, &outcome, OKTA_E_TRANSPORT);
        assert_in_range(allocations_largest(), 1, SMALL_MAX);
        fault_world_stop(world);
    }
}

static void a_whole_body_takes_twice_its_length_at_most(void **state)
{
    fault_world *world = *state;
    char *answer = malloc(WHOLE_BYTES + 256);
    assert_non_null(answer);
    int head = snprintf(answer, 256, STATUS TYPE "Content-Length: %zu\r\n\r\n", WHOLE_BYTES);
    memset(answer + head, ' ', WHOLE_BYTES);
    memcpy(answer + head, "{}", 2);
    const fault_step script[] = {READ, {FAULT_SEND, answer, (size_t)head + WHOLE_BYTES, 1}, END};
    fault_plan plan = {.script = script, .connections = 1};
    fault_world_start(world, &plan, NULL);
    allocations_begin(0, false);
    fault_outcome outcome = fault_request_once(world, "GET", NULL, 0);
    fault_expect_status("whole", &outcome, OKTA_OK);
    assert_int_equal(outcome.body_length, WHOLE_BYTES);
    assert_in_range(allocations_largest(), WHOLE_BYTES, 2 * WHOLE_BYTES);
    fault_world_stop(world);
    free(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(an_announced_length_takes_no_memory_by_itself),
        FAULT_TEST(a_whole_body_takes_twice_its_length_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
