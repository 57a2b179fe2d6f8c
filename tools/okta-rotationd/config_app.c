/* SPDX-License-Identifier: Apache-2.0 */
#include "config_app.h"

#include <stdlib.h>
#include <string.h>

#include "common/new_error.h"
#include "common/out_path.h"
#include "common/secret_file.h"

#define EVERY_S   ((int64_t)30 * 86400)
#define JITTER_S  ((int64_t)6 * 3600)
#define GRACE_S   86400
#define OVERLAP_S 10
#define ID_MAX    512u

/* The order of their values in the enums. */
static const char *const kinds[] = {"signing_key", "encryption_key", "client_secret", NULL};
static const char *const key_types[] = {"rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521", NULL};
static const char *const retires[] = {"active", "oldest", "all_others", NULL};
static const char *const auth_methods[] = {"client_secret_basic", "client_secret_post", NULL};

static void read_times(config_reader *reader, const document_node *node, const config_app *usual,
                       config_app *out)
{
    out->every_s = config_duration(reader, document_member(node, "every"), usual->every_s);
    out->jitter_s = config_duration(reader, document_member(node, "jitter"), usual->jitter_s);
    out->grace_s = config_duration(reader, document_member(node, "grace"), usual->grace_s);
    out->overlap_s = config_duration(reader, document_member(node, "overlap"), usual->overlap_s);
}

void config_app_read_usual(config_reader *reader, const document_node *root, config_app *out)
{
    const config_app built_in = {
        .every_s = EVERY_S, .jitter_s = JITTER_S, .grace_s = GRACE_S, .overlap_s = OVERLAP_S};
    *out = (config_app){0};
    read_times(reader, root, &built_in, out);
}

/* The member that says a time, in the app or in the root. */
static const document_node *where(config_reader *reader, const document_node *node, const char *name)
{
    const document_node *member = document_member(node, name);
    const document_node *usual = document_member(document_root(reader->source), name);
    return member != NULL ? member : usual != NULL ? usual : node;
}

static void check_times(config_reader *reader, const document_node *node, const config_app *app)
{
    if (app->every_s < 1) {
        document_refuse(reader->source, where(reader, node, "every"), "it is 1s or more");
    }
    if (app->jitter_s > app->every_s) {
        document_refuse(reader->source, where(reader, node, "jitter"),
                        "it is longer than every of the app in line %zu", app->line);
    }
    if (app->overlap_s + app->grace_s >= app->every_s) {
        document_refuse(reader->source, where(reader, node, "grace"),
                        "with overlap it is as long as every of the app in line %zu, or longer: what is "
                        "replaced must be gone before the next rotation",
                        app->line);
    }
}

/* What the library refuses as an id, found before the app is rotated. */
static const char *refuse_id(const char *id)
{
    size_t dots = strspn(id, ".");
    for (const char *at = id; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~' || strchr("/?#%\\", *at) != NULL) {
            return "it has a character that no id has";
        }
    }
    if (strlen(id) > ID_MAX) {
        return "it is longer than 512 bytes";
    }
    bool is_dots = dots <= 2 && (id[dots] == '\0' || id[dots] == ';');
    return is_dots ? "it is no id" : NULL;
}

static void read_file(config_reader *reader, const document_node *node, config_app *app)
{
    const char *pattern = document_text(reader->source, node);
    if (pattern == NULL || app->id == NULL) {
        return;
    }
    const char *reason = out_path_has_app(pattern) ? out_path_refuse(app->id) : NULL;
    if (reason != NULL) {
        document_refuse(reader->source, node, "the id of the app: %s", reason);
        return;
    }
    if (pattern[strlen(pattern) - 1] == '/') {
        document_refuse(reader->source, node, "it is the path of a file, not of a folder");
        return;
    }
    app->sink.file = out_path_make(pattern, app->id);
    app->sink.line = document_line(node);
    reader->has_memory = reader->has_memory && app->sink.file != NULL;
}

static void read_sink(config_reader *reader, const document_node *node, config_app *app)
{
    static const char *const names[] = {"file", "command", "switch", NULL};
    if (node == NULL || !document_mapping(reader->source, node, names)) {
        return;
    }
    const document_node *file = document_member(node, "file");
    const document_node *command = document_member(node, "command");
    if ((file == NULL) == (command == NULL)) {
        document_refuse(reader->source, node, "it has either file or command");
        return;
    }
    read_file(reader, file, app);
    app->sink.command = config_text(reader, command);
    app->sink.switches = config_text(reader, document_member(node, "switch"));
}

static void read_key_type(config_reader *reader, const document_node *node, config_app *app)
{
    size_t type = document_choice(reader->source, node, key_types, 0);
    app->key_type = (okta_key_type)(type + OKTA_KEY_RSA_2048);
    bool is_ec = app->key_type >= OKTA_KEY_EC_P256;
    if (app->kind == OKTA_ROTATION_CLIENT_SECRET) {
        app->key_type = (okta_key_type)0;
        if (node != NULL) {
            document_refuse(reader->source, node, "it does not go with client_secret");
        }
    } else if (app->kind == OKTA_ROTATION_ENCRYPTION_KEY && is_ec) {
        document_refuse(reader->source, node, "encryption keys are RSA");
    }
}

