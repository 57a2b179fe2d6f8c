/* SPDX-License-Identifier: Apache-2.0 */
/* What calls cost beside others that wait: for the end of a pause, and for their bucket. */
#include "long/long_run.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "okta/api/application_sso_public_keys.h"

#define CALLS        1000u
#define WORKERS      10u
#define SLEEPERS     200u
#define ROUNDS_LEAST 3u
#define RATIO_MAX    1.2
/* A loop hardly ever waits here: a ratio to less says nothing. */
#define SWITCHES_FEW 50

/* Half of them are refused for ten minutes, or wait for what others were told; for the rest no call is left
 * in their bucket. */
static okta_call *sleeper(okta_client *client, unsigned i)
{
    return i % 2 == 0 ? okta_request_call(client, "GET", "/api/v1/late", NULL)
                      : okta_list_jwk_call(client, "app");
}

/* The first list uses up the bucket. */
static okta_client *new_client(const long_server *server)
{
    okta_client *client = long_client(server, WORKERS, false);
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error = okta_list_jwk(client, "app", &keys);
    if (error != NULL) {
        fprintf(stderr, "sleepers: %s\n", okta_error_message(error));
        exit(1);
    }
    okta_free(keys);
    return client;
}

static unsigned canceled;

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    (void)ctx;
    canceled += okta_error_status(error) == OKTA_E_CANCELED;
    okta_free(error);
    okta_free(call);
}

/* What CALLS calls cost, warm. */
static long_cost by_loop(const long_server *server, unsigned sleepers)
{
    long_chains all = {.client = new_client(server), .loop = long_loop(), .chains = WORKERS, .calls = CALLS};
    for (unsigned i = 0; i < sleepers; i++) {
        okta_error *error = okta_call_submit(sleeper(all.client, i), all.loop, on_done, NULL);
        if (error != NULL) {
            exit(1);
        }
    }
    bool good = long_chains_run(&all);
    long_cost before = long_cost_now();
    good = long_chains_run(&all) && good;
    long_cost after = long_cost_now();
    good = good && okta_loop_pending(all.loop) == sleepers;
    canceled = 0;
    okta_free(all.loop);
    okta_free(all.client);
    if (!good || canceled != sleepers) {
        fprintf(stderr, "sleepers: a call failed, or one did not sleep\n");
        exit(1);
    }
    return (long_cost){after.cpu_us - before.cpu_us, after.switches - before.switches};
}

/* What threads share. */
typedef struct crew {
    okta_client *client;
    pthread_barrier_t begin;
    pthread_barrier_t end;
    atomic_uint failed;
} crew;

static void *work(void *context)
{
    crew *all = context;
    for (unsigned round = 0; round < 2; round++) {
        pthread_barrier_wait(&all->begin);
        for (unsigned i = 0; i < CALLS / WORKERS; i++) {
            okta_oauth2_client_jwk *key = NULL;
            okta_error *error = okta_get_jwk(all->client, "app", "key", &key);
            atomic_fetch_add(&all->failed, error != NULL);
            okta_free(error);
            okta_free(key);
        }
        pthread_barrier_wait(&all->end);
    }
    return NULL;
}

static void *sleep_until_canceled(void *context)
{
    okta_call *call = context;
    okta_error *error = okta_call_run(call);
    const void *slept = okta_error_status(error) == OKTA_E_CANCELED ? call : NULL;
    okta_free(error);
    return (void *)(uintptr_t)slept;
}

static pthread_t start(void *(*function)(void *), void *context)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, function, context) != 0) {
        exit(1);
    }
    return thread;
}

/* They wait in their condition, or for the answer that tells them to. */
static long_cost measure_threads(crew *all)
{
    pthread_barrier_wait(&all->begin); /* warm */
    pthread_barrier_wait(&all->end);
    long_cost before = long_cost_now();
    pthread_barrier_wait(&all->begin);
    pthread_barrier_wait(&all->end);
    long_cost after = long_cost_now();
    return (long_cost){after.cpu_us - before.cpu_us, after.switches - before.switches};
}

