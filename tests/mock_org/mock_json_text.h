/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What cJSON takes and would not give back: bytes that are no UTF-8, control characters, numbers that a
 * double changes, and depth that other readers refuse.
 */
#ifndef OKTA_TESTS_MOCK_ORG_JSON_TEXT_H
#define OKTA_TESTS_MOCK_ORG_JSON_TEXT_H

#include <stdbool.h>

/** Objects and lists inside each other. Answers have a few more around them. */
#define MOCK_JSON_DEPTH_MAX 32

/** Whether a JSON text can be given back as it came. Its grammar is the reader's matter, numbers apart. */
bool mock_json_text_is_kept(const char *text);

#endif
