/* SPDX-License-Identifier: Apache-2.0 */
#include "client/identity.h"

#include <string.h>

#include "auth/client_secret.h"
#include "client/secrets.h"
#include "config/option_rows.h"
#include "config/report.h"
#include "config/trust.h"
#include "core/arena.h"
#include "core/error.h"
#include "keys/key_file.h"
#include "keys/key_text.h"

static okta_error *refuse_beside(const char *option, const char *credential)
{
    return oktai_error_new(OKTA_E_CONFIG, "%s does not go with %s", option, credential);
}

static okta_error *refuse_secret(const okta_client_options *options)
{
    const char *other = options->signer != NULL           ? "signer"
                        : options->private_key != NULL    ? "private_key"
                        : options->assertion_file != NULL ? "assertion_file"
                                                          : NULL;
    if (other != NULL) {
        return refuse_beside(other, "a client secret");
    }
    return options->client_secret == NULL ? oktai_options_refuse_missing(options, "client_secret", "", "")
                                          : NULL;
}

/* One of the two is meant, and nobody can tell which. */
static okta_error *refuse_two(const okta_client_options *options)
{
    const char *other = options->signer != NULL ? "signer" : "private_key";
    const char *place = oktai_option_place(options, other);
    return oktai_error_new(OKTA_E_CONFIG, "assertion_file does not go with %s%s%.300s%s: set one of them",
                           other, place == NULL ? "" : " (", place == NULL ? "" : place,
                           place == NULL ? "" : ")");
}

static okta_error *refuse_private_key(const okta_client_options *options)
{
    bool has_key = options->signer != NULL || options->private_key != NULL;
    if (options->client_secret != NULL) {
        return refuse_beside("client_secret", "a private key");
    }
    if (options->assertion_file != NULL) {
        return has_key ? refuse_two(options) : NULL;
    }
    return has_key ? NULL
                   : oktai_options_refuse_missing(options, "private_key",
                                                  " where there is neither signer nor assertion_file", "");
}

okta_error *oktai_identity_refuse(const okta_client_options *options)
{
    bool by_secret = options->authorization_mode == OKTA_AUTHORIZATION_CLIENT_SECRET;
    if (options->token != NULL || options->token_source != NULL) {
        return refuse_beside(options->token != NULL ? "token" : "token_source",
                             by_secret ? "a client secret" : "a private key");
    }
    if (options->client_id == NULL || options->scopes == NULL) {
        return oktai_options_refuse_missing(options, options->client_id == NULL ? "client_id" : "scopes",
                                            by_secret ? " with a client secret" : " with a private key", "");
    }
    return by_secret ? refuse_secret(options) : refuse_private_key(options);
}

/* What a message calls the place of the key id. NULL: out of memory. */
static const char *name_kid_source(oktai_arena *arena, const okta_client_options *options)
{
    static const char name[] = "private_key_id";
    const char *place = oktai_option_place(options, name);
    return oktai_arena_strdup(arena, place == NULL ? name : place);
}

okta_error *oktai_identity_load(const char *private_key, const oktai_key_place *place, okta_signer **out)
{
    okta_key *key = NULL;
    okta_error *error = oktai_key_load(private_key, place->readable, &key);
    if (error == NULL) {
        error = okta_signer_from_key(key, place->alg, place->kid, out);
    }
    okta_free(key);
    if (okta_error_status(error) != OKTA_E_ARG) {
        return error;
    }
    /* A key that is refused is a configuration that is refused. */
    okta_error *config = oktai_error_new(OKTA_E_CONFIG, "private_key: %s", okta_error_message(error));
    okta_free(error);
    return config;
}

/* Copies of what may be NULL. */
typedef struct copies {
    oktai_arena *arena;
    bool failed;
} copies;

static const char *copy(copies *all, const char *text)
{
    const char *made = oktai_arena_strdup(all->arena, text);
    all->failed = all->failed || (made == NULL && text != NULL);
    return made;
}

/* Whether the text, which was good as a private key, is the path of a file. Errors: OKTA_E_NOMEM. */
static okta_error *look_for_path(const char *text, bool *is_path)
{
    oktai_buffer found = {0};
    oktai_key_shape shape = OKTAI_KEY_SHAPE_NONE;
    okta_error *error = oktai_key_text_read(text, strlen(text), &found, &shape);
    *is_path = error == NULL && shape == OKTAI_KEY_SHAPE_NONE;
    oktai_buffer_clear(&found);
    return error;
}

