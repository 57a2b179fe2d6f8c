/* SPDX-License-Identifier: Apache-2.0 */
#include "example_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

example_world *example_world_start(const mock_org_options *options)
{
    example_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->org = mock_org_start(options);
    assert_non_null(world->org);
    snprintf(world->folder, sizeof world->folder, "/tmp/okta-examples-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->pem_file, sizeof world->pem_file, "%s/key.pem", world->folder);
    snprintf(world->state_file, sizeof world->state_file, "%s/state", world->folder);
    return world;
}

int example_world_teardown(void **state)
{
    example_world *world = *state;
    mock_org_stop(world->org);
    okta_free(world->key);
    unlink(world->pem_file);
    unlink(world->state_file);
    assert_int_equal(rmdir(world->folder), 0);
    free(world);
    return 0;
}

/* Behind the first. */
static void append(const char *const *from, const char **to, size_t capacity)
{
    size_t count = 0;
    for (; from[count] != NULL; count++) {
        assert_true(count + 1 < capacity);
        to[count + 1] = from[count];
    }
    to[count + 1] = NULL;
}

void example_run(example_world *world, const char *program, const char *const *arguments,
                 const char *const *variables)
{
    char url[128];
    const char *argv[RUN_ARGUMENTS_MAX + 1] = {program};
    const char *environment[RUN_ENVIRONMENT_MAX + 1] = {url};
    snprintf(url, sizeof url, "OKTA_CLIENT_ORGURL=%s", mock_org_url(world->org));
    append(arguments, argv, RUN_ARGUMENTS_MAX);
    append(variables, environment, RUN_ENVIRONMENT_MAX);
    run_program(argv, environment, &world->result);
}
