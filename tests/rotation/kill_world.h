/* SPDX-License-Identifier: Apache-2.0 */
/* An org, the folder of a program that rotates a credential there, and the service that logs in with what the
 * folder says. */
#ifndef OKTA_TESTS_ROTATION_KILL_WORLD_H
#define OKTA_TESTS_ROTATION_KILL_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "mock_org.h"
#include "okta/okta.h"
#include "okta/rotation_journal.h"

#define PATH_SIZE 256u
#define TEXT_SIZE 256u
#define POOL      3u

/* Where the program stores what it does not store by its name. */
#define OUT_FILE "out"

typedef struct kill_world {
    okta_rotation_kind kind;
    char folder[PATH_SIZE];
    mock_org *org;
    const char *app_id;
    okta_client *client;
    okta_key *first_key;
    char pool[POOL][TEXT_SIZE * 16]; /* private keys in PEM */
    char first[TEXT_SIZE];           /* the name of the credential at the beginning */
} kill_world;

/* What the org holds, and whether the service can log in. */
typedef struct kill_view {
    bool works;
    bool is_rotated;   /* the service uses another one than at the beginning */
    size_t count;      /* of the kind */
    size_t duplicates; /* that have the name or the text of another one */
} kill_view;

/* Ends this program with a message; `error` is nullable. */
_Noreturn void kill_world_die(const char *what, okta_error *error);

/* Make the folder and the keys. */
void kill_world_make(kill_world *self, okta_rotation_kind kind);
void kill_world_remove(kill_world *self);

/* An org with one credential, which the service uses. */
void kill_world_start(kill_world *self);
void kill_world_stop(kill_world *self);

/* Print a file of the folder, for people. */
void kill_world_print(const kill_world *self, const char *name);

void kill_world_look(const kill_world *self, kill_view *out);

#endif
