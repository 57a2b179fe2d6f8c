/* SPDX-License-Identifier: Apache-2.0 */
/* The array for poll() has entries of the program beside those of the loop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "okta/adapters/poll.h"
#include "process/small_org.h"

#define OWN   3u
#define CALLS 30u

static unsigned good;

static void on_end(void *ctx, okta_call *call, okta_error *error)
{
    (void)ctx;
    good += error == NULL;
    okta_free(error);
    okta_free(call);
}

/* Those of the loop come and go behind them. */
static void entries_of_the_program_stay_where_they_are(void **state)
{
    int ends[2];
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    okta_loop *loop = NULL;
    okta_poll polled;
    assert_null(okta_poll_loop_new(&polled, OWN, &loop));
    assert_int_equal(polled.own_count, OWN);
    assert_int_equal(polled.count, OWN);
    assert_int_equal(okta_poll_timeout_ms(&polled), -1);
    for (size_t i = 0; i < OWN; i++) {
        assert_int_equal(polled.fds[i].fd, -1);
    }
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    polled.fds[1] = (struct pollfd){.fd = ends[0], .events = POLLIN};
    good = 0;
    for (unsigned i = 0; i < CALLS; i++) {
        okta_error *error = okta_call_submit(okta_get_jwk_call(client, SMALL_APP, "key"), loop, on_end, NULL);
        assert_null(error);
    }
    assert_int_equal(okta_poll_timeout_ms(&polled), 0);
    while (okta_loop_pending(loop) > 0) {
        assert_true(poll(polled.fds, polled.count, okta_poll_timeout_ms(&polled)) >= 1);
        okta_poll_dispatch(&polled);
        assert_int_equal(polled.fds[0].fd, -1);
        assert_int_equal(polled.fds[1].fd, ends[0]);
        assert_int_equal(polled.fds[1].revents, POLLIN);
        assert_int_equal(polled.fds[2].fd, -1);
        assert_int_equal(polled.own_count, OWN);
        assert_true(polled.count >= OWN);
    }
    assert_int_equal(good, CALLS);
    assert_int_equal(polled.count, OWN);
    close(ends[0]);
    close(ends[1]);
    okta_free(client);
    okta_free(loop);
    assert_int_equal(polled.count, 0);
    assert_null(polled.fds);
    okta_poll_dispatch(&polled); /* nothing is left to do */
}

static void refuses_too_many_entries(void **state)
{
    (void)state;
    okta_loop *loop = NULL;
    okta_poll polled;
    okta_error *error = okta_poll_loop_new(&polled, SIZE_MAX, &loop);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_null(loop);
    okta_free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(entries_of_the_program_stay_where_they_are),
        cmocka_unit_test(refuses_too_many_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
