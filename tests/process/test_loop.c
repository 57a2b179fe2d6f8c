/* SPDX-License-Identifier: Apache-2.0 */
/* Calls in an event loop: each outcome is told once, whoever waits, cancels or lets go of what. */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/call.h"
#include "faults/fault_script.h"
#include "okta/loop.h"
#include "process/small_org.h"

#define MANY        1000u
#define SOCKETS_MAX 64u

static const fault_step silent[] = {READ, DRAIN, END};

/* A call, and what was told of it. */
typedef struct told {
    okta_loop *loop;
    okta_call *call;
    unsigned times;
    okta_status status;
    bool keeps;      /* the call */
    bool good;       /* it brought the good key */
    unsigned follow; /* calls to submit when it ends */
    bool frees_loop;
    bool shuts_client;        /* that it came from */
    okta_cancel_token *token; /* nullable */
} told;

static unsigned ended;

static void submit(told *self, okta_client *client);

static void on_end(void *ctx, okta_call *call, okta_error *error)
{
    told *self = ctx;
    ended++;
    self->times++;
    self->status = okta_error_status(error);
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    self->good = key != NULL && key->id != NULL && strcmp(key->id, "good") == 0;
    okta_free(key);
    okta_free(error);
    if (self->follow > 0) {
        self->follow--;
        submit(self, call->client);
    }
    if (self->shuts_client) {
        okta_client_cancel_all(call->client);
    }
    if (!self->keeps) {
        okta_free(call);
    }
    if (self->frees_loop) {
        okta_free(self->loop);
    }
}

static void submit(told *self, okta_client *client)
{
    unsigned before = ended;
    self->call = okta_get_jwk_call(client, SMALL_APP, "key");
    if (self->token != NULL) {
        okta_call_set_cancel_token(self->call, self->token);
    }
    okta_error *error = okta_call_submit(self->call, self->loop, on_end, self);
    assert_null(error);
    assert_int_equal(ended, before);
}

static okta_loop *new_loop(const okta_loop_hooks *hooks)
{
    okta_loop *loop = NULL;
    assert_null(okta_loop_new(hooks, &loop));
    assert_non_null(loop);
    return loop;
}

static void expect_all(const told *all, size_t count, okta_status status)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(all[i].times, 1);
        assert_int_equal(all[i].status, status);
        assert_int_equal(all[i].good, status == OKTA_OK);
    }
}

static void tells_each_outcome_once(void **state)
{
    static told all[MANY];
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    okta_loop *loop = new_loop(NULL);
    ended = 0;
    for (size_t i = 0; i < MANY; i++) {
        all[i] = (told){.loop = loop};
        submit(&all[i], client);
    }
    assert_int_equal(okta_loop_pending(loop), MANY);
    assert_null(okta_loop_run(loop));
    assert_int_equal(okta_loop_pending(loop), 0);
    assert_null(okta_loop_run(loop)); /* it has nothing to do */
    expect_all(all, MANY, OKTA_OK);
    assert_int_equal(client->pacing.in_flight, 0);
    okta_free(client);
    okta_free(loop);
}

/* The call's own memory goes in the callback, the next one comes from there, and the loop goes last. */
static void a_callback_may_submit_and_release(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_TLS, NULL);
    okta_client *client = small_org_client(org);
    told self = {.loop = new_loop(NULL), .follow = 9};
    submit(&self, client);
    while (self.follow > 0) {
        assert_null(okta_loop_poll(self.loop, -1));
    }
    self.frees_loop = true;
    okta_free(client);
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.times, 10);
    assert_int_equal(self.status, OKTA_OK);
}

static void cancel_their_token(told *all)
{
    okta_cancel_token_cancel(all[0].token);
    okta_free(all[0].token); /* the calls keep it */
}

static void *cancel_them(void *context)
{
    told *all = context;
    for (size_t i = 0; i < MANY; i++) {
        okta_call_cancel(all[i].call);
    }
    return NULL;
}

