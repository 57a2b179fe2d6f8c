/* SPDX-License-Identifier: Apache-2.0 */
/* What to do behind a failure. */
#ifndef OKTA_KEYS_ADVICE_H
#define OKTA_KEYS_ADVICE_H

#include <okta/okta.h>

#include "command_line.h"

/* A text that is too long is cut. */
#define ADVICE_SIZE 20000u

/* The private key of an app is in its file, and nobody knows whether Okta holds its public half. The command
 * that finds out, and adds it where it is not, is one for a shell. */
void advice_to_resume(const command_line *options, const char *app, const char *path, char out[ADVICE_SIZE]);

/* Two texts in a row. */
void advice_say(char out[ADVICE_SIZE], const char *text, const char *behind);

#endif
