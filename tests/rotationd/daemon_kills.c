/* SPDX-License-Identifier: Apache-2.0 */
/* daemon_kills DAEMON KILLS [APPS [PAUSE_MS]]
 * Where TEST_POSTGRES is set, the journal is in that database.
 * Two daemons keep the keys of APPS apps young while one of them is ended by SIGKILL every PAUSE_MS, KILLS
 * times, and begun again. Meanwhile a service logs in with the current keys. No login may fail, no two
 * daemons may work on one app, no rate limit of the org may be exceeded, each app must be rotated on time,
 * and nothing may be left behind. The last line has the figures. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kills_service.h"
#include "mock_org.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"

#define APPS_MOST 1000u
#define EVERY_S   20
#define JITTER_S  5
#define LEASE_S   2
/* What a lease of a daemon that was killed, and a machine that is busy, may add to the schedule. */
#define LATE_MS 15000
/* A rotation is over within that after its begin. */
#define OVER_MS   20000
#define LINE_SIZE 8192u
/* A key in use, one that comes, and one that goes. */
#define KEYS_MOST 3u

typedef struct app_watch {
    long worker; /* the process that works on it; 0: none */
    int64_t begun_ms;
    unsigned begins;
} app_watch;

typedef struct sweep {
    const char *program;
    char folder[64];
    mock_org *org;
    char apps[APPS_MOST][APP_ID_SIZE];
    app_watch watches[APPS_MOST];
    size_t count;
    int log_read;
    int log_write;
    char line[LINE_SIZE];
    size_t length;
    pid_t daemons[2];
    unsigned long rotated;
    unsigned long failed;
    unsigned twice;
    int64_t late_ms;
} sweep;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void die(const char *what)
{
    (void)fprintf(stderr, "daemon_kills: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* The world. */

static void write_configuration(const sweep *self)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/daemon.yaml", self->folder);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        die(path);
    }
    const char *journal = getenv("TEST_POSTGRES");
    (void)fprintf(file, "journal: '%s'\nevery: %ds\njitter: %ds\ngrace: 2s\noverlap: 1s\nlease: %ds\napps:\n",
                  journal == NULL ? "journal.db" : journal, EVERY_S, JITTER_S, LEASE_S);
    for (size_t i = 0; i < self->count; i++) {
        (void)fprintf(file, "  - {id: %s, rotate: signing_key, key_type: p256, sink: {file: '%%a.pem'}}\n",
                      self->apps[i]);
    }
    if (fclose(file) != 0) {
        die(path);
    }
}

static void begin_world(sweep *self, size_t count)
{
    int ends[2];
    /* Sixty calls a minute of an app: an org's usual limits are as many for a few apps. */
    const mock_org_options options = {.rate_limit = (unsigned)count * 60};
    self->org = mock_org_start(&options);
    (void)snprintf(self->folder, sizeof self->folder, "/tmp/daemon_kills.XXXXXX");
    if (self->org == NULL || mkdtemp(self->folder) == NULL || pipe(ends) != 0) {
        die("the world");
    }
    self->log_read = ends[0];
    self->log_write = ends[1];
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    self->count = count;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(self->apps[i], APP_ID_SIZE, "0oax%016zu", i);
        if (!mock_org_add_app(self->org, self->apps[i], "private_key_jwt")) {
            die("apps");
        }
    }
    write_configuration(self);
}

static void end_world(const sweep *self)
{
    DIR *entries = opendir(self->folder);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    (void)rmdir(self->folder);
    mock_org_stop(self->org);
}

