/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The body of a request to an operation of the table.
 */
#ifndef OKTA_TESTS_MOCK_ORG_BODY_H
#define OKTA_TESTS_MOCK_ORG_BODY_H

#include "mock_state.h"
#include "mock_table.h"

/**
 * Check headers and body of a request, and read the body: of a form, an object of strings. `*out` NULL: there
 * is none, or it is no JSON. False: the answer is a refusal or broken.
 */
bool mock_read_body(mock_call *call, const mock_operation *operation, cJSON **out);
/** Whether a request asks for the bytes that an operation has in place of its JSON. */
bool mock_wants_bytes(const mock_call *call, const mock_operation *operation);

#endif
