/* SPDX-License-Identifier: Apache-2.0 */
/* The blocking driver: runs a call through the pipeline in the calling thread. */
#include <stdio.h>
#include <string.h>

#include "client/call.h"
#include "core/arena.h"
#include "core/error.h"
#include "json/engine.h"

/* Lines of one attempt, beside the caller's own. */
typedef struct header_lines {
    const char *lines[OKTA_REQUEST_HEADERS_MAX + 1];
    size_t count;
    char retry_for[sizeof((okta_call *)0)->first_request_id + 24];
    char retry_count[40];
} header_lines;

static void add_line(header_lines *headers, const char *line)
{
    headers->lines[headers->count++] = line;
    headers->lines[headers->count] = NULL;
}

static void make_headers(const okta_call *call, header_lines *headers)
{
    headers->count = 0;
    add_line(headers, "Accept: application/json");
    add_line(headers, call->client->authorization);
    if (call->has_body) {
        add_line(headers, "Expect:");
        add_line(headers, "Content-Type: application/json");
    } else if (call->operation->method != OKTA_METHOD_GET && call->operation->method != OKTA_METHOD_DELETE) {
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
    for (size_t i = 0; i < call->extra_header_count; i++) {
        add_line(headers, call->extra_headers[i]);
    }
}

static int64_t now_ms(const okta_call *call)
{
    return call->client->clock->now_ms(call->client->clock);
}

static okta_attempt send_once(okta_call *call)
{
    header_lines headers;
    make_headers(call, &headers);
    int64_t left_ms = call->retry.deadline_ms - now_ms(call);
    okta_request request = {
        .method = okta_method_name(call->operation->method),
        .url = call->url.data,
        .headers = headers.lines,
        .body = call->has_body ? &call->body : NULL,
        .may_resend = call->operation->effect == OKTA_EFFECT_READ && call->retry.attempts < call->max_retries,
        .fresh = call->operation->effect == OKTA_EFFECT_CREATE && !call->has_body,
        .timeout_ms = left_ms < 1 ? 1 : left_ms,
        .canceled = &call->canceled,
    };
    return okta_transport_perform(call->transport, &request, &call->response);
}

/* It goes back into a header, if it has a sane length. */
static void remember_request_id(okta_call *call)
{
    const char *id = okta_call_answer_id(call);
    if (call->first_request_id[0] == '\0' && id != NULL && strlen(id) < sizeof call->first_request_id) {
        memcpy(call->first_request_id, id, strlen(id) + 1);
    }
}

static okta_server_times read_times(const okta_call *call)
{
    okta_server_times times = {.rate = okta_headers_rate_limit(&call->response.headers)};
    times.has_retry_after = okta_headers_retry_after(&call->response.headers, &times.retry_after_ms);
    return times;
}

static okta_decision decide(okta_call *call, const okta_attempt *attempt)
{
    const okta_clock *clock = call->client->clock;
    bool good = attempt->failure == OKTA_OK && attempt->http_status < 300;
    okta_server_times times = {0};
    if (!good) {
        times = read_times(call);
    }
    uint32_t random = good ? 0 : clock->random(clock);
    return okta_retry_decide(&call->retry, &call->client->budget, attempt, &times, now_ms(call), random);
}

static void wait_for(okta_call *call, int64_t ms)
{
    const okta_clock *clock = call->client->clock;
    int64_t until_ms = now_ms(call) + ms;
    while (!atomic_load(&call->canceled) && now_ms(call) < until_ms) {
        clock->wait_ms(clock, okta_transport_wait, call->transport, until_ms - now_ms(call));
    }
}

/* Of an object just created the program needs the id. */
static bool lacks_id(const okta_call *call, const void *model)
{
    const okta_operation *operation = call->operation;
    const okta_row *row = okta_row_find(operation->response, "id", 2);
    if (operation->effect != OKTA_EFFECT_CREATE || row == NULL) {
        return false;
    }
    const char *id;
    memcpy(&id, (const char *)model + row->offset, sizeof id);
    return id == NULL || id[0] == '\0';
}

/* The body went into the model: it comes back for the error to show. */
static okta_error *refuse_without_id(okta_call *call, void *model)
{
    size_t length;
    const char *source = okta_source(model, &length);
    okta_buffer_append(&call->response.body, source, length);
    okta_free(model);
    return okta_error_new(OKTA_E_PROTOCOL, "the answer has no id");
}

static okta_error *decode(okta_call *call, void *out)
{
    okta_decode_report report = {0};
    void *model = NULL;
    okta_error *error = NULL;
    if (call->response.body.length == 0) {
        error = okta_error_new(OKTA_E_PROTOCOL, "the answer is empty");
    } else if (out == NULL || call->operation->response == NULL) {
        return okta_engine_check(call->response.body.data, call->response.body.length);
    } else {
        error = okta_engine_decode(call->operation->response, &call->response.body, &model, &report);
    }
    if (error != NULL) {
        return error;
    }
    if (lacks_id(call, model)) {
        return refuse_without_id(call, model);
    }
    if (report.set_aside > 0) {
        okta_log_set_aside(call, report.set_aside, report.first_name);
    }
    memcpy(out, &model, sizeof model);
    return NULL;
}

static bool is_type(const okta_call *call, const char *prefix)
{
    const char *type = okta_headers_get(&call->response.headers, "Content-Type", 0);
    return type != NULL && strlen(type) >= strlen(prefix) && okta_http_equals(type, strlen(prefix), prefix);
}

/* The page of something that stands between here and Okta. No operation answers with one; a raw request may
 * ask for one. */
static bool is_page(const okta_call *call)
{
    return call->operation->path != NULL && is_type(call, "text/html");
}

/* libcurl takes a gzip text without its end for whole; only JSON shows that it is not. */
static bool is_unverifiable(const okta_call *call)
{
    return call->response.body.length > 0 && !is_type(call, "application/json") &&
           okta_headers_get(&call->response.headers, "Content-Encoding", 0) != NULL;
}

/* ... and none at all when it is cut early. */
static bool lost_its_body(const okta_call *call)
{
    const okta_headers *headers = &call->response.headers;
    const char *length = okta_headers_get(headers, "Content-Length", 0);
    return call->response.body.length == 0 && call->response.http_status != 204 &&
           okta_headers_get(headers, "Content-Encoding", 0) != NULL &&
           (length == NULL || strcmp(length, "0") != 0);
}

/* What a good answer brings. Without a result in the row, a body is looked at only where it calls itself JSON
 * or cannot be Okta's. */
static okta_error *finish(okta_call *call, void *out)
{
    bool empty = call->response.body.length == 0;
    if (call->operation->response == NULL && is_unverifiable(call)) {
        return okta_outcome_bad_answer(
            call, okta_error_new(OKTA_E_PROTOCOL, "a compressed answer that is not JSON cannot be checked"));
    }
    bool looked_at = !empty && (is_type(call, "application/json") || is_page(call));
    if (call->response.http_status >= 300 ||
        (call->operation->response == NULL && !looked_at && !lost_its_body(call))) {
        return NULL;
    }
    okta_error *cause = decode(call, out);
    bool harmless = okta_error_status(cause) == OKTA_E_NOMEM && call->operation->effect != OKTA_EFFECT_CREATE;
    return cause == NULL || harmless ? cause : okta_outcome_bad_answer(call, cause);
}

static okta_error *ended_in_wait(okta_call *call, okta_status status, const char *reason)
{
    bool unsettled = call->retry.maybe_done && call->operation->effect != OKTA_EFFECT_READ;
    okta_attempt attempt = {.failure = status, .reason = reason};
    okta_decision decision = {.verdict = OKTA_VERDICT_FAIL,
                              .status = unsettled ? OKTA_E_OUTCOME_UNKNOWN : status,
                              .retryable = status == OKTA_E_TIMEOUT};
    return okta_outcome_error(call, &decision, &attempt);
}

static okta_error *drive(okta_call *call, void *out)
{
    for (;;) {
        okta_attempt attempt = send_once(call);
        okta_decision decision = decide(call, &attempt);
        remember_request_id(call);
        okta_log_attempt(call, &attempt, &decision);
        switch (decision.verdict) {
        case OKTA_VERDICT_SUCCESS:
            return finish(call, out);
        case OKTA_VERDICT_FAIL:
            return okta_outcome_error(call, &decision, &attempt);
        case OKTA_VERDICT_RETRY:
            wait_for(call, decision.wait_ms);
            break;
        }
        if (atomic_load(&call->canceled)) {
            return ended_in_wait(call, OKTA_E_CANCELED, "the call was canceled");
        }
        if (now_ms(call) >= call->retry.deadline_ms) {
            return ended_in_wait(call, OKTA_E_TIMEOUT, "the deadline passed while waiting");
        }
    }
}

static void set_transport(okta_call *call, okta_transport *transport)
{
    pthread_mutex_lock(&call->lock);
    call->transport = transport;
    pthread_mutex_unlock(&call->lock);
}

static okta_error *run(okta_call *call, void *out)
{
    okta_transport *transport = okta_client_take_transport(call->client);
    if (transport == NULL) {
        return okta_error_nomem();
    }
    set_transport(call, transport);
    call->started_ms = now_ms(call);
    call->retry = (okta_retry_state){.effect = call->operation->effect,
                                     .max_retries = call->max_retries,
                                     .deadline_ms = call->started_ms + call->timeout_ms};
    okta_error *error = atomic_load(&call->canceled)
                            ? ended_in_wait(call, OKTA_E_CANCELED, "the call was canceled")
                            : drive(call, out);
    set_transport(call, NULL);
    okta_client_give_transport(call->client, transport);
    okta_log_end(call, error);
    return error;
}

okta_error *okta_call_run(okta_call *call, void *out)
{
    void *nothing = NULL;
    if (out != NULL) {
        memcpy(out, &nothing, sizeof nothing);
    }
    if (call == NULL) {
        return okta_error_null("call");
    }
    if (okta_call_is_static(call)) {
        return okta_error_nomem();
    }
    if (call->ran) {
        return okta_error_new(OKTA_E_ARG, "a call runs once, and this one ran");
    }
    call->ran = true;
    if (call->problem != NULL) {
        okta_error *problem = call->problem;
        call->problem = NULL;
        return problem;
    }
    if (okta_client_is_inherited(call->client)) {
        return okta_error_new(OKTA_E_ARG, "the client was made before fork: make one in the child");
    }
    if (out != NULL && call->operation->response == NULL) {
        return okta_error_new(OKTA_E_ARG, "%s has no result: out must be NULL", call->operation->name);
    }
    return run(call, out);
}
