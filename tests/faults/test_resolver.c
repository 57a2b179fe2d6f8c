/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups of names: how many threads they take, who waits for them, and how long what they found counts. */
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_resolver.h"
#include "faults/fault_script.h"
#include "faults/fault_tls.h"
#include "faults/fault_world.h"
#include "process/threads.h"

#define NOBODY  "https://org.test:1"
#define WORKERS 8u
#define CALLS   250u

static unsigned own_threads; /* of the program, when no test runs */

typedef struct named_world {
    fault_tls tls;
    fault_world world;
    char url[64];
} named_world;

static void await_threads(unsigned count)
{
    while (threads_count() > count) {
        sched_yield();
    }
}

/* A client of a server that nobody is, with the clock of the system. */
static okta_client *client_of(const char *org_url)
{
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.token = FAULT_TOKEN;
    options.proxy = "";
    options.max_retries = okta_int(0);
    options.max_in_flight = WORKERS;
    assert_null(okta_client_new(&options, &client));
    return client;
}

static okta_status get_within(okta_client *client, int64_t timeout_ms)
{
    okta_call *call = okta_request_call(client, "GET", FAULT_PATH, NULL);
    okta_call_set_timeout_ms(call, timeout_ms);
    okta_error *error = okta_call_run(call);
    okta_status status = okta_error_status(error);
    okta_free(error);
    okta_free(call);
    return status;
}

typedef struct caller {
    pthread_t thread;
    okta_client *client;
    int64_t timeout_ms;
    okta_status expected;
    unsigned as_expected;
    unsigned threads; /* the most that there were */
} caller;

static void *call_again_and_again(void *context)
{
    caller *self = context;
    for (unsigned i = 0; i < CALLS; i++) {
        self->as_expected += get_within(self->client, self->timeout_ms) == self->expected;
        unsigned threads = threads_count();
        self->threads = threads > self->threads ? threads : self->threads;
    }
    return NULL;
}

/* 2,000 calls. The number of look-ups. */
static unsigned call_in_an_outage(int64_t timeout_ms, okta_status expected)
{
    caller callers[WORKERS];
    okta_client *client = client_of(NOBODY);
    unsigned before = fault_resolver_count();
    unsigned threads = threads_count();
    for (size_t i = 0; i < WORKERS; i++) {
        callers[i] = (caller){.client = client, .timeout_ms = timeout_ms, .expected = expected};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call_again_and_again, &callers[i]), 0);
    }
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
        assert_int_equal(callers[i].as_expected, CALLS);
        /* One beyond, and one that is just about to be gone. */
        assert_in_range(callers[i].threads, 1, threads + WORKERS + 2);
    }
    okta_free(client);
    fault_resolver_set("127.0.0.1");
    fault_resolver_await_idle();
    await_threads(threads);
    return fault_resolver_count() - before;
}

static void calls_in_an_outage_share_one_thread(void **state)
{
    (void)state;
    fault_resolver_hang();
    assert_int_equal(call_in_an_outage(2, OKTA_E_TIMEOUT), 1);
    fault_resolver_fail(EAI_AGAIN);
    assert_in_range(call_in_an_outage(60000, OKTA_E_TRANSPORT), 1, WORKERS * CALLS);
}

static void *run_it(void *call)
{
    okta_error *error = okta_call_run(call);
    bool canceled = okta_error_status(error) == OKTA_E_CANCELED;
    okta_free(error);
    return canceled ? call : NULL;
}

static void a_cancel_ends_the_wait_for_a_look_up(void **state)
{
    pthread_t thread;
    void *canceled = NULL;
    (void)state;
    fault_resolver_hang();
    okta_client *client = client_of(NOBODY);
    okta_call *call = okta_request_call(client, "GET", FAULT_PATH, NULL);
    assert_int_equal(pthread_create(&thread, NULL, run_it, call), 0);
    fault_resolver_await_hanging();
    okta_call_cancel(call);
    assert_int_equal(pthread_join(thread, &canceled), 0);
    assert_ptr_equal(canceled, call);
    okta_free(call);
    okta_free(client);
    fault_resolver_set("127.0.0.1");
    fault_resolver_await_idle();
}

/* The look-up goes on without its client, and takes what it holds along. */
static void a_client_goes_while_a_look_up_hangs(void **state)
{
    (void)state;
    fault_resolver_hang();
    okta_client *client = client_of(NOBODY);
    assert_int_equal(get_within(client, 2), OKTA_E_TIMEOUT);
    okta_free(client);
    fault_resolver_await_hanging();
    fault_resolver_set("127.0.0.1");
    fault_resolver_await_idle();
}

static void start(named_world *self, const fault_step *script, const char *host)
{
    const fault_tls_options tls = {.host = "org.test"};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    fault_tls_start(&self->tls, &tls);
    fault_plan plan = {.script = script, .tls = self->tls.context};
    fault_world_begin(&self->world, &plan);
    snprintf(self->url, sizeof self->url, "https://%s:%u", host, fault_server_port(self->world.server));
    options.org_url = self->url;
    options.ca_file = self->tls.ca_file;
    options.proxy = "";
    fault_world_renew(&self->world, &options);
}

static void stop(named_world *self)
{
    fault_world_stop(&self->world);
    fault_tls_stop(&self->tls);
}

