/* SPDX-License-Identifier: Apache-2.0 */
/* A mock org, a folder for the files of an example, and the example run against them. */
#ifndef OKTA_TESTS_EXAMPLES_EXAMPLE_WORLD_H
#define OKTA_TESTS_EXAMPLES_EXAMPLE_WORLD_H

#include "mock_org.h"
#include "okta/okta.h"
#include "run_program.h"

typedef struct example_world {
    mock_org *org;
    okta_key *key; /* NULL unless the test makes one; it is released with the rest */
    char folder[64];
    char pem_file[96]; /* paths in the folder; there is no file at first */
    char state_file[96];
    run_result result; /* of the last run */
} example_world;

example_world *example_world_start(const mock_org_options *options);

/* cmocka's teardown; the state is an example_world. The example left no other files. */
int example_world_teardown(void **state);

/* Runs the program with arguments and variables, each up to NULL. The org's URL is in a variable already. */
void example_run(example_world *world, const char *program, const char *const *arguments,
                 const char *const *variables);

#endif
