/* SPDX-License-Identifier: Apache-2.0 */
/* Count the keys of many apps at once, in an event base of libevent beside a timer of its own.
 * loop_libevent APP... */
#include <okta/adapters/libevent.h>
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static int exit_code = 0;
static okta_loop *loop = NULL;

static void fail(const char *what, okta_error *error)
{
    fprintf(stderr, "%s: %s\n", what, okta_error_message(error));
    okta_free(error);
    exit_code = 1;
}

/* The base would wait on, for connections that nobody uses, as long as there is a loop. */
static void release_when_done(void)
{
    if (okta_loop_pending(loop) == 0) {
        okta_free(loop);
        loop = NULL;
    }
}

/* Runs once for each app, as soon as its call has ended. */
static void on_keys(void *ctx, okta_call *call, okta_error *error)
{
    const char *app = ctx;
    okta_oauth2_client_jwk_list *keys = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
    if (error != NULL) {
        fail(app, error);
    } else {
        printf("%s %zu\n", app, keys->count);
    }
    okta_free(keys);
    okta_free(call);
    release_when_done();
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd;
    (void)what;
    (void)ctx;
    puts("the timer rings");
}

static void submit_all(okta_client *client, char **apps)
{
    for (; *apps != NULL; apps++) {
        okta_call *call = okta_list_jwk_call(client, *apps);
        okta_error *error = okta_call_submit(call, loop, on_keys, *apps);
        if (error != NULL) {
            okta_free(call);
            fail(*apps, error);
        }
    }
}

/* event_base_dispatch() ends when the loop is gone and the timer has rung. */
static okta_error *count_keys(okta_client *client, char **apps)
{
    const struct timeval soon = {.tv_usec = 10000};
    struct event_base *base = event_base_new();
    okta_error *error = okta_libevent_loop_new(base, &loop);
    if (error == NULL) {
        submit_all(client, apps);
        release_when_done();
        event_base_once(base, -1, EV_TIMEOUT, on_timer, NULL, &soon);
        event_base_dispatch(base);
    }
    if (base != NULL) {
        event_base_free(base);
    }
    return error;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: loop_libevent APP...\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = count_keys(client, argv + 1);
    }
    if (error != NULL) {
        fail("loop_libevent", error);
    }
    okta_free(client);
    return exit_code;
}
