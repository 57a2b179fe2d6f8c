/* SPDX-License-Identifier: Apache-2.0 */
/* The end of many calls at once: of a client, and of a cancel token. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"
#include "api/runner.h"
#include "api/service_app.h"
#include "client/client.h"
#include "unit/allocations.h"

#define NEVER_MS 600000u
#define RUNNERS  8u
#define ROUNDS   20u
#define MANY     1000u

/* Who ends the calls. */
typedef enum ender {
    BY_CLIENT,
    BY_TOKEN,
    ENDERS,
} ender;

static okta_cancel_token *new_token(void)
{
    okta_cancel_token *token = NULL;
    assert_null(okta_cancel_token_new(&token));
    assert_false(okta_cancel_token_is_canceled(token));
    return token;
}

static void end_all(ender by, okta_client *client, okta_cancel_token *token)
{
    if (by == BY_CLIENT) {
        okta_client_cancel_all(client);
    } else {
        okta_cancel_token_cancel(token);
    }
}

/* What calls wait for. */
typedef struct wait_case {
    const char *name;
    mock_fault fault;
    bool service;    /* the client is a service app */
    unsigned places; /* requests at once; 0: as by default */
} wait_case;

static const char *const used_up[] = {"X-Rate-Limit-Limit: 100", "X-Rate-Limit-Remaining: 0",
                                      "X-Rate-Limit-Reset: 1750000030", "Date: Sun, 15 Jun 2025 15:06:40 GMT",
                                      NULL};
static const char *const later[] = {"Retry-After: 50", NULL};

static const wait_case wait_cases[] = {
    {"an answer", {.status = 200, .body = "[]", .delay_ms = NEVER_MS, .times = 100}, false, 0},
    {"a place", {.status = 200, .body = "[]", .delay_ms = NEVER_MS, .times = 100}, false, 1},
    {"a rate limit", {.status = 429, .headers = used_up, .times = 100}, false, 0},
    {"the next attempt", {.status = 503, .headers = later, .times = 100}, false, 0},
    {"a token",
     {.path_contains = MOCK_TOKEN_PATH, .status = 200, .delay_ms = NEVER_MS, .times = 100},
     true,
     0},
};

static void begin(service_world *world, const wait_case *one)
{
    okta_client_options options = one->service ? service_options(world) : api_options(&world->api);
    options.max_in_flight = one->places;
    service_renew(world, &options);
    oktai_client_set_clock(world->api.client, &oktai_system_clock);
    api_forget(&world->api);
    api_fault(&world->api, one->fault);
}

/* Some calls wait, others are just about to. */
static void ends_calls(service_world *world, const wait_case *one, ender by, unsigned round)
{
    runner runners[RUNNERS];
    okta_cancel_token *token = new_token();
    begin(world, one);
    for (size_t i = 0; i < RUNNERS; i++) {
        okta_call *call = okta_list_jwk_call(world->api.client, API_APP);
        okta_call_set_cancel_token(call, token);
        runner_start(&runners[i], call, NULL);
    }
    for (unsigned i = 0; i < round; i++) {
        sched_yield();
    }
    if (round + 1 == ROUNDS) {
        runner_await_requests(&world->api, 1);
    }
    end_all(by, world->api.client, token);
    for (size_t i = 0; i < RUNNERS; i++) {
        runner_finish(&runners[i]);
        api_expect_refusal(one->name, runners[i].error, OKTA_E_CANCELED, "canceled");
        assert_null(OKTA_TAKE(runners[i].call, okta_oauth2_client_jwk_list));
        okta_free(runners[i].call);
    }
    assert_null(world->api.client->running.first);
    assert_int_equal(world->api.client->pacing.in_flight, 0);
    assert_int_equal(world->api.client->for_token.count, 0);
    assert_int_equal(world->api.client->gate.count, 0);
    okta_free(token);
}

static void ends_calls_whatever_they_wait_for(void **state)
{
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(wait_cases) * ENDERS; i++) {
        for (unsigned round = 0; round < ROUNDS; round++) {
            ends_calls(world, &wait_cases[i / ENDERS], (ender)(i % ENDERS), round);
        }
        api_world_stop(&world->api); /* with the faults that are left */
        okta_client_options options = service_options(world);
        api_world_start(&world->api, NULL, &options);
    }
}

/* A create that cannot be looked for any more, and one whose outcome does not matter. */
static void a_write_that_may_have_happened_says_so(void **state)
{
    service_world *world = *state;
    for (ender by = 0; by < ENDERS; by++) {
        const wait_case held = {"held", {.method = "POST", .status = 201, .delay_ms = NEVER_MS}, false, 0};
        runner self;
        okta_cancel_token *token = new_token();
        begin(world, &held);
        okta_call *call = okta_request_call(world->api.client, "POST", "/api/v1/groups", "{}");
        okta_call_set_cancel_token(call, token);
        runner_start(&self, call, NULL);
        runner_await_requests(&world->api, 1);
        end_all(by, world->api.client, token);
        runner_finish(&self);
        api_expect_refusal("POST", self.error, OKTA_E_OUTCOME_UNKNOWN, "canceled");
        okta_free(self.call);
        okta_free(token);
    }
}