typedef enum way {
    BY_LOOP,
    BY_THREAD,
    BY_RELEASE,
    BY_CALL,
    BY_CLIENT,
    BY_TOKEN,
    WAYS,
} way;

/* Some wait for answers that never come, most for their turn. */
static void ends_all_that_is_canceled(void **state)
{
    static told all[MANY];
    small_org *org = *state;
    for (way by = 0; by < WAYS; by++) {
        pthread_t thread;
        small_org_start(org, by == BY_CALL ? SMALL_TLS : SMALL_PLAIN, silent);
        okta_client *client = small_org_client(org);
        okta_loop *loop = new_loop(NULL);
        okta_cancel_token *token = NULL;
        if (by == BY_TOKEN) {
            assert_null(okta_cancel_token_new(&token));
        }
        for (size_t i = 0; i < MANY; i++) {
            all[i] = (told){.loop = loop, .keeps = true, .token = token};
            submit(&all[i], client);
        }
        for (int i = 0; i < 20; i++) {
            assert_null(okta_loop_poll(loop, 1));
        }
        if (by == BY_LOOP) {
            okta_loop_cancel(loop);
        } else if (by == BY_CALL) {
            cancel_them(all);
        } else if (by == BY_CLIENT) {
            okta_client_cancel_all(client);
        } else if (by == BY_TOKEN) {
            cancel_their_token(all);
        } else if (by == BY_THREAD) {
            assert_int_equal(pthread_create(&thread, NULL, cancel_them, all), 0);
        }
        if (by != BY_RELEASE) {
            assert_null(okta_loop_run(loop));
        }
        if (by == BY_THREAD) {
            assert_int_equal(pthread_join(thread, NULL), 0);
        }
        okta_free(loop);
        expect_all(all, MANY, OKTA_E_CANCELED);
        assert_int_equal(client->pacing.in_flight, 0);
        for (size_t i = 0; i < MANY; i++) {
            okta_free(all[i].call);
        }
        okta_free(client);
        small_org_stop(org);
    }
}

/* The rest is canceled, however the loop is driven. */
static void a_loop_that_is_let_go_in_a_callback_ends(void **state)
{
    static told all[100];
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent);
    okta_client *client = small_org_client(org);
    okta_loop *loop = new_loop(NULL);
    for (size_t i = 0; i < COUNT(all); i++) {
        all[i] = (told){.loop = loop, .frees_loop = i == 0};
        submit(&all[i], client);
    }
    okta_call_cancel(all[0].call);
    assert_null(okta_loop_run(loop));
    expect_all(all, COUNT(all), OKTA_E_CANCELED);
    okta_free(client);
}

/* The rest is canceled, and so is what the callbacks submit. */
static void a_client_may_be_shut_down_in_a_callback(void **state)
{
    static told all[100];
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent);
    okta_client *client = small_org_client(org);
    okta_loop *loop = new_loop(NULL);
    ended = 0;
    for (size_t i = 0; i < COUNT(all); i++) {
        all[i] = (told){.loop = loop, .shuts_client = i == 0, .follow = 1};
        submit(&all[i], client);
    }
    okta_call_cancel(all[0].call);
    assert_null(okta_loop_run(loop));
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(all[i].times, 2);
        assert_int_equal(all[i].status, OKTA_E_CANCELED);
    }
    assert_int_equal(ended, 2 * COUNT(all));
    assert_null(client->running.first);
    okta_free(client);
    okta_free(loop);
}

/* What an argument points to may change once the call is submitted: the answer is compared with what it was.
 */
