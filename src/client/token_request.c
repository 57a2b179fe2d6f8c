/* SPDX-License-Identifier: Apache-2.0 */
#include "client/token_request.h"

#include "client/proof.h"
#include "client/word.h"
#include "core/arena.h"
#include "core/error.h"

/* A date in a refusal that differs by more than this from the one in the request is taken for its cause. */
#define SKEW_TOLERATED_S 5

/* An early renewal may take a quarter of what its call has left, and no more than this. */
#define EARLY_MAX_MS 5000

/* One visit to the token endpoint. What is mended about a request, is mended once. */
typedef struct token_visit {
    okta_call *call;
    oktai_retry_state retry;
    oktai_response response;
    int64_t dated_s;                   /* what the request at hand says the time is */
    bool proven;                       /* it has a proof */
    char nonce[OKTAI_DPOP_NONCE_SIZE]; /* ... with this */
    oktai_identity_sent sent;          /* how it tells who the client is */
    bool nonce_replayed;
    bool proof_replayed;
    bool time_replayed;
} token_visit;

/* A token request has a deadline of its own; whoever cancels its call cancels it. */
static oktai_watch watch_of(const token_visit *visit)
{
    oktai_watch watch = oktai_call_watch(visit->call);
    watch.deadline_ms = visit->retry.deadline_ms;
    return watch;
}

static const oktai_service_app *app_of(const token_visit *visit)
{
    return &visit->call->client->tokens.app;
}

static oktai_attempt send_request(token_visit *visit, const oktai_buffer *body, const oktai_buffer *proof)
{
    okta_call *call = visit->call;
    const oktai_service_app *app = app_of(visit);
    const char *headers[6] = {"Accept: application/json",
                              "Expect:", "Content-Type: application/x-www-form-urlencoded"};
    size_t count = 3;
    if (app->authorization != NULL) {
        headers[count++] = app->authorization;
    }
    if (proof->length > 0) {
        headers[count++] = proof->data;
    }
    int64_t left_ms = visit->retry.deadline_ms - oktai_call_now_ms(call);
    const oktai_request request = {
        .method = "POST",
        .url = app->token_url,
        .headers = headers,
        .body = body,
        .timeout_ms = left_ms < 1 ? 1 : left_ms,
        .canceled = &call->canceled,
    };
    return oktai_call_perform(call, &request, &visit->response);
}

/* Every request has an assertion and a proof of its own. */
static okta_error *ask_once(token_visit *visit, oktai_attempt *out)
{
    okta_client *client = visit->call->client;
    const oktai_service_app *app = app_of(visit);
    oktai_buffer body = {0};
    oktai_buffer proof = {0};
    visit->dated_s = oktai_client_time_s(client);
    visit->proven = oktai_proof_is_needed(client);
    okta_error *error = oktai_token_request_write(app, visit->sent.without_kid, visit->dated_s, &body);
    if (error == NULL && visit->proven) {
        error = oktai_proof_write(client, NULL, "POST", app->token_url, visit->nonce, &proof);
    }
    if (error == NULL) {
        *out = send_request(visit, &body, &proof);
    }
    oktai_buffer_clear(&body);
    oktai_buffer_clear(&proof);
    return error;
}

static bool take_chance(bool *taken)
{
    bool first = !*taken;
    *taken = true;
    return first;
}

/* Nobody named the kid: the org may know the key by another one, or by none. */
static bool try_other_kid(token_visit *visit)
{
    const okta_signer *signer = app_of(visit)->signer;
    if (signer == NULL || oktai_signer_kid_origin(signer) != OKTAI_KID_DERIVED ||
        !take_chance(&visit->sent.both_ways)) {
        return false;
    }
    visit->sent.without_kid = !visit->sent.without_kid;
    return true;
}

/* Whether a refusal says what was wrong with the request, and it can be made right. `skew_s`: by how much the
 * server's date differs from what was believed. */
