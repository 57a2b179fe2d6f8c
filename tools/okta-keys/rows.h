/* SPDX-License-Identifier: Apache-2.0 */
/* The commands and options as data. The same rows read the command line and print --help. */
#ifndef OKTA_KEYS_ROWS_H
#define OKTA_KEYS_ROWS_H

#include "command_line.h"

extern const option_row option_rows[OPTION_COUNT];
extern const command_row command_rows[];
extern const size_t command_count;

/* The command that these words name; NULL when there is none. `used` receives how many words its name has. */
const command_row *rows_find_command(char *const *words, size_t count, size_t *used);

/* Whether commands stand behind this word. */
bool rows_has_group(const char *word);

#endif