static void needs_no_argument_after_submit(void **state)
{
    small_org *org = *state;
    char kid[] = "good";
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *model = NULL;
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    const okta_key_jwk_options options = {
        .struct_size = sizeof options, .kid = kid, .use = OKTA_OAUTH2_CLIENT_JWK_USE_SIG};
    assert_null(okta_key_to_jwk_request(key, &options, &model));
    told self = {.loop = new_loop(NULL)};
    okta_call *call = okta_add_jwk_call(client, SMALL_APP, model);
    assert_null(okta_call_submit(call, self.loop, on_end, &self));
    okta_free(model);
    okta_free(key);
    memset(kid, 'x', sizeof kid - 1);
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.times, 1);
    assert_int_equal(self.status, OKTA_E_OUTCOME_UNKNOWN); /* the good key is another one */
    okta_free(client);
    okta_free(self.loop);
}

static void *wake_loop(void *context)
{
    okta_loop_wake(context);
    return NULL;
}

static void wakes_from_another_thread(void **state)
{
    (void)state;
    pthread_t thread;
    okta_loop *loop = new_loop(NULL);
    assert_int_equal(pthread_create(&thread, NULL, wake_loop, loop), 0);
    assert_null(okta_loop_poll(loop, -1));
    assert_int_equal(pthread_join(thread, NULL), 0);
    okta_loop_wake(loop);
    okta_loop_wake(loop);
    assert_null(okta_loop_poll(loop, -1));
    assert_null(okta_loop_poll(loop, 0)); /* nothing is left of it */
    okta_free(loop);
}

static pthread_t interrupted;
static atomic_bool is_back;

static void on_signal(int number)
{
    (void)number;
}

/* Signals until the wait is over: one that comes before it begins ends nothing. */
static void *interrupt(void *ctx)
{
    (void)ctx;
    while (!atomic_load(&is_back)) {
        assert_int_equal(pthread_kill(interrupted, SIGUSR1), 0);
        sched_yield();
    }
    return NULL;
}

