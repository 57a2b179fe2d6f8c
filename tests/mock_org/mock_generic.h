/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The operations of Okta's reference that have no rules of their own here. They work on objects as their rows
 * of the table tell; docs/mock-org.md says what they do.
 */
#ifndef OKTA_TESTS_MOCK_ORG_GENERIC_H
#define OKTA_TESTS_MOCK_ORG_GENERIC_H

#include "mock_path.h"
#include "mock_state.h"
#include "mock_table.h"

/** Whether the client of an operation with client authentication names itself. False: it is refused. */
bool mock_names_client(const mock_call *call, const mock_operation *operation);
/** Check the caller's scopes. False: it is refused. */
bool mock_has_scopes(const mock_call *call, const mock_operation *operation);
/** Answer an operation. */
void mock_answer_operation(mock_call *call, const mock_operation *operation, const mock_path *way);
/** Answer a list, of what is in the folder at the path. */
void mock_answer_list(mock_call *call, const mock_operation *operation, const mock_path *path);

#endif
