/* SPDX-License-Identifier: Apache-2.0 */
/* test_adapters [--group KIND]: loops in the event loops of other projects. The same tests for each. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/driven.h"
#include "client/client.h"
#include "faults/fault_script.h"
#include "unit/allocations.h"

#define MANY    300u
#define FEW     8u
#define MOMENTS 12u

static const fault_step silent[] = {READ, DRAIN, END};

static void tells_each_outcome_once(void **state)
{
    static driven_told all[MANY];
    small_org *org = *state;
    for (small_org_kind kind = SMALL_PLAIN; kind < SMALL_KINDS; kind++) {
        small_org_start(org, kind, NULL);
        okta_client *client = small_org_client(org);
        void *events = driven_kind->start();
        okta_loop *loop = driven_open(events);
        driven_ended = 0;
        size_t count = kind == SMALL_PLAIN ? MANY : FEW;
        for (size_t i = 0; i < count; i++) {
            all[i] = (driven_told){.loop = loop};
            driven_submit(&all[i], client);
        }
        driven_finish(events, loop);
        driven_expect(all, count, OKTA_OK);
        assert_int_equal(client->pacing.in_flight, 0);
        okta_free(client);
        okta_free(loop);
        driven_kind->stop(events);
        small_org_stop(org);
    }
}

/* The next call comes from the callback of the one before, the client goes before the first one ends, and the
 * loop in the last callback. */
static void a_callback_may_submit_and_release(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_TLS, NULL);
    okta_client *client = small_org_client(org);
    void *events = driven_kind->start();
    okta_loop *loop = driven_open(events);
    const unsigned until = 10;
    driven_told self = {.loop = loop, .follow = until - 1, .released = &loop, .until = &until};
    driven_ended = 0;
    driven_submit(&self, client);
    okta_free(client);
    while (loop != NULL) {
        driven_kind->turn(events, true);
    }
    assert_int_equal(self.times, 10);
    assert_int_equal(self.status, OKTA_OK);
    driven_kind->stop(events);
}

/* A loop without calls keeps no event loop that would end else. That of libevent waits for unused
 * connections, unless the loop goes with the last call. */
static void an_event_loop_ends_with_the_last_call(void **state)
{
    driven_told all[FEW];
    const unsigned until = COUNT(all);
    small_org *org = *state;
    if (driven_kind->run == NULL) {
        skip();
        return;
    }
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    void *events = driven_kind->start();
    okta_loop *loop = driven_open(events);
    driven_kind->run(events); /* nothing was submitted */
    bool stays = strcmp(driven_kind->name, "libevent") != 0;
    for (unsigned round = 0; loop != NULL && round < 3; round++) {
        driven_ended = 0;
        for (size_t i = 0; i < COUNT(all); i++) {
            all[i] = (driven_told){.loop = loop, .released = stays ? NULL : &loop, .until = &until};
            driven_submit(&all[i], client);
        }
        driven_kind->run(events);
        driven_expect(all, COUNT(all), OKTA_OK);
    }
    assert_int_equal(loop != NULL, stays);
    okta_free(loop);
    okta_free(client);
    driven_kind->stop(events);
}

static size_t cancel_by(size_t way, driven_told *all, size_t count, okta_loop *loop)
{
    if (way == 0) {
        okta_loop_cancel(loop);
    } else if (way == 1) {
        for (size_t i = 0; i < count; i++) {
            okta_call_cancel(all[i].call);
        }
    } else {
        okta_free(loop);
    }
    return way;
}

/* The server takes requests and never answers. */
static void calls_are_canceled_and_loops_released_at_any_moment(void **state)
{
    small_org *org = *state;
    for (size_t moment = 0; moment < MOMENTS * 3; moment++) {
        driven_told all[FEW];
        small_org_start(org, moment % 2 == 0 ? SMALL_PLAIN : SMALL_TLS, silent);
        okta_client *client = small_org_client(org);
        void *events = driven_kind->start();
        okta_loop *loop = driven_open(events);
        for (size_t i = 0; i < COUNT(all); i++) {
            all[i] = (driven_told){.loop = loop, .keeps = true};
            driven_submit(&all[i], client);
        }
        for (size_t i = 0; i < moment / 3; i++) {
            driven_kind->turn(events, false);
        }
        if (cancel_by(moment % 3, all, COUNT(all), loop) != 2) {
            driven_finish(events, loop);
            okta_free(loop);
        }
        driven_expect(all, COUNT(all), OKTA_E_CANCELED);
        assert_int_equal(client->pacing.in_flight, 0);
        for (size_t i = 0; i < COUNT(all); i++) {
            okta_free(all[i].call);
        }
        okta_free(client);
        driven_kind->stop(events);
        small_org_stop(org);
    }
}

