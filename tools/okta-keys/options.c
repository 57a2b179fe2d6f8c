/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the command line against the rows. */
#include "options.h"

#include <stdio.h>
#include <string.h>

#include "files.h"
#include "ids.h"
#include "nearest.h"
#include "report.h"
#include "rows.h"

#define MILLISECONDS   1000
#define TIMEOUT_MAX_MS 86400000
#define MAX_RETRIES    20
#define MAX_CONCURRENT 75
#define CHOICES_MAX    128u

/* A refusal that ends in the help of the command, where there is one. */
#define USAGE(out, format, ...)                                                                              \
    report(EXIT_USAGE, format "; see okta-keys %s%s%s%s", __VA_ARGS__,                                       \
           (out)->command == NULL ? "--help" : "help ",                                                      \
           (out)->command == NULL || (out)->command->group == NULL ? "" : (out)->command->group,             \
           (out)->command == NULL || (out)->command->group == NULL ? "" : " ",                               \
           (out)->command == NULL ? "" : (out)->command->name)

/* The option in `word`, which is without its dashes and may have a value behind "="; OPTION_COUNT: none. */
static option_id option_named(const char *word)
{
    size_t length = strcspn(word, "=");
    unsigned id = 0;
    while (id < OPTION_COUNT &&
           (strlen(option_rows[id].name) != length || memcmp(option_rows[id].name, word, length) != 0)) {
        id++;
    }
    return (option_id)id;
}

/* Whether a word is an option, or is meant to be one. */
static bool is_like_option(const char *word)
{
    char advice[NEAREST_SIZE];
    return strncmp(word, "--", 2) == 0 && (word[2] == '\0' || option_named(word + 2) != OPTION_COUNT ||
                                           *nearest_option(word + 2, advice) != '\0');
}

/* Whether the word behind an option is its value. */
static bool takes_next(const option_row *row, const char *word, const char *next)
{
    return row->value != NULL && strchr(word, '=') == NULL && next != NULL &&
           !(row->is_name ? is_like_option(next) : strncmp(next, "--", 2) == 0);
}

/* The command, ahead of the options, so that what is refused about one can name its help. NULL: none yet. */
static const command_row *find_command(char *const *words, size_t count)
{
    char *names[2] = {NULL, NULL};
    size_t found = 0;
    size_t used = 0;
    for (size_t i = 0; i < count && found < 2 && strcmp(words[i], "--") != 0; i++) {
        if (words[i][0] != '-' || words[i][1] == '\0') {
            names[found++] = words[i];
        } else if (words[i][1] == '-') {
            option_id id = option_named(words[i] + 2);
            const char *next = i + 1 < count ? words[i + 1] : NULL;
            i += id < OPTION_COUNT && takes_next(&option_rows[id], words[i], next) ? 1 : 0;
        }
    }
    return rows_find_command(names, found, &used);
}

static int check_choice(const command_line *out, const option_row *row, const char *value)
{
    char choices[CHOICES_MAX] = "";
    size_t length = 0;
    for (size_t i = 0; row->choices[i] != NULL; i++) {
        if (strcmp(row->choices[i], value) == 0) {
            return OPTIONS_RUN;
        }
        int written =
            snprintf(choices + length, sizeof choices - length, "%s%s", i == 0 ? "" : ", ", row->choices[i]);
        length += written > 0 ? (size_t)written : 0;
    }
    return USAGE(out, "--%s is one of %s, not '%s'", row->name, choices, value);
}

/* Take the option in words[at]. `*at` moves on to the last word that was used. */
static int take_option(command_line *out, char *const *words, size_t count, size_t *at)
{
    const char *word = words[*at] + 2;
    option_id id = option_named(word);
    if (id == OPTION_COUNT) {
        /* A token given as an option's value must not be repeated in a log of standard error. */
        char near[NEAREST_SIZE];
        const char *advice = nearest_option(word, near);
        return USAGE(out, "there is no option '--%.*s'%s", (int)strcspn(word, "="), word,
                     *advice == '\0' ? nearest_name(word) : advice);
    }
    const option_row *row = &option_rows[id];
    const char *value = strchr(word, '=');
    if (row->value == NULL) {
        out->values[id] = "";
        return value == NULL ? OPTIONS_RUN : USAGE(out, "--%s takes no value", row->name);
    }
    if (value != NULL) {
        value++;
    } else if (takes_next(row, word, *at + 1 < count ? words[*at + 1] : NULL)) {
        value = words[++*at];
    }
    if (value == NULL || *value == '\0') {
        return USAGE(out, "--%s needs a value, as in --%s=%s", row->name, row->name, row->value);
    }
    if (out->values[id] != NULL) {
        return USAGE(out, "--%s is given twice", row->name);
    }
    out->values[id] = value;
    return row->choices == NULL ? OPTIONS_RUN : check_choice(out, row, value);
}

