/* SPDX-License-Identifier: Apache-2.0 */
/* okta-rotationd as a process against the mock org. */
#include "daemon_world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SERVICE MOCK_SERVICE_APP
#define WEB     MOCK_WEB_APP
#define TIMES   "every: 10m\njitter: 1m\ngrace: 0s\noverlap: 0s\nlease: 5s\n"
#define KEY_APP "  - {id: " SERVICE ", rotate: signing_key, key_type: p256, sink: {file: '%%a.pem'}}\n"

static void configure(const daemon_world *world, const char *more)
{
    daemon_world_configure(world, "journal: journal.db\n" TIMES "apps:\n" KEY_APP "%s", more);
}

static bool is_there(const daemon_world *world, const char *name)
{
    char path[WORLD_PATH];
    daemon_world_path(world, name, path);
    return access(path, F_OK) == 0;
}

static void once_rotates_what_is_due_and_ends(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    configure(world, "  - {id: " WEB ", rotate: client_secret,\n"
                     "     sink: {command: 'cat > next', switch: 'mv next secret'}}\n");
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"rotated\""), 2);
    assert_true(is_there(world, SERVICE ".pem"));
    assert_true(is_there(world, "secret"));
    assert_false(is_there(world, SERVICE ".pem.next"));
    mock_org_forget_requests(world->org);
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"rotated\""), 0);
    /* Nothing is due, and the org need not be asked how old anything is. */
    assert_int_equal(mock_org_request_count(world->org), 0);
}

static void a_young_credential_is_left_alone(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    char path[WORLD_PATH];
    configure(world, "");
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    daemon_world_path(world, "journal.db.leases", path);
    assert_int_equal(unlink(path), 0);
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"begins\""), 0);
}

static void a_failing_app_does_not_stop_others(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    configure(world, "  - {id: 0oa9missing, rotate: signing_key, sink: {file: missing.pem}}\n"
                     "  - {id: " WEB ", rotate: signing_key, key_type: p256, sink: {command: exit 7}}\n");
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 1);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"rotated\""), 1);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"failed\""), 2);
    assert_int_equal(daemon_count(&daemon, "sink.command: the command exits with 7"), 1);
    assert_int_equal(daemon_count(&daemon, "PRIVATE KEY"), 0);
}

/* Each line of the log is an object of the daemon's own. */
static void assert_is_json_lines(const daemon_process *daemon)
{
    for (const char *at = daemon->log; *at != '\0'; at = strchr(at, '\n') + 1) {
        size_t length = strcspn(at, "\n");
        assert_int_equal(at[length], '\n');
        assert_int_equal(strncmp(at, "{\"time\":\"", 9), 0);
        assert_int_equal(at[length - 1], '}');
    }
}

/* What a command prints is no line of the log as it is, and never a key. */
static void the_log_stays_json_whatever_commands_print(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    daemon_world_configure(
        world, "journal: journal.db\n" TIMES "apps:\n"
               "  - id: " SERVICE "\n    rotate: signing_key\n    key_type: p256\n"
               "    sink:\n      command: 'tee next; cat next >&2; echo \"a \\\"word\\\"\" >&2; "
               "printf \"\\355\\240\\200 \\300\\200\\n\" >&2; printf last >&2'\n"
               "      switch: 'i=0; while [ $i -lt 99 ]; do i=$((i+1)); echo told; echo told >&2; done'\n");
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_is_json_lines(&daemon);
    static const char *const said[] = {"-----BEGIN PRIVATE KEY-----", "***", "a \\\"word\\\"",
                                       "??? ??" /* a surrogate, and a long form of NUL */, "last"};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        char line[128];
        (void)snprintf(line, sizeof line,
                       "\"event\":\"sink says\",\"app\":\"" SERVICE
                       "\",\"kind\":\"signing-key\",\"step\":\"sink.command\",\"detail\":\"%s\"}\n",
                       said[i]);
        assert_true(daemon_count(&daemon, line) > 0);
    }
    char path[WORLD_PATH];
    char line[128];
    daemon_world_path(world, "next", path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        assert_int_equal(daemon_count(&daemon, line), line[0] == '-' ? 1 : 0);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(daemon_count(&daemon, "\"detail\":\"told\""), 20);
    assert_int_equal(daemon_count(&daemon, "(it says more, which is left out)"), 1);
}

