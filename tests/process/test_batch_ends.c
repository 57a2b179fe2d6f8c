/* SPDX-License-Identifier: Apache-2.0 */
/* Batches that end before their calls do, whoever cancels or lets go of what: the outcome of each call is
 * told once. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "process/batch_feed.h"
#include "process/children.h"

static const fault_step silent[] = {READ, DRAIN, END};
static const fault_step silent_soon[] = {READ, SEND(FAULT_GOOD), READ, DRAIN, END};

static void cancel(feed *self)
{
    okta_batch_cancel(self->batch);
}

static void let_go(feed *self)
{
    okta_free(self->batch);
    self->batch = NULL;
}

static void free_loop(feed *self)
{
    okta_free(self->loop);
    self->loop = NULL;
}

static void cancel_loop(feed *self)
{
    okta_loop_cancel(self->loop);
}

/* libcurl closes a socket that is not connected yet behind the loop's back; that the loop then unwatches a
 * number that a thread of the server may have got meanwhile is a race for a sanitizer of threads. For it
 * there is one connection, which is open before anything is canceled. */
static void connect_first(const small_org *org, okta_loop *loop, okta_client *client)
{
    if (org->max_in_flight == 1) {
        feed self = {.client = client, .loop = loop, .calls = 1, .bad = 1};
        okta_batch_options options = feed_options(&self);
        feed_make(&self, &options);
        feed_run(&self);
        assert_int_equal(self.status, OKTA_OK);
    }
}

/* Each of these in each function of the program, at the first call, in the midst, and at the last. Fewer are
 * in flight than follow the midst, so that only behind the last one nothing is left to cancel. */
static void ends_whatever_its_functions_do(void **state)
{
    enum { CALLS = 40 };
    static feed_deed *const deeds[] = {cancel, let_go, free_loop, cancel_loop};
    static const unsigned moments[] = {0, 20, CALLS - 1};
    small_org *org = *state;
    org->max_in_flight = is_sanitized();
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    for (size_t i = 0; i < COUNT(deeds) * COUNT(moments) * 6; i++) {
        feed_deed *what = deeds[i % COUNT(deeds)];
        size_t place = i / COUNT(deeds) / COUNT(moments);
        feed self = {.client = client,
                     .calls = CALLS,
                     .bad = CALLS,
                     .keys = place % 2 == 0 ? 0 : 3,
                     .loop = feed_new_loop(),
                     .deed_at = moments[i / COUNT(deeds) % COUNT(moments)]};
        okta_loop *loop = self.loop;
        connect_first(org, loop, client);
        *(place / 2 == 0 ? &self.in_next : place / 2 == 1 ? &self.in_result : &self.in_progress) = what;
        okta_batch_options options = feed_options(&self);
        options.max_in_flight = CALLS / 4;
        feed_make(&self, &options);
        feed_submit(&self);
        assert_null(okta_loop_run(loop));
        assert_int_equal(self.ended, 1);
        assert_true(self.did);
        assert_true(self.status == OKTA_E_CANCELED || (self.status == OKTA_OK && self.deed_at == CALLS - 1));
        feed_expect_told(&self, self.told[OKTA_OK], self.given - self.told[OKTA_OK]);
        okta_free(self.loop);
    }
    okta_free(client);
}

static void a_blocking_run_outlives_its_batch(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = 40, .bad = 40, .in_result = let_go, .deed_at = 5};
    okta_batch_options options = feed_options(&self);
    options.max_in_flight = 1;
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_E_CANCELED);
    assert_int_equal(self.given, 6);
    feed_expect_told(&self, 6, 0);
    okta_free(self.client);
}

/* Somebody who cancels a batch in a thread of his own. */
typedef struct canceler {
    okta_batch *batch;
    fault_server *server;
    unsigned requests; /* that come before */
} canceler;

static void *cancel_it(void *context)
{
    const canceler *self = context;
    fault_server_await_requests(self->server, self->requests);
    okta_batch_cancel(self->batch);
    return NULL;
}

