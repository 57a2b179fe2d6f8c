/* SPDX-License-Identifier: Apache-2.0 */
/* kill_sweep ROTATOR KIND FIRST STEP [forget]
 * Ends the program ROTATOR by SIGKILL at its system calls, when one begins and when one has returned: at each
 * STEPth point from FIRST on, until it has no such point. Then the program is run again until the rotation is
 * over. The app must have one credential, which the service uses, and the service must have been able to log
 * in when the program was ended. With `forget` the store gives no key back. The last line counts the points.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mock_org.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"
#include "okta/rotation_journal.h"

#define PATH_SIZE 256u
#define TEXT_SIZE 256u
#define RUNS_MOST 6u
#define POOL      3u
/* A process that has begun to wait for the time that something may still arrive. */
#define EXIT_WAITS  3
#define EXIT_UNDONE 4

typedef struct sweep {
    const char *rotator;
    okta_rotation_kind kind;
    char folder[PATH_SIZE];
    mock_org *org;
    const char *app_id;
    okta_client *client;
    char pool[POOL][TEXT_SIZE * 16]; /* private keys in PEM */
    char first[TEXT_SIZE];           /* the name of the credential at the beginning */
    int64_t now_s;
} sweep;

static void die(const char *what, okta_error *error)
{
    fprintf(stderr, "kill_sweep: %s: %s\n", what,
            error == NULL ? strerror(errno) : okta_error_message(error));
    exit(2);
}

static void expect(okta_error *error, const char *what)
{
    if (error != NULL) {
        die(what, error);
    }
}

/* The folder of the program. */

static void path_of(const sweep *self, char out[PATH_SIZE * 2], const char *name)
{
    snprintf(out, PATH_SIZE * 2, "%s/%s", self->folder, name);
}

static void write_text(const sweep *self, const char *name, const char *text)
{
    char path[PATH_SIZE * 2];
    path_of(self, path, name);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        die(path, NULL);
    }
}

static void read_current(const sweep *self, char out[TEXT_SIZE])
{
    char path[PATH_SIZE * 2];
    path_of(self, path, "current");
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(out, (int)TEXT_SIZE, file) == NULL) {
        die(path, NULL);
    }
    fclose(file);
}

static void empty_folder(const sweep *self)
{
    DIR *dir = opendir(self->folder);
    if (dir == NULL) {
        die(self->folder, NULL);
    }
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        char path[PATH_SIZE * 2];
        path_of(self, path, entry->d_name);
        if (entry->d_name[0] != '.') {
            unlink(path);
        }
    }
    closedir(dir);
}

/* Whether there is a file. */
static bool is_stored(const sweep *self, const char *name)
{
    char path[PATH_SIZE * 2];
    path_of(self, path, name);
    return access(path, R_OK) == 0;
}

/* The org. */

static void add_key(sweep *self, okta_key *key)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    options.use = self->kind == OKTA_ROTATION_ENCRYPTION_KEY ? OKTA_OAUTH2_CLIENT_JWK_USE_ENC
                                                             : OKTA_OAUTH2_CLIENT_JWK_USE_SIG;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    expect(okta_key_to_jwk_request(key, &options, &request), "key");
    expect(okta_add_jwk(self->client, self->app_id, request, &added), "addJwk");
    snprintf(self->first, sizeof self->first, "%s", added->kid);
    okta_free(request);
    okta_free(added);
}

static void add_first(sweep *self, okta_key *first)
{
    if (self->kind != OKTA_ROTATION_CLIENT_SECRET) {
        add_key(self, first);
        return;
    }
    okta_oauth2_client_secret *added = NULL;
    expect(okta_create_oauth2_client_secret(self->client, self->app_id, NULL, &added), "secret");
    snprintf(self->first, sizeof self->first, "%s", added->client_secret);
    okta_free(added);
}

static void start_org(sweep *self, okta_key *first)
{
    const mock_org_options options = {.rate_limit = 1000000, .now_s = self->now_s};
    self->org = mock_org_start(&options);
    if (self->org == NULL) {
        die("mock org", NULL);
    }
    okta_client_options client = OKTA_CLIENT_OPTIONS_INIT;
    client.org_url = mock_org_url(self->org);
    client.token = "mock-token";
    expect(okta_client_new(&client, &self->client), "client");
    self->app_id = self->kind == OKTA_ROTATION_CLIENT_SECRET ? MOCK_WEB_APP : MOCK_SERVICE_APP;
    add_first(self, first);
    empty_folder(self);
    write_text(self, "current", self->first);
    for (unsigned i = 0; i < POOL; i++) {
        char name[16];
        snprintf(name, sizeof name, "pool-%u", i + 1);
        write_text(self, name, self->pool[i]);
    }
}

static void stop_org(sweep *self)
{
    okta_free(self->client);
    mock_org_stop(self->org);
}

/* Whether the service can use what it is told to, and how many credentials the app has. */
static bool look_at_keys(const sweep *self, const char *current, size_t *out_count)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    bool works = false;
    expect(okta_list_jwk(self->client, self->app_id, &keys), "listJwk");
    for (size_t i = 0; i < keys->count; i++) {
        const okta_oauth2_client_jwk *key = keys->items[i];
        bool is_its = strcmp(key->kid, current) == 0;
        if (self->kind == OKTA_ROTATION_ENCRYPTION_KEY) { /* it decrypts with all that is stored */
            is_its = strcmp(key->kid, self->first) == 0 || is_stored(self, key->kid);
        }
        works = works || (is_its && key->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE);
    }
    *out_count = keys->count;
    okta_free(keys);
    return works;
}