/* Read digits; false when there are none, something else follows, or the number is above `max`. */
static bool read_number(const char *text, size_t length, int64_t max, int64_t *out)
{
    int64_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        number = number * 10 + (text[i] - '0');
        if (number > max) {
            return false;
        }
    }
    *out = number;
    return length > 0;
}

/* Seconds with decimals as milliseconds, without floating point: the locale does not matter, nor does
 * rounding. Digits behind the third are checked and dropped. */
static bool read_seconds(const char *text, int64_t *out)
{
    size_t whole_length = strcspn(text, ".");
    int64_t whole = 0;
    if (!read_number(text, whole_length, TIMEOUT_MAX_MS / MILLISECONDS, &whole)) {
        return false;
    }
    int64_t milliseconds = whole * MILLISECONDS;
    if (text[whole_length] == '.') {
        int64_t weight = MILLISECONDS / 10;
        const char *digit = text + whole_length + 1;
        if (*digit == '\0' || digit[strspn(digit, "0123456789")] != '\0') {
            return false;
        }
        for (; *digit != '\0'; digit++, weight /= 10) {
            milliseconds += (*digit - '0') * weight;
        }
    }
    *out = milliseconds;
    return milliseconds >= 1 && milliseconds <= TIMEOUT_MAX_MS;
}

static int read_limits(command_line *out)
{
    const char *timeout = out->values[OPTION_TIMEOUT];
    if (timeout != NULL && !read_seconds(timeout, &out->timeout_ms)) {
        return USAGE(out, "--timeout is a number of seconds from 0.001 to 86400, not '%s'", timeout);
    }
    const char *retries = out->values[OPTION_MAX_RETRIES];
    if (retries != NULL) {
        out->max_retries.has = true;
        if (!read_number(retries, strlen(retries), MAX_RETRIES, &out->max_retries.value)) {
            return USAGE(out, "--max-retries is a number from 0 to 20, not '%s'", retries);
        }
    }
    const char *concurrency = out->values[OPTION_CONCURRENCY];
    int64_t calls = 0;
    if (concurrency != NULL &&
        (!read_number(concurrency, strlen(concurrency), MAX_CONCURRENT, &calls) || calls == 0)) {
        return USAGE(out, "--concurrency is a number from 1 to 75, not '%s'", concurrency);
    }
    out->concurrency = (unsigned)calls;
    return OPTIONS_RUN;
}

/* An option of another command; before the arguments: `--apps-file` of one that takes a single app would
 * stand for its argument. */
static int check_taken(const command_line *out)
{
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        if (out->values[id] != NULL && ((OPTIONS_GLOBAL | out->command->takes) & OPTION_BIT(id)) == 0) {
            return USAGE(out, "%s takes no --%s", out->command->name, option_rows[id].name);
        }
    }
    return OPTIONS_RUN;
}

/* "--pem FILE, --jwk FILE and -": those of which one must be there. */
static void name_sources(const command_row *command, char out[CHOICES_MAX])
{
    size_t length = 0;
    size_t left = command->takes_stdin ? 1 : 0;
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        left += (command->one_of & OPTION_BIT(id)) != 0;
    }
    out[0] = '\0';
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const option_row *row = &option_rows[id];
        if ((command->one_of & OPTION_BIT(id)) != 0) {
            left--;
            int written = snprintf(out + length, CHOICES_MAX - length, "--%s %s%s", row->name, row->value,
                                   left > 1    ? ", "
                                   : left == 1 ? " and "
                                               : "");
            length += written > 0 ? (size_t)written : 0;
        }
    }
    (void)snprintf(out + length, CHOICES_MAX - length, "%s", command->takes_stdin ? "-" : "");
}

static int check_options(const command_line *out)
{
    const command_row *command = out->command;
    unsigned sources = out->from_stdin ? 1 : 0;
    bool reads_stdin = command->reads_file && file_is_stdin(out->arguments[0]);
    unsigned readers = sources + (reads_stdin ? 1 : 0);
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const char *value = out->values[id];
        uint64_t bit = OPTION_BIT(id);
        if (value == NULL && (command->needs & bit) != 0) {
            return USAGE(out, "%s needs --%s %s", command->name, option_rows[id].name, option_rows[id].value);
        }
        sources += value != NULL && (command->one_of & bit) != 0;
        bool unused = command->offline && id == OPTION_TOKEN_FILE;
        readers += value != NULL && option_rows[id].is_file && file_is_stdin(value) && !unused;
    }
    if (command->one_of != 0 && sources != 1) {
        char names[CHOICES_MAX];
        name_sources(command, names);
        return USAGE(out, "%s needs one of %s%s", command->name, names, sources > 1 ? ", not several" : "");
    }
    return readers <= 1 ? OPTIONS_RUN
                        : USAGE(out, "%s", "only one thing at a time can come from standard input");
}

