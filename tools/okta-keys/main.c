/* SPDX-License-Identifier: Apache-2.0 */
/* okta-keys: the keys and secrets of OAuth 2.0 clients from the command line. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "files.h"
#include "options.h"
#include "output.h"
#include "report.h"
#include "text.h"

#define URL_VARIABLE   "OKTA_CLIENT_ORGURL"
#define TOKEN_VARIABLE "OKTA_CLIENT_TOKEN"

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

static const char *from_environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : NULL;
}

static int make_client(const command_line *options, okta_client **out)
{
    okta_client_options wanted = OKTA_CLIENT_OPTIONS_INIT;
    file_text token = {0};
    const char *url = options_value(options, OPTION_ORG_URL);
    const char *token_file = options_value(options, OPTION_TOKEN_FILE);
    wanted.org_url = url != NULL ? url : from_environment(URL_VARIABLE);
    if (wanted.org_url == NULL) {
        return report(EXIT_USAGE, "the org is missing: give --org-url, or set " URL_VARIABLE);
    }
    wanted.token = from_environment(TOKEN_VARIABLE);
    if (token_file != NULL) {
        int code = file_read_token(token_file, &token);
        if (code != EXIT_DONE) {
            file_clear(&token);
            return code;
        }
        wanted.token = token.text;
    }
    if (wanted.token == NULL) {
        return report(EXIT_USAGE, "the API token is missing: give --token-file, or set " TOKEN_VARIABLE);
    }
    wanted.user_agent = "okta-keys/" OKTA_VERSION;
    wanted.timeout_ms = options->timeout_ms;
    wanted.max_retries = options->max_retries;
    if (options_has(options, OPTION_VERBOSE)) {
        wanted.log_level = OKTA_LOG_DEBUG;
        wanted.log = print_event;
    }
    int code = report_error(okta_client_new(&wanted, out), NULL);
    file_clear(&token);
    return code;
}

static int run(int argc, char **argv)
{
    command_line options;
    okta_client *client = NULL;
    int code = options_parse(argc, argv, &options);
    if (code != OPTIONS_RUN) {
        return code;
    }
    code = options.command->offline ? EXIT_DONE : make_client(&options, &client);
    if (code == EXIT_DONE) {
        code = options.command->run(&options, client);
    }
    okta_free(client);
    return code;
}

/* A closed standard stream would give its number to a socket or a key file, and output would go there. What
 * is opened instead cannot be used in the stream's direction, so reading or printing still fails. */
static bool occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", mode | O_CLOEXEC) != fd) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static char line[BUFSIZ];
    if (!occupy_standard_streams()) {
        return EXIT_REFUSED;
    }
    /* One write a line, so that lines of several processes do not mix. */
    (void)setvbuf(stderr, line, _IOLBF, sizeof line);
    return output_finish(run(argc, argv));
}