static void a_configuration_that_is_wrong_begins_nothing(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    daemon_world_configure(world, "journal: j\napps:\n  - {id: a, rotate: key, sink: {file: a}}\n");
    daemon_start(world, NULL, &daemon);
    assert_int_equal(daemon_finish(&daemon), 2);
    assert_int_equal(daemon_count(&daemon, "okta-rotationd: daemon.yaml:3: "), 1);
    assert_int_equal(mock_org_request_count(world->org), 0);
    assert_false(is_there(world, "j"));
    configure(world, "");
    daemon_start(world, "--check-config", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_string_equal(daemon.log, "daemon.yaml: 1 apps, nothing is wrong\n");
    assert_false(is_there(world, "journal.db"));
}

/* The environment has the org and a token. */
static void checks_what_the_configuration_names(void **state)
{
    static const struct {
        const char *text; /* ahead of the apps */
        const char *sink;
        const char *says;
    } wrong[] = {
        {"journal: j\nokta: {assertion_file: a, client_id: c}\n", "key.pem",
         "okta-rotationd: daemon.yaml:2: okta: there is no scopes, and neither OKTA_CLIENT_SCOPES nor "
         "okta.yaml "
         "has it\n"},
        {"journal: j\nokta: {assertion_file: a, scopes: s}\n", "key.pem",
         "daemon.yaml:2: okta: there is no client_id, and neither OKTA_CLIENT_CLIENTID nor"},
        {"journal: j\nokta: {private_key: k, client_id: c, scopes: s}\n", "key.pem", "daemon.yaml:2: okta: "},
        {"journal: j\nokta: {token_file: missing}\n", "key.pem", "daemon.yaml:2: okta: "},
        {"lease: 5s\njournal: missing/j\n", "key.pem",
         "daemon.yaml:2: journal: the folder missing does not exist: make it, or name another one\n"},
        {"journal: daemon.yaml/j\n", "key.pem", "daemon.yaml:1: journal: daemon.yaml is no folder\n"},
        {"journal: j\n", "missing/key.pem",
         "daemon.yaml:5: file: the folder missing does not exist: make it, or name another one\n"},
        {"journal: j\n", "/okta-no-such-folder/key.pem",
         "daemon.yaml:5: file: the folder /okta-no-such-folder does not exist"},
#ifdef WITH_POSTGRES
        {"journal: postgresql://u:hunter2@127.0.0.1/d\n", "key.pem",
         "daemon.yaml:1: journal: the URI holds a password (password), "},
        {"journal: 'postgresql://u@127.0.0.1/d?password=hunter2'\n", "key.pem",
         "put it into ~/.pgpass, into the file that PGPASSFILE names, or into the environment of libpq\n"},
        {"journal: 'postgres://u:hunter2%@127.0.0.1/d'\n", "key.pem",
         "daemon.yaml:1: journal: libpq does not understand this URI"},
#endif
    };
    const daemon_world *world = *state;
    daemon_process daemon;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        daemon_world_configure(world, "%sapps:\n  - id: a\n    rotate: signing_key\n    sink: {file: '%s'}\n",
                               wrong[i].text, wrong[i].sink);
        daemon_start(world, "--check-config", &daemon);
        assert_int_equal(daemon_finish(&daemon), 2);
        if (daemon_count(&daemon, wrong[i].says) != 1 || daemon_count(&daemon, "hunter2") != 0) {
            print_error("of %sthe daemon says %s", wrong[i].text, daemon.log);
            fail();
        }
    }
    assert_int_equal(mock_org_request_count(world->org), 0);
    assert_false(is_there(world, "j"));
}

static void begins_nothing_without_the_folder_of_the_journal(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    daemon_world_configure(world, "journal: missing/j\napps:\n" KEY_APP);
    daemon_start(world, NULL, &daemon);
    assert_int_equal(daemon_finish(&daemon), 2);
    assert_int_equal(daemon_count(&daemon, "daemon.yaml:1: journal: the folder missing does not exist"), 1);
    assert_int_equal(mock_org_request_count(world->org), 0);
}

