/* SPDX-License-Identifier: Apache-2.0 */
/* One request from its record to its answer. */
#include "mock_echo.h"
#include "mock_routes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void refuse(const mock_call *call, unsigned status, const char *code, const char *summary,
                   const char *cause)
{
    char *noise = mock_noise("error", mock_serial(call->org), 22);
    char *id = noise != NULL ? mock_format("oae%s", noise) : NULL;
    free(noise);
    if (id != NULL) {
        mock_answer_error(call->answer, status, code, summary, id, cause);
    } else {
        call->answer->broken = true;
    }
    free(id);
}

void mock_refuse(const mock_call *call, unsigned status)
{
    mock_refusal refusal = mock_refusal_of(status);
    refuse(call, status, refusal.code, refusal.summary, NULL);
}

void mock_refuse_invalid(const mock_call *call, const char *subject, const char *cause)
{
    char *summary = mock_format("Validation failed: %s", subject);
    if (summary != NULL) {
        refuse(call, 400, "E0000001", summary, cause);
    } else {
        call->answer->broken = true;
    }
    free(summary);
}

void mock_refuse_missing(const mock_call *call, const char *resource, const char *id)
{
    char *summary = mock_format("There is no %s with the id %s", resource, id);
    if (summary != NULL) {
        refuse(call, 404, "E0000007", summary, NULL);
    } else {
        call->answer->broken = true;
    }
    free(summary);
}

void mock_refuse_body(const mock_call *call)
{
    refuse(call, 400, "E0000003", "The body is not a JSON object", NULL);
}

void mock_refuse_oauth(const mock_call *call, unsigned status, const char *error, const char *description)
{
    cJSON *json = cJSON_CreateObject();
    if (cJSON_AddStringToObject(json, "error", error) == NULL ||
        cJSON_AddStringToObject(json, "error_description", description) == NULL) {
        cJSON_Delete(json);
        json = NULL;
    }
    mock_answer_json(call->answer, status, json);
}

static bool path_is_under(const char *target, const char *root)
{
    size_t length = strlen(root);
    /* strchr() finds the NUL too: the root itself is under the root. */
    return strncmp(target, root, length) == 0 && strchr("/?", target[length]) != NULL;
}

static mock_bucket *bucket_of(mock_org *org, const char *target)
{
    if (path_is_under(target, "/api/v1/apps")) {
        return &org->buckets[MOCK_BUCKET_APPS];
    }
    if (mock_is_token_endpoint(target)) {
        return &org->buckets[MOCK_BUCKET_TOKEN];
    }
    return &org->buckets[path_is_under(target, "/api/v1/users") ? MOCK_BUCKET_USERS : MOCK_BUCKET_OTHER];
}

/* A refused credential is not counted: whoever holds none cannot use up the limit of those who do. At the
   token endpoint everybody holds none. */
static void process_call(mock_call *call, mock_bucket *bucket, const mock_way *way)
{
    mock_org *org = call->org;
    bool token_request = mock_is_token_endpoint(call->record->target);
    if (!token_request && !mock_way_admits(call, way)) {
        return;
    }
    if (!mock_rate_take(bucket, org->limit, mock_now(org))) {
        org->limited++;
        mock_refuse(call, 429);
    } else if (call->record->body_too_large) {
        mock_refuse(call, 413);
    } else if (token_request) {
        mock_answer_token_request(call);
    } else {
        mock_route(call, way);
    }
}

static void process(mock_call *call, mock_bucket *bucket)
{
    mock_way way = mock_way_of(call->record->view.method, call->record->target);
    process_call(call, bucket, &way);
    mock_way_clear(&way);
}

static void answer_as_told(const mock_call *call, const mock_queued_fault *fault)
{
    call->answer->status = fault->status;
    if (fault->body == NULL && fault->status >= 400) {
        mock_refuse(call, fault->status);
    }
}

static void add_own_headers(const mock_call *call, const mock_bucket *bucket)
{
    mock_org *org = call->org;
    mock_answer *answer = call->answer;
    int64_t now = mock_now(org);
    mock_rate_state rate = mock_rate_look(bucket, org->limit, now);
    char date[MOCK_TIMESTAMP_SIZE];
    mock_http_date(date, now);
    char *request_id = mock_noise("request", mock_serial(org), 27);
    if (request_id == NULL) {
        answer->broken = true;
        return;
    }
    mock_answer_header(answer, "Date: %s", date);
    mock_answer_header(answer, "X-Okta-Request-Id: %s", request_id);
    mock_answer_header(answer, "X-Rate-Limit-Limit: %u", rate.limit);
    mock_answer_header(answer, "X-Rate-Limit-Remaining: %u", answer->status == 429 ? 0 : rate.remaining);
    mock_answer_header(answer, "X-Rate-Limit-Reset: %" PRId64, rate.reset);
    if (answer->status != 204 && answer->status != 304 && !mock_answer_has_header(answer, "Content-Type:")) {
        mock_answer_header(answer, "Content-Type: application/json");
    }
    free(request_id);
}

/* What the fault puts on top of an answer that is otherwise complete. */
static void apply_fault(mock_answer *answer, const mock_record *record, const mock_queued_fault *fault)
{
    if (fault->echo != MOCK_ECHO_NONE) {
        mock_echo_answer(answer, record, fault->echo, fault->status);
    } else if (fault->body != NULL) {
        mock_answer_body(answer, fault->body);
    }
    if (fault->content_type != NULL) {
        mock_answer_drop_header(answer, "Content-Type:");
        mock_answer_header(answer, "Content-Type: %s", fault->content_type);
    }
    for (size_t i = 0; fault->headers[i] != NULL; i++) {
        mock_answer_drop_header(answer, fault->headers[i]);
    }
    for (size_t i = 0; fault->headers[i] != NULL; i++) {
        if (*mock_header_value(fault->headers[i]) != '\0') {
            mock_answer_header(answer, "%s", fault->headers[i]);
        }
    }
    answer->cut_body_at = fault->cut_body_at;
    answer->drop = fault->drop_before || fault->drop_after;
}

/* Waits without the lock, until the time is over or the mock is to stop. */
static void wait_ms(mock_org *org, unsigned delay_ms)
{
    struct timespec until;
    if (delay_ms == 0 || clock_gettime(CLOCK_MONOTONIC, &until) != 0) {
        return;
    }
    until.tv_sec += (time_t)(delay_ms / 1000);
    until.tv_nsec += (long)(delay_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    while (!org->stopping && pthread_cond_timedwait(&org->stop_wanted, &org->lock, &until) != ETIMEDOUT) {
    }
}

void mock_serve(mock_org *org, mock_record *record, mock_answer *answer)
{
    pthread_mutex_lock(&org->lock);
    mock_call call = {.org = org, .record = record, .answer = answer};
    if (!mock_log_add(&org->log, record)) {
        mock_record_free(record);
        answer->broken = true;
        pthread_mutex_unlock(&org->lock);
        return;
    }
    mock_bucket *bucket = bucket_of(org, record->target);
    mock_queued_fault *fault = mock_faults_take(&org->faults, &record->view);
    unsigned delay_ms = fault != NULL ? fault->delay_ms : 0;
    if (fault != NULL && fault->status != 0) {
        answer_as_told(&call, fault);
    } else if (fault == NULL || !fault->drop_before) {
        process(&call, bucket);
    }
    add_own_headers(&call, bucket);
    if (fault != NULL) {
        apply_fault(answer, record, fault);
        mock_fault_done(fault);
    }
    wait_ms(org, delay_ms);
    pthread_mutex_unlock(&org->lock);
}
