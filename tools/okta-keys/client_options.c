/* SPDX-License-Identifier: Apache-2.0 */
#include "client_options.h"

#include <inttypes.h>
#include <stdio.h>

#include "files.h"
#include "report.h"
#include "text.h"

/* The message has method, path, status, attempt and wait. */
static void print_event(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    (void)fputs("okta-keys: ", stderr);
    text_print(stderr, event->message);
    (void)fprintf(stderr, " (%" PRId64 " ms", event->elapsed_ms);
    if (event->request_id != NULL) {
        (void)fputs(", request id ", stderr);
        text_print(stderr, event->request_id);
    }
    (void)fputs(")\n", stderr);
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

static int check_complete(const okta_client_options *options)
{
    if (options->org_url == NULL) {
        return report(EXIT_USAGE,
                      "the org is missing: give --org-url, or set OKTA_CLIENT_ORGURL, or orgUrl in "
                      "okta.yaml");
    }
    bool needs_token = options->authorization_mode == OKTA_AUTHORIZATION_SSWS ||
                       options->authorization_mode == OKTA_AUTHORIZATION_BEARER;
    if (options->token == NULL && needs_token) {
        const char *hint = "";
        if (options->private_key != NULL) {
            hint = "; the private key is used with OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey";
        } else if (options->client_secret != NULL) {
            hint = "; the client secret is used with OKTA_CLIENT_AUTHORIZATIONMODE=ClientSecret";
        }
        return report(EXIT_USAGE,
                      "the API token is missing: give --token-file, or set OKTA_CLIENT_TOKEN, or token in "
                      "okta.yaml%s",
                      hint);
    }
    return EXIT_DONE;
}

int client_options_connect(const command_line *options, okta_client **out)
{
    okta_client_options *loaded = NULL;
    int exit_code = client_options_load(options, &loaded);
    if (exit_code == EXIT_DONE) {
        exit_code = check_complete(loaded);
    }
    if (exit_code == EXIT_DONE) {
        exit_code = report_error(okta_client_new(loaded, out), NULL);
    }
    okta_free(loaded);
    return exit_code;
}