/* Whatever is wrong with the arguments comes first. */
static void nothing_begins_after_the_end(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    static const api_expected canceled = {.status = OKTA_E_CANCELED};
    okta_call *early = okta_list_jwk_call(world->client, API_APP);
    okta_pages *pages = okta_request_pages(world->client, "/api/v1/users");
    okta_client_cancel_all(world->client);
    okta_client_cancel_all(world->client);
    api_expect_error("made before", okta_call_run(early), &canceled);
    okta_free(early);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        void *out = NULL;
        for (api_form form = 0; form < API_FORMS; form++) {
            okta_error *error = api_run(&api_operations[i], form, world->client, api_operations[i].ids, &out);
            assert_null(out);
            api_expect_error(api_operations[i].name, error, &canceled);
        }
    }
    assert_null(okta_pages_next(pages));
    api_expect_error("pages", okta_pages_error(pages), &canceled);
    okta_free(pages);
    okta_call *wrong = okta_list_jwk_call(world->client, "..");
    api_expect_refusal("an argument", okta_call_run(wrong), OKTA_E_ARG, "listJwk: appId");
    okta_free(wrong);
    api_expect_requests("after the end", world, 0);
    okta_client_cancel_all(NULL);
}

static void a_token_stays_canceled(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    static const api_expected canceled = {.status = OKTA_E_CANCELED};
    okta_cancel_token *token = new_token();
    okta_call *before = okta_list_jwk_call(world->client, API_APP);
    okta_call_set_cancel_token(before, token);
    okta_cancel_token_cancel(token);
    okta_cancel_token_cancel(token);
    assert_true(okta_cancel_token_is_canceled(token));
    okta_call *after = okta_list_jwk_call(world->client, API_APP);
    okta_call_set_cancel_token(after, token);
    okta_free(token); /* the calls keep it */
    api_expect_error("before", okta_call_run(before), &canceled);
    api_expect_error("after", okta_call_run(after), &canceled);
    api_expect_requests("a canceled token", world, 0);
    okta_free(before);
    okta_free(after);
    api_world_renew(world, NULL);
    okta_oauth2_client_jwk_list *list = NULL;
    api_expect_success("without it", okta_list_jwk(world->client, MOCK_WEB_APP, &list));
    okta_free(list);
}

static void a_call_has_its_latest_token(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    okta_cancel_token *first = new_token();
    okta_cancel_token *second = new_token();
    okta_call *calls[3];
    api_world_renew(world, NULL);
    for (size_t i = 0; i < COUNT(calls); i++) {
        calls[i] = okta_list_jwk_call(world->client, MOCK_WEB_APP);
        okta_call_set_cancel_token(calls[i], first);
    }
    okta_call_set_cancel_token(calls[1], second);
    okta_call_set_cancel_token(calls[0], first);
    okta_cancel_token_cancel(first);
    api_expect_refusal("the first", okta_call_run(calls[0]), OKTA_E_CANCELED, "canceled");
    api_expect_success("the second", okta_call_run(calls[1]));
    api_expect_refusal("the third", okta_call_run(calls[2]), OKTA_E_CANCELED, "canceled");
    for (size_t i = 0; i < COUNT(calls); i++) {
        okta_free(calls[i]);
    }
    okta_free(first);
    okta_free(second);
}

/* Released from the middle, from the front and from the end. */
static void ends_those_that_are_left(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    static okta_call *calls[MANY];
    okta_cancel_token *token = new_token();
    for (size_t i = 0; i < MANY; i++) {
        calls[i] = okta_list_jwk_call(world->client, API_APP);
        okta_call_set_cancel_token(calls[i], token);
    }
    for (size_t i = 0; i < MANY; i += i % 3 + 1) {
        okta_free(calls[i]);
        calls[i] = NULL;
    }
    okta_cancel_token_cancel(token);
    okta_free(token);
    for (size_t i = 0; i < MANY; i++) {
        if (calls[i] != NULL) {
            api_expect_refusal("a call that is left", okta_call_run(calls[i]), OKTA_E_CANCELED, "canceled");
            okta_free(calls[i]);
        }
    }
    api_expect_requests("canceled before", world, 0);
}

static void pages_end_with_their_token(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    api_world_stop(world);
    api_world_start(world, &(mock_org_options){.users = 25}, NULL);
    for (ender by = 0; by < ENDERS; by++) {
        okta_cancel_token *token = new_token();
        api_world_renew(world, NULL);
        api_forget(world);
        okta_pages *pages = okta_request_pages(world->client, "/api/v1/users?limit=10");
        okta_pages_set_cancel_token(pages, token);
        assert_non_null(okta_pages_next(pages));
        end_all(by, world->client, token);
        assert_null(okta_pages_next(pages));
        api_expect_refusal("pages", okta_pages_error(pages), OKTA_E_CANCELED, "canceled");
        assert_non_null(strstr(okta_pages_cursor(pages), "after="));
        api_expect_requests("pages", world, 1);
        okta_free(token);
        okta_free(pages);
    }
}

