/* SPDX-License-Identifier: Apache-2.0 */
/* The program okta-mock-org: a mock that runs until it is told to stop. */
#include "mock_oauth.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE    2
#define MAX_KEY_FILES 50
#define MAX_KEY_FILE  ((size_t)256 * 1024)

/* What the command line asks for. */
typedef struct wishes {
    mock_org_options org;
    mock_oauth_options oauth;
    bool dpop;
    const char *key_files[MAX_KEY_FILES];
    size_t key_file_count;
    const char *scopes; /* NULL: the default */
} wishes;

static const char usage[] =
    "Usage: okta-mock-org [options]\n"
    "\n"
    "Serves a made-up Okta org on a port of 127.0.0.1 until SIGINT or SIGTERM. The\n"
    "first line of its output is its URL; its apps and the token follow on standard\n"
    "error.\n"
    "\n"
    "It answers all operations of the Management API, OAuth 2.0, Governance and\n"
    "MyAccount: it checks requests by Okta's reference, and what is created can be\n"
    "listed, read, replaced, changed and deleted. Keys and secrets of apps, tokens\n"
    "and DPoP have Okta's rules. docs/mock-org.md says more.\n"
    "\n"
    "  --port N                      listen on this port (default: a free one)\n"
    "  --list-shape array|keys|jwks  how the list of keys is wrapped (default: array)\n"
    "  --rate-limit N/SECONDS        calls in a window (default: 10000/60)\n"
    "  --token TOKEN                 the accepted API token (default: mock-token)\n"
    "  --access-token TOKEN          an access token for Bearer, with all rights\n"
    "                                (default: mock-access-token)\n"
    "  --users N                     made-up users behind /api/v1/users (default: 0)\n"
    "  --object-limit N              objects that it holds, the apps included\n"
    "                                (default: 10000)\n"
    "  --service-key FILE            a key of the private_key_jwt app: a JWK, an\n"
    "                                array of them, a JWK set, or a private or\n"
    "                                public key in PEM; may be given again\n"
    "  --service-scopes SCOPES       what that app may ask for, with spaces between\n"
    "                                (default: apps and users, read and manage)\n"
    "  --dpop                        that app needs a DPoP proof for a token\n"
    "  --dpop-nonce none|token|api|both\n"
    "                                where DPoP proofs need a nonce: nowhere, at the\n"
    "                                token endpoint, on API calls, or both\n"
    "                                (default: token)\n"
    "  --token-lifetime SECONDS      expires_in of the tokens (default: 3600)\n"
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

/* The place of `text` among `count` words, or `count`. */
static size_t read_word(const char *text, const char *const *words, size_t count)
{
    size_t i = 0;
    while (i < count && strcmp(words[i], text) != 0) {
        i++;
    }
    return i;
}

static bool read_shape(const char *text, mock_list_shape *out)
{
    static const char *const names[] = {
        [MOCK_LIST_ARRAY] = "array", [MOCK_LIST_KEYS] = "keys", [MOCK_LIST_JWKS] = "jwks"};
    size_t shape = read_word(text, names, 3);
    *out = shape < 3 ? (mock_list_shape)shape : MOCK_LIST_ARRAY;
    return shape < 3;
}

static bool read_nonce(const char *text, mock_oauth_options *options)
{
    static const char *const names[] = {"none", "token", "api", "both"};
    size_t where = read_word(text, names, 4);
    options->no_token_nonce = where == 0 || where == 2;
    options->api_nonce = where == 2 || where == 3;
    return where < 4;
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

static const char *read_oauth_option(int option, const char *value, wishes *wanted)
{
    long number = 0;
    switch (option) {
    case 'k':
        if (wanted->key_file_count == MAX_KEY_FILES) {
            return "--service-key is given more than 50 times";
        }
        wanted->key_files[wanted->key_file_count++] = value;
        return NULL;
    case 's':
        wanted->scopes = value;
        return NULL;
    case 'd':
        wanted->dpop = true;
        return NULL;
    case 'n':
        return read_nonce(value, &wanted->oauth) ? NULL : "--dpop-nonce is none, token, api or both";
    default:
        if (!read_whole_number(value, 1, 1000000000, &number)) {
            return "--token-lifetime takes a number from 1 to 1000000000";
        }
        wanted->oauth.token_lifetime_s = (unsigned)number;
        return NULL;
    }
}

/* Why the value of an option is refused, or NULL. */
static const char *read_option(int option, const char *value, wishes *wanted)
{
    mock_org_options *options = &wanted->org;
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
    case 'a':
        options->access_token = value;
        return *value != '\0' ? NULL : "--access-token takes a token that is not empty";
    case 'u':
        if (!read_whole_number(value, 0, 100000000, &number)) {
            return "--users takes a number from 0 to 100000000";
        }
        options->users = (unsigned)number;
        return NULL;
    case 'o':
        if (!read_whole_number(value, 1, 100000000, &number)) {
            return "--object-limit takes a number from 1 to 100000000";
        }
        options->object_limit = (unsigned)number;
        return NULL;
    default:
        return read_oauth_option(option, value, wanted);
    }
}

