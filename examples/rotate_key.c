/* SPDX-License-Identifier: Apache-2.0 */
/* Replace the signing key of an app: rotate_key APP FOLDER GRACE_SECONDS
 *
 * FOLDER holds the journal, each private key by its kid, and the link `current` to the one that the services
 * use. Run it again when it was interrupted, or when the old key's time is over: it goes on. */
#include <errno.h>
#include <okta/okta.h>
#include <okta/rotation.h>
#include <okta/sqlite.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096u

/* What the functions below share with main(). */
typedef struct store {
    const char *folder;
} store;

static void path_of(const store *self, const char *kid, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/%s.pem", self->folder, kid);
}

/* The key is there already where an earlier run was interrupted. */
static void store_key(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    char path[PATH_SIZE];
    path_of(ctx, subject->kid, path);
    bool is_there = access(path, F_OK) == 0;
    okta_rotation_answer(ask, is_there ? NULL : okta_key_write_private_pem(subject->key, path));
}

/* NULL: it was not stored. */
static void recall_key(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    char path[PATH_SIZE];
    char pem[8192];
    okta_key *key = NULL;
    okta_error *error = NULL;
    path_of(ctx, subject->kid, path);
    FILE *file = fopen(path, "r");
    if (file != NULL) {
        size_t length = fread(pem, 1, sizeof pem, file);
        fclose(file);
        error = okta_key_from_pem(pem, length, NULL, NULL, &key);
        explicit_bzero(pem, sizeof pem);
    }
    if (error != NULL) {
        okta_rotation_answer(ask, error);
    } else {
        okta_rotation_answer_key(ask, key, NULL);
    }
    okta_free(key);
}

/* The services open `current` for each token. */
static void switch_services(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    const store *self = ctx;
    char target[PATH_SIZE], next[PATH_SIZE], current[PATH_SIZE];
    snprintf(target, sizeof target, "%s.pem", subject->kid);
    snprintf(next, sizeof next, "%s/next", self->folder);
    snprintf(current, sizeof current, "%s/current", self->folder);
    unlink(next);
    bool done = symlink(target, next) == 0 && rename(next, current) == 0;
    okta_rotation_answer(ask, done ? NULL : okta_error_new(OKTA_E_CONFIG, strerror(errno)));
}

static okta_error *rotate(okta_client *client, const char *app_id, store *keys, int64_t grace_s,
                          const okta_rotation_journal *journal)
{
    okta_rotation_options options = OKTA_ROTATION_OPTIONS_INIT;
    options.client = client;
    options.app_id = app_id;
    options.kind = OKTA_ROTATION_SIGNING_KEY;
    options.key_type = OKTA_KEY_EC_P256;
    options.journal = journal;
    options.store = store_key;
    options.recall = recall_key;
    options.switch_over = switch_services;
    options.ctx = keys;
    options.grace_s = okta_int(grace_s);
    okta_rotation *rotation = NULL;
    okta_error *error = okta_rotation_new(&options, &rotation);
    if (error == NULL) {
        error = okta_rotation_run(rotation);
    }
    const okta_rotation_progress *progress = okta_rotation_look(rotation);
    if (error == NULL && progress->state == OKTA_ROTATION_WAITS) {
        printf("key %s is %s; the next step is due at %lld\n", progress->kid,
               okta_rotation_phase_name(progress->phase), (long long)progress->due_s);
    } else if (error == NULL) {
        printf("key %s is the only one\n", progress->kid);
    }
    okta_free(rotation);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: rotate_key APP FOLDER GRACE_SECONDS\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    store keys = {argv[2]};
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/journal", argv[2]);
    okta_client *client = NULL;
    okta_rotation_journal *journal = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = okta_sqlite_journal_open(path, &journal);
    }
    if (error == NULL) {
        error = rotate(client, argv[1], &keys, strtol(argv[3], NULL, 10), journal);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "rotate_key: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_sqlite_journal_close(journal);
    okta_free(client);
    return exit_code;
}
