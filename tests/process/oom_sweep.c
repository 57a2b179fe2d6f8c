/* SPDX-License-Identifier: Apache-2.0 */
/* oom_sweep token|service-app|loop [FIRST LAST STEP]
 * Makes a client with an API token, or one of a service app with DPoP, a GET and a POST over TLS, another
 * POST over a connection that resumes the session of the first, and lets go of all, in a process of its own
 * for each point; with `loop` as with `token`, but in an event loop. At point 2n - 1 the nth allocation of
 * that process fails, at point 2n it and all after it; libcurl, OpenSSL and the C library are in it. LAST 0:
 * the last point. Then memory is there again, and the process tries once more. What must hold: it ends by
 * itself, each outcome is a success with its data or an error with words and no data, and libokta has given
 * back all its memory. OpenSSL does not always say that memory was the cause: errors that name another one
 * are shown and counted apart. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "client/client.h"
#include "faults/fault_script.h"
#include "faults/fault_server.h"
#include "faults/fault_tls.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/loop.h"
#include "okta/okta.h"
#include "process/failing_malloc.h"
#include "process/patient_clock.h"

#define APP         "0oa1mockwebapp0000g4"
#define BATCH       200u /* points to a server: it keeps a thread for each connection */
#define WATCHDOG_S  60
#define PROGRESS    1000u
#define CALL_MAX_MS 20000

/* The number of the key that is sent. It comes back in every answer, and so does an access token: each answer
 * is good for every request. */
#define N                                                                                                    \
    "zycHwv0Ko9tFnSUGNE3sLfnL7ee0klDz_Y-1AiFZZjglf3TNXHlJiv8A6eMf2LECyZ7yZXVJqTfWtdQ_eDwrlzIZkf-thukK"       \
    "nIci1mvmeEwDlOu0jgfn0FdRoNJYTMvAozDDarM-Hms4pGsUB2WVKZr_gPkL_uHKSjecFpFIHjK02hN_WO-wt2A-os6W_m9s"       \
    "fiAX-ReZ1mkQbKRx-rJBCvPNuxQ7wuCXjdFw1q27osR35_aP5Thc8h6hpi6eI8gFlgjd-QWA4fRTHtIloh3UaEUo1VKI3oRo"       \
    "QNMQCpB-DCVCNuSijm2LCjASMHFCcbQxHRekc9kl59f-aRNCqGbFPQ"
#define KEY                                                                                                  \
    "{\"id\":\"good\",\"kid\":\"kid-1\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" N                           \
    "\",\"access_token\":\"at-Canary_7\",\"token_type\":\"DPoP\",\"expires_in\":3600}"
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 466\r\n\r\n" KEY

/* The parts of one try. */
typedef enum part {
    PART_CLIENT,
    PART_GET,
    PART_POST,
    PART_FRESH,
    PARTS,
} part;

/* What the process at a point leaves behind. */
typedef struct report {
    bool finished;
    bool struck;
    char wrong[256];   /* what must not be; "": nothing */
    char strange[256]; /* an error that names another cause; "": none */
    okta_status first[PARTS];
    okta_status second[PARTS];
    size_t allocations;
    long alive_here;
    long alive_elsewhere;
} report;

typedef struct server {
    pid_t pid;
    int end; /* closed to end it */
    struct {
        char url[64];
        char ca_file[64];
        char key[512]; /* of the service app: PEM */
    } place;
} server;

static report *shared;
static bool is_service_app;
static bool uses_loop;
static okta_loop *loop;

static const fault_step script[] = {READ,         SEND(ANSWER), READ,         SEND(ANSWER), READ,
                                    SEND(ANSWER), READ,         SEND(ANSWER), END};

/* In the server's process: in the other nothing may have used OpenSSL. */
static bool make_key(char *out, size_t size)
{
    okta_key *key = NULL;
    char *pem = NULL;
    okta_error *error = okta_key_generate(OKTA_KEY_EC_P256, &key);
    if (error == NULL) {
        error = okta_key_to_private_pem(key, &pem);
    }
    bool good = error == NULL && strlen(pem) < size;
    if (good) {
        memcpy(out, pem, strlen(pem) + 1);
    }
    okta_free(error);
    okta_free(pem);
    okta_free(key);
    return good;
}

