/* SPDX-License-Identifier: Apache-2.0 */
#include "many_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <okta/api/application_sso_public_keys.h>

#include "ids.h"
#include "key_find.h"
#include "key_input.h"
#include "key_view.h"
#include "many.h"
#include "out_path.h"
#include "report.h"

#define ID_WIDTH 20u

static okta_call *make_list(const many *self, many_app *app, okta_error **error)
{
    (void)error;
    return okta_list_jwk_call(self->client, app->name->id);
}

/* Lists. */

static void take_list(const many *self, many_app *app, okta_call *call)
{
    (void)self;
    app->result = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
}

static int print_list(const many *self, const many_app *app)
{
    many_print_title(self, app);
    return key_view_table(app->result);
}

static const void *key_at(const void *list, size_t index)
{
    return ((const okta_oauth2_client_jwk_list *)list)->items[index];
}

static int print_list_json(const many *self, const many_app *app)
{
    const okta_oauth2_client_jwk_list *keys = app->result;
    return many_print_models(self, keys->count, key_at, keys);
}

int many_keys_list(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {{"listing keys", make_list, take_list}};
    static const many_work work = {.steps = steps,
                                   .step_count = 1,
                                   .member = "keys",
                                   .print = print_list,
                                   .print_json = print_list_json};
    return many_run(options, client, &work, NULL);
}

/* Changes of a key that is named by its kid. */

/* The key in the list, or why there is none. */
static void take_id(const many *self, many_app *app, okta_call *call)
{
    char why[KEY_FIND_SIZE];
    const char *id = NULL;
    okta_oauth2_client_jwk_list *keys = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
    if (key_find(NULL, key_kid(self->options->arguments[1]), keys, &id, why) != EXIT_DONE) {
        many_fail(app, "%s", why);
    } else {
        app->key_id = strdup(id);
        if (app->key_id == NULL) {
            many_fail(app, "out of memory");
        }
    }
    okta_free(keys);
}

static void take_key(const many *self, many_app *app, okta_call *call)
{
    (void)self;
    app->result = OKTA_TAKE(call, okta_oauth2_client_jwk);
}

static void take_nothing(const many *self, many_app *app, okta_call *call)
{
    (void)self;
    (void)app;
    (void)call;
}

static okta_call *make_activate(const many *self, many_app *app, okta_error **error)
{
    (void)error;
    return okta_activate_oauth2_client_json_web_key_call(self->client, app->name->id, app->key_id);
}

static okta_call *make_deactivate(const many *self, many_app *app, okta_error **error)
{
    (void)error;
    return okta_deactivate_oauth2_client_json_web_key_call(self->client, app->name->id, app->key_id);
}

static okta_call *make_delete(const many *self, many_app *app, okta_error **error)
{
    (void)error;
    return okta_delete_jwk_call(self->client, app->name->id, app->key_id);
}

static void print_head(const many *self)
{
    many_print_cell("APP", self->id_width);
    many_print_cell("ID", ID_WIDTH);
    many_print_last("STATUS");
}

static int print_change(const many *self, const many_app *app)
{
    const okta_oauth2_client_jwk *key = app->result;
    many_print_cell(app->name->id, self->id_width);
    many_print_cell(key->id, ID_WIDTH);
    many_print_last(okta_enum_text(key, "status"));
    return EXIT_DONE;
}

static int print_deleted(const many *self, const many_app *app)
{
    many_print_cell(app->name->id, self->id_width);
    many_print_cell(app->key_id, ID_WIDTH);
    many_print_last("DELETED");
    return EXIT_DONE;
}

static int print_key_json(const many *self, const many_app *app)
{
    return report_error(output_model_piece(self->work->mask, app->result), NULL);
}

static int print_deleted_json(const many *self, const many_app *app)
{
    (void)self;
    return output_string_piece(app->key_id) ? EXIT_DONE : report(EXIT_REFUSED, "out of memory");
}