/* What is left is canceled, and told before the loop is gone. */
static void a_loop_is_released_in_a_callback(void **state)
{
    driven_told all[FEW];
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent);
    okta_client *client = small_org_client(org);
    void *events = driven_kind->start();
    okta_loop *loop = driven_open(events);
    for (size_t i = 0; i < COUNT(all); i++) {
        all[i] = (driven_told){.loop = loop, .released = i == 0 ? &loop : NULL};
        driven_submit(&all[i], client);
    }
    okta_call_cancel(all[0].call);
    while (loop != NULL) {
        driven_kind->turn(events, true);
    }
    driven_expect(all, COUNT(all), OKTA_E_CANCELED);
    okta_free(client);
    driven_kind->stop(events);
}

typedef struct second_thread {
    small_org *org;
    okta_loop *loop;
    okta_call *call;
} second_thread;

/* By then the event loop waits, or is about to. */
static void *cancel_when_all_came(void *context)
{
    const second_thread *self = context;
    fault_server_await_requests(self->org->server, FEW);
    for (int i = 0; i < 100; i++) {
        okta_loop_wake(self->loop);
    }
    okta_call_cancel(self->call);
    return NULL;
}

/* The callback of the call that another thread cancels cancels the rest. */
static void another_thread_cancels_and_wakes(void **state)
{
    driven_told all[FEW];
    pthread_t thread;
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent);
    okta_client *client = small_org_client(org);
    void *events = driven_kind->start();
    okta_loop *loop = driven_open(events);
    okta_loop_wake(loop); /* before it has any call */
    for (size_t i = 0; i < COUNT(all); i++) {
        all[i] = (driven_told){.loop = loop, .keeps = true};
        driven_submit(&all[i], client);
    }
    second_thread self = {org, loop, all[0].call};
    assert_int_equal(pthread_create(&thread, NULL, cancel_when_all_came, &self), 0);
    while (all[0].times == 0) {
        driven_kind->turn(events, true);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(all[0].status, OKTA_E_CANCELED);
    okta_loop_cancel(loop);
    driven_finish(events, loop);
    driven_expect(all, COUNT(all), OKTA_E_CANCELED);
    for (size_t i = 0; i < COUNT(all); i++) {
        okta_free(all[i].call);
    }
    okta_loop_wake(loop); /* that nothing comes of */
    driven_kind->turn(events, false);
    okta_free(client);
    okta_free(loop);
    driven_kind->stop(events);
}

/* One is released while the other is at work. */
static void two_loops_share_an_event_loop(void **state)
{
    driven_told one[FEW];
    driven_told other[FEW];
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    void *events = driven_kind->start();
    okta_loop *first = driven_open(events);
    okta_loop *second = driven_open(events);
    for (size_t i = 0; i < FEW; i++) {
        one[i] = (driven_told){.loop = first, .released = i == 0 ? &second : NULL};
        driven_submit(&one[i], client);
        other[i] = (driven_told){.loop = second};
        driven_submit(&other[i], client);
    }
    driven_finish(events, first);
    driven_expect(one, FEW, OKTA_OK);
    assert_null(second);
    for (size_t i = 0; i < FEW; i++) {
        assert_int_equal(other[i].times, 1);
    }
    okta_free(client);
    okta_free(first);
    driven_kind->stop(events);
}

static void keep(void *ctx, okta_call *call, okta_error *error)
{
    okta_error **kept = ctx;
    (void)call;
    *kept = error;
}

/* It fails the loop, the submission or the request, whichever needs the event loop, and no more than that. */
static void what_an_event_loop_refuses_is_an_error(void **state)
{
    small_org *org = *state;
    if (driven_kind->refuse == NULL) {
        skip();
        return;
    }
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    void *events = driven_kind->start();
    okta_loop *loop = NULL;
    driven_kind->refuse(true);
    okta_error *error = driven_kind->open(events, &loop);
    driven_kind->refuse(false);
    assert_int_equal(okta_error_status(error), OKTA_E_TRANSPORT);
    assert_null(loop);
    okta_free(error);

    loop = driven_open(events);
    driven_told self = {.loop = loop};
    okta_call *call = okta_get_jwk_call(client, SMALL_APP, "key");
    driven_kind->refuse(true);
    error = okta_call_submit(call, loop, keep, NULL);
    driven_kind->refuse(false);
    assert_int_equal(okta_error_status(error), OKTA_E_NOMEM);
    assert_int_equal(okta_loop_pending(loop), 0);
    okta_free(error);
    okta_free(call);
    driven_submit(&self, client);
    driven_kind->refuse(true);
    driven_finish(events, loop);
    driven_kind->refuse(false);
    assert_int_equal(self.times, 1);
    assert_int_equal(self.status, OKTA_E_NOMEM);
    driven_submit(&self, client);
    driven_finish(events, loop);
    assert_int_equal(self.times, 2);
    assert_int_equal(self.status, OKTA_OK);
    okta_free(client);
    okta_free(loop);
    driven_kind->stop(events);
}

