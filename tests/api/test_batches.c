/* SPDX-License-Identifier: Apache-2.0 */
/* Batches and time: rate limits that outlast the time-out of a call, and an org that nobody reaches for a
 * while.
 */
#include <limits.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"
#include "client/client.h"
#include "okta/batch.h"
#include "okta/cancel.h"

typedef struct feed feed;

/* A program that makes the same call many times. */
struct feed {
    api_world *world;
    okta_batch *batch;
    unsigned calls;
    unsigned given;
    unsigned told[OKTA_E_OUTCOME_UNKNOWN + 1]; /* by status */
    unsigned attempts;                         /* of all */
    unsigned reconciled;
    unsigned unfunded;
    char message[512];                              /* of the latest error */
    okta_call *(*make)(const api_world *world);     /* NULL: listJwk */
    void (*set)(const feed *self, okta_call *call); /* nullable */
    unsigned cancels_at;                            /* the outcomes by then; 0: never */
    okta_cancel_token *token;
    unsigned at_once;
};

static bool give(void *ctx, okta_batch_item *item)
{
    feed *self = ctx;
    if (self->given == self->calls) {
        return false;
    }
    self->given++;
    item->call =
        self->make != NULL ? self->make(self->world) : okta_list_jwk_call(self->world->client, API_APP);
    if (self->set != NULL) {
        self->set(self, item->call);
    }
    return true;
}

static void take(void *ctx, const okta_batch_item *item, okta_error *error)
{
    feed *self = ctx;
    unsigned outcomes = 1;
    for (size_t i = 0; i < COUNT(self->told); i++) {
        outcomes += self->told[i];
    }
    self->told[okta_error_status(error)]++;
    self->attempts += okta_call_attempts(item->call);
    self->reconciled += okta_call_was_reconciled(item->call);
    if (error != NULL) {
        snprintf(self->message, sizeof self->message, "%s", okta_error_message(error));
        self->unfunded +=
            strstr(self->message, "; not repeated, as the client's retry budget is used up") != NULL;
    }
    okta_free(error);
    okta_free(item->call);
    if (outcomes == self->cancels_at && self->token == NULL) {
        okta_batch_cancel(self->batch);
    } else if (outcomes == self->cancels_at) {
        okta_cancel_token_cancel(self->token);
    }
}

static okta_status run(feed *self)
{
    okta_batch_options options = OKTA_BATCH_OPTIONS_INIT;
    options.next = give;
    options.result = take;
    options.ctx = self;
    options.max_in_flight = self->at_once;
    assert_null(okta_batch_new(&options, &self->batch));
    okta_error *error = okta_batch_run(self->batch);
    okta_status status = okta_error_status(error);
    okta_free(error);
    okta_free(self->batch);
    return status;
}

/* A world whose client knows the limit, of which one call is used. */
static void begin(api_world *world, unsigned limit, unsigned page_size)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    api_world_start(world, &(mock_org_options){.rate_limit = limit, .page_size = page_size}, NULL);
    api_expect_success("the first call", okta_list_jwk(world->client, API_APP, &keys));
    okta_free(keys);
    api_forget(world);
}

static void more_calls_than_a_window_holds_succeed(void **state)
{
    (void)state;
    api_world world;
    api_world_start(&world, &(mock_org_options){.rate_limit = 600}, NULL);
    feed self = {.world = &world, .calls = 1000};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_OK], 1000);
    api_expect_requests("all", &world, 1000); /* nothing was refused */
    api_world_stop(&world);
}

/* Each waits for many windows. */
static void calls_wait_for_as_many_windows_as_it_takes(void **state)
{
    (void)state;
    api_world world;
    begin(&world, 1, 0);
    feed self = {.world = &world, .calls = 30, .at_once = 30};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_OK], 30);
    api_expect_requests("all", &world, 30);
    assert_true(world.clock.now_ms >= INT64_C(30) * 60000);
    api_world_stop(&world);
}

static void set_deadline(const feed *self, okta_call *call)
{
    const struct timespec deadline = {.tv_sec = self->world->clock.now_ms / 1000 + 30};
    okta_call_set_deadline(call, &deadline);
}

static void a_deadline_counts_all_the_same(void **state)
{
    (void)state;
    api_world world;
    begin(&world, 4, 0);
    feed self = {.world = &world, .calls = 5, .set = set_deadline};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_OK], 3);
    assert_int_equal(self.told[OKTA_E_RATE_LIMITED], 2);
    api_expect_text("a deadline", "message", self.message,
                    "listJwk: the rate limit does not clear before the deadline (the deadline that was set, "
                    "30,000 ms after the call began; the limit clears in 61 s); the request was not sent");
    api_expect_waits("a deadline", &world, NULL, 0);
    api_world_stop(&world);
}

/* Pacing is off: the refusals of the org are waited for, however short the time-out is. */
static void set_short_timeout(const feed *self, okta_call *call)
{
    (void)self;
    okta_call_set_timeout_ms(call, 5000);
}

static void calls_that_are_refused_wait_as_well(void **state)
{
    (void)state;
    api_world world;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.pacing = OKTA_PACING_OFF;
    api_world_start(&world, &(mock_org_options){.rate_limit = 4}, &options);
    feed self = {.world = &world, .calls = 8, .set = set_short_timeout};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_OK], 8);
    assert_int_equal(self.attempts, 12);
    api_world_stop(&world);
}

/* ... but for no longer than a window. */
static void a_refusal_for_an_hour_ends_the_call(void **state)
{
    static const char *const hour[] = {"Retry-After: 3000", "X-Rate-Limit-Reset:", NULL};
    api_world *world = *state;
    api_fault(world, (mock_fault){.status = 429, .headers = hour, .times = UINT_MAX});
    feed self = {.world = world, .calls = 1};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_E_RATE_LIMITED], 1);
    assert_true(world->clock.now_ms < 3000000);
}

