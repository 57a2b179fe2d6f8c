/* SPDX-License-Identifier: Apache-2.0 */
/* Runs all tests of the tool. The argument is the path of okta-keys. */
#include <stdio.h>
#include <stdlib.h>

#include "test_groups.h"
#include "tool_world.h"

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fputs("usage: test_tool PATH-OF-OKTA-KEYS\n", stderr);
        return EXIT_FAILURE;
    }
    world_tool = argv[1];
    int failed = getenv("ONLY")
                     ? test_apply_group()
                     : test_usage_group() + test_key_group() + test_keys_group() + test_files_group() +
                           test_secrets_group() + test_request_group() + test_errors_group() +
                           test_terminal_group() + test_config_group() + test_many_group() +
                           test_many_ends_group() + test_rotate_group() + test_apply_group();
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
