/* SPDX-License-Identifier: Apache-2.0 */
#include "client/token_call.h"

#include <string.h>

#include "client/authorize.h"
#include "client/conduct.h"
#include "client/limits.h"
#include "client/proof.h"
#include "client/send.h"
#include "client/signature.h"
#include "client/word.h"
#include "core/arena.h"
#include "core/digest.h"
#include "core/error.h"

/* A date in a refusal that differs by more than this from the one in the request is taken for its cause. */
#define SKEW_TOLERATED_S 5

/* Header lines of a request. */
#define LINES_MAX 5u

/* An early renewal may take a quarter of what its call has left, and no more than this. */
#define EARLY_MAX_MS 5000

/* What a call for a token knows beside what every call does. What is mended about a request, is mended once.
 */
typedef struct oktai_token_visit {
    int64_t dated_s;          /* what the request at hand says the time is */
    bool proven;              /* it has a proof */
    oktai_identity_sent sent; /* how it tells who the client is */
    bool proof_replayed;
    bool time_replayed;
    bool file_replayed;
    char form_digest[OKTAI_DIGEST_SIZE]; /* of the form at hand, where its assertion is that of a file */
} oktai_token_visit;

/* Asking twice does no harm. */
static const oktai_operation token_operation = {.name = "token",
                                                .method = OKTAI_METHOD_POST,
                                                .effect = OKTAI_EFFECT_READ,
                                                .security = OKTAI_SECURITY_NONE};

static const oktai_service_app *app_of(const okta_call *call)
{
    return call->app;
}

/* False: out of memory. */
static bool make_headers(okta_call *call)
{
    oktai_sending *sending = &call->sending;
    if (!oktai_sending_begin(sending, oktai_root_arena(call), LINES_MAX)) {
        return false;
    }
    oktai_sending_add_line(sending, call->accept);
    oktai_sending_add_line(sending, "Expect:");
    oktai_sending_add_line(sending, "Content-Type: application/x-www-form-urlencoded");
    if (app_of(call)->authorization != NULL) {
        oktai_sending_add_line(sending, app_of(call)->authorization);
    }
    if (sending->proof.length > 0) {
        oktai_sending_add_line(sending, sending->proof.data);
    }
    return true;
}

/* Every request has a proof and, where the client signs, an assertion of its own. */
static okta_error *sign(okta_call *call)
{
    okta_client *client = call->client;
    oktai_sending *sending = &call->sending;
    oktai_token_visit *visit = call->visit;
    visit->dated_s = oktai_client_time_s(client);
    visit->proven = oktai_proof_is_needed(client);
    oktai_later *later;
    okta_error *error = oktai_signature_of(call, &later);
    if (error == NULL) {
        error = oktai_token_request_write(app_of(call), visit->sent.without_kid, visit->dated_s, later,
                                          &sending->form);
    }
    if (error == NULL && oktai_signature_is_asked(call)) {
        return NULL;
    }
    if (error == NULL && app_of(call)->assertion_file != NULL) {
        error = oktai_digest(sending->form.data, sending->form.length, visit->form_digest);
    }
    if (error == NULL && visit->proven) {
        error = oktai_proof_of_call(call, NULL, &sending->proof);
    }
    if (error != NULL) {
        return error;
    }
    if (!make_headers(call)) {
        return oktai_error_nomem();
    }
    sending->request = (oktai_request){
        .method = "POST",
        .url = call->url.data,
        .headers = sending->lines,
        .body = &sending->form,
        .timeout_ms = oktai_call_left_ms(call),
        .canceled = &call->root->canceled,
    };
    return oktai_send_remember(call);
}

static bool take_chance(bool *taken)
{
    bool first = !*taken;
    *taken = true;
    return first;
}

/* Nobody named the kid: the org may know the key by another one, or by none. */
static bool try_other_kid(okta_call *call)
{
    oktai_token_visit *visit = call->visit;
    const okta_signer *signer = app_of(call)->signer;
    if (signer == NULL || oktai_signer_kid_origin(signer) != OKTAI_KID_DERIVED ||
        !take_chance(&visit->sent.both_ways)) {
        return false;
    }
    visit->sent.without_kid = !visit->sent.without_kid;
    return true;
}

/* Whether the file of the assertion holds another one than the request at hand had. A file that cannot be
 * read leaves the refusal as it is. */
