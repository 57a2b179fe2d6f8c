/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "okta/version.h"

static const char help[] =
    "Usage: okta-replay [OPTIONS] FILE...\n\n"
    "Play back recorded exchanges with Okta and tell what libokta makes of them: each\n"
    "body is decoded, encoded again, and compared with what was recorded. A FILE has\n"
    "a JSON object a line; \"-\" is standard input.\n\n"
    "Options:\n"
    "  --http         make each call through the whole client, against a server in this\n"
    "                 process that answers as recorded; compare what arrives there, too\n"
    "  --org-url URL  make each call to this org, also those that change it, with the\n"
    "                 configuration of files and environment; see okta-keys help config\n"
    "  --strict       fail where a member has no place in its struct\n"
    "  -v, --verbose  print each call\n"
    "  -h, --help     print this help\n"
    "  --version      print the version\n\n"
    "Exit status:\n"
    "  0  nothing failed\n"
    "  1  an exchange failed, or the output could not be written\n"
    "  2  usage or bad input; nothing was sent\n";

static int refuse(const char *what, const char *word)
{
    (void)fputs("okta-replay: ", stderr);
    (void)fputs(what, stderr);
    text_print(stderr, word);
    (void)fputs("; see okta-replay --help\n", stderr);
    return EXIT_USAGE;
}

/* An option without a value. False: it is none. */
static bool set_flag(const char *word, replay_options *out)
{
    const struct {
        const char *name;
        bool *flag;
    } rows[] = {{"--http", &out->http},
                {"--strict", &out->strict},
                {"--verbose", &out->verbose},
                {"-v", &out->verbose}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(word, rows[i].name) == 0) {
            *rows[i].flag = true;
            return true;
        }
    }
    return false;
}

/* Help or the version, which end the program. */
static bool is_question(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        (void)fputs(help, stdout);
        return true;
    }
    if (strcmp(word, "--version") == 0) {
        (void)puts("okta-replay " OKTA_VERSION);
        return true;
    }
    return false;
}

static int check(const replay_options *options)
{
    if (options->file_count == 0) {
        return refuse("FILE is missing", "");
    }
    if (options->http && options->org_url != NULL) {
        return refuse("--http and --org-url exclude each other", "");
    }
    return OPTIONS_RUN;
}

int options_parse(int argc, char **argv, replay_options *out)
{
    static const char org_url[] = "--org-url";
    bool words_only = false;
    *out = (replay_options){.files = argv + 1};
    for (int i = 1; i < argc; i++) {
        char *word = argv[i];
        if (words_only || word[0] != '-' || word[1] == '\0') {
            out->files[out->file_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            words_only = true;
        } else if (is_question(word)) {
            return EXIT_PLAYED;
        } else if (strncmp(word, org_url, sizeof org_url - 1) == 0 && word[sizeof org_url - 1] == '=') {
            out->org_url = word + sizeof org_url;
        } else if (strcmp(word, org_url) == 0) {
            if (i + 1 == argc) {
                return refuse("--org-url needs a URL", "");
            }
            out->org_url = argv[++i];
        } else if (!set_flag(word, out)) {
            return refuse("unknown option ", word);
        }
    }
    return check(out);
}
