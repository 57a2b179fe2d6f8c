/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of an app. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <okta/api/application_sso_public_keys.h>

#include "apps.h"
#include "commands.h"
#include "common/out_path.h"
#include "ids.h"
#include "key_find.h"
#include "key_input.h"
#include "key_view.h"
#include "many_keys.h"
#include "new_key.h"
#include "output.h"
#include "report.h"

/* Operations that take a key's id and answer with the key. */
typedef okta_error *key_operation(okta_client *, const char *, const char *, okta_oauth2_client_jwk **);

int command_report(const command_line *options, okta_error *error)
{
    if (okta_error_status(error) != OKTA_E_OUTCOME_UNKNOWN) {
        return report_error(error, NULL);
    }
    const command_row *command = options->command;
    return report_error(error, "to find out, run: okta-keys %s%slist %s%s",
                        command->group == NULL ? "" : command->group, command->group == NULL ? "" : " ",
                        ids_ahead(options->arguments[0]), options->arguments[0]);
}

static int show_key(const command_line *options, const okta_oauth2_client_jwk *key, const char *private_key)
{
    if (options_has(options, OPTION_JSON)) {
        return report_error(output_model(NULL, key), NULL);
    }
    return key_view_record(key, private_key);
}

static const void *key_at(const void *list, size_t index)
{
    return ((const okta_oauth2_client_jwk_list *)list)->items[index];
}

int command_list(const command_line *options, okta_client *client)
{
    if (apps_are_several(options)) {
        return many_keys_list(options, client);
    }
    okta_oauth2_client_jwk_list *keys = NULL;
    int code = command_report(options, okta_list_jwk(client, options->arguments[0], &keys));
    if (code == EXIT_DONE && !options_has(options, OPTION_JSON)) {
        code = key_view_table(keys);
    } else if (code == EXIT_DONE) {
        code = report_error(output_models(NULL, keys->count, key_at, keys), NULL);
    }
    okta_free(keys);
    return code;
}

/* The id that KEY stands for. It lives in `*out_keys`, which the caller releases, or on the command line. */
static int resolve(const command_line *options, okta_client *client, okta_oauth2_client_jwk_list **out_keys,
                   const char **out_id)
{
    const char *key = options->arguments[1];
    *out_keys = NULL;
    *out_id = key;
    const char *kid = key_kid(key);
    if (kid == NULL) {
        return EXIT_DONE;
    }
    if (*kid == '\0') {
        return report(EXIT_USAGE, "there is no kid behind %s", KID_PREFIX);
    }
    int code = command_report(options, okta_list_jwk(client, options->arguments[0], out_keys));
    if (code != EXIT_DONE) {
        return code;
    }
    return report_error(key_find(options->arguments[0], kid, *out_keys, out_id), NULL);
}

/* Whether KEY, which is no id of a key, is the kid of one. */
static bool is_a_kid(const command_line *options, okta_client *client)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error = okta_list_jwk(client, options->arguments[0], &keys);
    bool found = false;
    for (size_t i = 0; error == NULL && i < keys->count; i++) {
        const char *kid = keys->items[i]->kid;
        found = found || (kid != NULL && strcmp(kid, options->arguments[1]) == 0);
    }
    okta_free(error);
    okta_free(keys);
    return found;
}

/* A key that is not there may have been named by its kid. */
static int report_key(const command_line *options, okta_client *client, okta_error *error)
{
    if (okta_error_status(error) == OKTA_E_NOT_FOUND && is_a_kid(options, client)) {
        return report_error(error, "a key has it as its kid: write " KID_PREFIX "%s", options->arguments[1]);
    }
    return command_report(options, error);
}

static int run_on_key(const command_line *options, okta_client *client, key_operation *operation)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_oauth2_client_jwk *key = NULL;
    const char *id = NULL;
    int code = resolve(options, client, &keys, &id);
    if (code == EXIT_DONE) {
        code = report_key(options, client, operation(client, options->arguments[0], id, &key));
    }
    if (code == EXIT_DONE) {
        code = show_key(options, key, NULL);
    }
    okta_free(key);
    okta_free(keys);
    return code;
}

int command_get(const command_line *options, okta_client *client)
{
    return run_on_key(options, client, okta_get_jwk);
}