static void options_have_their_whole_names(void **state)
{
    static const struct {
        const char *word;
        const char *says;
    } refused[] = {
        {"--onec", "there is no option '--onec' (is it meant to be --once?); see okta-rotationd --help"},
        {"--conf=x", "there is no option '--conf' (is it meant to be --config?)"},
        {"-once", "there is no option '-once' (is it meant to be --once?)"},
        {"--foreground", "there is no option '--foreground'; see"},
        {"--", "there is no option '--'; see"},
        {"--config", "--config needs a value, as in --config=FILE"},
        {"--config=", "--config needs a value"},
        {"--once=yes", "--once takes no value"},
        {"daemon.yaml", "daemon.yaml is not expected"},
    };
    const daemon_world *world = *state;
    daemon_process daemon;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        daemon_start(world, refused[i].word, &daemon);
        assert_int_equal(daemon_finish(&daemon), 2);
        if (daemon_count(&daemon, refused[i].says) != 1) {
            print_error("of %s the daemon says %s", refused[i].word, daemon.log);
            fail();
        }
    }
}

static void a_reload_that_is_refused_changes_nothing(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    configure(world, "");
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "\"event\":\"rotated\"");
    daemon_world_configure(world, "journal: journal.db\napps: []\n");
    assert_int_equal(kill(daemon.pid, SIGHUP), 0);
    daemon_await(&daemon, "\"event\":\"reload refused\"");
    daemon_world_configure(world, "journal: another.db\n" TIMES "apps:\n" KEY_APP);
    assert_int_equal(kill(daemon.pid, SIGHUP), 0);
    daemon_await(&daemon, "journal has changed, which takes a restart");
    configure(world, "  - {id: " WEB ", rotate: client_secret, sink: {file: web.secret}}\n");
    assert_int_equal(kill(daemon.pid, SIGHUP), 0);
    daemon_await(&daemon, "\"event\":\"reloaded\"");
    daemon_await(&daemon, "\"event\":\"rotated\",\"app\":\"" WEB "\"");
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
}

/* Neither a command nor an answer of the org that would take minutes is waited for, and the next one goes on.
 */
static void sigterm_ends_what_takes_long(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    const mock_fault slow = {.path_contains = WEB, .delay_ms = 600000};
    assert_true(mock_org_fail_next(world->org, &slow));
    daemon_world_configure(world, "journal: journal.db\n" TIMES "apps:\n"
                                  "  - id: " SERVICE "\n    rotate: signing_key\n    key_type: p256\n"
                                  "    sink: {command: 'echo begun >&2; exec tail -f /dev/null'}\n"
                                  "  - {id: " WEB ", rotate: signing_key, sink: {file: web.pem}}\n");
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "begun");
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"stopping\""), 1);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"failed\""), 0);
    mock_org_forget_faults(world->org);
    configure(world, "");
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"rotated\""), 1);
}

/* The signal to the group of the command does not reach it. */
static void sigterm_ends_a_command_that_left_its_group(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    daemon_world_configure(
        world, "journal: journal.db\n" TIMES "apps:\n"
               "  - id: " SERVICE "\n    rotate: signing_key\n    key_type: p256\n"
               "    sink:\n      command: exec perl -e 'setpgrp 0, getpgrp getppid; warn qq(begun\\n); "
               "sleep 600'\n");
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "begun");
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"stopped\""), 1);
}

/* A file that another process has locked. */

