/* SPDX-License-Identifier: Apache-2.0 */
#include "advice.h"

#include <stdio.h>
#include <string.h>

/* What a shell takes as it stands. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,"

typedef struct writing {
    char *at;
    size_t room;
} writing;

static void add(writing *to, char c)
{
    if (to->room > 1) {
        *to->at++ = c;
        to->room--;
    }
    *to->at = '\0';
}

static void add_text(writing *to, const char *text)
{
    for (; *text != '\0'; text++) {
        add(to, *text);
    }
}

/* A word of a command, in quotes where a shell would take it for something else. */
static void add_word(writing *to, const char *word)
{
    add(to, ' ');
    if (*word != '\0' && word[strspn(word, PLAIN)] == '\0') {
        add_text(to, word);
        return;
    }
    add(to, '\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            add_text(to, "'\\'");
        }
        add(to, *word);
    }
    add(to, '\'');
}

static void add_option(writing *to, const command_line *options, option_id option, const char *name)
{
    const char *value = options_value(options, option);
    if (value != NULL) {
        add_word(to, name);
        add_word(to, value);
    }
}

void advice_to_resume(const command_line *options, const char *app, const char *path, char out[ADVICE_SIZE])
{
    writing to = {out, ADVICE_SIZE};
    add_text(&to, "the private key is in ");
    add_text(&to, path);
    add_text(&to, "; to finish, run: okta-keys generate");
    add_word(&to, app);
    add_option(&to, options, OPTION_TYPE, "--type");
    add_option(&to, options, OPTION_OUT, "--out");
    add_word(&to, "--resume");
    add_option(&to, options, OPTION_KID, "--kid");
    add_option(&to, options, OPTION_USE, "--use");
    add_option(&to, options, OPTION_ALG, "--alg");
    add_option(&to, options, OPTION_STATUS, "--status");
}

void advice_say(char out[ADVICE_SIZE], const char *text, const char *behind)
{
    writing to = {out, ADVICE_SIZE};
    add_text(&to, text);
    add_text(&to, behind);
}
