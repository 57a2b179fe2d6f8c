/* SPDX-License-Identifier: Apache-2.0 */
/* Many threads with little stack, on one client and on clients of their own. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "process/children.h"
#include "process/small_org.h"

#define SHARING      64u
#define SHARED_CALLS 20u
#define OWNING       200u
#define STACK_BYTES  ((size_t)128 * 1024)

typedef struct worker {
    pthread_t thread;
    const small_org *org;
    okta_client *client; /* NULL: makes its own */
    unsigned good;
} worker;

static void *share(void *context)
{
    worker *self = context;
    for (unsigned i = 0; i < SHARED_CALLS; i++) {
        self->good += i % 4 == 3 ? small_org_post(self->client, NULL) : small_org_get(self->client, NULL);
    }
    return NULL;
}

static void *own(void *context)
{
    worker *self = context;
    okta_client *client = NULL;
    okta_error *error = small_org_try_client(self->org, &client);
    self->good += error == NULL && small_org_get(client, NULL);
    self->good += error == NULL && small_org_post(client, NULL);
    okta_free(error);
    okta_free(client);
    return NULL;
}

/* A sanitizer's frames are larger. */
static void start(worker *workers, unsigned count, void *(*work)(void *context), size_t stack_bytes)
{
    pthread_attr_t attributes;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, stack_bytes * (is_sanitized() ? 16 : 1)), 0);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(pthread_create(&workers[i].thread, &attributes, work, &workers[i]), 0);
    }
    pthread_attr_destroy(&attributes);
}

static unsigned finish(worker *workers, unsigned count)
{
    unsigned good = 0;
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        good += workers[i].good;
    }
    return good;
}

static void many_threads_share_one_client(void **state)
{
    small_org *org = *state;
    for (unsigned kind = 0; kind < SMALL_KINDS; kind++) {
        worker workers[SHARING] = {{0}};
        small_org_start(org, (small_org_kind)kind, NULL);
        okta_client *client = small_org_client(org);
        for (unsigned i = 0; i < SHARING; i++) {
            workers[i].client = client;
        }
        start(workers, SHARING, share, STACK_BYTES);
        assert_int_equal(finish(workers, SHARING), SHARING * SHARED_CALLS);
        assert_int_equal(fault_server_request_count(org->server), SHARING * SHARED_CALLS);
        assert_in_range(fault_server_connection_count(org->server), 1, SHARING * SHARED_CALLS);
        okta_free(client);
        small_org_stop(org);
    }
}

static void *get_again_and_again(void *context)
{
    worker *self = context;
    for (unsigned i = 0; i < SHARED_CALLS; i++) {
        self->good += small_org_get(self->client, NULL);
    }
    return NULL;
}

/* Bursts of as many requests as may be in flight use the connections that the burst before opened. */
static void a_crowd_opens_no_more_connections_than_may_be_in_flight(void **state)
{
    static const unsigned limits[] = {1, 10, 64, 75};
    small_org *org = *state;
    for (unsigned i = 0; i < COUNT(limits) * SMALL_KINDS; i++) {
        worker workers[SHARING] = {{0}};
        org->max_in_flight = limits[i / SMALL_KINDS];
        small_org_start(org, (small_org_kind)(i % SMALL_KINDS), NULL);
        okta_client *client = small_org_client(org);
        for (unsigned k = 0; k < SHARING; k++) {
            workers[k].client = client;
        }
        start(workers, SHARING, get_again_and_again, STACK_BYTES);
        assert_int_equal(finish(workers, SHARING), SHARING * SHARED_CALLS);
        assert_int_equal(fault_server_request_count(org->server), SHARING * SHARED_CALLS);
        assert_in_range(fault_server_connection_count(org->server), 1, org->max_in_flight);
        okta_free(client);
        small_org_stop(org);
    }
    org->max_in_flight = 0;
}

static void many_threads_have_clients_of_their_own(void **state)
{
    small_org *org = *state;
    for (unsigned kind = 0; kind < SMALL_KINDS; kind++) {
        static worker workers[OWNING];
        small_org_start(org, (small_org_kind)kind, NULL);
        for (unsigned i = 0; i < OWNING; i++) {
            workers[i] = (worker){.org = org};
        }
        start(workers, OWNING, own, STACK_BYTES);
        assert_int_equal(finish(workers, OWNING), 2 * OWNING);
        assert_int_equal(fault_server_request_count(org->server), 2 * OWNING);
        assert_int_equal(fault_server_connection_count(org->server), OWNING);
        small_org_stop(org);
    }
}

/* The owner lets go at once: the calls hold the client. */
static void *run_a_call(void *context)
{
    worker *self = context;
    okta_call *call = okta_get_jwk_call(self->client, SMALL_APP, "key");
    okta_free(self->client);
    okta_error *error = okta_call_run(call);
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    self->good += error == NULL && key != NULL;
    okta_free(error);
    okta_free(key);
    okta_free(call);
    return NULL;
}

static void a_client_goes_while_its_call_runs(void **state)
{
    small_org *org = *state;
    static worker workers[SHARING];
    small_org_start(org, SMALL_TLS, NULL);
    for (unsigned i = 0; i < SHARING; i++) {
        workers[i] = (worker){.org = org, .client = small_org_client(org)};
    }
    start(workers, SHARING, run_a_call, STACK_BYTES);
    assert_int_equal(finish(workers, SHARING), SHARING);
}

/* The deepest that the library goes, and the largest numbers. */
static void *use_the_stack(void *context)
{
    worker *self = context;
    enum { DEPTH = 64 };
    char json[16 + 2 * DEPTH] = "{\"a\":";
    size_t at = strlen(json);
    okta_key *key = NULL;
    char *pem = NULL;
    void *model = NULL;
    memset(json + at, '[', DEPTH - 1);
    memset(json + at + DEPTH - 1, ']', DEPTH - 1);
    memcpy(json + at + 2 * (DEPTH - 1), "}", 2);
    okta_error *error = okta_from_json(okta_oauth2_client_jwk_descriptor(), json, strlen(json), &model);
    self->good += error == NULL && okta_extra(model, "a") != NULL;
    okta_free(error);
    okta_free(model);
    error = okta_key_generate(OKTA_KEY_RSA_2048, &key);
    self->good += error == NULL;
    okta_free(error);
    error = okta_key_to_private_pem(key, &pem);
    self->good += error == NULL;
    okta_free(error);
    okta_free(key);
    error = okta_key_from_pem(pem, pem == NULL ? 0 : strlen(pem), NULL, NULL, &key);
    self->good += error == NULL;
    okta_free(error);
    okta_free(key);
    okta_free(pem);
    return NULL;
}

static void a_small_stack_is_enough_for_everything(void **state)
{
    (void)state;
    worker one = {0};
    start(&one, 1, use_the_stack, STACK_BYTES);
    assert_int_equal(finish(&one, 1), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(many_threads_share_one_client),
        ORG_TEST(a_crowd_opens_no_more_connections_than_may_be_in_flight),
        ORG_TEST(many_threads_have_clients_of_their_own),
        ORG_TEST(a_client_goes_while_its_call_runs),
        ORG_TEST(a_small_stack_is_enough_for_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
