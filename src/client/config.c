/* SPDX-License-Identifier: Apache-2.0 */
#include "client/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"

#if defined(__linux__)
#include <sys/auxv.h>
#endif

static const char in_code[] = "code";

static const char *process_variable(void *ctx, const char *name)
{
    (void)ctx;
    return getenv(name);
}

/* Set-user-id, set-group-id and file capabilities: whoever started the program must not choose its org. */
static bool process_has_foreign_rights(void)
{
    bool foreign = getuid() != geteuid() || getgid() != getegid();
#if defined(__linux__)
    foreign = foreign || getauxval(AT_SECURE) != 0;
#endif
    return foreign;
}

okta_config_places okta_config_places_of_process(bool has_foreign_rights)
{
    okta_config_places places = {0};
    if (!has_foreign_rights) {
        places = (okta_config_places){getenv("HOME"), ".", process_variable, NULL};
    }
    return places;
}

okta_error *okta_config_known(const okta_client_options *options, okta_client_options *out)
{
    static const okta_client_options empty = OKTA_CLIENT_OPTIONS_INIT;
    const size_t least = offsetof(okta_client_options, log_ctx) + sizeof(void *);
    *out = empty;
    if (options->struct_size < least || options->struct_size > sizeof *options) {
        return okta_error_new(OKTA_E_ARG,
                              options->struct_size < least
                                  ? "options has no struct_size: begin it with OKTA_CLIENT_OPTIONS_INIT"
                                  : "options comes from newer headers than this library");
    }
    memcpy(out, options, options->struct_size);
    out->struct_size = sizeof *out;
    return NULL;
}

static okta_error *read_environment(okta_config *config, const okta_config_places *places)
{
    okta_error *error = NULL;
    for (size_t i = 0; places->variable != NULL && i < OKTA_OPTION_ROWS && error == NULL; i++) {
        const okta_option_row *row = &okta_option_rows[i];
        const char *text = row->variable == NULL ? NULL : places->variable(places->ctx, row->variable);
        if (text != NULL) {
            error = okta_config_take(config, row, text, row->variable, row->variable);
        }
    }
    return error;
}

static okta_error *take_code(okta_config *config, const okta_client_options *code)
{
    for (size_t i = 0; i < OKTA_OPTION_ROWS; i++) {
        const okta_option_row *row = &okta_option_rows[i];
        if (row->type == OKTA_OPTION_PART || !okta_option_is_set(row, code)) {
            continue;
        }
        if (row->type == OKTA_OPTION_TEXT) {
            const char *copy = okta_arena_strdup(config->arena, okta_option_text(row, code));
            if (copy == NULL) {
                return okta_error_nomem();
            }
            okta_option_set_text(row, config->options, copy);
        } else {
            okta_option_copy(row, config->options, code);
        }
        config->origins[i] = in_code;
    }
    return NULL;
}

/* A token of another place is for programs in another mode; one in code is a contradiction, which the client
 * reports. */
static void drop_unused_token(okta_config *config, const okta_client_options *code)
{
    const okta_client_options *options = config->options;
    for (size_t i = 0; i < OKTA_OPTION_ROWS; i++) {
        bool is_token = okta_option_rows[i].offset == offsetof(okta_client_options, token) &&
                        okta_option_rows[i].type == OKTA_OPTION_TEXT;
        if (is_token && options->authorization_mode == OKTA_AUTHORIZATION_PRIVATE_KEY &&
            code->token == NULL) {
            config->options->token = NULL;
            config->origins[i] = NULL;
        }
    }
}

static okta_error *bring_together(okta_config *config, const okta_config_places *places,
                                  const okta_client_options *code)
{
    okta_error *error = okta_config_read_home(config, places->home);
    if (error == NULL) {
        error = okta_config_read_folder(config, places->folder);
    }
    if (error == NULL) {
        error = read_environment(config, places);
    }
    if (error == NULL && code->proxy == NULL) {
        error = okta_config_join_proxy(config);
    }
    if (error == NULL) {
        error = take_code(config, code);
    }
    drop_unused_token(config, code);
    return error;
}

okta_error *okta_config_load(const okta_config_places *places, const okta_client_options *code,
                             okta_client_options **out)
{
    okta_client_options known;
    okta_error *error = okta_config_known(code, &known);
    if (error != NULL) {
        return error;
    }
    okta_client_options *options = okta_root_new(sizeof *options, sizeof(struct okta_option_origins), NULL);
    if (options == NULL) {
        return okta_error_nomem();
    }
    options->struct_size = sizeof *options;
    okta_config config = {.arena = okta_root_arena(options), .options = options};
    struct okta_option_origins *origins = okta_arena_zalloc(config.arena, sizeof *origins);
    error = origins == NULL ? okta_error_nomem() : bring_together(&config, places, &known);
    if (error != NULL) {
        okta_free(options);
        return error;
    }
    memcpy(origins->texts, config.origins, sizeof origins->texts);
    origins->loaded = *options;
    options->origins = origins;
    *out = options;
    return NULL;
}

okta_error *okta_client_options_load(const okta_client_options *code, okta_client_options **out)
{
    static const okta_client_options nothing = OKTA_CLIENT_OPTIONS_INIT;
    if (out == NULL) {
        return okta_error_null("out");
    }
    *out = NULL;
    const okta_config_places places = okta_config_places_of_process(process_has_foreign_rights());
    return okta_config_load(&places, code == NULL ? &nothing : code, out);
}
