/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The tests of the mock, one function for each file of them: it runs them and returns how many failed.
 */
#ifndef OKTA_TESTS_MOCK_ORG_TEST_GROUPS_H
#define OKTA_TESTS_MOCK_ORG_TEST_GROUPS_H

int test_http_group(void);
int test_lists_group(void);
int test_objects_group(void);
int test_described_group(void);
int test_keys_group(void);
int test_secrets_group(void);
int test_faults_group(void);
int test_oauth_group(void);
int test_assertion_group(void);
int test_client_secret_group(void);
int test_access_group(void);
int test_dpop_group(void);
int test_nonce_group(void);
/** @param program the path of okta-mock-org; NULL: its tests are skipped */
int test_program_group(const char *program);

#endif