static const fault_step closes[] = {READ, SEND(STATUS TYPE LENGTH "Connection: close\r\n" BODY), CLOSE, END};

static void what_was_found_counts_for_a_minute(void **state)
{
    named_world *self = *state;
    fault_resolver_set("127.0.0.1");
    unsigned before = fault_resolver_count();
    start(self, closes, "org.test");
    for (unsigned i = 0; i < 5; i++) {
        fault_expect_good("known", &self->world);
    }
    assert_int_equal(fault_resolver_count() - before, 1);
    self->world.clock.now_ms += 59000;
    fault_expect_good("59 s", &self->world);
    assert_int_equal(fault_resolver_count() - before, 1);
    self->world.clock.now_ms += 1001;
    fault_expect_good("60 s", &self->world);
    assert_int_equal(fault_resolver_count() - before, 2);
    fault_world_finish(&self->world);
    fault_expect_connections("each", &self->world, 7);
    stop(self);
}

static void a_name_that_moves_is_followed(void **state)
{
    named_world *self = *state;
    fault_resolver_set("127.0.0.9");
    start(self, NULL, "org.test");
    fault_outcome outcome = fault_request_once(&self->world, "GET", NULL, 0);
    fault_expect_status("moved away", &outcome, OKTA_E_TRANSPORT);
    fault_resolver_set("127.0.0.1");
    self->world.clock.now_ms += 60001;
    fault_expect_good("moved back", &self->world);
    stop(self);
}

/* Over what is connected nobody needs the name. */
static void a_kept_connection_outlives_an_outage_of_names(void **state)
{
    named_world *self = *state;
    fault_resolver_set("127.0.0.1");
    start(self, NULL, "org.test");
    fault_expect_good("first", &self->world);
    fault_resolver_fail(EAI_AGAIN);
    for (unsigned i = 0; i < 10; i++) {
        self->world.clock.now_ms += 20000;
        fault_expect_good("kept", &self->world);
    }
    fault_resolver_hang();
    self->world.clock.now_ms += 20000;
    fault_expect_good("hangs", &self->world);
    fault_world_finish(&self->world);
    fault_expect_connections("kept", &self->world, 1);
    fault_resolver_set("127.0.0.1");
    fault_resolver_await_idle();
    stop(self);
}

/* In all its spellings a name is looked up by the library: libcurl would start a thread for each call. */
static void every_spelling_of_a_name_is_looked_up_once(void **state)
{
    static const char *const hosts[] = {"org.test", "ORG.Test", "org.test.", "Org.test."};
    named_world *self = *state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        fault_resolver_set("127.0.0.1");
        unsigned before = fault_resolver_count();
        start(self, closes, hosts[i]);
        fault_expect_good(hosts[i], &self->world);
        fault_expect_good(hosts[i], &self->world);
        if (fault_resolver_count() - before != 1) {
            fail_msg("%s: %u look-ups", hosts[i], fault_resolver_count() - before);
        }
        stop(self);
    }
}

/* The message says which name. */
static void a_name_that_is_not_found_is_named(void **state)
{
    (void)state;
    fault_resolver_fail(EAI_NONAME);
    okta_client *client = client_of(NOBODY);
    okta_call *call = okta_request_call(client, "GET", FAULT_PATH, NULL);
    okta_error *error = okta_call_run(call);
    assert_int_equal(okta_error_status(error), OKTA_E_TRANSPORT);
    assert_true(okta_error_is_retryable(error));
    assert_non_null(strstr(okta_error_message(error), "org.test"));
    assert_non_null(strstr(okta_error_message(error), gai_strerror(EAI_NONAME)));
    okta_free(error);
    okta_free(call);
    okta_free(client);
    fault_resolver_set("127.0.0.1");
}

static void *do_nothing(void *context)
{
    return context;
}

/* A sanitizer has a thread of its own from the first other one on. */
static int begin(void **state)
{
    pthread_t thread;
    (void)state;
    fault_resolver_set("127.0.0.1");
    assert_int_equal(pthread_create(&thread, NULL, do_nothing, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    own_threads = threads_count();
    return 0;
}

/* All that a test started is gone behind it. */
static int end(void **state)
{
    (void)state;
    fault_resolver_set("127.0.0.1");
    await_threads(own_threads);
    return 0;
}

int main(void)
{
    named_world world = {.url = ""};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(calls_in_an_outage_share_one_thread, end),
        cmocka_unit_test_teardown(a_cancel_ends_the_wait_for_a_look_up, end),
        cmocka_unit_test_teardown(a_client_goes_while_a_look_up_hangs, end),
        cmocka_unit_test_prestate_setup_teardown(what_was_found_counts_for_a_minute, NULL, end, &world),
        cmocka_unit_test_prestate_setup_teardown(a_name_that_moves_is_followed, NULL, end, &world),
        cmocka_unit_test_prestate_setup_teardown(a_kept_connection_outlives_an_outage_of_names, NULL, end,
                                                 &world),
        cmocka_unit_test_prestate_setup_teardown(every_spelling_of_a_name_is_looked_up_once, NULL, end,
                                                 &world),
        cmocka_unit_test_teardown(a_name_that_is_not_found_is_named, end),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