static sqlite3 *lock_file(const daemon_world *world, const char *name)
{
    char path[WORLD_PATH];
    sqlite3 *db = NULL;
    daemon_world_path(world, name, path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(db, 60000), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static void unlock_file(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Within a second; the bound is for a machine that is busy, and half of what a locked file was waited for. */
static void end_soon(daemon_process *daemon)
{
    int64_t since_ms = monotonic_ms();
    assert_int_equal(kill(daemon->pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(daemon), 0);
    assert_true(monotonic_ms() - since_ms < 5000);
}

/* The lease of a rotation that is under way cannot be given back. */
static void sigterm_ends_although_a_file_is_locked(void **state)
{
    static const char *const names[] = {"journal.db", "journal.db.leases"};
    const daemon_world *world = *state;
    daemon_process daemon;
    for (size_t i = 0; i < 2; i++) {
        daemon_world_configure(world, "journal: journal.db\n" TIMES "apps:\n"
                                      "  - id: " SERVICE "\n    rotate: signing_key\n    key_type: p256\n"
                                      "    sink: {command: 'echo begun >&2; exec tail -f /dev/null'}\n");
        daemon_start(world, NULL, &daemon);
        daemon_await(&daemon, "begun");
        sqlite3 *db = lock_file(world, names[i]);
        end_soon(&daemon);
        assert_int_equal(daemon_count(&daemon, "\"event\":\"stopped\""), 1);
        unlock_file(db);
    }
}

/* One that is not open yet ends as soon. */
static void sigterm_ends_a_daemon_that_cannot_open_its_journal(void **state)
{
    static const char *const names[] = {"journal.db", "journal.db.leases"};
    const daemon_world *world = *state;
    daemon_process daemon;
    configure(world, "");
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    for (size_t i = 0; i < 2; i++) {
        sqlite3 *db = lock_file(world, names[i]);
        daemon_start(world, NULL, &daemon);
        daemon_await(&daemon, "\"event\":\"opening\"");
        end_soon(&daemon);
        unlock_file(db);
    }
}

#ifdef WITH_POSTGRES
/* A server that takes the connection, and says nothing. */
static void sigterm_ends_a_daemon_whose_server_is_silent(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server, 4), 0);
    assert_int_equal(getsockname(server, (struct sockaddr *)&address, &length), 0);
    daemon_world_configure(world, "journal: postgresql://u@127.0.0.1:%u/d\n" TIMES "apps:\n" KEY_APP,
                           (unsigned)ntohs(address.sin_port));
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "\"event\":\"opening\"");
    int connection = accept(server, NULL, NULL);
    assert_true(connection >= 0);
    end_soon(&daemon);
    assert_int_equal(close(connection), 0);
    assert_int_equal(close(server), 0);
}
#endif

/* ID tokens that are under way are encrypted for the old one: it is beside the new one from the switch on. */
static void an_encryption_key_that_goes_is_kept(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    char path[WORLD_PATH];
    struct stat about;
    daemon_world_configure(world,
                           "journal: journal.db\nevery: 1s\ngrace: 0s\njitter: 0s\noverlap: 0s\napps:\n"
                           "  - {id: " SERVICE ", rotate: encryption_key, sink: {file: key.pem}}\n");
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "\"event\":\"rotated\"");
    daemon_world_path(world, "key.pem", path);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(chmod(path, 0640), 0);
    daemon_await(&daemon, "\"event\":\"rotated\"");
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_true(is_there(world, "key.pem.old"));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
}

/* The command whose daemon was killed. */
static void end_command(const daemon_world *world)
{
    char path[WORLD_PATH];
    long pid = 0;
    daemon_world_path(world, "pid", path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char text[32] = "";
    assert_non_null(fgets(text, sizeof text, file));
    assert_int_equal(fclose(file), 0);
    pid = strtol(text, NULL, 10);
    assert_true(pid > 1);
    assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
}

/* A second daemon on the same journal keeps away while the first one works, and goes on when that is killed.
 */
static void another_daemon_goes_on(void **state)
{
    const daemon_world *world = *state;
    daemon_process first;
    daemon_process second;
    daemon_world_configure(
        world, "journal: journal.db\nevery: 10m\ngrace: 0s\njitter: 0s\noverlap: 0s\nlease: 2s\napps:\n"
               "  - id: " SERVICE "\n    rotate: signing_key\n    key_type: p256\n"
               "    sink:\n      command: 'test -e pid || { echo $$ > pid; echo begun >&2; exec tail -f "
               "/dev/null; }'\n");
    daemon_start(world, NULL, &first);
    daemon_await(&first, "begun");
    daemon_start(world, "--once", &second);
    assert_int_equal(daemon_finish(&second), 0);
    assert_int_equal(daemon_count(&second, "1 elsewhere"), 1);
    assert_int_equal(daemon_count(&second, "\"event\":\"begins\""), 0);
    daemon_start(world, NULL, &second);
    daemon_await(&second, "\"event\":\"ready\"");
    assert_int_equal(kill(first.pid, SIGKILL), 0);
    daemon_await(&second, "\"event\":\"rotated\"");
    assert_int_equal(kill(second.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&second), 0);
    assert_int_equal(daemon_count(&second, "\"event\":\"goes on\""), 1);
    end_command(world);
    assert_int_equal(daemon_finish(&first), -1);
}

/* Metrics. */

/* `from` is the last part of the client's address on the loopback. */
static int ask_from(unsigned from, unsigned port, const char *request)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in own = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    own.sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~0xffu) | from);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(fd, request, strlen(request)), (ssize_t)strlen(request));
    return fd;
}

