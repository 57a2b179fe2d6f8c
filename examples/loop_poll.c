/* SPDX-License-Identifier: Apache-2.0 */
/* Count the keys of many apps at once, in a loop over poll() beside a pipe of its own.
 * loop_poll APP... */
#include <okta/adapters/poll.h>
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static int exit_code = 0;

static void fail(const char *what, okta_error *error)
{
    fprintf(stderr, "%s: %s\n", what, okta_error_message(error));
    okta_free(error);
    exit_code = 1;
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
}

/* Drive the loop until its calls have ended and the pipe has been read. */
static void run(okta_poll *polled, okta_loop *loop)
{
    char byte;
    while (okta_loop_pending(loop) > 0 || polled->fds[0].fd >= 0) {
        poll(polled->fds, polled->count, okta_poll_timeout_ms(polled));
        if (polled->fds[0].revents != 0) {
            if (read(polled->fds[0].fd, &byte, 1) == 1) {
                puts("the pipe is read");
            }
            polled->fds[0].fd = -1; /* poll() passes over it */
        }
        okta_poll_dispatch(polled);
    }
}

static void submit_all(okta_client *client, okta_loop *loop, char **apps)
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

static okta_error *count_keys(okta_client *client, char **apps)
{
    int ends[2] = {-1, -1};
    okta_poll polled;
    okta_loop *loop = NULL;
    okta_error *error = okta_poll_loop_new(&polled, 1, &loop);
    if (error != NULL || polled.fds == NULL) {
        return error;
    }
    if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1) {
        fputs("there is no pipe\n", stderr);
        exit(1);
    }
    polled.fds[0].fd = ends[0];
    polled.fds[0].events = POLLIN;
    submit_all(client, loop, apps);
    run(&polled, loop);
    okta_free(loop);
    close(ends[0]);
    close(ends[1]);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: loop_poll APP...\n");
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
        fail("loop_poll", error);
    }
    okta_free(client);
    return exit_code;
}
