/* SPDX-License-Identifier: Apache-2.0 */
#include "client/identity.h"

#include <string.h>

#include "auth/client_secret.h"
#include "config/option_rows.h"
#include "config/report.h"
#include "core/arena.h"
#include "core/error.h"
#include "keys/key_file.h"

static okta_error *refuse_secret(const okta_client_options *options)
{
    const char *problem = NULL;
    if (options->signer != NULL) {
        problem = "signer does not go with a client secret";
    } else if (options->private_key != NULL) {
        problem = "private_key does not go with a client secret";
    } else if (options->client_secret == NULL) {
        return oktai_options_refuse_missing(options, "client_secret", "", "");
    }
    return problem == NULL ? NULL : oktai_error_new(OKTA_E_CONFIG, "%s", problem);
}

static okta_error *refuse_private_key(const okta_client_options *options)
{
    const char *problem = NULL;
    if (options->client_secret != NULL) {
        problem = "client_secret does not go with a private key";
    } else if (options->signer == NULL && options->private_key == NULL) {
        return oktai_options_refuse_missing(options, "private_key", " where there is no signer", "");
    }
    return problem == NULL ? NULL : oktai_error_new(OKTA_E_CONFIG, "%s", problem);
}

okta_error *oktai_identity_refuse(const okta_client_options *options)
{
    bool by_secret = options->authorization_mode == OKTA_AUTHORIZATION_CLIENT_SECRET;
    if (options->token != NULL) {
        return oktai_error_new(OKTA_E_CONFIG, "token does not go with %s",
                               by_secret ? "a client secret" : "a private key");
    }
    if (options->client_id == NULL || options->scopes == NULL) {
        return oktai_options_refuse_missing(options, options->client_id == NULL ? "client_id" : "scopes",
                                            by_secret ? " with a client secret" : " with a private key", "");
    }
    return by_secret ? refuse_secret(options) : refuse_private_key(options);
}

/* What a message calls the place of the key id. False: out of memory. */
static bool name_kid_source(oktai_arena *arena, oktai_service_app *app, const okta_client_options *options)
{
    static const char name[] = "private_key_id";
    const char *place = oktai_option_place(options, name);
    app->kid_source = oktai_arena_strdup(arena, place == NULL ? name : place);
    return app->kid_source != NULL;
}

static okta_error *take_signer(oktai_service_app *app, const okta_client_options *options)
{
    if (options->signer != NULL) {
        app->signer = oktai_root_hold(options->signer);
        return NULL;
    }
    okta_key *key = NULL;
    okta_error *error =
        oktai_key_load(options->private_key, options->private_key_readable == OKTA_SWITCH_ON, &key);
    if (error == NULL) {
        error = okta_signer_from_key(key, options->private_key_alg, options->private_key_id, &app->signer);
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

static char *join(oktai_arena *arena, const char *url, const char *path)
{
    size_t length = strlen(url);
    char *text = oktai_arena_text(arena, length + strlen(path));
    if (text != NULL) {
        memcpy(text, url, length);
        memcpy(text + length, path, strlen(path) + 1);
    }
    return text;
}

/* Errors: OKTA_E_NOMEM. */
static okta_error *take_secret(oktai_arena *arena, oktai_service_app *app, const okta_client_options *options)
{
    bool post = options->client_auth_method == OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST;
    if (post) {
        app->secret = oktai_arena_strdup(arena, options->client_secret);
    } else {
        app->authorization = oktai_client_secret_line(arena, options->client_id, options->client_secret);
    }
    return app->secret != NULL || app->authorization != NULL ? NULL : oktai_error_nomem();
}

/* Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
static okta_error *take_private_key(oktai_arena *arena, oktai_service_app *app,
                                    const okta_client_options *options)
{
    app->audience = options->assertion_audience == NULL
                        ? app->token_url
                        : oktai_arena_strdup(arena, options->assertion_audience);
    app->assertion_type = oktai_arena_strdup(arena, options->assertion_type);
    bool named = options->signer != NULL || name_kid_source(arena, app, options);
    if (!named || app->audience == NULL ||
        (app->assertion_type != NULL) != (options->assertion_type != NULL)) {
        return oktai_error_nomem();
    }
    return take_signer(app, options);
}

okta_error *oktai_identity_take(oktai_arena *arena, const char *base_url, const okta_client_options *options,
                                oktai_tokens *out)
{
    oktai_service_app *app = &out->app;
    app->client_id = oktai_arena_strdup(arena, options->client_id);
    const char *place = oktai_option_place(options, "scopes");
    app->scopes = oktai_arena_strdup(arena, options->scopes);
    app->scopes_place = oktai_arena_strdup(arena, place);
    app->token_url = join(arena, base_url, OKTAI_TOKEN_PATH);
    out->mode = options->dpop;
    if (app->client_id == NULL || app->scopes == NULL || app->token_url == NULL ||
        (app->scopes_place != NULL) != (place != NULL)) {
        return oktai_error_nomem();
    }
    okta_error *error = options->authorization_mode == OKTA_AUTHORIZATION_CLIENT_SECRET
                            ? take_secret(arena, app, options)
                            : take_private_key(arena, app, options);
    if (error == NULL && out->mode == OKTA_DPOP_ALWAYS) {
        error = oktai_dpop_key_new(&out->key);
    }
    return error;
}
