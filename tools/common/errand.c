/* SPDX-License-Identifier: Apache-2.0 */
#include "common/errand.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/errand_output.h"
#include "common/new_error.h"
#include "common/now.h"

#define COMMAND_S 60
#define LOOK_NS   20000000L
/* So long a command that was killed is waited for. One of another user, such as by sudo, goes on. */
#define KILLED_MS 5000
#define END_NS    500000000L

/* A command that gets a key, in a thread of its own. */
typedef struct errand {
    struct errand *next; /* of all that are not over */
    char *name;          /* that messages call it by */
    char *command;
    okta_rotation_ask *ask;
    char *input; /* what it reads; NULL: nothing */
    size_t input_length;
    char *variables[3];
    char *app_id;
    okta_rotation_kind kind;
    void (*tell)(const errand_words *words); /* nullable */
    errand_output output;                    /* that it is told of */
} errand;

/* The commands that run, by their process groups, so that a signal can end them. */
#define RUNNING_MOST 75u
static pthread_mutex_t running_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t running_less = PTHREAD_COND_INITIALIZER;
static pid_t running[RUNNING_MOST];
static size_t running_count;
static bool running_ends; /* no further one begins */

/* It may have left its group. */
static void kill_command(pid_t child)
{
    (void)kill(-child, SIGKILL);
    (void)kill(child, SIGKILL);
}

/* False: none may begin any more. */
static bool note_running(pid_t child)
{
    pthread_mutex_lock(&running_lock);
    bool may = !running_ends && running_count < RUNNING_MOST;
    if (may) {
        running[running_count++] = child;
    } else {
        kill_command(child);
    }
    pthread_mutex_unlock(&running_lock);
    return may;
}

static void note_ended(pid_t child)
{
    pthread_mutex_lock(&running_lock);
    for (size_t i = 0; i < running_count; i++) {
        if (running[i] == child) {
            running[i] = running[--running_count];
        }
    }
    pthread_cond_signal(&running_less);
    pthread_mutex_unlock(&running_lock);
}

void errand_end_all(void)
{
    struct timespec until;
    int code = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += END_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&running_lock);
    running_ends = true;
    for (size_t i = 0; i < running_count; i++) {
        kill_command(running[i]);
    }
    while (running_count > 0 && code == 0) {
        code = pthread_cond_timedwait(&running_less, &running_lock, &until);
    }
    pthread_mutex_unlock(&running_lock);
}

/* All that are not over, by the same lock. */
static errand *errands;

static void note_errand(errand *self)
{
    pthread_mutex_lock(&running_lock);
    self->next = errands;
    errands = self;
    pthread_mutex_unlock(&running_lock);
}

static void forget_errand(const errand *self)
{
    pthread_mutex_lock(&running_lock);
    errand **at = &errands;
    while (*at != self) {
        at = &(*at)->next;
    }
    *at = self->next;
    pthread_mutex_unlock(&running_lock);
}

static void free_errand(errand *self)
{
    if (self->input != NULL) {
        explicit_bzero(self->input, self->input_length);
    }
    free(self->input);
    errand_output_close(&self->output);
    free(self->name);
    free(self->command);
    free(self->app_id);
    for (size_t i = 0; i < sizeof self->variables / sizeof self->variables[0]; i++) {
        free(self->variables[i]);
    }
    free(self);
}

/* The environment with further variables in front, which count. NULL: out of memory. */
static char **make_environment(errand *self)
{
    size_t count = 0;
    while (environ[count] != NULL) {
        count++;
    }
    char **all = calloc(count + 4, sizeof *all);
    size_t at = 0;
    for (size_t i = 0; all != NULL && i < 3; i++) {
        if (self->variables[i] != NULL) {
            all[at++] = self->variables[i];
        }
    }
    for (size_t i = 0; all != NULL && i < count; i++) {
        bool is_ours = strncmp(environ[i], "OKTA_APP_ID=", 12) == 0 ||
                       strncmp(environ[i], "OKTA_KID=", 9) == 0 ||
                       strncmp(environ[i], "OKTA_SECRET_ID=", 15) == 0;
        if (!is_ours) {
            all[at++] = environ[i];
        }
    }
    return all;
}