static okta_error *mend(token_visit *visit, bool new_nonce, int64_t skew_s, bool *out_again)
{
    int http_status = visit->response.http_status;
    *out_again = false;
    if (http_status != 400 && http_status != 401) {
        return NULL;
    }
    const oktai_watch watch = watch_of(visit);
    oktai_token_wish wish = oktai_token_wish_of(&visit->response.body, &watch);
    bool wants_proof = wish == OKTAI_TOKEN_WISH_NONCE || wish == OKTAI_TOKEN_WISH_PROOF;
    if (wants_proof && !visit->proven) {
        *out_again =
            visit->call->client->tokens.mode == OKTA_DPOP_AUTO && take_chance(&visit->proof_replayed);
        return *out_again ? oktai_proof_begin(visit->call->client) : NULL;
    }
    bool off = skew_s > SKEW_TOLERATED_S || skew_s < -SKEW_TOLERATED_S;
    if (wish == OKTAI_TOKEN_WISH_NONCE) {
        *out_again = new_nonce && take_chance(&visit->nonce_replayed);
    } else if (off && take_chance(&visit->time_replayed)) {
        *out_again = true;
    } else if (wish == OKTAI_TOKEN_WISH_CLIENT) {
        *out_again = try_other_kid(visit);
    }
    return NULL;
}

/* How far the machine's clock is off, in seconds, where that is more than the client makes up for and the
 * request was dated; positive: behind. */
static int64_t clock_error_s(const token_visit *visit)
{
    okta_client *client = visit->call->client;
    okta_opt_int date = oktai_headers_date(&visit->response.headers);
    if (!date.has || (app_of(visit)->signer == NULL && !visit->proven)) {
        return 0;
    }
    pthread_mutex_lock(&client->lock);
    int64_t off_s =
        oktai_server_time_excess_s(&client->tokens.time, date.value, oktai_call_now_ms(visit->call),
                                   client->clock->wall_ms(client->clock));
    pthread_mutex_unlock(&client->lock);
    return off_s;
}

static void describe_refusal(const token_visit *visit, oktai_buffer *out)
{
    int64_t off_s = clock_error_s(visit);
    oktai_buffer_add_text(out, "the token request was refused (");
    oktai_service_app_describe(app_of(visit), visit->sent, out);
    if (off_s != 0) {
        oktai_buffer_add_text(out, "; this machine's clock is ");
        oktai_buffer_add_grouped(out, off_s < 0 ? -off_s : off_s);
        oktai_buffer_add_text(out, off_s < 0 ? " s ahead of the org's" : " s behind the org's");
    }
    oktai_buffer_add_char(out, ')');
}

static oktai_answer answer_of(token_visit *visit, const char *name)
{
    return (oktai_answer){.name = name,
                          .response = &visit->response,
                          .attempts = visit->retry.attempts,
                          .watch = watch_of(visit),
                          .secrets = oktai_call_secrets_of(visit->call)};
}

static okta_error *failed(token_visit *visit, oktai_decision decision, const oktai_attempt *attempt)
{
    int http_status = attempt->http_status;
    bool transient = http_status == 408 || http_status == 429;
    bool foreign = attempt->foreign && oktai_retry_needs_word(http_status);
    oktai_buffer subject = {0};
    /* A 4xx of the token endpoint refuses the token, not the call; one of a gateway refuses neither. */
    if (attempt->failure == OKTA_OK && http_status >= 400 && http_status <= 499 && !transient && !foreign) {
        decision.status = OKTA_E_AUTH;
        describe_refusal(visit, &subject);
    } else {
        oktai_buffer_add_text(&subject, "the token request failed");
    }
    if (http_status < 400) {
        oktai_buffer_clear(&visit->response.body); /* it may hold a token */
    }
    oktai_answer answer = answer_of(visit, subject.data);
    okta_error *error =
        subject.failed ? oktai_error_nomem() : oktai_outcome_error(&answer, &decision, attempt);
    oktai_buffer_clear(&subject);
    return error;
}

/* NULL, or the error of a visit whose call is canceled or that is late. */
static okta_error *check(const token_visit *visit)
{
    const oktai_watch watch = watch_of(visit);
    okta_status status = oktai_watch_look(&watch);
    if (status == OKTA_OK) {
        return NULL;
    }
    return oktai_error_new(status, status == OKTA_E_CANCELED
                                       ? "the call was canceled during the token request"
                                       : "the deadline passed during the token request");
}

