/* SPDX-License-Identifier: Apache-2.0 */
/* One client in many threads, calls that another thread cancels, and processes that fork. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"
#include "api/runner.h"
#include "client/client.h"

#define THREADS      16u
#define CALLS        50u
#define IN_FLIGHT    10u /* of a client with default options */
#define NEVER_MS     600000u
#define CANCEL_RACES 200u

/* The clock of these tests is the real one; nothing they do waits for it. */
static int setup(void **state)
{
    int result = api_world_setup(state);
    api_world *world = *state;
    oktai_client_set_clock(world->client, &oktai_system_clock);
    return result;
}

/* Assertions belong to the main thread: a worker writes down what it saw. */
typedef struct worker {
    pthread_t thread;
    okta_client *client;
    unsigned number;
    unsigned good;
} worker;

static bool has_kid(const okta_oauth2_client_jwk *key, unsigned number)
{
    char kid[16];
    snprintf(kid, sizeof kid, "kid-%u", number);
    return key != NULL && key->kid != NULL && strcmp(key->kid, kid) == 0;
}

static bool get_own_key(const worker *self)
{
    char id[16];
    okta_oauth2_client_jwk *key = NULL;
    snprintf(id, sizeof id, "key-%u", self->number);
    okta_error *error = okta_get_jwk(self->client, API_APP, id, &key);
    bool good = error == NULL && has_kid(key, self->number);
    okta_free(error);
    okta_free(key);
    return good;
}

static bool switch_own_key(const worker *self)
{
    char id[16];
    okta_oauth2_client_jwk *key = NULL;
    snprintf(id, sizeof id, "key-%u", self->number);
    okta_error *error = okta_deactivate_oauth2_client_json_web_key(self->client, API_APP, id, &key);
    bool good = error == NULL && has_kid(key, self->number);
    okta_free(error);
    okta_free(key);
    return good;
}

static bool miss_a_key(const worker *self)
{
    char id[32];
    okta_oauth2_client_jwk *key = NULL;
    snprintf(id, sizeof id, "missing-%u", self->number);
    okta_error *error = okta_get_jwk(self->client, API_APP, id, &key);
    bool good = key == NULL && okta_error_status(error) == OKTA_E_NOT_FOUND &&
                strstr(okta_error_summary(error), id) != NULL;
    okta_free(error);
    return good;
}

static bool list_keys(const worker *self)
{
    okta_oauth2_client_jwk_list *list = NULL;
    okta_error *error = okta_list_jwk(self->client, API_APP, &list);
    bool good = error == NULL && list->count == THREADS;
    okta_free(error);
    okta_free(list);
    return good;
}

static void *work(void *context)
{
    static bool (*const jobs[])(const worker *) = {get_own_key, list_keys, switch_own_key, miss_a_key};
    worker *self = context;
    for (unsigned i = 0; i < CALLS; i++) {
        self->good += jobs[(i + self->number) % COUNT(jobs)](self);
    }
    return NULL;
}

static unsigned count_connections(const api_world *world)
{
    unsigned highest = 0;
    for (size_t i = 0; i < mock_org_request_count(world->org); i++) {
        unsigned connection = mock_org_request_at(world->org, i)->connection;
        highest = connection > highest ? connection : highest;
    }
    return highest;
}

static void many_threads_share_a_client_and_its_connections(void **state)
{
    api_world *world = *state;
    worker workers[THREADS] = {{0}};
    for (unsigned i = 0; i < THREADS; i++) {
        char json[128];
        snprintf(json, sizeof json, "{\"id\":\"key-%u\",\"kid\":\"kid-%u\",\"status\":\"ACTIVE\"}", i, i);
        api_put(world, "jwks", json);
    }
    /* Three rounds: the connections of one serve the next. */
    for (unsigned round = 1; round <= 3; round++) {
        for (unsigned i = 0; i < THREADS; i++) {
            workers[i] = (worker){.client = world->client, .number = i};
            assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
        }
        for (unsigned i = 0; i < THREADS; i++) {
            assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
            assert_int_equal(workers[i].good, CALLS);
        }
        assert_int_equal(mock_org_request_count(world->org), round * THREADS * CALLS);
        assert_in_range(count_connections(world), 1, IN_FLIGHT);
    }
}

/* Its own request, or one of the looks at the org. */
static void cancels_in_flight(api_world *world, const api_operation *operation, size_t nth, bool unknown)
{
    void *out = NULL;
    runner self;
    runner_start(&self, operation->call(world->client, operation->ids), NULL);
    runner_await_requests(world, nth);
    okta_call_cancel(self.call);
    runner_finish(&self);
    assert_null(api_take(operation, self.call));
    api_expect_number(operation->name, "reconciled", okta_call_was_reconciled(self.call), false);
    okta_free(self.call);
    api_expect_requests(operation->name, world, nth);
    const api_expected expected = {.status = unknown ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_CANCELED,
                                   .attempts = 1};
    api_expect_error(operation->name, self.error, &expected);
    /* The client serves on. */
    api_queue_good_answer(world, operation);
    api_expect_success(operation->name, operation->run(world->client, operation->ids, &out));
    okta_free(out);
}

