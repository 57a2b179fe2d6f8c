/* SPDX-License-Identifier: Apache-2.0 */
/* What to do behind a failure. */
#ifndef OKTA_KEYS_ADVICE_H
#define OKTA_KEYS_ADVICE_H

#include <okta/okta.h>

#include "command_line.h"

/* A text that is too long is cut. */
#define ADVICE_SIZE 20000u

/* The private key of an app is in its file, and Okta did not confirm its public half. The command to add it
 * is one for a shell, and adds the key as `options` say. */
void advice_for_generate(const command_line *options, const char *app, const char *path, okta_status status,
                         char out[ADVICE_SIZE]);

#endif
