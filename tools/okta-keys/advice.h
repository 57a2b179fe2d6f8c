/* SPDX-License-Identifier: Apache-2.0 */
/* What to do behind a failure. */
#ifndef OKTA_KEYS_ADVICE_H
#define OKTA_KEYS_ADVICE_H

#include <okta/okta.h>
#include <okta/rotation.h>

#include "command_line.h"

/* A text that is too long is cut. */
#define ADVICE_SIZE 20000u

/* The private key of an app is in its file, and nobody knows whether Okta holds its public half. The command
 * that finds out, and adds it where it is not, is one for a shell. */
void advice_to_resume(const command_line *options, const char *app, const char *path, char out[ADVICE_SIZE]);

/* Behind a rotation that failed: whether anything is left of it, and how it goes on. NULL: there is nothing
 * to say. */
const char *advice_on_rotation(const okta_rotation_progress *progress, okta_rotation_start start,
                               bool switches);

/* Behind the refusal of one that goes on although nobody has the services use the new one. */
#define ADVICE_TO_SWITCH "name --switch COMMAND, or --switch true where they use the new one already"

/* Two texts in a row. */
void advice_say(char out[ADVICE_SIZE], const char *text, const char *behind);

#endif