static pid_t start_daemon(const sweep *self)
{
    char url[128];
    (void)snprintf(url, sizeof url, "OKTA_CLIENT_ORGURL=%s", mock_org_url(self->org));
    char token[] = "OKTA_CLIENT_TOKEN=mock-token";
    char home[] = "HOME=/nowhere";
    char program[256];
    char option[] = "--config";
    char file[] = "daemon.yaml";
    (void)snprintf(program, sizeof program, "%s", self->program);
    char *words[] = {program, option, file, NULL};
    char *environment[] = {url, token, home, NULL};
    pid_t child = fork();
    if (child == 0) {
        if (chdir(self->folder) == 0 && dup2(self->log_write, STDERR_FILENO) >= 0) {
            (void)execve(program, words, environment);
        }
        _exit(127);
    }
    if (child < 0) {
        die("fork");
    }
    return child;
}

/* The log. */

static bool has_event(const char *line, const char *event)
{
    char text[64];
    (void)snprintf(text, sizeof text, "\"event\":\"%s\"", event);
    return strstr(line, text) != NULL;
}

static long worker_of(const char *line)
{
    const char *at = strstr(line, "\"instance\":\"");
    at = at == NULL ? NULL : strchr(at, '/');
    return at == NULL ? 0 : strtol(at + 1, NULL, 10);
}

static app_watch *watch_of(sweep *self, const char *line)
{
    static const char begin[] = "\"app\":\"0oax";
    const char *at = strstr(line, begin);
    size_t place = at == NULL ? APPS_MOST : (size_t)strtoul(at + sizeof begin - 1, NULL, 10);
    return place < self->count ? &self->watches[place] : NULL;
}

static void note_begin(sweep *self, app_watch *app)
{
    int64_t at_ms = now_ms();
    int64_t late_ms = at_ms - app->begun_ms - (EVERY_S + JITTER_S) * 1000;
    if (app->begins > 0 && late_ms > self->late_ms) {
        self->late_ms = late_ms;
    }
    app->begun_ms = at_ms;
    app->begins++;
}

static void take_line(sweep *self, const char *line)
{
    app_watch *app = watch_of(self, line);
    long worker = worker_of(line);
    if (app == NULL) {
        return;
    }
    bool begins = has_event(line, "begins");
    if (begins || has_event(line, "goes on")) {
        if (app->worker != 0) {
            self->twice++;
            (void)printf("process %ld still works on it: %s\n", app->worker, line);
        }
        app->worker = worker;
        if (begins) {
            note_begin(self, app);
        }
    } else if (app->worker == worker) {
        app->worker = 0;
    }
    self->rotated += has_event(line, "rotated");
    if (has_event(line, "failed")) {
        self->failed++;
        (void)printf("%s\n", line);
    }
}

static void read_log(sweep *self)
{
    ssize_t got;
    while ((got = read(self->log_read, self->line + self->length, LINE_SIZE - 1 - self->length)) > 0) {
        self->length += (size_t)got;
        self->line[self->length] = '\0';
        char *at = self->line;
        char *end;
        while ((end = strchr(at, '\n')) != NULL) {
            *end = '\0';
            take_line(self, at);
            at = end + 1;
        }
        self->length -= (size_t)(at - self->line);
        memmove(self->line, at, self->length);
        mock_org_forget_requests(self->org);
    }
}

static void read_log_until(sweep *self, int64_t until_ms)
{
    struct pollfd watched = {.fd = self->log_read, .events = POLLIN};
    for (int64_t left_ms; (left_ms = until_ms - now_ms()) > 0;) {
        (void)poll(&watched, 1, (int)left_ms);
        read_log(self);
    }
}

/* Kills. */

static void end_daemon(sweep *self, size_t which, int number)
{
    pid_t pid = self->daemons[which];
    int status = 0;
    if (kill(pid, number) != 0 || waitpid(pid, &status, 0) != pid) {
        die("a daemon has ended by itself");
    }
    bool as_told = number == SIGKILL ? WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL
                                     : WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!as_told) {
        (void)printf("daemon %ld ended with status %d\n", (long)pid, status);
        self->failed++;
    }
    read_log(self);
    for (size_t i = 0; i < self->count; i++) {
        if (self->watches[i].worker == (long)pid) {
            self->watches[i].worker = 0;
        }
    }
}

