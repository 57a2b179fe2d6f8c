/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt's request: its headers, its body, who it says it comes from. */
#include "client/send.h"

#include <stdio.h>
#include <string.h>

#include "auth/token.h"
#include "client/authorize.h"
#include "client/endings.h"
#include "client/limits.h"
#include "client/proof.h"
#include "client/signature.h"
#include "core/error.h"
#include "json/plain.h"

/* Header lines of a request, beside those of the program. */
#define LINES_MAX 8u

/* Whether the request says that it comes from the service app that the client is. */
static bool is_identified(const okta_call *call)
{
    return call->operation->security == OKTAI_SECURITY_CLIENT && !call->body.names_client &&
           call->client->tokens.who.client_id != NULL;
}

static void add_authorization(okta_call *call)
{
    const char *line = NULL;
    switch ((oktai_security)call->operation->security) {
    case OKTAI_SECURITY_TOKEN:
        line = call->token != NULL ? call->token->line : call->client->authorization;
        break;
    case OKTAI_SECURITY_CLIENT:
        line = is_identified(call) ? call->app->authorization : NULL;
        break;
    case OKTAI_SECURITY_NONE:
        break;
    }
    if (line != NULL) {
        oktai_sending_add_line(&call->sending, line);
    }
}

/* A repetition says which one it is, and of what. */
static bool add_retry(okta_call *call)
{
    oktai_sending *sending = &call->sending;
    if (call->retry.attempts == 0) {
        return true;
    }
    snprintf(sending->retry_count, sizeof sending->retry_count, "X-Okta-Retry-Count: %u",
             call->retry.attempts);
    oktai_sending_add_line(sending, sending->retry_count);
    if (call->first_request_id == NULL) {
        return true;
    }
    const char *line = oktai_arena_join(oktai_root_arena(call), "X-Okta-Retry-For: ", call->first_request_id);
    if (line != NULL) {
        oktai_sending_add_line(sending, line);
    }
    return line != NULL;
}

/* False: out of memory. */
static bool make_headers(okta_call *call, const oktai_buffer *body)
{
    oktai_sending *sending = &call->sending;
    if (!oktai_sending_begin(sending, oktai_root_arena(call), LINES_MAX + call->own_headers.count)) {
        return false;
    }
    oktai_sending_add_line(sending, call->accept);
    if (oktai_call_result_type(call) == &oktai_bytes_model) {
        /* The end of a compressed text may be missing, and only JSON shows it. */
        oktai_sending_add_line(sending, "Accept-Encoding: identity");
    }
    add_authorization(call);
    if (sending->proof.length > 0) {
        oktai_sending_add_line(sending, sending->proof.data);
    }
    if (body != NULL) {
        oktai_sending_add_line(sending, "Expect:");
        oktai_sending_add_line(sending, call->body.type);
    } else if (call->operation->method != OKTAI_METHOD_GET &&
               call->operation->method != OKTAI_METHOD_DELETE) {
        oktai_sending_add_line(sending, "Content-Type:");
    }
    bool good = add_retry(call);
    for (size_t i = 0; i < call->own_headers.count; i++) {
        oktai_sending_add_line(sending, call->own_headers.lines[i]);
    }
    return good;
}

/* A create that can be settled leaves time for that. */
static int64_t attempt_ms(const okta_call *call)
{
    int64_t left_ms = oktai_call_left_ms(call);
    return oktai_care_of(call->operation)->settlement != NULL && left_ms > 1 ? left_ms / 2 : left_ms;
}

/* The form with who the client is, anew for each attempt: an assertion is good once. */
static okta_error *identify(okta_call *call, bool without_kid, oktai_buffer *form)
{
    okta_client *client = call->client;
    oktai_buffer url = {0};
    if (!oktai_buffer_append(&url, call->url.data, strcspn(call->url.data, "?")) ||
        (call->body.text.length > 0 &&
         !oktai_buffer_append(form, call->body.text.data, call->body.text.length))) {
        oktai_buffer_clear(&url);
        return oktai_error_nomem();
    }
    oktai_later *later;
    okta_error *error = oktai_signature_of(call, &later);
    if (error == NULL) {
        error = oktai_service_app_identify(call->app, url.data, without_kid, oktai_client_time_s(client),
                                           later, form);
    }
    oktai_buffer_clear(&url);
    return error;
}

/* `*out`: the body of this attempt; NULL: none. */
static okta_error *make_body(okta_call *call, const oktai_buffer **out)
{
    *out = call->body.present ? &call->body.text : NULL;
    if (!is_identified(call)) {
        return NULL;
    }
    const oktai_service_app *before = call->app;
    bool without_kid = oktai_authorize_hold_app(call);
    if (call->app != before && call->signature != NULL) {
        call->drop_signature(call); /* of a credential that was replaced meanwhile */
    }
    if (call->operation->body != OKTAI_BODY_FORM) {
        return NULL;
    }
    okta_error *error = identify(call, without_kid, &call->sending.form);
    if (call->sending.form.length > 0) {
        *out = &call->sending.form;
    }
    return error;
}

static okta_error *make_request(okta_call *call)
{
    const oktai_operation *operation = call->operation;
    const oktai_buffer *body = NULL;
    okta_error *error = make_body(call, &body);
    if (error != NULL || oktai_signature_is_asked(call)) {
        return error;
    }
    if (!make_headers(call, body)) {
        return oktai_error_nomem();
    }
    /* A proof may be seen once only. */
    bool may_resend = operation->effect == OKTAI_EFFECT_READ && call->sending.proof.length == 0 &&
                      call->retry.attempts < call->retry.max_retries;
    call->sending.request = (oktai_request){
        .method = oktai_method_name(operation->method),
        .url = call->url.data,
        .headers = call->sending.lines,
        .body = body,
        .may_resend = may_resend && body == NULL,
        .fresh = call->fresh || (oktai_effect_is_once(operation->effect) && body == NULL),
        .timeout_ms = attempt_ms(call),
        .canceled = &call->root->canceled,
    };
    return oktai_send_remember(call);
}

okta_error *oktai_send_sign(okta_call *call)
{
    okta_error *error = NULL;
    if (call->token != NULL) {
        error = oktai_authorize_proof(call, &call->sending.proof);
        if (error == NULL) {
            error = oktai_call_check(call, "before the request was sent"); /* a signer takes its time */
        }
    }
    return error != NULL ? error : make_request(call);
}

okta_error *oktai_send_remember(okta_call *call)
{
    /* An API token is known from the start. */
    bool made = call->client->authorization == NULL || call->operation->security == OKTAI_SECURITY_CLIENT;
    return made && !oktai_secrets_of_request(&call->sent_secrets, &call->sending.request)
               ? oktai_error_nomem()
               : NULL;
}

void oktai_send_keep(okta_call *call, oktai_attempt attempt)
{
    oktai_redactor redactor = {0};
    call->attempt = attempt;
    if (attempt.reason != NULL) {
        const oktai_call_secrets secrets = oktai_call_secrets_of(call);
        const char *text = oktai_hide_or_nothing(&redactor, &secrets, attempt.reason);
        const char *copy =
            oktai_arena_strdup(oktai_root_arena(call), oktai_limits_explain_attempt(call, &attempt, text));
        call->attempt.reason = copy == NULL ? "out of memory" : copy;
    }
    oktai_redactor_clear(&redactor);
}