static int run_on_kid(const command_line *options, okta_client *client, const many_work *work)
{
    const char *kid = key_kid(options->arguments[1]);
    if (kid == NULL) {
        return report(EXIT_USAGE,
                      "with several apps KEY is " KID_PREFIX
                      "KID, not '%.*s%s': an id is that of one app's key",
                      IDS_SHOWN(options->arguments[1]));
    }
    if (*kid == '\0') {
        return report(EXIT_USAGE, "there is no kid behind %s", KID_PREFIX);
    }
    return many_run(options, client, work, NULL);
}

int many_keys_activate(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {{"looking for the key", make_list, take_id},
                                      {"activating keys", make_activate, take_key}};
    static const many_work work = {.steps = steps,
                                   .step_count = 2,
                                   .member = "key",
                                   .print_head = print_head,
                                   .print = print_change,
                                   .print_json = print_key_json};
    return run_on_kid(options, client, &work);
}

int many_keys_deactivate(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {{"looking for the key", make_list, take_id},
                                      {"deactivating keys", make_deactivate, take_key}};
    static const many_work work = {.steps = steps,
                                   .step_count = 2,
                                   .member = "key",
                                   .print_head = print_head,
                                   .print = print_change,
                                   .print_json = print_key_json};
    return run_on_kid(options, client, &work);
}

int many_keys_delete(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {{"looking for the key", make_list, take_id},
                                      {"deleting keys", make_delete, take_nothing}};
    static const many_work work = {.steps = steps,
                                   .step_count = 2,
                                   .member = "deleted",
                                   .print_head = print_head,
                                   .print = print_deleted,
                                   .print_json = print_deleted_json};
    return run_on_kid(options, client, &work);
}

/* New keys. */

static int prepare_path(const many *self, many_app *app)
{
    const char *reason = out_path_refuse(app->name->id);
    if (reason != NULL) {
        return apps_refuse(self->options, app->name, reason);
    }
    app->path = out_path_make(options_value(self->options, OPTION_OUT), app->name->id);
    return app->path == NULL ? report(EXIT_REFUSED, "out of memory") : key_input_check_out(app->path);
}

/* The private key is on disk before the call is made. */
static okta_call *make_add(const many *self, many_app *app, okta_error **error)
{
    okta_key *key = NULL;
    *error = key_input_generate(self->options, &key);
    if (*error == NULL) {
        *error = key_input_request(self->options, key, &app->request);
    }
    if (*error == NULL) {
        *error = okta_key_write_private_pem(key, app->path);
        app->is_stored = *error == NULL;
    }
    okta_free(key);
    return *error == NULL ? okta_add_jwk_call(self->client, app->name->id, app->request) : NULL;
}

static void advise_generate(const many *self, const many_app *app, char out[ADVICE_SIZE])
{
    if (app->is_stored) {
        advice_for_generate(self->options, app->name->id, app->path, okta_error_status(app->error), out);
    }
}

static void print_head_of_new(const many *self)
{
    many_print_cell("APP", self->id_width);
    many_print_cell("ID", ID_WIDTH);
    many_print_last("KID");
}

static int print_new(const many *self, const many_app *app)
{
    const okta_oauth2_client_jwk *key = app->result;
    many_print_cell(app->name->id, self->id_width);
    many_print_cell(key->id, ID_WIDTH);
    many_print_last(key->kid);
    return EXIT_DONE;
}

int many_keys_generate(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {{"generating keys", make_add, take_key}};
    static const many_work work = {.steps = steps,
                                   .step_count = 1,
                                   .member = "key",
                                   .print_head = print_head_of_new,
                                   .print = print_new,
                                   .print_json = print_key_json,
                                   .advise = advise_generate};
    if (!out_path_has_app(options_value(options, OPTION_OUT))) {
        return report(EXIT_USAGE, "with several apps --out needs %%a, which stands for the id of each");
    }
    return many_run(options, client, &work, prepare_path);
}
