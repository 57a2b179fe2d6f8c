/* SPDX-License-Identifier: Apache-2.0 */
/* The code that the guide "From raw libcurl" quotes: the same call by hand and with libokta. */
#ifndef OKTA_TESTS_CURL_SNIPPETS_H
#define OKTA_TESTS_CURL_SNIPPETS_H

#include <stdbool.h>
#include <stdio.h>

#include <okta/okta.h>

bool print_user_by_hand(const char *org_url, const char *token, const char *id, FILE *out);
okta_error *print_user(const char *org_url, const char *token, const char *id, FILE *out);
okta_error *rename_group_with_cjson(okta_client *client, const char *group_id, const char *name);

#endif
