/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <string.h>

#include "commands.h"

static const char *const uses[] = {"sig", "enc", NULL};
static const char *const statuses[] = {"ACTIVE", "INACTIVE", NULL};
static const char *const types[] = {"rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521", NULL};

const option_row option_rows[OPTION_COUNT] = {
    [OPTION_ORG_URL] = {"org-url", "URL", .help = "the org, such as https://example.okta.com"},
    [OPTION_TOKEN_FILE] = {"token-file", "FILE", .help = "read the API token from the first line of FILE",
                           .is_file = true},
    [OPTION_JSON] = {"json", .help = "print JSON as Okta sent it; a list is one JSON array",
                     .local_help = "print JSON"},
    [OPTION_TIMEOUT] = {"timeout", "SECONDS", .help = "limit of a call with its retries, 0.001 to 86400"},
    [OPTION_MAX_RETRIES] = {"max-retries", "N", .help = "repeat a call at most N times, 0 to 20"},
    [OPTION_VERBOSE] = {"verbose", .help = "tell on standard error what is sent and answered"},
    [OPTION_SHOW_SECRETS] = {"show-secrets", .help = "print client secrets instead of ***"},
    [OPTION_SHOW_BODY] = {"show-body", .help = "print the body of a failed answer, as it came"},
    [OPTION_HELP] = {"help", .help = "print this help, or that of the command"},
    [OPTION_VERSION] = {"version", .help = "print the version"},
    [OPTION_PEM] = {"pem", "FILE", .help = "the key in PEM, public or private; only its public half is used",
                    .is_file = true},
    [OPTION_JWK] = {"jwk", "FILE",
                    .help = "the key as a JWK, public or private; only its public half is used",
                    .is_file = true},
    [OPTION_KID] = {"kid", "KID", .help = "its key id; default: that of the JWK, else its thumbprint",
                    .made_help = "its key id; default: its thumbprint", .is_name = true},
    [OPTION_USE] = {"use", "USE", uses, .help = "what it is for; default: that of the JWK, else sig",
                    .made_help = "what it is for; default: sig"},
    [OPTION_ALG] = {"alg", "ALG", .help = "its algorithm, such as RS256; default: what fits the key"},
    [OPTION_STATUS] = {"status", "STATUS", statuses,
                       .help = "its status; default: what Okta chooses, ACTIVE"},
    [OPTION_TYPE] = {"type", "TYPE", types, .help = "the kind of key"},
    [OPTION_OUT] = {"out", "FILE", .help = "where to write the private key; FILE must not exist"},
    [OPTION_SECRET_FILE] = {"secret-file", "FILE",
                            .help = "read the secret from FILE; default: Okta makes one", .is_file = true},
    [OPTION_DATA] = {"data", "FILE", .help = "send the JSON in FILE", .is_file = true},
    [OPTION_ALL_PAGES] = {"all-pages", .help = "follow a list by GET to its end; print one JSON array"},
    [OPTION_MEMBER] = {"member", "NAME",
                       .help = "with --all-pages: the array to print, where answers have several"},
    [OPTION_APPS_FILE] = {"apps-file", "FILE", .help = "the apps: an id a line; # begins a comment",
                          .is_file = true},
    [OPTION_CONCURRENCY] = {"concurrency", "N",
                            .help = "calls at once, 1 to 75; default: the setting maxInFlight, 10"},
    [OPTION_STOP] = {"stop", .help = "begin no further app when one fails"},
    [OPTION_RESUME] = {"resume", .help = "where FILE exists, go on with the private key in it"},
    [OPTION_STORE] = {"store", "COMMAND",
                      .help = "have /bin/sh -c COMMAND store it, from its standard input; 60 s"},
    [OPTION_SWITCH] = {"switch", "COMMAND",
                       .help = "have /bin/sh -c COMMAND tell the services to use it; 60 s"},
    [OPTION_RETIRE] = {"retire", "WHICH",
                       .help = "what is replaced: kid:KID, oldest, all-others, none; default: the active one",
                       .is_name = true},
    [OPTION_GRACE] = {"grace", "DURATION",
                      .help = "how long the old one is kept inactive: 30s, 5m, 24h, 7d; default: 24h"},
    [OPTION_OVERLAP] = {"overlap", "DURATION",
                        .help = "how long it stays active beside the new one; default: 10s, or --grace"},
    [OPTION_JOURNAL] = {"journal", "FILE", .help = "the journal; default: okta-keys.journal in ~/.okta"},
    [OPTION_DRY_RUN] = {"dry-run", .help = "print the steps, and change nothing"},
    [OPTION_UNDO] = {"undo", .help = "take back what was begun, as long as it is not in use"},
    [OPTION_YES] = {"yes", .help = "make the changes without asking"},
    [OPTION_CHECK] = {"check", .help = "print the changes, and make none; exit status 8 where there are any"},
    [OPTION_PRUNE] = {"prune", .help = "delete the keys of these apps that FILE does not name"},
};

