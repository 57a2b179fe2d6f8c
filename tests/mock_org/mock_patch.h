/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Changes of JSON: a merge patch (RFC 7396), and a list of operations on paths (RFC 6902).
 */
#ifndef OKTA_TESTS_MOCK_ORG_PATCH_H
#define OKTA_TESTS_MOCK_ORG_PATCH_H

#include "mock_check.h"

/** Merge an object into another one: null takes a member out. False: memory is out. */
bool mock_patch_merge(cJSON *target, const cJSON *patch);
/**
 * Apply add, remove, replace, move, copy and test, in letters of any case, to an object. False: an operation
 * does not apply, and `out` says which, or memory is out; then the object is good for cJSON_Delete() only.
 */
bool mock_patch_apply(cJSON *target, const cJSON *operations, mock_cause *out);

#endif