static void a_signal_ends_the_wait(void **state)
{
    (void)state;
    const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction before;
    pthread_t thread;
    okta_loop *loop = new_loop(NULL);
    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    atomic_store(&is_back, false);
    interrupted = pthread_self();
    assert_int_equal(pthread_create(&thread, NULL, interrupt, NULL), 0);
    okta_error *error = okta_loop_poll(loop, -1);
    atomic_store(&is_back, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_null(error);
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
    okta_free(loop);
}

/* One descriptor tells when there is something to do. */
static void is_driven_by_its_descriptor(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    told self = {.loop = new_loop(NULL), .follow = 50};
    struct pollfd polled = {.fd = okta_loop_fd(self.loop), .events = POLLIN};
    assert_true(polled.fd >= 0);
    submit(&self, client);
    while (okta_loop_pending(self.loop) > 0) {
        assert_int_equal(poll(&polled, 1, 30000), 1);
        assert_null(okta_loop_poll(self.loop, 0));
    }
    assert_int_equal(self.times, 51);
    assert_int_equal(self.status, OKTA_OK);
    okta_free(client);
    okta_free(self.loop);
}

/* An event loop over poll(). */
typedef struct hooked {
    struct pollfd polled[SOCKETS_MAX];
    size_t count;
    int64_t timer_ms; /* -1: none */
    bool refuses;
    unsigned releases;
} hooked;

static bool watch(void *ctx, int fd, unsigned events, void **own)
{
    hooked *self = ctx;
    size_t i = 0;
    while (i < self->count && self->polled[i].fd != fd) {
        i++;
    }
    assert_ptr_equal(*own, i < self->count ? self : NULL);
    if (events == 0) {
        assert_true(i < self->count);
        self->polled[i] = self->polled[--self->count];
        return true;
    }
    if (self->refuses || i == SOCKETS_MAX) {
        return false;
    }
    *own = self;
    self->count += i == self->count;
    self->polled[i].fd = fd;
    self->polled[i].events = (short)(((events & OKTA_LOOP_INPUT) != 0 ? POLLIN : 0) |
                                     ((events & OKTA_LOOP_OUTPUT) != 0 ? POLLOUT : 0));
    return true;
}

static void set_timer(void *ctx, int64_t ms)
{
    hooked *self = ctx;
    self->timer_ms = ms;
}

static void release(void *ctx)
{
    hooked *self = ctx;
    assert_int_equal(self->count, 0);
    assert_int_equal(self->timer_ms, -1);
    self->releases++;
}

static okta_loop_hooks hooks_of(hooked *self)
{
    okta_loop_hooks hooks = OKTA_LOOP_HOOKS_INIT;
    hooks.ctx = self;
    hooks.watch = watch;
    hooks.set_timer = set_timer;
    hooks.release = release;
    return hooks;
}

static unsigned events_of(short found)
{
    unsigned events = (found & (POLLIN | POLLHUP)) != 0 ? (unsigned)OKTA_LOOP_INPUT : 0u;
    return events | ((found & POLLOUT) != 0 ? (unsigned)OKTA_LOOP_OUTPUT : 0u);
}

static void turn(hooked *self, okta_loop *loop)
{
    struct pollfd ready[SOCKETS_MAX];
    int count = poll(self->polled, self->count, self->timer_ms < 0 ? 30000 : (int)self->timer_ms);
    assert_true(count >= 0 && (count > 0 || self->timer_ms >= 0));
    size_t watched = self->count;
    memcpy(ready, self->polled, sizeof ready);
    for (size_t i = 0; i < watched; i++) {
        if (ready[i].revents != 0) {
            okta_loop_on_ready(loop, ready[i].fd, events_of(ready[i].revents));
        }
    }
    if (count == 0) {
        self->timer_ms = -1;
        okta_loop_on_timer(loop);
    }
}

static void is_driven_by_hooks(void **state)
{
    static told all[MANY];
    small_org *org = *state;
    for (int tls = 0; tls <= 1; tls++) {
        hooked self = {.timer_ms = -1};
        const okta_loop_hooks hooks = hooks_of(&self);
        small_org_start(org, tls ? SMALL_TLS : SMALL_PLAIN, NULL);
        okta_client *client = small_org_client(org);
        okta_loop *loop = new_loop(&hooks);
        assert_int_equal(self.count, 0);
        for (size_t i = 0; i < 100; i++) {
            all[i] = (told){.loop = loop};
            submit(&all[i], client);
        }
        okta_error *error = okta_loop_run(loop);
        assert_int_equal(okta_error_status(error), OKTA_E_ARG);
        okta_free(error);
        assert_int_equal(okta_loop_fd(loop), -1);
        while (okta_loop_pending(loop) > 0) {
            turn(&self, loop);
        }
        expect_all(all, 100, OKTA_OK);
        assert_int_equal(self.count, 0); /* while nothing is to be done */
        okta_free(client);
        self.timer_ms = -1;
        okta_loop_on_timer(loop); /* it lets go of the client */
        for (int fd = 0; fd < 64; fd++) {
            okta_loop_on_ready(loop, fd, OKTA_LOOP_INPUT); /* late, or of somebody else */
        }
        okta_free(loop);
        assert_int_equal(self.releases, 1);
        small_org_stop(org);
    }
}

static void a_socket_that_cannot_be_watched_is_an_error(void **state)
{
    small_org *org = *state;
    hooked self = {.timer_ms = -1};
    const okta_loop_hooks hooks = hooks_of(&self);
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    told one = {.loop = new_loop(&hooks)};
    submit(&one, client);
    self.refuses = true;
    while (okta_loop_pending(one.loop) > 0) {
        turn(&self, one.loop);
    }
    assert_int_equal(one.times, 1);
    assert_int_not_equal(one.status, OKTA_OK);
    assert_int_equal(self.releases, 0);
    okta_call *call = okta_get_jwk_call(client, SMALL_APP, "key");
    okta_error *error = okta_call_submit(call, one.loop, on_end, &one);
    assert_int_equal(okta_error_status(error), OKTA_E_NOMEM);
    okta_free(error);
    assert_int_equal(okta_loop_pending(one.loop), 0);
    okta_free(call);
    okta_free(client);
    okta_free(one.loop);
    assert_int_equal(self.releases, 1);
    okta_loop *none = NULL;
    error = okta_loop_new(&hooks, &none);
    assert_int_equal(okta_error_status(error), OKTA_E_TRANSPORT);
    assert_null(none);
    okta_free(error);
    assert_int_equal(self.releases, 1);
}

static void expect_refused(okta_error *error, okta_status status, const char *phrase)
{
    assert_int_equal(okta_error_status(error), status);
    assert_non_null(strstr(okta_error_message(error), phrase));
    okta_free(error);
}

static void refuses_what_cannot_run(void **state)
{
    small_org *org = *state;
    okta_loop_hooks hooks = {0};
    okta_loop *none = NULL;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    told self = {.loop = new_loop(NULL)};
    okta_call *call = okta_get_jwk_call(client, SMALL_APP, "key");
    expect_refused(okta_loop_new(NULL, NULL), OKTA_E_ARG, "out");
    expect_refused(okta_loop_new(&hooks, &none), OKTA_E_ARG, "OKTA_LOOP_HOOKS_INIT");
    hooks = OKTA_LOOP_HOOKS_INIT;
    expect_refused(okta_loop_new(&hooks, &none), OKTA_E_ARG, "watch");
    hooks.watch = watch;
    expect_refused(okta_loop_new(&hooks, &none), OKTA_E_ARG, "set_timer");
    expect_refused(okta_call_submit(NULL, self.loop, on_end, &self), OKTA_E_NOMEM, "memory");
    expect_refused(okta_call_submit(call, NULL, on_end, &self), OKTA_E_ARG, "loop");
    expect_refused(okta_call_submit(call, self.loop, NULL, &self), OKTA_E_ARG, "done");
    assert_null(okta_call_submit(call, self.loop, on_end, &self));
    expect_refused(okta_call_submit(call, self.loop, on_end, &self), OKTA_E_ARG, "runs once");
    okta_call *bad = okta_get_jwk_call(client, SMALL_APP, "..");
    expect_refused(okta_call_submit(bad, self.loop, on_end, &self), OKTA_E_ARG, "getJwk");
    okta_free(bad);
    expect_refused(okta_loop_poll(NULL, 0), OKTA_E_ARG, "loop");
    expect_refused(okta_loop_run(NULL), OKTA_E_ARG, "loop");
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.times, 1);
    okta_free(client);
    okta_free(self.loop);
}

