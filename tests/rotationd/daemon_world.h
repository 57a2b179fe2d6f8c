/* SPDX-License-Identifier: Apache-2.0 */
/* A mock org, an empty folder, and okta-rotationd as a process between them. */
#ifndef OKTA_TESTS_ROTATIOND_DAEMON_WORLD_H
#define OKTA_TESTS_ROTATIOND_DAEMON_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "mock_org.h"

#define WORLD_PATH 256u
#define WORLD_TEXT ((size_t)1 << 20)

typedef struct daemon_world {
    mock_org *org;
    char folder[64];
    const char *variables[2]; /* more "NAME=value" of the daemon's environment; NULL: none */
} daemon_world;

/* A daemon that runs. Its log is read from a pipe. */
typedef struct daemon_process {
    pid_t pid;
    int log_fd;
    char log[WORLD_TEXT]; /* all lines that were read */
    size_t length;
    size_t seen; /* up to here lines were waited for */
} daemon_process;

/* The path of okta-rotationd. */
extern const char *daemon_program;

/* cmocka's setup and teardown. */
int daemon_world_begin(void **state);
int daemon_world_end(void **state);

/* `out` gets the path of a file of the folder. */
void daemon_world_path(const daemon_world *world, const char *name, char out[WORLD_PATH]);
/* Write daemon.yaml. */
void daemon_world_configure(const daemon_world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Start it with --config daemon.yaml and, unless it is NULL, one more word. */
void daemon_start(const daemon_world *world, const char *word, daemon_process *out);
/* Wait for the next line that has a text; the test fails when the log ends before. */
void daemon_await(daemon_process *process, const char *text);
/* Read the log to its end, wait for the end of the process, and return its exit code; -1: a signal. */
int daemon_finish(daemon_process *process);
/* How often a text is in the log. */
size_t daemon_count(const daemon_process *process, const char *text);

#endif
