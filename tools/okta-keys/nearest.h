/* SPDX-License-Identifier: Apache-2.0 */
/* What a word that nobody knows may be meant to be. */
#ifndef OKTA_KEYS_NEAREST_H
#define OKTA_KEYS_NEAREST_H

#include "command_line.h"

/* Room for an advice. */
#define NEAREST_SIZE 256u

/* The first two write ` (is it meant to be ...?)` to `out`, or "" where nothing is near, and return `out`. */

/* A word without its dashes, up to its "=". */
const char *nearest_option(const char *word, char out[NEAREST_SIZE]);

/* A word that is too many: it may name a file that the command takes by an option which is not given. */
const char *nearest_file_option(const command_line *options, const char *word, char out[NEAREST_SIZE]);

/* Say that these words name no command, and which one is near; returns an exit code. */
int nearest_no_command(char *const *words, size_t count);

#endif
