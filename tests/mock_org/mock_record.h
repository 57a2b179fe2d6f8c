/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A request as it arrived, and the log of all of them behind mock_org_request_at().
 */
#ifndef OKTA_TESTS_MOCK_ORG_RECORD_H
#define OKTA_TESTS_MOCK_ORG_RECORD_H

#include "mock_org.h"

/** `view` is what tests see; the other members own what it points to. */
typedef struct mock_record {
    mock_request view;
    char *method;
    char *target;
    char **headers; /**< NULL-terminated once mock_record_seal() is done */
    size_t header_count;
    char *body;
    size_t body_length;
    size_t body_capacity;
    bool body_too_large; /**< what is past MOCK_BODY_CAP is thrown away */
} mock_record;

#define MOCK_BODY_CAP ((size_t)1024 * 1024)

/** The records in order of arrival. */
typedef struct mock_log {
    mock_record **records;
    size_t count;
    size_t capacity;
} mock_log;

/** An empty record of a request for `target` (copied). NULL: memory is out. */
mock_record *mock_record_new(const char *target);
void mock_record_free(mock_record *record);
/** Add a header line. False: memory is out. */
bool mock_record_header(mock_record *record, const char *name, const char *value);
/** Add a piece of the body; past the cap only body_too_large is noted. False: memory is out. */
bool mock_record_body(mock_record *record, const char *bytes, size_t length);
/** Fill `view`. False: memory is out. */
bool mock_record_seal(mock_record *record, const char *method, unsigned connection);

/** How many header lines of this name a request has. */
size_t mock_record_header_count(const mock_record *record, const char *name);

/** Put a sealed record into the log, which then owns it. False: memory is out, and it stays the caller's. */
bool mock_log_add(mock_log *log, mock_record *record);
void mock_log_clear(mock_log *log);

#endif
