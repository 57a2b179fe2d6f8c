/* SPDX-License-Identifier: Apache-2.0 */
/* Runs all tests of the mock. The argument is the path of okta-mock-org. */
#include "test_groups.h"
#include "test_jwt.h"

#include <curl/curl.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return EXIT_FAILURE;
    }
    int failed = test_http_group() + test_lists_group() + test_objects_group() + test_described_group() +
                 test_keys_group() + test_secrets_group() + test_faults_group() + test_oauth_group() +
                 test_assertion_group() + test_client_secret_group() + test_access_group() +
                 test_dpop_group() + test_nonce_group() + test_program_group(argc > 1 ? argv[1] : NULL);
    test_keys_free();
    curl_global_cleanup();
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
