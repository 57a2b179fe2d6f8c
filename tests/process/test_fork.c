/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that fork with a client, and with a TLS connection that only one of them may speak on. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/call.h"
#include "client/cancel_token.h"
#include "process/children.h"
#include "process/small_org.h"

/* More threads than may have a request at a time: some wait for their turn. */
#define BUSY  24u
#define FORKS 20u

typedef struct inherited {
    const small_org *org;
    okta_client *client;
    okta_call *call;
    okta_pages *pages;
    okta_cancel_token *token; /* nullable; of the call */
} inherited;

static const char *expect_forked(okta_error *error)
{
    CHILD_EXPECT(okta_error_status(error) == OKTA_E_ARG);
    CHILD_EXPECT(strstr(okta_error_message(error), "fork") != NULL);
    CHILD_EXPECT(okta_error_attempts(error) == 0);
    okta_free(error);
    return NULL;
}

static const char *use_it(void *context)
{
    inherited *self = context;
    okta_oauth2_client_jwk_list *list = NULL;
    const char *wrong = expect_forked(okta_list_jwk(self->client, SMALL_APP, &list));
    CHILD_EXPECT(list == NULL);
    if (wrong == NULL) {
        wrong = expect_forked(okta_call_run(self->call));
    }
    okta_call_cancel(self->call);
    CHILD_EXPECT(okta_pages_next(self->pages) == NULL);
    if (wrong == NULL) {
        wrong = expect_forked(okta_pages_error(self->pages));
    }
    okta_call *raw = okta_request_call(self->client, "DELETE", "/api/v1/things", NULL);
    if (wrong == NULL) {
        wrong = expect_forked(okta_call_run(raw));
    }
    okta_free(raw);
    okta_pages *pages = okta_request_pages(self->client, "/api/v1/users");
    CHILD_EXPECT(okta_pages_next(pages) == NULL);
    if (wrong == NULL) {
        wrong = expect_forked(okta_pages_error(pages));
    }
    okta_free(pages);
    okta_rate_limits *limits = NULL;
    if (wrong == NULL) {
        wrong = expect_forked(okta_client_rate_limits(self->client, &limits));
    }
    CHILD_EXPECT(limits == NULL);
    return wrong;
}

static const char *release_it(void *context)
{
    inherited *self = context;
    okta_free(self->call);
    okta_free(self->pages);
    okta_free(self->client);
    okta_free(self->token);
    return NULL;
}

static const char *use_and_release_it(void *context)
{
    const char *wrong = use_it(context);
    return wrong != NULL ? wrong : release_it(context);
}

/* With all that the libraries do at the end of a process. A leak checker would see what the server's threads,
 * which the child does not have, hold. */
static const char *leave_by_exit(void *context)
{
    (void)context;
    if (is_sanitized()) {
        return NULL;
    }
    exit(0);
}

static const char *leave_at_once(void *context)
{
    (void)context;
    return NULL;
}

static const char *make_its_own(void *context)
{
    inherited *self = context;
    okta_client *own = NULL;
    CHILD_EXPECT(small_org_try_client(self->org, &own) == NULL);
    CHILD_EXPECT(small_org_get(own, NULL));
    CHILD_EXPECT(small_org_post(own, NULL));
    okta_free(own);
    return NULL;
}

static void a_parent_keeps_its_connection_whatever_its_child_does(void **state)
{
    static const struct {
        const char *name;
        child_fn *function;
        unsigned connections;
    } children[] = {{"uses it", use_it, 0},
                    {"releases it", release_it, 0},
                    {"uses and releases it", use_and_release_it, 0},
                    {"leaves at once", leave_at_once, 0},
                    {"leaves by exit()", leave_by_exit, 0},
                    {"makes its own", make_its_own, 1}};
    small_org *org = *state;
    for (size_t i = 0; i < COUNT(children) * SMALL_KINDS; i++) {
        unsigned own = children[i / SMALL_KINDS].connections;
        small_org_start(org, (small_org_kind)(i % SMALL_KINDS), NULL);
        inherited self = {.org = org, .client = small_org_client(org)};
        self.call = okta_list_jwk_call(self.client, SMALL_APP);
        self.pages = okta_request_pages(self.client, "/api/v1/users");
        assert_true(small_org_get(self.client, NULL));
        run_in_child(children[i / SMALL_KINDS].name, children[i / SMALL_KINDS].function, &self);
        assert_true(small_org_get(self.client, NULL));
        assert_true(small_org_post(self.client, NULL));
        assert_int_equal(fault_server_request_count(org->server), 3 + 2 * own);
        assert_int_equal(fault_server_connection_count(org->server), 1 + own);
        release_it(&self);
        small_org_stop(org);
    }
}

