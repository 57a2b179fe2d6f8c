/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The rules that one JSON Web Key must keep whatever else the app holds.
 */
#ifndef OKTA_TESTS_MOCK_ORG_JWK_RULES_H
#define OKTA_TESTS_MOCK_ORG_JWK_RULES_H

#include <cjson/cJSON.h>

/** Why Okta would refuse this key, in the mock's words; NULL when it would not. */
const char *mock_jwk_refusal(const cJSON *jwk);

#endif
