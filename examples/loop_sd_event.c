/* SPDX-License-Identifier: Apache-2.0 */
/* Count the keys of many apps at once, in systemd's event loop beside a timer of its own.
 * loop_sd_event APP... */
#include <okta/adapters/sd_event.h>
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static int exit_code = 0;
static sd_event *event = NULL;
static okta_loop *loop = NULL;
static bool has_rung = false;

static void fail(const char *what, okta_error *error)
{
    fprintf(stderr, "%s: %s\n", what, okta_error_message(error));
    okta_free(error);
    exit_code = 1;
}

static void exit_when_done(void)
{
    if (has_rung && okta_loop_pending(loop) == 0) {
        sd_event_exit(event, 0);
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
    exit_when_done();
}

static int on_timer(sd_event_source *source, uint64_t usec, void *ctx)
{
    (void)source;
    (void)usec;
    (void)ctx;
    puts("the timer rings");
    has_rung = true;
    exit_when_done();
    return 0;
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

static okta_error *count_keys(okta_client *client, char **apps)
{
    if (sd_event_default(&event) < 0) {
        fputs("there is no event loop\n", stderr);
        exit(1);
    }
    okta_error *error = okta_sd_event_loop_new(event, &loop);
    if (error == NULL) {
        uint64_t now = 0;
        sd_event_now(event, CLOCK_MONOTONIC, &now);
        sd_event_add_time(event, NULL, CLOCK_MONOTONIC, now + 10000, 1000, on_timer, NULL);
        submit_all(client, apps);
        sd_event_loop(event);
    }
    okta_free(loop);
    sd_event_unref(event);
    return error;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: loop_sd_event APP...\n");
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
        fail("loop_sd_event", error);
    }
    okta_free(client);
    return exit_code;
}
