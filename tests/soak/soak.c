/* SPDX-License-Identifier: Apache-2.0 */
/* soak [SECONDS [SEED]]: many threads on clients of every kind, against servers that answer at random, with
 * cancels at random. Fails when a call ends later than its deadline or cancel by more than SOAK_LATE_MS
 * beyond what a thread that only sleeps overslept. A sanitizer that the program is built with reports the
 * rest. The last line counts the calls. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "faults/fault_tls.h"
#include "soak/soak_calls.h"
#include "soak/soak_server.h"
#include "soak/soak_witness.h"

#define WORKERS 8u

/* A run that takes so much longer than it should hangs. */
#define HANGS_AFTER_S 60

enum { PLAIN, TLS_HTTP1, TLS_HTTP2, SERVERS };

typedef struct soak_run {
    fault_tls tls[SERVERS];
    soak_server *servers[SERVERS];
    char urls[SERVERS][48];
    soak_world world;
    okta_signer *signer;
    soak_worker workers[WORKERS];
} soak_run;

static void must(okta_error *error, const char *what)
{
    if (error != NULL) {
        fprintf(stderr, "soak: %s: %s\n", what, okta_error_message(error));
        exit(1);
    }
}

static void start_servers(soak_run *run, uint64_t seed)
{
    for (size_t i = 0; i < SERVERS; i++) {
        const fault_tls_options options = {.h2 = i == TLS_HTTP2};
        if (i != PLAIN) {
            fault_tls_start(&run->tls[i], &options);
        }
        run->servers[i] = soak_server_start(run->tls[i].context, seed + i);
        snprintf(run->urls[i], sizeof run->urls[i], "%s://127.0.0.1:%u", i == PLAIN ? "http" : "https",
                 soak_server_port(run->servers[i]));
    }
}

/* Each server has a client with an API token and a service app. */
static void start_clients(soak_run *run)
{
    static const char *const names[SOAK_CLIENTS] = {
        "HTTP, API token",   "TLS and HTTP/1.1, API token",   "TLS and HTTP/2, API token",
        "HTTP, service app", "TLS and HTTP/1.1, service app", "TLS and HTTP/2, service app"};
    okta_key *key = NULL;
    const okta_key_jwk_options jwk = OKTA_KEY_JWK_OPTIONS_INIT;
    must(okta_key_generate(OKTA_KEY_EC_P256, &key), "a key");
    must(okta_signer_from_key(key, NULL, "soak", &run->signer), "a signer");
    must(okta_key_to_jwk_request(key, &jwk, &run->world.key), "a JWK");
    okta_free(key);
    for (size_t i = 0; i < SOAK_CLIENTS; i++) {
        size_t server = i % SERVERS;
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.org_url = run->urls[server];
        options.ca_file = server == PLAIN ? NULL : run->tls[server].ca_file;
        options.proxy = "";
        options.max_response_bytes = 262144;
        if (i < SERVERS) {
            options.token = "00soak";
        } else {
            options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
            options.client_id = "0oa1service";
            options.scopes = "okta.apps.manage";
            options.signer = run->signer;
        }
        run->world.options[i] = options;
        run->world.names[i] = names[i];
        must(okta_client_new(&options, &run->world.clients[i]), names[i]);
    }
}

/* Ends what runs now and then, for so long. */
static void cancel_at_random(soak_run *run, unsigned seconds, uint64_t seed)
{
    const struct timespec nap = {.tv_nsec = 15 * 1000000L};
    soak_random random = soak_random_begin(seed, UINT64_MAX);
    int64_t until_ms = soak_now_ms() + (int64_t)seconds * 1000;
    while (soak_now_ms() < until_ms) {
        soak_worker_cancel(&run->workers[soak_below(&random, WORKERS)]);
        nanosleep(&nap, NULL);
    }
}

static void stop(soak_run *run)
{
    for (size_t i = 0; i < SOAK_CLIENTS; i++) {
        okta_free(run->world.clients[i]);
    }
    okta_free(run->world.key);
    okta_free(run->signer);
    for (size_t i = 0; i < SERVERS; i++) {
        soak_server_stop(run->servers[i]);
        if (i != PLAIN) {
            fault_tls_stop(&run->tls[i]);
        }
    }
}

/* Returns whether all is well. */
static bool report(soak_run *run)
{
    unsigned statuses[SOAK_STATUSES] = {0};
    unsigned calls = 0;
    unsigned canceled = 0;
    unsigned late = 0;
    int64_t latest_ms = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        const soak_worker *worker = &run->workers[i];
        for (size_t status = 0; status < SOAK_STATUSES; status++) {
            statuses[status] += worker->statuses[status];
            calls += worker->statuses[status];
        }
        canceled += worker->canceled;
        late += worker->late;
        latest_ms = worker->latest_ms > latest_ms ? worker->latest_ms : latest_ms;
    }
    for (size_t status = 0; status < SOAK_STATUSES; status++) {
        if (statuses[status] > 0) {
            printf("%-16s %u\n", okta_status_name((okta_status)status), statuses[status]);
        }
    }
    printf("%-16s %u\n%-16s %" PRId64 " ms\n", "canceled", canceled, "latest", latest_ms);
    printf("%u passed, %u failed\n", calls - late, late);
    return late == 0 && statuses[OKTA_OK] > 0;
}

int main(int argc, char **argv)
{
    static soak_run run;
    unsigned seconds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
    if (argc > 3 || seconds == 0) {
        fprintf(stderr, "usage: soak [SECONDS [SEED]]\n");
        return 2;
    }
    printf("soak: %u s, seed %" PRIu64 "\n", seconds, seed);
    fflush(stdout);
    alarm(seconds + HANGS_AFTER_S);
    soak_witness_start();
    start_servers(&run, seed);
    start_clients(&run);
    for (unsigned i = 0; i < WORKERS; i++) {
        run.workers[i] = (soak_worker){
            .world = &run.world, .number = i, .random = soak_random_begin(seed, UINT64_C(1) << 32 | i)};
        soak_worker_start(&run.workers[i]);
    }
    cancel_at_random(&run, seconds, seed);
    atomic_store(&run.world.over, true);
    for (unsigned i = 0; i < WORKERS; i++) {
        pthread_join(run.workers[i].thread, NULL);
    }
    stop(&run);
    soak_witness_stop();
    return report(&run) ? 0 : 1;
}
