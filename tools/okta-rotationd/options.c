/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <getopt.h>
#include <okta/okta.h>
#include <stdio.h>

#define CONFIG "/etc/okta/rotationd.yaml"

static const char usage[] =
    "Usage: okta-rotationd [options]\n"
    "\n"
    "Keeps the keys and client secrets of Okta apps young: replaces those that are older\n"
    "than the configuration says, so that a login works at every moment.\n"
    "\n"
    "  --config FILE   the configuration (default: " CONFIG ")\n"
    "  --check-config  read it, say what is wrong with it, and end; nothing else is touched\n"
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

static int refuse(const char *word, const char *reason)
{
    (void)fprintf(stderr, "okta-rotationd: %s %s; see okta-rotationd --help\n", word, reason);
    return EXIT_USAGE;
}

int options_read(int argc, char **argv, options *out)
{
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'}, {"check-config", no_argument, NULL, 'k'},
        {"once", no_argument, NULL, 'o'},         {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    *out = (options){.config = CONFIG};
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
        case 'c':
            out->config = optarg;
            break;
        case 'k':
            out->mode = OPTIONS_CHECK;
            break;
        case 'o':
            out->mode = out->mode == OPTIONS_CHECK ? OPTIONS_CHECK : OPTIONS_ONCE;
            break;
        case 'v':
            return print("okta-rotationd " OKTA_VERSION "\n");
        case 'h':
            return print(usage);
        default:
            return refuse(argv[optind - 1], "is no option, lacks its value or takes none");
        }
    }
    return optind < argc ? refuse(argv[optind], "is not expected") : -1;
}