static void run_kills(sweep *self, unsigned kills, int64_t pause_ms)
{
    self->daemons[0] = start_daemon(self);
    self->daemons[1] = start_daemon(self);
    for (unsigned i = 0; i < kills; i++) {
        read_log_until(self, now_ms() + pause_ms);
        end_daemon(self, i % 2, SIGKILL);
        self->daemons[i % 2] = start_daemon(self);
    }
    /* What was begun comes to its end. */
    read_log_until(self, now_ms() + OVER_MS);
    end_daemon(self, 0, SIGTERM);
    end_daemon(self, 1, SIGTERM);
}

/* What is left. */

static unsigned count_leftovers(const sweep *self)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = mock_org_url(self->org);
    options.token = "mock-token";
    okta_client *client = NULL;
    unsigned wrong = 0;
    okta_error *error = okta_client_new(&options, &client);
    for (size_t i = 0; error == NULL && i < self->count; i++) {
        okta_oauth2_client_jwk_list *keys = NULL;
        error = okta_list_jwk(client, self->apps[i], &keys);
        if (error == NULL && (keys->count == 0 || keys->count > KEYS_MOST)) {
            wrong++;
            (void)printf("app %s has %zu keys\n", self->apps[i], keys->count);
        }
        okta_free(keys);
    }
    if (error != NULL) {
        (void)printf("keys: %s\n", okta_error_message(error));
        wrong++;
    }
    okta_free(error);
    okta_free(client);
    return wrong;
}

static unsigned count_idle(const sweep *self, int64_t at_ms, unsigned *out_least)
{
    unsigned idle = 0;
    *out_least = UINT32_MAX;
    for (size_t i = 0; i < self->count; i++) {
        const app_watch *app = &self->watches[i];
        *out_least = app->begins < *out_least ? app->begins : *out_least;
        idle += app->begins == 0 || at_ms - app->begun_ms > (EVERY_S + JITTER_S) * 1000 + LATE_MS;
    }
    return idle;
}

int main(int argc, char **argv)
{
    static sweep self;
    if (argc < 3) {
        (void)fprintf(stderr, "usage: daemon_kills DAEMON KILLS [APPS [PAUSE_MS]]\n");
        return 2;
    }
    unsigned kills = (unsigned)strtoul(argv[2], NULL, 10);
    size_t count = argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) : 300;
    int64_t pause_ms = argc > 4 ? strtol(argv[4], NULL, 10) : 200;
    if (count == 0 || count > APPS_MOST) {
        (void)fprintf(stderr, "daemon_kills: APPS is from 1 to %u\n", APPS_MOST);
        return 2;
    }
    self.program = argv[1];
    int64_t begun_ms = now_ms();
    begin_world(&self, count);
    kills_service *service = kills_service_start(mock_org_url(self.org), self.folder, self.apps, self.count);
    if (service == NULL) {
        die("the service");
    }
    run_kills(&self, kills, pause_ms);
    kills_logins logins = kills_service_stop(service);
    unsigned least = 0;
    unsigned idle = count_idle(&self, now_ms(), &least);
    size_t limited = mock_org_limited_count(self.org);
    unsigned wrong = count_leftovers(&self);
    end_world(&self);
    (void)printf(
        "%u kills in %lld s, %zu apps: %lu rotations, each app %u times at least, the latest begun %lld "
        "ms behind its time; %u worked on twice, %lu failures, %lu logins and %lu failed, %zu calls "
        "beyond a limit, %u apps with keys left behind\n",
        kills, (long long)(now_ms() - begun_ms) / 1000, count, self.rotated, least, (long long)self.late_ms,
        self.twice, self.failed, logins.good, logins.failed, limited, wrong);
    bool good = idle == 0 && self.twice == 0 && self.failed == 0 && logins.failed == 0 && logins.good > 0 &&
                limited == 0 && wrong == 0 && self.late_ms <= LATE_MS;
    return good ? 0 : 1;
}