static long_cost by_threads(const long_server *server, unsigned sleepers)
{
    crew all = {.client = new_client(server)};
    pthread_t workers[WORKERS];
    pthread_t sleeping[SLEEPERS];
    okta_call *calls[SLEEPERS];
    unsigned slept = 0;
    pthread_barrier_init(&all.begin, NULL, WORKERS + 1);
    pthread_barrier_init(&all.end, NULL, WORKERS + 1);
    for (unsigned i = 0; i < sleepers; i++) {
        calls[i] = sleeper(all.client, i);
        sleeping[i] = start(sleep_until_canceled, calls[i]);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        workers[i] = start(work, &all);
    }
    long_cost cost = measure_threads(&all);
    for (unsigned i = 0; i < WORKERS; i++) {
        pthread_join(workers[i], NULL);
    }
    for (unsigned i = 0; i < sleepers; i++) {
        okta_call_cancel(calls[i]);
    }
    for (unsigned i = 0; i < sleepers; i++) {
        void *result = NULL;
        pthread_join(sleeping[i], &result);
        slept += result != NULL;
        okta_free(calls[i]);
    }
    pthread_barrier_destroy(&all.begin);
    pthread_barrier_destroy(&all.end);
    okta_free(all.client);
    if (atomic_load(&all.failed) != 0 || slept != sleepers) {
        fprintf(stderr, "sleepers: a call failed, or one did not sleep\n");
        exit(1);
    }
    return cost;
}

static void keep_least(long_cost *least, long_cost cost)
{
    least->cpu_us = least->cpu_us == 0 || cost.cpu_us < least->cpu_us ? cost.cpu_us : least->cpu_us;
    least->switches =
        least->switches == 0 || cost.switches < least->switches ? cost.switches : least->switches;
}

static bool is_within(long_cost alone, long_cost beside)
{
    double few = alone.switches < SWITCHES_FEW ? SWITCHES_FEW : alone.switches;
    return beside.cpu_us <= alone.cpu_us * RATIO_MAX && beside.switches <= few * RATIO_MAX;
}

/* The least of some rounds: what else the machine does makes them dearer, so there are more where a figure is
 * above its limit. */
static bool compare(const long_server *server, const long_size *size, const char *how,
                    long_cost (*run)(const long_server *server, unsigned sleepers))
{
    long_cost alone = {0};
    long_cost beside = {0};
    char name[64];
    for (unsigned i = 0; i < size->rounds && (i < ROUNDS_LEAST || !is_within(alone, beside)); i++) {
        keep_least(&alone, run(server, 0));
        keep_least(&beside, run(server, SLEEPERS));
        long_progress("sleepers", i + 1, size->rounds);
    }
    printf("sleepers: %u calls %s, alone and beside %u: CPU %.0f and %.0f us, switches %.0f and %.0f\n",
           CALLS, how, SLEEPERS, alone.cpu_us, beside.cpu_us, alone.switches, beside.switches);
    snprintf(name, sizeof name, "sleepers: CPU time %s, to that alone", how);
    bool good = long_figure(name, beside.cpu_us / alone.cpu_us, RATIO_MAX, "");
    snprintf(name, sizeof name, "sleepers: switches %s, to those alone", how);
    double few = alone.switches < SWITCHES_FEW ? SWITCHES_FEW : alone.switches;
    return long_figure(name, beside.switches / few, RATIO_MAX, "") && good;
}

bool long_run_sleepers(const long_size *size)
{
    long_server server;
    if (!long_server_start(&server)) {
        return false;
    }
    bool good = compare(&server, size, "in a loop", by_loop);
    good = compare(&server, size, "on threads", by_threads) && good;
    long_server_stop(&server);
    return good;
}
