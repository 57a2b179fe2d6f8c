/* SPDX-License-Identifier: Apache-2.0 */
/* okta.yaml: the file, and the values of the rows in it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "config/names.h"
#include "config/yaml.h"
#include "core/buffer.h"
#include "core/error.h"
#include "core/file.h"
#include "core/secret_file.h"
#include "core/utf8.h"
#include "keys/key_file.h"

#define DEPTH_MAX 16u
#define KEYS_MAX  4096u

/* A mapping's keys so far, the latest first. */
typedef struct seen_key {
    const struct seen_key *before;
    const char *text;
} seen_key;

typedef struct reader {
    oktai_config *config;
    oktai_yaml yaml;
    size_t keys;
    oktai_file_content content;
} reader;

static okta_error *read_node(reader *r, const oktai_yaml_node *node, const char *path, unsigned depth);

/* Whether rows stand below this path. */
static bool is_group(const char *path)
{
    if (path == NULL) {
        return false;
    }
    size_t length = strlen(path);
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const char *other = oktai_option_rows[i].path;
        if (length == 0 || (other != NULL && strncmp(other, path, length) == 0 && other[length] == '.')) {
            return true;
        }
    }
    return false;
}

/* The null of YAML's core schema. */
static bool is_null(const oktai_yaml_node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    bool null = false;
    for (size_t i = 0; node->is_plain && i < sizeof nulls / sizeof nulls[0]; i++) {
        null = null || strcmp(node->text, nulls[i]) == 0;
    }
    return null;
}

static okta_error *refuse_shape(const reader *r, size_t line, const char *path, const char *wanted)
{
    return oktai_error_new(OKTA_E_CONFIG, "%.600s:%zu: %s must be %s", r->yaml.name, line,
                           *path == '\0' ? "the file" : path, wanted);
}

static bool is_secret(const oktai_option_row *row, const char *text)
{
    return *text != '\0' &&
           (row->view == OKTAI_VIEW_SECRET || (row->view == OKTAI_VIEW_KEY && !oktai_key_is_shown(text)));
}

/* `file:line`, kept with the options. NULL: out of memory. */
static const char *origin_of(reader *r, size_t line)
{
    oktai_buffer text = {0};
    oktai_buffer_printf(&text, "%s:%zu", r->yaml.name, line);
    char *origin = text.failed ? NULL : oktai_arena_copy(r->config->arena, text.data, text.length);
    oktai_buffer_clear(&text);
    if (origin != NULL) {
        oktai_utf8_flatten(origin, strlen(origin));
    }
    return origin;
}

/* A value of a row, under the name that the file has for it. */
static okta_error *take_value(reader *r, const oktai_option_row *row, const char *path, const char *text,
                              size_t line)
{
    oktai_buffer subject = {0};
    const char *origin = origin_of(r, line);
    oktai_buffer_printf(&subject, "%.600s:%zu: %s", r->yaml.name, line, path);
    okta_error *error = origin == NULL || subject.failed
                            ? oktai_error_nomem()
                            : oktai_config_take(r->config, row, text, subject.data, origin);
    oktai_buffer_clear(&subject);
    r->content.has_secret = r->content.has_secret || is_secret(row, text);
    r->content.has_direction =
        r->content.has_direction || ((row->directs | row->weakens) != 0 && *text != '\0');
    return error;
}

/* The words of a list as one text. */
static okta_error *read_list(reader *r, const oktai_option_row *row, const char *path, size_t line)
{
    oktai_buffer words = {0};
    oktai_yaml_node item;
    okta_error *error = oktai_yaml_next(&r->yaml, &item);
    while (error == NULL && item.type != YAML_SEQUENCE_END_EVENT) {
        if (item.type != YAML_SCALAR_EVENT) {
            error = refuse_shape(r, item.line, path, "text, or a list of texts");
        } else {
            oktai_buffer_add_text(&words, is_null(&item) ? "" : item.text);
            oktai_buffer_add_char(&words, ' ');
            error = oktai_yaml_next(&r->yaml, &item);
        }
    }
    if (error == NULL && words.failed) {
        error = oktai_error_nomem();
    }
    if (error == NULL) {
        error = take_value(r, row, path, words.data == NULL ? "" : words.data, line);
    }
    oktai_buffer_clear(&words);
    return error;
}

static okta_error *read_row(reader *r, const oktai_yaml_node *node, const oktai_option_row *row,
                            const char *path)
{
    if (node->type == YAML_SCALAR_EVENT) {
        return is_null(node) ? NULL : take_value(r, row, path, node->text, node->line);
    }
    if (node->type == YAML_SEQUENCE_START_EVENT && row->is_list) {
        return read_list(r, row, path, node->line);
    }
    return refuse_shape(r, node->line, path, row->is_list ? "text, or a list of texts" : "text");
}

/* The path of a key's value, such as `okta.client.token`; NULL when no option can stand there. A key with a
 * dot in it is one name: `client.token` does not mean `token` in `client`. */
