/* SPDX-License-Identifier: Apache-2.0 */
/* rotator ORG_URL APP KIND FOLDER
 * A program that rotates the credential of an app, to be ended at any moment. KIND is the number of an
 * okta_rotation_kind. In FOLDER are the journal, the keys or secrets that were stored, each by its name, the
 * file `current` with the name of the one that services use, and `pool-1` and
 * so on, private keys in PEM for encryption keys, which take long to make. Run again, it goes on. It exits
 * with 0 when the rotation is done, with 3 when it waits, and with 4 when it was undone. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <okta/okta.h>
#include <okta/rotation.h>
#include <okta/sqlite.h>

#define PATH_SIZE 512u
#define TEXT_SIZE 8192u
#define POOL      3u

static const char *folder;

static void path_of(char out[PATH_SIZE], const char *name)
{
    snprintf(out, PATH_SIZE, "%s/%s", folder, name);
}

/* Whole or not at all, and on the disk. */
static okta_error *write_file(const char *name, const char *text)
{
    char path[PATH_SIZE];
    char part[PATH_SIZE + 8];
    path_of(path, name);
    snprintf(part, sizeof part, "%s.part", path);
    int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) && fsync(file) == 0;
    if (file >= 0) {
        close(file);
    }
    good = good && rename(part, path) == 0;
    int where = good ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    good = where >= 0 && fsync(where) == 0;
    if (where >= 0) {
        close(where);
    }
    return good ? NULL : okta_error_new(OKTA_E_CONFIG, strerror(errno));
}

/* False: there is none. */
static bool read_file(const char *name, char out[TEXT_SIZE])
{
    char path[PATH_SIZE];
    path_of(path, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, out, TEXT_SIZE - 1);
    if (file >= 0) {
        close(file);
    }
    out[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

/* A key of the pool, which it is gone from then. */
static okta_error *take_from_pool(okta_key **out)
{
    for (unsigned i = 1; i <= POOL; i++) {
        char name[16];
        char path[PATH_SIZE];
        char pem[TEXT_SIZE];
        snprintf(name, sizeof name, "pool-%u", i);
        path_of(path, name);
        if (read_file(name, pem) && unlink(path) == 0) {
            return okta_key_from_pem(pem, strlen(pem), NULL, NULL, out);
        }
    }
    return okta_key_generate(OKTA_KEY_RSA_2048, out);
}

static void make(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    okta_key *key = NULL;
    (void)ctx;
    okta_error *error = subject->kind == OKTA_ROTATION_ENCRYPTION_KEY
                            ? take_from_pool(&key)
                            : okta_key_generate(OKTA_KEY_EC_P256, &key);
    if (error != NULL) {
        okta_rotation_answer(ask, error);
    } else {
        okta_rotation_answer_key(ask, key, NULL);
    }
    okta_free(key);
}

/* A secret is stored as `secret`, a key by its kid. */
static void store(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    char *pem = NULL;
    okta_error *error = NULL;
    (void)ctx;
    if (subject->secret != NULL) {
        error = write_file("secret", subject->secret);
    } else {
        error = okta_key_to_private_pem(subject->key, &pem);
        if (error == NULL) {
            error = write_file(subject->kid, pem);
        }
    }
    okta_free(pem);
    okta_rotation_answer(ask, error);
}

static void recall(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    char text[TEXT_SIZE];
    okta_key *key = NULL;
    (void)ctx;
    if (subject->kind == OKTA_ROTATION_CLIENT_SECRET) {
        okta_rotation_answer_secret(ask, read_file("secret", text) ? text : NULL);
        return;
    }
    okta_error *error =
        read_file(subject->kid, text) ? okta_key_from_pem(text, strlen(text), NULL, NULL, &key) : NULL;
    okta_free(error);
    okta_rotation_answer_key(ask, key, NULL);
    okta_free(key);
}

static void switch_over(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    char text[TEXT_SIZE];
    (void)ctx;
    if (subject->kind == OKTA_ROTATION_CLIENT_SECRET) {
        bool is_there = read_file("secret", text);
        okta_rotation_answer(ask, is_there ? write_file("current", text)
                                           : okta_error_new(OKTA_E_CONFIG, "the store has no secret"));
        return;
    }
    okta_rotation_answer(ask, write_file("current", subject->kid));
}

static int report(okta_error *error)
{
    fprintf(stderr, "rotator: %s\n", okta_error_message(error));
    okta_free(error);
    return 1;
}

static int rotate(okta_client *client, const char *app_id, okta_rotation_kind kind,
                  const okta_rotation_journal *journal)
{
    okta_rotation_options options = OKTA_ROTATION_OPTIONS_INIT;
    options.client = client;
    options.app_id = app_id;
    options.kind = kind;
    options.journal = journal;
    options.make = kind == OKTA_ROTATION_CLIENT_SECRET ? NULL : make;
    options.store = store;
    options.recall = getenv("ROTATOR_FORGETS") == NULL ? recall : NULL;
    options.switch_over = switch_over;
    options.grace_s = okta_int(0);
    okta_rotation *rotation = NULL;
    okta_error *error = okta_rotation_new(&options, &rotation);
    if (error == NULL) {
        error = okta_rotation_run(rotation);
    }
    okta_rotation_state state = error == NULL ? okta_rotation_look(rotation)->state : OKTA_ROTATION_STOPPED;
    okta_free(rotation);
    if (error != NULL) {
        return report(error);
    }
    return state == OKTA_ROTATION_DONE ? 0 : state == OKTA_ROTATION_UNDONE ? 4 : 3;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        return 2;
    }
    folder = argv[4];
    char path[PATH_SIZE];
    path_of(path, "journal");
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = argv[1];
    options.token = "mock-token";
    options.timeout_ms = 1000;
    okta_client *client = NULL;
    okta_rotation_journal *journal = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = okta_sqlite_journal_open(path, &journal);
    }
    int code = error != NULL
                   ? report(error)
                   : rotate(client, argv[2], (okta_rotation_kind)strtol(argv[3], NULL, 10), journal);
    okta_sqlite_journal_close(journal);
    okta_free(client);
    return code;
}
