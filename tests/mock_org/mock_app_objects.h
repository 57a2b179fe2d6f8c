/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What an app of the store tells the rules of keys, secrets and tokens, which go by the list of mock_apps.h.
 */
#ifndef OKTA_TESTS_MOCK_ORG_APP_OBJECTS_H
#define OKTA_TESTS_MOCK_ORG_APP_OBJECTS_H

#include "mock_state.h"

/**
 * Before an app is stored: its client id, how it signs in, and, where they differ from those of `old`
 * (nullable), its keys.
 * @return false: the answer is a refusal or broken, and the list is as it was
 */
bool mock_app_object_written(mock_call *call, const char *id, cJSON *json, const cJSON *old);

#endif
