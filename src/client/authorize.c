/* SPDX-License-Identifier: Apache-2.0 */
/* The access tokens of a service app: one thread at a time asks for one, all use it. */
#include <string.h>

#include "auth/token.h"
#include "client/call.h"
#include "core/arena.h"
#include "core/error.h"

/* An early renewal that failed is tried again after this. */
#define RENEW_AGAIN_MS 30000

/* A date in a refusal that differs by more than this from the one in the request is taken for its cause. */
#define SKEW_TOLERATED_S 5

/* An early renewal may take a quarter of what its call has left, and no more than this. */
#define EARLY_MAX_MS 5000

/* A refusal that is true for all is not asked for again for 1 s, and twice as long after each further one. */
#define QUIET_MS     1000
#define QUIET_CAP_MS 30000

/* One visit to the token endpoint, with all its attempts. */
typedef struct token_visit {
    okta_call *call;
    oktai_retry_state retry;
    oktai_response response;
    int64_t dated_s;                   /* what the request at hand says the time is */
    bool proven;                       /* it has a proof */
    char nonce[OKTAI_DPOP_NONCE_SIZE]; /* ... with this */
    bool nonce_replayed;
    bool proof_replayed;
    bool time_replayed;
} token_visit;

static oktai_tokens *tokens_of(const okta_call *call)
{
    return &call->client->tokens;
}

static int64_t server_time_s(okta_call *call)
{
    const oktai_clock *clock = call->client->clock;
    int64_t now_ms = oktai_call_now_ms(call);
    pthread_mutex_lock(&call->client->lock);
    int64_t now_s = oktai_server_time_s(&tokens_of(call)->time, now_ms, clock->wall_ms(clock));
    pthread_mutex_unlock(&call->client->lock);
    return now_s;
}

/* Date and nonce of an answer. True: the nonce to be used from here on is another than `used`. */
static bool learn(okta_call *call, const oktai_response *response, char nonce[OKTAI_DPOP_NONCE_SIZE],
                  const char *used)
{
    const oktai_clock *clock = call->client->clock;
    okta_opt_int date = oktai_headers_date(&response->headers);
    const char *given = oktai_headers_get(&response->headers, "DPoP-Nonce", 0);
    pthread_mutex_lock(&call->client->lock);
    if (date.has) {
        oktai_server_time_learn(&tokens_of(call)->time, date.value, oktai_call_now_ms(call),
                                clock->wall_ms(clock));
    }
    if (given != NULL) {
        oktai_dpop_take_nonce(given, nonce);
    }
    bool other = strcmp(nonce, used) != 0;
    pthread_mutex_unlock(&call->client->lock);
    return other;
}

/* Where the proof is for the token endpoint, `token` is NULL. `nonce` receives the one it is made with. */
static okta_error *write_proof(okta_call *call, const oktai_token *token, const char *method, const char *url,
                               char nonce[OKTAI_DPOP_NONCE_SIZE], oktai_buffer *out)
{
    oktai_tokens *tokens = tokens_of(call);
    pthread_mutex_lock(&call->client->lock);
    const char *source = token == NULL ? tokens->token_nonce : tokens->api_nonce;
    memcpy(nonce, source, strlen(source) + 1);
    oktai_dpop_proof proof = {.key = tokens->key,
                              .method = method,
                              .url = url,
                              .access_token = token == NULL ? NULL : token->value,
                              .nonce = nonce};
    pthread_mutex_unlock(&call->client->lock);
    proof.now_s = server_time_s(call);
    return oktai_buffer_add_text(out, "DPoP: ") ? oktai_dpop_write(&proof, out) : oktai_error_nomem();
}

static bool has_key(okta_call *call)
{
    pthread_mutex_lock(&call->client->lock);
    bool has = tokens_of(call)->key != NULL;
    pthread_mutex_unlock(&call->client->lock);
    return has;
}

static oktai_attempt send_request(token_visit *visit, const oktai_buffer *body, const oktai_buffer *proof)
{
    okta_call *call = visit->call;
    const char *headers[] = {"Accept: application/json",
                             "Expect:", "Content-Type: application/x-www-form-urlencoded",
                             proof->length > 0 ? proof->data : NULL, NULL};
    int64_t left_ms = visit->retry.deadline_ms - oktai_call_now_ms(call);
    const oktai_request request = {
        .method = "POST",
        .url = tokens_of(call)->app.token_url,
        .headers = headers,
        .body = body,
        .timeout_ms = left_ms < 1 ? 1 : left_ms,
        .canceled = &call->canceled,
    };
    return oktai_transport_perform(call->transport, &request, &visit->response);
}