/* Runs the server until the other end of `end` is closed. */
static void serve(int out, int end)
{
    fault_tls tls;
    const fault_tls_options options = {.rsa = false};
    server self = {0};
    char byte;
    fault_tls_start(&tls, &options);
    const fault_plan plan = {.script = script, .tls = tls.context};
    fault_server *running = fault_server_start(&plan);
    snprintf(self.place.url, sizeof self.place.url, "%s", fault_server_url(running));
    snprintf(self.place.ca_file, sizeof self.place.ca_file, "%s", tls.ca_file);
    bool told = make_key(self.place.key, sizeof self.place.key) &&
                write(out, &self.place, sizeof self.place) == (ssize_t)sizeof self.place;
    while (told && read(end, &byte, 1) < 0 && errno == EINTR) {
    }
    fault_server_free(running);
    fault_tls_stop(&tls);
    _exit(told ? 0 : 1);
}

static bool start_server(server *self)
{
    int place[2];
    int end[2];
    *self = (server){0};
    if (pipe(place) != 0 || pipe(end) != 0) {
        return false;
    }
    self->pid = fork();
    if (self->pid == 0) {
        close(end[1]);
        serve(place[1], end[0]);
    }
    close(place[1]);
    close(end[0]);
    self->end = end[1];
    bool good =
        self->pid > 0 && read(place[0], &self->place, sizeof self->place) == (ssize_t)sizeof self->place;
    close(place[0]);
    return good;
}

static void stop_server(server *self)
{
    if (self->pid > 0) {
        close(self->end);
        waitpid(self->pid, NULL, 0);
        self->pid = 0;
    }
}

static void check(bool good, const char *what, const okta_error *error)
{
    if (!good && shared->wrong[0] == '\0') {
        snprintf(shared->wrong, sizeof shared->wrong, "%s: %s: %s", what,
                 okta_status_name(okta_error_status(error)), okta_error_message(error));
    }
}

/* Whether it is one that a shortage of memory may cause in the library or below it. */
static bool names_memory(const okta_error *error)
{
    okta_status status = okta_error_status(error);
    /* libcurl's code for a shortage is also that for a header line that is too long. */
    return status == OKTA_E_NOMEM || status == OKTA_E_TRANSPORT || status == OKTA_E_TIMEOUT ||
           status == OKTA_E_CONFIG || status == OKTA_E_OUTCOME_UNKNOWN ||
           (status == OKTA_E_PROTOCOL && strstr(okta_error_message(error), "ut of memory") != NULL);
}

static okta_status judge(okta_error *error, const okta_oauth2_client_jwk *key)
{
    okta_status status = okta_error_status(error);
    if (status == OKTA_OK) {
        check(key != NULL && key->id != NULL && strcmp(key->id, "good") == 0, "a success without its data",
              error);
        return status;
    }
    check(key == NULL, "a result beside an error", error);
    check(okta_error_message(error)[0] != '\0', "an error without words", error);
    if (!names_memory(error)) {
        snprintf(shared->strange, sizeof shared->strange, "%s: %s", okta_status_name(status),
                 okta_error_message(error));
    }
    okta_free(error);
    return status;
}

/* What was told of a call. */
typedef struct told {
    unsigned times;
    okta_error *error;
} told;

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    told *self = ctx;
    (void)call;
    self->times++;
    self->error = error;
}

/* A loop that cannot wait is released, which tells the outcome, and the next call gets another one. */
static okta_error *run_in_loop(okta_call *call)
{
    told outcome = {0};
    okta_error *error = loop == NULL ? okta_loop_new(NULL, &loop) : NULL;
    if (error == NULL) {
        error = okta_call_submit(call, loop, on_done, &outcome);
    }
    if (error != NULL) {
        check(outcome.times == 0, "an outcome of what was not submitted", error);
        return error;
    }
    error = okta_loop_run(loop);
    if (error != NULL) {
        okta_free(loop);
        loop = NULL;
    }
    check(outcome.times == 1, "an outcome that is not told once", error);
    okta_free(error);
    return outcome.error;
}