static void refuses_what_is_no_token(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    okta_call *call = okta_list_jwk_call(world->client, API_APP);
    okta_pages *pages = okta_request_pages(world->client, "/api/v1/users");
    okta_cancel_token *token = new_token();
    okta_call_set_cancel_token(call, NULL);
    api_expect_refusal("a call", okta_call_run(call), OKTA_E_ARG, "token must not be NULL");
    okta_pages_set_cancel_token(pages, NULL);
    assert_null(okta_pages_next(pages));
    api_expect_refusal("pages", okta_pages_error(pages), OKTA_E_ARG, "token must not be NULL");
    api_expect_refusal("no place", okta_cancel_token_new(NULL), OKTA_E_ARG, "out must not be NULL");
    okta_call_set_cancel_token(NULL, token);
    okta_pages_set_cancel_token(NULL, token);
    okta_cancel_token_cancel(NULL);
    assert_false(okta_cancel_token_is_canceled(NULL));
    okta_free(token);
    okta_free(pages);
    okta_free(call);
    api_expect_requests("refused", world, 0);
}

/* Calls come and go with a token, and others end it, all at once. */
typedef struct crowd {
    api_world *world;
    okta_cancel_token *token;
    bool good;
} crowd;

static void *make_and_release(void *context)
{
    crowd *self = context;
    self->good = true;
    for (unsigned i = 0; i < MANY; i++) {
        okta_call *call = okta_list_jwk_call(self->world->client, API_APP);
        okta_call_set_cancel_token(call, self->token);
        if (i % 50 == 0) {
            okta_error *error = okta_call_run(call);
            self->good = self->good && (error == NULL || okta_error_status(error) == OKTA_E_CANCELED);
            okta_free(error);
        }
        okta_free(call);
    }
    return NULL;
}

static void *cancel_often(void *context)
{
    crowd *self = context;
    for (unsigned i = 0; i < MANY; i++) {
        okta_cancel_token_cancel(self->token);
        sched_yield();
    }
    return NULL;
}

static void calls_come_and_go_while_others_end_them(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    crowd crowds[4];
    pthread_t threads[COUNT(crowds)];
    okta_cancel_token *token = new_token();
    api_world_renew(world, NULL);
    oktai_client_set_clock(world->client, &oktai_system_clock);
    for (size_t i = 0; i < COUNT(crowds); i++) {
        crowds[i] = (crowd){world, token, true};
        assert_int_equal(
            pthread_create(&threads[i], NULL, i < 3 ? make_and_release : cancel_often, &crowds[i]), 0);
    }
    for (size_t i = 0; i < COUNT(crowds); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(crowds[i].good);
    }
    okta_free(token);
}

static void lack_of_memory_is_told(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    for (size_t nth = 1; nth <= 2; nth++) {
        okta_cancel_token *token = NULL;
        allocations_begin(nth, false);
        okta_error *error = okta_cancel_token_new(&token);
        bool failed = allocations_end();
        assert_int_equal(okta_error_status(error), failed ? OKTA_E_NOMEM : OKTA_OK);
        assert_int_equal(token == NULL, failed);
        okta_free(token);
    }
    okta_cancel_token *token = new_token();
    size_t failures = 0;
    /* Its memory has room for some headers and a link, or for the headers only. */
    for (size_t headers = 0; headers < 40; headers++) {
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        for (size_t i = 0; i < headers; i++) {
            okta_call_add_header(call, "X-Filler", "0123456789");
        }
        allocations_begin(1, true);
        okta_call_set_cancel_token(call, token);
        if (allocations_end()) {
            failures++;
            assert_int_equal(okta_error_status(okta_call_run(call)), OKTA_E_NOMEM);
        }
        okta_free(call);
    }
    assert_true(failures > 0);
    okta_free(token);
}

/* Each owner releases it. */
static void a_client_lives_as_long_as_its_owners(void **state)
{
    api_world *world = &((service_world *)*state)->api;
    api_world_renew(world, NULL);
    okta_client *client = world->client;
    assert_null(okta_client_hold(NULL));
    assert_ptr_equal(okta_client_hold(client), client);
    assert_ptr_equal(okta_client_hold(client), client);
    okta_free(world->client);
    world->client = NULL;
    for (int owners = 2; owners > 0; owners--) {
        okta_oauth2_client_jwk_list *list = NULL;
        api_expect_success("listJwk", okta_list_jwk(client, MOCK_WEB_APP, &list));
        okta_free(list);
        okta_free(client);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, service_setup, service_teardown)
    const struct CMUnitTest tests[] = {
        TEST(ends_calls_whatever_they_wait_for),
        TEST(a_write_that_may_have_happened_says_so),
        TEST(nothing_begins_after_the_end),
        TEST(a_token_stays_canceled),
        TEST(a_call_has_its_latest_token),
        TEST(ends_those_that_are_left),
        TEST(pages_end_with_their_token),
        TEST(refuses_what_is_no_token),
        TEST(calls_come_and_go_while_others_end_them),
        TEST(lack_of_memory_is_told),
        TEST(a_client_lives_as_long_as_its_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
