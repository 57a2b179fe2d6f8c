/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that the program gives: when it is asked, and what becomes of what it says. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/key_calls.h"
#include "api/runner.h"
#include "client/client.h"
#include "okta/loop.h"
#include "unit/allocations.h"

#define OTHER_TOKEN "other-Canary_8"
#define THREADS     20u

/* What the program gives. */
typedef struct source {
    const char *token; /* NULL: nothing is written */
    int64_t life_s;    /* from now on, by the machine's clock; 0: no end is known */
    okta_status fails; /* with this; OKTA_OK: it does not */
    bool fills;        /* the buffer, up to its last byte */
    bool shuts_client;
    api_world *world;
    atomic_uint asked;
    atomic_uint at_once; /* how many threads are in it */
    bool crowded;        /* there was more than one */
    okta_token_reason reason;
} source;

static okta_error *give(void *ctx, okta_token_reason reason, char *token, size_t capacity,
                        int64_t *expires_at_s)
{
    source *self = ctx;
    self->crowded = self->crowded || atomic_fetch_add(&self->at_once, 1) > 0;
    atomic_fetch_add(&self->asked, 1);
    self->reason = reason;
    assert_int_equal(capacity, OKTA_TOKEN_MAX + 1);
    assert_int_equal(*expires_at_s, 0);
    if (self->fills) {
        memset(token, 'a', capacity);
    } else if (self->token != NULL) {
        memcpy(token, self->token, strlen(self->token) + 1);
    }
    if (self->life_s != 0) {
        const oktai_clock *clock = self->world->client->clock;
        *expires_at_s = clock->wall_ms(clock) / 1000 + self->life_s;
    }
    if (self->shuts_client) {
        okta_client_cancel_all(self->world->client);
    }
    sched_yield();
    atomic_fetch_sub(&self->at_once, 1);
    return self->fails == OKTA_OK ? NULL : okta_error_new(self->fails, "the vault is sealed");
}

static void begin(api_world *world, source *from, okta_authorization_mode mode)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.authorization_mode = mode;
    options.token_source = give;
    options.token_source_ctx = from;
    from->world = world;
    api_world_renew(world, &options); /* which sets `token`, too: the source comes first */
    api_forget(world);
}

static okta_error *list(const api_world *world)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error = okta_list_jwk(world->client, MOCK_WEB_APP, &keys);
    assert_int_equal(keys == NULL, error != NULL);
    okta_free(keys);
    return error;
}

static void advance(api_world *world, int64_t ms)
{
    world->clock.now_ms += ms;
    mock_org_set_now(world->org, API_NOW_S + world->clock.now_ms / 1000);
}

static void is_asked_once_and_sent_by_the_mode(void **state)
{
    static const struct {
        okta_authorization_mode mode;
        const char *header;
    } cases[] = {{OKTA_AUTHORIZATION_SSWS, "SSWS " API_TOKEN},
                 {OKTA_AUTHORIZATION_BEARER, "Bearer " API_TOKEN}};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        source from = {.token = API_TOKEN};
        begin(world, &from, cases[i].mode);
        assert_int_equal(from.asked, 0);
        for (size_t k = 0; k < 3; k++) {
            api_expect_success(cases[i].header, list(world));
            api_expect_header(cases[i].header, world, k, "Authorization", cases[i].header);
        }
        assert_int_equal(from.asked, 1);
        assert_int_equal(from.reason, OKTA_TOKEN_NEEDED);
        api_expect_requests(cases[i].header, world, 3);
        advance(world, INT64_C(365) * 86400 * 1000); /* it has no end */
        api_expect_success(cases[i].header, list(world));
        assert_int_equal(from.asked, 1);
    }
}

