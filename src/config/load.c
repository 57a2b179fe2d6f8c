/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/check.h"
#include "config/names.h"
#include "config/trust.h"
#include "core/error.h"

#if defined(__linux__)
#include <sys/auxv.h>
#endif

/* POSIX leaves it to programs to declare this. */
extern char **environ;

static const char *process_variable(void *ctx, size_t i)
{
    (void)ctx;
    return environ == NULL ? NULL : environ[i];
}

/* Whether the program has more rights than its user, by set-user-id, set-group-id or file capabilities. The
 * user must not choose where such a program sends its credentials. */
static bool process_has_foreign_rights(void)
{
    bool foreign = getuid() != geteuid() || getgid() != getegid();
#if defined(__linux__)
    foreign = foreign || getauxval(AT_SECURE) != 0;
#endif
    return foreign;
}

oktai_config_places oktai_config_places_of_process(bool has_foreign_rights)
{
    oktai_config_places places = {0};
    if (!has_foreign_rights) {
        places = (oktai_config_places){getenv("HOME"), ".", process_variable, NULL};
    }
    return places;
}

/* `NAME=value`. Of two variables with one name the first counts, as for getenv(). */
static okta_error *take_variable(oktai_config *config, const char *line)
{
    size_t length = strcspn(line, "=");
    char *name = oktai_arena_copy(config->arena, line, length);
    if (name == NULL) {
        return oktai_error_nomem();
    }
    const oktai_option_row *row = oktai_row_of_variable(name);
    if (row == NULL) {
        return oktai_config_unknown(config, name, NULL);
    }
    const char *before = config->subjects[row - oktai_option_rows];
    bool is_there = line[length] == '=' && (before == NULL || strcmp(before, name) != 0);
    return is_there ? oktai_config_take(config, row, line + length + 1, name, name) : NULL;
}

static okta_error *read_environment(oktai_config *config, const oktai_config_places *places)
{
    okta_error *error = NULL;
    const char *line = NULL;
    oktai_config_begin(config, OKTAI_PLACE_ENVIRONMENT);
    for (size_t i = 0; places->variable != NULL && error == NULL; i++) {
        line = places->variable(places->ctx, i);
        if (line == NULL) {
            break;
        }
        bool is_ours = strncmp(line, OKTAI_VARIABLE_PREFIX, sizeof OKTAI_VARIABLE_PREFIX - 1) == 0;
        error = is_ours ? take_variable(config, line) : NULL;
    }
    return error;
}

static okta_error *take_code(oktai_config *config, const okta_client_options *code)
{
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        if (row->type == OKTAI_OPTION_PART || !oktai_option_is_set(row, code)) {
            continue;
        }
        if (row->type == OKTAI_OPTION_TEXT) {
            const char *copy = oktai_arena_strdup(config->arena, oktai_option_text(row, code));
            if (copy == NULL) {
                return oktai_error_nomem();
            }
            oktai_option_set_text(row, config->options, copy);
        } else {
            oktai_option_copy(row, config->options, code);
        }
        config->origins[i] = OKTAI_OPTION_OF_CODE;
        config->places[i] = OKTAI_PLACE_CODE;
    }
    return NULL;
}

#define MODE(mode) (1u << OKTA_AUTHORIZATION_##mode)

/* The credentials that a mode refuses beside its own. */
static const struct {
    size_t offset;
    unsigned refused_in;
} credentials[] = {
    {offsetof(okta_client_options, token), MODE(PRIVATE_KEY) | MODE(CLIENT_SECRET)},
    {offsetof(okta_client_options, private_key), MODE(CLIENT_SECRET)},
    {offsetof(okta_client_options, client_secret), MODE(PRIVATE_KEY)},
    {offsetof(okta_client_options, assertion_file), MODE(CLIENT_SECRET)},
};

static bool is_refused(const oktai_option_row *row, okta_authorization_mode mode)
{
    for (size_t i = 0; i < sizeof credentials / sizeof credentials[0]; i++) {
        if (row->type == OKTAI_OPTION_TEXT && row->offset == credentials[i].offset) {
            return (credentials[i].refused_in & (1u << mode)) != 0;
        }
    }
    return false;
}

/* A credential of another mode that a file or variable holds is for other programs; one in code is a
 * contradiction, which the client reports. */
static void drop_unused_credentials(oktai_config *config, const okta_client_options *code)
{
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        if (is_refused(row, config->options->authorization_mode) && !oktai_option_is_set(row, code)) {
            oktai_option_set_text(row, config->options, NULL);
            config->origins[i] = NULL;
            config->places[i] = OKTAI_PLACE_NONE;
        }
    }
}

static okta_error *bring_together(oktai_config *config, const oktai_config_places *places,
                                  const okta_client_options *code)
{
    okta_error *error = oktai_config_read_home(config, places->home);
    config->before_folder = *config->options;
    if (error == NULL) {
        error = oktai_config_read_folder(config, places->folder);
    }
    if (error == NULL) {
        error = read_environment(config, places);
    }
    if (error == NULL && code->proxy == NULL) {
        error = oktai_config_join_proxy(config);
    }
    if (error == NULL) {
        error = take_code(config, code);
    }
    drop_unused_credentials(config, code);
    return error;
}

/* Put what is known of the values beside them, and look at what they say together. */
static okta_error *finish(const oktai_config *config, const oktai_config_places *places,
                          struct okta_option_origins *origins)
{
    okta_client_options *options = config->options;
    origins->warned = oktai_arena_zalloc(config->arena, sizeof *origins->warned);
    if (origins->warned == NULL) {
        return oktai_error_nomem();
    }
    atomic_flag_clear(origins->warned);
    memcpy(origins->texts, config->origins, sizeof origins->texts);
    memcpy(origins->places, config->places, sizeof origins->places);
    origins->unknown = config->unknown.data;
    origins->unknown_count = config->unknown.count;
    origins->before_folder = config->before_folder;
    origins->loaded = *options;
    options->origins = origins;
    okta_error *error = oktai_trust_folder(config->arena, places->folder, &origins->folder);
    return error == NULL ? oktai_options_trust(options) : error;
}

okta_error *oktai_config_load(const oktai_config_places *places, const okta_client_options *code,
                              okta_client_options **out)
{
    okta_client_options known;
    okta_error *error = oktai_options_known(code, &known);
    if (error == NULL && known.origins != NULL) {
        error =
            oktai_error_new(OKTA_E_ARG, "code holds what okta_client_options_load() gave: change that, and "
                                        "hand it to okta_client_new()");
    }
    if (error != NULL) {
        return error;
    }
    okta_client_options *options = oktai_root_new(sizeof *options, sizeof(struct okta_option_origins), NULL);
    if (options == NULL) {
        return oktai_error_nomem();
    }
    options->struct_size = sizeof *options;
    oktai_config config = {.arena = oktai_root_arena(options), .options = options};
    struct okta_option_origins *origins = oktai_arena_zalloc(config.arena, sizeof *origins);
    error = origins == NULL ? oktai_error_nomem() : bring_together(&config, places, &known);
    if (error == NULL && origins != NULL) {
        error = finish(&config, places, origins);
    }
    if (error != NULL) {
        okta_free(options);
        return error;
    }
    *out = options;
    return NULL;
}

okta_error *okta_client_options_load(const okta_client_options *code, okta_client_options **out)
{
    static const okta_client_options nothing = OKTA_CLIENT_OPTIONS_INIT;
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    const oktai_config_places places = oktai_config_places_of_process(process_has_foreign_rights());
    return oktai_config_load(&places, code == NULL ? &nothing : code, out);
}