/* Every request has an assertion and a proof of its own. */
static okta_error *ask_once(token_visit *visit, oktai_attempt *out)
{
    okta_call *call = visit->call;
    const oktai_service_app *app = &tokens_of(call)->app;
    oktai_buffer body = {0};
    oktai_buffer proof = {0};
    visit->dated_s = server_time_s(call);
    visit->proven = has_key(call);
    okta_error *error = oktai_token_request_write(app, visit->dated_s, &body);
    if (error == NULL && visit->proven) {
        error = write_proof(call, NULL, "POST", app->token_url, visit->nonce, &proof);
    }
    if (error == NULL) {
        *out = send_request(visit, &body, &proof);
    }
    oktai_buffer_clear(&body);
    oktai_buffer_clear(&proof);
    return error;
}

/* The org asks for proofs: from here on each request has one. */
static okta_error *begin_proofs(okta_call *call)
{
    oktai_dpop_key *key = NULL;
    okta_error *error = oktai_dpop_key_new(&key);
    if (error != NULL) {
        return error;
    }
    pthread_mutex_lock(&call->client->lock);
    tokens_of(call)->key = key;
    pthread_mutex_unlock(&call->client->lock);
    return NULL;
}

static bool take_chance(bool *taken)
{
    bool first = !*taken;
    *taken = true;
    return first;
}

/* Whether a refusal says what was wrong with the request, and it can be made right: once for each reason.
 * `skew_s`: by how much the server's date differs from what was believed. */
static okta_error *mend(token_visit *visit, bool new_nonce, int64_t skew_s, bool *out_again)
{
    int http_status = visit->response.http_status;
    *out_again = false;
    if (http_status != 400 && http_status != 401) {
        return NULL;
    }
    oktai_token_wish wish = oktai_token_wish_of(&visit->response.body);
    if (wish != OKTAI_TOKEN_WISH_NONE && !visit->proven) {
        *out_again = tokens_of(visit->call)->mode == OKTA_DPOP_AUTO && take_chance(&visit->proof_replayed);
        return *out_again ? begin_proofs(visit->call) : NULL;
    }
    if (wish == OKTAI_TOKEN_WISH_NONCE) {
        *out_again = new_nonce && take_chance(&visit->nonce_replayed);
    } else if (skew_s > SKEW_TOLERATED_S || skew_s < -SKEW_TOLERATED_S) {
        *out_again = take_chance(&visit->time_replayed);
    }
    return NULL;
}

static okta_error *refused(token_visit *visit, oktai_decision decision, const oktai_attempt *attempt)
{
    int http_status = attempt->http_status;
    /* Whatever it says, it says it of the token, not of what the call is about. */
    bool transient = http_status == 408 || http_status == 429;
    if (attempt->failure == OKTA_OK && http_status >= 400 && http_status <= 499 && !transient) {
        decision.status = OKTA_E_AUTH;
    }
    if (http_status < 400) {
        oktai_buffer_clear(&visit->response.body); /* it may hold a token */
    }
    oktai_answer answer = {"token request", 0, &visit->response, visit->retry.attempts};
    return oktai_outcome_error(&answer, &decision, attempt);
}

static okta_error *read_token(token_visit *visit, oktai_token **out)
{
    const oktai_clock *clock = visit->call->client->clock;
    okta_error *error = oktai_token_read(&visit->response.body, visit->proven, oktai_call_now_ms(visit->call),
                                         clock->random(clock), out);
    if (okta_error_status(error) != OKTA_E_PROTOCOL) {
        return error;
    }
    oktai_buffer_clear(&visit->response.body); /* it may hold a token */
    oktai_answer answer = {"token request", 0, &visit->response, visit->retry.attempts};
    return oktai_outcome_bad_answer(&answer, OKTAI_EFFECT_READ, error);
}

static okta_error *check_visit(const token_visit *visit)
{
    if (atomic_load(&visit->call->canceled)) {
        return oktai_error_new(OKTA_E_CANCELED, "token request: the call was canceled");
    }
    bool late = oktai_call_now_ms(visit->call) >= visit->retry.deadline_ms;
    return late ? oktai_error_new(OKTA_E_TIMEOUT, "token request: the deadline passed") : NULL;
}