static int ask(unsigned port, const char *request)
{
    return ask_from(1, port, request);
}

static void get(unsigned port, const char *request, char *out, size_t size)
{
    int fd = ask(port, request);
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, out + length, size - 1 - length)) > 0) {
        length += (size_t)got;
    }
    out[length] = '\0';
    (void)close(fd);
}

#define REQUEST(method, path) method " " path " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

/* The log tells it. */
static unsigned port_of(const daemon_process *daemon)
{
    const char *at = strstr(daemon->log, "127.0.0.1:");
    assert_non_null(at);
    return (unsigned)strtoul(at + strlen("127.0.0.1:"), NULL, 10);
}

static void tells_prometheus(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    char text[16384];
    daemon_world_configure(world, "journal: journal.db\nmetrics: 127.0.0.1:0\n" TIMES "apps:\n" KEY_APP);
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "\"event\":\"rotated\"");
    unsigned port = port_of(&daemon);
    get(port, REQUEST("GET", "/metrics"), text, sizeof text);
    assert_non_null(strstr(text, "HTTP/1.1 200 "));
    assert_non_null(strstr(text, "text/plain; version=0.0.4"));
    assert_non_null(strstr(text, "\n# TYPE okta_rotationd_rotations_total counter\n"));
    assert_non_null(strstr(text, "\nokta_rotationd_rotations_total{outcome=\"done\"} 1\n"));
    assert_non_null(strstr(text, "\nokta_rotationd_apps{state=\"idle\"} 1\n"));
    assert_non_null(strstr(text, "\nokta_rotationd_up 1\n"));
    get(port, REQUEST("GET", "/healthz"), text, sizeof text);
    assert_non_null(strstr(text, "\r\n\r\nalive\n"));
    get(port, REQUEST("GET", "/readyz"), text, sizeof text);
    assert_non_null(strstr(text, "\r\n\r\nready\n"));
    get(port, REQUEST("GET", "/"), text, sizeof text);
    assert_non_null(strstr(text, "HTTP/1.1 404 "));
    get(port, REQUEST("POST", "/metrics"), text, sizeof text);
    assert_non_null(strstr(text, "HTTP/1.1 405 "));
    assert_int_equal(kill(daemon.pid, SIGINT), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
}

#define SLOW "GET /metrics HTTP/1.1\r\nHost: local"

/* More connections than there may be come in one turn of the loop, and all end in another one. */
static void answers_again_when_all_connections_have_ended(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    int fds[80];
    char text[1024];
    daemon_world_configure(world, "journal: journal.db\nmetrics: 127.0.0.1:0\n" TIMES "apps:\n" KEY_APP);
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "\"event\":\"rotated\"");
    unsigned port = port_of(&daemon);
    assert_int_equal(kill(daemon.pid, SIGSTOP), 0);
    for (unsigned i = 0; i < 80; i++) {
        fds[i] = ask_from(2 + i, port, SLOW);
    }
    assert_int_equal(kill(daemon.pid, SIGCONT), 0);
    get(port, REQUEST("GET", "/healthz"), text, sizeof text);
    assert_non_null(strstr(text, "\r\n\r\nalive\n"));
    assert_int_equal(kill(daemon.pid, SIGSTOP), 0);
    for (size_t i = 0; i < 80; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
    assert_int_equal(kill(daemon.pid, SIGCONT), 0);
    get(port, REQUEST("GET", "/healthz"), text, sizeof text);
    assert_non_null(strstr(text, "\r\n\r\nalive\n"));
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
}