/* -1: go on; else the exit status. */
static int read_arguments(int argc, char **argv, wishes *wanted)
{
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'},
        {"list-shape", required_argument, NULL, 'l'},
        {"rate-limit", required_argument, NULL, 'r'},
        {"token", required_argument, NULL, 't'},
        {"access-token", required_argument, NULL, 'a'},
        {"users", required_argument, NULL, 'u'},
        {"object-limit", required_argument, NULL, 'o'},
        {"service-key", required_argument, NULL, 'k'},
        {"service-scopes", required_argument, NULL, 's'},
        {"dpop", no_argument, NULL, 'd'},
        {"dpop-nonce", required_argument, NULL, 'n'},
        {"token-lifetime", required_argument, NULL, 'x'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    opterr = 0;
    for (int option = 0; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 'h') {
            return fputs(usage, stdout) >= 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        }
        if (option == '?') {
            fprintf(
                stderr,
                "okta-mock-org: '%s' is no option, lacks its value or takes none; see okta-mock-org --help\n",
                argv[optind - 1]);
            return EXIT_USAGE;
        }
        const char *refusal = read_option(option, optarg, wanted);
        if (refusal != NULL) {
            fprintf(stderr, "okta-mock-org: %s; see okta-mock-org --help\n", refusal);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "okta-mock-org: unexpected argument: %s; see okta-mock-org --help\n", argv[optind]);
        return EXIT_USAGE;
    }
    return -1;
}

/* The text of a file, for free(); NULL: it cannot be read, is too long, or has a NUL. */
static char *read_key_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = file != NULL ? malloc(MAX_KEY_FILE + 1) : NULL;
    bool whole = false;
    if (text != NULL) {
        size_t length = fread(text, 1, MAX_KEY_FILE, file);
        text[length] = '\0';
        whole = feof(file) && strlen(text) == length;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    if (!whole) {
        free(text);
        return NULL;
    }
    return text;
}

static const char *add_key(mock_org *org, const cJSON *key)
{
    char *text = cJSON_PrintUnformatted(key);
    const char *refusal = text != NULL ? mock_org_add_key(org, MOCK_SERVICE_APP, text) : "Out of memory";
    free(text);
    return refusal;
}

static const char *add_json(mock_org *org, const char *text)
{
    cJSON *json = cJSON_ParseWithOpts(text, NULL, true);
    const cJSON *set = cJSON_GetObjectItemCaseSensitive(json, "keys");
    const cJSON *list = cJSON_IsArray(set) ? set : json;
    const char *refusal = json == NULL ? "neither JSON nor a PEM" : NULL;
    if (!cJSON_IsArray(list)) {
        refusal = refusal != NULL ? refusal : add_key(org, json);
    } else {
        const cJSON *key = NULL;
        cJSON_ArrayForEach(key, list)
        {
            refusal = refusal != NULL ? refusal : add_key(org, key);
        }
    }
    cJSON_Delete(json);
    return refusal;
}

/* Why the keys in a file are refused, or NULL. */
static const char *add_keys(mock_org *org, const char *path)
{
    char *text = read_key_file(path);
    const char *refusal = "no readable text file of up to 256 KiB";
    if (text != NULL) {
        refusal = strstr(text, "-----BEGIN ") != NULL ? mock_org_add_pem(org, MOCK_SERVICE_APP, text)
                                                      : add_json(org, text);
    }
    free(text);
    return refusal;
}

static bool set_up(mock_org *org, const wishes *wanted)
{
    for (size_t i = 0; i < wanted->key_file_count; i++) {
        const char *refusal = add_keys(org, wanted->key_files[i]);
        if (refusal != NULL) {
            fprintf(stderr, "okta-mock-org: %s: %s\n", wanted->key_files[i], refusal);
            return false;
        }
    }
    if (!mock_org_set_oauth(org, &wanted->oauth) ||
        !mock_org_require_dpop(org, MOCK_SERVICE_APP, wanted->dpop) ||
        !mock_org_grant_scopes(org, MOCK_SERVICE_APP, wanted->scopes)) {
        fprintf(stderr, "okta-mock-org: out of memory\n");
        return false;
    }
    return true;
}

/* Tells where the mock is, and waits until it is to stop. */
static int serve(const mock_org *org, const mock_org_options *options, const sigset_t *stop)
{
    if (printf("%s\n", mock_org_url(org)) < 0 || fflush(stdout) != 0) {
        fprintf(stderr, "okta-mock-org: nobody can read the URL\n");
        return EXIT_FAILURE;
    }
    fprintf(stderr, "app %s (client_secret_basic)\napp %s (private_key_jwt)\ntoken %s\naccess token %s\n",
            MOCK_WEB_APP, MOCK_SERVICE_APP, options->token != NULL ? options->token : "mock-token",
            options->access_token != NULL ? options->access_token : "mock-access-token");
    int received = 0;
    (void)sigwait(stop, &received);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    wishes wanted = {0};
    int status = read_arguments(argc, argv, &wanted);
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

    mock_org *org = mock_org_start(&wanted.org);
    if (org == NULL) {
        fprintf(stderr, "okta-mock-org: cannot listen on port %u of 127.0.0.1\n", (unsigned)wanted.org.port);
        return EXIT_FAILURE;
    }
    status = set_up(org, &wanted) ? serve(org, &wanted.org, &stop) : EXIT_FAILURE;
    mock_org_stop(org);
    return status;
}
