/* SPDX-License-Identifier: Apache-2.0 */
/* The key pair that `generate` gives an app. Its private half is in a file before its public half is sent. */
#ifndef OKTA_KEYS_NEW_KEY_H
#define OKTA_KEYS_NEW_KEY_H

#include "advice.h"
#include "command_line.h"

typedef enum new_key_place {
    NEW_KEY_NOWHERE, /* there is no private key */
    NEW_KEY_STORED,  /* it was written to its file */
    NEW_KEY_FOUND,   /* it was in its file before */
    NEW_KEY_REMOVED, /* it was written, and is gone again */
    NEW_KEY_STUCK,   /* it was written, and cannot be removed */
} new_key_place;

/* Begins as {0}, with its path. */
typedef struct new_key {
    char *path; /* of the private key; it is the key's */
    new_key_place place;
    int reason;                              /* of NEW_KEY_STUCK, by the system */
    okta_oauth2_client_jwk_request *request; /* the public half; NULL: there is none yet */
    char thumbprint[OKTA_THUMBPRINT_SIZE];
} new_key;

/* See whether a key as the options say is one that Okta takes. Returns an exit code. */
int new_key_check(const command_line *options);

/* See whether its file can be written, or with --resume read the key that is there. Returns an exit code. */
int new_key_prepare(const command_line *options, new_key *key);

/* Make it and write it, unless it was found. */
okta_error *new_key_make(const command_line *options, new_key *key);

/* The same key among those of an app; NULL: the app has it not. It lives in the list. */
const okta_oauth2_client_jwk *new_key_look(const new_key *key, const okta_oauth2_client_jwk_list *keys);

/* Its public half was not added, says a failed call with this status: where that is certain, what was written
 * is removed, and the same command can run again. */
void new_key_undo(new_key *key, okta_status status);

/* What became of it, and what to do, behind a failure with this status. */
void new_key_advise(const command_line *options, const char *app, const new_key *key, okta_status status,
                    char out[ADVICE_SIZE]);

void new_key_clear(new_key *key);

#endif
