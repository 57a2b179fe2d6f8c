/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/config_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

static const char *variable(void *ctx, size_t i)
{
    const config_world *world = ctx;
    return i < world->count ? world->lines[i] : NULL;
}

static void forget_variables(config_world *world)
{
    while (world->count > 0) {
        free(world->lines[--world->count]);
    }
}

static void remove_files(const config_world *world)
{
    static const char *const names[] = {"%s/.okta/okta.yaml", "%s/okta.yaml", "%s/.okta.yaml"};
    char path[WORLD_PATH];
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *folders[] = {world->home, world->folder};
        for (size_t f = 0; f < COUNT(folders); f++) {
            const char *name = names[i] + 2;
            (void)snprintf(path, sizeof path, "%s%s", folders[f], name);
            if (unlink(path) != 0) {
                (void)rmdir(path);
            }
        }
    }
}

void config_reset(config_world *world)
{
    static const okta_client_options none = OKTA_CLIENT_OPTIONS_INIT;
    remove_files(world);
    forget_variables(world);
    world->code = none;
    world->places = (oktai_config_places){world->home, world->folder, variable, world};
}

int config_begin(void **state)
{
    config_world *world = calloc(1, sizeof *world);
    char path[WORLD_PATH];
    assert_non_null(world);
    (void)snprintf(world->home, sizeof world->home, "/tmp/okta-home-XXXXXX");
    (void)snprintf(world->folder, sizeof world->folder, "/tmp/okta-folder-XXXXXX");
    assert_non_null(mkdtemp(world->home));
    assert_non_null(mkdtemp(world->folder));
    (void)snprintf(path, sizeof path, "%s/.okta", world->home);
    assert_int_equal(mkdir(path, 0700), 0);
    config_reset(world);
    *state = world;
    return 0;
}

int config_end(void **state)
{
    config_world *world = *state;
    char path[WORLD_PATH];
    forget_variables(world);
    remove_files(world);
    (void)snprintf(path, sizeof path, "%s/.okta", world->home);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(world->home), 0);
    assert_int_equal(rmdir(world->folder), 0);
    free(world);
    return 0;
}

void config_set(config_world *world, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    size_t size = strlen(name) + strlen(value) + 2;
    char *line = malloc(size);
    assert_non_null(line);
    assert_true(world->count < WORLD_VARIABLES);
    (void)snprintf(line, size, "%s=%s", name, value);
    for (size_t i = 0; i < world->count; i++) {
        if (strncmp(world->lines[i], line, strlen(name) + 1) == 0) {
            free(world->lines[i]);
            world->lines[i] = line;
            return;
        }
    }
    world->lines[world->count++] = line;
}

void config_write(const char *path, const char *text, size_t length)
{
    (void)unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

void config_write_home(const config_world *world, const char *text)
{
    char path[WORLD_PATH];
    (void)snprintf(path, sizeof path, "%s/.okta/okta.yaml", world->home);
    config_write(path, text, strlen(text));
}

void config_write_folder(const config_world *world, const char *text)
{
    config_write(config_path(world, "okta.yaml"), text, strlen(text));
}

void config_write_dot(const config_world *world, const char *text)
{
    config_write(config_path(world, ".okta.yaml"), text, strlen(text));
}

char *config_yaml_of(const oktai_option_row *row, const char *value)
{
    size_t size = 256 + strlen(row->path) + strlen(value);
    char *text = malloc(size);
    size_t used = 0;
    int depth = 0;
    assert_non_null(text);
    for (const char *name = row->path; name != NULL; depth++) {
        const char *dot = strchr(name, '.');
        int length = dot == NULL ? (int)strlen(name) : (int)(dot - name);
        used += (size_t)snprintf(text + used, size - used, "%*s%.*s:%s", depth * 2, "", length, name,
                                 dot == NULL ? " " : "\n");
        name = dot == NULL ? NULL : dot + 1;
    }
    (void)snprintf(text + used, size - used, "%s\n", value);
    return text;
}

okta_client_options *config_load(const config_world *world)
{
    okta_client_options *options = NULL;
    okta_error *error = oktai_config_load(&world->places, &world->code, &options);
    if (error != NULL) {
        fail_msg("refused: %s", okta_error_message(error));
    }
    assert_non_null(options);
    return options;
}

void config_refused(const config_world *world, const char *phrase, const char *secret)
{
    okta_client_options *options = NULL;
    okta_error *error = oktai_config_load(&world->places, &world->code, &options);
    if (error == NULL) {
        fail_msg("not refused, but: %s", phrase);
    }
    const char *message = okta_error_message(error);
    if (okta_error_status(error) != OKTA_E_CONFIG || strstr(message, phrase) == NULL ||
        (secret != NULL && strstr(message, secret) != NULL)) {
        fail_msg("%s: \"%s\" instead of \"%s\"", okta_status_name(okta_error_status(error)), message, phrase);
    }
    assert_null(options);
    okta_free(error);
}

const char *config_path(const config_world *world, const char *name)
{
    static char path[WORLD_PATH];
    (void)snprintf(path, sizeof path, "%s/%s", world->folder, name);
    return path;
}

const oktai_option_row *row_named(const char *name)
{
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        if (strcmp(oktai_option_rows[i].name, name) == 0) {
            return &oktai_option_rows[i];
        }
    }
    fail_msg("no row %s", name);
    return NULL;
}

const oktai_option_row *row_of_variable(const char *variable_name)
{
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        if (oktai_option_rows[i].variable != NULL &&
            strcmp(oktai_option_rows[i].variable, variable_name) == 0) {
            return &oktai_option_rows[i];
        }
    }
    fail_msg("no row of %s", variable_name);
    return NULL;
}

static const char *number_sample(const oktai_option_row *row, unsigned n)
{
    static char texts[8][32];
    char *text = texts[n % COUNT(texts)];
    (void)snprintf(text, sizeof texts[0], "%lld", (long long)row->min + 2 + n);
    return text;
}

const char *config_sample(const oktai_option_row *row, unsigned n)
{
    static char texts[8][64];
    char *text = texts[n % COUNT(texts)];
    if (row->type == OKTAI_OPTION_CHOICE) {
        /* Of a program's own, the first one means "not set". */
        bool has_two = row->choices[2] == NULL;
        return row->choices[has_two ? n % 2 : 1 + n % 2];
    }
    if (row->max != 0) {
        return number_sample(row, n);
    }
    const char *form = strcmp(row->name, "org_url") == 0 ? "https://org%u.example.com"
                       : row->view == OKTAI_VIEW_KEY     ? "/keys/k%u.pem"
                       : row->is_list                    ? "okta.s%u.read okta.s%u.manage"
                       : row->variable != NULL && row->type == OKTAI_OPTION_PART ? "part%u"
                                                                                 : "word%u";
    (void)snprintf(text, sizeof texts[0], form, n, n);
    return text;
}

const okta_option_value *value_named(const okta_option_values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++) {
        if (strcmp(values->items[i].name, name) == 0) {
            return &values->items[i];
        }
    }
    return NULL;
}