static okta_error *path_below(reader *r, const char *path, const char *key, const char **out)
{
    *out = NULL;
    if (path == NULL || !is_group(path) || strchr(key, '.') != NULL) {
        return NULL;
    }
    oktai_buffer text = {0};
    oktai_buffer_printf(&text, "%s%s%s", path, *path == '\0' ? "" : ".", key);
    *out = text.failed ? NULL : oktai_arena_copy(&r->yaml.arena, text.data, text.length);
    oktai_buffer_clear(&text);
    return *out == NULL ? oktai_error_nomem() : NULL;
}

static okta_error *check_key(reader *r, const oktai_yaml_node *key, const seen_key *seen)
{
    if (key->type != YAML_SCALAR_EVENT) {
        return oktai_yaml_refuse(&r->yaml, key->line, "a key must be text");
    }
    if (++r->keys > KEYS_MAX) {
        return oktai_yaml_refuse(&r->yaml, key->line, "there are more than 4,096 keys");
    }
    for (; seen != NULL; seen = seen->before) {
        if (strcmp(seen->text, key->text) == 0) {
            return oktai_yaml_refuse(&r->yaml, key->line, "this key was there before");
        }
    }
    return NULL;
}

static okta_error *note_unknown(reader *r, const char *path, size_t line)
{
    bool is_ours = path != NULL && strncmp(path, OKTAI_PATH_PREFIX, sizeof OKTAI_PATH_PREFIX - 1) == 0;
    bool is_known = is_ours && (is_group(path) || oktai_row_of_path(path) != NULL);
    if (path == NULL || is_known || (!is_ours && oktai_path_misplaced(path) == NULL)) {
        return NULL;
    }
    const char *origin = origin_of(r, line);
    return origin == NULL ? oktai_error_nomem() : oktai_config_unknown(r->config, path, origin);
}

static okta_error *read_mapping(reader *r, const char *path, unsigned depth)
{
    const seen_key *seen = NULL;
    for (;;) {
        oktai_yaml_node node;
        const char *below = NULL;
        okta_error *error = oktai_yaml_next(&r->yaml, &node);
        if (error != NULL || node.type == YAML_MAPPING_END_EVENT) {
            return error;
        }
        error = check_key(r, &node, seen);
        if (error == NULL) {
            error = path_below(r, path, node.text, &below);
        }
        seen_key *key = error == NULL ? oktai_arena_alloc(&r->yaml.arena, sizeof *key) : NULL;
        if (key == NULL) {
            return error == NULL ? oktai_error_nomem() : error;
        }
        *key = (seen_key){seen, node.text};
        seen = key;
        error = note_unknown(r, below, node.line);
        if (error != NULL) {
            return error;
        }
        error = oktai_yaml_next(&r->yaml, &node);
        if (error == NULL) {
            error = read_node(r, &node, below, depth);
        }
        if (error != NULL) {
            return error;
        }
    }
}

static okta_error *read_sequence(reader *r, unsigned depth)
{
    for (;;) {
        oktai_yaml_node node;
        okta_error *error = oktai_yaml_next(&r->yaml, &node);
        if (error != NULL || node.type == YAML_SEQUENCE_END_EVENT) {
            return error;
        }
        error = read_node(r, &node, NULL, depth);
        if (error != NULL) {
            return error;
        }
    }
}

static okta_error *read_node(reader *r, const oktai_yaml_node *node, const char *path, unsigned depth)
{
    const oktai_option_row *row = path == NULL ? NULL : oktai_row_of_path(path);
    if (row != NULL) {
        return read_row(r, node, row, path);
    }
    if (is_group(path) && node->type != YAML_MAPPING_START_EVENT &&
        !(node->type == YAML_SCALAR_EVENT && is_null(node))) {
        return refuse_shape(r, node->line, path, "a mapping of names to values");
    }
    if (node->type == YAML_SCALAR_EVENT) {
        return NULL;
    }
    if (depth == DEPTH_MAX) {
        return oktai_yaml_refuse(&r->yaml, node->line, "this is nested deeper than 16 levels");
    }
    return node->type == YAML_MAPPING_START_EVENT ? read_mapping(r, path, depth + 1)
                                                  : read_sequence(r, depth + 1);
}

okta_error *oktai_config_read_text(oktai_config *config, const char *name, const char *text, size_t length,
                                   oktai_file_content *content)
{
    reader r = {.config = config};
    oktai_yaml_node node = {0};
    okta_error *error = oktai_yaml_begin(&r.yaml, name, text, length);
    while (error == NULL && node.type != YAML_STREAM_END_EVENT) {
        error = oktai_yaml_next(&r.yaml, &node);
        bool is_frame = node.type == YAML_STREAM_START_EVENT || node.type == YAML_STREAM_END_EVENT ||
                        node.type == YAML_DOCUMENT_START_EVENT || node.type == YAML_DOCUMENT_END_EVENT;
        if (error == NULL && !is_frame) {
            error = read_node(&r, &node, "", 0);
        }
    }
    oktai_yaml_end(&r.yaml);
    *content = r.content;
    return error;
}

