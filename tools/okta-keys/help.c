/* SPDX-License-Identifier: Apache-2.0 */
/* Help, printed from the rows. */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "nearest.h"
#include "passphrase.h"
#include "report.h"
#include "rows.h"
#include "settings.h"

#define COMMAND_COLUMN 42
#define OPTION_COLUMN  26
#define SETTING_COLUMN 36
#define NAME_COLUMN    24
#define SCREEN_WIDTH   80u
#define TEXT_SIZE      256u

/* The options of all commands that one without an org makes use of. */
#define LOCAL_OPTIONS (OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_HELP) | OPTION_BIT(OPTION_VERSION))

static int print_option(option_id id)
{
    const option_row *row = &option_rows[id];
    return printf("--%s%s%s", row->name, row->value == NULL ? "" : " ", row->value == NULL ? "" : row->value);
}

/* The command with all that it must be given; returns how many characters that is. */
static int print_usage(const command_row *command)
{
    int width = printf("%s%s%s", command->group == NULL ? "" : command->group,
                       command->group == NULL ? "" : " ", command->name);
    for (size_t i = 0; i < OPTIONS_MAX_ARGUMENTS && command->arguments[i] != NULL; i++) {
        width += printf(" %s%s", command->arguments[i], i == 0 && command->takes_apps ? "..." : "");
    }
    const char *before = " (";
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        if ((command->one_of & OPTION_BIT(id)) != 0) {
            width += printf("%s", before) + print_option(id);
            before = " | ";
        } else if ((command->needs & OPTION_BIT(id)) != 0) {
            width += printf(" ") + print_option(id);
        }
    }
    if (command->takes_stdin) {
        width += printf(" | -");
    }
    return width + (command->one_of != 0 ? printf(")") : 0);
}

/* Print a text from where the line is to the end of the screen, and further lines below its first letter.
 * Words are never broken. */
static void print_column(size_t width, size_t column, const char *text)
{
    size_t at = width < column ? column : width + 1;
    printf("%*s", (int)(at - width), "");
    for (size_t begin = at; *text != '\0'; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");
        size_t gap = at == begin ? 0 : 1;
        if (gap > 0 && at + gap + length > SCREEN_WIDTH) {
            printf("\n%*s", (int)column, "");
            at = begin = column;
            gap = 0;
        }
        printf("%s%.*s", gap > 0 ? " " : "", (int)length, text);
        at += gap + length;
        text += length;
    }
    printf("\n");
}

/* A command on this machine alone has no org to ask. */
static bool is_local(const command_row *command)
{
    return command != NULL && command->offline && !command->tells_settings;
}

/* What an option is to that command alone; NULL: the same as to others. */
static const char *own_words(const command_row *command, option_id id)
{
    const option_words *it = command == NULL ? NULL : command->words;
    while (it != NULL && it->help != NULL && it->id != id) {
        it++;
    }
    return it == NULL ? NULL : it->help;
}

/* `command` is nullable. */
static const char *help_of(option_id id, const command_row *command)
{
    const option_row *row = &option_rows[id];
    const char *own = own_words(command, id);
    bool makes_key = command != NULL && (command->takes & OPTION_BIT(OPTION_TYPE)) != 0;
    return own != NULL                                    ? own
           : makes_key && row->made_help != NULL          ? row->made_help
           : is_local(command) && row->local_help != NULL ? row->local_help
                                                          : row->help;
}

/* `command` is nullable. */
static void print_options(uint64_t ids, const command_row *command)
{
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const option_row *row = &option_rows[id];
        char text[TEXT_SIZE] = "";
        size_t length = 0;
        if ((ids & OPTION_BIT(id)) == 0) {
            continue;
        }
        for (size_t i = 0; row->choices != NULL && row->choices[i] != NULL; i++) {
            int written = snprintf(text + length, sizeof text - length, "%s%s", row->choices[i],
                                   row->choices[i + 1] == NULL ? ": " : ", ");
            length += written > 0 ? (size_t)written : 0;
        }
        (void)snprintf(text + length, sizeof text - length, "%s", help_of((option_id)id, command));
        int width = printf("  ") + print_option(id);
        print_column((size_t)width, OPTION_COLUMN, text);
    }
}