/* Errors: OKTA_E_NOMEM. */
static okta_error *remember_file(oktai_arena *arena, oktai_key_place *place,
                                 const okta_client_options *options)
{
    copies all = {.arena = arena};
    const char *folder = NULL;
    bool is_path = false;
    okta_error *error = look_for_path(options->private_key, &is_path);
    if (error == NULL) {
        error = oktai_trust_key_folder(options, &folder);
    }
    if (error != NULL || !is_path) {
        return error;
    }
    place->path = copy(&all, options->private_key);
    place->folder = copy(&all, folder);
    place->alg = copy(&all, options->private_key_alg);
    place->kid = copy(&all, options->private_key_id);
    return all.failed ? oktai_error_nomem() : NULL;
}

/* Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
static okta_error *take_signer(oktai_arena *arena, oktai_tokens *out, const okta_client_options *options)
{
    oktai_key_place *place = &out->key_place;
    if (options->signer != NULL) {
        out->app->signer = oktai_root_hold(options->signer);
        return NULL;
    }
    place->kid_source = name_kid_source(arena, options);
    if (place->kid_source == NULL) {
        return oktai_error_nomem();
    }
    const oktai_key_place given = {.alg = options->private_key_alg,
                                   .kid = options->private_key_id,
                                   .readable = options->private_key_readable == OKTA_SWITCH_ON};
    okta_error *error = oktai_identity_load(options->private_key, &given, &out->app->signer);
    out->app->kid_source = place->kid_source;
    place->readable = given.readable;
    return error == NULL ? remember_file(arena, place, options) : error;
}

/* NULL: out of memory. */
static const oktai_assertion_file *take_assertion_file(oktai_arena *arena, const okta_client_options *options)
{
    static const char name[] = "assertion_file";
    copies all = {.arena = arena};
    oktai_buffer what = {0};
    const char *place = oktai_option_place(options, name);
    oktai_buffer_printf(&what, "%s%s%s", place == NULL ? "" : place, place == NULL ? "" : ": ", name);
    oktai_assertion_file *file = oktai_arena_zalloc(arena, sizeof *file);
    if (file == NULL || what.failed) {
        oktai_buffer_clear(&what);
        return NULL;
    }
    file->what = copy(&all, what.data);
    file->path = copy(&all, options->assertion_file);
    file->folder = copy(&all, oktai_trust_assertion_folder(options));
    file->readable = options->private_key_readable == OKTA_SWITCH_ON;
    oktai_buffer_clear(&what);
    return all.failed ? NULL : file;
}

/* Errors: OKTA_E_NOMEM. */
static okta_error *take_who(oktai_arena *arena, const char *base_url, const okta_client_options *options,
                            oktai_service_app *who)
{
    copies all = {.arena = arena};
    who->client_id = copy(&all, options->client_id);
    who->scopes = copy(&all, options->scopes);
    who->scopes_place = copy(&all, oktai_option_place(options, "scopes"));
    who->token_url = oktai_arena_join(arena, base_url, OKTAI_TOKEN_PATH);
    if (options->authorization_mode == OKTA_AUTHORIZATION_PRIVATE_KEY) {
        who->audience =
            options->assertion_audience == NULL ? who->token_url : copy(&all, options->assertion_audience);
        who->assertion_type = copy(&all, options->assertion_type);
        who->assertion_file = options->assertion_file == NULL ? NULL : take_assertion_file(arena, options);
        all.failed = all.failed || (who->assertion_file == NULL && options->assertion_file != NULL);
    }
    return all.failed || who->token_url == NULL ? oktai_error_nomem() : NULL;
}

okta_error *oktai_identity_take_secret(oktai_service_app *app, okta_client_auth_method method,
                                       const char *client_secret)
{
    oktai_arena *arena = oktai_root_arena(app);
    if (method == OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST) {
        app->secret = oktai_arena_strdup(arena, client_secret);
    } else {
        app->authorization = oktai_client_secret_line(arena, app->client_id, client_secret);
    }
    bool good = (app->secret != NULL || app->authorization != NULL) &&
                oktai_secrets_of_client_secret(&app->secrets, client_secret);
    return good ? NULL : oktai_error_nomem();
}

okta_error *oktai_identity_take(oktai_arena *arena, const char *base_url, const okta_client_options *options,
                                oktai_tokens *out)
{
    out->mode = options->dpop;
    out->secret_method = options->client_auth_method;
    okta_error *error = take_who(arena, base_url, options, &out->who);
    if (error != NULL) {
        return error;
    }
    out->app = oktai_service_app_like(&out->who);
    if (out->app == NULL) {
        return oktai_error_nomem();
    }
    if (options->authorization_mode == OKTA_AUTHORIZATION_CLIENT_SECRET) {
        error = oktai_identity_take_secret(out->app, out->secret_method, options->client_secret);
    } else if (out->who.assertion_file == NULL) {
        error = take_signer(arena, out, options);
    }
    if (error == NULL && out->mode == OKTA_DPOP_ALWAYS) {
        error = oktai_dpop_key_new(&out->key);
    }
    return error;
}