static okta_error *read_token(token_visit *visit, oktai_token **out)
{
    const oktai_clock *clock = visit->call->client->clock;
    const oktai_watch watch = watch_of(visit);
    int http_status = visit->response.http_status;
    /* RFC 6749, section 5.1: a token comes with 200. */
    okta_error *error =
        http_status == 200
            ? oktai_token_read(&visit->response.body, &watch, visit->proven, oktai_call_now_ms(visit->call),
                               clock->random(clock), out)
            : oktai_error_new(OKTA_E_PROTOCOL, "HTTP %d is no answer that Okta gives", http_status);
    if (okta_error_status(error) == OKTA_E_TIMEOUT || okta_error_status(error) == OKTA_E_CANCELED) {
        okta_free(error);
        return check(visit);
    }
    if (okta_error_status(error) != OKTA_E_PROTOCOL) {
        return error;
    }
    oktai_buffer_clear(&visit->response.body); /* it may hold a token */
    oktai_answer answer = answer_of(visit, "the token request failed");
    return oktai_outcome_bad_answer(&answer, OKTAI_EFFECT_READ, error);
}

/* `wait_ms`: how long until the next attempt; NULL: none follows. */
static void log_attempt(const token_visit *visit, const oktai_attempt *attempt, const int64_t *wait_ms)
{
    oktai_log_token_attempt(visit->call, &visit->response, visit->retry.attempts, attempt, wait_ms);
}

/* Wait until the next attempt may follow. */
static okta_error *wait_to_ask(const token_visit *visit, int64_t wait_ms)
{
    oktai_call_sleep(visit->call, wait_ms);
    return check(visit);
}

/* Learn from an answer. `*out_again`: it says what was wrong with the request, which then goes once more. */
static okta_error *learn(token_visit *visit, const oktai_attempt *attempt, bool *out_again)
{
    okta_client *client = visit->call->client;
    okta_opt_int date = oktai_headers_date(&visit->response.headers);
    int64_t skew_s = date.has ? date.value - oktai_client_time_s(client) : 0;
    bool new_nonce = oktai_proof_learn(client, &visit->response, client->tokens.token_nonce, visit->nonce);
    *out_again = false;
    return attempt->failure == OKTA_OK ? mend(visit, new_nonce, skew_s, out_again) : NULL;
}

/* One attempt. NULL without a token: another one follows. */
static okta_error *attempt_once(token_visit *visit, oktai_token **out)
{
    okta_client *client = visit->call->client;
    oktai_attempt attempt = {0};
    bool again = false;
    okta_error *error = ask_once(visit, &attempt);
    if (error == NULL) {
        oktai_word_judge(&visit->response, &attempt);
        error = learn(visit, &attempt, &again);
    }
    if (error != NULL) {
        return error;
    }
    if (again) {
        static const int64_t at_once = 0;
        visit->retry.attempts++;
        visit->retry.max_retries++;
        log_attempt(visit, &attempt, &at_once);
        return NULL;
    }
    oktai_server_times times = oktai_response_times(&visit->response, client->clock);
    oktai_decision decision =
        oktai_retry_decide(&visit->retry, &client->budget, &attempt, &times, oktai_call_now_ms(visit->call),
                           client->clock->random(client->clock));
    bool retry = decision.verdict == OKTAI_VERDICT_RETRY;
    log_attempt(visit, &attempt, retry ? &decision.wait_ms : NULL);
    if (retry) {
        return wait_to_ask(visit, decision.wait_ms);
    }
    return decision.verdict == OKTAI_VERDICT_SUCCESS ? read_token(visit, out)
                                                     : failed(visit, decision, &attempt);
}

okta_error *oktai_token_request_run(okta_call *call, bool early, oktai_token **out)
{
    int64_t now_ms = oktai_call_now_ms(call);
    int64_t early_ms = (call->retry.deadline_ms - now_ms) / 4;
    /* Asking twice does no harm. */
    token_visit visit = {
        .call = call,
        .sent = {.without_kid = call->client->tokens.without_kid},
        .retry = {.effect = OKTAI_EFFECT_READ,
                  .max_retries = early ? 0 : call->max_retries,
                  .deadline_ms = early ? now_ms + (early_ms < EARLY_MAX_MS ? early_ms : EARLY_MAX_MS)
                                       : call->retry.deadline_ms}};
    okta_error *error = NULL;
    while (error == NULL && *out == NULL) {
        error = attempt_once(&visit, out);
    }
    if (error == NULL) {
        call->client->tokens.without_kid = visit.sent.without_kid;
    }
    oktai_log_token_end(call, &visit.response, visit.retry.attempts, error);
    oktai_response_clear(&visit.response);
    return error;
}
