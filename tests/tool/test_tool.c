/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the tests of the tool: those of a group, or of all groups that no test of their own runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_groups.h"
#include "tool_world.h"

typedef struct test_group {
    const char *name;
    int (*run)(void);
    bool is_apart; /* it has a test of its own */
} test_group;

static const test_group groups[] = {
    {"usage", test_usage_group, false},         {"key", test_key_group, false},
    {"keys", test_keys_group, false},           {"files", test_files_group, false},
    {"secrets", test_secrets_group, false},     {"request", test_request_group, false},
    {"errors", test_errors_group, false},       {"terminal", test_terminal_group, false},
    {"config", test_config_group, false},       {"many", test_many_group, false},
    {"many_ends", test_many_ends_group, false}, {"rotate", test_rotate_group, false},
    {"dashes", test_dashes_group, false},       {"apply", test_apply_group, true},
};

int main(int argc, char **argv)
{
    int failed = 0;
    size_t ran = 0;
    if (argc != 2 && argc != 3) {
        (void)fputs("usage: test_tool PATH-OF-OKTA-KEYS [GROUP]\n", stderr);
        return EXIT_FAILURE;
    }
    world_tool = argv[1];
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (argc == 3 ? strcmp(argv[2], groups[i].name) == 0 : !groups[i].is_apart) {
            failed += groups[i].run();
            ran++;
        }
    }
    return failed == 0 && ran > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
