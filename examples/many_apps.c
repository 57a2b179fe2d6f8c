/* SPDX-License-Identifier: Apache-2.0 */
/* Count the keys of many apps at once, in one thread: many_apps APP... */
#include <okta/api/application_sso_public_keys.h>
#include <okta/loop.h>
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

/* Submit a call for each app, and drive the loop until all have ended. */
static okta_error *count_keys(okta_client *client, okta_loop *loop, char **apps)
{
    for (; *apps != NULL; apps++) {
        okta_call *call = okta_list_jwk_call(client, *apps);
        okta_error *error = okta_call_submit(call, loop, on_keys, *apps);
        if (error != NULL) {
            okta_free(call);
            fail(*apps, error);
        }
    }
    return okta_loop_run(loop);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: many_apps APP...\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_loop *loop = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = okta_loop_new(NULL, &loop);
    }
    if (error == NULL) {
        error = count_keys(client, loop, argv + 1);
    }
    if (error != NULL) {
        fail("many_apps", error);
    }
    okta_free(loop);
    okta_free(client);
    return exit_code;
}