static okta_error *look_at_file(okta_call *call, bool *another)
{
    oktai_token_visit *visit = call->visit;
    oktai_buffer form = {0};
    char digest[OKTAI_DIGEST_SIZE] = "";
    if (!take_chance(&visit->file_replayed)) {
        return NULL;
    }
    okta_error *error = oktai_token_request_write(app_of(call), false, visit->dated_s, NULL, &form);
    if (error == NULL) {
        error = oktai_digest(form.data, form.length, digest);
    }
    *another = error == NULL && memcmp(digest, visit->form_digest, sizeof digest) != 0;
    oktai_buffer_clear(&form);
    if (okta_error_status(error) == OKTA_E_NOMEM) {
        return error;
    }
    okta_free(error);
    return NULL;
}

/* Whether the request at hand says what time it is: an assertion of a file was dated by others. */
static bool is_dated(const okta_call *call)
{
    return app_of(call)->assertion_file == NULL || call->visit->proven;
}

/* Whether a refusal says what was wrong with the request, and it can be made right. `skew_s`: by how much the
 * server's date differs from what was believed. */
static okta_error *mend(okta_call *call, bool new_nonce, int64_t skew_s, bool *again)
{
    oktai_token_visit *visit = call->visit;
    int http_status = call->response.http_status;
    if (http_status != 400 && http_status != 401) {
        return NULL;
    }
    const oktai_watch watch = oktai_call_watch(call);
    oktai_token_wish wish = oktai_token_wish_of(&call->response.body, &watch);
    bool wants_proof = wish == OKTAI_TOKEN_WISH_NONCE || wish == OKTAI_TOKEN_WISH_PROOF;
    if (wants_proof && !visit->proven) {
        *again = call->client->tokens.mode == OKTA_DPOP_AUTO && take_chance(&visit->proof_replayed);
        return *again ? oktai_proof_begin(call->client) : NULL;
    }
    bool off = skew_s > SKEW_TOLERATED_S || skew_s < -SKEW_TOLERATED_S;
    if (wish == OKTAI_TOKEN_WISH_NONCE) {
        *again = new_nonce && take_chance(&call->nonce_replayed);
    } else if (off && is_dated(call) && take_chance(&visit->time_replayed)) {
        *again = true;
    } else if (app_of(call)->assertion_file != NULL) {
        return wish == OKTAI_TOKEN_WISH_CLIENT || http_status == 401 ? look_at_file(call, again) : NULL;
    } else if (wish == OKTAI_TOKEN_WISH_CLIENT) {
        *again = try_other_kid(call);
    }
    return NULL;
}

static okta_error *learn(okta_call *call, bool *again)
{
    okta_client *client = call->client;
    okta_opt_int date = oktai_headers_date(&call->response.headers);
    int64_t skew_s = date.has ? date.value - oktai_client_time_s(client) : 0;
    bool new_nonce =
        oktai_proof_learn(client, &call->response, client->tokens.token_nonce, oktai_proof_nonce(call));
    return call->attempt.failure == OKTA_OK ? mend(call, new_nonce, skew_s, again) : NULL;
}

/* How far the machine's clock is off, in seconds, where that is more than the client makes up for and the
 * request was dated; positive: behind. */
static int64_t clock_error_s(const okta_call *call)
{
    okta_client *client = call->client;
    okta_opt_int date = oktai_headers_date(&call->response.headers);
    if (!date.has || (app_of(call)->signer == NULL && !call->visit->proven)) {
        return 0;
    }
    pthread_mutex_lock(&client->lock);
    int64_t off_s = oktai_server_time_excess_s(&client->tokens.time, date.value, oktai_call_now_ms(call),
                                               client->clock->wall_ms(client->clock));
    pthread_mutex_unlock(&client->lock);
    return off_s;
}

static void describe_refusal(const okta_call *call, oktai_buffer *out)
{
    int64_t off_s = clock_error_s(call);
    oktai_buffer_add_text(out, "the token request was refused (");
    oktai_service_app_describe(app_of(call), call->visit->sent, out);
    if (off_s != 0) {
        oktai_buffer_add_text(out, "; this machine's clock is ");
        oktai_buffer_add_grouped(out, off_s < 0 ? -off_s : off_s);
        oktai_buffer_add_text(out, off_s < 0 ? " s ahead of the org's" : " s behind the org's");
    }
    oktai_buffer_add_char(out, ')');
}

static oktai_answer answer_of(okta_call *call, const char *name)
{
    return (oktai_answer){.name = name,
                          .response = &call->response,
                          .attempts = call->retry.attempts,
                          .watch = oktai_call_watch(call),
                          .secrets = oktai_call_secrets_of(call)};
}

