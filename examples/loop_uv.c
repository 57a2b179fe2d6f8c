/* SPDX-License-Identifier: Apache-2.0 */
/* Count the keys of many apps at once, in a loop of libuv beside a timer of its own.
 * loop_uv APP... */
#include <okta/adapters/uv.h>
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

static void on_timer(uv_timer_t *timer)
{
    puts("the timer rings");
    uv_close((uv_handle_t *)timer, NULL);
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

/* uv_run() ends when all calls have ended and the timer has rung. */
static okta_error *count_keys(okta_client *client, char **apps)
{
    uv_loop_t *uv = uv_default_loop();
    uv_timer_t timer;
    okta_loop *loop = NULL;
    okta_error *error = okta_uv_loop_new(uv, &loop);
    if (error != NULL) {
        return error;
    }
    uv_timer_init(uv, &timer);
    uv_timer_start(&timer, on_timer, 10, 0);
    submit_all(client, loop, apps);
    uv_run(uv, UV_RUN_DEFAULT);

    okta_free(loop);
    uv_run(uv, UV_RUN_DEFAULT); /* libuv closes what the loop had in it */
    uv_loop_close(uv);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: loop_uv APP...\n");
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
        fail("loop_uv", error);
    }
    okta_free(client);
    return exit_code;
}
