/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of tests; each returns how many failed. */
#ifndef OKTA_TESTS_TOOL_GROUPS_H
#define OKTA_TESTS_TOOL_GROUPS_H

int test_apply_group(void);
int test_usage_group(void);
int test_dashes_group(void);
int test_key_group(void);
int test_keys_group(void);
int test_files_group(void);
int test_many_group(void);
int test_many_ends_group(void);
int test_secrets_group(void);
int test_request_group(void);
int test_rotate_group(void);
int test_errors_group(void);
int test_terminal_group(void);
int test_config_group(void);

#endif
