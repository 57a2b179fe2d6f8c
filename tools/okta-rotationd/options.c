/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <okta/okta.h>
#include <stdio.h>
#include <string.h>

#include "common/near.h"

#define CONFIG "/etc/okta/rotationd.yaml"

static const char usage[] =
    "Usage: okta-rotationd [options]\n"
    "\n"
    "Keeps the keys and client secrets of Okta apps young: replaces those that are older\n"
    "than the configuration says, so that a login works at every moment.\n"
    "\n"
    "  --config FILE   the configuration (default: " CONFIG ")\n"
    "  --check-config  say what is wrong with it and what it names, and end; nothing\n"
    "                  is changed, and nothing is sent\n"
    "  --once          do what is due and end, for cron and CI\n"
    "  --version       show the version\n"
    "  --help          show this text\n"
    "\n"
    "The org and the credential come from OKTA_CLIENT_ORGURL, OKTA_CLIENT_PRIVATEKEY and\n"
    "the others of okta-keys(1), from okta.yaml, or from okta: in the configuration.\n"
    "\n"
    "SIGHUP reads the configuration again; one that is refused changes nothing. SIGTERM and\n"
    "SIGINT end the daemon within a second; the next one goes on where it was.\n"
    "\n"
    "Exit codes: 0 done; 1 an app failed (--once), or the daemon could not go on; 2 the\n"
    "command line, the configuration, or what it names is wrong, and nothing was changed.\n";

static int print(const char *text)
{
    return fputs(text, stdout) >= 0 && fflush(stdout) == 0 ? EXIT_FINE : EXIT_FAILED;
}

/* Their names are exact: an abbreviation would become another option with the next version. */
static const struct {
    const char *name;
    char letter;
} known[] = {
    {"config", 'c'}, {"check-config", 'k'}, {"once", 'o'}, {"version", 'v'}, {"help", 'h'},
};

#define KNOWN_COUNT (sizeof known / sizeof known[0])

static int refuse(const char *before, const char *word, const char *behind)
{
    (void)fprintf(stderr, "okta-rotationd: %s%.*s%s; see okta-rotationd --help\n", before,
                  (int)strcspn(word, "="), word, behind);
    return EXIT_USAGE;
}

static int refuse_unknown(const char *word)
{
    char advice[64] = "'";
    near_search search = near_begin(word + strspn(word, "-"));
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        near_compare(&search, known[i].name);
    }
    if (search.name != NULL) {
        (void)snprintf(advice, sizeof advice, "' (is it meant to be --%s?)", search.name);
    }
    return refuse("there is no option '", word, advice);
}

/* The letter of a word that is an option, with its value or without; 0: it is none. */
static char letter_of(const char *word)
{
    size_t length = strcspn(word, "=");
    for (size_t i = 0; strncmp(word, "--", 2) == 0 && i < KNOWN_COUNT; i++) {
        if (strlen(known[i].name) == length - 2 && memcmp(known[i].name, word + 2, length - 2) == 0) {
            return known[i].letter;
        }
    }
    return 0;
}

/* The value behind the "=" of words[*at], or the next word; NULL: there is none. */
static const char *take_value(int count, char *const *words, int *at)
{
    const char *value = strchr(words[*at], '=');
    if (value != NULL) {
        value++;
    } else if (*at + 1 < count && strncmp(words[*at + 1], "--", 2) != 0) {
        value = words[++*at];
    }
    return value == NULL || *value == '\0' ? NULL : value;
}

int options_read(int argc, char **argv, options *out)
{
    *out = (options){.config = CONFIG};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        char letter = letter_of(word);
        if (letter == 0) {
            return word[0] == '-' ? refuse_unknown(word) : refuse("", word, " is not expected");
        }
        if (letter == 'c') {
            out->config = take_value(argc, argv, &i);
            if (out->config == NULL) {
                return refuse("", word, " needs a value, as in --config=FILE");
            }
        } else if (strchr(word, '=') != NULL) {
            return refuse("", word, " takes no value");
        } else if (letter == 'v') {
            return print("okta-rotationd " OKTA_VERSION "\n");
        } else if (letter == 'h') {
            return print(usage);
        } else if (letter == 'k') {
            out->mode = OPTIONS_CHECK;
        } else {
            out->mode = out->mode == OPTIONS_CHECK ? OPTIONS_CHECK : OPTIONS_ONCE;
        }
    }
    return -1;
}