/* The apps, all words but those of the other arguments. `*words` and `*count` move on behind them. */
static int take_apps(command_line *out, char *const **words, size_t *count)
{
    size_t others = 0;
    while (others + 1 < OPTIONS_MAX_ARGUMENTS && out->command->arguments[others + 1] != NULL) {
        others++;
    }
    out->apps = *words;
    out->app_count = *count > others ? *count - others : *count > 0 ? 1 : 0;
    if (options_has(out, OPTION_APPS_FILE)) {
        if (*count > others) {
            return USAGE(out, "%s does not know what to do with '%s': --apps-file names the apps",
                         out->command->name, (*words)[0]);
        }
        out->app_count = 0;
    }
    for (size_t i = 0; i < out->app_count; i++) {
        if (strcmp(out->apps[i], "-") == 0) {
            return USAGE(out, "%s does not know what to do with '-' (is it meant to be --apps-file -?)",
                         out->command->name);
        }
    }
    out->arguments[0] = out->app_count > 0 ? out->apps[0] : NULL;
    *words += out->app_count;
    *count -= out->app_count;
    return OPTIONS_RUN;
}

static int take_arguments(command_line *out, char *const *words, size_t count)
{
    const command_row *command = out->command;
    size_t taken = 0;
    if (command->takes_apps) {
        int code = take_apps(out, &words, &count);
        if (code != OPTIONS_RUN) {
            return code;
        }
        taken = out->app_count > 0 || options_has(out, OPTION_APPS_FILE) ? 1 : 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (taken < OPTIONS_MAX_ARGUMENTS && command->arguments[taken] != NULL) {
            out->arguments[taken++] = words[i];
        } else if (command->takes_stdin && !out->from_stdin && strcmp(words[i], "-") == 0) {
            out->from_stdin = true;
        } else {
            char advice[NEAREST_SIZE];
            return USAGE(out, "%s does not know what to do with '%s'%s", command->name, words[i],
                         nearest_file_option(out, words[i], advice));
        }
    }
    if (taken < OPTIONS_MAX_ARGUMENTS && command->arguments[taken] != NULL) {
        return USAGE(out, "%s needs %s", command->name, command->arguments[taken]);
    }
    return OPTIONS_RUN;
}

/* Take the options; the other words move to the front. */
static int take_options(command_line *out, char **words, size_t count, size_t *left)
{
    bool ended = false;
    for (size_t i = 0; i < count; i++) {
        if (ended || words[i][0] != '-' || words[i][1] == '\0') {
            words[(*left)++] = words[i];
        } else if (strcmp(words[i], "--") == 0) {
            ended = true;
        } else if (words[i][1] != '-') {
            return USAGE(out, "there is no option '%.2s'; options begin with two dashes%s", words[i],
                         nearest_name(words[i] + 1));
        } else {
            int code = take_option(out, words, count, &i);
            if (code != OPTIONS_RUN) {
                return code;
            }
        }
    }
    return OPTIONS_RUN;
}

int options_parse(int argc, char **argv, command_line *out)
{
    char **words = argv + 1;
    size_t count = 0;
    size_t word_count = argc > 1 ? (size_t)argc - 1 : 0;
    *out = (command_line){.command = find_command(words, word_count)};
    int code = take_options(out, words, word_count, &count);
    if (code != OPTIONS_RUN) {
        return code;
    }
    if (options_has(out, OPTION_VERSION)) {
        printf("okta-keys %s, libokta %s\n", OKTA_VERSION, okta_version());
        return EXIT_DONE;
    }
    bool asks_for_help = count > 0 && strcmp(words[0], "help") == 0;
    if (asks_for_help || options_has(out, OPTION_HELP)) {
        out->words = words + (asks_for_help ? 1 : 0);
        out->word_count = count - (asks_for_help ? 1 : 0);
        return OPTIONS_HELP;
    }
    size_t used = 0;
    out->command = rows_find_command(words, count, &used);
    if (out->command == NULL) {
        return nearest_no_command(words, count);
    }
    code = check_taken(out);
    if (code == OPTIONS_RUN) {
        code = take_arguments(out, words + used, count - used);
    }
    if (code == OPTIONS_RUN) {
        code = check_options(out);
    }
    if (code == OPTIONS_RUN) {
        code = read_limits(out);
    }
    if (code == OPTIONS_RUN && ids_check(out) != EXIT_DONE) {
        code = EXIT_USAGE;
    }
    return code;
}
