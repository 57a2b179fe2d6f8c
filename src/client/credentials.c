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

/* Why a client takes nothing in the place of its credential: it cannot be used, or its credential is of
 * another kind than `kind`, or nothing is given. NULL: it may. */
static okta_error *refuse(const okta_client *client, bool fits, const char *kind, const void *given,
                          const char *argument)
{
    okta_error *error = oktai_client_refuse(client);
    if (error == NULL && !fits) {
        error = oktai_error_new(OKTA_E_ARG, "the client was not made with %s", kind);
    }
    if (error == NULL && given == NULL) {
        error = oktai_error_null(argument);
    }
    return error;
}

/* Why a text is refused, in words behind its name; NULL: it is not. */
static okta_error *refuse_text(const char *argument, const char *reason)
{
    return reason == NULL ? NULL : oktai_error_new(OKTA_E_ARG, "%s %s", argument, reason);
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
    if (client == NULL) {
        return oktai_error_null("client");
    }
    oktai_token *made = NULL;
    okta_error *error = refuse(client, client->authorization != NULL, "a token", token, "token");
    if (error == NULL) {
        error = refuse_text("token", oktai_authorization_refuse(token));
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

/* Have the client be the same service app with a secret or a signer; the other one is NULL. Errors:
 * OKTA_E_NOMEM, and those of oktai_identity_take_secret(). */
static okta_error *replace_app(okta_client *client, const char *secret, okta_signer *signer,
                               const char *kid_source)
{
    oktai_tokens *tokens = &client->tokens;
    oktai_service_app *app = oktai_service_app_like(&tokens->who);
    if (app == NULL) {
        return oktai_error_nomem();
    }
    app->signer = oktai_root_hold(signer);
    app->kid_source = kid_source;
    okta_error *error =
        secret == NULL ? NULL : oktai_identity_take_secret(app, tokens->secret_method, secret);
    if (error != NULL) {
        okta_free(app);
        return error;
    }
    pthread_mutex_lock(&client->lock);
    oktai_service_app *before = tokens->app;
    tokens->app = app;
    tokens->without_kid = false;
    forget_failure(tokens);
    pthread_mutex_unlock(&client->lock);
    okta_free(before);
    return NULL;
}

okta_error *okta_client_set_client_secret(okta_client *client, const char *client_secret)
{
    oktai_expect_root(__func__, client);
    if (client == NULL) {
        return oktai_error_null("client");
    }
    bool fits = client->mode == OKTA_AUTHORIZATION_CLIENT_SECRET;
    okta_error *error = refuse(client, fits, "a client secret", client_secret, "client_secret");
    if (error == NULL) {
        error = refuse_text("client_secret", oktai_client_secret_refuse(client_secret));
    }
    return error != NULL ? error : replace_app(client, client_secret, NULL, NULL);
}

okta_error *okta_client_set_signer(okta_client *client, okta_signer *signer)
{
    oktai_expect_root(__func__, client);
    oktai_expect_root(__func__, signer);
    if (client == NULL) {
        return oktai_error_null("client");
    }
    bool fits = client->mode == OKTA_AUTHORIZATION_PRIVATE_KEY && client->tokens.who.assertion_file == NULL;
    okta_error *error = refuse(client, fits, "a private key", signer, "signer");
    return error != NULL ? error : replace_app(client, NULL, signer, NULL);
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
    if (client == NULL) {
        return oktai_error_null("client");
    }
    const oktai_key_place *place = &client->tokens.key_place;
    okta_error *error = refuse(client, place->path != NULL, "the file of a private key", place, "client");
    if (error != NULL) {
        return error;
    }
    okta_signer *signer = NULL;
    error = oktai_trust_key_stays(place->path, place->folder);
    if (error == NULL) {
        error = oktai_identity_load(place->path, place, &signer);
    }
    if (error == NULL) {
        error = refuse_same_kid(client, signer);
    }
    if (error == NULL) {
        error = replace_app(client, NULL, signer, place->kid_source);
    }
    okta_free(signer);
    return error;
}
