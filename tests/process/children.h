/* SPDX-License-Identifier: Apache-2.0 */
/* A part of a test in a child process, where it can do to the process what it likes. */
#ifndef OKTA_TESTS_PROCESS_CHILDREN_H
#define OKTA_TESTS_PROCESS_CHILDREN_H

#include <stdbool.h>

/* Runs in the child. Returns NULL, or what went wrong. */
typedef const char *child_fn(void *context);

/* Fork and run it; fails the test when it says so, dies, or does not end within a minute. */
void run_in_child(const char *label, child_fn *function, void *context);

/* Whether a sanitizer is in the program: it has an allocator and larger frames of its own. */
bool is_sanitized(void);

/* For the body of a child_fn. */
#define CHILD_EXPECT(condition)                                                                              \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            return #condition;                                                                               \
        }                                                                                                    \
    } while (0)

#endif