#define KEY_OPTIONS                                                                                          \
    (OPTION_BIT(OPTION_KID) | OPTION_BIT(OPTION_USE) | OPTION_BIT(OPTION_ALG) | OPTION_BIT(OPTION_STATUS))
#define LOCAL_KEY_OPTIONS (OPTION_BIT(OPTION_KID) | OPTION_BIT(OPTION_USE) | OPTION_BIT(OPTION_ALG))
#define KEY_FILES         (OPTION_BIT(OPTION_PEM) | OPTION_BIT(OPTION_JWK))

#define APPS_OPTIONS (OPTION_BIT(OPTION_APPS_FILE) | OPTION_BIT(OPTION_CONCURRENCY) | OPTION_BIT(OPTION_STOP))

/* `member` is what an app has in JSON. */
#define APPS_ARE(member)                                                                                     \
    "\nSeveral apps, or those of --apps-file, run side by side and print in the order\n"                     \
    "given; with --json as one array of {\"app\":ID," member "}, with \"error\" in\n"                        \
    "the place of the latter for one that fails. Such an app is a line on standard\n"                        \
    "error, and the others go on, unless --stop is given or the credential refused.\n"                       \
    "The exit status is that of all that failed; 1 where they differ.\n"
#define SAME_KID "With several apps KEY is kid:KID, which is looked up in each.\n"

#define KEY_IS    "KEY is the id of a key, or kid:KID. An id that begins with - stands behind --.\n"
#define SECRET_ID "SECRET is the id of a secret. One that begins with - stands behind --.\n"
#define ENCRYPTED                                                                                            \
    "The passphrase of an encrypted PEM comes from the environment variable\n"                               \
    "OKTA_KEYS_PASSPHRASE, else it is asked for on the terminal.\n"
#define SECRET_IS "Secrets print as *** without --show-secrets.\n"

#define ROTATION_OPTIONS                                                                                     \
    (OPTION_BIT(OPTION_OUT) | OPTION_BIT(OPTION_STORE) | OPTION_BIT(OPTION_SWITCH) |                         \
     OPTION_BIT(OPTION_RETIRE) | OPTION_BIT(OPTION_GRACE) | OPTION_BIT(OPTION_OVERLAP) |                     \
     OPTION_BIT(OPTION_JOURNAL) | OPTION_BIT(OPTION_DRY_RUN) | OPTION_BIT(OPTION_RESUME) |                   \
     OPTION_BIT(OPTION_UNDO) | APPS_OPTIONS)
#define ROTATION_STORES (OPTION_BIT(OPTION_OUT) | OPTION_BIT(OPTION_STORE))
#define ROTATION_IS                                                                                          \
    "The command\nends before that: --resume goes on, with the same options, also after a crash.\n"          \
    "Until the new one is stored and proven, a failure takes it back.\n"

#define ROTATION_RESUMES                                                                                     \
    {                                                                                                        \
        OPTION_RESUME, "go on with the rotation that the journal has, and begin none"                        \
    }

static const option_words key_words[] = {
    ROTATION_RESUMES,
    {OPTION_OUT, "where to write the private key; FILE must not exist, but with --resume"},
    {OPTION_RESUME, NULL}};
static const option_words secret_words[] = {
    ROTATION_RESUMES,
    {OPTION_OUT, "where to write the secret; FILE must not exist, but with --resume"},
    {OPTION_RETIRE,
     "what is replaced: the id of a secret, oldest, all-others, none; default: the active one"},
    {OPTION_RESUME, NULL}};

