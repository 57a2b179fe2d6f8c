/* SPDX-License-Identifier: Apache-2.0 */
/* The access tokens of a service app: one thread at a time asks for one, all use it. */
#include <string.h>

#include "auth/token.h"
#include "client/call.h"
#include "client/proof.h"
#include "client/token_request.h"
#include "client/word.h"
#include "core/arena.h"
#include "core/error.h"

/* An early renewal that failed is tried again after this. */
#define RENEW_AGAIN_MS 30000

/* A refusal that is true for all is not asked for again for 1 s, and twice as long after each further one. */
#define QUIET_MS     1000
#define QUIET_CAP_MS 30000

static oktai_tokens *tokens_of(const okta_call *call)
{
    return &call->client->tokens;
}

static bool is_usable(const oktai_token *token, uint64_t refused_number, int64_t now_ms)
{
    return token != NULL && token->number != refused_number && now_ms < token->expires_at_ms;
}

/* A refusal of the identity is one for every call; what may pass is for each call to wait for by its own
 * limits. */
static bool is_true_for_all(const okta_error *error)
{
    okta_status status = okta_error_status(error);
    return status == OKTA_E_AUTH || status == OKTA_E_CONFIG || status == OKTA_E_PROTOCOL;
}

/* The error of a call that got no token, from that of a token request, which it takes. */
static okta_error *without_token(okta_call *call, okta_error *cause)
{
    if (cause == NULL) {
        return NULL;
    }
    return oktai_call_is_unsettled(call)
               ? oktai_call_failed(call, cause)
               : oktai_error_reword(cause, "%s: %s", call->operation->name, okta_error_message(cause));
}

/* The lock is held. Takes the token and the error, and returns the error of this call. */
static okta_error *keep_outcome(okta_call *call, okta_error *error, oktai_token *token)
{
    oktai_tokens *tokens = tokens_of(call);
    oktai_root_let_go(tokens->failure);
    tokens->failure = NULL;
    if (error == NULL) {
        okta_free(tokens->token);
        tokens->token = token;
        token->number = ++tokens->count;
        tokens->failures = 0;
    } else if (is_true_for_all(error)) {
        int64_t quiet_ms = QUIET_CAP_MS;
        if (tokens->failures < 5) {
            quiet_ms = (int64_t)QUIET_MS << tokens->failures;
        }
        tokens->failures++;
        tokens->failure = error;
        tokens->quiet_until_ms = oktai_call_now_ms(call) + quiet_ms;
        return oktai_error_of(tokens->failure);
    }
    return error;
}

/* Ask on behalf of all threads. The lock is held. */
static okta_error *ask_for_all(okta_call *call, oktai_token **out)
{
    okta_client *client = call->client;
    oktai_tokens *tokens = &client->tokens;
    bool early = is_usable(tokens->token, call->refused, oktai_call_now_ms(call));
    oktai_token *token = NULL;
    tokens->asking = true;
    pthread_mutex_unlock(&client->lock);
    okta_error *error = oktai_token_request_run(call, early, &token);
    pthread_mutex_lock(&client->lock);
    if (error != NULL && early) {
        tokens->token->refresh_at_ms = oktai_call_now_ms(call) + RENEW_AGAIN_MS;
        okta_free(error);
        error = NULL;
    } else {
        error = keep_outcome(call, error, token);
    }
    tokens->asking = false;
    tokens->flights++;
    /* All may go on with a token, and with a failure that is true for all; after another one the next call
     * asks.
     */
    if (error == NULL || is_true_for_all(error)) {
        oktai_queue_wake_all(&client->for_token);
    } else {
        oktai_queue_wake_first(&client->for_token);
    }
    if (error == NULL) {
        *out = oktai_root_hold(tokens->token);
    }
    return error;
}

/* Another thread is asking. The lock is held. */
static okta_error *await_other(okta_call *call)
{
    const oktai_tokens *tokens = tokens_of(call);
    uint64_t flight = tokens->flights;
    while (tokens->asking && tokens->flights == flight) {
        okta_error *error = oktai_call_check(call, "while another call asked for a token");
        if (error != NULL) {
            return error;
        }
        oktai_waiter self;
        oktai_call_wait_for_change(call, &call->client->for_token, 0, &self);
    }
    return without_token(call, oktai_error_of(tokens->failure));
}

static okta_error *get_token(okta_call *call, oktai_token **out)
{
    oktai_tokens *tokens = tokens_of(call);
    for (;;) {
        int64_t now_ms = oktai_call_now_ms(call);
        bool usable = is_usable(tokens->token, call->refused, now_ms);
        if (usable && (tokens->asking || now_ms < tokens->token->refresh_at_ms)) {
            *out = oktai_root_hold(tokens->token);
            return NULL;
        }
        if (!tokens->asking) {
            bool quiet = !usable && tokens->failure != NULL && now_ms < tokens->quiet_until_ms;
            return without_token(call, quiet ? oktai_error_of(tokens->failure) : ask_for_all(call, out));
        }
        okta_error *error = await_other(call);
        if (error != NULL) {
            return error;
        }
    }
}

okta_error *oktai_authorize(okta_call *call)
{
    oktai_token *token = NULL;
    pthread_mutex_lock(&call->client->lock);
    okta_error *error = get_token(call, &token);
    pthread_mutex_unlock(&call->client->lock);
    okta_free(call->token);
    call->token = token;
    return error;
}

okta_error *oktai_authorize_proof(okta_call *call, oktai_buffer *out)
{
    if (!call->token->is_dpop) {
        return NULL;
    }
    return oktai_proof_write(call->client, call->token, oktai_method_name(call->operation->method),
                             call->url.data, call->nonce, out);
}

/* Whether a call may get another token after a 401, which it may once. A token that the API has taken before
 * has probably ended. One that it never took costs some of the retry budget, since the next will fare no
 * better. */
static bool may_renew(okta_call *call)
{
    return call->refused == 0 &&
           (atomic_load(&call->token->worked) || oktai_retry_take(&call->client->budget));
}

bool oktai_authorize_again(okta_call *call, const oktai_attempt *attempt)
{
    bool new_nonce =
        oktai_proof_learn(call->client, &call->response, tokens_of(call)->api_nonce, call->nonce);
    bool refused = attempt->http_status == 401 || attempt->refused == OKTA_E_AUTH;
    if (attempt->failure != OKTA_OK || !refused) {
        if (attempt->failure == OKTA_OK && attempt->http_status < 300) {
            atomic_store(&call->token->worked, true);
        }
        return false;
    }
    if (call->token->is_dpop && oktai_word_asks_for_nonce(&call->response)) {
        bool again = new_nonce && !call->nonce_replayed;
        call->nonce_replayed = call->nonce_replayed || again;
        return again;
    }
    if (!may_renew(call)) {
        return false;
    }
    call->refused = call->token->number;
    return true;
}
