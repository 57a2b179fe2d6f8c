/* SPDX-License-Identifier: Apache-2.0 */
/* The passphrase of an encrypted PEM: from the environment, or from the terminal. */
#ifndef OKTA_KEYS_PASSPHRASE_H
#define OKTA_KEYS_PASSPHRASE_H

#include <stdbool.h>
#include <stddef.h>

#define PASSPHRASE_VARIABLE "OKTA_KEYS_PASSPHRASE"

typedef struct passphrase_source {
    const char *file; /* what the prompt names */
    bool may_ask;     /* false when the key itself comes from standard input */
    bool missing;     /* receives true when there was nowhere to get it from */
} passphrase_source;

/* An okta_passphrase_fn; `ctx` is a passphrase_source. The environment comes first. The terminal is asked
 * only when standard input is one: a program run by another program never waits for a person. */
int passphrase_get(void *ctx, char *buffer, size_t capacity);

#endif