static void cancels_a_call_that_waits_for_its_answer(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        mock_org_forget_requests(world->org);
        api_fault(world, (mock_fault){.method = operation->method,
                                      .status = 200,
                                      .body = "{\"id\":\"a\"}",
                                      .delay_ms = NEVER_MS});
        cancels_in_flight(world, operation, operation->looks_before + 1, operation->effect != API_READ);
    }
}

/* A cancel reaches the look, too. */
static void cancels_a_call_that_waits_for_a_look(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        const mock_fault slow = {.method = "GET", .status = 200, .body = "[]", .delay_ms = NEVER_MS};
        if (operation->looks_before > 0) {
            mock_org_forget_requests(world->org);
            api_fault(world, slow);
            cancels_in_flight(world, operation, 1, false);
        }
        if (operation->effect == API_CREATE) {
            mock_org_forget_requests(world->org);
            api_queue_looks(world, operation, operation->looks_before, operation->absent);
            api_fault(world, slow);
            api_fault(world, (mock_fault){.method = "POST", .drop_before = true});
            cancels_in_flight(world, operation, operation->looks_before + 2, true);
        }
    }
}

static void cancels_a_wait(api_world *world, telling_clock *clock, const api_operation *operation,
                           unsigned status)
{
    static const char *const headers[] = {"Retry-After: 40",
                                          "X-Rate-Limit-Reset:", "X-Okta-Request-Id: req-1", NULL};
    /* After a 503 a create is looked for, and waits for the second look. */
    bool unknown = status == 503 && operation->effect != API_READ;
    bool looked = unknown && operation->effect == API_CREATE;
    api_story story;
    runner self;
    api_world_renew(world, NULL);
    oktai_client_set_clock(world->client, &clock->clock);
    mock_org_forget_requests(world->org);
    api_fault(world,
              (mock_fault){.method = operation->method, .status = status, .headers = headers, .body = ""});
    api_queue_looks(world, operation, operation->looks_before + looked, operation->absent);
    runner_start(&self, operation->call(world->client, operation->ids), clock);
    telling_clock_await(clock);
    okta_call_cancel(self.call);
    runner_finish(&self);
    api_expected expected = {.status = unknown ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_CANCELED,
                             .http_status = (int)status,
                             .attempts = 1,
                             .request_id = "req-1"};
    api_expect_error(operation->name, self.error, &expected);
    assert_null(api_take(operation, self.call));
    okta_free(self.call);
    api_lost_story(operation, 1, story);
    story[operation->looks_before + 1 + looked] = '\0';
    api_expect_story(operation->name, world, operation, story, NULL);
}

static void cancels_a_call_that_waits_for_its_retry(void **state)
{
    telling_clock clock;
    telling_clock_begin(&clock);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        cancels_a_wait(*state, &clock, operation, 429);
        /* One look is not waited for. */
        if (operation->effect != API_CREATE || operation->looks_behind > 1) {
            cancels_a_wait(*state, &clock, operation, 503);
        }
    }
    telling_clock_end(&clock);
}

static void *cancel(void *call)
{
    okta_call_cancel(call);
    return NULL;
}

/* The cancel comes before, while, or after: each time the outcome is one of the two. */
static void a_race_with_cancel_has_two_outcomes(void **state)
{
    api_world *world = *state;
    const api_operation *operation = &api_operations[0];
    for (unsigned i = 0; i < CANCEL_RACES; i++) {
        pthread_t canceler;
        runner self;
        runner_start(&self, operation->call(world->client, operation->ids), NULL);
        assert_int_equal(pthread_create(&canceler, NULL, cancel, self.call), 0);
        assert_int_equal(pthread_join(canceler, NULL), 0);
        runner_finish(&self);
        if (self.error != NULL) {
            assert_int_equal(okta_error_status(self.error), OKTA_E_CANCELED);
            assert_null(api_take(operation, self.call));
        }
        okta_free(self.error);
        okta_free(self.call);
    }
}

static void *run_and_release(void *context)
{
    runner *self = context;
    self->error = okta_call_run(self->call);
    okta_free(self->call);
    return NULL;
}

static void the_last_thread_releases_the_client(void **state)
{
    api_world *world = *state;
    runner runners[THREADS] = {{0}};
    for (unsigned i = 0; i < THREADS; i++) {
        const api_operation *operation = &api_operations[0];
        runners[i].call = operation->call(world->client, operation->ids);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&runners[i].thread, NULL, run_and_release, &runners[i]), 0);
    }
    okta_free(world->client);
    world->client = NULL;
    for (unsigned i = 0; i < THREADS; i++) {
        runner_finish(&runners[i]);
        api_expect_success("listJwk", runners[i].error);
    }
    api_expect_requests("all", world, THREADS);
}

