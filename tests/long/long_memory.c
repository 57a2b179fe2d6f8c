/* SPDX-License-Identifier: Apache-2.0 */
/* Memory and descriptors of many calls, and of many clients. */
#include "long/long_run.h"

#include <stdio.h>

#include "okta/api/application_sso_public_keys.h"

#define IN_FLIGHT      16u
#define RESIDENT_CALLS 1000000u
#define WARM_CALLS     30000u
#define WARM_CLIENTS   500u

bool long_run_memory(const long_size *size)
{
    long_server server;
    if (!long_server_start(&server)) {
        return false;
    }
    long_chains all = {.name = "memory",
                       .client = long_client(&server, IN_FLIGHT, false),
                       .loop = long_loop(),
                       .chains = IN_FLIGHT,
                       .calls = WARM_CALLS};
    bool good = long_chains_run(&all);
    long rss = long_rss_bytes();
    unsigned descriptors = long_descriptors();
    double used = long_heap_bytes();
    all.calls = size->memory_calls - WARM_CALLS;
    good = long_chains_run(&all) && good;
    double grown = (double)(long_rss_bytes() - rss) / all.calls;
    double kept = (long_heap_bytes() - used) / all.calls;
    unsigned more = long_descriptors() - descriptors;
    okta_free(all.client);
    okta_free(all.loop);
    long_server_stop(&server);
    if (size->memory_calls >= RESIDENT_CALLS) { /* fewer calls say less than what the heap's pages do */
        good = long_figure("memory: resident, of calls in a loop", grown, 1, "B/call") && good;
    }
    good = long_figure("memory: allocated, of calls in a loop", kept, 1, "B/call") && good;
    return long_figure("memory: descriptors that are left", more, 0, "") && good;
}

/* A client, a call by a loop and one that blocks. */
static bool live(const long_server *server)
{
    okta_oauth2_client_jwk *key = NULL;
    long_chains all = {.client = long_client(server, 1, false), .loop = long_loop(), .chains = 1, .calls = 1};
    bool good = long_chains_run(&all);
    okta_error *error = okta_get_jwk(all.client, "app", "key", &key);
    good = good && error == NULL;
    okta_free(error);
    okta_free(key);
    okta_free(all.client);
    okta_free(all.loop);
    return good;
}

static bool live_often(const long_server *server, unsigned clients, bool shown)
{
    for (unsigned i = 0; i < clients; i++) {
        if (!live(server)) {
            return false;
        }
        if (shown && i % 100 == 0) {
            long_progress("clients", i, clients);
        }
    }
    return true;
}

bool long_run_clients(const long_size *size)
{
    long_server server;
    if (!long_server_start(&server)) {
        return false;
    }
    bool good = live_often(&server, WARM_CLIENTS, false);
    unsigned descriptors = long_descriptors();
    double used = long_heap_bytes();
    good = live_often(&server, size->clients, true) && good;
    double grown = long_heap_bytes() - used;
    unsigned more = long_descriptors() - descriptors;
    long_server_stop(&server);
    good = long_figure("clients: memory that is left", grown / size->clients, 1, "B/client") && good;
    return long_figure("clients: descriptors that are left", more, 0, "") && good;
}
