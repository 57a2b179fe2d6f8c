/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/credential.h"

#include <openssl/rand.h>
#include <string.h>

#include "auth/client_secret.h"
#include "client/identity.h"
#include "core/arena.h"
#include "core/base64url.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/openssl.h"
#include "keys/key.h"

/* 64 characters, as the org's own secrets have. */
#define SECRET_BYTES 48u
#define SECRET_SIZE  (SECRET_BYTES / 3 * 4 + 1)

/* Of a secret in Okta. */
#define SECRET_LEAST 14u
#define SECRET_MOST  100u

bool oktai_credential_is_there(const oktai_credential *credential)
{
    return credential->key != NULL || credential->secret != NULL;
}

void oktai_credential_clear(oktai_credential *credential)
{
    okta_free(credential->key);
    okta_free(credential->signer);
    okta_free(credential->secret);
    *credential = (oktai_credential){NULL, NULL, NULL};
}

okta_error *oktai_credential_copy_secret(const char *secret, char **out)
{
    *out = NULL;
    if (secret == NULL) {
        return NULL;
    }
    size_t size = strlen(secret) + 1;
    *out = oktai_root_new(size, 0, NULL);
    if (*out == NULL) {
        return oktai_error_nomem();
    }
    memcpy(*out, secret, size);
    return NULL;
}

static okta_error *make_secret(char **out)
{
    unsigned char bytes[SECRET_BYTES];
    *out = oktai_root_new(SECRET_SIZE, 0, NULL);
    if (*out == NULL) {
        return oktai_error_nomem();
    }
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error == NULL) {
        if (RAND_bytes(bytes, sizeof bytes) != 1) {
            error = oktai_error_new(OKTA_E_CONFIG, "OpenSSL has no randomness");
        } else {
            oktai_base64url_encode(bytes, sizeof bytes, *out);
        }
        error = oktai_openssl_end(stretch, error);
    }
    oktai_wipe(bytes, sizeof bytes);
    return error;
}

okta_error *oktai_credential_make(const okta_rotation_options *options, const atomic_bool *canceled,
                                  oktai_credential *out)
{
    if (options->kind == OKTA_ROTATION_CLIENT_SECRET) {
        return make_secret(&out->secret);
    }
    return oktai_key_generate(options->key_type, canceled, &out->key);
}

static okta_error *check_secret(const oktai_credential *credential)
{
    const char *secret = credential->secret;
    if (credential->key != NULL) {
        return oktai_error_new(OKTA_E_ARG, "the program gave a key where a secret was asked for");
    }
    const char *reason = oktai_client_secret_refuse(secret);
    size_t length = strlen(secret);
    if (reason == NULL && (length < SECRET_LEAST || length > SECRET_MOST)) {
        reason = "must have 14 to 100 characters";
    }
    return reason == NULL ? NULL : oktai_error_new(OKTA_E_ARG, "the secret that the program gave %s", reason);
}

okta_error *oktai_credential_check(const oktai_credential *credential, const okta_rotation_options *options)
{
    if (options->kind == OKTA_ROTATION_CLIENT_SECRET) {
        return check_secret(credential);
    }
    if (credential->key == NULL) {
        return oktai_error_new(OKTA_E_ARG, "the program gave a secret where a key was asked for");
    }
    bool has_private = okta_key_is_private(credential->key) || credential->signer != NULL;
    if (!has_private && options->prove == NULL) {
        return oktai_error_new(OKTA_E_ARG, "the program gave a public key without a signer");
    }
    return NULL;
}

/* The kid that the org knows a key by is that of its signer, where it has one. */
static const char *kid_of_signer(const oktai_credential *credential)
{
    return credential->signer == NULL ? NULL : okta_signer_kid(credential->signer);
}

okta_error *oktai_credential_to_jwk(const oktai_credential *credential, okta_rotation_kind kind,
                                    okta_oauth2_client_jwk_request **out)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    bool encrypts = kind == OKTA_ROTATION_ENCRYPTION_KEY;
    options.use = encrypts ? OKTA_OAUTH2_CLIENT_JWK_USE_ENC : OKTA_OAUTH2_CLIENT_JWK_USE_SIG;
    /* An active encryption key would take the place of the old one at once, or be refused. */
    options.status = encrypts ? OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE : OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE;
    options.kid = kid_of_signer(credential);
    return okta_key_to_jwk_request(credential->key, &options, out);
}

okta_error *oktai_credential_name(const oktai_credential *credential, char **out)
{
    *out = NULL;
    if (credential->secret != NULL) {
        char digest[OKTAI_DIGEST_SIZE];
        okta_error *error = oktai_digest(credential->secret, strlen(credential->secret), digest);
        return error == NULL ? oktai_credential_copy_secret(digest, out) : error;
    }
    okta_oauth2_client_jwk_request *jwk = NULL;
    okta_error *error = oktai_credential_to_jwk(credential, OKTA_ROTATION_SIGNING_KEY, &jwk);
    if (error == NULL) {
        error = oktai_credential_copy_secret(jwk->kid, out);
    }
    okta_free(jwk);
    return error;
}

static bool copy_who(oktai_service_app *app, const okta_rotation_options *options, const char *base_url)
{
    oktai_arena *arena = oktai_root_arena(app);
    app->client_id =
        oktai_arena_strdup(arena, options->client_id == NULL ? options->app_id : options->client_id);
    app->scopes = oktai_arena_strdup(arena, options->scopes);
    app->token_url = oktai_arena_join(arena, base_url, OKTAI_TOKEN_PATH);
    app->audience = app->token_url;
    return app->client_id != NULL && app->scopes != NULL && app->token_url != NULL;
}

static okta_error *take_signer(oktai_service_app *app, const oktai_credential *credential)
{
    if (credential->signer != NULL) {
        app->signer = oktai_root_hold(credential->signer);
        return NULL;
    }
    /* An explicit kid is sent in any case. */
    char *kid = NULL;
    okta_error *error = oktai_credential_name(credential, &kid);
    if (error == NULL) {
        error = okta_signer_from_key(credential->key, NULL, kid, &app->signer);
    }
    okta_free(kid);
    return error;
}

okta_error *oktai_credential_app(const oktai_credential *credential, const okta_rotation_options *options,
                                 const char *base_url, oktai_service_app **out)
{
    static const oktai_service_app nobody = {.client_id = NULL};
    oktai_service_app *app = oktai_service_app_like(&nobody);
    *out = NULL;
    if (app == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = copy_who(app, options, base_url) ? NULL : oktai_error_nomem();
    if (error == NULL) {
        error = credential->secret != NULL
                    ? oktai_identity_take_secret(app, options->client_auth_method, credential->secret)
                    : take_signer(app, credential);
    }
    if (error != NULL) {
        okta_free(app);
        return error;
    }
    *out = app;
    return NULL;
}
