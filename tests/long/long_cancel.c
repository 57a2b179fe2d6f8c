/* SPDX-License-Identifier: Apache-2.0 */
/* A loop with 1,000 requests in flight is canceled, and let go. */
#include "long/long_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "okta/api/application_sso_public_keys.h"

#define CALLS    1000u
#define CLIENTS  20u
#define START_MS INT64_C(1767225600000)
#define LATE_MS  100

typedef struct told {
    unsigned times;
    okta_status status;
} told;

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    told *self = ctx;
    self->times++;
    self->status = okta_error_status(error);
    okta_free(error);
    okta_free(call);
}

/* Each request has a connection of its own here. */
static bool may_open_enough(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < CALLS + 100) {
        fprintf(stderr, "cancel: the system allows too few descriptors\n");
        return false;
    }
    limit.rlim_cur = limit.rlim_max < 8192 ? limit.rlim_max : 8192;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static bool submit_all(okta_client *const *clients, okta_loop *loop, told *all)
{
    for (unsigned i = 0; i < CALLS; i++) {
        okta_call *call = okta_get_jwk_call(clients[i % CLIENTS], "mute", "key");
        okta_error *error = okta_call_submit(call, loop, on_done, &all[i]);
        if (error != NULL) {
            fprintf(stderr, "cancel: %s\n", okta_error_message(error));
            okta_free(error);
            okta_free(call);
            return false;
        }
    }
    return true;
}

/* How many were not told, or more than once, or anything else. */
static unsigned count_wrong(const told *all)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < CALLS; i++) {
        wrong += all[i].times != 1 || all[i].status != OKTA_E_CANCELED;
    }
    return wrong;
}

static bool drive(okta_loop *loop)
{
    okta_error *error = okta_loop_poll(loop, 10);
    bool good = error == NULL;
    okta_free(error);
    return good;
}

static bool run_once(const long_server *server, bool let_go)
{
    static told all[CALLS];
    okta_client *clients[CLIENTS];
    okta_loop *loop = long_loop();
    long_shared *shared = server->shared;
    atomic_store(&shared->mute, 0);
    for (unsigned i = 0; i < CALLS; i++) {
        all[i] = (told){0};
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = long_client(server, CALLS / CLIENTS, true);
    }
    bool good = submit_all(clients, loop, all);
    while (good && atomic_load(&shared->mute) < CALLS) {
        good = drive(loop);
    }
    int64_t begin_ms = atomic_load(&shared->now_ms);
    if (!let_go) {
        okta_loop_cancel(loop);
        while (good && okta_loop_pending(loop) > 0) {
            good = drive(loop);
        }
    }
    okta_free(loop);
    double took_ms = (double)(atomic_load(&shared->now_ms) - begin_ms);
    for (unsigned i = 0; i < CLIENTS; i++) {
        okta_free(clients[i]);
    }
    const char *names[] = {"cancel: outcomes of a canceled loop not told once",
                           "cancel: outcomes of a loop let go not told once"};
    const char *times[] = {"cancel: a canceled loop's time", "cancel: the time of a loop let go"};
    good = long_figure(names[let_go], count_wrong(all), 0, "") && good;
    return long_figure(times[let_go], took_ms, LATE_MS, "ms") && good;
}

bool long_run_cancel(const long_size *size)
{
    long_server server;
    (void)size;
    if (!may_open_enough() || !long_server_start(&server)) {
        return false;
    }
    atomic_store(&server.shared->now_ms, START_MS);
    bool good = run_once(&server, false);
    good = run_once(&server, true) && good;
    long_server_stop(&server);
    return good;
}
