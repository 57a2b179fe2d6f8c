/* SPDX-License-Identifier: Apache-2.0 */
#include "api/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

const char api_any[] = "*";

static const char *shown(const char *text)
{
    return text == NULL ? "(none)" : text;
}

void api_expect_text(const char *label, const char *what, const char *actual, const char *expected)
{
    bool equal = actual == NULL || expected == NULL ? actual == expected : strcmp(actual, expected) == 0;
    if (expected != api_any && !equal) {
        fail_msg("%s: %s is %s, not %s", label, what, shown(actual), shown(expected));
    }
}

void api_expect_number(const char *label, const char *what, int64_t actual, int64_t expected)
{
    if (actual != expected) {
        fail_msg("%s: %s is %lld, not %lld", label, what, (long long)actual, (long long)expected);
    }
}

void api_expect_json(const char *label, const char *actual, size_t length, const char *expected)
{
    cJSON *got = cJSON_ParseWithLength(actual, length);
    cJSON *wanted = cJSON_Parse(expected);
    if (got == NULL || wanted == NULL || !cJSON_Compare(got, wanted, true)) {
        fail_msg("%s: the JSON is %.*s, not %s", label, (int)length, actual, expected);
    }
    cJSON_Delete(got);
    cJSON_Delete(wanted);
}

static void expect_document(const char *label, const okta_error *error, const api_expected *expected)
{
    const okta_error_body *document = okta_error_document(error);
    api_expect_number(label, "whether there is a document", document != NULL, expected->document);
    if (document != NULL && expected->code != api_any && document->error_code != NULL) {
        api_expect_text(label, "the code in the document", document->error_code, expected->code);
        api_expect_text(label, "the summary in the document", document->error_summary, expected->summary);
        api_expect_number(label, "the causes in the document", (int64_t)document->error_causes_count,
                          (int64_t)expected->cause_count);
    }
}

static void expect_body(const char *label, const okta_error *error, const char *expected)
{
    size_t length = 77;
    const char *body = okta_error_response_body(error, &length);
    api_expect_text(label, "the response body", body, expected);
    if (expected != api_any) {
        api_expect_number(label, "the length of the body", (int64_t)length,
                          expected == NULL ? 0 : (int64_t)strlen(expected));
    }
}

/* What holds for every error. */
static void expect_sanity(const char *label, const okta_error *error)
{
    const char *message = okta_error_message(error);
    if (message == NULL || message[0] == '\0' || strpbrk(message, "\r\n\t") != NULL) {
        fail_msg("%s: the message is not one line", label);
    }
    if (strstr(message, API_TOKEN) != NULL) {
        fail_msg("%s: the message holds the token", label);
    }
    assert_null(okta_error_cause_summary(error, okta_error_cause_count(error)));
    assert_null(okta_error_cause_summary(error, SIZE_MAX));
}

void api_expect_error(const char *label, okta_error *error, const api_expected *expected)
{
    if (okta_error_status(error) != expected->status) {
        fail_msg("%s: %s (%s), not %s", label, okta_status_name(okta_error_status(error)),
                 okta_error_message(error), okta_status_name(expected->status));
    }
    expect_sanity(label, error);
    api_expect_number(label, "the HTTP status", okta_error_http_status(error), expected->http_status);
    api_expect_number(label, "the number of attempts", okta_error_attempts(error), expected->attempts);
    api_expect_number(label, "retryable", okta_error_is_retryable(error), expected->retryable);
    api_expect_number(label, "retry_after_ms", okta_error_retry_after_ms(error), expected->retry_after_ms);
    api_expect_text(label, "the code", okta_error_code(error), expected->code);
    api_expect_text(label, "the summary", okta_error_summary(error), expected->summary);
    api_expect_text(label, "the error id", okta_error_id(error), expected->id);
    api_expect_text(label, "the request id", okta_error_request_id(error), expected->request_id);
    api_expect_number(label, "the number of causes", (int64_t)okta_error_cause_count(error),
                      (int64_t)expected->cause_count);
    for (size_t i = 0; i < expected->cause_count && i < COUNT(expected->causes); i++) {
        api_expect_text(label, "a cause", okta_error_cause_summary(error, i), expected->causes[i]);
    }
    expect_document(label, error, expected);
    expect_body(label, error, expected->body);
    okta_free(error);
}

void api_expect_refusal(const char *label, okta_error *error, okta_status status, const char *part)
{
    if (okta_error_status(error) != status || strstr(okta_error_message(error), part) == NULL) {
        fail_msg("%s: %s (%s), not %s with \"%s\"", label, okta_status_name(okta_error_status(error)),
                 okta_error_message(error), okta_status_name(status), part);
    }
    expect_sanity(label, error);
    okta_free(error);
}

void api_expect_success(const char *label, okta_error *error)
{
    if (error != NULL) {
        fail_msg("%s: %s (%s)", label, okta_status_name(okta_error_status(error)), okta_error_message(error));
    }
}

void api_expect_requests(const char *label, const api_world *world, size_t count)
{
    api_expect_number(label, "the number of requests", (int64_t)mock_org_request_count(world->org),
                      (int64_t)count);
}

void api_expect_request(const char *label, const api_world *world, size_t i, const char *method,
                        const char *target, const char *body)
{
    const mock_request *request = mock_org_request_at(world->org, i);
    if (request == NULL) {
        fail_msg("%s: there is no request %zu", label, i);
    }
    api_expect_text(label, "the method", request->method, method);
    api_expect_text(label, "the request target", request->target, target);
    api_expect_number(label, "the length of the request body", (int64_t)request->body_length,
                      (int64_t)strlen(body));
    api_expect_text(label, "the request body", request->body, body);
}

void api_expect_header(const char *label, const api_world *world, size_t i, const char *name,
                       const char *value)
{
    const mock_request *request = mock_org_request_at(world->org, i);
    if (request == NULL) {
        fail_msg("%s: there is no request %zu", label, i);
    }
    api_expect_text(label, name, mock_request_header(request, name), value);
}

void api_expect_waits(const char *label, const api_world *world, const int64_t *waits, size_t count)
{
    api_expect_number(label, "the number of waits", (int64_t)world->clock.wait_count, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        api_expect_number(label, "a wait", world->clock.waits[i], waits[i]);
    }
}
