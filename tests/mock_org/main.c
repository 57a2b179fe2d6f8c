/* SPDX-License-Identifier: Apache-2.0 */
/* The program okta-mock-org: a mock that runs until it is told to stop. */
#include "mock_org.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

static const char usage[] =
    "Usage: okta-mock-org [options]\n"
    "\n"
    "Serves a made-up Okta org on a port of 127.0.0.1 until SIGINT or SIGTERM. The first line of its\n"
    "output is its URL; its apps and the token follow on standard error.\n"
    "\n"
    "  --port N                      listen on this port (default: a free one)\n"
    "  --list-shape array|keys|jwks  how the list of keys is wrapped (default: array)\n"
    "  --rate-limit N/SECONDS        calls in a window (default: 10000/60)\n"
    "  --token TOKEN                 the accepted API token (default: mock-token)\n"
    "  --users N                     made-up users behind /api/v1/users (default: 0)\n"
    "  --help                        show this text\n";

/* The number at the start of `text`, and where it ends; -1 when it is not one from `minimum` to `maximum`. */
static long read_number(const char *text, long minimum, long maximum, char **out_end)
{
    if (*text < '0' || *text > '9') {
        return -1;
    }
    errno = 0;
    long value = strtol(text, out_end, 10);
    return errno == 0 && value >= minimum && value <= maximum ? value : -1;
}

static bool read_shape(const char *text, mock_list_shape *out)
{
    static const char *const names[] = {
        [MOCK_LIST_ARRAY] = "array", [MOCK_LIST_KEYS] = "keys", [MOCK_LIST_JWKS] = "jwks"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = (mock_list_shape)i;
            return true;
        }
    }
    return false;
}

static bool read_whole_number(const char *text, long minimum, long maximum, long *out)
{
    char *end = NULL;
    *out = read_number(text, minimum, maximum, &end);
    return *out >= 0 && *end == '\0';
}

static bool read_rate(const char *text, mock_org_options *options)
{
    char *end = NULL;
    long window = -1;
    long calls = read_number(text, 1, 1000000000, &end);
    if (calls < 0 || *end != '/' || !read_whole_number(end + 1, 1, 1000000000, &window)) {
        return false;
    }
    options->rate_limit = (unsigned)calls;
    options->rate_window_s = (unsigned)window;
    return true;
}

/* Why the value of an option is refused, or NULL. */
static const char *read_option(int option, const char *value, mock_org_options *options)
{
    long number = 0;
    switch (option) {
    case 'p':
        if (!read_whole_number(value, 0, 65535, &number)) {
            return "--port takes a number from 0 to 65535";
        }
        options->port = (uint16_t)number;
        return NULL;
    case 'l':
        return read_shape(value, &options->list_shape) ? NULL : "--list-shape is array, keys or jwks";
    case 'r':
        return read_rate(value, options) ? NULL : "--rate-limit takes N/SECONDS, both from 1";
    case 't':
        options->token = value;
        return *value != '\0' ? NULL : "--token takes a token that is not empty";
    default:
        if (!read_whole_number(value, 0, 100000000, &number)) {
            return "--users takes a number from 0 to 100000000";
        }
        options->users = (unsigned)number;
        return NULL;
    }
}

/* -1: go on; else the exit status. */
static int read_arguments(int argc, char **argv, mock_org_options *options)
{
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'},
        {"list-shape", required_argument, NULL, 'l'},
        {"rate-limit", required_argument, NULL, 'r'},
        {"token", required_argument, NULL, 't'},
        {"users", required_argument, NULL, 'u'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int option = 0; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 'h') {
            return fputs(usage, stdout) >= 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        }
        if (option == '?') {
            return EXIT_USAGE;
        }
        const char *refusal = read_option(option, optarg, options);
        if (refusal != NULL) {
            fprintf(stderr, "okta-mock-org: %s\n", refusal);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "okta-mock-org: unexpected argument: %s\n", argv[optind]);
        return EXIT_USAGE;
    }
    return -1;
}

int main(int argc, char **argv)
{
    mock_org_options options = {0};
    int status = read_arguments(argc, argv, &options);
    if (status >= 0) {
        return status;
    }
    /* Blocked before the mock starts, so that its threads inherit the mask and sigwait() gets the signal. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &stop, NULL);
    (void)signal(SIGPIPE, SIG_IGN);

    mock_org *org = mock_org_start(&options);
    if (org == NULL) {
        fprintf(stderr, "okta-mock-org: cannot listen on port %u of 127.0.0.1\n", (unsigned)options.port);
        return EXIT_FAILURE;
    }
    bool told = printf("%s\n", mock_org_url(org)) > 0 && fflush(stdout) == 0;
    fprintf(stderr, "app %s (client_secret_basic)\napp %s (private_key_jwt)\ntoken %s\n", MOCK_WEB_APP,
            MOCK_SERVICE_APP, options.token != NULL ? options.token : "mock-token");
    int received = 0;
    if (told) {
        (void)sigwait(&stop, &received);
    } else {
        fprintf(stderr, "okta-mock-org: nobody can read the URL\n");
    }
    mock_org_stop(org);
    return told ? EXIT_SUCCESS : EXIT_FAILURE;
}
