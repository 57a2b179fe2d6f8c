/* SPDX-License-Identifier: Apache-2.0 */
#include "apply_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/document_read.h"
#include "files.h"
#include "ids.h"
#include "key_input.h"
#include "report.h"

#define KID_SHOWN 80
/* Far above what an app can have; those that are to be absent count, too. */
#define KEYS_LIMIT 1000u

static size_t count_of(const document_node *list)
{
    size_t count = 0;
    for (const document_node *node = document_first(list); node != NULL; node = document_next(node)) {
        count++;
    }
    return count;
}

/* What the text of the file says. */

static void read_key(document *text, const document_node *node, apply_wanted *wanted, apply_key *key)
{
    static const char *const members[] = {"file", "kid", "use", "alg", "status", NULL};
    static const char *const uses[] = {"sig", "enc", NULL};
    static const char *const statuses[] = {"active", "inactive", "absent", NULL};
    static const apply_use use_of[] = {APPLY_SIG, APPLY_ENC, APPLY_ANY_USE};
    static const apply_status status_of[] = {APPLY_ACTIVE, APPLY_INACTIVE, APPLY_ABSENT};
    const document_node *file = document_member(node, "file");
    key->node = node;
    wanted->line = document_line(node);
    if (!document_mapping(text, node, members)) {
        return;
    }
    key->path = document_text(text, file);
    wanted->kid = document_text(text, document_member(node, "kid"));
    wanted->alg = document_text(text, document_member(node, "alg"));
    wanted->use = use_of[document_choice(text, document_member(node, "use"), uses, 2)];
    wanted->status = status_of[document_choice(text, document_member(node, "status"), statuses, 0)];
    if (key->path == NULL && wanted->kid == NULL) {
        document_refuse(text, node, "a key has a file, a kid, or both");
    }
    if (key->path != NULL && file_is_stdin(key->path)) {
        document_refuse(text, file, "a key cannot come from standard input here");
    }
}

static void read_id(document *text, const document_node *node, apply_app *app)
{
    char why[IDS_WHY_SIZE];
    app->id = document_text(text, node);
    const char *reason = app->id == NULL ? NULL : ids_refuse(app->id, why);
    if (reason != NULL) {
        document_refuse(text, node, "'%.*s%s': %s", IDS_SHOWN(app->id), reason);
    }
}

/* False: out of memory. */
static bool read_app(document *text, const document_node *node, apply_app *app)
{
    static const char *const members[] = {"id", "keys", NULL};
    app->node = node;
    app->line = document_line(node);
    if (!document_mapping(text, node, members)) {
        return true;
    }
    const document_node *keys = document_need(text, node, "keys");
    read_id(text, document_need(text, node, "id"), app);
    if (!document_sequence(text, keys)) {
        return true;
    }
    size_t count = count_of(keys);
    if (count > KEYS_LIMIT) {
        document_refuse(text, keys, "these are more than %u keys", KEYS_LIMIT);
        return true;
    }
    app->wanted = calloc(count + 1, sizeof *app->wanted);
    app->keys = calloc(count + 1, sizeof *app->keys);
    if (app->wanted == NULL || app->keys == NULL) {
        return false;
    }
    for (const document_node *key = document_first(keys); key != NULL; key = document_next(key)) {
        read_key(text, key, &app->wanted[app->count], &app->keys[app->count]);
        app->count++;
    }
    return true;
}

static bool read_apps(apply_file *self)
{
    static const char *const members[] = {"apps", NULL};
    document *text = self->document;
    const document_node *root = document_root(text);
    const document_node *apps = NULL;
    if (document_mapping(text, root, members)) {
        apps = document_need(text, root, "apps");
    }
    if (!document_sequence(text, apps)) {
        return true;
    }
    size_t count = count_of(apps);
    if (count == 0) {
        document_refuse(text, apps, "it names no app");
    }
    self->apps = calloc(count + 1, sizeof *self->apps);
    for (const document_node *app = document_first(apps); self->apps != NULL && app != NULL;
         app = document_next(app)) {
        if (!read_app(text, app, &self->apps[self->count++])) {
            return false;
        }
    }
    return self->apps != NULL;
}

/* By id, and those with the same one in their order. */
static int compare(const void *a, const void *b)
{
    const apply_app *const *first = a;
    const apply_app *const *second = b;
    int order = strcmp((*first)->id, (*second)->id);
    return order != 0 ? order : *first < *second ? -1 : *first > *second ? 1 : 0;
}

static bool refuse_twins(apply_file *self)
{
    const apply_app **sorted = calloc(self->count + 1, sizeof *sorted);
    if (sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < self->count; i++) {
        sorted[i] = &self->apps[i];
    }
    qsort(sorted, self->count, sizeof *sorted, compare);
    for (size_t i = 1; i < self->count; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            document_refuse(self->document, document_member(sorted[i]->node, "id"),
                            "app '%.*s%s' is on line %zu already", IDS_SHOWN(sorted[i]->id),
                            sorted[i - 1]->line);
        }
    }
    free(sorted);
    return true;
}

/* The keys that it names. */

