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
    bool is_dashed = app[0] == '-';
    if (!is_dashed) {
        add_word(&to, app);
    }
    add_option(&to, options, OPTION_TYPE, "--type");
    add_option(&to, options, OPTION_OUT, "--out");
    add_word(&to, "--resume");
    add_option(&to, options, OPTION_KID, "--kid");
    add_option(&to, options, OPTION_USE, "--use");
    add_option(&to, options, OPTION_ALG, "--alg");
    add_option(&to, options, OPTION_STATUS, "--status");
    if (is_dashed) {
        add_word(&to, "--");
        add_word(&to, app);
    }
}

const char *advice_on_rotation(const okta_rotation_progress *progress, okta_rotation_start start,
                               bool switches)
{
    okta_rotation_phase phase = progress->phase;
    if (progress->state == OKTA_ROTATION_UNDONE) {
        return "nothing is left of it";
    }
    /* An earlier one that waits to delete is none of those that are begun or taken back. */
    bool is_another = phase == OKTA_ROTATION_PHASE_RETIRED && start == OKTA_ROTATION_BEGIN;
    if (progress->state != OKTA_ROTATION_STOPPED || phase == OKTA_ROTATION_PHASE_NONE || is_another) {
        return NULL;
    }
    if (phase == OKTA_ROTATION_PHASE_UNDOING) {
        return "--undo or --resume goes on with taking it back; where the org keeps it as the only active "
               "one, "
               "--resume has another one take its place";
    }
    if (start == OKTA_ROTATION_UNDO && phase < OKTA_ROTATION_PHASE_PROVEN) {
        return "--undo again takes it back";
    }
    if (phase == OKTA_ROTATION_PHASE_PROVEN) {
        return switches && start != OKTA_ROTATION_UNDO
                   ? "the old one still works: --resume goes on, and runs --switch again"
                   : "--resume with --switch goes on with it";
    }
    return "--resume goes on with it";
}

void advice_say(char out[ADVICE_SIZE], const char *text, const char *behind)
{
    writing to = {out, ADVICE_SIZE};
    add_text(&to, text);
    add_text(&to, behind);
}