/* A life of 100 s: with the middle of chance it is renewed after 85 s, and it is not used after 90 s. */
static void is_asked_ahead_of_the_end(void **state)
{
    static const struct {
        const char *name;
        int64_t at_s;
        okta_status fails;
        okta_status outcome;
        unsigned asked;
        okta_token_reason reason;
    } steps[] = {
        {"first", 0, OKTA_OK, OKTA_OK, 1, OKTA_TOKEN_NEEDED},
        {"good", 84, OKTA_E_AUTH, OKTA_OK, 1, OKTA_TOKEN_NEEDED},
        {"the renewal fails", 86, OKTA_E_AUTH, OKTA_OK, 2, OKTA_TOKEN_ENDS},
        {"not again at once", 89, OKTA_E_AUTH, OKTA_OK, 2, OKTA_TOKEN_ENDS},
        {"it has ended", 91, OKTA_E_TRANSPORT, OKTA_E_TRANSPORT, 3, OKTA_TOKEN_NEEDED},
        {"and another one is there", 92, OKTA_OK, OKTA_OK, 4, OKTA_TOKEN_NEEDED},
        {"which is renewed", 92 + 86, OKTA_OK, OKTA_OK, 5, OKTA_TOKEN_ENDS},
    };
    api_world *world = *state;
    source from = {.token = API_TOKEN, .life_s = 100};
    begin(world, &from, OKTA_AUTHORIZATION_SSWS);
    for (size_t i = 0; i < COUNT(steps); i++) {
        advance(world, steps[i].at_s * 1000 - world->clock.now_ms);
        from.fails = steps[i].fails;
        okta_error *error = list(world);
        api_expect_number(steps[i].name, "status", okta_error_status(error), steps[i].outcome);
        okta_free(error);
        api_expect_number(steps[i].name, "asked", from.asked, steps[i].asked);
        api_expect_number(steps[i].name, "reason", from.reason, steps[i].reason);
    }
}

static void is_asked_again_once_after_a_401(void **state)
{
    api_world *world = *state;
    source from = {.token = OTHER_TOKEN};
    begin(world, &from, OKTA_AUTHORIZATION_SSWS);
    okta_error *error = list(world);
    assert_null(strstr(okta_error_message(error), "Canary"));
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_int_equal(okta_error_attempts(error), 2);
    okta_free(error);
    assert_int_equal(from.asked, 2);
    assert_int_equal(from.reason, OKTA_TOKEN_REFUSED);
    api_expect_requests("401", world, 2);
    api_expect_header("401", world, 1, "Authorization", "SSWS " OTHER_TOKEN);
    from.token = API_TOKEN;
    api_forget(world);
    api_expect_success("another one", list(world));
    assert_int_equal(from.asked, 3);
    api_expect_requests("another one", world, 2);
    api_expect_header("another one", world, 0, "Authorization", "SSWS " OTHER_TOKEN);
    api_expect_header("another one", world, 1, "Authorization", "SSWS " API_TOKEN);
}

/* Its status says nothing of the object that the call is about. */
static void its_error_is_that_of_the_call(void **state)
{
    static const struct {
        okta_status told;
        okta_status status;
    } cases[] = {
        {OKTA_E_ARG, OKTA_E_AUTH},
        {OKTA_E_CONFIG, OKTA_E_CONFIG},
        {OKTA_E_NOMEM, OKTA_E_NOMEM},
        {OKTA_E_TRANSPORT, OKTA_E_TRANSPORT},
        {OKTA_E_TIMEOUT, OKTA_E_TIMEOUT},
        {OKTA_E_CANCELED, OKTA_E_CANCELED},
        {OKTA_E_AUTH, OKTA_E_AUTH},
        {OKTA_E_FORBIDDEN, OKTA_E_AUTH},
        {OKTA_E_NOT_FOUND, OKTA_E_AUTH},
        {OKTA_E_CONFLICT, OKTA_E_AUTH},
        {OKTA_E_RATE_LIMITED, OKTA_E_RATE_LIMITED},
        {OKTA_E_INVALID, OKTA_E_AUTH},
        {OKTA_E_SERVER, OKTA_E_SERVER},
        {OKTA_E_PROTOCOL, OKTA_E_PROTOCOL},
        {OKTA_E_OUTCOME_UNKNOWN, OKTA_E_AUTH},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        source from = {.token = API_TOKEN, .fails = cases[i].told};
        begin(world, &from, OKTA_AUTHORIZATION_BEARER);
        okta_error *error = okta_delete_jwk(world->client, MOCK_WEB_APP, "key");
        const char *says =
            cases[i].told == OKTA_E_NOMEM ? "" : "deletejwk: token_source failed: the vault is sealed";
        api_expect_refusal(okta_status_name(cases[i].told), error, cases[i].status, says);
        api_expect_requests(okta_status_name(cases[i].told), world, 0);
    }
}

