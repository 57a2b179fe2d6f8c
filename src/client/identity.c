/* SPDX-License-Identifier: Apache-2.0 */
#include "client/identity.h"

#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "keys/key_file.h"

#define TOKEN_PATH "/oauth2/v1/token"

okta_error *oktai_identity_refuse(const okta_client_options *options)
{
    const char *problem = NULL;
    if (options->token != NULL) {
        problem = "token does not go with a private key";
    } else if (options->client_id == NULL) {
        problem = "client_id is required with a private key";
    } else if (options->scopes == NULL) {
        problem = "scopes is required with a private key";
    } else if (options->signer == NULL && options->private_key == NULL) {
        problem = "signer or private_key is required";
    }
    return problem == NULL ? NULL : oktai_error_new(OKTA_E_CONFIG, "%s", problem);
}

static okta_error *take_signer(oktai_tokens *tokens, const okta_client_options *options)
{
    if (options->signer != NULL) {
        tokens->app.signer = oktai_root_hold(options->signer);
        return NULL;
    }
    okta_key *key = NULL;
    okta_error *error =
        oktai_key_load(options->private_key, options->private_key_readable == OKTA_SWITCH_ON, &key);
    if (error == NULL) {
        error =
            okta_signer_from_key(key, options->private_key_alg, options->private_key_id, &tokens->app.signer);
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

okta_error *oktai_identity_take(okta_client *client, const okta_client_options *options)
{
    oktai_arena *arena = oktai_root_arena(client);
    oktai_tokens *tokens = &client->tokens;
    oktai_service_app *app = &tokens->app;
    app->client_id = oktai_arena_strdup(arena, options->client_id);
    app->scopes = oktai_arena_strdup(arena, options->scopes);
    app->token_url = join(arena, client->base_url, TOKEN_PATH);
    app->audience = options->assertion_audience == NULL
                        ? app->token_url
                        : oktai_arena_strdup(arena, options->assertion_audience);
    app->assertion_type = oktai_arena_strdup(arena, options->assertion_type);
    tokens->mode = options->dpop;
    if (app->client_id == NULL || app->scopes == NULL || app->token_url == NULL || app->audience == NULL ||
        (app->assertion_type != NULL) != (options->assertion_type != NULL)) {
        return oktai_error_nomem();
    }
    okta_error *error = take_signer(tokens, options);
    if (error == NULL && tokens->mode == OKTA_DPOP_ALWAYS) {
        error = oktai_dpop_key_new(&tokens->key);
    }
    return error;
}