static okta_error *run(okta_call *call)
{
    return uses_loop ? run_in_loop(call) : okta_call_run(call);
}

/* With a key in its answer. */
static okta_status run_for_key(okta_call *call)
{
    okta_error *error = run(call);
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    okta_status status = judge(error, key);
    okta_free(key);
    okta_free(call);
    return status;
}

static void try_once(const server *at, okta_status results[PARTS])
{
    const okta_oauth2_client_jwk_request request = {
        .model = OKTA_INIT(okta_oauth2_client_jwk_request),
        .kid = "kid-1",
        .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA,
        .e = "AQAB",
        .n = N,
    };
    const okta_oauth2_client_jwk good = {.model = OKTA_INIT(okta_oauth2_client_jwk), .id = "good"};
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = at->place.url;
    options.ca_file = at->place.ca_file;
    options.proxy = "";
    options.timeout_ms = CALL_MAX_MS;
    if (is_service_app) {
        options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
        options.client_id = "0oa2mockservice000g4";
        options.scopes = "okta.apps.manage";
        options.private_key = at->place.key;
        options.dpop = OKTA_DPOP_ALWAYS;
    } else {
        options.token = "00tok-Canary_7";
    }
    okta_error *error = okta_client_new(&options, &client);
    check((error == NULL) == (client != NULL), "a client beside an error, or none without one", error);
    results[PART_CLIENT] = judge(error, error == NULL ? &good : NULL);
    if (client == NULL) {
        return;
    }
    oktai_client_set_clock(client, &patient_clock);
    results[PART_GET] = run_for_key(okta_get_jwk_call(client, APP, "key"));
    results[PART_POST] = run_for_key(okta_add_jwk_call(client, APP, &request));
    okta_call *fresh = okta_request_call(client, "POST", "/api/v1/things", NULL);
    error = run(fresh);
    results[PART_FRESH] = judge(error, error == NULL ? &good : NULL);
    okta_free(fresh);
    okta_free(client);
    okta_free(loop);
    loop = NULL;
}

static void be_a_point(const server *at, size_t nth, bool lasting)
{
    failing_malloc_begin(nth, lasting);
    try_once(at, shared->first);
    shared->allocations = failing_malloc_seen();
    shared->struck = failing_malloc_end();
    try_once(at, shared->second);
    shared->alive_here = failing_malloc_alive_here();
    shared->alive_elsewhere = failing_malloc_alive_elsewhere();
    check(shared->alive_here == 0, "memory that libokta did not give back", NULL);
    void *volatile planted = malloc(1);
    check(failing_malloc_alive_here() == shared->alive_here + 1, "a leak that nobody sees", NULL);
    free(planted);
    shared->finished = true;
    _exit(0);
}

/* Why the process failed; NULL: it did not. */
static const char *run_point(const server *at, size_t nth, bool lasting)
{
    sigset_t child;
    const struct timespec limit = {.tv_sec = WATCHDOG_S};
    int status = 0;
    *shared = (report){0};
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    pid_t pid = fork();
    if (pid == 0) {
        sigprocmask(SIG_UNBLOCK, &child, NULL);
        be_a_point(at, nth, lasting);
    }
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (sigtimedwait(&child, NULL, &limit) < 0 && errno == EAGAIN) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return "a hang";
        }
    }
    if (WIFSIGNALED(status)) {
        return strsignal(WTERMSIG(status));
    }
    if (!shared->finished) {
        return "an end before the end";
    }
    return shared->wrong[0] == '\0' ? NULL : shared->wrong;
}

typedef struct tally {
    size_t passed;
    size_t strange;
    size_t failed;
    size_t untouched;
    size_t good_first;
    size_t good_second;
    long baseline_elsewhere;
    long most_elsewhere;
    size_t grown_elsewhere;
} tally;

static bool is_good(const okta_status results[PARTS])
{
    return results[PART_CLIENT] == OKTA_OK && results[PART_GET] == OKTA_OK && results[PART_POST] == OKTA_OK &&
           results[PART_FRESH] == OKTA_OK;
}

