/* SPDX-License-Identifier: Apache-2.0 */
/* Signals that the program gets while calls run, and the one that the library must not cause. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "process/small_org.h"

#define CONNECTIONS  200u
#define CALLS        9600u
#define UPLOADS      40u
#define UPLOAD_BYTES ((size_t)4 * 1024 * 1024)

static volatile sig_atomic_t alarms;
static volatile sig_atomic_t broken_pipes;
static volatile sig_atomic_t foreign_handlers;

static void on_broken_pipe(int number)
{
    (void)number;
    broken_pipes++;
}

/* In the middle of whatever runs: whether somebody changed what SIGPIPE does meanwhile. */
static void on_alarm(int number)
{
    struct sigaction pipe_action;
    int saved = errno;
    (void)number;
    alarms++;
    foreign_handlers +=
        sigaction(SIGPIPE, NULL, &pipe_action) != 0 || pipe_action.sa_handler != on_broken_pipe;
    errno = saved;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler}; /* no SA_RESTART: calls of the system are cut short */
    assert_int_equal(sigaction(number, &action, NULL), 0);
}

/* What the process does with each signal, and which ones the thread blocks. */
typedef struct signal_state {
    struct sigaction actions[NSIG];
    sigset_t blocked;
} signal_state;

static void look(signal_state *state)
{
    for (int i = 1; i < NSIG; i++) {
        sigaction(i, NULL, &state->actions[i]);
    }
    pthread_sigmask(SIG_BLOCK, NULL, &state->blocked);
}

static void expect_the_same(const signal_state *before)
{
    static signal_state after;
    look(&after);
    for (int i = 1; i < NSIG; i++) {
        assert_ptr_equal(before->actions[i].sa_handler, after.actions[i].sa_handler);
        assert_int_equal(before->actions[i].sa_flags, after.actions[i].sa_flags);
        assert_int_equal(sigismember(&before->blocked, i), sigismember(&after.blocked, i));
    }
}

/* The alarms are for the thread that makes the calls, not for the server's. */
static void start_without_alarms(small_org *org, small_org_kind kind, const fault_step *script)
{
    sigset_t alarm_signal;
    sigemptyset(&alarm_signal);
    sigaddset(&alarm_signal, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm_signal, NULL);
    small_org_start(org, kind, script);
    pthread_sigmask(SIG_UNBLOCK, &alarm_signal, NULL);
}

static void set_timer(long us)
{
    const struct itimerval timer = {{.tv_usec = us}, {.tv_usec = us}};
    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void calls_go_on_under_a_storm_of_signals(void **state)
{
    static signal_state before;
    small_org *org = *state;
    unsigned good = 0;
    handle(SIGPIPE, on_broken_pipe);
    handle(SIGALRM, on_alarm);
    start_without_alarms(org, SMALL_TLS, NULL);
    look(&before);
    set_timer(2000);
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        okta_client *client = small_org_client(org);
        good += small_org_get(client, NULL);
        good += small_org_post(client, NULL);
        okta_free(client);
    }
    okta_client *client = small_org_client(org);
    for (unsigned i = 0; i < CALLS; i++) {
        good += small_org_get(client, NULL);
    }
    okta_free(client);
    set_timer(0);
    assert_int_equal(good, 2 * CONNECTIONS + CALLS);
    /* No request was sent again, no connection made anew. */
    assert_int_equal(fault_server_request_count(org->server), good);
    assert_int_equal(fault_server_connection_count(org->server), CONNECTIONS + 1);
    assert_true(alarms > 0);
    assert_int_equal(foreign_handlers, 0);
    assert_int_equal(broken_pipes, 0);
    expect_the_same(&before);
}

static void the_counter_hears_a_broken_pipe(void **state)
{
    (void)state;
    int ends[2];
    handle(SIGPIPE, on_broken_pipe);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
    assert_int_equal(broken_pipes, 1);
    broken_pipes = 0;
}

static char *make_upload(void)
{
    char *body = malloc(UPLOAD_BYTES + 1);
    assert_non_null(body);
    memset(body, 'x', UPLOAD_BYTES);
    memcpy(body, "{\"a\":\"", 6);
    memcpy(body + UPLOAD_BYTES - 2, "\"}", 3);
    return body;
}

/* The server resets while the request is on its way: writes meet a connection that is gone. */
static void an_upload_to_a_server_that_resets_raises_no_sigpipe(void **state)
{
    static const fault_step script[] = {RESET, END};
    small_org *org = *state;
    char *body = make_upload();
    handle(SIGPIPE, on_broken_pipe);
    for (unsigned i = 0; i < UPLOADS; i++) {
        small_org_start(org, i % 2 == 0 ? SMALL_PLAIN : SMALL_TLS, script);
        org->patient = true;
        okta_client *client = small_org_client(org);
        okta_call *call = okta_request_call(client, "POST", "/api/v1/things", body);
        okta_call_set_max_retries(call, 2);
        okta_error *error = okta_call_run(call);
        okta_status status = okta_error_status(error);
        assert_true(status == OKTA_E_OUTCOME_UNKNOWN || status == OKTA_E_TRANSPORT);
        okta_free(error);
        okta_free(call);
        okta_free(client);
        small_org_stop(org);
    }
    free(body);
    assert_int_equal(broken_pipes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(the_counter_hears_a_broken_pipe),
        ORG_TEST(calls_go_on_under_a_storm_of_signals),
        ORG_TEST(an_upload_to_a_server_that_resets_raises_no_sigpipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
