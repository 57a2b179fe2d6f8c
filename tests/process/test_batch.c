/* SPDX-License-Identifier: Apache-2.0 */
/* Batches that run to their end: the outcome of each call is told once and each key's calls run in their
 * order, whatever fails. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "process/batch_feed.h"
#include "unit/allocations.h"

#define MANY 10000u

/* The first connection never answers. */
static const fault_step silent_first[] = {READ, DRAIN, NEXT, END};
static const fault_step silent[] = {READ, DRAIN, END};
/* The first answer of each connection refuses. */
static const fault_step refusing[] = {
    READ,
    SEND("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n"
         "{\"errorCode\":\"E0000007\"} "),
    END};

/* The number behind this text. */
static unsigned number_behind(const char *request, const char *text)
{
    char *end_of_number = NULL;
    const char *at = strstr(request, text);
    assert_non_null(at);
    unsigned long number = strtoul(at + strlen(text), &end_of_number, 10);
    assert_true(end_of_number > at + strlen(text));
    return (unsigned)number;
}

/* The numbers of a key's calls in the order in which the server heard them. */
static void expect_order(fault_server *server, unsigned calls)
{
    unsigned heard = 0;
    unsigned next[FEED_KEYS] = {0};
    const fault_request *request = NULL;
    fault_server_finish(server);
    while ((request = fault_server_request_after(server, request)) != NULL) {
        unsigned key = number_behind(request->text, "GET /api/v1/apps/app");
        unsigned number = number_behind(request->text, "/credentials/jwks/");
        assert_int_equal(number % FEED_KEYS, key);
        assert_int_equal(number / FEED_KEYS, next[key]);
        next[key]++;
        heard++;
    }
    assert_int_equal(heard, calls);
}

static void runs_many_calls_each_key_in_its_order(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = MANY, .keys = FEED_KEYS, .bad = MANY};
    okta_batch_options options = feed_options(&self);
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_OK);
    feed_expect_told(&self, MANY, 0);
    assert_int_equal(self.counts.done, MANY);
    assert_true(self.most_alive <= 10 + 256); /* in flight, and held back */
    expect_order(org->server, MANY);
    okta_free(self.client);
}

/* One call of a key never ends, and the others of the key wait for it; the rest goes by. */
static void other_keys_overtake(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent_first);
    feed self = {
        .client = small_org_client(org), .loop = feed_new_loop(), .calls = 100, .keys = 10, .bad = 100};
    okta_batch_options options = feed_options(&self);
    options.max_in_flight = 2;
    options.max_held_back = 10;
    feed_make(&self, &options);
    feed_submit(&self);
    while (self.told[OKTA_OK] < 90) {
        assert_null(okta_loop_poll(self.loop, -1));
    }
    assert_int_equal(self.counts.in_flight, 1);
    assert_int_equal(self.counts.held_back, 9);
    okta_batch_cancel(self.batch);
    assert_null(okta_loop_run(self.loop));
    feed_expect_told(&self, 90, 10);
    assert_int_equal(self.status, OKTA_E_CANCELED);
    okta_free(self.loop);
    okta_free(self.client);
}

/* No more is read than may be held back; a second key behind them is not found. */
static void reads_ahead_no_further_than_told(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent);
    feed self = {
        .client = small_org_client(org), .loop = feed_new_loop(), .calls = 100, .keys = 1, .bad = 100};
    okta_batch_options options = feed_options(&self);
    options.max_held_back = 3;
    feed_make(&self, &options);
    feed_submit(&self);
    for (int i = 0; i < 50 || fault_server_request_count(org->server) < 1; i++) {
        assert_null(okta_loop_poll(self.loop, 1));
    }
    assert_int_equal(self.given, 4);
    assert_int_equal(okta_batch_count(self.batch)->in_flight, 1);
    assert_int_equal(okta_batch_count(self.batch)->held_back, 3);
    okta_loop_cancel(self.loop);
    assert_null(okta_loop_run(self.loop));
    feed_expect_told(&self, 0, 4);
    okta_free(self.loop);
    okta_free(self.client);
}

/* A call that cannot run is one failure among the others. */
static void goes_on_behind_what_cannot_run(void **state)
{
    static const struct {
        const char *bad_id;
        bool is_null, has_error;
        okta_status status; /* OKTA_OK: that of the error */
    } cases[] = {{"..", false, false, OKTA_E_ARG},
                 {NULL, true, false, OKTA_E_NOMEM},
                 {NULL, false, true, OKTA_OK},
                 {NULL, true, true, OKTA_OK}};
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    okta_key *none = NULL;
    okta_error *error = okta_key_from_pem("", 0, NULL, NULL, &none);
    okta_status of_key = okta_error_status(error);
    okta_free(error);
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_status status = cases[i].has_error ? of_key : cases[i].status;
        feed self = {.client = client,
                     .calls = 20,
                     .keys = 2,
                     .bad = 6,
                     .bad_id = cases[i].bad_id,
                     .bad_is_null = cases[i].is_null,
                     .bad_has_error = cases[i].has_error};
        okta_batch_options options = feed_options(&self);
        feed_make(&self, &options);
        feed_run(&self);
        assert_int_equal(self.status, OKTA_OK);
        assert_int_equal(self.told[OKTA_OK], 19);
        assert_int_equal(self.told[status], 1);
        assert_int_equal(self.alive, 0);
        assert_int_equal(self.counts.failed, 1);
    }
    okta_free(client);
}

