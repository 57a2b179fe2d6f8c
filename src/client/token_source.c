/* SPDX-License-Identifier: Apache-2.0 */
#include "client/token_source.h"

#include "auth/authorization.h"
#include "auth/token.h"
#include "core/arena.h"
#include "core/error.h"

#define CAPACITY ((size_t)OKTA_TOKEN_MAX + 1)

static okta_token_reason reason_of(const okta_call *call)
{
    if (call->asks_early) {
        return OKTA_TOKEN_ENDS;
    }
    return call->refused != 0 ? OKTA_TOKEN_REFUSED : OKTA_TOKEN_NEEDED;
}

/* What the source says of a request of its own is not true of the call. */
static okta_status status_of(okta_status told)
{
    switch (told) {
    case OKTA_E_ARG:
    case OKTA_E_FORBIDDEN:
    case OKTA_E_NOT_FOUND:
    case OKTA_E_CONFLICT:
    case OKTA_E_INVALID:
    case OKTA_E_OUTCOME_UNKNOWN:
        return OKTA_E_AUTH;
    case OKTA_OK:
    case OKTA_E_CONFIG:
    case OKTA_E_NOMEM:
    case OKTA_E_TRANSPORT:
    case OKTA_E_TIMEOUT:
    case OKTA_E_CANCELED:
    case OKTA_E_AUTH:
    case OKTA_E_RATE_LIMITED:
    case OKTA_E_SERVER:
    case OKTA_E_PROTOCOL:
        break;
    }
    return told;
}

/* The error of the call from that of the source, which it takes. Answers of others are none to this call. */
static okta_error *take_error(okta_error *cause)
{
    if (cause == NULL) {
        return NULL;
    }
    okta_error *error = oktai_error_new(status_of(okta_error_status(cause)), "token_source failed: %s",
                                        okta_error_message(cause));
    if (!oktai_root_is_static(error)) {
        error->retryable = okta_error_is_retryable(cause);
        error->retry_after_ms = okta_error_retry_after_ms(cause);
        error->retry_at_s = okta_error_retry_at(cause);
    }
    okta_free(cause);
    return error;
}

/* 0: it has no end. */
static okta_error *set_end(const okta_call *call, oktai_token *token, int64_t expires_at_s)
{
    const oktai_clock *clock = call->client->clock;
    int64_t now_s = clock->wall_ms(clock) / 1000;
    if (expires_at_s == 0) {
        return NULL;
    }
    if (expires_at_s <= now_s) {
        return oktai_error_new(OKTA_E_AUTH, "token_source gave a token that has ended");
    }
    oktai_token_set_life(token, expires_at_s - now_s, oktai_call_now_ms(call), clock->random(clock));
    return NULL;
}

static okta_error *make_token(const okta_call *call, const char *text, int64_t expires_at_s,
                              oktai_token **out)
{
    const char *reason = oktai_authorization_refuse(text);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_AUTH, "the token of token_source %s", reason);
    }
    oktai_token *token = NULL;
    okta_error *error = oktai_token_make(oktai_client_scheme(call->client), text, &token);
    if (error == NULL) {
        error = set_end(call, token, expires_at_s);
    }
    if (error != NULL) {
        okta_free(token);
        return error;
    }
    *out = token;
    return NULL;
}

okta_error *oktai_token_source_ask(okta_call *call, oktai_token **out)
{
    const oktai_tokens *tokens = &call->client->tokens;
    char *text = oktai_root_new(CAPACITY, 0, NULL); /* it is wiped when it goes */
    int64_t expires_at_s = 0;
    if (text == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error =
        take_error(tokens->source(tokens->source_ctx, reason_of(call), text, CAPACITY, &expires_at_s));
    if (error == NULL) {
        error = make_token(call, text, expires_at_s, out);
    }
    okta_free(text);
    return error;
}