/* The batch waits for answers that never come, in the thread or in a loop. */
static void is_canceled_from_another_thread(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent);
    okta_client *client = small_org_client(org);
    for (unsigned i = is_sanitized() ? 2 : 0; i < 4; i++) {
        pthread_t thread;
        bool in_loop = i % 2 == 1;
        feed self = {.client = client, .calls = 100, .keys = 3, .bad = 100};
        self.loop = in_loop ? feed_new_loop() : NULL;
        okta_batch_options options = feed_options(&self);
        feed_make(&self, &options);
        okta_batch *batch = self.batch;
        /* Those of three keys, beside those of the rounds before. */
        canceler other = {batch, org->server, i < 2 ? 0 : fault_server_request_count(org->server) + 3};
        assert_int_equal(pthread_create(&thread, NULL, cancel_it, &other), 0);
        if (in_loop) {
            feed_submit(&self);
            while (self.ended == 0) {
                self.batch = NULL; /* the other thread may still use it */
                assert_null(okta_loop_poll(self.loop, -1));
            }
        } else {
            self.batch = NULL;
            feed_end(&self, okta_batch_run(batch));
        }
        assert_int_equal(pthread_join(thread, NULL), 0);
        okta_free(batch);
        assert_int_equal(self.status, OKTA_E_CANCELED);
        feed_expect_told(&self, 0, self.given);
        okta_free(self.loop);
    }
    okta_free(client);
}

static void a_released_loop_ends_its_batches(void **state)
{
    small_org *org = *state;
    org->max_in_flight = is_sanitized();
    small_org_start(org, SMALL_PLAIN, org->max_in_flight == 1 ? silent_soon : silent);
    okta_client *client = small_org_client(org);
    for (int turns = 0; turns < 6; turns++) {
        okta_loop *loop = feed_new_loop();
        connect_first(org, loop, client);
        feed both[2];
        for (size_t i = 0; i < COUNT(both); i++) {
            both[i] = (feed){.client = client, .loop = loop, .calls = 50, .keys = (unsigned)i, .bad = 50};
            okta_batch_options options = feed_options(&both[i]);
            options.max_in_flight = 10;
            feed_make(&both[i], &options);
            feed_submit(&both[i]);
        }
        assert_int_equal(okta_loop_pending(loop), 2);
        for (int i = 0; i < turns; i++) {
            assert_null(okta_loop_poll(loop, 0));
        }
        okta_free(loop);
        for (size_t i = 0; i < COUNT(both); i++) {
            assert_int_equal(both[i].ended, 1);
            assert_int_equal(both[i].status, OKTA_E_CANCELED);
            assert_int_equal(both[i].given, (unsigned)turns);
            feed_expect_told(&both[i], 0, both[i].given);
        }
    }
    okta_free(client);
}

static void one_that_is_canceled_before_it_runs_reads_nothing(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = 10, .bad = 10};
    okta_batch_options options = feed_options(&self);
    feed_make(&self, &options);
    okta_batch_cancel(self.batch);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_E_CANCELED);
    assert_int_equal(self.given, 0);
    okta_free(self.client);
}

/* In the child: nothing of the parent's is touched. */
static const char *use_inherited(void *context)
{
    feed *self = context;
    okta_loop *loop = NULL;
    unsigned given = self->given;
    okta_error *error = okta_batch_run(self->batch);
    CHILD_EXPECT(okta_error_status(error) == OKTA_E_ARG);
    okta_free(error);
    CHILD_EXPECT(okta_loop_new(NULL, &loop) == NULL);
    error = okta_batch_submit(self->batch, loop, feed_on_end, self);
    CHILD_EXPECT(okta_error_status(error) == OKTA_E_ARG);
    CHILD_EXPECT(strstr(okta_error_message(error), "fork") != NULL);
    okta_free(error);
    okta_free(loop);
    okta_batch_cancel(self->batch);
    okta_free(self->batch);
    okta_free(self->loop);
    CHILD_EXPECT(self->given == given && self->ended == 0);
    return NULL;
}

static void a_child_leaves_the_batch_of_its_parent_alone(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    for (int turns = 0; turns < 4; turns++) {
        feed self = {.client = client, .loop = feed_new_loop(), .calls = 50, .keys = 3, .bad = 50};
        okta_batch_options options = feed_options(&self);
        feed_make(&self, &options);
        feed_submit(&self);
        for (int i = 0; i < turns; i++) {
            assert_null(okta_loop_poll(self.loop, 0));
        }
        run_in_child("batch", use_inherited, &self);
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.status, OKTA_OK);
        feed_expect_told(&self, 50, 0);
        okta_free(self.loop);
    }
    okta_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(ends_whatever_its_functions_do),
        ORG_TEST(a_blocking_run_outlives_its_batch),
        ORG_TEST(is_canceled_from_another_thread),
        ORG_TEST(a_released_loop_ends_its_batches),
        ORG_TEST(one_that_is_canceled_before_it_runs_reads_nothing),
        ORG_TEST(a_child_leaves_the_batch_of_its_parent_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