/* Make a loop and run a call in it. The error of whichever failed; NULL: none. */
static okta_error *try_a_call(void *events, okta_client *client)
{
    okta_loop *loop = NULL;
    okta_error *outcome = NULL;
    okta_error *error = driven_kind->open(events, &loop);
    if (error != NULL) {
        assert_null(loop);
        return error;
    }
    okta_call *call = okta_get_jwk_call(client, SMALL_APP, "key");
    error = okta_call_submit(call, loop, keep, &outcome);
    if (error == NULL) {
        driven_finish(events, loop);
        error = outcome;
    }
    okta_free(call);
    okta_free(loop);
    return error;
}

static void each_allocation_may_fail(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    void *events = driven_kind->start();
    size_t failures = 0;
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        allocations_begin(nth, false);
        okta_error *error = try_a_call(events, client);
        failed = allocations_end();
        okta_status status = okta_error_status(error);
        if (status != OKTA_OK && status != OKTA_E_NOMEM && status != OKTA_E_TRANSPORT) {
            fail_msg("allocation %zu: %s", nth, okta_error_message(error));
        }
        assert_true(failed || status == OKTA_OK);
        failures += status != OKTA_OK;
        okta_free(error);
    }
    assert_true(failures > 10);
    assert_int_equal(client->pacing.in_flight, 0);
    okta_free(client);
    driven_kind->stop(events);
}

static void expect_refused(okta_error *error, const okta_loop *loop)
{
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_null(loop);
    okta_free(error);
}

static void refuses_null(void **state)
{
    (void)state;
    okta_loop *loop = NULL;
    void *events = driven_kind->start();
    expect_refused(driven_kind->open(events, NULL), NULL);
    if (driven_kind->open_nothing != NULL) {
        okta_error *error = driven_kind->open_nothing(&loop);
        expect_refused(error, loop);
        expect_refused(driven_kind->open_nothing(NULL), NULL);
    }
    driven_kind->stop(events);
}

/* An event loop that goes on in a child process does not turn in vain for what its parent waits for. */
static void a_child_leaves_the_loop_of_its_parent_alone(void **state)
{
    driven_told all[FEW];
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    void *events = driven_kind->start();
    okta_loop *loop = driven_open(events);
    for (size_t i = 0; i < FEW; i++) {
        all[i] = (driven_told){.loop = loop};
        driven_submit(&all[i], client);
    }
    okta_loop_wake(loop); /* the child has it readable */
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (driven_kind->fork_here != NULL) {
            driven_kind->fork_here(events);
        }
        driven_ready_count = 0;
        for (int i = 0; i < 20; i++) {
            driven_kind->turn(events, false);
        }
        bool good = driven_ready_count == 0;
        if (driven_kind->run != NULL) {
            driven_kind->run(events); /* it ends */
        }
        okta_free(loop);
        okta_free(client);
        for (int i = 0; i < 20; i++) {
            driven_kind->turn(events, false); /* what was set for the loop does not ring any more */
        }
        _exit(good && all[0].times == 0 ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    driven_finish(events, loop);
    driven_expect(all, FEW, OKTA_OK);
    okta_free(client);
    okta_free(loop);
    driven_kind->stop(events);
}

static int run_all(const char *name)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(tells_each_outcome_once),
        ORG_TEST(a_callback_may_submit_and_release),
        ORG_TEST(an_event_loop_ends_with_the_last_call),
        ORG_TEST(calls_are_canceled_and_loops_released_at_any_moment),
        ORG_TEST(a_loop_is_released_in_a_callback),
        ORG_TEST(another_thread_cancels_and_wakes),
        ORG_TEST(two_loops_share_an_event_loop),
        ORG_TEST(what_an_event_loop_refuses_is_an_error),
        ORG_TEST(each_allocation_may_fail),
        cmocka_unit_test(refuses_null),
        ORG_TEST(a_child_leaves_the_loop_of_its_parent_alone),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(int argc, char **argv)
{
    return driven_main(argc, argv, run_all);
}