int command_activate(const command_line *options, okta_client *client)
{
    return apps_are_several(options) ? many_keys_activate(options, client)
                                     : run_on_key(options, client, okta_activate_oauth2_client_json_web_key);
}

int command_deactivate(const command_line *options, okta_client *client)
{
    return apps_are_several(options)
               ? many_keys_deactivate(options, client)
               : run_on_key(options, client, okta_deactivate_oauth2_client_json_web_key);
}

int command_delete(const command_line *options, okta_client *client)
{
    if (apps_are_several(options)) {
        return many_keys_delete(options, client);
    }
    okta_oauth2_client_jwk_list *keys = NULL;
    const char *id = NULL;
    int code = resolve(options, client, &keys, &id);
    if (code == EXIT_DONE) {
        code = report_key(options, client, okta_delete_jwk(client, options->arguments[0], id));
    }
    if (code == EXIT_DONE && !options_has(options, OPTION_JSON)) {
        (void)printf("deleted key %s\n", id);
    }
    okta_free(keys);
    return code;
}

int command_add(const command_line *options, okta_client *client)
{
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    int code = key_input_read(options, &key);
    if (code == EXIT_DONE) {
        code = report_error(key_input_request(options, key, &request), NULL);
    }
    if (code == EXIT_DONE) {
        code = command_report(options, okta_add_jwk(client, options->arguments[0], request, &added));
    }
    if (code == EXIT_DONE) {
        code = show_key(options, added, NULL);
    }
    okta_free(added);
    okta_free(request);
    okta_free(key);
    return code;
}

/* The file that --out names for the app. NULL: it is said what is wrong. The caller frees it. */
static char *make_path(const command_line *options)
{
    const char *pattern = options_value(options, OPTION_OUT);
    const char *app = options->arguments[0];
    const char *reason = out_path_has_app(pattern) ? out_path_refuse(app) : NULL;
    if (reason != NULL) {
        (void)report(EXIT_USAGE, "app '%s': %s", app, reason);
        return NULL;
    }
    char *path = out_path_make(pattern, app);
    if (path == NULL) {
        (void)report(EXIT_REFUSED, "out of memory");
    }
    return path;
}

/* Print the key where the app has it already, as --resume asks. `*found` tells. */
static int show_found(const command_line *options, okta_client *client, const new_key *key, bool *found)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    int code = command_report(options, okta_list_jwk(client, options->arguments[0], &keys));
    const okta_oauth2_client_jwk *same = code == EXIT_DONE ? new_key_look(key, keys) : NULL;
    *found = same != NULL;
    if (*found) {
        code = show_key(options, same, key->path);
    }
    okta_free(keys);
    return code;
}

static int add_new_key(const command_line *options, okta_client *client, new_key *key)
{
    okta_oauth2_client_jwk *added = NULL;
    int code = report_error(new_key_make(options, key), NULL);
    if (code != EXIT_DONE) {
        return code;
    }
    okta_error *error = okta_add_jwk(client, options->arguments[0], key->request, &added);
    if (error != NULL) {
        char advice[ADVICE_SIZE];
        new_key_undo(key, okta_error_status(error));
        new_key_advise(options, options->arguments[0], key, okta_error_status(error), advice);
        return report_error(error, "%s", advice);
    }
    code = show_key(options, added, key->path);
    okta_free(added);
    return code;
}

int command_generate(const command_line *options, okta_client *client)
{
    if (apps_are_several(options)) {
        return many_keys_generate(options, client);
    }
    new_key key = {.path = make_path(options)};
    bool found = false;
    int code = key.path == NULL ? EXIT_USAGE : new_key_prepare(options, &key);
    if (code == EXIT_DONE && key.place == NEW_KEY_FOUND) {
        code = show_found(options, client, &key, &found);
    }
    if (code == EXIT_DONE && !found) {
        code = add_new_key(options, client, &key);
    }
    new_key_clear(&key);
    return code;
}

int command_thumbprint(const command_line *options, okta_client *client)
{
    (void)client;
    okta_key *key = NULL;
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    int code = key_input_read(options, &key);
    if (code == EXIT_DONE) {
        code = report_error(okta_key_thumbprint(key, thumbprint), NULL);
    }
    if (code == EXIT_DONE) {
        (void)printf(options_has(options, OPTION_JSON) ? "{\"thumbprint\":\"%s\"}\n" : "%s\n", thumbprint);
    }
    okta_free(key);
    return code;
}
