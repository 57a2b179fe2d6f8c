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
 * Apply add, replace, remove and test, in letters of any case. A path is a JSON pointer, or the name of a
 * member. False: an operation does not apply, and `out` says why, or memory is out.
 */
bool mock_patch_apply(cJSON *target, const cJSON *operations, mock_cause *out);

#endif
