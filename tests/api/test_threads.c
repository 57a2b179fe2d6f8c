/* SPDX-License-Identifier: Apache-2.0 */
/* One client in many threads, calls that another thread cancels, and processes that fork. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"
#include "client/client.h"

#define THREADS      16u
#define CALLS        50u
#define NEVER_MS     600000u
#define CANCEL_RACES 200u

/* The clock of these tests is the real one; nothing they do waits for it. */
static int setup(void **state)
{
    int result = api_world_setup(state);
    api_world *world = *state;
    okta_client_set_clock(world->client, &okta_system_clock);
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
        assert_in_range(count_connections(world), 1, THREADS);
    }
}

/* The real clock, but it tells when a wait begins. */
typedef struct telling_clock {
    okta_clock clock;
    pthread_mutex_t lock;
    pthread_cond_t begun;
    bool waits;
} telling_clock;

static int64_t tell_now(const okta_clock *clock)
{
    (void)clock;
    return okta_system_clock.now_ms(&okta_system_clock);
}

static void tell(telling_clock *self)
{
    pthread_mutex_lock(&self->lock);
    self->waits = true;
    pthread_cond_signal(&self->begun);
    pthread_mutex_unlock(&self->lock);
}

static void tell_wait(const okta_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                      int64_t ms)
{
    tell((telling_clock *)(uintptr_t)clock);
    wait(object, ms);
}

static uint32_t tell_random(const okta_clock *clock)
{
    (void)clock;
    return 0;
}

/* Also ends when the call ended without a wait: the outcome is looked at behind it. */
static void await_wait(telling_clock *clock)
{
    pthread_mutex_lock(&clock->lock);
    while (!clock->waits) {
        pthread_cond_wait(&clock->begun, &clock->lock);
    }
    clock->waits = false;
    pthread_mutex_unlock(&clock->lock);
}

/* Runs a call in a thread of its own. */
typedef struct runner {
    pthread_t thread;
    okta_call *call;
    okta_error *error;
    void *out;
    bool has_result;
    telling_clock *clock; /* nullable: told about the end too */
} runner;

static void *run(void *context)
{
    runner *self = context;
    self->error = okta_call_run(self->call, self->has_result ? &self->out : NULL);
    if (self->clock != NULL) {
        tell(self->clock);
    }
    return NULL;
}

static void start(runner *self, okta_call *call, const api_operation *operation, telling_clock *clock)
{
    *self = (runner){.call = call, .has_result = operation->type != NULL, .clock = clock};
    assert_int_equal(pthread_create(&self->thread, NULL, run, self), 0);
}

static void finish(runner *self)
{
    assert_int_equal(pthread_join(self->thread, NULL), 0);
}

static void cancels_a_call_that_waits_for_its_answer(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        bool reads = operation->effect == API_READ;
        runner self;
        mock_org_forget_requests(world->org);
        api_fault(world, (mock_fault){.status = 200, .body = "{\"id\":\"a\"}", .delay_ms = NEVER_MS});
        start(&self, operation->call(world->client, operation->ids), operation, NULL);
        while (mock_org_request_count(world->org) == 0) {
            sched_yield();
        }
        okta_call_cancel(self.call);
        finish(&self);
        api_expected expected = {.status = reads ? OKTA_E_CANCELED : OKTA_E_OUTCOME_UNKNOWN, .attempts = 1};
        api_expect_error(operation->name, self.error, &expected);
        assert_null(self.out);
        okta_free(self.call);
        api_expect_requests(operation->name, world, 1);
        api_queue_good_answer(world, operation);
        api_expect_success(operation->name, operation->run(world->client, operation->ids, &self.out));
        okta_free(self.out);
    }
}

static void cancels_a_call_that_waits_for_its_retry(void **state)
{
    static const char *const headers[] = {"Retry-After: 40",
                                          "X-Rate-Limit-Reset:", "X-Okta-Request-Id: req-1", NULL};
    api_world *world = *state;
    telling_clock clock = {.clock = {tell_now, tell_wait, tell_random},
                           .lock = PTHREAD_MUTEX_INITIALIZER,
                           .begun = PTHREAD_COND_INITIALIZER};
    for (size_t i = 0; i < 2 * API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i / 2];
        unsigned status = i % 2 == 0 ? 429 : 503;
        bool unknown = status == 503 && operation->effect != API_READ;
        runner self;
        if (status == 503 && operation->effect == API_CREATE) {
            continue; /* ends there and then */
        }
        api_world_renew(world, NULL);
        okta_client_set_clock(world->client, &clock.clock);
        mock_org_forget_requests(world->org);
        api_fault(world, (mock_fault){.status = status, .headers = headers, .body = ""});
        start(&self, operation->call(world->client, operation->ids), operation, &clock);
        await_wait(&clock);
        okta_call_cancel(self.call);
        finish(&self);
        clock.waits = false; /* both threads are past it */
        api_expected expected = {.status = unknown ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_CANCELED,
                                 .http_status = (int)status,
                                 .attempts = 1,
                                 .request_id = "req-1"};
        api_expect_error(operation->name, self.error, &expected);
        assert_null(self.out);
        okta_free(self.call);
        api_expect_requests(operation->name, world, 1);
    }
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
        start(&self, operation->call(world->client, operation->ids), operation, NULL);
        assert_int_equal(pthread_create(&canceler, NULL, cancel, self.call), 0);
        assert_int_equal(pthread_join(canceler, NULL), 0);
        finish(&self);
        if (self.error != NULL) {
            assert_int_equal(okta_error_status(self.error), OKTA_E_CANCELED);
            assert_null(self.out);
        }
        okta_free(self.error);
        okta_free(self.out);
        okta_free(self.call);
    }
}

static void *run_and_release(void *context)
{
    runner *self = context;
    run(self);
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
        runners[i].has_result = true;
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&runners[i].thread, NULL, run_and_release, &runners[i]), 0);
    }
    okta_free(world->client);
    world->client = NULL;
    for (unsigned i = 0; i < THREADS; i++) {
        finish(&runners[i]);
        api_expect_success("listJwk", runners[i].error);
        okta_free(runners[i].out);
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
    if (!is_refused(okta_call_run(call, NULL))) {
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
    api_expect_success("listJwk", okta_call_run(call, NULL));
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(many_threads_share_a_client_and_its_connections),
        TEST(cancels_a_call_that_waits_for_its_answer),
        TEST(cancels_a_call_that_waits_for_its_retry),
        TEST(a_race_with_cancel_has_two_outcomes),
        TEST(the_last_thread_releases_the_client),
        TEST(a_child_process_leaves_its_parents_connection_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