/* Each thread of the parent is somewhere in a call when the child comes to be. */
typedef struct caller {
    pthread_t thread;
    okta_client *client;
    atomic_bool *over;
    unsigned calls;
    unsigned good;
} caller;

static void *call_on(void *context)
{
    caller *self = context;
    while (!atomic_load(self->over)) {
        self->calls++;
        self->good += small_org_get(self->client, NULL);
    }
    return NULL;
}

static const char *use_and_release_the_client(void *context)
{
    inherited *self = context;
    okta_oauth2_client_jwk_list *list = NULL;
    const char *wrong = expect_forked(okta_list_jwk(self->client, SMALL_APP, &list));
    okta_free(self->client);
    return wrong;
}

static void a_child_of_busy_threads_gets_an_answer_too(void **state)
{
    caller callers[BUSY] = {{0}};
    atomic_bool over = false;
    small_org *org = *state;
    small_org_start(org, SMALL_TLS, NULL);
    inherited self = {.org = org, .client = small_org_client(org)};
    for (size_t i = 0; i < COUNT(callers); i++) {
        callers[i] = (caller){.client = self.client, .over = &over};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call_on, &callers[i]), 0);
    }
    for (unsigned i = 0; i < FORKS; i++) {
        run_in_child("in the middle of calls", use_and_release_the_client, &self);
    }
    atomic_store(&over, true);
    for (size_t i = 0; i < COUNT(callers); i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
        assert_int_equal(callers[i].good, callers[i].calls);
    }
    okta_free(self.client);
}

/* A child of a namespace of its own may have its parent's id. */
static pid_t faked_pid;

pid_t __real_getpid(void);
pid_t __wrap_getpid(void);

pid_t __wrap_getpid(void)
{
    return faked_pid != 0 ? faked_pid : __real_getpid();
}