/* All calls have its failure for a while, but for one that is of the call that asked. */
static void is_left_alone_after_a_failure(void **state)
{
    static const struct {
        okta_status fails;
        unsigned asked;
    } cases[] = {{OKTA_E_AUTH, 1},         {OKTA_E_TRANSPORT, 1}, {OKTA_E_TIMEOUT, 1},
                 {OKTA_E_RATE_LIMITED, 1}, {OKTA_E_SERVER, 1},    {OKTA_E_CANCELED, 5}};
    api_world *world = *state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        source from = {.token = API_TOKEN, .fails = cases[k].fails};
        begin(world, &from, OKTA_AUTHORIZATION_SSWS);
        for (int i = 0; i < 5; i++) {
            okta_error *error = list(world);
            assert_int_equal(okta_error_status(error), from.fails);
            okta_free(error);
        }
        assert_int_equal(from.asked, cases[k].asked);
        advance(world, 1000);
        from.fails = OKTA_OK;
        api_expect_success("a second later", list(world));
    }
}

/* 1, 2, 4, 8, 16, and never more than 30 s. */
static void is_left_alone_longer_each_time(void **state)
{
    static const int64_t quiet_ms[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000};
    api_world *world = *state;
    source from = {.token = API_TOKEN, .fails = OKTA_E_TRANSPORT};
    begin(world, &from, OKTA_AUTHORIZATION_SSWS);
    for (size_t i = 0; i < COUNT(quiet_ms); i++) {
        api_expect_refusal("asks", list(world), OKTA_E_TRANSPORT, "token_source failed: the vault is sealed");
        advance(world, quiet_ms[i] - 1);
        api_expect_refusal("quiet", list(world), OKTA_E_TRANSPORT,
                           "token_source failed: the vault is sealed");
        assert_int_equal(from.asked, i + 1);
        advance(world, 1);
    }
}

static void refuses_what_is_no_token(void **state)
{
    static const struct {
        const char *says;
        source from;
    } cases[] = {
        {"token_source is required", {.token = NULL}},
        {"token_source is required", {.token = ""}},
        {"token_source begins with its scheme", {.token = "SSWS " OTHER_TOKEN}},
        {"token_source ends in a line break", {.token = OTHER_TOKEN "\n"}},
        {"token_source must be printable ASCII", {.token = "a b-Canary"}},
        {"token_source is longer than 16,384 bytes", {.fills = true}},
        {"token_source gave a token that has ended", {.token = OTHER_TOKEN, .life_s = -1}},
        {"token_source gave a token that has ended", {.token = OTHER_TOKEN, .life_s = INT64_C(-86400) * 365}},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        source from = {
            .token = cases[i].from.token, .life_s = cases[i].from.life_s, .fills = cases[i].from.fills};
        begin(world, &from, OKTA_AUTHORIZATION_SSWS);
        okta_error *error = list(world);
        assert_null(strstr(okta_error_message(error), "Canary"));
        api_expect_refusal(cases[i].says, error, OKTA_E_AUTH, cases[i].says);
        api_expect_requests(cases[i].says, world, 0);
    }
}

static void takes_tokens_at_their_limits(void **state)
{
    static char longest[OKTA_TOKEN_MAX + 1];
    api_world *world = *state;
    memset(longest, 'a', OKTA_TOKEN_MAX);
    source from = {.token = longest};
    begin(world, &from, OKTA_AUTHORIZATION_SSWS);
    api_fault(world, (mock_fault){.status = 200, .body = "[]"});
    api_expect_success("the longest", list(world));
    static const int64_t lives_s[] = {1, INT64_C(1) << 40};
    for (size_t i = 0; i < COUNT(lives_s); i++) {
        source other = {.token = API_TOKEN, .life_s = lives_s[i]};
        begin(world, &other, OKTA_AUTHORIZATION_SSWS);
        api_expect_success("a life", list(world));
        api_expect_success("a life", list(world));
        assert_int_equal(other.asked, 1);
        advance(world, 1000);
        api_expect_success("a life", list(world));
        assert_int_equal(other.asked, lives_s[i] == 1 ? 2 : 1);
    }
}

