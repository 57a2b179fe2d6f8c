/* SPDX-License-Identifier: Apache-2.0 */
/* The file of `apply`: which keys each app is to have. */
#ifndef OKTA_KEYS_APPLY_FILE_H
#define OKTA_KEYS_APPLY_FILE_H

#include <okta/okta.h>

#include "apply_plan.h"
#include "common/document.h"

/* What stands behind an `apply_wanted`. */
typedef struct apply_key {
    const document_node *node;
    const char *path;                        /* of its file, as it is written; NULL: only the kid is told */
    okta_oauth2_client_jwk_request *request; /* the public half; NULL: the same */
    char thumbprint[OKTA_THUMBPRINT_SIZE];
} apply_key;

typedef struct apply_app {
    const document_node *node;
    const char *id;
    size_t line;
    apply_wanted *wanted;
    apply_key *keys; /* as many */
    size_t count;
} apply_app;

/* Begins as {0}. */
typedef struct apply_file {
    const char *path; /* borrowed */
    document *document;
    apply_app *apps;
    size_t count;
} apply_file;

/* Read it, and the keys that it names, whose paths begin in its folder. Nothing is sent. Returns EXIT_DONE,
 * or the exit code after it has said what is wrong. Release in any case. */
int apply_file_read(const char *path, apply_file *out);
void apply_file_clear(apply_file *file);

#endif
