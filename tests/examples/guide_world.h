/* SPDX-License-Identifier: Apache-2.0 */
/* A mock org, a key, and a file in memory that the snippets of a guide print to. */
#ifndef OKTA_TESTS_EXAMPLES_GUIDE_WORLD_H
#define OKTA_TESTS_EXAMPLES_GUIDE_WORLD_H

#include <stdio.h>

#include "mock_org.h"
#include "okta/okta.h"

typedef struct guide_world {
    mock_org *org;
    okta_client *client; /* NULL until the test makes one; it is released with the rest */
    okta_key *key;
    FILE *out;
    char *text; /* what guide_printed() gives */
    size_t length;
} guide_world;

guide_world *guide_world_start(const mock_org_options *options, okta_key_type type);

/* cmocka's teardown; the state is a guide_world. */
int guide_world_teardown(void **state);

/* All that was printed; the world's own. */
const char *guide_printed(const guide_world *world);

#endif