static void pages_have_the_token_of_their_time(void **state)
{
    api_world *world = *state;
    api_world_stop(world);
    api_world_start(world, &(mock_org_options){.users = 25}, NULL);
    source from = {.token = API_TOKEN, .life_s = 100};
    begin(world, &from, OKTA_AUTHORIZATION_SSWS);
    okta_pages *pages = okta_request_pages(world->client, "/api/v1/users?limit=10");
    for (unsigned page = 1; page <= 3; page++) {
        assert_non_null(okta_pages_next(pages));
        assert_int_equal(from.asked, page);
        advance(world, 100000);
    }
    assert_null(okta_pages_next(pages));
    api_expect_success("pages", okta_pages_error(pages));
    okta_free(pages);
}

/* It holds no lock, and what comes meanwhile counts. */
static void may_end_the_call_that_asks(void **state)
{
    api_world *world = *state;
    source from = {.token = API_TOKEN, .shuts_client = true};
    begin(world, &from, OKTA_AUTHORIZATION_SSWS);
    api_expect_refusal("shut down", list(world), OKTA_E_CANCELED, "canceled");
    api_expect_requests("shut down", world, 0);
}

static void *list_in_thread(void *context)
{
    const api_world *world = context;
    okta_error *error = list_keys(world, 60000);
    okta_status status = okta_error_status(error);
    okta_free(error);
    return status == OKTA_OK ? NULL : context;
}

/* One at a time. What it says is for all of them. */
static void many_threads_wait_for_one_that_asks(void **state)
{
    static const struct {
        const char *name;
        okta_status fails;
    } cases[] = {{"given", OKTA_OK}, {"for a while", OKTA_E_TRANSPORT}};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        source from = {.token = API_TOKEN, .fails = cases[i].fails};
        pthread_t threads[THREADS];
        unsigned good = 0;
        begin(world, &from, OKTA_AUTHORIZATION_SSWS);
        for (size_t k = 0; k < THREADS; k++) {
            assert_int_equal(pthread_create(&threads[k], NULL, list_in_thread, world), 0);
        }
        for (size_t k = 0; k < THREADS; k++) {
            void *bad = NULL;
            assert_int_equal(pthread_join(threads[k], &bad), 0);
            good += bad == NULL;
        }
        api_expect_number(cases[i].name, "good", good, cases[i].fails == OKTA_OK ? THREADS : 0);
        assert_int_equal(from.asked, 1);
        assert_false(from.crowded);
    }
}

static void goes_with_tokens_only(void **state)
{
    static const okta_authorization_mode modes[] = {OKTA_AUTHORIZATION_PRIVATE_KEY,
                                                    OKTA_AUTHORIZATION_CLIENT_SECRET};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(modes); i++) {
        okta_client *client = NULL;
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.org_url = mock_org_url(world->org);
        options.authorization_mode = modes[i];
        options.token_source = give;
        options.client_id = "0oa1";
        options.scopes = "okta.apps.read";
        options.client_secret = "secret";
        api_expect_refusal("a service app", okta_client_new(&options, &client), OKTA_E_CONFIG,
                           "token_source does not go with a ");
        assert_null(client);
    }
}

/* Many calls in a loop, which begin with the first token. */
#define CROWD 100u

typedef struct crowd {
    api_world *world;
    unsigned good, bad;
    const char *next_token; /* that the client gets when the first call ends; NULL: none */
} crowd;

static void on_end(void *ctx, okta_call *call, okta_error *error)
{
    crowd *self = ctx;
    *(error == NULL ? &self->good : &self->bad) += 1;
    if (self->next_token != NULL) {
        assert_null(okta_client_set_token(self->world->client, self->next_token));
        self->next_token = NULL;
    }
    okta_free(error);
    okta_free(call);
}