/* Its standard input and standard error are those; -1: its output goes where messages go. Signals are as at
 * the beginning. */
static int spawn(errand *self, int input, int says, pid_t *out)
{
    char *arguments[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", self->command, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t usual;
    char **environment = make_environment(self);
    if (environment == NULL) {
        return ENOMEM;
    }
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (says < 0) {
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    } else {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, says, STDERR_FILENO);
    }
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setsigmask(&attributes, &none);
    int code = posix_spawn(out, "/bin/sh", &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(environment);
    return code;
}

static void tell_line(void *ctx, const char *line)
{
    const errand *self = ctx;
    self->tell(&(errand_words){self->name, self->app_id, self->kind, line});
}

static void hear(errand *self, bool is_last)
{
    if (self->tell != NULL) {
        errand_output_read(&self->output, is_last, tell_line, self);
    }
}

/* What became of a command. */
typedef struct ending {
    int status;
    int reason; /* of the system, why nobody knows; 0: none */
    bool is_late;
    bool is_left; /* it could not be ended either */
} ending;

/* Wait for the command, and end it with all that it began when its time is over. */
static ending await(errand *self, pid_t child)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    int64_t until_ms = now_steady_ms() + (int64_t)COMMAND_S * 1000;
    ending its = {.status = 0};
    pid_t ended = 0;
    while (!its.is_left && (ended == 0 || (ended < 0 && errno == EINTR))) {
        ended = waitpid(child, &its.status, WNOHANG);
        if (ended == 0 && now_steady_ms() >= until_ms) {
            its.is_left = its.is_late;
            its.is_late = true;
            kill_command(child);
            until_ms = now_steady_ms() + KILLED_MS;
        } else if (ended == 0) {
            hear(self, false);
            nanosleep(&pause, NULL);
        }
    }
    its.reason = ended < 0 ? errno : 0;
    hear(self, true);
    note_ended(child);
    return its;
}

static okta_error *judge(const errand *self, const ending *its)
{
    if (its->reason != 0) {
        return report_new_error(OKTA_E_CONFIG, "%s: nobody knows how the command ended: %s", self->name,
                                strerror(its->reason));
    }
    if (its->is_late) {
        return report_new_error(OKTA_E_TIMEOUT, "%s: the command did not end within %d s%s", self->name,
                                COMMAND_S, its->is_left ? ", and cannot be ended" : "");
    }
    if (WIFSIGNALED(its->status)) {
        return report_new_error(OKTA_E_CONFIG, "%s: the command was ended by signal %d", self->name,
                                WTERMSIG(its->status));
    }
    return WEXITSTATUS(its->status) == 0 ? NULL
                                         : report_new_error(OKTA_E_CONFIG, "%s: the command exits with %d",
                                                            self->name, WEXITSTATUS(its->status));
}

/* A key is shorter than what a pipe holds: writing it does not wait. */
static okta_error *run_command(errand *self, pid_t *left)
{
    int ends[2];
    int says = -1;
    pid_t child = 0;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return report_new_error(OKTA_E_CONFIG, "%s: %s", self->name, strerror(errno));
    }
    size_t length = self->input_length;
    bool good = length == 0 || write(ends[1], self->input, length) == (ssize_t)length;
    good = good && (self->tell == NULL || errand_output_open(&self->output, &says));
    int code = good ? spawn(self, ends[0], says, &child) : errno;
    close(ends[1]);
    close(ends[0]);
    if (says >= 0) {
        close(says);
    }
    if (code == 0 && !note_running(child)) {
        (void)waitpid(child, NULL, 0);
        return okta_error_new(OKTA_E_CANCELED, "a signal came");
    }
    if (code != 0) {
        return report_new_error(OKTA_E_CONFIG, "%s: %s", self->name, strerror(code));
    }
    const ending its = await(self, child);
    *left = its.is_left ? child : 0;
    return judge(self, &its);
}

