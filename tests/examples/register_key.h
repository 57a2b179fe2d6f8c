/* SPDX-License-Identifier: Apache-2.0 */
/* A key of the library becomes one of an app in the mock org. */
#ifndef OKTA_TESTS_EXAMPLES_REGISTER_KEY_H
#define OKTA_TESTS_EXAMPLES_REGISTER_KEY_H

#include "mock_org.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"

/* The public half, under a kid. Fails the test when the mock does not take it. */
void register_key(mock_org *org, const char *app_id, const okta_key *key, const char *kid);

#endif
