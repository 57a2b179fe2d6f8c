/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials of a client that is in use, replaced. */
#include "auth/authorization.h"
#include "auth/client_secret.h"
#include "auth/signer.h"
#include "auth/token.h"
#include "client/client.h"
#include "client/identity.h"
#include "config/trust.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"

static okta_error *refuse_client(const okta_client *client)
{
    if (client == NULL) {
        return oktai_error_null("client");
    }
    return oktai_client_is_inherited(client)
               ? oktai_error_new(OKTA_E_ARG, "the client was made before fork: make one in the child")
               : NULL;
}

/* Whether the client's credential is of that kind. */
static okta_error *refuse(bool fits, const char *what)
{
    return fits ? NULL : oktai_error_new(OKTA_E_ARG, "the client was not made with %s", what);
}

/* Why the last credential got no token does not matter any more. The lock is held. */
static void forget_failure(oktai_tokens *tokens)
{
    oktai_root_let_go(tokens->failure);
    tokens->failure = NULL;
    tokens->failures = 0;
    tokens->changes++;
}

okta_error *okta_client_set_token(okta_client *client, const char *token)
{
    oktai_expect_root(__func__, client);
    oktai_token *made = NULL;
    okta_error *error = refuse_client(client);
    if (error == NULL) {
        error = refuse(client->authorization != NULL, "a token");
    }
    const char *reason = error == NULL && token != NULL ? oktai_authorization_refuse(token) : NULL;
    if (error == NULL && token == NULL) {
        error = oktai_error_null("token");
    } else if (reason != NULL) {
        error = oktai_error_new(OKTA_E_ARG, "token %s", reason);
    }
    if (error == NULL) {
        error = oktai_token_make(oktai_client_scheme(client), token, &made);
    }
    if (error != NULL) {
        return error;
    }
    oktai_tokens *tokens = &client->tokens;
    pthread_mutex_lock(&client->lock);
    oktai_token *before = tokens->token;
    tokens->token = made;
    made->number = ++tokens->count;
    atomic_store(&client->is_replaced, true);
    pthread_mutex_unlock(&client->lock);
    okta_free(before);
    return NULL;
}

/* Have another one be the service app, which it takes. */
static void set_app(okta_client *client, oktai_service_app *app)
{
    oktai_tokens *tokens = &client->tokens;
    pthread_mutex_lock(&client->lock);
    oktai_service_app *before = tokens->app;
    tokens->app = app;
    tokens->without_kid = false;
    forget_failure(tokens);
    pthread_mutex_unlock(&client->lock);
    okta_free(before);
}

okta_error *okta_client_set_client_secret(okta_client *client, const char *client_secret)
{
    oktai_expect_root(__func__, client);
    okta_error *error = refuse_client(client);
    if (error == NULL) {
        error = refuse(client->mode == OKTA_AUTHORIZATION_CLIENT_SECRET, "a client secret");
    }
    if (error == NULL && client_secret == NULL) {
        error = oktai_error_null("client_secret");
    }
    if (error != NULL) {
        return error;
    }
    const char *reason = oktai_client_secret_refuse(client_secret);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "client_secret %s", reason);
    }
    oktai_service_app *app = oktai_service_app_like(&client->tokens.who);
    if (app == NULL) {
        return oktai_error_nomem();
    }
    error = oktai_identity_take_secret(app, client->tokens.secret_method, client_secret);
    if (error != NULL) {
        okta_free(app);
        return error;
    }
    set_app(client, app);
    return NULL;
}

/* Errors: OKTA_E_NOMEM. */
static okta_error *set_signer(okta_client *client, okta_signer *signer, const char *kid_source)
{
    oktai_service_app *app = oktai_service_app_like(&client->tokens.who);
    if (app == NULL) {
        return oktai_error_nomem();
    }
    app->signer = oktai_root_hold(signer);
    app->kid_source = kid_source;
    set_app(client, app);
    return NULL;
}

okta_error *okta_client_set_signer(okta_client *client, okta_signer *signer)
{
    oktai_expect_root(__func__, client);
    oktai_expect_root(__func__, signer);
    okta_error *error = refuse_client(client);
    if (error == NULL) {
        error = refuse(client->mode == OKTA_AUTHORIZATION_PRIVATE_KEY, "a private key");
    }
    if (error == NULL && signer == NULL) {
        error = oktai_error_null("signer");
    }
    return error != NULL ? error : set_signer(client, signer, NULL);
}

/* At Okta a kid names one key of an app: where one has brought a token, another key of that kid brings none.
 */
static okta_error *refuse_same_kid(okta_client *client, const okta_signer *signer)
{
    const oktai_tokens *tokens = &client->tokens;
    pthread_mutex_lock(&client->lock);
    okta_signer *before = tokens->count == 0 ? NULL : oktai_root_hold(tokens->app->signer);
    pthread_mutex_unlock(&client->lock);
    bool same = before != NULL && oktai_signer_shares_kid(before, signer);
    okta_free(before);
    return same ? oktai_error_new(OKTA_E_CONFIG,
                                  "private_key: the file has another key for the kid of the one before (%s): "
                                  "see okta_client_set_signer()",
                                  tokens->key_place.kid != NULL ? tokens->key_place.kid_source : "of the JWK")
                : NULL;
}

okta_error *okta_client_reload(okta_client *client)
{
    oktai_expect_root(__func__, client);
    okta_error *error = refuse_client(client);
    if (error == NULL) {
        error = refuse(client->tokens.key_place.path != NULL, "the file of a private key");
    }
    if (error != NULL) {
        return error;
    }
    const oktai_key_place *place = &client->tokens.key_place;
    okta_signer *signer = NULL;
    error = oktai_trust_key_stays(place->path, place->folder);
    if (error == NULL) {
        error = oktai_identity_load(place->path, place, &signer);
    }
    if (error == NULL) {
        error = refuse_same_kid(client, signer);
    }
    if (error == NULL) {
        error = set_signer(client, signer, place->kid_source);
    }
    okta_free(signer);
    return error;
}