/* The time that was no wait for a limit counts on. */
static void time_at_work_counts(void **state)
{
    static const char *const full[] = {"X-Rate-Limit-Limit: 100", "X-Rate-Limit-Remaining: 0",
                                       "X-Rate-Limit-Reset: 1750000020", NULL};
    api_world *world = *state;
    api_fault(world, (mock_fault){.status = 429, .headers = full});
    api_fault(world, (mock_fault){.status = 503, .times = UINT_MAX});
    feed self = {.world = world, .calls = 1, .set = set_short_timeout};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_E_SERVER], 1);
    assert_true(world->clock.now_ms < 40000);
}

static void each_page_of_a_list_may_wait(void **state)
{
    (void)state;
    api_world world;
    begin(&world, 1, 1);
    for (unsigned i = 0; i < 4; i++) {
        char json[32];
        snprintf(json, sizeof json, "{\"id\":\"id%u\"}", i);
        api_put(&world, "jwks", json);
    }
    feed self = {.world = &world, .calls = 2};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_OK], 2);
    api_expect_requests("all", &world, 8);
    api_world_stop(&world);
}

static okta_call *make_addition(const api_world *world)
{
    okta_call *call = okta_add_jwk_call(world->client, API_APP, &api_jwk_request);
    okta_call_set_timeout_ms(call, 20000);
    return call;
}

/* A look that waits gives its time back to the call that it is for, too. */
static void a_look_at_the_org_may_wait(void **state)
{
    static const char *const full[] = {"X-Rate-Limit-Limit: 100", "X-Rate-Limit-Remaining: 0",
                                       "X-Rate-Limit-Reset: 1750000020", NULL};
    api_world *world = *state;
    okta_oauth2_client_jwk_list *keys = NULL;
    const api_operation *add = &api_operations[1];
    api_fault(world, (mock_fault){.status = 200, .headers = full, .body = "[]"});
    api_expect_success("used up", okta_list_jwk(world->client, API_APP, &keys));
    okta_free(keys);
    api_fault(world, (mock_fault){.method = "POST", .status = 503});
    api_queue_looks(world, add, 1, add->found);
    feed self = {.world = world, .calls = 1, .make = make_addition};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_OK], 1);
    assert_int_equal(self.reconciled, 1);
}

static void may_be_canceled_while_calls_wait(void **state)
{
    (void)state;
    api_world world;
    begin(&world, 4, 0);
    feed self = {.world = &world, .calls = 100, .cancels_at = 3};
    assert_int_equal(run(&self), OKTA_E_CANCELED);
    assert_int_equal(self.told[OKTA_OK], 3);
    assert_int_equal(self.told[OKTA_OK] + self.told[OKTA_E_CANCELED], self.given);
    api_expect_requests("all", &world, 3);
    api_expect_waits("all", &world, NULL, 0);
    api_world_stop(&world);
}

static void set_token(const feed *self, okta_call *call)
{
    okta_call_set_cancel_token(call, self->token);
}

static void a_cancel_token_ends_calls_that_wait(void **state)
{
    (void)state;
    api_world world;
    begin(&world, 4, 0);
    feed self = {.world = &world, .calls = 20, .cancels_at = 3, .set = set_token};
    assert_null(okta_cancel_token_new(&self.token));
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_E_CANCELED], 17);
    api_expect_requests("all", &world, 3);
    okta_free(self.token);
    api_world_stop(&world);
}

/* A port that nobody listens on, for as long as the socket lives. */
static int closed_port(char *url, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    snprintf(url, size, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return fd;
}

/* Each call waits for an org that nobody reaches, where plain ones use the budget up together. */
static void every_call_is_repeated_where_nobody_listens(void **state)
{
    char url[64];
    api_world *world = *state;
    int fd = closed_port(url, sizeof url);
    api_world_renew_at(world, url);
    feed self = {.world = world, .calls = 30};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_E_TRANSPORT], 30);
    assert_int_equal(self.attempts, 30 * 4);
    assert_int_equal(self.unfunded, 0);
    assert_int_equal(world->client->budget.spent, 0);
    close(fd);
}

/* What the org itself says costs budget, and the error says so. */
static void failures_of_the_org_use_up_the_budget(void **state)
{
    api_world *world = *state;
    api_fault(world, (mock_fault){.status = 503, .times = UINT_MAX});
    feed self = {.world = world, .calls = 30};
    assert_int_equal(run(&self), OKTA_OK);
    assert_int_equal(self.told[OKTA_E_SERVER], 30);
    assert_int_equal(self.attempts, 30 + 10);
    assert_in_range(self.unfunded, 27, 30); /* but for those that were repeated as often as may be */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_calls_than_a_window_holds_succeed),
        cmocka_unit_test(calls_wait_for_as_many_windows_as_it_takes),
        cmocka_unit_test(a_deadline_counts_all_the_same),
        cmocka_unit_test(calls_that_are_refused_wait_as_well),
        TEST(a_refusal_for_an_hour_ends_the_call),
        TEST(time_at_work_counts),
        cmocka_unit_test(each_page_of_a_list_may_wait),
        TEST(a_look_at_the_org_may_wait),
        cmocka_unit_test(may_be_canceled_while_calls_wait),
        cmocka_unit_test(a_cancel_token_ends_calls_that_wait),
        TEST(every_call_is_repeated_where_nobody_listens),
        TEST(failures_of_the_org_use_up_the_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
