/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of an app. */
#include <stdio.h>
#include <string.h>

#include <okta/api/application_sso_public_keys.h>

#include "commands.h"
#include "files.h"
#include "key_input.h"
#include "key_view.h"
#include "output.h"
#include "report.h"

#define KID_PREFIX "kid:"

/* Operations that take a key's id and answer with the key. */
typedef okta_error *key_operation(okta_client *, const char *, const char *, okta_oauth2_client_jwk **);

int command_report(const command_line *options, okta_error *error)
{
    if (okta_error_status(error) != OKTA_E_OUTCOME_UNKNOWN) {
        return report_error(error, NULL);
    }
    const command_row *command = options->command;
    return report_error(error, "to find out, run: okta-keys %s%slist %s",
                        command->group == NULL ? "" : command->group, command->group == NULL ? "" : " ",
                        options->arguments[0]);
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

static int find_kid(const command_line *options, const char *kid, const okta_oauth2_client_jwk_list *keys,
                    const char **out_id)
{
    const okta_oauth2_client_jwk *found = NULL;
    size_t matches = 0;
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i]->kid != NULL && strcmp(keys->items[i]->kid, kid) == 0) {
            found = keys->items[i];
            matches++;
        }
    }
    if (matches == 0) {
        return report(EXIT_NOT_FOUND, "no key of app %s has the kid %s", options->arguments[0], kid);
    }
    if (matches > 1) {
        return report(EXIT_REFUSED, "%zu keys of app %s have the kid %s: name one by its id", matches,
                      options->arguments[0], kid);
    }
    if (found->id == NULL) {
        return report(EXIT_UNCLEAR, "Okta lists the key with the kid %s without an id", kid);
    }
    *out_id = found->id;
    return EXIT_DONE;
}

/* The id that KEY stands for. It lives in `*out_keys`, which the caller releases, or on the command line. */
static int resolve(const command_line *options, okta_client *client, okta_oauth2_client_jwk_list **out_keys,
                   const char **out_id)
{
    const char *key = options->arguments[1];
    *out_keys = NULL;
    *out_id = key;
    if (strncmp(key, KID_PREFIX, strlen(KID_PREFIX)) != 0) {
        return EXIT_DONE;
    }
    const char *kid = key + strlen(KID_PREFIX);
    if (*kid == '\0') {
        return report(EXIT_USAGE, "there is no kid behind %s", KID_PREFIX);
    }
    int code = command_report(options, okta_list_jwk(client, options->arguments[0], out_keys));
    return code == EXIT_DONE ? find_kid(options, kid, *out_keys, out_id) : code;
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
    return run_on_key(options, client, okta_activate_oauth2_client_json_web_key);
}

int command_deactivate(const command_line *options, okta_client *client)
{
    return run_on_key(options, client, okta_deactivate_oauth2_client_json_web_key);
}

int command_delete(const command_line *options, okta_client *client)
{
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

/* What is certain to fail must fail before a private key is on disk. A call that is canceled before it runs
 * sends nothing, and still answers for its arguments. */
static int check_before_generate(const command_line *options, okta_client *client)
{
    int code = key_input_check_out(options);
    if (code != EXIT_DONE) {
        return code;
    }
    okta_call *probe = okta_list_jwk_call(client, options->arguments[0]);
    okta_call_cancel(probe);
    okta_error *error = okta_call_run(probe);
    okta_free(probe);
    if (okta_error_status(error) == OKTA_E_CANCELED) {
        okta_free(error);
        return EXIT_DONE;
    }
    return report_error(error, NULL);
}

/* The private key is on disk, and Okta did not confirm its public half. */
static int report_half_done(const command_line *options, okta_error *error)
{
    const char *path = options_value(options, OPTION_OUT);
    const char *app = options->arguments[0];
    okta_status status = okta_error_status(error);
    if (status == OKTA_E_OUTCOME_UNKNOWN || status == OKTA_E_PROTOCOL || status == OKTA_E_SERVER ||
        status == OKTA_E_NOMEM) {
        return report_error(error,
                            "the private key is in %s; to find out whether Okta holds the key, run: "
                            "okta-keys list %s",
                            path, app);
    }
    return report_error(error,
                        "Okta does not hold the key; the private key is in %s; to add it, run: "
                        "okta-keys add %s --pem %s",
                        path, app, path);
}

int command_generate(const command_line *options, okta_client *client)
{
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    const char *path = options_value(options, OPTION_OUT);
    int code = check_before_generate(options, client);
    if (code == EXIT_DONE) {
        code = report_error(key_input_generate(options, &key), NULL);
    }
    if (code == EXIT_DONE) {
        code = report_error(key_input_request(options, key, &request), NULL);
    }
    if (code == EXIT_DONE) {
        code = report_error(okta_key_write_private_pem(key, path), NULL);
    }
    if (code == EXIT_DONE) {
        okta_error *error = okta_add_jwk(client, options->arguments[0], request, &added);
        code = error == NULL ? show_key(options, added, path) : report_half_done(options, error);
    }
    okta_free(added);
    okta_free(request);
    okta_free(key);
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
