/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_faults.h"

#include "mock_answer.h"
#include "mock_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void fault_free(mock_queued_fault *fault)
{
    if (fault == NULL) {
        return;
    }
    for (size_t i = 0; fault->headers != NULL && fault->headers[i] != NULL; i++) {
        free(fault->headers[i]);
    }
    free(fault->headers);
    free(fault->method);
    free(fault->path_contains);
    free(fault->body);
    free(fault->content_type);
    free(fault);
}

/* libmicrohttpd refuses these when the answer is sent, where nobody would learn why the connection closed. */
static bool header_can_be_sent(const char *line)
{
    static const char *const framing[] = {"Content-Length", "Transfer-Encoding"};
    size_t length = mock_header_name_length(line);
    for (size_t i = 0; i < sizeof framing / sizeof framing[0]; i++) {
        if (strlen(framing[i]) == length && strncasecmp(framing[i], line, length) == 0) {
            return false;
        }
    }
    return length > 0 && strcspn(line, " \t") >= length && strpbrk(line, "\r\n") == NULL;
}

static bool copy_string(char **out, const char *text)
{
    *out = mock_copy(text);
    return *out != NULL || text == NULL;
}

static bool copy_headers(mock_queued_fault *fault, const char *const *headers)
{
    size_t count = 0;
    while (headers != NULL && headers[count] != NULL) {
        if (!header_can_be_sent(headers[count])) {
            return false;
        }
        count++;
    }
    fault->headers = calloc(count + 1, sizeof *fault->headers);
    for (size_t i = 0; fault->headers != NULL && i < count; i++) {
        fault->headers[i] = mock_copy(headers[i]);
        if (fault->headers[i] == NULL) {
            return false;
        }
    }
    return fault->headers != NULL;
}

bool mock_faults_add(mock_queued_fault **queue, const mock_fault *fault)
{
    mock_queued_fault *copy = calloc(1, sizeof *copy);
    if (copy == NULL) {
        return false;
    }
    copy->skip = fault->skip;
    copy->times = fault->times > 0 ? fault->times : 1;
    copy->status = fault->status;
    copy->echo = fault->echo;
    copy->delay_ms = fault->delay_ms;
    copy->drop_before = fault->drop_before;
    copy->drop_after = fault->drop_after;
    copy->cut_body_at = fault->cut_body_at;
    if (!copy_string(&copy->method, fault->method) ||
        !copy_string(&copy->path_contains, fault->path_contains) || !copy_string(&copy->body, fault->body) ||
        !copy_string(&copy->content_type, fault->content_type) || !copy_headers(copy, fault->headers)) {
        fault_free(copy);
        return false;
    }
    while (*queue != NULL) {
        queue = &(*queue)->next;
    }
    *queue = copy;
    return true;
}

static bool path_contains(const char *target, const char *part)
{
    const char *at = strstr(target, part);
    return at != NULL && (size_t)(at - target) + strlen(part) <= strcspn(target, "?");
}

static bool matches(const mock_queued_fault *fault, const mock_request *request)
{
    return (fault->method == NULL || strcmp(fault->method, request->method) == 0) &&
           (fault->path_contains == NULL || path_contains(request->target, fault->path_contains));
}

mock_queued_fault *mock_faults_take(mock_queued_fault **queue, const mock_request *request)
{
    while (*queue != NULL && !matches(*queue, request)) {
        queue = &(*queue)->next;
    }
    mock_queued_fault *fault = *queue;
    if (fault == NULL) {
        return NULL;
    }
    if (fault->skip > 0) {
        fault->skip--;
        return NULL;
    }
    if (--fault->times == 0) {
        *queue = fault->next;
        fault->next = NULL;
    }
    return fault;
}

void mock_fault_done(mock_queued_fault *fault)
{
    if (fault != NULL && fault->times == 0) {
        fault_free(fault);
    }
}

void mock_faults_clear(mock_queued_fault **queue)
{
    while (*queue != NULL) {
        mock_queued_fault *next = (*queue)->next;
        fault_free(*queue);
        *queue = next;
    }
}
