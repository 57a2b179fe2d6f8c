/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Whether a request is as its row of the table describes it.
 *
 * A query parameter that is not described is refused, as is one that comes twice without being a list. A
 * member of a body that is not described is accepted, since Okta's orgs know more members than its reference.
 * A read-only member is refused: a client that knows the reference does not send it. The text of an enum is
 * accepted when the table has it, or when it may be a newer one: a letter, then letters, digits, `_`, `-`,
 * `.` and `:`, up to 64.
 */
#ifndef OKTA_TESTS_MOCK_ORG_CHECK_H
#define OKTA_TESTS_MOCK_ORG_CHECK_H

#include "mock_table.h"
#include "mock_text.h"

#include <cjson/cJSON.h>

#define MOCK_CAUSE_SIZE 256

/** Why something is refused; "" when it is not. */
typedef struct mock_cause {
    char text[MOCK_CAUSE_SIZE];
} mock_cause;

/** Write a cause, cut where it is too long. The result is false. */
bool mock_cause_say(mock_cause *cause, const char *format, ...) MOCK_PRINTF(2, 3);

/** Whether JSON has the type that a value is described with, to its depth. `name` says what it is. */
bool mock_check_json(mock_value value, const cJSON *json, const char *name, mock_cause *out);
/**
 * Whether an object of a shape may become another one: what differs has the described type and is not
 * read-only, and what is required stays. `name` says what the object is; "" for the whole.
 */
bool mock_check_change(size_t shape, const cJSON *before, const cJSON *after, const char *name,
                       mock_cause *out);
/** Whether a text can stand for a value of a query, a header or a form. */
bool mock_check_text(mock_value value, const char *text, const char *name, mock_cause *out);
/** Whether the query of a target is as described. */
bool mock_check_query(const mock_operation *operation, const char *target, mock_cause *out);
/** Whether a text of an enum is known, or may be a newer one. */
bool mock_check_enum(size_t number, const char *text);

#endif