static void print_commands(const char *group)
{
    for (size_t i = 0; i < command_count; i++) {
        const command_row *command = &command_rows[i];
        if (group == NULL || (command->group != NULL && strcmp(command->group, group) == 0)) {
            int width = printf("  ") + print_usage(command);
            print_column((size_t)width, COMMAND_COLUMN, command->help);
        }
    }
}

static void print_settings(void)
{
    for (size_t i = 0; i < setting_count; i++) {
        int width = printf("  %s", setting_rows[i].variable);
        print_column((size_t)width, SETTING_COLUMN, setting_rows[i].help);
    }
}

/* The names in a file beside those of the environment. */
static void print_setting_names(void)
{
    printf("\nSettings in a file, below okta and client, and in the environment:\n");
    for (size_t i = 0; i < setting_count; i++) {
        printf("  %-*s%s\n", NAME_COLUMN - 2, setting_rows[i].name, setting_rows[i].variable);
    }
}

static void print_everything(void)
{
    printf("Usage: okta-keys [OPTIONS] COMMAND ...\n\n"
           "Manage the JSON Web Keys and the secrets of an OAuth 2.0 client, an app of an\n"
           "Okta org. APP is the id of the app; KEY is the id of a key, or kid:KID.\n"
           "APP... may be --apps-file FILE, with an id a line.\n\n"
           "Commands:\n");
    print_commands(NULL);
    print_column((size_t)printf("  help [COMMAND]"), COMMAND_COLUMN,
                 "print help; a command's lists its own options");
    printf("\nOptions of all commands, before or after the command:\n");
    print_options(OPTIONS_GLOBAL, NULL);
    printf("\nA FILE of \"-\" is standard input. \"--\" ends the options: an id that begins with\n"
           "\"-\" stands behind it. A kid may begin so in kid:KID and behind --kid. There is\n"
           "no option for the token itself: other users see command lines.\n\n"
           "Environment; options come first:\n");
    print_settings();
    printf("  %-*sthe passphrase of an encrypted PEM\n\n"
           "okta.yaml may hold all but the last, below okta and client: see\nokta-keys help config\n\n"
           "Exit status:\n"
           "  0  done\n"
           "  1  refused by Okta for another reason, or the output could not be written; of\n"
           "     several apps: they failed for different reasons\n"
           "  2  usage or bad input; nothing was sent\n"
           "  3  no such app, key or secret\n"
           "  4  authentication or permission\n"
           "  5  rate limited\n"
           "  6  network, TLS or time-out\n"
           "  7  the answer made no sense, or what became of a change is unknown\n"
           "  8  apply --check found changes to make\n",
           SETTING_COLUMN - 2, PASSPHRASE_VARIABLE);
}

static void print_command(const command_row *command)
{
    printf("Usage: okta-keys ");
    (void)print_usage(command);
    printf(" [OPTIONS]\n\n%c%s.\n", command->help[0] - 'a' + 'A', command->help + 1);
    if (command->more != NULL) {
        printf("%s", command->more);
    }
    if (command->tells_settings) {
        print_setting_names();
    }
    if (command->takes != 0) {
        printf("\nIts options:\n");
        print_options(command->takes, command);
    }
    bool local = is_local(command);
    printf(local ? "\nOther options:\n" : "\nOptions of all commands:\n");
    print_options(local ? LOCAL_OPTIONS : OPTIONS_GLOBAL, command);
}

int help_print(char *const *words, size_t count)
{
    size_t used = 0;
    const command_row *command = rows_find_command(words, count, &used);
    if (command != NULL) {
        print_command(command);
    } else if (count == 0 || strcmp(words[0], "help") == 0) {
        print_everything();
    } else if (count == 1 && rows_has_group(words[0])) {
        printf("Usage: okta-keys %s COMMAND ...\n\nCommands:\n", words[0]);
        print_commands(words[0]);
        printf("\nokta-keys help %s COMMAND tells more about one.\n", words[0]);
    } else {
        return nearest_no_command(words, count);
    }
    return EXIT_DONE;
}