static okta_error *refuse(okta_call *call, const oktai_decision *decided)
{
    oktai_decision decision = *decided;
    const oktai_attempt *attempt = &call->attempt;
    int http_status = attempt->http_status;
    bool transient = http_status == 408 || http_status == 429;
    bool foreign = attempt->foreign && oktai_retry_needs_word(http_status);
    oktai_buffer subject = {0};
    /* A 4xx of the token endpoint refuses the token, not the call; one of a gateway refuses neither. */
    if (attempt->failure == OKTA_OK && http_status >= 400 && http_status <= 499 && !transient && !foreign) {
        decision.status = OKTA_E_AUTH;
        describe_refusal(call, &subject);
    } else {
        oktai_buffer_add_text(&subject, "the token request failed");
    }
    if (http_status < 400) {
        oktai_buffer_clear(&call->response.body); /* it may hold a token */
    }
    oktai_answer answer = answer_of(call, subject.data);
    okta_error *error =
        subject.failed ? oktai_error_nomem() : oktai_outcome_error(&answer, &decision, attempt);
    oktai_buffer_clear(&subject);
    return error;
}

static okta_error *check(okta_call *call, const char *what)
{
    (void)what;
    const oktai_watch watch = oktai_call_watch(call);
    okta_status status = oktai_watch_look(&watch);
    if (status == OKTA_OK) {
        return NULL;
    }
    if (status == OKTA_E_CANCELED) {
        return oktai_error_new(status, "the call was canceled during the token request");
    }
    const char *reason = oktai_limits_explain(
        call, oktai_signature_is_late(call)
                  ? "the deadline passed while the signer of the token request had not answered"
                  : "the deadline passed during the token request");
    return reason == NULL ? oktai_error_nomem() : oktai_error_new(status, "%s", reason);
}

static okta_error *read_token(okta_call *call)
{
    const oktai_clock *clock = call->client->clock;
    const oktai_watch watch = oktai_call_watch(call);
    int http_status = call->response.http_status;
    /* RFC 6749, section 5.1: a token comes with 200. */
    okta_error *error =
        http_status == 200
            ? oktai_token_read(&call->response.body, &watch, call->visit->proven, oktai_call_now_ms(call),
                               clock->random(clock), &call->token)
            : oktai_error_new(OKTA_E_PROTOCOL, "HTTP %d is no answer that Okta gives", http_status);
    if (error == NULL) {
        call->token->without_kid = call->visit->sent.without_kid;
        call->token->app = oktai_root_hold(call->app);
        return NULL;
    }
    if (okta_error_status(error) == OKTA_E_TIMEOUT || okta_error_status(error) == OKTA_E_CANCELED) {
        okta_free(error);
        return check(call, NULL);
    }
    if (okta_error_status(error) != OKTA_E_PROTOCOL) {
        return error;
    }
    oktai_buffer_clear(&call->response.body); /* it may hold a token */
    oktai_answer answer = answer_of(call, "the token request failed");
    return oktai_outcome_bad_answer(&answer, OKTAI_EFFECT_READ, error);
}

static const oktai_conduct conduct = {
    .is_paced = false, .sign = sign, .learn = learn, .accept = read_token, .refuse = refuse, .check = check};

/* Takes `child`, and releases it without memory. */
static okta_call *make_visit(okta_call *child)
{
    if (child == NULL) {
        return NULL;
    }
    child->visit = oktai_arena_alloc(oktai_root_arena(child), sizeof *child->visit);
    if (child->visit == NULL || !oktai_buffer_add_text(&child->url, OKTAI_TOKEN_PATH)) {
        okta_free(child);
        return NULL;
    }
    *child->visit = (oktai_token_visit){.sent = {.without_kid = false}};
    child->conduct = &conduct;
    child->fresh = false;
    return child;
}

okta_call *oktai_token_call(const okta_call *call, bool early)
{
    okta_call *child = make_visit(oktai_call_beside(call, &token_operation, call->path_at));
    if (child == NULL) {
        return NULL;
    }
    child->visit->sent.without_kid = oktai_authorize_hold_app(child);
    if (early) {
        int64_t share_ms = (call->retry.deadline_ms - oktai_call_now_ms(call)) / 4;
        child->max_retries = 0;
        child->timeout_ms = share_ms < EARLY_MAX_MS ? share_ms : EARLY_MAX_MS;
    }
    return child;
}

okta_call *oktai_login_call(okta_client *client, oktai_service_app *app)
{
    okta_call *call = make_visit(oktai_call_alone(client, &token_operation));
    if (call == NULL) {
        return NULL;
    }
    call->app = oktai_root_hold(app);
    return call;
}
