/* SPDX-License-Identifier: Apache-2.0 */
/* What a loop waits for, when descriptors come and go behind its back. */
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/loop_events.h"

/* How many of the next waits tell of anything. */
static int count_wakes(oktai_loop_events *events)
{
    int wakes = 0;
    for (int i = 0; i < 5; i++) {
        oktai_poll_event out[4];
        wakes += oktai_loop_events_wait(events, out, 4, 0);
    }
    return wakes;
}

/* A descriptor that is closed before the loop is told, while another process, here another descriptor, has it
 * still: the system tells of it, once. What is watched besides is watched on, and the loop's own descriptor
 * stays the same. */
static void a_closed_descriptor_wakes_once(void **state)
{
    oktai_loop_events events;
    int gone[2];
    int stays[2];
    int owner = 0;
    (void)state;
    assert_true(oktai_loop_events_open(&events, NULL));
    assert_int_equal(pipe(gone), 0);
    assert_int_equal(pipe(stays), 0);
    assert_true(oktai_loop_events_watch(&events, &owner, gone[0], OKTA_LOOP_INPUT));
    assert_true(oktai_loop_events_watch(&events, &owner, stays[0], OKTA_LOOP_INPUT));
    int its = oktai_loop_events_export(&events);
    oktai_loop_events_set_time(&events, -1);
    int held = dup(gone[0]);
    assert_true(held >= 0);
    close(gone[0]);
    assert_true(oktai_loop_events_watch(&events, &owner, gone[0], 0));
    assert_int_equal(count_wakes(&events), 0);
    assert_int_equal(write(gone[1], "x", 1), 1);
    assert_int_equal(count_wakes(&events), 1);
    assert_int_equal(oktai_loop_events_export(&events), its);
    assert_int_equal(write(stays[1], "x", 1), 1);
    assert_int_equal(count_wakes(&events), 5);
    assert_ptr_equal(oktai_loop_events_take(&events, stays[0]), &owner);
    oktai_loop_events_set_time(&events, 0);
    assert_int_equal(count_wakes(&events), 6); /* the time rings once */
    oktai_loop_events_close(&events);
    close(held);
    close(gone[1]);
    close(stays[0]);
    close(stays[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_closed_descriptor_wakes_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