/* As container runtimes do it: nothing that was told to pthread_atfork() runs. */
static pid_t clone_it(void)
{
    return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static void a_child_with_the_id_of_its_parent_is_a_child(void **state)
{
    static pid_t (*const ways[])(void) = {fork, clone_it};
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    (void)state;
    options.org_url = "https://127.0.0.1:1";
    options.token = "00tok-Canary_7";
    options.proxy = "";
    options.max_retries = okta_int(0);
    faked_pid = 1;
    assert_null(okta_client_new(&options, &client));
    for (size_t i = 0; i < COUNT(ways); i++) {
        int status = -1;
        okta_oauth2_client_jwk_list *list = NULL;
        pid_t pid = ways[i]();
        assert_true(pid >= 0);
        if (pid == 0) {
            alarm(60);
            okta_error *error = okta_list_jwk(client, SMALL_APP, &list);
            _exit(okta_error_status(error) == OKTA_E_ARG ? 0 : 1);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    /* The parent is the same as before. */
    okta_oauth2_client_jwk_list *list = NULL;
    okta_error *error = okta_list_jwk(client, SMALL_APP, &list);
    assert_int_equal(okta_error_status(error), OKTA_E_TRANSPORT);
    okta_free(error);
    okta_free(client);
    faked_pid = 0;
}

static const char *use_cancel_and_release_it(void *context)
{
    inherited *self = context;
    okta_call *own = okta_list_jwk_call(self->client, SMALL_APP);
    okta_client_cancel_all(self->client);
    okta_cancel_token_cancel(self->token);
    okta_call_set_cancel_token(own, self->token);
    const char *refused = expect_forked(okta_call_run(own));
    okta_free(own);
    if (refused == NULL) {
        refused = expect_forked(okta_client_set_token(self->client, "00tok"));
    }
    if (refused == NULL) {
        refused = expect_forked(okta_client_reload(self->client));
    }
    if (refused != NULL) {
        return refused;
    }
    const char *wrong = use_it(self);
    return wrong != NULL ? wrong : release_it(self);
}

/* A thread of the parent may hold any lock when the child comes to be. */
static void a_child_takes_no_lock_of_its_parent(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    inherited self = {.org = org, .client = small_org_client(org)};
    self.call = okta_list_jwk_call(self.client, SMALL_APP);
    self.pages = okta_request_pages(self.client, "/api/v1/users");
    assert_null(okta_cancel_token_new(&self.token));
    okta_call_set_cancel_token(self.call, self.token);
    pthread_mutex_lock(&self.client->lock);
    pthread_mutex_lock(&self.token->lock);
    run_in_child("locked", use_cancel_and_release_it, &self);
    pthread_mutex_unlock(&self.token->lock);
    pthread_mutex_unlock(&self.client->lock);
    assert_false(okta_cancel_token_is_canceled(self.token));
    assert_true(small_org_get(self.client, NULL));
    release_it(&self);
}

/* What a program sees that is started from here: connections to the server, and descriptors. */
static void list_inherited(unsigned port, unsigned *connected, unsigned *descriptors)
{
    int from[2];
    char number[16];
    char line[64] = "";
    assert_int_equal(pipe(from), 0);
    snprintf(number, sizeof number, "%u", port);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(from[1], STDOUT_FILENO);
        execl(LIST_SOCKETS, LIST_SOCKETS, number, (char *)NULL);
        _exit(127);
    }
    close(from[1]);
    assert_true(read(from[0], line, sizeof line - 1) > 0);
    close(from[0]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    char *rest;
    *connected = (unsigned)strtoul(line, &rest, 10);
    *descriptors = (unsigned)strtoul(rest, NULL, 10);
}

static int connect_to(unsigned port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    int connected = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(connected >= 0);
    assert_int_equal(connect(connected, (struct sockaddr *)&address, sizeof address), 0);
    return connected;
}

static void a_program_that_is_started_inherits_no_connection(void **state)
{
    small_org *org = *state;
    for (unsigned kind = 0; kind < SMALL_KINDS; kind++) {
        unsigned connected;
        unsigned descriptors;
        unsigned without;
        small_org_start(org, (small_org_kind)kind, NULL);
        unsigned port = fault_server_port(org->server);
        okta_client *client = small_org_client(org);
        list_inherited(port, &connected, &without);
        assert_true(small_org_get(client, NULL));
        list_inherited(port, &connected, &descriptors);
        assert_int_equal(connected, 0);
        /* The server's end of the connection, and two ends of libcurl's own that lead nowhere else. */
        assert_in_range(descriptors - without, 1, 3);
        /* It would be seen. */
        int planted = connect_to(port);
        list_inherited(port, &connected, &descriptors);
        assert_int_equal(connected, 1);
        close(planted);
        assert_true(small_org_get(client, NULL));
        assert_int_equal(fault_server_request_count(org->server), 2);
        okta_free(client);
        small_org_stop(org);
    }
}

/* A handler of the program's own, which is older than the library's: in a child it runs first. */
static struct {
    const small_org *org; /* NULL: it makes nothing */
    okta_client *client;
    okta_cancel_token *token;
} made_by_handler;

static void make_in_child(void)
{
    if (made_by_handler.org != NULL) {
        made_by_handler.client = small_org_client(made_by_handler.org);
        okta_error *error = okta_cancel_token_new(&made_by_handler.token);
        okta_free(error);
    }
}

static const char *use_what_the_handler_made(void *context)
{
    okta_oauth2_client_jwk *key = NULL;
    (void)context;
    CHILD_EXPECT(made_by_handler.client != NULL && made_by_handler.token != NULL);
    okta_call *call = okta_get_jwk_call(made_by_handler.client, SMALL_APP, "key");
    okta_call_set_cancel_token(call, made_by_handler.token);
    okta_error *error = okta_call_run(call);
    CHILD_EXPECT(error == NULL);
    key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    CHILD_EXPECT(key != NULL);
    okta_free(key);
    okta_free(call);
    okta_free(made_by_handler.client);
    okta_free(made_by_handler.token);
    return NULL;
}

static void a_handler_of_the_program_may_make_a_client(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    made_by_handler.org = org;
    run_in_child("handler", use_what_the_handler_made, NULL);
    made_by_handler.org = NULL;
    okta_free(client);
}

int main(void)
{
    if (pthread_atfork(NULL, NULL, make_in_child) != 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        ORG_TEST(a_handler_of_the_program_may_make_a_client),
        ORG_TEST(a_parent_keeps_its_connection_whatever_its_child_does),
        ORG_TEST(a_child_of_busy_threads_gets_an_answer_too),
        ORG_TEST(a_child_with_the_id_of_its_parent_is_a_child),
        ORG_TEST(a_child_takes_no_lock_of_its_parent),
        ORG_TEST(a_program_that_is_started_inherits_no_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
