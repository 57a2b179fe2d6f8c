/* SPDX-License-Identifier: Apache-2.0 */
#include "many_keys.h"

#include <stdio.h>
#include <string.h>

#include <okta/api/application_sso_public_keys.h>

#include "common/out_path.h"
#include "ids.h"
#include "key_find.h"
#include "key_view.h"
#include "many.h"
#include "many_print.h"
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
    app->shown = app->result;
}

static int print_list(const many *self, const many_app *app)
{
    many_print_title(self, app);
    return key_view_table(app->shown);
}

static const void *key_at(const void *list, size_t index)
{
    return ((const okta_oauth2_client_jwk_list *)list)->items[index];
}

static int print_list_json(const many *self, const many_app *app)
{
    const okta_oauth2_client_jwk_list *keys = app->shown;
    return many_print_models(self, keys->count, key_at, keys);
}

int many_keys_list(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {{.doing = "listing keys", .make = make_list, .take = take_list}};
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
    const char *id = NULL;
    okta_oauth2_client_jwk_list *keys = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
    okta_error *error = key_find(NULL, key_kid(self->options->arguments[1]), keys, &id);
    if (error != NULL) {
        many_fail(app, error);
    } else {
        app->key_id = strdup(id);
        if (app->key_id == NULL) {
            many_fail(app, okta_error_new(OKTA_E_NOMEM, NULL));
        }
    }
    okta_free(keys);
}

static void take_key(const many *self, many_app *app, okta_call *call)
{
    (void)self;
    app->result = OKTA_TAKE(call, okta_oauth2_client_jwk);
    app->shown = app->result;
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
    const okta_oauth2_client_jwk *key = app->shown;
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
    return report_error(output_model_piece(self->work->mask, app->shown), NULL);
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
    static const many_step steps[] = {{.doing = "looking for the key", .make = make_list, .take = take_id},
                                      {.doing = "activating keys", .make = make_activate, .take = take_key}};
    static const many_work work = {.steps = steps,
                                   .step_count = 2,
                                   .changes = true,
                                   .member = "key",
                                   .print_head = print_head,
                                   .print = print_change,
                                   .print_json = print_key_json};
    return run_on_kid(options, client, &work);
}

int many_keys_deactivate(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {
        {.doing = "looking for the key", .make = make_list, .take = take_id},
        {.doing = "deactivating keys", .make = make_deactivate, .take = take_key}};
    static const many_work work = {.steps = steps,
                                   .step_count = 2,
                                   .changes = true,
                                   .member = "key",
                                   .print_head = print_head,
                                   .print = print_change,
                                   .print_json = print_key_json};
    return run_on_kid(options, client, &work);
}

int many_keys_delete(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {{.doing = "looking for the key", .make = make_list, .take = take_id},
                                      {.doing = "deleting keys", .make = make_delete, .take = take_nothing}};
    static const many_work work = {.steps = steps,
                                   .step_count = 2,
                                   .changes = true,
                                   .member = "deleted",
                                   .print_head = print_head,
                                   .print = print_deleted,
                                   .print_json = print_deleted_json};
    return run_on_kid(options, client, &work);
}

/* New keys. */

static int prepare_key(const many *self, many_app *app)
{
    const char *reason = out_path_refuse(app->name->id);
    if (reason != NULL) {
        return apps_refuse(self->options, app->name, reason);
    }
    app->key.path = out_path_make(options_value(self->options, OPTION_OUT), app->name->id);
    return app->key.path == NULL ? report(EXIT_REFUSED, "out of memory")
                                 : new_key_prepare(self->options, &app->key);
}

static bool is_found(const many_app *app)
{
    return app->key.place == NEW_KEY_FOUND;
}

/* An app that has the key of its file is done. */
static void look_for_found(const many *self, many_app *app, okta_call *call)
{
    (void)self;
    app->result = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
    app->shown = new_key_look(&app->key, app->result);
    if (app->shown != NULL) {
        app->state = MANY_DONE;
    } else {
        okta_free(app->result);
        app->result = NULL;
    }
}

/* The private key is on disk before the call is made. */
static okta_call *make_add(const many *self, many_app *app, okta_error **error)
{
    *error = new_key_make(self->options, &app->key);
    return *error == NULL ? okta_add_jwk_call(self->client, app->name->id, app->key.request) : NULL;
}

static void undo_add(many_app *app)
{
    new_key_undo(&app->key, okta_error_status(app->error));
}

static void advise_generate(const many *self, const many_app *app, char out[ADVICE_SIZE])
{
    new_key_advise(self->options, app->name->id, &app->key, okta_error_status(app->error), out);
}

static void print_head_of_new(const many *self)
{
    many_print_cell("APP", self->id_width);
    many_print_cell("ID", ID_WIDTH);
    many_print_last("KID");
}

static int print_new(const many *self, const many_app *app)
{
    const okta_oauth2_client_jwk *key = app->shown;
    many_print_cell(app->name->id, self->id_width);
    many_print_cell(key->id, ID_WIDTH);
    many_print_last(key->kid);
    return EXIT_DONE;
}

int many_keys_generate(const command_line *options, okta_client *client)
{
    static const many_step steps[] = {
        {.doing = "looking for keys", .make = make_list, .take = look_for_found, .concerns = is_found},
        {.doing = "generating keys", .make = make_add, .take = take_key, .undo = undo_add}};
    const bool resumes = options_has(options, OPTION_RESUME);
    const many_work work = {.steps = resumes ? steps : steps + 1,
                            .step_count = resumes ? 2 : 1,
                            .changes = true,
                            .member = "key",
                            .print_head = print_head_of_new,
                            .print = print_new,
                            .print_json = print_key_json,
                            .advise = advise_generate};
    if (!out_path_has_app(options_value(options, OPTION_OUT))) {
        return report(EXIT_USAGE, "with several apps --out needs %%a, which stands for the id of each");
    }
    int code = new_key_check(options);
    return code == EXIT_DONE ? many_run(options, client, &work, prepare_key) : code;
}
