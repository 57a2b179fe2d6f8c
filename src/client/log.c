/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/call.h"
#include "core/error.h"

#define MESSAGE_SIZE 512
#define PATH_SIZE    256

static bool wants(const okta_call *call, okta_log_level level)
{
    return level <= call->client->log_level;
}

/* The path without its query, which may hold what nobody should read; cut where it is very long. */
static void copy_path(const okta_call *call, char out[PATH_SIZE])
{
    const char *path = call->url.data + call->path_at;
    size_t length = strcspn(path, "?");
    if (length >= PATH_SIZE) {
        length = PATH_SIZE - 1;
    }
    memcpy(out, path, length);
    out[length] = '\0';
}

static void emit(const okta_call *call, okta_log_event *event, const char *what)
{
    char message[MESSAGE_SIZE];
    char path[PATH_SIZE];
    copy_path(call, path);
    event->struct_size = sizeof *event;
    event->operation = call->operation->name;
    event->method = oktai_method_name(call->operation->method);
    event->path = path;
    event->http_status = call->response.http_status;
    event->request_id = oktai_response_id(&call->response);
    event->elapsed_ms = call->client->clock->now_ms(call->client->clock) - call->started_ms;
    snprintf(message, sizeof message, "%s: %s %s: %s", event->operation, event->method, path, what);
    event->message = message;
    call->client->log(call->client->log_ctx, event);
}

void oktai_log_attempt(const okta_call *call, const oktai_attempt *attempt, const oktai_decision *decision)
{
    bool again = decision->verdict == OKTAI_VERDICT_RETRY;
    okta_log_level level = again ? OKTA_LOG_WARN : OKTA_LOG_DEBUG;
    if (!wants(call, level)) {
        return;
    }
    char what[MESSAGE_SIZE];
    char result[MESSAGE_SIZE / 2];
    if (attempt->failure == OKTA_OK) {
        snprintf(result, sizeof result, "HTTP %d", attempt->http_status);
    } else {
        snprintf(result, sizeof result, "%s", attempt->reason);
    }
    char page[24] = "";
    if (call->listing.page > 1) {
        snprintf(page, sizeof page, "page %u, ", call->listing.page);
    }
    if (again) {
        snprintf(what, sizeof what, "%sattempt %u: %s; next in %lld ms", page, call->retry.attempts, result,
                 (long long)decision->wait_ms);
    } else {
        snprintf(what, sizeof what, "%sattempt %u: %s", page, call->retry.attempts, result);
    }
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

void oktai_log_end(const okta_call *call, const okta_error *error)
{
    okta_log_level level = error == NULL ? OKTA_LOG_INFO : OKTA_LOG_WARN;
    if (!wants(call, level)) {
        return;
    }
    char what[MESSAGE_SIZE];
    unsigned attempts = okta_call_attempts(call);
    snprintf(what, sizeof what, "%s after %u attempt%s",
             error == NULL ? "done" : okta_status_name(error->status), attempts, attempts == 1 ? "" : "s");
    okta_log_event event = {.level = level};
    emit(call, &event, what);
}

void oktai_log_set_aside(const okta_call *call, size_t count, const char *first_name)
{
    oktai_log_note(call, OKTA_LOG_DEBUG, 0,
                   "%zu member%s of an unexpected type or value kept aside, the first is %s", count,
                   count == 1 ? "" : "s", first_name);
}