/* A file that several apps name is read once: its passphrase is asked for once. */
typedef struct known_key {
    struct known_key *next;
    okta_key *key;
    char path[];
} known_key;

typedef struct key_reader {
    apply_file *file;
    known_key *known;
} key_reader;

/* NULL: out of memory. */
static known_key *new_key(const char *file, const char *path)
{
    const char *slash = file_is_stdin(file) || path[0] == '/' ? NULL : strrchr(file, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - file) + 1;
    known_key *key = calloc(1, sizeof *key + folder + strlen(path) + 1);
    if (key != NULL) {
        memcpy(key->path, file, folder);
        memcpy(key->path + folder, path, strlen(path));
    }
    return key;
}

static int find_key(key_reader *self, const apply_key *wanted, const okta_key **out)
{
    known_key *key = new_key(self->file->path, wanted->path);
    if (key == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    const known_key *known = self->known;
    while (known != NULL && strcmp(known->path, key->path) != 0) {
        known = known->next;
    }
    if (known != NULL) {
        free(key);
        *out = known->key;
        return EXIT_DONE;
    }
    int code = key_input_read_file(key->path, &key->key);
    if (code != EXIT_DONE) {
        report_note("%s:%zu names this file", file_name(self->file->path),
                    document_line(document_member(wanted->node, "file")));
        free(key);
        return code;
    }
    key->next = self->known;
    self->known = key;
    *out = key->key;
    return EXIT_DONE;
}

/* Keep the public half. */
static int take_key(apply_file *self, const okta_key *key, apply_wanted *wanted, apply_key *out)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    options.kid = wanted->kid;
    options.alg = wanted->alg;
    options.use = wanted->use == APPLY_ENC   ? OKTA_OAUTH2_CLIENT_JWK_USE_ENC
                  : wanted->use == APPLY_SIG ? OKTA_OAUTH2_CLIENT_JWK_USE_SIG
                                             : OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT;
    okta_error *error = okta_key_to_jwk_request(key, &options, &out->request);
    if (error == NULL) {
        error = okta_key_thumbprint(key, out->thumbprint);
    }
    if (okta_error_status(error) == OKTA_E_ARG) {
        document_refuse(self->document, document_member(out->node, "file"), "%s", okta_error_message(error));
        okta_free(error);
        error = document_error(self->document);
    }
    if (error != NULL) {
        return report_error(error, NULL);
    }
    wanted->kid = out->request->kid;
    wanted->use = out->request->use == OKTA_OAUTH2_CLIENT_JWK_USE_ENC ? APPLY_ENC : APPLY_SIG;
    wanted->thumbprint = out->thumbprint;
    return EXIT_DONE;
}

static void refuse_same_kid(apply_file *self, const apply_app *app, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (strcmp(app->wanted[j].kid, app->wanted[i].kid) == 0) {
            const document_node *node = document_member(app->keys[i].node, "kid");
            document_refuse(self->document, node != NULL ? node : app->keys[i].node,
                            "the key on line %zu has the kid %.*s already", app->wanted[j].line, KID_SHOWN,
                            app->wanted[i].kid);
        }
    }
}

static int read_keys(key_reader *self, apply_app *app)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < app->count; i++) {
        const okta_key *key = NULL;
        if (app->keys[i].path != NULL) {
            code = find_key(self, &app->keys[i], &key);
        }
        if (code == EXIT_DONE && key != NULL) {
            code = take_key(self->file, key, &app->wanted[i], &app->keys[i]);
        }
        if (code == EXIT_DONE) {
            refuse_same_kid(self->file, app, i);
            code = report_error(document_error(self->file->document), NULL);
        }
    }
    return code;
}

static int read_all_keys(apply_file *self)
{
    key_reader reader = {.file = self};
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < self->count; i++) {
        code = read_keys(&reader, &self->apps[i]);
    }
    while (reader.known != NULL) {
        known_key *key = reader.known;
        reader.known = key->next;
        okta_free(key->key);
        free(key);
    }
    return code;
}

int apply_file_read(const char *path, apply_file *out)
{
    file_text text = {0};
    *out = (apply_file){.path = path};
    int code = file_read(path, DOCUMENT_MAX, &text);
    if (code == EXIT_DONE) {
        code = report_error(document_read(file_name(path), text.text, text.length, &out->document), NULL);
    }
    file_text_clear(&text);
    if (code != EXIT_DONE) {
        return code;
    }
    bool has_memory = read_apps(out);
    okta_error *error = document_error(out->document);
    if (has_memory && error == NULL) {
        has_memory = refuse_twins(out);
        error = document_error(out->document);
    }
    if (!has_memory) {
        okta_free(error);
        return report(EXIT_REFUSED, "out of memory");
    }
    code = report_error(error, NULL);
    return code == EXIT_DONE ? read_all_keys(out) : code;
}

void apply_file_clear(apply_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        apply_app *app = &file->apps[i];
        for (size_t j = 0; app->keys != NULL && j < app->count; j++) {
            okta_free(app->keys[j].request);
        }
        free(app->wanted);
        free(app->keys);
    }
    free(file->apps);
    document_free(file->document);
    *file = (apply_file){0};
}