/* What was read before ends; the batch ends with the error. */
static void ends_with_the_error_of_next(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = 5, .bad = 5};
    okta_key *none = NULL;
    self.failure = okta_key_from_pem("", 0, NULL, NULL, &none);
    okta_status status = okta_error_status(self.failure);
    assert_int_not_equal(status, OKTA_OK);
    okta_batch_options options = feed_options(&self);
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, status);
    feed_expect_told(&self, 5, 0);
    okta_free(self.client);
}

static void runs_nothing_at_all(void **state)
{
    (void)state;
    feed self = {.calls = 0, .bad = 1};
    okta_batch_options options = feed_options(&self);
    options.progress = NULL;
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_OK);
    self.loop = feed_new_loop();
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_OK);
    assert_int_equal(self.ended, 2);
    okta_free(self.loop);
}

/* The first answer is a refusal, and one call has begun beside it. */
static void stops_at_the_first_error(void **state)
{
    static const fault_step one_refusal[] = {
        READ,
        DRAIN,
        NEXT,
        READ,
        SEND("HTTP/1.1 404 Not Found\r\n"
             "Content-Type: application/json\r\nContent-Length: 25\r\n\r\n{\"errorCode\":\"E0000007\"} "),
        END};
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, one_refusal);
    feed self = {.client = small_org_client(org), .calls = 100, .bad = 100, .keys = 2};
    okta_batch_options options = feed_options(&self);
    options.max_in_flight = 2;
    options.on_error = OKTA_BATCH_STOP_AND_CANCEL;
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_E_NOT_FOUND);
    assert_int_equal(self.told[OKTA_E_NOT_FOUND], 1);
    feed_expect_told(&self, 0, self.given - 1);
    assert_true(self.given >= 2 && self.given < 100);
    okta_free(self.client);
}

static void lets_those_in_flight_end_by_default(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = 100, .bad = 4, .bad_id = ".."};
    okta_batch_options options = feed_options(&self);
    options.max_in_flight = 10;
    options.on_error = OKTA_BATCH_STOP;
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_E_ARG);
    assert_int_equal(self.told[OKTA_E_ARG], 1);
    feed_expect_told(&self, 4, 0);
    assert_int_equal(self.given, 5);
    okta_free(self.client);
}

static void goes_on_behind_refusals(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, refusing);
    feed self = {.client = small_org_client(org), .calls = 100, .keys = 7, .bad = 100};
    okta_batch_options options = feed_options(&self);
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_OK);
    assert_true(self.told[OKTA_E_NOT_FOUND] >= 1);
    assert_int_equal(self.counts.failed, self.told[OKTA_E_NOT_FOUND]);
    feed_expect_told(&self, 100 - self.told[OKTA_E_NOT_FOUND], 0);
    okta_free(self.client);
}

static void two_batches_share_a_loop(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_TLS, NULL);
    okta_client *client = small_org_client(org);
    okta_loop *loop = feed_new_loop();
    feed all[3];
    for (size_t i = 0; i < COUNT(all); i++) {
        all[i] = (feed){.client = client, .loop = loop, .calls = 200, .keys = (unsigned)i * 5, .bad = 200};
        okta_batch_options options = feed_options(&all[i]);
        feed_make(&all[i], &options);
    }
    all[0].other = &all[2]; /* begins in the end of the first */
    feed_submit(&all[0]);
    feed_submit(&all[1]);
    assert_null(okta_loop_run(loop));
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(all[i].ended, 1);
        assert_int_equal(all[i].status, OKTA_OK);
        assert_int_equal(all[i].at_end.done, 200);
        feed_expect_told(&all[i], 200, 0);
    }
    okta_free(loop);
    okta_free(client);
}

/* One descriptor tells when the batch can go on. */
static void is_driven_by_the_descriptor_of_the_loop(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {
        .client = small_org_client(org), .loop = feed_new_loop(), .calls = 100, .keys = 5, .bad = 100};
    struct pollfd polled = {.fd = okta_loop_fd(self.loop), .events = POLLIN};
    okta_batch_options options = feed_options(&self);
    feed_make(&self, &options);
    feed_submit(&self);
    while (okta_loop_pending(self.loop) > 0) {
        assert_int_equal(poll(&polled, 1, 30000), 1);
        assert_null(okta_loop_poll(self.loop, 0));
    }
    assert_int_equal(self.status, OKTA_OK);
    feed_expect_told(&self, 100, 0);
    okta_free(self.loop);
    okta_free(self.client);
}

