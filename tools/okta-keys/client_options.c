/* SPDX-License-Identifier: Apache-2.0 */
#include "client_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "files.h"
#include "progress.h"
#include "report.h"

#define OWN_USER_AGENT "okta-keys/" OKTA_VERSION

/* The message has method, path, status, attempt and wait. */
static void print_event(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    progress_clear();
    (void)fputs("okta-keys: ", stderr);
    text_print(stderr, event->message);
    if (strcmp(event->operation, "configuration") == 0) {
        (void)fputc('\n', stderr);
        return;
    }
    (void)fprintf(stderr, " (%" PRId64 " ms", event->elapsed_ms);
    if (event->request_id != NULL) {
        (void)fputs(", request id ", stderr);
        text_print(stderr, event->request_id);
    }
    (void)fputs(")\n", stderr);
}

static void print_configuration(void *ctx, const okta_log_event *event)
{
    if (strcmp(event->operation, "configuration") == 0) {
        print_event(ctx, event);
    }
}

int client_options_load(const command_line *options, okta_client_options **out)
{
    okta_client_options code = OKTA_CLIENT_OPTIONS_INIT;
    file_text token = {0};
    const char *token_file = options_value(options, OPTION_TOKEN_FILE);
    int exit_code = EXIT_DONE;
    *out = NULL;
    if (token_file != NULL) {
        exit_code = file_read_token(token_file, &token);
        code.token = token.text;
    }
    code.org_url = options_value(options, OPTION_ORG_URL);
    code.timeout_ms = options->timeout_ms;
    code.max_retries = options->max_retries;
    code.max_in_flight = options->concurrency;
    if (options_has(options, OPTION_VERBOSE)) {
        code.log_level = OKTA_LOG_DEBUG;
        code.log = print_event;
    }
    if (exit_code == EXIT_DONE) {
        exit_code = report_error(okta_client_options_load(&code, out), NULL);
    }
    if (exit_code == EXIT_DONE && (*out)->user_agent == NULL) {
        (*out)->user_agent = OWN_USER_AGENT;
    }
    file_text_clear(&token);
    return exit_code;
}

/* The options of the tool that give what the library calls by a name of its own. */
typedef struct given_option {
    const char *name;
    option_id id;
    const char *option, *value;
    bool is_file;
} given_option;

/* The one whose name `message` begins with, and the rest of the message; NULL: none. */
static const given_option *option_of(const char *message, const char **out_rest)
{
    static const given_option options[] = {{"org_url", OPTION_ORG_URL, "org-url", "URL", false},
                                           {"token", OPTION_TOKEN_FILE, "token-file", "FILE", true}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        size_t length = strlen(options[i].name);
        if (strncmp(message, options[i].name, length) == 0 && message[length] == ' ') {
            *out_rest = message + length;
            return &options[i];
        }
    }
    return NULL;
}

/* An option that is missing stands among the places where it may be given: "token is required (--token-file
 * FILE, OKTA_CLIENT_TOKEN, or ...)". What is wrong about the value of an option begins with that option. */
static int report_setting(const command_line *options, okta_error *error)
{
    static const char missing[] = " is required (";
    const char *message = okta_error_message(error);
    const char *rest = NULL;
    const given_option *given = error == NULL ? NULL : option_of(message, &rest);
    if (given != NULL && strncmp(rest, missing, sizeof missing - 1) == 0) {
        rest += sizeof missing - 1;
        int code = report(EXIT_USAGE, "%.*s--%s %s, %s", (int)(rest - message), message, given->option,
                          given->value, rest);
        okta_free(error);
        return code;
    }
    if (given != NULL && options_has(options, given->id)) {
        return report_option(given->option, given->is_file ? options_value(options, given->id) : NULL, error);
    }
    return report_error(error, NULL);
}

static bool names_log_level(const okta_client_options *options)
{
    okta_option_values *values = NULL;
    bool named = false;
    okta_free(okta_client_options_describe(options, &values));
    for (size_t i = 0; values != NULL && i < values->count; i++) {
        named = named || (strcmp(values->items[i].name, "log_level") == 0 &&
                          strcmp(values->items[i].source, "default") != 0);
    }
    okta_free(values);
    return named;
}

/* Without a level that somebody chose, names that are no options are told and nothing else. */
static void choose_log(okta_client_options *options)
{
    bool chosen = names_log_level(options);
    options->log = chosen ? print_event : print_configuration;
    options->log_level = chosen ? options->log_level : OKTA_LOG_WARN;
}

/* A text of files or the environment stands in front of the tool's own. `*out` is to be freed; NULL: there is
 * no such text. */
static int join_user_agent(okta_client_options *options, char **out)
{
    *out = NULL;
    if (strcmp(options->user_agent, OWN_USER_AGENT) == 0) {
        return EXIT_DONE;
    }
    size_t size = strlen(options->user_agent) + sizeof " " OWN_USER_AGENT;
    *out = malloc(size);
    if (*out == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    (void)snprintf(*out, size, "%s " OWN_USER_AGENT, options->user_agent);
    options->user_agent = *out;
    return EXIT_DONE;
}

int client_options_connect(command_line *options, okta_client **out)
{
    okta_client_options *loaded = NULL;
    char *user_agent = NULL;
    int exit_code = client_options_load(options, &loaded);
    if (exit_code == EXIT_DONE) {
        exit_code = join_user_agent(loaded, &user_agent);
    }
    if (exit_code == EXIT_DONE) {
        choose_log(loaded);
        options->secret_method = loaded->client_auth_method;
        exit_code = report_setting(options, okta_client_new(loaded, out));
    }
    okta_free(loaded);
    free(user_agent);
    return exit_code;
}
