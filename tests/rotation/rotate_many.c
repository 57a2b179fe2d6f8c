/* SPDX-License-Identifier: Apache-2.0 */
/* rotate_many [APPS]
 * Rotates the signing keys of 300 apps side by side in one loop, with a journal in a SQLite file and keys
 * that are given. Prints the peak of the memory and the processor time an app, each with its limit, "ok" or
 * "ABOVE"; exits with 1 when one is above. The org is another process. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <okta/okta.h>
#include <okta/rotation.h>
#include <okta/sqlite.h>

#include "bench_peak.h"
#include "mock_org.h"

#define APPS        300u
#define TEXT_SIZE   128u
#define MEMORY_MIB  20.0
#define CPU_MS      5.0
#define KIB_PER_MIB 1024.0

typedef struct many {
    unsigned apps;
    okta_client *client;
    okta_rotation_journal *journal;
    okta_loop *loop;
    okta_key *key; /* that all apps get in this round */
    unsigned done, stored;
} many;

static void expect(okta_error *error, const char *what)
{
    if (error != NULL) {
        fprintf(stderr, "rotate_many: %s: %s\n", what, okta_error_message(error));
        exit(2);
    }
}

static void name_app(unsigned i, char out[TEXT_SIZE])
{
    snprintf(out, TEXT_SIZE, "0oa3many%012u", i);
}

/* The org, until it is ended. */
static void serve(unsigned apps, int url)
{
    const mock_org_options options = {.rate_limit = 10000000};
    mock_org *org = mock_org_start(&options);
    bool good = org != NULL;
    for (unsigned i = 0; good && i < apps; i++) {
        char app[TEXT_SIZE];
        name_app(i, app);
        good = mock_org_add_app(org, app, "private_key_jwt");
    }
    const char *text = good ? mock_org_url(org) : "";
    if (write(url, text, strlen(text)) > 0) {
        close(url);
        for (;;) {
            pause();
        }
    }
    _exit(1);
}

static pid_t begin_org(unsigned apps, char url[TEXT_SIZE])
{
    int ends[2];
    pid_t child = pipe(ends) == 0 ? fork() : -1;
    if (child == 0) {
        close(ends[0]);
        serve(apps, ends[1]);
    }
    ssize_t length = -1;
    if (child > 0) {
        close(ends[1]);
        length = read(ends[0], url, TEXT_SIZE - 1);
        close(ends[0]);
    }
    if (length <= 0) {
        fprintf(stderr, "rotate_many: no org\n");
        exit(2);
    }
    url[length] = '\0';
    return child;
}

static void give(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    const many *self = ctx;
    (void)subject;
    okta_rotation_answer_key(ask, self->key, NULL);
}

static void store(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    many *self = ctx;
    (void)subject;
    self->stored++;
    okta_rotation_answer(ask, NULL);
}

static void on_done(void *ctx, okta_rotation *rotation, okta_error *error)
{
    many *self = ctx;
    expect(error, "a rotation");
    self->done += okta_rotation_look(rotation)->state == OKTA_ROTATION_DONE;
    okta_free(rotation);
}

/* Each app gets a new key, and the one before goes. */
static void rotate_all(many *self)
{
    self->done = 0;
    self->stored = 0;
    expect(okta_key_generate(OKTA_KEY_EC_P256, &self->key), "key");
    for (unsigned i = 0; i < self->apps; i++) {
        char app[TEXT_SIZE];
        okta_rotation *rotation = NULL;
        okta_rotation_options options = OKTA_ROTATION_OPTIONS_INIT;
        name_app(i, app);
        options.client = self->client;
        options.app_id = app;
        options.kind = OKTA_ROTATION_SIGNING_KEY;
        options.key_type = OKTA_KEY_EC_P256;
        options.journal = self->journal;
        options.make = give;
        options.store = store;
        options.ctx = self;
        options.grace_s = okta_int(0);
        expect(okta_rotation_new(&options, &rotation), "rotation");
        expect(okta_rotation_submit(rotation, self->loop, on_done, self), "rotation");
    }
    expect(okta_loop_run(self->loop), "loop");
    okta_free(self->key);
    if (self->done != self->apps || self->stored != self->apps) {
        fprintf(stderr, "rotate_many: %u of %u rotations are done\n", self->done, self->apps);
        exit(1);
    }
}

static double cpu_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static bool figure(const char *name, double value, double limit, const char *unit)
{
    bool good = value >= 0 && value <= limit;
    printf("  %-46s %8.2f %s, at most %.0f  %s\n", name, value, unit, limit, good ? "ok" : "ABOVE");
    return good;
}

static void open_all(many *self, const char *url, const char *path)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = url;
    options.token = "mock-token";
    expect(okta_client_new(&options, &self->client), "client");
    expect(okta_sqlite_journal_open(path, &self->journal), "journal");
    expect(okta_loop_new(NULL, &self->loop), "loop");
}

int main(int argc, char **argv)
{
    many self = {.apps = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : APPS};
    char url[TEXT_SIZE];
    char folder[] = "/tmp/rotate_many.XXXXXX";
    char path[TEXT_SIZE];
    if (self.apps == 0 || mkdtemp(folder) == NULL) {
        fprintf(stderr, "usage: rotate_many [APPS]\n");
        return 2;
    }
    snprintf(path, sizeof path, "%s/journal", folder);
    pid_t org = begin_org(self.apps, url);
    open_all(&self, url, path);
    rotate_all(&self); /* the first key of each */
    double before_ms = cpu_ms();
    rotate_all(&self);
    double spent_ms = cpu_ms() - before_ms;
    okta_free(self.loop);
    okta_sqlite_journal_close(self.journal);
    okta_free(self.client);
    kill(org, SIGKILL);
    waitpid(org, NULL, 0);
    unlink(path);
    rmdir(folder);
    printf("%u apps in one loop:\n", self.apps);
    bool good = figure("memory at its peak", (double)bench_peak_kib() / KIB_PER_MIB, MEMORY_MIB, "MiB");
    good = figure("processor time an app, without making a key", spent_ms / self.apps, CPU_MS, "ms") && good;
    return good ? 0 : 1;
}
