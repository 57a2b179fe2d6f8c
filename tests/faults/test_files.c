/* SPDX-License-Identifier: Apache-2.0 */
/* What a call does where the process has no file descriptor left: at the socket, at the CA file, wherever it
 * needs one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/fault_tls.h"
#include "faults/fault_world.h"

#define MOST 12u

/* All descriptors below are open; so many more may be. */
static bool allow(unsigned more)
{
    struct rlimit limit;
    int lowest = dup(STDIN_FILENO);
    if (lowest < 0 || close(lowest) != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = (rlim_t)lowest + more;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static bool allow_all(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = limit.rlim_max < 1024 ? limit.rlim_max : 1024;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static void allow_all_in_a_wait(void *context)
{
    bool *allowed = context;
    *allowed = allow_all();
}

/* How many of the limits were too low for the first attempt, with each of which the second succeeds; -1: one
 * of them did not, or another call on the same client. */
static int heal_with_each_limit(fault_world *world, const okta_client_options *options)
{
    int healed = 0;
    for (unsigned more = 0; more <= MOST; more++) {
        bool allowed = false;
        fault_world_renew(world, options);
        world->clock.on_wait = allow_all_in_a_wait;
        world->clock.context = &allowed;
        if (!allow(more)) {
            return -1;
        }
        fault_outcome outcome = fault_request_once(world, "POST", "{}", 2);
        bool good = allow_all();
        fault_outcome after = fault_request_once(world, "GET", NULL, 1);
        if (!good || outcome.status != OKTA_OK || after.status != OKTA_OK ||
            outcome.attempts != (allowed ? 2 : 1)) {
            fprintf(stderr, "%u descriptors: %s after %u attempts: %s; then %s\n", more,
                    okta_status_name(outcome.status), outcome.attempts, outcome.message,
                    okta_status_name(after.status));
            return -1;
        }
        healed += allowed;
    }
    return healed;
}

/* In a child, whose limits are its own. The server stays outside. */
static void takes_a_lack_of_descriptors_for_passing(void **state)
{
    static const fault_tls_options plain = {.rsa = false};
    fault_world *world = *state;
    fault_tls tls;
    int status = 0;
    fault_tls_start(&tls, &plain);
    fault_plan plan = {.tls = tls.context};
    fault_world_begin(world, &plan);
    okta_client_options options = fault_options(world->server);
    options.ca_file = tls.ca_file;
    options.proxy = "";
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int healed = heal_with_each_limit(world, &options);
        /* Some were too low, and some were not: else nothing was tried. */
        _exit(healed > 1 && healed < (int)MOST ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    fault_world_stop(world);
    fault_tls_stop(&tls);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(takes_a_lack_of_descriptors_for_passing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
