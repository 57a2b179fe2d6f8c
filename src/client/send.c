/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt's request: its headers, its body, who it says it comes from. */
#include <stdio.h>
#include <string.h>

#include "auth/token.h"
#include "client/call.h"
#include "client/proof.h"
#include "core/error.h"
#include "json/plain.h"

/* Lines of one attempt, beside the caller's own. */
typedef struct header_lines {
    const char *lines[OKTAI_REQUEST_HEADERS_MAX + 1];
    size_t count;
    char retry_for[sizeof((okta_call *)0)->first_request_id + 24];
    char retry_count[40];
} header_lines;

static void add_line(header_lines *headers, const char *line)
{
    headers->lines[headers->count++] = line;
    headers->lines[headers->count] = NULL;
}

/* Whether the request says that it comes from the service app that the client is. */
static bool is_identified(const okta_call *call)
{
    return call->operation->security == OKTAI_SECURITY_CLIENT && !call->body.names_client &&
           call->client->tokens.app.client_id != NULL;
}

static void add_authorization(const okta_call *call, header_lines *headers)
{
    const char *line = NULL;
    switch ((oktai_security)call->operation->security) {
    case OKTAI_SECURITY_TOKEN:
        line = call->token != NULL ? call->token->line : call->client->authorization;
        break;
    case OKTAI_SECURITY_CLIENT:
        line = is_identified(call) ? call->client->tokens.app.authorization : NULL;
        break;
    case OKTAI_SECURITY_NONE:
        break;
    }
    if (line != NULL) {
        add_line(headers, line);
    }
}

static void make_headers(const okta_call *call, const oktai_buffer *proof, const oktai_buffer *body,
                         header_lines *headers)
{
    headers->count = 0;
    add_line(headers, call->accept);
    if (oktai_call_result_type(call) == &oktai_bytes_model) {
        /* The end of a compressed text may be missing, and only JSON shows it. */
        add_line(headers, "Accept-Encoding: identity");
    }
    add_authorization(call, headers);
    if (proof->length > 0) {
        add_line(headers, proof->data);
    }
    if (body != NULL) {
        add_line(headers, "Expect:");
        add_line(headers, call->body.type);
    } else if (call->operation->method != OKTAI_METHOD_GET &&
               call->operation->method != OKTAI_METHOD_DELETE) {
        add_line(headers, "Content-Type:");
    }
    if (call->retry.attempts > 0) {
        snprintf(headers->retry_count, sizeof headers->retry_count, "X-Okta-Retry-Count: %u",
                 call->retry.attempts);
        add_line(headers, headers->retry_count);
    }
    if (call->retry.attempts > 0 && call->first_request_id[0] != '\0') {
        snprintf(headers->retry_for, sizeof headers->retry_for, "X-Okta-Retry-For: %s",
                 call->first_request_id);
        add_line(headers, headers->retry_for);
    }
    for (size_t i = 0; i < call->own_headers.count; i++) {
        add_line(headers, call->own_headers.lines[i]);
    }
}

/* A create that can be settled leaves time for that. */
static int64_t attempt_ms(const okta_call *call)
{
    int64_t left_ms = oktai_call_left_ms(call);
    return oktai_care_of(call->operation)->settlement != NULL && left_ms > 1 ? left_ms / 2 : left_ms;
}

/* The text belongs to the transport, which goes to another call. A secret that was cut is not found any more:
 * secrets are hidden first. */
static void keep_reason(okta_call *call, oktai_attempt *attempt)
{
    oktai_redactor redactor = {0};
    if (attempt->reason != NULL) {
        const oktai_call_secrets secrets = oktai_call_secrets_of(call);
        snprintf(call->reason, sizeof call->reason, "%s",
                 oktai_hide_or_nothing(&redactor, &secrets, attempt->reason));
        attempt->reason = call->reason;
    }
    oktai_redactor_clear(&redactor);
}

oktai_attempt oktai_call_perform(okta_call *call, const oktai_request *request, oktai_response *response)
{
    /* An API token is known from the start. */
    bool made = call->client->authorization == NULL || call->operation->security == OKTAI_SECURITY_CLIENT;
    if (made && !oktai_secrets_of_request(&call->sent_secrets, request)) {
        return (oktai_attempt){.failure = OKTA_E_NOMEM, .permanent = true, .reason = "out of memory"};
    }
    oktai_attempt attempt = oktai_transport_perform(call->transport, request, response);
    keep_reason(call, &attempt);
    return attempt;
}

/* The form with who the client is, anew for each attempt: an assertion is good once. */
static okta_error *identify(const okta_call *call, oktai_buffer *form)
{
    okta_client *client = call->client;
    oktai_buffer url = {0};
    if (!oktai_buffer_append(&url, call->url.data, strcspn(call->url.data, "?")) ||
        (call->body.text.length > 0 &&
         !oktai_buffer_append(form, call->body.text.data, call->body.text.length))) {
        oktai_buffer_clear(&url);
        return oktai_error_nomem();
    }
    okta_error *error = oktai_service_app_identify(&client->tokens.app, url.data, client->tokens.without_kid,
                                                   oktai_client_time_s(client), form);
    oktai_buffer_clear(&url);
    return error;
}

okta_error *oktai_call_send(okta_call *call, const oktai_buffer *proof, oktai_attempt *out)
{
    header_lines headers;
    oktai_buffer form = {0};
    const oktai_operation *operation = call->operation;
    const oktai_buffer *body = call->body.present ? &call->body.text : NULL;
    if (operation->body == OKTAI_BODY_FORM && is_identified(call)) {
        okta_error *error = identify(call, &form);
        if (error != NULL) {
            oktai_buffer_clear(&form);
            return error;
        }
        body = form.length > 0 ? &form : body;
    }
    make_headers(call, proof, body, &headers);
    /* A proof may be seen once only. */
    bool may_resend = operation->effect == OKTAI_EFFECT_READ && proof->length == 0 &&
                      call->retry.attempts < call->retry.max_retries;
    oktai_request request = {
        .method = oktai_method_name(operation->method),
        .url = call->url.data,
        .headers = headers.lines,
        .body = body,
        .may_resend = may_resend && body == NULL,
        .fresh = call->fresh || (oktai_effect_is_once(operation->effect) && body == NULL),
        .timeout_ms = attempt_ms(call),
        .canceled = &call->canceled,
    };
    *out = oktai_call_perform(call, &request, &call->response);
    oktai_buffer_clear(&form);
    return NULL;
}