/* Clients that never end their request give way to a probe of their own address, and drive no other address
 * out. */
static void slow_clients_give_way(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    int slow[40];
    char text[1024];
    daemon_world_configure(world, "journal: journal.db\nmetrics: 127.0.0.1:0\n" TIMES "apps:\n" KEY_APP);
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "\"event\":\"rotated\"");
    unsigned port = port_of(&daemon);
    int other = ask_from(3, port, SLOW);
    for (size_t i = 0; i < 40; i++) {
        slow[i] = ask_from(2, port, SLOW);
    }
    get(port, REQUEST("GET", "/healthz"), text, sizeof text);
    assert_non_null(strstr(text, "\r\n\r\nalive\n"));
    int probe = ask_from(2, port, REQUEST("GET", "/healthz"));
    assert_true(read(probe, text, sizeof text) > 0);
    assert_int_equal(close(probe), 0);
    /* The first one is gone; the other address stays connected, and ends its request. */
    assert_int_equal(read(slow[0], text, sizeof text), 0);
    assert_int_equal(write(other, "host\r\n\r\n", 8), 8);
    assert_true(read(other, text, sizeof text) > 0);
    assert_int_equal(strncmp(text, "HTTP/1.1 200 ", 13), 0);
    assert_int_equal(close(other), 0);
    for (size_t i = 0; i < 40; i++) {
        assert_int_equal(close(slow[i]), 0);
    }
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
}

/* An app is due, and the file of leases is locked: probes and a reload come all the same, and the app when
 * the file is free. */
static void a_locked_file_holds_nothing_else_up(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    char text[1024];
    static const char *const apps[] = {"  - {id: " SERVICE
                                       ", rotate: signing_key, key_type: p256, sink: {file: a.pem}}\n",
                                       "  - {id: " WEB ", rotate: client_secret, sink: {file: b.secret}}\n"};
    daemon_world_configure(world, "journal: journal.db\nmetrics: 127.0.0.1:0\n" TIMES "apps:\n%s", apps[0]);
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "\"event\":\"rotated\"");
    unsigned port = port_of(&daemon);
    sqlite3 *db = lock_file(world, "journal.db.leases");
    daemon_world_configure(world, "journal: journal.db\nmetrics: 127.0.0.1:0\n" TIMES "apps:\n%s%s", apps[0],
                           apps[1]);
    int64_t since_ms = monotonic_ms();
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(kill(daemon.pid, SIGHUP), 0);
        daemon_await(&daemon, "\"event\":\"reloaded\"");
        get(port, REQUEST("GET", "/healthz"), text, sizeof text);
        assert_non_null(strstr(text, "\r\n\r\nalive\n"));
    }
    assert_true(monotonic_ms() - since_ms < 9000);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"rotated\""), 1);
    unlock_file(db);
    daemon_await(&daemon, "\"event\":\"rotated\",\"app\":\"" WEB "\"");
    end_soon(&daemon);
}

/* The journal keeps the org that it is of. */
static void a_journal_of_another_org_is_refused(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    configure(world, "");
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    mock_org_forget_requests(world->org);
    daemon_world_configure(world, "journal: journal.db\n" TIMES
                                  "okta: {org_url: 'http://127.0.0.1:9'}\napps:\n" KEY_APP);
    daemon_start(world, NULL, &daemon);
    assert_int_equal(daemon_finish(&daemon), 2);
    char expected[512];
    (void)snprintf(expected, sizeof expected,
                   "journal.db is of the org %s, and the configured org is http://127.0.0.1:9: name another",
                   mock_org_url(world->org));
    assert_int_equal(daemon_count(&daemon, expected), 1);
}

