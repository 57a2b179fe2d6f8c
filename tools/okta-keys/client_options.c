/* SPDX-License-Identifier: Apache-2.0 */
#include "client_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "report.h"
#include "text.h"

/* The message has method, path, status, attempt and wait. */
static void print_event(void *ctx, const okta_log_event *event)
{
    (void)ctx;
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
    code.user_agent = "okta-keys/" OKTA_VERSION;
    code.timeout_ms = options->timeout_ms;
    code.max_retries = options->max_retries;
    if (options_has(options, OPTION_VERBOSE)) {
        code.log_level = OKTA_LOG_DEBUG;
        code.log = print_event;
    }
    if (exit_code == EXIT_DONE) {
        exit_code = report_error(okta_client_options_load(&code, out), NULL);
    }
    file_clear(&token);
    return exit_code;
}

/* The option of the tool that gives what the library misses; NULL: there is none. */
static const char *option_for(const okta_error *error)
{
    static const struct {
        const char *begin, *option;
    } options[] = {
        {"org_url is required", "--org-url URL"},
        {"token is required", "--token-file FILE"},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (strncmp(okta_error_message(error), options[i].begin, strlen(options[i].begin)) == 0) {
            return options[i].option;
        }
    }
    return NULL;
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

int client_options_connect(const command_line *options, okta_client **out)
{
    okta_client_options *loaded = NULL;
    int exit_code = client_options_load(options, &loaded);
    if (exit_code == EXIT_DONE) {
        choose_log(loaded);
        okta_error *error = okta_client_new(loaded, out);
        const char *option = option_for(error);
        exit_code = option == NULL ? report_error(error, NULL) : report_error(error, "or give %s", option);
    }
    okta_free(loaded);
    return exit_code;
}
