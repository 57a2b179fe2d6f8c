/* SPDX-License-Identifier: Apache-2.0 */
/* The secrets of an app. */
#include <stdio.h>
#include <string.h>

#include <okta/api/application_sso_public_keys.h>

#include "commands.h"
#include "files.h"
#include "many.h"
#include "many_print.h"
#include "output.h"
#include "report.h"
#include "table.h"

/* Operations that take a secret's id and answer with the secret. */
typedef okta_error *secret_operation(okta_client *, const char *, const char *, okta_oauth2_client_secret **);

static const char *shown_secret(const command_line *options, const okta_oauth2_client_secret *secret)
{
    return secret->client_secret == NULL || options_has(options, OPTION_SHOW_SECRETS) ? secret->client_secret
                                                                                      : "***";
}

static const okta_descriptor *mask_for(const command_line *options)
{
    return options_has(options, OPTION_SHOW_SECRETS) ? NULL : okta_oauth2_client_secret_descriptor();
}

static int show_secret(const command_line *options, const okta_oauth2_client_secret *secret)
{
    if (options_has(options, OPTION_JSON)) {
        return report_error(output_model(mask_for(options), secret), NULL);
    }
    text_table table = {.columns = 2};
    table_add_line(&table, "ID", secret->id);
    table_add_line(&table, "CLIENT SECRET", shown_secret(options, secret));
    table_add_line(&table, "SECRET HASH", secret->secret_hash);
    table_add_line(&table, "STATUS", okta_enum_text(secret, "status"));
    table_add_line(&table, "CREATED", secret->created);
    table_add_line(&table, "LAST UPDATED", secret->last_updated);
    return table_finish(&table);
}

static int print_table(const command_line *options, const okta_oauth2_client_secret_list *secrets)
{
    static const char *const headings[] = {"ID", "CLIENT SECRET", "SECRET HASH", "STATUS", "CREATED"};
    text_table table = {.columns = sizeof headings / sizeof headings[0]};
    if (secrets->count == 0) {
        (void)puts("no secrets");
        return EXIT_DONE;
    }
    for (size_t i = 0; i < table.columns; i++) {
        table_add(&table, headings[i]);
    }
    for (size_t i = 0; i < secrets->count; i++) {
        const okta_oauth2_client_secret *secret = secrets->items[i];
        table_add(&table, secret->id);
        table_add(&table, shown_secret(options, secret));
        table_add(&table, secret->secret_hash);
        table_add(&table, okta_enum_text(secret, "status"));
        table_add(&table, secret->created);
    }
    return table_finish(&table);
}

static const void *secret_at(const void *list, size_t index)
{
    return ((const okta_oauth2_client_secret_list *)list)->items[index];
}

static okta_call *make_list(const many *self, many_app *app, okta_error **error)
{
    (void)error;
    return okta_list_oauth2_client_secrets_call(self->client, app->name->id);
}

static void take_list(const many *self, many_app *app, okta_call *call)
{
    (void)self;
    app->result = OKTA_TAKE(call, okta_oauth2_client_secret_list);
    app->shown = app->result;
}

static int print_list(const many *self, const many_app *app)
{
    many_print_title(self, app);
    return print_table(self->options, app->shown);
}

static int print_list_json(const many *self, const many_app *app)
{
    const okta_oauth2_client_secret_list *secrets = app->shown;
    return many_print_models(self, secrets->count, secret_at, secrets);
}

static int list_of_many(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {{.doing = "listing secrets", .make = make_list, .take = take_list}};
    const many_work work = {.steps = steps,
                            .step_count = 1,
                            .member = "secrets",
                            .mask = mask_for(options),
                            .print = print_list,
                            .print_json = print_list_json};
    return many_run(options, client, &work, NULL);
}

int command_secrets_list(const command_line *options, okta_client *client)
{
    if (apps_are_several(options)) {
        return list_of_many(options, client);
    }
    okta_oauth2_client_secret_list *secrets = NULL;
    int code =
        command_report(options, okta_list_oauth2_client_secrets(client, options->arguments[0], &secrets));
    if (code == EXIT_DONE && !options_has(options, OPTION_JSON)) {
        code = print_table(options, secrets);
    } else if (code == EXIT_DONE) {
        code = report_error(output_models(mask_for(options), secrets->count, secret_at, secrets), NULL);
    }
    okta_free(secrets);
    return code;
}

static int run_on_secret(const command_line *options, okta_client *client, secret_operation *operation)
{
    okta_oauth2_client_secret *secret = NULL;
    int code =
        command_report(options, operation(client, options->arguments[0], options->arguments[1], &secret));
    if (code == EXIT_DONE) {
        code = show_secret(options, secret);
    }
    okta_free(secret);
    return code;
}

int command_secrets_get(const command_line *options, okta_client *client)
{
    return run_on_secret(options, client, okta_get_oauth2_client_secret);
}

int command_secrets_activate(const command_line *options, okta_client *client)
{
    return run_on_secret(options, client, okta_activate_oauth2_client_secret);
}

int command_secrets_deactivate(const command_line *options, okta_client *client)
{
    return run_on_secret(options, client, okta_deactivate_oauth2_client_secret);
}

int command_secrets_delete(const command_line *options, okta_client *client)
{
    int code = command_report(
        options, okta_delete_oauth2_client_secret(client, options->arguments[0], options->arguments[1]));
    if (code == EXIT_DONE && !options_has(options, OPTION_JSON)) {
        (void)printf("deleted secret %s\n", options->arguments[1]);
    }
    return code;
}

int command_secrets_create(const command_line *options, okta_client *client)
{
    okta_oauth2_client_secret_request_body body = {.model = OKTA_INIT(okta_oauth2_client_secret_request_body),
                                                   .client_secret = NULL};
    const char *path = options_value(options, OPTION_SECRET_FILE);
    const char *status = options_value(options, OPTION_STATUS);
    okta_oauth2_client_secret *secret = NULL;
    file_text text = {0};
    int code = path == NULL ? EXIT_DONE : file_read_secret(path, &text);
    if (status != NULL) {
        body.status = strcmp(status, "INACTIVE") == 0 ? OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE
                                                      : OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE;
    }
    body.client_secret = text.text;
    if (code == EXIT_DONE) {
        bool empty = path == NULL && status == NULL;
        code = command_report(options, okta_create_oauth2_client_secret(client, options->arguments[0],
                                                                        empty ? NULL : &body, &secret));
    }
    file_text_clear(&text);
    if (code == EXIT_DONE) {
        code = show_secret(options, secret);
    }
    if (code == EXIT_DONE && path == NULL && !options_has(options, OPTION_SHOW_SECRETS)) {
        const char *id = secret->id == NULL ? "SECRET" : secret->id;
        bool is_dashed = options->arguments[0][0] == '-' || id[0] == '-';
        report_note("Okta made the secret; to see it, run: okta-keys secrets get %s%s %s%s",
                    is_dashed ? "--show-secrets -- " : "", options->arguments[0], id,
                    is_dashed ? "" : " --show-secrets");
    }
    okta_free(secret);
    return code;
}