/* How the proof sends a secret is the app's. */
static void the_proof_sends_a_secret_as_the_app_does(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    size_t proofs = 0;
    assert_true(mock_org_add_app(world->org, "0oa9post", "client_secret_post"));
    daemon_world_configure(world, "journal: journal.db\n" TIMES "apps:\n"
                                  "  - {id: 0oa9post, rotate: client_secret, sink: {file: s},\n"
                                  "     client_auth_method: client_secret_post}\n");
    daemon_start(world, "--once", &daemon);
    assert_int_equal(daemon_finish(&daemon), 0);
    assert_int_equal(daemon_count(&daemon, "\"event\":\"rotated\""), 1);
    for (size_t i = 0; i < mock_org_request_count(world->org); i++) {
        const mock_request *request = mock_org_request_at(world->org, i);
        if (strcmp(request->target, "/oauth2/v1/token") == 0) {
            proofs++;
            assert_null(mock_request_header(request, "Authorization"));
            assert_non_null(strstr(request->body, "client_secret="));
        }
    }
    assert_int_equal(proofs, 1);
}

/* The seconds that an app is behind its time. */
static double late_s(const daemon_process *daemon)
{
    static const char name[] = "\nokta_rotationd_late_seconds ";
    char text[16384];
    const char *at = strstr(daemon->log, "127.0.0.1:");
    assert_non_null(at);
    get((unsigned)strtoul(at + strlen("127.0.0.1:"), NULL, 10), REQUEST("GET", "/metrics"), text,
        sizeof text);
    at = strstr(text, name);
    assert_non_null(at);
    return strtod(at + strlen(name), NULL);
}

/* An app whose switch fails stays behind its time, also for the next daemon; one that was rotated is not. */
static void tells_how_late_a_failing_app_is(void **state)
{
    const daemon_world *world = *state;
    daemon_process daemon;
    for (int i = 0; i < 2; i++) {
        daemon_world_configure(world, "journal: journal.db\nmetrics: 127.0.0.1:0\n" TIMES "apps:\n"
                                      "  - {id: " SERVICE ", rotate: signing_key, key_type: p256,\n"
                                      "     sink: {file: key.pem, switch: exit 9}}\n");
        daemon_start(world, NULL, &daemon);
        daemon_await(&daemon, "sink.switch: the command exits with 9");
        assert_true(late_s(&daemon) > 0);
        assert_int_equal(kill(daemon.pid, SIGTERM), 0);
        assert_int_equal(daemon_finish(&daemon), 0);
    }
    daemon_world_configure(
        world, "journal: another.db\nmetrics: 127.0.0.1:0\nevery: 10m\njitter: 1m\ngrace: 5m\napps:\n"
               "  - {id: " WEB ", rotate: client_secret, sink: {file: web.secret}}\n");
    daemon_start(world, NULL, &daemon);
    daemon_await(&daemon, "\"event\":\"rotated\"");
    assert_true(late_s(&daemon) == 0);
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
}

/* The service manager. */

static void receive(int fd, const char *part)
{
    char text[1024];
    do {
        ssize_t got = recv(fd, text, sizeof text - 1, 0);
        assert_true(got >= 0);
        text[got] = '\0';
    } while (strstr(text, part) == NULL);
}

static void tells_the_service_manager(void **state)
{
    daemon_world *world = *state;
    daemon_process daemon;
    char path[WORLD_PATH];
    char variable[WORLD_PATH + 32];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    daemon_world_path(world, "notify", path);
    assert_true(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    int manager = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(manager, (struct sockaddr *)&address, sizeof address), 0);
    (void)snprintf(variable, sizeof variable, "NOTIFY_SOCKET=%s", path);
    world->variables[0] = variable;
    configure(world, "");
    daemon_start(world, NULL, &daemon);
    receive(manager, "READY=1");
    receive(manager, "STATUS=1 apps");
    assert_int_equal(kill(daemon.pid, SIGHUP), 0);
    receive(manager, "RELOADING=1\nMONOTONIC_USEC=");
    receive(manager, "READY=1");
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    receive(manager, "STOPPING=1");
    assert_int_equal(daemon_finish(&daemon), 0);
    (void)close(manager);
}

