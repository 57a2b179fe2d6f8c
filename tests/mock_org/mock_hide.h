/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What an org takes and never shows.
 */
#ifndef OKTA_TESTS_MOCK_ORG_HIDE_H
#define OKTA_TESTS_MOCK_ORG_HIDE_H

#include "mock_table.h"

#include <cjson/cJSON.h>

/** Take passwords out: an object shows only that there is one, a text shows nothing. */
void mock_hide_passwords(cJSON *json);
/** Take out what a shape marks as write-only, at any depth. */
void mock_hide_written(size_t shape, cJSON *object);

#endif