static void count(tally *sum, size_t point, const char *why)
{
    if (why != NULL) {
        printf("point %zu (%s allocation %zu): %s\n", point, point % 2 == 0 ? "from" : "only",
               (point + 1) / 2, why);
        sum->failed++;
        return;
    }
    if (shared->strange[0] != '\0') {
        printf("point %zu: another cause: %s\n", point, shared->strange);
        sum->strange++;
    }
    sum->passed++;
    sum->untouched += !shared->struck;
    sum->good_first += is_good(shared->first);
    sum->good_second += is_good(shared->second);
    long more = shared->alive_elsewhere - sum->baseline_elsewhere;
    sum->grown_elsewhere += more > 0;
    sum->most_elsewhere = more > sum->most_elsewhere ? more : sum->most_elsewhere;
}

static void sweep(tally *sum, size_t first, size_t last, size_t step)
{
    server at = {0};
    size_t done = 0;
    for (size_t point = first; point <= last; point += step, done++) {
        if (done % BATCH == 0) {
            stop_server(&at);
            if (!start_server(&at)) {
                printf("point %zu: no server\n", point);
                sum->failed++;
                break;
            }
        }
        count(sum, point, run_point(&at, (point + 1) / 2, point % 2 == 0));
        if ((done + 1) % PROGRESS == 0) {
            printf("... point %zu of %zu, %zu failed\n", point, last, sum->failed);
        }
        fflush(stdout);
    }
    stop_server(&at);
}

/* A run without a failure: how many allocations there are, and what libcurl and OpenSSL keep. */
static size_t measure(tally *sum)
{
    server at;
    if (!start_server(&at)) {
        return 0;
    }
    const char *why = run_point(&at, 0, false);
    stop_server(&at);
    if (why != NULL || !is_good(shared->first) || !is_good(shared->second)) {
        printf("without any failure: %s\n", why == NULL ? "no success" : why);
        return 0;
    }
    sum->baseline_elsewhere = shared->alive_elsewhere;
    return shared->allocations;
}

static bool read_arguments(int argc, char **argv, size_t bounds[3])
{
    if (argc != 2 && argc != 5) {
        return false;
    }
    is_service_app = strcmp(argv[1], "service-app") == 0;
    uses_loop = strcmp(argv[1], "loop") == 0;
    if (!is_service_app && !uses_loop && strcmp(argv[1], "token") != 0) {
        return false;
    }
    for (int i = 2; i < argc; i++) {
        char *rest = argv[i];
        bounds[i - 2] = strtoul(argv[i], &rest, 10);
        if (rest[0] != '\0' || rest == argv[i]) {
            return false;
        }
    }
    return bounds[0] > 0 && bounds[2] > 0;
}

int main(int argc, char **argv)
{
    size_t bounds[3] = {1, 0, 1};
    tally sum = {0};
    if (!read_arguments(argc, argv, bounds)) {
        fputs("usage: oom_sweep token|service-app|loop [FIRST LAST STEP]\n", stderr);
        return 2;
    }
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, 0, 0);
    size_t allocations = shared == MAP_FAILED ? 0 : measure(&sum);
    if (allocations == 0) {
        return 1;
    }
    size_t all = 2 * allocations;
    printf("%s: %zu allocations, %zu points\n", argv[1], allocations, all);
    sweep(&sum, bounds[0], bounds[1] == 0 || bounds[1] > all ? all : bounds[1], bounds[2]);
    printf("%zu succeeded all the same, %zu succeeded when memory was back, %zu were not struck\n",
           sum.good_first, sum.good_second, sum.untouched);
    printf("blocks of other libraries beyond the %ld they always keep: in %zu points, at most %ld\n",
           sum.baseline_elsewhere, sum.grown_elsewhere, sum.most_elsewhere);
    printf("%zu named another cause than memory\n", sum.strange);
    printf("%zu passed, %zu failed\n", sum.passed, sum.failed);
    return sum.failed == 0 && sum.passed > 0 ? 0 : 1;
}