/* The log and okta-keys write them with a hyphen, which is taken as well. */
static okta_rotation_kind read_kind(config_reader *reader, const document_node *node)
{
    const char *word = document_word(node);
    for (size_t i = 0; word != NULL && kinds[i] != NULL; i++) {
        okta_rotation_kind kind = (okta_rotation_kind)(i + OKTA_ROTATION_SIGNING_KEY);
        if (strcmp(word, okta_rotation_kind_name(kind)) == 0) {
            return kind;
        }
    }
    return (okta_rotation_kind)(document_choice(reader->source, node, kinds, 0) + OKTA_ROTATION_SIGNING_KEY);
}

static void read_auth_method(config_reader *reader, const document_node *node, config_app *app)
{
    app->client_auth_method = (okta_client_auth_method)document_choice(reader->source, node, auth_methods, 0);
    if (node != NULL && app->kind != OKTA_ROTATION_CLIENT_SECRET) {
        document_refuse(reader->source, node, "it goes with client_secret only");
    }
}

void config_app_read(config_reader *reader, const document_node *node, const config_app *usual,
                     config_app *out)
{
    static const char *const names[] = {
        "id",        "rotate", "key_type",           "retire", "every", "jitter", "grace", "overlap", "sink",
        "client_id", "scopes", "client_auth_method", NULL};
    document *source = reader->source;
    out->line = document_line(node);
    if (!document_mapping(source, node, names)) {
        return;
    }
    const document_node *id = document_need(source, node, "id");
    out->id = config_text(reader, id);
    const char *reason = out->id == NULL ? NULL : refuse_id(out->id);
    if (reason != NULL) {
        document_refuse(source, id, "%s", reason);
    }
    out->kind = read_kind(reader, document_need(source, node, "rotate"));
    read_key_type(reader, document_member(node, "key_type"), out);
    out->retire = (okta_rotation_retire)document_choice(source, document_member(node, "retire"), retires, 0);
    out->client_id = config_text(reader, document_member(node, "client_id"));
    out->scopes = config_scopes(reader, document_member(node, "scopes"));
    read_auth_method(reader, document_member(node, "client_auth_method"), out);
    read_times(reader, node, usual, out);
    check_times(reader, node, out);
    read_sink(reader, document_need(source, node, "sink"), out);
}

/* Pairs that must not be alike. */

static int by_name(const void *a, const void *b)
{
    const config_app *const *left = a;
    const config_app *const *right = b;
    int order = strcmp((*left)->id, (*right)->id);
    return order != 0 ? order : (int)(*left)->kind - (int)(*right)->kind;
}

static int by_file(const void *a, const void *b)
{
    const config_app *const *left = a;
    const config_app *const *right = b;
    const char *first = (*left)->sink.file == NULL ? "" : (*left)->sink.file;
    const char *second = (*right)->sink.file == NULL ? "" : (*right)->sink.file;
    return strcmp(first, second);
}

static okta_error *refuse_pair(const char *path, const config_app *a, const config_app *b, const char *text)
{
    const config_app *later = a->line > b->line ? a : b;
    return report_new_error(OKTA_E_CONFIG, "%s:%zu: app %s: %s in line %zu", path, later->line, later->id,
                            text, later == a ? b->line : a->line);
}

/* A file of one sink must not be what another one makes of its own. `sorted` is by_file(). */
static okta_error *refuse_beside(const char *path, const config_app **sorted, size_t count)
{
    static const char *const suffixes[] = {".next", ".part", ".old"};
    okta_error *error = NULL;
    for (size_t i = 0; error == NULL && i < count * 3; i++) {
        config_app beside = {0};
        const config_app *key = &beside;
        const config_app *app = sorted[i / 3];
        if (app->sink.file == NULL) {
            continue;
        }
        beside.sink.file = secret_file_beside(app->sink.file, suffixes[i % 3]);
        if (beside.sink.file == NULL) {
            return okta_error_new(OKTA_E_NOMEM, NULL);
        }
        const config_app **found = bsearch(&key, sorted, count, sizeof(const config_app *), by_file);
        if (found != NULL) {
            error = refuse_pair(path, *found, app, "sink.file and what is beside it meet those");
        }
        free(beside.sink.file);
    }
    return error;
}

okta_error *config_apps_refuse(const char *path, const config *self)
{
    const config_app **sorted = calloc(self->app_count + 1, sizeof *sorted);
    okta_error *error = NULL;
    if (sorted == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    for (size_t i = 0; i < self->app_count; i++) {
        sorted[i] = &self->apps[i];
    }
    qsort(sorted, self->app_count, sizeof(const config_app *), by_name);
    for (size_t i = 1; error == NULL && i < self->app_count; i++) {
        if (by_name(&sorted[i - 1], &sorted[i]) == 0) {
            error = refuse_pair(path, sorted[i - 1], sorted[i], "the same is rotated");
        }
    }
    if (error == NULL) {
        qsort(sorted, self->app_count, sizeof(const config_app *), by_file);
    }
    for (size_t i = 1; error == NULL && i < self->app_count; i++) {
        if (sorted[i]->sink.file != NULL && by_file(&sorted[i - 1], &sorted[i]) == 0) {
            error = refuse_pair(path, sorted[i - 1], sorted[i],
                                "sink.file is that of another one; %a in it stands for the id of the app;");
        }
    }
    if (error == NULL) {
        error = refuse_beside(path, sorted, self->app_count);
    }
    free(sorted);
    return error;
}