/* Calls that fail at once: they never stand in memory together, nor on the stack. */
static void a_hundred_thousand_calls_are_few_at_once(void **state)
{
    enum { CALLS = 100000 };
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    feed self = {.client = NULL, .calls = CALLS, .bad = CALLS, .keys = 1000};
    okta_batch_options options = feed_options(&self);
    feed_make(&self, &options);
    feed_run(&self);
    assert_int_equal(self.status, OKTA_OK);
    assert_int_equal(self.told[OKTA_E_ARG], CALLS);
    assert_int_equal(self.most_alive, 1);
    okta_free(client);
}

static void expect_refused(okta_error *error, okta_status status, const char *phrase)
{
    assert_int_equal(okta_error_status(error), status);
    assert_non_null(strstr(okta_error_message(error), phrase));
    okta_free(error);
}

static void refuses_what_makes_no_batch(void **state)
{
    (void)state;
    okta_batch *batch = (okta_batch *)(uintptr_t)1;
    feed self = {.calls = 0, .bad = 1};
    okta_batch_options options = feed_options(&self);
    expect_refused(okta_batch_new(&options, NULL), OKTA_E_ARG, "out");
    expect_refused(okta_batch_new(NULL, &batch), OKTA_E_ARG, "options");
    assert_null(batch);
    options.struct_size--;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "OKTA_BATCH_OPTIONS_INIT");
    options = feed_options(&self);
    options.next = NULL;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "options.next");
    options = feed_options(&self);
    options.result = NULL;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "options.result");
    options = feed_options(&self);
    options.max_in_flight = 10001;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "max_in_flight");
    options = feed_options(&self);
    options.max_held_back = 1000001;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "max_held_back");
    options = feed_options(&self);
    options.on_error = (okta_batch_on_error)3;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "on_error");
    options = feed_options(&self);
    options.max_in_flight = 10000;
    options.max_held_back = 1000000;
    feed_make(&self, &options);
    okta_free(self.batch);
}

static void refuses_what_cannot_run(void **state)
{
    (void)state;
    feed self = {.calls = 0, .bad = 1, .loop = feed_new_loop()};
    okta_batch_options options = feed_options(&self);
    feed_make(&self, &options);
    okta_batch_cancel(NULL);
    assert_null(okta_batch_count(NULL));
    expect_refused(okta_batch_run(NULL), OKTA_E_ARG, "batch");
    expect_refused(okta_batch_submit(NULL, self.loop, feed_on_end, &self), OKTA_E_ARG, "batch");
    expect_refused(okta_batch_submit(self.batch, NULL, feed_on_end, &self), OKTA_E_ARG, "loop");
    expect_refused(okta_batch_submit(self.batch, self.loop, NULL, &self), OKTA_E_ARG, "done");
    okta_batch *batch = self.batch;
    feed_submit(&self);
    self.batch = NULL;
    expect_refused(okta_batch_submit(batch, self.loop, feed_on_end, &self), OKTA_E_ARG, "runs once");
    expect_refused(okta_batch_run(batch), OKTA_E_ARG, "runs once");
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.ended, 1);
    expect_refused(okta_batch_run(batch), OKTA_E_ARG, "runs once");
    okta_batch_cancel(batch); /* behind its end */
    okta_free(batch);
    okta_free(self.loop);
}

/* A program whose memory fails at one point. It has no assertions that need memory. */
static void run_without(small_org *org, okta_client *client, size_t nth, bool *struck)
{
    feed self = {.client = client, .calls = 6, .keys = 2, .bad = 6};
    okta_batch_options options = feed_options(&self);
    (void)org;
    allocations_begin(nth, false);
    okta_error *error = okta_batch_new(&options, &self.batch);
    if (error == NULL) {
        error = okta_batch_run(self.batch);
    }
    *struck = allocations_end();
    assert_int_equal(self.all_told, self.given);
    assert_int_equal(self.alive, 0);
    if (error == NULL) {
        assert_int_equal(self.given, 6);
        assert_true(self.told[OKTA_OK] >= 5);
    } else {
        assert_true(okta_error_status(error) == OKTA_E_NOMEM || okta_error_status(error) == OKTA_E_TRANSPORT);
        assert_int_equal(self.given, 0);
    }
    okta_free(error);
    okta_free(self.batch);
}

static void survives_each_lost_allocation(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    bool struck = true;
    size_t nth = 0;
    while (struck) {
        run_without(org, client, ++nth, &struck);
    }
    assert_true(nth > 20);
    okta_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(runs_many_calls_each_key_in_its_order),
        ORG_TEST(other_keys_overtake),
        ORG_TEST(reads_ahead_no_further_than_told),
        ORG_TEST(goes_on_behind_what_cannot_run),
        ORG_TEST(ends_with_the_error_of_next),
        ORG_TEST(runs_nothing_at_all),
        ORG_TEST(stops_at_the_first_error),
        ORG_TEST(lets_those_in_flight_end_by_default),
        ORG_TEST(goes_on_behind_refusals),
        ORG_TEST(two_batches_share_a_loop),
        ORG_TEST(is_driven_by_the_descriptor_of_the_loop),
        ORG_TEST(a_hundred_thousand_calls_are_few_at_once),
        ORG_TEST(refuses_what_makes_no_batch),
        ORG_TEST(refuses_what_cannot_run),
        ORG_TEST(survives_each_lost_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
