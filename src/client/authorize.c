/* SPDX-License-Identifier: Apache-2.0 */
#include "client/authorize.h"

#include "auth/token.h"
#include "client/endings.h"
#include "client/proof.h"
#include "client/word.h"
#include "core/arena.h"
#include "core/error.h"

/* An early renewal that failed is tried again after this. */
#define RENEW_AGAIN_MS 30000

/* A refusal that is true for all is not asked for again for 1 s, and twice as long after each further one. */
#define QUIET_MS     1000
#define QUIET_CAP_MS 30000

/* Stands for the number of the token that the client was made with, which has none. */
#define TOKEN_OF_OPTIONS UINT64_MAX

static oktai_tokens *tokens_of(const okta_call *call)
{
    return &call->client->tokens;
}

static bool is_usable(const oktai_token *token, uint64_t refused_number, int64_t now_ms)
{
    return token != NULL && token->number != refused_number && now_ms < token->expires_at_ms;
}

/* A refusal of the identity is one for every call; what may pass is for each call to wait for by its own
 * limits. A source of tokens is waited for by none: whatever its failure is, all have it. */
static bool is_true_for_all(const oktai_tokens *tokens, const okta_error *error)
{
    okta_status status = okta_error_status(error);
    bool refused = status == OKTA_E_AUTH || status == OKTA_E_CONFIG || status == OKTA_E_PROTOCOL;
    bool own = status == OKTA_E_NOMEM || status == OKTA_E_CANCELED;
    return refused || (tokens->source != NULL && !own);
}

/* The error of a call that got no token, from that of a token request, which it takes. The answer to an
 * attempt before is none to this one. */
static okta_error *without_token(okta_call *call, okta_error *cause)
{
    if (cause == NULL) {
        return NULL;
    }
    oktai_response_clear(&call->response);
    return oktai_call_is_unsettled(call)
               ? oktai_call_failed(call, cause)
               : oktai_error_reword(cause, "%s: %s", call->operation->name, okta_error_message(cause));
}

/* The lock is held. Takes the token and the error, and returns the error of this call. A refusal of a
 * credential that was replaced meanwhile is the call's alone. `*replaced`: the token before, to be released
 * without the lock: its key may be slow to close. */
