/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for whom, and who wakes. */

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "client/admit.h"
#include "process/children.h"
#include "process/small_org.h"

#define WAITERS     1000u
#define CANCELED    7u /* each of so many */
#define SLEEPERS    200u
#define CALLS       1000u
#define STACK_BYTES ((size_t)128 * 1024)
#define LONG_MS     600000

typedef struct waiter {
    pthread_t thread;
    okta_call *call;
    okta_status status;
    long switches; /* that the thread made of its own will while it slept */
} waiter;

static void start(waiter *self, void *(*work)(void *context))
{
    pthread_attr_t attributes;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, STACK_BYTES * (is_sanitized() ? 16 : 1)), 0);
    assert_int_equal(pthread_create(&self->thread, &attributes, work, self), 0);
    pthread_attr_destroy(&attributes);
}

static void await_count(okta_client *client, const size_t *counter, size_t count)
{
    for (bool there = false; !there;) {
        pthread_mutex_lock(&client->lock);
        there = *counter == count;
        pthread_mutex_unlock(&client->lock);
        if (!there) {
            sched_yield();
        }
    }
}

static void *run(void *context)
{
    waiter *self = context;
    okta_error *error = okta_call_run(self->call);
    self->status = okta_error_status(error);
    okta_free(error);
    return NULL;
}

static okta_call *numbered_call(okta_client *client, unsigned i)
{
    char path[64];
    snprintf(path, sizeof path, "/api/v1/things?number=%u", i);
    okta_call *call = okta_request_call(client, "GET", path, NULL);
    okta_call_set_timeout_ms(call, LONG_MS);
    return call;
}

static bool is_canceled(unsigned i)
{
    return i % CANCELED == CANCELED - 1;
}

/* One request at once, and a thousand calls that wait for it to end, some of which give up. */
static void calls_go_in_the_order_in_which_they_came(void **state)
{
    static waiter waiters[WAITERS];
    small_org *org = *state;
    oktai_need need;
    char line[64];
    org->max_in_flight = 1;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    okta_call *first = numbered_call(client, WAITERS);
    first->retry.deadline_ms = INT64_MAX;
    assert_null(oktai_admit(first, &need));
    assert_int_equal(need, OKTAI_NEED_NOTHING);
    for (unsigned i = 0; i < WAITERS; i++) {
        waiters[i].call = numbered_call(client, i);
        start(&waiters[i], run);
        await_count(client, &client->gate.count, i + 1);
    }
    for (unsigned i = 0; i < WAITERS; i++) {
        if (is_canceled(i)) {
            okta_call_cancel(waiters[i].call);
        }
    }
    oktai_admit_end(first, false);
    for (unsigned i = 0; i < WAITERS; i++) {
        assert_int_equal(pthread_join(waiters[i].thread, NULL), 0);
        assert_int_equal(waiters[i].status, is_canceled(i) ? OKTA_E_CANCELED : OKTA_OK);
        okta_free(waiters[i].call);
    }
    const fault_request *request = NULL;
    for (unsigned i = 0; i < WAITERS; i++) {
        if (!is_canceled(i)) {
            request = fault_server_request_after(org->server, request);
            snprintf(line, sizeof line, "GET /api/v1/things?number=%u HTTP/1.1\r\n", i);
            assert_non_null(request);
            assert_memory_equal(request->text, line, strlen(line));
        }
    }
    assert_null(fault_server_request_after(org->server, request));
    assert_int_equal(client->pacing.in_flight, 0);
    okta_free(first);
    okta_free(client);
}

static void *sleep_long(void *context)
{
    waiter *self = context;
    struct rusage before = {.ru_nvcsw = 0};
    struct rusage after = {.ru_nvcsw = 0};
    bool counted = getrusage(RUSAGE_THREAD, &before) == 0;
    run(self);
    counted = counted && getrusage(RUSAGE_THREAD, &after) == 0;
    self->status = counted ? self->status : OKTA_E_ARG;
    self->switches = after.ru_nvcsw - before.ru_nvcsw;
    return NULL;
}

/* A sleeper sleeps, and is canceled: for both it may have to wait for the client's lock. */
#define SWITCHES_MAX 20

static void calls_do_not_wake_those_that_sleep(void **state)
{
    static waiter sleepers[SLEEPERS];
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    for (unsigned i = 0; i < SLEEPERS; i++) {
        sleepers[i].call = numbered_call(client, i);
        sleepers[i].call->stage = OKTAI_STAGE_BACKOFF;
        sleepers[i].call->until_ms = oktai_call_now_ms(sleepers[i].call) + LONG_MS;
        start(&sleepers[i], sleep_long);
        await_count(client, &client->waiting, i + 1);
    }
    for (unsigned i = 0; i < CALLS; i++) {
        assert_true(small_org_get(client, NULL));
    }
    for (unsigned i = 0; i < SLEEPERS; i++) {
        okta_call_cancel(sleepers[i].call);
        assert_int_equal(pthread_join(sleepers[i].thread, NULL), 0);
        assert_int_equal(sleepers[i].status, OKTA_E_CANCELED);
        assert_in_range(sleepers[i].switches, 1, SWITCHES_MAX);
        okta_free(sleepers[i].call);
    }
    okta_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(calls_go_in_the_order_in_which_they_came),
        ORG_TEST(calls_do_not_wake_those_that_sleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