static bool is_refused(okta_error *error)
{
    bool refused = okta_error_status(error) == OKTA_E_ARG && okta_error_attempts(error) == 0 &&
                   strstr(okta_error_message(error), "fork") != NULL;
    okta_free(error);
    return refused;
}

/* What a child does with what it inherits. Returns a number that says where it went wrong; 0: nowhere. */
static int be_a_child(api_world *world, okta_call *call, okta_pages *pages)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        void *out = NULL;
        if (!is_refused(api_operations[i].run(world->client, api_operations[i].ids, &out)) || out != NULL) {
            return 1;
        }
    }
    if (!is_refused(okta_call_run(call))) {
        return 2;
    }
    if (okta_pages_next(pages) != NULL || !is_refused(okta_pages_error(pages))) {
        return 3;
    }
    okta_free(call);
    okta_free(pages);
    okta_free(world->client);
    okta_client_options options = api_options(world);
    okta_client *own = NULL;
    okta_oauth2_client_jwk_list *list = NULL;
    okta_error *error = okta_client_new(&options, &own);
    if (error != NULL || okta_list_jwk(own, API_APP, &list) != NULL) {
        return 4;
    }
    okta_free(list);
    okta_free(own);
    return 0;
}

static void list_once(const api_world *world)
{
    okta_oauth2_client_jwk_list *list = NULL;
    api_expect_success("listJwk", okta_list_jwk(world->client, API_APP, &list));
    okta_free(list);
}

static void a_child_process_leaves_its_parents_connection_alone(void **state)
{
    api_world *world = *state;
    okta_call *call = okta_list_jwk_call(world->client, API_APP);
    okta_pages *pages = okta_request_pages(world->client, "/api/v1/users");
    int went_wrong = -1;
    int verdict[2];
    assert_int_equal(pipe(verdict), 0);
    list_once(world);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        went_wrong = be_a_child(world, call, pages);
        _exit(write(verdict[1], &went_wrong, sizeof went_wrong) == (ssize_t)sizeof went_wrong ? 0 : 1);
    }
    assert_int_equal(close(verdict[1]), 0);
    assert_int_equal(read(verdict[0], &went_wrong, sizeof went_wrong), sizeof went_wrong);
    assert_int_equal(close(verdict[0]), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(went_wrong, 0);
    list_once(world);
    api_expect_success("listJwk", okta_call_run(call));
    assert_non_null(okta_pages_next(pages));
    okta_free(call);
    okta_free(pages);
    /* the parent's, the child's own, and the parent's three more on the first connection */
    static const unsigned connections[] = {1, 2, 1, 1, 1};
    api_expect_requests("all", world, COUNT(connections));
    for (size_t i = 0; i < COUNT(connections); i++) {
        assert_int_equal(mock_org_request_at(world->org, i)->connection, connections[i]);
    }
}

static void *lose_an_answer(void *context)
{
    worker *self = context;
    for (unsigned i = 0; i < CALLS; i++) {
        okta_oauth2_client_jwk_list *list = NULL;
        okta_error *error = okta_list_jwk(self->client, API_APP, &list);
        self->good += okta_error_status(error) == OKTA_E_TRANSPORT &&
                      strncmp(okta_error_message(error), "listJwk: ", strlen("listJwk: ")) == 0;
        okta_free(list);
        okta_free(error);
    }
    return NULL;
}

/* More threads than connections that are kept: the text of a failure must not die with its connection. */
static void failures_of_many_threads_keep_their_texts(void **state)
{
    enum { MANY = 40 };
    api_world *world = *state;
    worker workers[MANY];
    okta_client_options options = api_options(world);
    options.max_in_flight = 75;
    options.max_retries = okta_int(0);
    api_world_renew(world, &options);
    api_fault(world, (mock_fault){.drop_after = true, .times = MANY * CALLS});
    for (unsigned i = 0; i < MANY; i++) {
        workers[i] = (worker){.client = world->client};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, lose_an_answer, &workers[i]), 0);
    }
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        assert_int_equal(workers[i].good, CALLS);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(many_threads_share_a_client_and_its_connections),
        TEST(failures_of_many_threads_keep_their_texts),
        TEST(cancels_a_call_that_waits_for_its_answer),
        TEST(cancels_a_call_that_waits_for_a_look),
        TEST(cancels_a_call_that_waits_for_its_retry),
        TEST(a_race_with_cancel_has_two_outcomes),
        TEST(the_last_thread_releases_the_client),
        TEST(a_child_process_leaves_its_parents_connection_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
