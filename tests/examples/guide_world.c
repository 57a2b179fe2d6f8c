/* SPDX-License-Identifier: Apache-2.0 */
#include "guide_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

guide_world *guide_world_start(const mock_org_options *options, okta_key_type type)
{
    guide_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->org = mock_org_start(options);
    assert_non_null(world->org);
    assert_null(okta_key_generate(type, &world->key));
    world->out = open_memstream(&world->text, &world->length);
    assert_non_null(world->out);
    return world;
}

int guide_world_teardown(void **state)
{
    guide_world *world = *state;
    fclose(world->out);
    free(world->text);
    okta_free(world->key);
    okta_free(world->client);
    mock_org_stop(world->org);
    free(world);
    return 0;
}

const char *guide_printed(const guide_world *world)
{
    fflush(world->out);
    return world->text;
}
