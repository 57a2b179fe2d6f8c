/* SPDX-License-Identifier: Apache-2.0 */
#include "key_store.h"

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

#include "files.h"
#include "report.h"

#define PART      ".part"
#define COMMAND_S 60
#define LOOK_NS   20000000L

/* Files. */

static okta_error *system_error(const char *path)
{
    return report_new_error(OKTA_E_CONFIG, "%s: %s", path, strerror(errno));
}

/* The folder knows its files durably. */
static bool sync_folder(const char *path)
{
    char *folder = strdup(path);
    char *slash = folder == NULL ? NULL : strrchr(folder, '/');
    if (slash != NULL) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    int file = folder == NULL ? -1 : open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = file >= 0 && (fsync(file) == 0 || errno == EINVAL); /* not every file system can */
    if (file >= 0) {
        close(file);
    }
    free(folder);
    return good;
}

static okta_error *write_text(const char *part, const char *text)
{
    size_t length = strlen(text);
    int file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = file >= 0 && write(file, text, length) == (ssize_t)length && write(file, "\n", 1) == 1 &&
                fsync(file) == 0;
    okta_error *error = good ? NULL : system_error(part);
    if (file >= 0) {
        close(file);
    }
    return error;
}

/* The whole file or none, and never over another one. */
static okta_error *write_whole(key_store *store, const char *part, const okta_rotation_subject *subject)
{
    okta_error *error = subject->secret != NULL ? write_text(part, subject->secret)
                                                : okta_key_write_private_pem(subject->key, part);
    if (error == NULL && link(part, store->path) != 0) {
        error = system_error(store->path);
    }
    unlink(part);
    store->has_written = error == NULL;
    if (error == NULL && !sync_folder(store->path)) {
        error = system_error(store->path);
    }
    return error;
}

/* What is in the file, which may be that of an earlier run. False: there is none. */
static bool read_found(const key_store *store, file_text *out)
{
    return store->path != NULL && access(store->path, F_OK) == 0 &&
           file_read(store->path, FILES_SMALL_MAX, out) == EXIT_DONE;
}

static bool is_same(const file_text *file, const okta_rotation_subject *subject)
{
    if (subject->secret != NULL) {
        size_t length = strlen(subject->secret);
        return file->length >= length && memcmp(file->text, subject->secret, length) == 0 &&
               (file->length == length || file->text[length] == '\n');
    }
    okta_key *key = NULL;
    char theirs[OKTA_THUMBPRINT_SIZE] = "";
    char ours[OKTA_THUMBPRINT_SIZE] = "";
    okta_error *error = okta_key_from_pem(file->text, file->length, NULL, NULL, &key);
    if (error == NULL) {
        error = okta_key_thumbprint(key, theirs);
    }
    if (error == NULL) {
        error = okta_key_thumbprint(subject->key, ours);
    }
    bool same = error == NULL && strcmp(ours, theirs) == 0;
    okta_free(error);
    okta_free(key);
    return same;
}

/* Where the file is until it is whole; the caller frees it. NULL: out of memory. */
static char *part_path(const key_store *store)
{
    size_t size = strlen(store->path) + sizeof PART;
    char *part = malloc(size);
    if (part != NULL) {
        (void)snprintf(part, size, "%s%s", store->path, PART);
    }
    return part;
}

