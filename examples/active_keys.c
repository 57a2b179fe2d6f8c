/* SPDX-License-Identifier: Apache-2.0 */
/* Count the active keys of each app in a file with an id a line, a few apps at once: active_keys FILE */
#include <okta/api/application_sso_public_keys.h>
#include <okta/batch.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct job {
    okta_client *client;
    FILE *file;
} job;

/* Give a call for the next line of the file. Its id goes with the call, up to on_keys(). */
static bool next_app(void *ctx, okta_batch_item *item)
{
    const job *self = ctx;
    char line[128];
    if (fgets(line, sizeof line, self->file) == NULL) {
        return false;
    }
    line[strcspn(line, "\r\n")] = '\0';
    item->call = okta_list_jwk_call(self->client, line);
    item->ctx = strdup(line);
    return true;
}

/* Runs once for each call, as soon as it has ended. */
static void on_keys(void *ctx, const okta_batch_item *item, okta_error *error)
{
    const char *app = item->ctx != NULL ? item->ctx : "?";
    okta_oauth2_client_jwk_list *keys = OKTA_TAKE(item->call, okta_oauth2_client_jwk_list);
    size_t active = 0;
    (void)ctx;
    for (size_t i = 0; keys != NULL && i < keys->count; i++) {
        active += keys->items[i]->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE;
    }
    if (error != NULL) {
        fprintf(stderr, "%s: %s\n", app, okta_error_message(error));
    } else {
        printf("%s %zu\n", app, active);
    }
    okta_free(error);
    okta_free(keys);
    okta_free(item->call);
    free(item->ctx);
}

/* Run the calls, and tell how many failed. */
static okta_error *count_keys(job *self, size_t *failed)
{
    okta_batch_options options = OKTA_BATCH_OPTIONS_INIT;
    options.next = next_app;
    options.result = on_keys;
    options.ctx = self;

    okta_batch *batch = NULL;
    okta_error *error = okta_batch_new(&options, &batch);
    if (error == NULL) {
        error = okta_batch_run(batch);
    }
    *failed = batch != NULL ? okta_batch_count(batch)->failed : 0;
    okta_free(batch);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: active_keys FILE\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    size_t failed = 0;
    job self = {.client = NULL, .file = fopen(argv[1], "r")};
    if (self.file == NULL) {
        fprintf(stderr, "active_keys: cannot open %s\n", argv[1]);
        return 1;
    }
    okta_error *error = okta_client_new(&options, &self.client);
    if (error == NULL) {
        error = count_keys(&self, &failed);
    }
    if (error != NULL) {
        fprintf(stderr, "active_keys: %s\n", okta_error_message(error));
    }
    int exit_code = error != NULL || failed > 0 ? 1 : 0;
    okta_free(error);
    okta_free(self.client);
    fclose(self.file);
    return exit_code;
}
