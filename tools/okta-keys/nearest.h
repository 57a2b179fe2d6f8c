/* SPDX-License-Identifier: Apache-2.0 */
/* What a word that nobody knows may be meant to be. */
#ifndef OKTA_KEYS_NEAREST_H
#define OKTA_KEYS_NEAREST_H

#include "command_line.h"

/* Room for an advice. */
#define NEAREST_SIZE 256u

/* Those with `out` write ` (is it meant to be ...?)` to it, or "" where nothing is near, and return it. */

/* A word without its dashes, up to its "=". */
const char *nearest_option(const char *word, char out[NEAREST_SIZE]);

/* What to do with a word, without its dashes, that looks like an id or a kid; "": it does not. */
const char *nearest_name(const char *word);

/* A word that is too many: it may name a file that the command takes by an option which is not given. */
const char *nearest_file_option(const command_line *options, const char *word, char out[NEAREST_SIZE]);

/* Say that these words name no command, and which one is near; returns an exit code. */
int nearest_no_command(char *const *words, size_t count);

#endif
