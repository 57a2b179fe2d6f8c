/* SPDX-License-Identifier: Apache-2.0 */
#include "process/children.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define LIMIT_S 60u

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

bool is_sanitized(void)
{
    return SANITIZED;
}

static void be_the_child(int out, child_fn *function, void *context)
{
    (void)signal(SIGALRM, SIG_DFL);
    alarm(LIMIT_S);
    const char *wrong = function(context);
    ssize_t length = wrong == NULL ? 0 : (ssize_t)strlen(wrong);
    _exit(length == 0 || write(out, wrong, (size_t)length) == length ? 0 : 1);
}

void run_in_child(const char *label, child_fn *function, void *context)
{
    int from[2];
    int status = 0;
    char wrong[512];
    size_t length = 0;
    ssize_t got;
    assert_int_equal(pipe(from), 0);
    (void)fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(from[0]);
        be_the_child(from[1], function, context);
    }
    close(from[1]);
    while (length < sizeof wrong - 1 &&
           (got = read(from[0], wrong + length, sizeof wrong - 1 - length)) > 0) {
        length += (size_t)got;
    }
    wrong[length] = '\0';
    close(from[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (length > 0) {
        fail_msg("%s: %s", label, wrong);
    }
    if (WIFSIGNALED(status)) {
        fail_msg("%s: %s", label, strsignal(WTERMSIG(status)));
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}