static okta_error *put_into_file(key_store *store, const okta_rotation_subject *subject)
{
    file_text found = {0};
    char *part = part_path(store);
    if (part == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    unlink(part); /* of a process that was interrupted */
    okta_error *error = NULL;
    if (!read_found(store, &found)) {
        error = write_whole(store, part, subject);
    } else if (!is_same(&found, subject)) {
        error = report_new_error(OKTA_E_CONFIG, "%s exists, and is never replaced: name another --out",
                                 store->path);
    }
    file_clear(&found);
    free(part);
    return error;
}

void key_store_recall(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    const key_store *store = ctx;
    file_text found = {0};
    okta_key *key = NULL;
    (void)subject;
    if (read_found(store, &found)) {
        /* What is no key is not the one that is asked for. */
        okta_free(okta_key_from_pem(found.text, found.length, NULL, NULL, &key));
    }
    file_clear(&found);
    okta_rotation_answer_key(ask, key, NULL);
    okta_free(key);
}

/* Whether the file has the key that is taken back. */
static bool has_its_key(const key_store *store)
{
    file_text found = {0};
    okta_key *key = NULL;
    char thumbprint[OKTA_THUMBPRINT_SIZE] = "";
    if (store->kid[0] != '\0' && read_found(store, &found)) {
        okta_free(okta_key_from_pem(found.text, found.length, NULL, NULL, &key));
        okta_free(okta_key_thumbprint(key, thumbprint));
    }
    file_clear(&found);
    okta_free(key);
    return thumbprint[0] != '\0' && strcmp(thumbprint, store->kid) == 0;
}

void key_store_undo(key_store *store)
{
    if (store->path == NULL) {
        return;
    }
    char *part = part_path(store);
    if (part != NULL) {
        unlink(part);
    }
    free(part);
    if (store->has_written || has_its_key(store)) {
        unlink(store->path);
    }
    store->has_written = false;
}

/* Commands. */

/* A command that gets a key, in a thread of its own. */
typedef struct errand {
    const char *option; /* that has the command */
    const char *command;
    okta_rotation_ask *ask;
    file_text input;
    char *variables[3];
} errand;

/* The commands that run, by their process groups, so that a signal can end them. */
#define RUNNING_MOST 75u
static pthread_mutex_t running_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t running_less = PTHREAD_COND_INITIALIZER;
static pid_t running[RUNNING_MOST];
static size_t running_count;
static bool running_ends; /* no further one begins */

/* False: none may begin any more. */
static bool note_running(pid_t child)
{
    pthread_mutex_lock(&running_lock);
    bool may = !running_ends && running_count < RUNNING_MOST;
    if (may) {
        running[running_count++] = child;
    } else {
        kill(-child, SIGKILL);
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

void key_store_end_commands(void)
{
    pthread_mutex_lock(&running_lock);
    running_ends = true;
    for (size_t i = 0; i < running_count; i++) {
        kill(-running[i], SIGKILL);
    }
    while (running_count > 0) {
        pthread_cond_wait(&running_less, &running_lock);
    }
    pthread_mutex_unlock(&running_lock);
}

static void free_errand(errand *self)
{
    file_clear(&self->input);
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

/* Its standard input is the pipe, its output goes where messages go, and signals are as at the beginning. */
static int spawn(errand *self, int input, pid_t *out)
{
    char *arguments[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)self->command,
                         NULL};
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
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
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

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait for the command, and end it with all that it began when its time is over. */
static okta_error *await(const errand *self, pid_t child)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    int64_t until_ms = now_ms() + (int64_t)COMMAND_S * 1000;
    int status = 0;
    bool late = false;
    pid_t ended = 0;
    while (ended == 0 || (ended < 0 && errno == EINTR)) {
        ended = waitpid(child, &status, late ? 0 : WNOHANG);
        late = late || (ended == 0 && now_ms() >= until_ms);
        if (ended == 0 && late) {
            kill(-child, SIGKILL);
        } else if (ended == 0) {
            nanosleep(&pause, NULL);
        }
    }
    note_ended(child);
    if (ended != child) {
        return report_new_error(OKTA_E_CONFIG, "--%s: nobody knows how the command ended: %s", self->option,
                                strerror(errno));
    }
    if (late) {
        return report_new_error(OKTA_E_TIMEOUT, "--%s: the command did not end within %d s", self->option,
                                COMMAND_S);
    }
    if (WIFSIGNALED(status)) {
        return report_new_error(OKTA_E_CONFIG, "--%s: the command was ended by signal %d", self->option,
                                WTERMSIG(status));
    }
    return WEXITSTATUS(status) == 0 ? NULL
                                    : report_new_error(OKTA_E_CONFIG, "--%s: the command exits with %d",
                                                       self->option, WEXITSTATUS(status));
}

/* A key is shorter than what a pipe holds: writing it does not wait. */
static okta_error *run_command(errand *self)
{
    int ends[2];
    pid_t child = 0;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return report_new_error(OKTA_E_CONFIG, "--%s: %s", self->option, strerror(errno));
    }
    size_t length = self->input.length;
    bool written = length == 0 || write(ends[1], self->input.text, length) == (ssize_t)length;
    close(ends[1]);
    int code = written ? spawn(self, ends[0], &child) : errno;
    close(ends[0]);
    if (code == 0 && !note_running(child)) {
        (void)waitpid(child, NULL, 0);
        return okta_error_new(OKTA_E_CANCELED, "a signal came");
    }
    return code == 0 ? await(self, child)
                     : report_new_error(OKTA_E_CONFIG, "--%s: %s", self->option, strerror(code));
}

static void *run_errand(void *context)
{
    errand *self = context;
    okta_rotation_ask *ask = self->ask;
    okta_error *error = run_command(self);
    free_errand(self);
    okta_rotation_answer(ask, error);
    return NULL;
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
static okta_error *copy_input(const okta_rotation_subject *subject, file_text *out)
{
    char *pem = NULL;
    okta_error *error = subject->secret == NULL ? okta_key_to_private_pem(subject->key, &pem) : NULL;
    const char *text = pem == NULL ? subject->secret : pem;
    if (error == NULL) {
        out->length = strlen(text);
        out->capacity = out->length + 1;
        out->text = malloc(out->capacity);
        error = out->text == NULL ? okta_error_new(OKTA_E_NOMEM, NULL) : NULL;
    }
    if (error == NULL) {
        memcpy(out->text, text, out->capacity);
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

static okta_error *begin_errand(key_store *store, const char *option, const char *command,
                                const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    errand *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    self->option = option;
    self->command = command;
    self->ask = ask;
    bool stores = strcmp(option, "store") == 0;
    okta_error *error = stores ? copy_input(subject, &self->input) : NULL;
    self->variables[0] = variable("OKTA_APP_ID", subject->app_id);
    if (subject->kid != NULL) {
        self->variables[1] = variable("OKTA_KID", subject->kid);
    }
    if (subject->id != NULL && subject->kind == OKTA_ROTATION_CLIENT_SECRET) {
        self->variables[2] = variable("OKTA_SECRET_ID", subject->id);
    }
    bool complete = self->variables[0] != NULL && (subject->kid == NULL || self->variables[1] != NULL);
    if (error == NULL && (!complete || !run_beside(self))) {
        error = okta_error_new(OKTA_E_NOMEM, NULL);
    }
    if (error != NULL) {
        free_errand(self);
        self = NULL;
    }
    store->errand = self;
    return error;
}

void key_store_put(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    key_store *store = ctx;
    okta_error *error = store->path != NULL ? put_into_file(store, subject)
                                            : begin_errand(store, "store", store->command, subject, ask);
    if (error != NULL || store->path != NULL) {
        okta_rotation_answer(ask, error);
    }
}

void key_store_switch(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    key_store *store = ctx;
    okta_error *error = begin_errand(store, "switch", store->switches, subject, ask);
    if (error != NULL) {
        okta_rotation_answer(ask, error);
    }
}
