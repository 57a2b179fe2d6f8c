/* SPDX-License-Identifier: Apache-2.0 */
#include "client/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"

#define MESSAGE_SIZE 512
#define PATH_SIZE    256

static bool wants(const okta_call *call, okta_log_level level)
{
    return level <= call->client->log_level;
}

/* A text that others may have written. NULL, where memory ended, shows as nothing. */
static const char *shown(oktai_redactor *redactor, const char *text)
{
    const char *hidden = text == NULL ? NULL : oktai_redactor_hide(redactor, text);
    return hidden == NULL ? "***" : hidden;
}

/* The path without its query, which may hold what nobody should read; cut where it is very long. */
static void copy_path(oktai_redactor *redactor, const okta_call *call, char out[PATH_SIZE])
{
    const char *path = call->url.data + call->path_at;
    const char *copy = oktai_arena_copy(&redactor->arena, path, strcspn(path, "?"));
    snprintf(out, PATH_SIZE, "%s", shown(redactor, copy));
}

/* The redactor knows what the call must not show. */
static void emit_shown(const okta_call *call, oktai_redactor *redactor, okta_log_event *event,
                       const char *what)
{
    char message[MESSAGE_SIZE];
    char path[PATH_SIZE];
    const char *id = oktai_response_id(&call->response);
    copy_path(redactor, call, path);
    event->struct_size = sizeof *event;
    event->operation = call->operation->name;
    event->method = oktai_method_name(call->operation->method);
    event->path = path;
    event->http_status = call->response.http_status;
    event->request_id = id != NULL && shown(redactor, id) == id ? id : NULL;
    event->elapsed_ms = call->client->clock->now_ms(call->client->clock) - call->started_ms;
    snprintf(message, sizeof message, "%s: %s %s: %s", event->operation, event->method, event->path,
             shown(redactor, what));
    event->message = message;
    call->client->log(call->client->log_ctx, event);
}

/* False: memory ended, and there is no event, since nothing of it could be shown. */
static bool know_secrets(const okta_call *call, oktai_redactor *redactor)
{
    const oktai_call_secrets secrets = oktai_call_secrets_of(call);
    return oktai_redactor_of(redactor, &secrets);
}

static void emit(const okta_call *call, okta_log_event *event, const char *what)
{
    oktai_redactor redactor = {0};
    if (know_secrets(call, &redactor)) {
        emit_shown(call, &redactor, event, what);
    }
    oktai_redactor_clear(&redactor);
}

/* `page`: of a list; 0: it is none. `wait_ms`: until the next attempt; NULL: none follows. */
static void describe_attempt(char out[MESSAGE_SIZE], unsigned page, unsigned number,
                             const oktai_attempt *attempt, const int64_t *wait_ms)
{
    char where[24] = "";
    if (page > 1) {
        snprintf(where, sizeof where, "page %u, ", page);
    }
    char result[MESSAGE_SIZE / 2];
    if (attempt->failure == OKTA_OK) {
        snprintf(result, sizeof result, "HTTP %d%s%.*s", attempt->http_status,
                 attempt->code == NULL ? "" : " ", (int)attempt->code_length,
                 attempt->code == NULL ? "" : attempt->code);
    } else {
        snprintf(result, sizeof result, "%s", attempt->reason);
    }
    if (wait_ms != NULL) {
        snprintf(out, MESSAGE_SIZE, "%sattempt %u: %s; next in %lld ms", where, number, result,
                 (long long)*wait_ms);
    } else {
        snprintf(out, MESSAGE_SIZE, "%sattempt %u: %s", where, number, result);
    }
}

void oktai_log_attempt(const okta_call *call, const oktai_attempt *attempt, const oktai_decision *decision)
{
    bool again = decision->verdict == OKTAI_VERDICT_RETRY;
    okta_log_level level = again ? OKTA_LOG_WARN : OKTA_LOG_DEBUG;
    if (!wants(call, level)) {
        return;
    }
    char what[MESSAGE_SIZE];
    describe_attempt(what, call->listing.page, call->retry.attempts, attempt,
                     again ? &decision->wait_ms : NULL);
    okta_log_event event = {
        .level = level, .attempt = call->retry.attempts, .wait_ms = again ? decision->wait_ms : 0};
    emit(call, &event, what);
}

void oktai_log_note(const okta_call *call, okta_log_level level, int64_t wait_ms, const char *format, ...)
{
    if (!wants(call, level)) {
        return;
    }
    char what[MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    okta_log_event event = {.level = level, .wait_ms = wait_ms};
    emit(call, &event, what);
}

/* What the server said stays out: it may repeat what it was sent. */
static void describe_end(char out[MESSAGE_SIZE], unsigned attempts, const okta_error *error)
{
    snprintf(out, MESSAGE_SIZE, "%s after %u attempt%s",
             error == NULL ? "done" : okta_status_name(error->status), attempts, attempts == 1 ? "" : "s");
}

void oktai_log_end(const okta_call *call, const okta_error *error)
{
    okta_log_level level = error == NULL ? OKTA_LOG_INFO : OKTA_LOG_WARN;
    if (wants(call, level)) {
        char what[MESSAGE_SIZE];
        describe_end(what, okta_call_attempts(call), error);
        okta_log_event event = {.level = level};
        emit(call, &event, what);
    }
}

void oktai_log_set_aside(const okta_call *call, size_t count, const char *first_name)
{
    oktai_log_note(call, OKTA_LOG_DEBUG, 0,
                   "%zu member%s of an unexpected type or value kept aside, the first is %s", count,
                   count == 1 ? "" : "s", first_name);
}