static void *run_errand(void *context)
{
    errand *self = context;
    okta_rotation_ask *ask = self->ask;
    pid_t left = 0;
    okta_error *error = run_command(self, &left);
    forget_errand(self);
    free_errand(self);
    okta_rotation_answer(ask, error);
    if (left != 0) {
        (void)waitpid(left, NULL, 0);
    }
    return NULL;
}

/* What a command makes may hold a key: nobody else reads it, unless the command says so. */
static char *private_command(const char *command)
{
    static const char first[] = "umask 077; ";
    size_t size = strlen(command) + sizeof first;
    char *text = malloc(size);
    if (text != NULL) {
        (void)snprintf(text, size, "%s%s", first, command);
    }
    return text;
}

static char *variable(const char *name, const char *value)
{
    size_t size = strlen(name) + strlen(value) + 2;
    char *text = malloc(size);
    if (text != NULL) {
        (void)snprintf(text, size, "%s=%s", name, value);
    }
    return text;
}

/* What the command reads. */
static okta_error *copy_input(errand *self, const okta_rotation_subject *subject)
{
    char *pem = NULL;
    okta_error *error = subject->secret == NULL ? okta_key_to_private_pem(subject->key, &pem) : NULL;
    if (error == NULL) {
        const char *text = pem == NULL ? subject->secret : pem;
        self->input = strdup(text);
        self->input_length = self->input == NULL ? 0 : strlen(text);
        error = self->input == NULL ? okta_error_new(OKTA_E_NOMEM, NULL) : NULL;
    }
    okta_free(pem);
    return error;
}

/* In a thread that nobody waits for. */
static bool run_beside(errand *self)
{
    pthread_t thread;
    pthread_attr_t detached;
    bool good = pthread_attr_init(&detached) == 0;
    if (good) {
        (void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
        good = pthread_create(&thread, &detached, run_errand, self) == 0;
        (void)pthread_attr_destroy(&detached);
    }
    return good;
}

/* False: out of memory. */
static bool fill_names(errand *self, const errand_order *order, const okta_rotation_subject *subject)
{
    bool is_secret = subject->id != NULL && subject->kind == OKTA_ROTATION_CLIENT_SECRET;
    self->name = strdup(order->name);
    self->command = private_command(order->command);
    self->app_id = strdup(subject->app_id);
    self->variables[0] = variable("OKTA_APP_ID", subject->app_id);
    self->variables[1] = subject->kid == NULL ? NULL : variable("OKTA_KID", subject->kid);
    self->variables[2] = is_secret ? variable("OKTA_SECRET_ID", subject->id) : NULL;
    return self->name != NULL && self->command != NULL && self->app_id != NULL &&
           self->variables[0] != NULL && (subject->kid == NULL || self->variables[1] != NULL) &&
           (!is_secret || self->variables[2] != NULL);
}

static okta_error *begin(const errand_order *order, const okta_rotation_subject *subject,
                         okta_rotation_ask *ask)
{
    errand *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    self->ask = ask;
    self->kind = subject->kind;
    self->tell = order->tell;
    self->output.fd = -1;
    note_errand(self);
    okta_error *error = fill_names(self, order, subject) ? NULL : okta_error_new(OKTA_E_NOMEM, NULL);
    if (error == NULL && order->reads == ERRAND_READS_NEW) {
        error = copy_input(self, subject);
    }
    if (error == NULL && !run_beside(self)) {
        error = okta_error_new(OKTA_E_NOMEM, NULL);
    }
    if (error != NULL) {
        forget_errand(self);
        free_errand(self);
    }
    return error;
}

void errand_run(const errand_order *order, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    okta_error *error = begin(order, subject, ask);
    if (error != NULL) {
        okta_rotation_answer(ask, error);
    }
}
