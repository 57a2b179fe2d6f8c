/* SPDX-License-Identifier: Apache-2.0 */
/* Where `rotate` puts a new key or secret, into a file or to a command; and the command that has services use
 * it. */
#ifndef OKTA_KEYS_KEY_STORE_H
#define OKTA_KEYS_KEY_STORE_H

#include <okta/rotation.h>

/* Begins as {0} with `path` or `command`. */
typedef struct key_store {
    char *path;                     /* of --out, for this app; freed by its owner. NULL: there is none */
    const char *command;            /* of --store; NULL: there is none */
    const char *switches;           /* of --switch; NULL: there is none */
    bool has_written;               /* the file, in this process */
    char kid[OKTA_THUMBPRINT_SIZE]; /* of the key that is taken back, in whatever process it was made; "":
                                       unknown */
} key_store;

/* For okta_rotation_options; `ctx` is a key_store. */
void key_store_put(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask);
void key_store_recall(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask);

void key_store_switch(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask);

/* The rotation was undone: the file that was written for it goes. */
void key_store_undo(key_store *store);

#endif
