/* SPDX-License-Identifier: Apache-2.0 */
/* The settings that files and the environment may hold, for help. */
#ifndef OKTA_KEYS_SETTINGS_H
#define OKTA_KEYS_SETTINGS_H

#include <stddef.h>

typedef struct setting_row {
    const char *variable;
    const char *name; /* in a file, below okta and client; a dot is a level */
    const char *help;
} setting_row;

extern const setting_row setting_rows[];
extern const size_t setting_count;

#endif
