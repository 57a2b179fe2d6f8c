/* SPDX-License-Identifier: Apache-2.0 */
#include "key_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/errand.h"
#include "common/secret_file.h"
#include "files.h"
#include "report.h"

#define PART ".part"

/* The whole file or none, and never over another one. */
static okta_error *write_whole(key_store *store, const char *part, const okta_rotation_subject *subject)
{
    okta_error *error = secret_file_write(part, subject);
    if (error == NULL && link(part, store->path) != 0) {
        error = secret_file_error(store->path);
    }
    unlink(part);
    store->has_written = error == NULL;
    return error == NULL ? secret_file_sync_folder(store->path) : error;
}

/* What is in the file, which may be that of an earlier run. False: there is none. */
static bool read_found(const key_store *store, file_text *out)
{
    return store->path != NULL && access(store->path, F_OK) == 0 &&
           file_read(store->path, FILES_SMALL_MAX, out) == EXIT_DONE;
}

static okta_error *put_into_file(key_store *store, const okta_rotation_subject *subject)
{
    file_text found = {0};
    char *part = secret_file_beside(store->path, PART);
    if (part == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    unlink(part); /* of a process that was interrupted */
    okta_error *error = NULL;
    if (!read_found(store, &found)) {
        error = write_whole(store, part, subject);
    } else if (!secret_file_is_new(found.text, found.length, subject)) {
        error = report_new_error(OKTA_E_CONFIG, "%s exists, and is never replaced: name another --out",
                                 store->path);
    }
    file_text_clear(&found);
    free(part);
    return error;
}

void key_store_recall(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    const key_store *store = ctx;
    file_text found = {0};
    okta_key *key = NULL;
    (void)subject;
    if (read_found(store, &found)) {
        /* What is no key is not the one that is asked for. */
        okta_free(okta_key_from_pem(found.text, found.length, NULL, NULL, &key));
    }
    file_text_clear(&found);
    okta_rotation_answer_key(ask, key, NULL);
    okta_free(key);
}

/* Whether the file has the key that is taken back. */
static bool has_its_key(const key_store *store)
{
    file_text found = {0};
    okta_key *key = NULL;
    char thumbprint[OKTA_THUMBPRINT_SIZE] = "";
    if (store->kid[0] != '\0' && read_found(store, &found)) {
        okta_free(okta_key_from_pem(found.text, found.length, NULL, NULL, &key));
        okta_free(okta_key_thumbprint(key, thumbprint));
    }
    file_text_clear(&found);
    okta_free(key);
    return thumbprint[0] != '\0' && strcmp(thumbprint, store->kid) == 0;
}

void key_store_undo(key_store *store)
{
    if (store->path == NULL) {
        return;
    }
    char *part = secret_file_beside(store->path, PART);
    if (part != NULL) {
        unlink(part);
    }
    free(part);
    if (store->has_written || has_its_key(store)) {
        unlink(store->path);
    }
    store->has_written = false;
}

void key_store_put(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    key_store *store = ctx;
    const errand_order order = {.name = "--store", .command = store->command, .reads = ERRAND_READS_NEW};
    if (store->path != NULL) {
        okta_rotation_answer(ask, put_into_file(store, subject));
    } else {
        errand_run(&order, subject, ask);
    }
}

void key_store_switch(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    const key_store *store = ctx;
    const errand_order order = {.name = "--switch", .command = store->switches};
    errand_run(&order, subject, ask);
}
