/* SPDX-License-Identifier: Apache-2.0 */
/* Count the keys of many apps at once, in GLib's main loop beside a timer of its own.
 * loop_glib APP... */
#include <okta/adapters/glib.h>
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static int exit_code = 0;
static GMainLoop *main_loop = NULL;
static okta_loop *loop = NULL;
static bool has_rung = false;

static void fail(const char *what, okta_error *error)
{
    fprintf(stderr, "%s: %s\n", what, okta_error_message(error));
    okta_free(error);
    exit_code = 1;
}

static void quit_when_done(void)
{
    if (has_rung && okta_loop_pending(loop) == 0) {
        g_main_loop_quit(main_loop);
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
    quit_when_done();
}

static gboolean on_timer(gpointer ctx)
{
    (void)ctx;
    puts("the timer rings");
    has_rung = true;
    quit_when_done();
    return G_SOURCE_REMOVE;
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
    okta_error *error = okta_glib_loop_new(NULL, &loop);
    if (error != NULL) {
        return error;
    }
    main_loop = g_main_loop_new(NULL, FALSE);
    g_timeout_add(10, on_timer, NULL);
    submit_all(client, apps);
    g_main_loop_run(main_loop);
    okta_free(loop);
    g_main_loop_unref(main_loop);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: loop_glib APP...\n");
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
        fail("loop_glib", error);
    }
    okta_free(client);
    return exit_code;
}