static okta_error *refuse_file(const char *path, const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "%.600s %s", path, reason);
}

/* Whether the rights of a file fit what it holds. */
static okta_error *check_rights(const struct stat *about, const oktai_file_content *content, const char *path)
{
    bool closed = true;
    okta_error *error = content->has_secret ? oktai_secret_file_is_closed(about, false, &closed) : NULL;
    if (error == NULL && !closed) {
        error = oktai_error_new(OKTA_E_CONFIG, "%.600s holds a secret and is open to others: %s", path,
                                oktai_secret_file_chmod(about));
    } else if (error == NULL && content->has_direction && (about->st_mode & S_IWGRP) != 0) {
        error = refuse_file(
            path,
            "says where credentials go or how they are used, and can be written by its group: chmod g-w");
    }
    return error;
}

/* Whether the file of the working folder is the one of the home folder, as in ~/.okta: it counts once. */
static bool is_home_file(oktai_config *config, const struct stat *about)
{
    if (config->place == OKTAI_PLACE_HOME) {
        config->home_device = about->st_dev;
        config->home_inode = about->st_ino;
        config->has_home = true;
        return false;
    }
    return config->has_home && config->home_device == about->st_dev && config->home_inode == about->st_ino;
}

static okta_error *read_open_file(oktai_config *config, int file, const char *path, oktai_buffer *text)
{
    struct stat about;
    if (fstat(file, &about) != 0) {
        return oktai_file_error(OKTA_E_CONFIG, "examine", path, errno);
    }
    if (is_home_file(config, &about)) {
        return NULL;
    }
    char refusal[OKTAI_FILE_REASON_SIZE];
    const char *reason = oktai_file_refuse(&about, refusal);
    if (reason == NULL && (about.st_mode & S_IWOTH) != 0) {
        reason = "can be written by everyone: chmod 600";
    }
    if (reason != NULL) {
        return refuse_file(path, reason);
    }
    if (!oktai_file_read(file, text)) {
        return text->over_limit ? refuse_file(path, "is larger than 65,536 bytes")
               : text->failed   ? oktai_error_nomem()
                                : oktai_file_error(OKTA_E_CONFIG, "read", path, errno);
    }
    oktai_file_content content = {false, false};
    okta_error *error = oktai_config_read_text(config, path, text->data, text->length, &content);
    return error == NULL ? check_rights(&about, &content, path) : error;
}

/* The path is one without links; `name` is what people know the file by. */
static okta_error *read_real_file(oktai_config *config, const char *path, const char *name)
{
    int file = oktai_file_open(path, O_NOFOLLOW);
    if (file < 0) {
        return oktai_file_error(OKTA_E_CONFIG, "open", name, errno);
    }
    oktai_buffer text = {0};
    okta_error *error = read_open_file(config, file, name, &text);
    oktai_buffer_clear(&text);
    close(file);
    return error;
}

/* `*is_there` is false when there is no such file. */
static okta_error *read_file(oktai_config *config, const char *path, bool *is_there)
{
    const oktai_secret_file file = {.what = "configuration", .path = path, .shown = path};
    oktai_arena arena = {0};
    const char *real = NULL;
    int code = 0;
    okta_error *error = oktai_secret_file_follow(&file, &arena, &real, &code);
    *is_there = error != NULL || (code != ENOENT && code != ENOTDIR);
    if (error == NULL && real != NULL) {
        error = read_real_file(config, real, path);
    } else if (error == NULL && *is_there) {
        error = oktai_file_error(OKTA_E_CONFIG, "open", path, code);
    }
    oktai_arena_clear(&arena);
    return error;
}

static okta_error *read_in(oktai_config *config, const char *folder, const char *name, bool *is_there)
{
    oktai_buffer path = {0};
    *is_there = false;
    oktai_buffer_printf(&path, "%s/%s", folder, name);
    okta_error *error = path.failed ? oktai_error_nomem() : read_file(config, path.data, is_there);
    oktai_buffer_clear(&path);
    return error;
}

okta_error *oktai_config_read_home(oktai_config *config, const char *home)
{
    bool is_there;
    oktai_config_begin(config, OKTAI_PLACE_HOME);
    return home == NULL || *home == '\0' ? NULL : read_in(config, home, ".okta/okta.yaml", &is_there);
}

okta_error *oktai_config_read_folder(oktai_config *config, const char *folder)
{
    bool is_there = false;
    oktai_config_begin(config, OKTAI_PLACE_FOLDER);
    okta_error *error = folder == NULL ? NULL : read_in(config, folder, "okta.yaml", &is_there);
    if (error == NULL && folder != NULL && !is_there) {
        error = read_in(config, folder, ".okta.yaml", &is_there);
    }
    return error;
}