const command_row command_rows[] = {
    {.name = "list",
     .arguments = {"APP"},
     .takes_apps = true,
     .takes = APPS_OPTIONS,
     .run = command_list,
     .help = "list the keys of an app",
     .more = APPS_ARE("\"keys\":[...]")},
    {.name = "get", .arguments = {"APP", "KEY"}, .run = command_get, .help = "show a key", .more = KEY_IS},
    {.name = "add",
     .arguments = {"APP"},
     .takes = KEY_FILES | KEY_OPTIONS,
     .one_of = KEY_FILES,
     .takes_stdin = true,
     .run = command_add,
     .help = "add a public key",
     .more = "\"-\" reads a PEM or a JWK from standard input and tells them apart.\n" ENCRYPTED},
    {.name = "generate",
     .arguments = {"APP"},
     .takes_apps = true,
     .takes = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_OUT) | KEY_OPTIONS | APPS_OPTIONS |
              OPTION_BIT(OPTION_RESUME),
     .needs = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_OUT),
     .run = command_generate,
     .help = "make a key pair and add its public key",
     .more = "The private key is written first, as PKCS#8 PEM without a passphrase that only\n"
             "its owner can read. It is removed again when Okta then refuses the public key.\n"
             "Where nobody knows what became of it, it stays, and the same command with\n"
             "--resume finishes: it adds the key in FILE to an app that has it not.\n"
             "%a in FILE stands for the id of the app; several apps need it.\n" APPS_ARE("\"key\":{...}")},
    {.name = "activate",
     .arguments = {"APP", "KEY"},
     .takes_apps = true,
     .takes = APPS_OPTIONS,
     .run = command_activate,
     .help = "activate a key",
     .more = KEY_IS
     "Activating an encryption key deactivates the active one.\n" SAME_KID APPS_ARE("\"key\":{...}")},
    {.name = "deactivate",
     .arguments = {"APP", "KEY"},
     .takes_apps = true,
     .takes = APPS_OPTIONS,
     .run = command_deactivate,
     .help = "deactivate a key",
     .more = KEY_IS SAME_KID APPS_ARE("\"key\":{...}")},
    {.name = "delete",
     .arguments = {"APP", "KEY"},
     .takes_apps = true,
     .takes = APPS_OPTIONS,
     .run = command_delete,
     .help = "delete an inactive key",
     .more = KEY_IS SAME_KID APPS_ARE("\"deleted\":KEY")},
    {.name = "rotate",
     .arguments = {"APP"},
     .takes_apps = true,
     .takes = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_USE) | ROTATION_OPTIONS,
     .one_of = ROTATION_STORES,
     .run = command_rotate,
     .help = "replace a key; a login works at every moment",
     .more = "A new key is made, stored, added, and proven by a login; then the old one is\n"
             "deactivated, and deleted when --grace is over. " ROTATION_IS
             "FILE gets the private key in PEM; it must not exist. %a in it stands for the id\n"
             "of the app; several apps need it. The command of --store reads the PEM, and that\n"
             "of --switch runs when the key works; both have OKTA_APP_ID and OKTA_KID in their\n"
             "environment. Without --switch the services must use what is stored, but not\n"
             "before the command ends. Without --type the key is rsa2048.\n" APPS_ARE("\"rotation\":{...}"),
     .words = key_words},
    {.name = "apply",
     .arguments = {"FILE"},
     .takes = OPTION_BIT(OPTION_YES) | OPTION_BIT(OPTION_CHECK) | OPTION_BIT(OPTION_PRUNE) |
              OPTION_BIT(OPTION_CONCURRENCY) | OPTION_BIT(OPTION_STOP),
     .reads_file = true,
     .run = command_apply,
     .help = "make the keys of apps those of a file",
     .more = "FILE is YAML or JSON, and \"-\" is standard input:\n"
             "  apps:\n"
             "    - id: 0oa1gjh63g214q0Hq0g4\n"
             "      keys:\n"
             "        - file: keys/a.pem   # PEM or JWK; its public half is sent\n"
             "          kid: \"2026-11\"     # default: that of the JWK, else its thumbprint\n"
             "          use: sig           # sig or enc; default: that of the JWK, else sig\n"
             "          alg: RS256         # default: what fits the key\n"
             "          status: active     # active, the default, inactive or absent\n"
             "        - kid: old           # without a file: a key that the app has\n"
             "          status: absent     # it is deleted\n"
             "The changes are shown first, and made when they are agreed to. Keys are added\n"
             "and activated before others are deactivated and deleted; the last active signing\n"
             "key stays. Keys that FILE does not name are left alone, unless --prune is given.\n"
             "The same command goes on where one was cut short.\n" ENCRYPTED},
    {.name = "thumbprint",
     .takes = KEY_FILES,
     .one_of = KEY_FILES,
     .offline = true,
     .run = command_thumbprint,
     .help = "print the RFC 7638 thumbprint of a key; needs no org",
     .more = ENCRYPTED},
    {.group = "key",
     .name = "generate",
     .takes = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_OUT) | LOCAL_KEY_OPTIONS,
     .needs = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_OUT),
     .offline = true,
     .run = command_key_generate,
     .help = "make a key pair; needs no org",
     .more = "The private key is written as PKCS#8 PEM without a passphrase that only its\n"
             "owner can read. What is printed is the public half: the JWK is what Okta's\n"
             "console takes, and --json prints it alone.\n"},
    {.group = "key",
     .name = "show",
     .takes = KEY_FILES | LOCAL_KEY_OPTIONS,
     .one_of = KEY_FILES,
     .takes_stdin = true,
     .offline = true,
     .run = command_key_show,
     .help = "print the public JWK and the thumbprint of a key; needs no org",
     .more = "Nothing private is printed. --json prints the JWK alone.\n" ENCRYPTED},
    {.group = "secrets",
     .name = "list",
     .arguments = {"APP"},
     .takes_apps = true,
     .takes = APPS_OPTIONS,
     .run = command_secrets_list,
     .help = "list the secrets of an app",
     .more = SECRET_IS APPS_ARE("\"secrets\":[...]")},
    {.group = "secrets",
     .name = "get",
     .arguments = {"APP", "SECRET"},
     .run = command_secrets_get,
     .help = "show a secret",
     .more = SECRET_ID SECRET_IS},
    {.group = "secrets",
     .name = "create",
     .arguments = {"APP"},
     .takes = OPTION_BIT(OPTION_SECRET_FILE) | OPTION_BIT(OPTION_STATUS),
     .run = command_secrets_create,
     .help = "create a secret",
     .more = "A secret of your own is one line of 14 to 100 printable ASCII characters in a\n"
             "file. There is no option for its text: other users see command lines.\n" SECRET_IS},
    {.group = "secrets",
     .name = "activate",
     .arguments = {"APP", "SECRET"},
     .run = command_secrets_activate,
     .help = "activate a secret",
     .more = SECRET_ID SECRET_IS},
    {.group = "secrets",
     .name = "deactivate",
     .arguments = {"APP", "SECRET"},
     .run = command_secrets_deactivate,
     .help = "deactivate a secret",
     .more = SECRET_ID SECRET_IS},
    {.group = "secrets",
     .name = "delete",
     .arguments = {"APP", "SECRET"},
     .run = command_secrets_delete,
     .help = "delete an inactive secret",
     .more = SECRET_ID},
    {.group = "secrets",
     .name = "rotate",
     .arguments = {"APP"},
     .takes_apps = true,
     .takes = ROTATION_OPTIONS,
     .one_of = ROTATION_STORES,
     .run = command_secrets_rotate,
     .help = "replace a secret; a login works at every moment",
     .more = "A second secret is made, added, stored, and proven by a login; then the old one\n"
             "is deactivated, and deleted when --grace is over. " ROTATION_IS
             "FILE gets the secret in one line; it must not exist. %a in it stands for the id\n"
             "of the app. The command of --store reads the secret, and that of --switch runs\n"
             "when it works; both have OKTA_APP_ID and OKTA_SECRET_ID in their environment.\n"
             "--retire takes the id of a secret in the place of kid:KID.\n" APPS_ARE("\"rotation\":{...}"),
     .words = secret_words},
    {.name = "config",
     .offline = true,
     .tells_settings = true,
     .run = command_config,
     .help = "print the settings and where they come from",
     .more = "Settings come from ~/.okta/okta.yaml, okta.yaml or .okta.yaml in the working\n"
             "folder, the environment and the options, and later ones win. Secrets print as\n"
             "***. This needs no org, and settings may be missing.\n"},
    {.name = "request",
     .arguments = {"METHOD", "PATH"},
     .takes = OPTION_BIT(OPTION_DATA) | OPTION_BIT(OPTION_ALL_PAGES) | OPTION_BIT(OPTION_MEMBER),
     .run = command_request,
     .help = "send any request of the org's APIs",
     .more = "METHOD is GET, POST, PUT, PATCH or DELETE. PATH begins with / and may end in a\n"
             "query. The answer is printed as it came, with one exception: below\n"
             "/credentials/secrets client secrets print as *** without --show-secrets.\n"
             "Answers of other paths can hold secrets in clear text.\n"},
};

const size_t command_count = sizeof command_rows / sizeof command_rows[0];

const command_row *rows_find_command(char *const *words, size_t count, size_t *used)
{
    for (size_t i = 0; i < command_count; i++) {
        const command_row *row = &command_rows[i];
        size_t length = row->group == NULL ? 1 : 2;
        bool found = count >= length && strcmp(words[length - 1], row->name) == 0 &&
                     (row->group == NULL || strcmp(words[0], row->group) == 0);
        if (found) {
            *used = length;
            return row;
        }
    }
    return NULL;
}

bool rows_has_group(const char *word)
{
    for (size_t i = 0; i < command_count; i++) {
        if (command_rows[i].group != NULL && strcmp(command_rows[i].group, word) == 0) {
            return true;
        }
    }
    return false;
}
