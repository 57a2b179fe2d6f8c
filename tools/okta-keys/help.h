/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OKTA_KEYS_HELP_H
#define OKTA_KEYS_HELP_H

#include <stddef.h>

/* Print help about everything, or about the command or group that the words name. Returns an exit code. */
int help_print(char *const *words, size_t count);

#endif
