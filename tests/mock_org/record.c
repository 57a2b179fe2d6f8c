/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_record.h"

#include "mock_answer.h"
#include "mock_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

mock_record *mock_record_new(const char *target)
{
    mock_record *record = calloc(1, sizeof *record);
    if (record == NULL) {
        return NULL;
    }
    record->target = mock_copy(target);
    record->headers = calloc(1, sizeof *record->headers);
    record->body = mock_copy("");
    record->body_capacity = 1;
    if (record->target == NULL || record->headers == NULL || record->body == NULL) {
        mock_record_free(record);
        return NULL;
    }
    return record;
}

void mock_record_free(mock_record *record)
{
    if (record == NULL) {
        return;
    }
    for (size_t i = 0; i < record->header_count; i++) {
        free(record->headers[i]);
    }
    free(record->headers);
    free(record->method);
    free(record->target);
    free(record->body);
    free(record);
}

bool mock_record_header(mock_record *record, const char *name, const char *value)
{
    char **grown = realloc(record->headers, (record->header_count + 2) * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    record->headers = grown;
    char *line = mock_format("%s: %s", name, value);
    grown[record->header_count] = line;
    if (line == NULL) {
        return false;
    }
    grown[++record->header_count] = NULL;
    return true;
}

bool mock_record_body(mock_record *record, const char *bytes, size_t length)
{
    if (length > MOCK_BODY_CAP - record->body_length) {
        length = MOCK_BODY_CAP - record->body_length;
        record->body_too_large = true;
    }
    size_t needed = record->body_length + length + 1;
    if (needed > record->body_capacity) {
        size_t capacity = needed > record->body_capacity * 2 ? needed : record->body_capacity * 2;
        char *grown = realloc(record->body, capacity);
        if (grown == NULL) {
            return false;
        }
        record->body = grown;
        record->body_capacity = capacity;
    }
    memcpy(record->body + record->body_length, bytes, length);
    record->body_length += length;
    record->body[record->body_length] = '\0';
    return true;
}

bool mock_record_seal(mock_record *record, const char *method, unsigned connection)
{
    record->method = mock_copy(method);
    record->view = (mock_request){
        .method = record->method,
        .target = record->target,
        .headers = (const char *const *)record->headers,
        .body = record->body,
        .body_length = record->body_length,
        .connection = connection,
    };
    return record->method != NULL;
}

size_t mock_record_header_count(const mock_record *record, const char *name)
{
    size_t length = strlen(name);
    size_t count = 0;
    for (size_t i = 0; i < record->header_count; i++) {
        const char *line = record->headers[i];
        count += mock_header_name_length(line) == length && strncasecmp(line, name, length) == 0;
    }
    return count;
}

bool mock_log_add(mock_log *log, mock_record *record)
{
    if (log->count == log->capacity) {
        size_t capacity = log->capacity > 0 ? log->capacity * 2 : 16;
        mock_record **grown = realloc(log->records, capacity * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        log->records = grown;
        log->capacity = capacity;
    }
    log->records[log->count++] = record;
    return true;
}

void mock_log_clear(mock_log *log)
{
    for (size_t i = 0; i < log->count; i++) {
        mock_record_free(log->records[i]);
    }
    free(log->records);
    *log = (mock_log){0};
}

const char *mock_request_header(const mock_request *request, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; request->headers[i] != NULL; i++) {
        const char *line = request->headers[i];
        if (mock_header_name_length(line) == length && strncasecmp(line, name, length) == 0) {
            return mock_header_value(line);
        }
    }
    return NULL;
}
