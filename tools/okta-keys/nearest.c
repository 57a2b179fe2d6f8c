/* SPDX-License-Identifier: Apache-2.0 */
#include "nearest.h"

#include <stdio.h>
#include <string.h>

#include "common/near.h"
#include "report.h"
#include "rows.h"

/* What is shorter is no id. */
#define NAME_LEAST 4u

static const char *ask(char out[NEAREST_SIZE], const char *before, const char *group, const char *name)
{
    out[0] = '\0';
    if (name != NULL) {
        (void)snprintf(out, NEAREST_SIZE, " (is it meant to be %s%s%s%s?)", before,
                       group == NULL ? "" : group, group == NULL ? "" : " ", name);
    }
    return out;
}

/* Options that other tools have. Secrets are no arguments here: other users see command lines. */
static const struct {
    const char *other, *advice;
} others[] = {
    {"token", " (it comes from --token-file FILE or OKTA_CLIENT_TOKEN)"},
    {"api-token", " (it comes from --token-file FILE or OKTA_CLIENT_TOKEN)"},
    {"secret", " (is it meant to be --secret-file FILE?)"},
    {"client-secret", " (it comes from OKTA_CLIENT_CLIENTSECRET)"},
    {"private-key", " (is it meant to be --pem FILE or --jwk FILE?)"},
    {"key", " (is it meant to be --pem FILE or --jwk FILE?)"},
    {"url", " (is it meant to be --org-url URL?)"},
    {"file", " (is it meant to be --pem FILE, --jwk FILE, --out FILE or --data FILE?)"},
    {"output", " (is it meant to be --out FILE?)"},
};

const char *nearest_option(const char *word, char out[NEAREST_SIZE])
{
    near_search search = near_begin(word);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(others[i].other, search.word) == 0) {
            (void)snprintf(out, NEAREST_SIZE, "%s", others[i].advice);
            return out;
        }
    }
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        near_compare(&search, option_rows[id].name);
    }
    return ask(out, "--", NULL, search.name);
}

/* Thumbprints and ids are in the alphabet of base64url, and have capitals or digits, which no option has. */
const char *nearest_name(const char *word)
{
    static const char marks[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others_of_name[] = "abcdefghijklmnopqrstuvwxyz_-";
    size_t length = strlen(word);
    size_t marked = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_mark = strchr(marks, word[i]) != NULL;
        if (!is_mark && strchr(others_of_name, word[i]) == NULL) {
            return "";
        }
        marked += is_mark;
    }
    return length >= NAME_LEAST && marked > 0
               ? " (is it meant to be an id or a kid? write -- in front of it, or kid:KID)"
               : "";
}

/* A command; `group` is the word in front of it that commands have, or NULL. */
static const char *nearest_command(const char *group, const char *word, char out[NEAREST_SIZE])
{
    near_search search = near_begin(word);
    for (size_t i = 0; i < command_count; i++) {
        const command_row *row = &command_rows[i];
        bool is_here = group == NULL || (row->group != NULL && strcmp(row->group, group) == 0);
        if (is_here) {
            near_compare(&search, group == NULL && row->group != NULL ? row->group : row->name);
        }
    }
    if (group == NULL) {
        near_compare(&search, "help");
    }
    return ask(out, "", group, search.name);
}

static bool ends_in(const char *word, const char *end)
{
    size_t length = strlen(word);
    return length > strlen(end) && strcmp(word + length - strlen(end), end) == 0;
}

/* Whether an option that is not given may be meant by a word. A command that needs it takes any word for its
 * file; to another one a file has a dot or a slash in its name. */
static bool may_be_file(const command_line *options, option_id id, const char *word)
{
    const command_row *command = options->command;
    const option_row *row = &option_rows[id];
    bool takes = (command->takes & OPTION_BIT(id)) != 0 && !options_has(options, id) && row->value != NULL &&
                 strcmp(row->value, "FILE") == 0;
    bool needs = ((command->needs | command->one_of) & OPTION_BIT(id)) != 0;
    for (unsigned other = 0; other < OPTION_COUNT; other++) {
        bool replaces = (command->one_of & OPTION_BIT(id)) != 0 && (command->one_of & OPTION_BIT(other)) != 0;
        takes = takes && !(replaces && options_has(options, (option_id)other));
    }
    return takes && id != OPTION_APPS_FILE && (needs || strpbrk(word, "./") != NULL);
}

const char *nearest_file_option(const command_line *options, const char *word, char out[NEAREST_SIZE])
{
    const option_row *found = NULL;
    bool is_json = ends_in(word, ".json") || ends_in(word, ".jwk");
    out[0] = '\0';
    for (unsigned id = OPTION_VERSION + 1; id < OPTION_COUNT && word[0] != '-'; id++) {
        const option_row *row = &option_rows[id];
        if (may_be_file(options, (option_id)id, word) && (found == NULL || (id == OPTION_JWK && is_json))) {
            found = row;
        }
    }
    if (found != NULL) {
        (void)snprintf(out, NEAREST_SIZE, " (is it meant to be --%s %.160s?)", found->name, word);
    }
    return out;
}

int nearest_no_command(char *const *words, size_t count)
{
    char advice[NEAREST_SIZE];
    if (count == 0) {
        return report(EXIT_USAGE, "a command is missing; see okta-keys --help");
    }
    if (!rows_has_group(words[0])) {
        return report(EXIT_USAGE, "there is no command '%s'%s; see okta-keys --help", words[0],
                      nearest_command(NULL, words[0], advice));
    }
    if (count == 1) {
        return report(EXIT_USAGE, "%s needs a command; see okta-keys help %s", words[0], words[0]);
    }
    return report(EXIT_USAGE, "there is no command '%s %s'%s; see okta-keys help %s", words[0], words[1],
                  nearest_command(words[0], words[1], advice), words[0]);
}