static okta_error *wait_to_ask(const token_visit *visit, const oktai_decision *decision)
{
    oktai_log_note(visit->call, OKTA_LOG_WARN, decision->wait_ms,
                   "the token endpoint is in trouble; next in %lld ms", (long long)decision->wait_ms);
    oktai_call_sleep(visit->call, decision->wait_ms);
    return check_visit(visit);
}

static okta_error *visit_endpoint(token_visit *visit, oktai_token **out)
{
    okta_client *client = visit->call->client;
    for (;;) {
        oktai_attempt attempt = {0};
        bool again = false;
        okta_error *error = ask_once(visit, &attempt);
        if (error != NULL) {
            return error;
        }
        oktai_server_times times = oktai_response_times(&visit->response, client->clock);
        okta_opt_int date = oktai_headers_date(&visit->response.headers);
        int64_t skew_s = date.has ? date.value - server_time_s(visit->call) : 0;
        bool new_nonce = learn(visit->call, &visit->response, client->tokens.token_nonce, visit->nonce);
        if (attempt.failure == OKTA_OK) {
            error = mend(visit, new_nonce, skew_s, &again);
        }
        if (error == NULL && again) {
            visit->retry.attempts++;
            visit->retry.max_retries++;
            continue;
        }
        if (error != NULL) {
            return error;
        }
        oktai_decision decision =
            oktai_retry_decide(&visit->retry, &client->budget, &attempt, &times,
                               oktai_call_now_ms(visit->call), client->clock->random(client->clock));
        if (decision.verdict == OKTAI_VERDICT_SUCCESS) {
            return read_token(visit, out);
        }
        error = decision.verdict == OKTAI_VERDICT_FAIL ? refused(visit, decision, &attempt)
                                                       : wait_to_ask(visit, &decision);
        if (error != NULL) {
            return error;
        }
    }
}

/* An early renewal is not worth the deadline of a call that has a good token. */
static okta_error *ask(okta_call *call, bool early, oktai_token **out)
{
    int64_t now_ms = oktai_call_now_ms(call);
    int64_t early_ms = (call->retry.deadline_ms - now_ms) / 4;
    /* Asking twice does no harm. */
    token_visit visit = {
        .call = call,
        .retry = {.effect = OKTAI_EFFECT_READ,
                  .max_retries = early ? 0 : call->max_retries,
                  .deadline_ms = early ? now_ms + (early_ms < EARLY_MAX_MS ? early_ms : EARLY_MAX_MS)
                                       : call->retry.deadline_ms}};
    okta_error *error = visit_endpoint(&visit, out);
    oktai_response_clear(&visit.response);
    if (error == NULL) {
        oktai_log_note(call, OKTA_LOG_INFO, 0, "an access token came after %u request%s",
                       visit.retry.attempts, visit.retry.attempts == 1 ? "" : "s");
    }
    return error;
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
    okta_error *error = ask(call, early, &token);
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
    oktai_client_changed(client);
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
        oktai_call_wait_change(call);
    }
    return oktai_error_of(tokens->failure);
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
            return quiet ? oktai_error_of(tokens->failure) : ask_for_all(call, out);
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
    return write_proof(call, call->token, oktai_method_name(call->operation->method), call->url.data,
                       call->nonce, out);
}

/* A token that never worked is as good as the next one: asking again and again has its price. */
static bool may_renew(okta_call *call)
{
    return call->refused == 0 &&
           (atomic_load(&call->token->worked) || oktai_retry_take(&call->client->budget));
}

bool oktai_authorize_again(okta_call *call, const oktai_attempt *attempt)
{
    bool new_nonce = learn(call, &call->response, tokens_of(call)->api_nonce, call->nonce);
    if (attempt->failure != OKTA_OK || attempt->http_status != 401) {
        if (attempt->failure == OKTA_OK && attempt->http_status < 300) {
            atomic_store(&call->token->worked, true);
        }
        return false;
    }
    const char *error = oktai_response_challenge(&call->response, "error");
    if (call->token->is_dpop && error != NULL && strcmp(error, "use_dpop_nonce") == 0) {
        return new_nonce && take_chance(&call->nonce_replayed);
    }
    if (!may_renew(call)) {
        return false;
    }
    call->refused = call->token->number;
    return true;
}