static void run_crowd(crowd *self)
{
    okta_loop *loop = NULL;
    assert_null(okta_loop_new(NULL, &loop));
    for (unsigned i = 0; i < CROWD; i++) {
        okta_call *call = okta_list_jwk_call(self->world->client, MOCK_WEB_APP);
        assert_null(okta_call_submit(call, loop, on_end, self));
    }
    assert_null(okta_loop_run(loop));
    okta_free(loop);
}

static size_t count_header(const api_world *world, const char *value)
{
    size_t count = 0;
    for (size_t i = 0; i < mock_org_request_count(world->org); i++) {
        const char *is = mock_request_header(mock_org_request_at(world->org, i), "Authorization");
        count += is != NULL && strcmp(is, value) == 0;
    }
    return count;
}

static okta_error *give_good_behind_bad(void *ctx, okta_token_reason reason, char *token, size_t capacity,
                                        int64_t *expires_at_s)
{
    unsigned *asked = ctx;
    (void)expires_at_s;
    snprintf(token, capacity, "%s", *asked == 0 ? "stale-token" : API_TOKEN);
    assert_int_equal(reason, *asked == 0 ? OKTA_TOKEN_NEEDED : OKTA_TOKEN_REFUSED);
    ++*asked;
    return NULL;
}

/* The first token is stale: those that carry it try again with the next one, and those that wait for their
 * turn send that at once. */
static void a_stale_token_fails_no_call_of_a_crowd(void **state)
{
    crowd all = {.world = *state};
    unsigned asked = 0;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.token_source = give_good_behind_bad;
    options.token_source_ctx = &asked;
    options.max_in_flight = 4;
    api_world_renew(all.world, &options);
    run_crowd(&all);
    assert_int_equal(all.good, CROWD);
    assert_int_equal(asked, 2);
    assert_true(count_header(all.world, "SSWS stale-token") <= 4);
}

/* A call that waits for its turn sends the token that the client got meanwhile. */
static void calls_that_wait_have_the_latest_token(void **state)
{
    static const okta_authorization_mode modes[] = {OKTA_AUTHORIZATION_SSWS, OKTA_AUTHORIZATION_BEARER};
    for (size_t i = 0; i < COUNT(modes); i++) {
        crowd all = {.world = *state, .next_token = "next-token"};
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.authorization_mode = modes[i];
        options.max_in_flight = 1;
        api_world_renew(all.world, &options);
        api_forget(all.world);
        run_crowd(&all);
        assert_int_equal(count_header(all.world, i == 0 ? "SSWS " API_TOKEN : "Bearer " API_TOKEN), 1);
        assert_int_equal(count_header(all.world, i == 0 ? "SSWS next-token" : "Bearer next-token"),
                         CROWD - 1);
    }
}

static void survives_without_memory(void **state)
{
    api_world *world = *state;
    bool failed = true;
    for (size_t n = 1; failed; n++) {
        source from = {.token = API_TOKEN, .life_s = 100};
        begin(world, &from, OKTA_AUTHORIZATION_SSWS);
        allocations_begin(n, false);
        okta_error *error = list(world);
        failed = allocations_end();
        assert_true(failed || error == NULL);
        okta_status status = okta_error_status(error);
        assert_true(status == OKTA_OK || status == OKTA_E_NOMEM || status == OKTA_E_TRANSPORT ||
                    status == OKTA_E_CONFIG);
        okta_free(error);
        assert_false(world->client->tokens.asking);
        api_expect_success("with memory", list(world));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(is_asked_once_and_sent_by_the_mode),
        TEST(is_asked_ahead_of_the_end),
        TEST(is_asked_again_once_after_a_401),
        TEST(its_error_is_that_of_the_call),
        TEST(is_left_alone_after_a_failure),
        TEST(is_left_alone_longer_each_time),
        TEST(refuses_what_is_no_token),
        TEST(takes_tokens_at_their_limits),
        TEST(pages_have_the_token_of_their_time),
        TEST(may_end_the_call_that_asks),
        TEST(many_threads_wait_for_one_that_asks),
        TEST(goes_with_tokens_only),
        TEST(a_stale_token_fails_no_call_of_a_crowd),
        TEST(calls_that_wait_have_the_latest_token),
        TEST(survives_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
