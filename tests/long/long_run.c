/* SPDX-License-Identifier: Apache-2.0 */
#include "long/long_run.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "okta/api/application_sso_public_keys.h"

#define TIMEOUT_MS 3600000

static long_shared *virtual_time;

static int64_t now_ms(const oktai_clock *clock)
{
    (void)clock;
    return atomic_load(&virtual_time->now_ms);
}

static void wait_ms(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                    int64_t ms)
{
    (void)clock;
    (void)wait;
    (void)object;
    atomic_fetch_add(&virtual_time->now_ms, ms);
}

static uint32_t random_bits(const oktai_clock *clock)
{
    (void)clock;
    return oktai_system_clock.random(&oktai_system_clock);
}

static const oktai_clock virtual_clock = {now_ms, wait_ms, now_ms, random_bits};

bool long_figure(const char *name, double figure, double limit, const char *unit)
{
    bool good = figure <= limit;
    printf("%s%-56s %10.2f %10.2f %-8s %s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "", name, figure, limit,
           unit, good ? "ok" : "ABOVE");
    fflush(stdout);
    return good;
}

void long_progress(const char *name, unsigned long done, unsigned long all)
{
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K%s: %lu of %lu", name, done, all);
    }
}

/* NULL: it is none. */
static void expect(okta_error *error, const char *what)
{
    if (error != NULL) {
        fprintf(stderr, "%s: %s\n", what, okta_error_message(error));
        exit(1);
    }
}

okta_client *long_client(const long_server *server, unsigned max_in_flight, bool virtual)
{
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = server->url;
    options.token = "00tok";
    options.proxy = "";
    options.max_in_flight = max_in_flight;
    options.timeout_ms = TIMEOUT_MS;
    expect(okta_client_new(&options, &client), "no client");
    if (virtual) {
        virtual_time = server->shared;
        oktai_client_set_clock(client, &virtual_clock);
    }
    return client;
}

okta_loop *long_loop(void)
{
    okta_loop *loop = NULL;
    expect(okta_loop_new(NULL, &loop), "no loop");
    return loop;
}

/* A call knows its chain by the place of that in `next`. */
typedef struct chain_link {
    long_chains *all;
    unsigned chain;
} chain_link;

static void begin(chain_link *self);

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    chain_link *self = ctx;
    long_chains *all = self->all;
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    if (error != NULL || key == NULL) {
        fprintf(stderr, "a call failed: %s\n", okta_error_message(error));
        all->failed++;
    }
    okta_free(key);
    okta_free(error);
    okta_free(call);
    all->ended++;
    if (all->name != NULL && all->ended % 1000 == 0) {
        long_progress(all->name, all->ended, all->calls);
    }
    if (all->begun < all->calls && all->failed == 0) {
        begin(self);
    }
}

static void begin(chain_link *self)
{
    char app[32];
    char number[32];
    snprintf(app, sizeof app, "a%u", self->chain);
    snprintf(number, sizeof number, "%u", self->all->next[self->chain]++);
    self->all->begun++;
    expect(
        okta_call_submit(okta_get_jwk_call(self->all->client, app, number), self->all->loop, on_done, self),
        "submit");
}

bool long_chains_run(long_chains *self)
{
    chain_link links[LONG_APPS];
    self->begun = 0;
    self->ended = 0;
    for (unsigned i = 0; i < self->chains && self->begun < self->calls; i++) {
        links[i] = (chain_link){self, i};
        begin(&links[i]);
    }
    while (self->ended < self->begun) {
        expect(okta_loop_poll(self->loop, -1), "poll");
    }
    return self->failed == 0;
}

long long_rss_bytes(void)
{
    char line[128];
    char *rest;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        exit(1);
    }
    fclose(file);
    (void)strtol(line, &rest, 10); /* all of it */
    return strtol(rest, NULL, 10) * sysconf(_SC_PAGESIZE);
}

double long_heap_bytes(void)
{
    struct mallinfo2 heap = mallinfo2();
    return (double)heap.uordblks + (double)heap.hblkhd;
}

unsigned long_descriptors(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) {
        exit(1);
    }
    while (readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

long_cost long_cost_now(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (long_cost){(double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
                           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
                       (double)usage.ru_nvcsw};
}
