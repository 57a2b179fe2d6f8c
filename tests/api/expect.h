/* SPDX-License-Identifier: Apache-2.0 */
/* Expectations about errors, requests and waits. Each names the case in its complaint. */
#ifndef OKTA_TESTS_API_EXPECT_H
#define OKTA_TESTS_API_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/fixture.h"

/* Stands for any text, also none. */
extern const char api_any[];
#define API_ANY api_any

/* Zero is: nothing of it. */
typedef struct api_expected {
    okta_status status;
    int http_status;
    unsigned attempts;
    bool retryable;
    int64_t retry_after_ms;
    const char *code;
    const char *summary;
    const char *id;
    const char *request_id;
    size_t cause_count;
    const char *causes[3];
    bool document;
    const char *body;
} api_expected;

/* Compares every accessor, and releases the error. */
void api_expect_error(const char *label, okta_error *error, const api_expected *expected);
/* The status and a part of the message; releases the error. */
void api_expect_refusal(const char *label, okta_error *error, okta_status status, const char *part);
void api_expect_success(const char *label, okta_error *error);

/* NULL equals NULL only. */
void api_expect_text(const char *label, const char *what, const char *actual, const char *expected);
void api_expect_number(const char *label, const char *what, int64_t actual, int64_t expected);
/* Equal as JSON. `length`: bytes of `actual`. */
void api_expect_json(const char *label, const char *actual, size_t length, const char *expected);

/* How many requests the mock heard. */
void api_expect_requests(const char *label, const api_world *world, size_t count);
/* The i-th of them. */
void api_expect_request(const char *label, const api_world *world, size_t i, const char *method,
                        const char *target, const char *body);
/* A header of the i-th request; NULL: absent. */
void api_expect_header(const char *label, const api_world *world, size_t i, const char *name,
                       const char *value);
/* All waits of the clock, in order. */
void api_expect_waits(const char *label, const api_world *world, const int64_t *waits, size_t count);

#endif
