/* SPDX-License-Identifier: Apache-2.0 */
/* Many calls against a limit of 600 a minute, in time that is made up. */
#include "long/long_run.h"

#include <stdio.h>

#include "okta/api/application_sso_public_keys.h"

#define LIMIT    600u
#define WAITERS  1000u
#define START_MS INT64_C(1767225600000)

bool long_run_rate(const long_size *size)
{
    long_server server;
    if (!long_server_start(&server)) {
        return false;
    }
    atomic_store(&server.shared->limit, LIMIT);
    atomic_store(&server.shared->now_ms, START_MS);
    long_chains all = {.name = "rate",
                       .client = long_client(&server, LONG_APPS, true),
                       .loop = long_loop(),
                       .chains = LONG_APPS,
                       .calls = 2 * LIMIT};
    bool good = long_chains_run(&all); /* memory is what it will be, and the limit is known */
    double used = long_heap_bytes();
    all.calls = size->rate_calls - all.calls;
    good = long_chains_run(&all) && good;
    double grown = (long_heap_bytes() - used) / all.calls;
    double minutes = (double)(atomic_load(&server.shared->now_ms) - START_MS) / 60000;
    double least = (double)size->rate_calls / LIMIT - 1;
    okta_free(all.client);
    okta_free(all.loop);
    printf("rate: %u calls, %u in flight, %u a minute: %.1f minutes, %u windows, %u times 429\n",
           atomic_load(&server.shared->served), LONG_APPS, LIMIT, minutes,
           atomic_load(&server.shared->windows), atomic_load(&server.shared->refused));
    good =
        long_figure("rate: 429 behind the first window", atomic_load(&server.shared->refused_later), 0, "") &&
        good;
    good = long_figure("rate: calls of an app out of their order", atomic_load(&server.shared->unordered), 0,
                       "") &&
           good;
    good = long_figure("rate: minutes, to the least possible", minutes / least, 1.25, "") && good;
    good = long_figure("rate: memory that is allocated", grown, 1, "B/call") && good;
    good = atomic_load(&server.shared->served) == size->rate_calls && good;
    long_server_stop(&server);
    return good;
}

static unsigned succeeded;

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    (void)ctx;
    succeeded += error == NULL;
    okta_free(error);
    okta_free(call);
}

/* All wait for one slot, and the server sees in which order they got it. */
bool long_run_waiters(const long_size *size)
{
    long_server server;
    char number[16];
    (void)size;
    if (!long_server_start(&server)) {
        return false;
    }
    okta_client *client = long_client(&server, 1, false);
    okta_loop *loop = long_loop();
    succeeded = 0;
    for (unsigned i = 0; i < WAITERS; i++) {
        snprintf(number, sizeof number, "%u", i);
        okta_call *call = okta_get_jwk_call(client, "a0", number);
        okta_error *error = okta_call_submit(call, loop, on_done, NULL);
        if (error != NULL) {
            okta_free(error);
            okta_free(call);
        }
    }
    okta_error *error = okta_loop_run(loop);
    bool good = error == NULL && succeeded == WAITERS;
    okta_free(error);
    okta_free(client);
    okta_free(loop);
    good = long_figure("waiters: of 1,000 for one slot, those out of turn",
                       atomic_load(&server.shared->unordered), 0, "") &&
           good;
    long_server_stop(&server);
    return good;
}
