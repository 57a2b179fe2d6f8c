/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Reading JSON that comes from outside, with what cJSON overlooks.
 */
#ifndef OKTA_TESTS_MOCK_ORG_JSON_H
#define OKTA_TESTS_MOCK_ORG_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * Read an object, of which the rules of its kind keep single texts; `text` has a NUL at `length`. NULL: it is
 * no JSON object, has something behind it, has a NUL anywhere, is no UTF-8, or memory is out.
 */
cJSON *mock_json_object(const char *text, size_t length);
/** Read any JSON that is kept as it is: NULL also if it cannot be given back as it came (mock_json_text.h).
 */
cJSON *mock_json_any(const char *text, size_t length);
/** Read an object that is only looked at: any bytes are for the rules of a JWT to judge. */
cJSON *mock_json_claims(const char *text, size_t length);
/** Whether a member of this object, not of those inside it, comes twice. */
bool mock_json_repeats_a_member(const cJSON *object);

/** A member that is a string; NULL when it is absent, null or something else. */
const char *mock_json_string(const cJSON *object, const char *member);
/** Whether a member is this string. */
bool mock_json_is(const cJSON *object, const char *member, const char *value);

/**
 * Set a member, which stays where it stands if there is one of its name. The value is released where it
 * fails. False: it is NULL, or memory is out; then the object is good for cJSON_Delete() only.
 */
bool mock_json_set(cJSON *object, const char *name, cJSON *value);

#endif