static void the_watchdog_is_told(void **state)
{
    daemon_world *world = *state;
    daemon_process daemon;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length = sizeof address;
    char variable[WORLD_PATH];
    int manager = socket(AF_UNIX, SOCK_DGRAM, 0);
    /* A name that the kernel chooses, in the abstract namespace. */
    assert_int_equal(bind(manager, (struct sockaddr *)&address, sizeof(sa_family_t)), 0);
    assert_int_equal(getsockname(manager, (struct sockaddr *)&address, &length), 0);
    (void)snprintf(variable, sizeof variable, "NOTIFY_SOCKET=@%.*s",
                   (int)(length - offsetof(struct sockaddr_un, sun_path) - 1), address.sun_path + 1);
    world->variables[0] = variable;
    world->variables[1] = "WATCHDOG_USEC=100000";
    configure(world, "");
    daemon_start(world, NULL, &daemon);
    receive(manager, "READY=1");
    receive(manager, "WATCHDOG=1");
    receive(manager, "WATCHDOG=1");
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
    (void)close(manager);
}

/* Many apps. */

#define MANY 300u

/* Kilobytes that the process had at most. */
static long peak_kib(pid_t pid)
{
    char path[64];
    char line[256];
    long peak = -1;
    (void)snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            peak = strtol(line + 6, NULL, 10);
        }
    }
    assert_int_equal(fclose(file), 0);
    return peak;
}

static void three_hundred_apps_take_little_memory(void **state)
{
    const daemon_world *world = *state;
    static daemon_process daemon;
    static char apps[MANY * 128];
    size_t length = 0;
    for (size_t i = 0; i < MANY; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "0oax%016zu", i);
        assert_true(mock_org_add_app(world->org, id, "private_key_jwt"));
        length += (size_t)snprintf(
            apps + length, sizeof apps - length,
            "  - {id: %s, rotate: signing_key, key_type: p256, sink: {file: '%%a.pem'}}\n", id);
        assert_true(length < sizeof apps);
    }
    daemon_world_configure(world, "journal: journal.db\n" TIMES "apps:\n%s", apps);
    daemon_start(world, NULL, &daemon);
    for (size_t i = 0; i < MANY; i++) {
        daemon_await(&daemon, "\"event\":\"rotated\"");
    }
    long peak = peak_kib(daemon.pid);
    print_message("%u apps: %ld KiB\n", MANY, peak);
#ifndef SANITIZED
    assert_in_range(peak, 1, 20 * 1024);
#endif
    assert_int_equal(kill(daemon.pid, SIGTERM), 0);
    assert_int_equal(daemon_finish(&daemon), 0);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, daemon_world_begin, daemon_world_end)
    const struct CMUnitTest tests[] = {
        TEST(once_rotates_what_is_due_and_ends),
        TEST(a_young_credential_is_left_alone),
        TEST(a_failing_app_does_not_stop_others),
        TEST(the_log_stays_json_whatever_commands_print),
        TEST(a_configuration_that_is_wrong_begins_nothing),
        TEST(checks_what_the_configuration_names),
        TEST(begins_nothing_without_the_folder_of_the_journal),
        TEST(options_have_their_whole_names),
        TEST(a_reload_that_is_refused_changes_nothing),
        TEST(sigterm_ends_what_takes_long),
        TEST(sigterm_ends_a_command_that_left_its_group),
        TEST(another_daemon_goes_on),
        TEST(an_encryption_key_that_goes_is_kept),
        TEST(tells_prometheus),
        TEST(answers_again_when_all_connections_have_ended),
        TEST(slow_clients_give_way),
        TEST(sigterm_ends_although_a_file_is_locked),
        TEST(sigterm_ends_a_daemon_that_cannot_open_its_journal),
#ifdef WITH_POSTGRES
        TEST(sigterm_ends_a_daemon_whose_server_is_silent),
#endif
        TEST(a_locked_file_holds_nothing_else_up),
        TEST(a_journal_of_another_org_is_refused),
        TEST(the_proof_sends_a_secret_as_the_app_does),
        TEST(tells_how_late_a_failing_app_is),
        TEST(tells_the_service_manager),
        TEST(the_watchdog_is_told),
        TEST(three_hundred_apps_take_little_memory),
    };
    if (argc != 2) {
        return 2;
    }
    daemon_program = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
