/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The queue of faults behind mock_org_fail_next().
 */
#ifndef OKTA_TESTS_MOCK_ORG_FAULTS_H
#define OKTA_TESTS_MOCK_ORG_FAULTS_H

#include "mock_org.h"

/** A fault whose strings are its own. */
typedef struct mock_queued_fault {
    struct mock_queued_fault *next;
    unsigned skip;
    unsigned times;
    unsigned status;
    mock_echo echo;
    unsigned delay_ms;
    bool drop_before;
    bool drop_after;
    size_t cut_body_at;
    char *method;
    char *path_contains;
    char *body;
    char *content_type;
    char **headers; /**< NULL-terminated; NULL: none */
} mock_queued_fault;

/** Append a copy. False: memory is out, or a header line is one that the mock cannot send. */
bool mock_faults_add(mock_queued_fault **queue, const mock_fault *fault);
/**
 * The fault that strikes this request, or NULL. A fault that has struck for the last time is out of the
 * queue: release what comes back with mock_fault_done().
 */
mock_queued_fault *mock_faults_take(mock_queued_fault **queue, const mock_request *request);
void mock_fault_done(mock_queued_fault *fault);
void mock_faults_clear(mock_queued_fault **queue);

#endif