static bool look_at_secrets(const sweep *self, const char *current, size_t *out_count)
{
    okta_oauth2_client_secret_list *secrets = NULL;
    bool works = false;
    expect(okta_list_oauth2_client_secrets(self->client, self->app_id, &secrets), "secrets");
    for (size_t i = 0; i < secrets->count; i++) {
        const okta_oauth2_client_secret *secret = secrets->items[i];
        works = works || (strcmp(secret->client_secret, current) == 0 &&
                          secret->status == OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE);
    }
    *out_count = secrets->count;
    okta_free(secrets);
    return works;
}

static bool look(const sweep *self, char current[TEXT_SIZE], size_t *out_count)
{
    read_current(self, current);
    return self->kind == OKTA_ROTATION_CLIENT_SECRET ? look_at_secrets(self, current, out_count)
                                                     : look_at_keys(self, current, out_count);
}

/* The program. */

static pid_t spawn(const sweep *self, bool is_traced)
{
    char kind[8];
    snprintf(kind, sizeof kind, "%d", (int)self->kind);
    pid_t child = fork();
    if (child < 0) {
        die("fork", NULL);
    }
    if (child == 0) {
        if (is_traced) {
            ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        }
        execl(self->rotator, self->rotator, mock_org_url(self->org), self->app_id, kind, self->folder,
              (char *)NULL);
        _exit(127);
    }
    return child;
}

/* Run it to its end. Returns its exit code. */
static int run(const sweep *self)
{
    int status = 0;
    pid_t child = spawn(self, false);
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        die("the program was ended", NULL);
    }
    return WEXITSTATUS(status);
}

/* Run it to the point. Returns true when it was ended there, and false when it ended by itself before. */
static bool run_to(const sweep *self, unsigned point)
{
    int status = 0;
    pid_t child = spawn(self, true);
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) {
        die("the program does not stop", NULL);
    }
    ptrace(PTRACE_SETOPTIONS, child, NULL,
           (void *)(uintptr_t)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE));
    unsigned seen = 0;
    pid_t at = child;
    for (;;) {
        if (ptrace(PTRACE_SYSCALL, at, NULL, NULL) != 0 && errno != ESRCH) {
            die("ptrace", NULL);
        }
        at = waitpid(-1, &status, __WALL);
        if (at == child && (WIFEXITED(status) || WIFSIGNALED(status))) {
            return false;
        }
        if (WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80) && ++seen == point) {
            kill(child, SIGKILL);
            while (waitpid(child, &status, __WALL) == child && !WIFSIGNALED(status)) {
            }
            return true;
        }
    }
}

/* One point. Returns false when there is none. */
static bool try_point(sweep *self, okta_key *first, unsigned point, unsigned *failures)
{
    char current[TEXT_SIZE];
    size_t count = 0;
    start_org(self, first);
    bool was_ended = run_to(self, point);
    bool works = look(self, current, &count);
    int code = EXIT_WAITS;
    for (unsigned i = 0; was_ended && works && i < RUNS_MOST && code != 0; i++) {
        code = run(self);
        if (code == EXIT_WAITS) {
            sleep(1); /* what was given up may arrive for as long as a call may last */
        }
        works = look(self, current, &count) && (code == 0 || code == EXIT_WAITS || code == EXIT_UNDONE);
    }
    bool good = !was_ended || (works && code == 0 && count == 1 && strcmp(current, self->first) != 0);
    if (!good) {
        printf("point %u: the service %s, %zu credentials, the last run exits with %d\n", point,
               works ? "works" : "does not work", count, code);
        ++*failures;
    }
    stop_org(self);
    return was_ended;
}

static void make_keys(sweep *self, okta_key **first)
{
    okta_key_type type = self->kind == OKTA_ROTATION_ENCRYPTION_KEY ? OKTA_KEY_RSA_2048 : OKTA_KEY_EC_P256;
    expect(okta_key_generate(type, first), "key");
    for (unsigned i = 0; i < POOL; i++) {
        okta_key *key = NULL;
        char *pem = NULL;
        expect(okta_key_generate(type, &key), "key");
        expect(okta_key_to_private_pem(key, &pem), "key");
        snprintf(self->pool[i], sizeof self->pool[i], "%s", pem);
        okta_free(pem);
        okta_free(key);
    }
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: kill_sweep ROTATOR KIND FIRST STEP [forget]\n");
        return 2;
    }
    sweep self = {.rotator = argv[1], .kind = (okta_rotation_kind)strtol(argv[2], NULL, 10)};
    unsigned step = (unsigned)strtoul(argv[4], NULL, 10);
    snprintf(self.folder, sizeof self.folder, "/tmp/kill_sweep.XXXXXX");
    if (mkdtemp(self.folder) == NULL) {
        die("folder", NULL);
    }
    if (argc > 5) {
        setenv("ROTATOR_FORGETS", "1", 1);
    }
    okta_key *first = NULL;
    make_keys(&self, &first);
    unsigned points = 0;
    unsigned failures = 0;
    for (unsigned point = (unsigned)strtoul(argv[3], NULL, 10); try_point(&self, first, point, &failures);
         point += step) {
        points++;
    }
    okta_free(first);
    empty_folder(&self);
    rmdir(self.folder);
    printf("%s: %u points, %u failed\n", okta_rotation_kind_name(self.kind), points, failures);
    return failures == 0 && points > 0 ? 0 : 1;
}