static okta_error *keep_outcome(okta_call *call, okta_error *error, oktai_token *token,
                                oktai_token **replaced)
{
    oktai_tokens *tokens = tokens_of(call);
    bool is_current = call->flight == tokens->changes;
    oktai_root_let_go(tokens->failure);
    tokens->failure = NULL;
    if (error == NULL) {
        *replaced = tokens->token;
        tokens->token = token;
        token->number = ++tokens->count;
        tokens->failures = 0;
        tokens->without_kid = is_current ? token->without_kid : tokens->without_kid;
    } else if (is_current && is_true_for_all(tokens, error)) {
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

/* The flight is over. All may go on with a token, and with a failure that is true for all; after another one
 * the next call asks. The lock is held. */
static void land(okta_client *client, const okta_error *error)
{
    bool for_all = error == NULL || client->tokens.failure != NULL;
    client->tokens.asking = false;
    client->tokens.flights++;
    if (for_all) {
        oktai_queue_release_all(&client->for_token);
    } else {
        oktai_queue_release_first(&client->for_token);
    }
}

static void use(okta_call *call, oktai_token *token)
{
    okta_free(call->token);
    call->token = oktai_root_hold(token);
}

okta_error *oktai_authorize_take(okta_call *call, okta_error *error, oktai_token *token)
{
    okta_client *client = call->client;
    oktai_tokens *tokens = &client->tokens;
    oktai_token *replaced = NULL;
    pthread_mutex_lock(&client->lock);
    if (error != NULL && call->asks_early) {
        tokens->token->refresh_at_ms = oktai_call_now_ms(call) + RENEW_AGAIN_MS;
        okta_free(error);
        error = NULL;
    } else {
        error = keep_outcome(call, error, token, &replaced);
    }
    land(client, error);
    if (error == NULL) {
        use(call, tokens->token);
    }
    pthread_mutex_unlock(&client->lock);
    okta_free(replaced);
    return without_token(call, error);
}

/* Whether the flight that the call waited for goes on. The lock is held. */
static bool is_awaited(okta_call *call)
{
    const oktai_tokens *tokens = tokens_of(call);
    oktai_queue_leave(&call->waiter);
    return tokens->asking && tokens->flights == call->flight;
}

/* Another call is asking. The lock is held. */
static oktai_token_state await_other(okta_call *call)
{
    call->queued = true;
    call->flight = tokens_of(call)->flights;
    oktai_call_enter(call, &call->client->for_token);
    return OKTAI_TOKEN_AWAITED;
}

/* What the call finds that waits for no flight. The lock is held. */
static oktai_token_state find(okta_call *call, const okta_error **failure)
{
    oktai_tokens *tokens = tokens_of(call);
    int64_t now_ms = oktai_call_now_ms(call);
    bool usable = is_usable(tokens->token, call->refused, now_ms);
    if (usable && (tokens->asking || now_ms < tokens->token->refresh_at_ms)) {
        use(call, tokens->token);
        return OKTAI_TOKEN_READY;
    }
    if (tokens->asking) {
        return await_other(call);
    }
    if (!usable && tokens->failure != NULL && now_ms < tokens->quiet_until_ms) {
        *failure = tokens->failure;
        return OKTAI_TOKEN_REFUSED;
    }
    tokens->asking = true;
    tokens->awaits_signer = false;
    call->flight = tokens->changes;
    call->asks_early = usable;
    return OKTAI_TOKEN_DUE;
}

/* The lock is held. */
static oktai_token_state look(okta_call *call, const okta_error **failure)
{
    bool waited = call->queued;
    call->queued = false;
    if (waited && is_awaited(call)) {
        return await_other(call);
    }
    /* A failure of the flight is one of all that waited for it. */
    *failure = waited ? tokens_of(call)->failure : NULL;
    if (*failure != NULL) {
        return OKTAI_TOKEN_REFUSED;
    }
    /* It was let go when its deadline had passed: it waited to its end. */
    bool over = waited && oktai_call_now_ms(call) >= call->retry.deadline_ms;
    return over ? OKTAI_TOKEN_AWAITED : find(call, failure);
}

static void leave(okta_call *call)
{
    okta_client *client = call->client;
    pthread_mutex_lock(&client->lock);
    bool released = call->waiter.queue == NULL;
    oktai_queue_leave(&call->waiter);
    if (released && !client->tokens.asking) {
        oktai_queue_release_first(&client->for_token); /* it was let go to ask, and does not */
    }
    pthread_mutex_unlock(&client->lock);
    call->queued = false;
}

oktai_token_state oktai_authorize(okta_call *call, okta_error **out)
{
    okta_client *client = call->client;
    const okta_error *failure = NULL;
    pthread_mutex_lock(&client->lock);
    oktai_token_state state = look(call, &failure);
    okta_error *error = oktai_error_of(failure);
    bool awaits_signer = client->tokens.awaits_signer;
    pthread_mutex_unlock(&client->lock);
    error = without_token(call, error);
    if (state == OKTAI_TOKEN_AWAITED) {
        oktai_response_clear(&call->response);
        error = oktai_call_check(
            call, awaits_signer ? "while another call asked for a token, whose signer had not answered"
                                : "while another call asked for a token");
        if (error != NULL) {
            leave(call);
            state = OKTAI_TOKEN_REFUSED;
        }
    }
    *out = error;
    return state;
}

bool oktai_authorize_hold_app(okta_call *call)
{
    okta_client *client = call->client;
    oktai_service_app *before = call->app;
    pthread_mutex_lock(&client->lock);
    call->app = oktai_root_hold(client->tokens.app);
    bool without_kid = client->tokens.without_kid;
    pthread_mutex_unlock(&client->lock);
    okta_free(before);
    return without_kid;
}

/* Whether there is another token since. */
static bool is_superseded(const okta_call *call)
{
    okta_client *client = call->client;
    pthread_mutex_lock(&client->lock);
    bool superseded = client->tokens.token->number != call->token->number;
    pthread_mutex_unlock(&client->lock);
    return superseded;
}

bool oktai_authorize_holds(okta_call *call)
{
    if (call->token == NULL) {
        return !oktai_call_needs_token(call);
    }
    return oktai_call_now_ms(call) < call->token->expires_at_ms && !is_superseded(call);
}

okta_error *oktai_authorize_proof(okta_call *call, oktai_buffer *out)
{
    if (!call->token->is_dpop) {
        return NULL;
    }
    return oktai_proof_of_call(call, call->token, out);
}

/* Whether somebody can be asked for a token. */
static bool asks(const okta_client *client)
{
    return client->tokens.who.client_id != NULL || client->tokens.source != NULL;
}

/* Whether a call may get another token after a 401, which it may once. Where there is another one already,
 * and where the API has taken this one before, which has probably ended then, that costs nothing. To ask for
 * another one in the place of one that it never took costs some of the retry budget, since that will fare no
 * better. */
static bool may_renew(okta_call *call)
{
    if (call->refused != 0) {
        return false;
    }
    return is_superseded(call) || (asks(call->client) && (atomic_load(&call->token->worked) ||
                                                          oktai_retry_take(&call->client->budget)));
}

static bool is_refused(const oktai_attempt *attempt)
{
    return attempt->failure == OKTA_OK && (attempt->http_status == 401 || attempt->refused == OKTA_E_AUTH);
}

bool oktai_authorize_again_replaced(okta_call *call)
{
    if (call->refused != 0 || !is_refused(&call->attempt) || !oktai_call_needs_token(call)) {
        return false;
    }
    call->refused = TOKEN_OF_OPTIONS;
    return true;
}

bool oktai_authorize_again(okta_call *call)
{
    const oktai_attempt *attempt = &call->attempt;
    bool new_nonce =
        oktai_proof_learn(call->client, &call->response, tokens_of(call)->api_nonce, oktai_proof_nonce(call));
    if (!is_refused(attempt)) {
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
