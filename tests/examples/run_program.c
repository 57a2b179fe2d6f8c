/* SPDX-License-Identifier: Apache-2.0 */
#include "run_program.h"

#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool is_for_sanitizers(const char *variable)
{
    static const char *const names[] = {"ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS=", "LSAN_OPTIONS="};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(variable, names[i], strlen(names[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* posix_spawn() takes arrays of char * that it does not write to. */
static char *unconst(const char *text)
{
    union {
        const char *in;
        char *out;
    } pointer = {text};
    return pointer.out;
}

static void fill_environment(const char *const *given, char **out)
{
    size_t count = 0;
    for (; count < RUN_ENVIRONMENT_MAX && given[count] != NULL; count++) {
        out[count] = unconst(given[count]);
    }
    for (char **variable = environ; *variable != NULL && count < RUN_ENVIRONMENT_MAX; variable++) {
        if (is_for_sanitizers(*variable)) {
            out[count++] = *variable;
        }
    }
    out[count] = NULL;
}

static pid_t start(char *const *arguments, char *const *environment, FILE *out, FILE *err)
{
    pid_t pid = -1;
    posix_spawn_file_actions_t actions;
    if (arguments[0] == NULL || posix_spawn_file_actions_init(&actions) != 0) {
        return -1;
    }
    if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, fileno(err), STDERR_FILENO) != 0 ||
        posix_spawn(&pid, arguments[0], &actions, NULL, arguments, environment) != 0) {
        pid = -1;
    }
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static void read_back(FILE *file, char *text)
{
    rewind(file);
    size_t length = fread(text, 1, RUN_TEXT_MAX - 1, file);
    text[length] = '\0';
}

void run_program(const char *const *arguments, const char *const *environment, run_result *result)
{
    char *argv[RUN_ARGUMENTS_MAX + 1] = {NULL};
    char *envp[RUN_ENVIRONMENT_MAX + 1] = {NULL};
    for (size_t i = 0; i < RUN_ARGUMENTS_MAX && arguments[i] != NULL; i++) {
        argv[i] = unconst(arguments[i]);
    }
    fill_environment(environment, envp);
    *result = (run_result){.exit_code = -1};

    FILE *out = tmpfile();
    FILE *err = tmpfile();
    int status = 0;
    pid_t pid = out != NULL && err != NULL ? start(argv, envp, out, err) : -1;
    if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status)) {
        result->exit_code = WEXITSTATUS(status);
        read_back(out, result->out);
        read_back(err, result->err);
    }
    if (out != NULL) {
        fclose(out);
    }
    if (err != NULL) {
        fclose(err);
    }
}
