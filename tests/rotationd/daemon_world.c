/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon_world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *daemon_program = NULL;

int daemon_world_begin(void **state)
{
    daemon_world *world = calloc(1, sizeof *world);
    if (world == NULL) {
        return -1;
    }
    *state = world;
    (void)snprintf(world->folder, sizeof world->folder, "/tmp/okta-rotationd-test-XXXXXX");
    const mock_org_options options = {.rate_limit = 1000000};
    world->org = mock_org_start(&options);
    return mkdtemp(world->folder) != NULL && world->org != NULL ? 0 : -1;
}

int daemon_world_end(void **state)
{
    daemon_world *world = *state;
    mock_org_stop(world->org);
    DIR *entries = opendir(world->folder);
    const struct dirent *entry = NULL;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    (void)rmdir(world->folder);
    free(world);
    return 0;
}

void daemon_world_path(const daemon_world *world, const char *name, char out[WORLD_PATH])
{
    (void)snprintf(out, WORLD_PATH, "%s/%s", world->folder, name);
}

void daemon_world_configure(const daemon_world *world, const char *format, ...)
{
    char path[WORLD_PATH];
    daemon_world_path(world, "daemon.yaml", path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    va_list args;
    va_start(args, format);
    assert_true(vfprintf(file, format, args) > 0);
    va_end(args);
    assert_int_equal(fclose(file), 0);
}

/* Only async-signal-safe functions: the mock's threads run in this process. */
static void run_child(const daemon_world *world, char *const *words, char *const *environment, int log_fd)
{
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (chdir(world->folder) == 0 && dup2(log_fd, STDERR_FILENO) >= 0 && dup2(log_fd, STDOUT_FILENO) >= 0) {
        (void)execve(words[0], words, environment);
    }
    _exit(127);
}

static char *writable(const char *text)
{
    char *out = NULL;
    memcpy(&out, &text, sizeof out);
    return out;
}

void daemon_start(const daemon_world *world, const char *word, daemon_process *out)
{
    char url[WORLD_PATH];
    char home[WORLD_PATH];
    int ends[2];
    (void)snprintf(url, sizeof url, "OKTA_CLIENT_ORGURL=%s", mock_org_url(world->org));
    (void)snprintf(home, sizeof home, "HOME=%s", world->folder);
    char *words[] = {writable(daemon_program), writable("--config"), writable("daemon.yaml"), writable(word),
                     NULL};
    char *environment[] = {url,
                           home,
                           writable("OKTA_CLIENT_TOKEN=mock-token"),
                           writable("PATH=/usr/bin:/bin"),
                           writable("ASAN_OPTIONS=detect_leaks=1:abort_on_error=1"),
                           writable(world->variables[0]),
                           writable(world->variables[1]),
                           NULL};
    assert_int_equal(pipe(ends), 0);
    assert_int_not_equal(fcntl(ends[0], F_SETFD, FD_CLOEXEC), -1);
    assert_int_not_equal(fcntl(ends[1], F_SETFD, FD_CLOEXEC), -1);
    out->length = 0;
    out->seen = 0;
    out->log[0] = '\0';
    out->log_fd = ends[0];
    out->pid = fork();
    if (out->pid == 0) {
        run_child(world, words, environment, ends[1]);
    }
    assert_true(out->pid > 0);
    (void)close(ends[1]);
}

/* False: the log is at its end. */
static bool read_more(daemon_process *process)
{
    assert_true(process->length + 1 < WORLD_TEXT);
    ssize_t got = read(process->log_fd, process->log + process->length, WORLD_TEXT - 1 - process->length);
    assert_true(got >= 0 || errno == EINTR);
    process->length += got > 0 ? (size_t)got : 0;
    process->log[process->length] = '\0';
    return got != 0;
}

void daemon_await(daemon_process *process, const char *text)
{
    for (;;) {
        const char *found = strstr(process->log + process->seen, text);
        const char *end = found == NULL ? NULL : strchr(found, '\n');
        if (end != NULL) {
            process->seen = (size_t)(end + 1 - process->log);
            return;
        }
        if (!read_more(process)) {
            print_error("the log ends without %s:\n%s", text, process->log);
            fail();
        }
    }
}

int daemon_finish(daemon_process *process)
{
    int status = 0;
    while (read_more(process)) {
    }
    (void)close(process->log_fd);
    assert_int_equal(waitpid(process->pid, &status, 0), process->pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

size_t daemon_count(const daemon_process *process, const char *text)
{
    size_t count = 0;
    for (const char *at = process->log; (at = strstr(at, text)) != NULL; at += strlen(text)) {
        count++;
    }
    return count;
}