/* In a child process a loop of its parent does nothing, and its release touches nothing. */
static void a_child_leaves_the_loop_of_its_parent_alone(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    told self = {.loop = new_loop(NULL)};
    submit(&self, client);
    assert_null(okta_loop_poll(self.loop, 0));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        okta_error *error = okta_loop_run(self.loop);
        bool good = okta_error_status(error) == OKTA_E_ARG && okta_loop_fd(self.loop) == -1;
        okta_free(error);
        okta_loop_wake(self.loop);
        okta_loop_cancel(self.loop);
        okta_free(self.loop);
        _exit(good && self.times == 0 ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.times, 1);
    assert_int_equal(self.status, OKTA_OK);
    okta_free(client);
    okta_free(self.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(tells_each_outcome_once),
        ORG_TEST(a_callback_may_submit_and_release),
        ORG_TEST(ends_all_that_is_canceled),
        ORG_TEST(a_loop_that_is_let_go_in_a_callback_ends),
        ORG_TEST(a_client_may_be_shut_down_in_a_callback),
        ORG_TEST(needs_no_argument_after_submit),
        ORG_TEST(wakes_from_another_thread),
        ORG_TEST(a_signal_ends_the_wait),
        ORG_TEST(is_driven_by_its_descriptor),
        ORG_TEST(is_driven_by_hooks),
        ORG_TEST(a_socket_that_cannot_be_watched_is_an_error),
        ORG_TEST(refuses_what_cannot_run),
        ORG_TEST(a_child_leaves_the_loop_of_its_parent_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
