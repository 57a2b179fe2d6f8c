/* SPDX-License-Identifier: Apache-2.0 */
/* Run a program to its end and keep what it printed. */
#ifndef OKTA_TESTS_RUN_PROGRAM_H
#define OKTA_TESTS_RUN_PROGRAM_H

#include <stddef.h>

#define RUN_ARGUMENTS_MAX   8
#define RUN_ENVIRONMENT_MAX 12
#define RUN_TEXT_MAX        65536

typedef struct run_result {
    int exit_code; /* -1: it did not start, or a signal ended it */
    char out[RUN_TEXT_MAX];
    char err[RUN_TEXT_MAX];
} run_result;

/* `arguments` ends in NULL and begins with the program's path. The program's environment is `environment`,
 * which ends in NULL, and nothing else but the options of the sanitizers. */
void run_program(const char *const *arguments, const char *const *environment, run_result *result);

#endif
