/* SPDX-License-Identifier: Apache-2.0 */
#include "api/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "client/client.h"

static int64_t clock_now_ms(const oktai_clock *clock)
{
    return ((const api_clock *)clock)->now_ms;
}

static void clock_wait_ms(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                          int64_t ms)
{
    api_clock *self = (api_clock *)(uintptr_t)clock;
    (void)wait;
    (void)object;
    assert_true(self->wait_count < API_WAITS_MAX);
    self->waits[self->wait_count++] = ms;
    self->now_ms += ms;
    mock_org_set_now(self->org, API_NOW_S + self->now_ms / 1000);
}

static int64_t clock_wall_ms(const oktai_clock *clock)
{
    const api_clock *self = (const api_clock *)clock;
    return (int64_t)API_NOW_S * 1000 + self->now_ms + self->wall_skew_ms;
}

static uint32_t clock_random(const oktai_clock *clock)
{
    return ((const api_clock *)clock)->random;
}

okta_client_options api_options(const api_world *world)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = mock_org_url(world->org);
    options.token = API_TOKEN;
    return options;
}

static void renew(api_world *world, const okta_client_options *options)
{
    okta_free(world->client);
    okta_error *error = okta_client_new(options, &world->client);
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
    oktai_client_set_clock(world->client, &world->clock.clock);
}

void api_world_renew(api_world *world, const okta_client_options *options)
{
    okta_client_options own = options == NULL ? api_options(world) : *options;
    own.org_url = mock_org_url(world->org);
    if (own.token == NULL && own.authorization_mode <= OKTA_AUTHORIZATION_BEARER) {
        own.token = API_TOKEN;
    }
    renew(world, &own);
}

void api_world_renew_at(api_world *world, const char *org_url)
{
    okta_client_options options = api_options(world);
    options.org_url = org_url;
    renew(world, &options);
}

void api_world_start(api_world *world, const mock_org_options *org, const okta_client_options *client)
{
    mock_org_options options = {0};
    if (org != NULL) {
        options = *org;
    }
    options.token = API_TOKEN;
    options.access_token = API_TOKEN;
    options.now_s = API_NOW_S;
    *world = (api_world){.org = mock_org_start(&options)};
    assert_non_null(world->org);
    world->clock = (api_clock){.clock = {clock_now_ms, clock_wait_ms, clock_wall_ms, clock_random},
                               .random = UINT32_C(1) << 31,
                               .org = world->org};
    api_world_renew(world, client);
}

void api_world_stop(api_world *world)
{
    okta_free(world->client);
    mock_org_stop(world->org);
    *world = (api_world){0};
}

int api_world_setup(void **state)
{
    api_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    api_world_start(world, NULL, NULL);
    *state = world;
    return 0;
}

int api_world_teardown(void **state)
{
    api_world *world = *state;
    api_world_stop(world);
    free(world);
    return 0;
}

void api_fault(api_world *world, mock_fault fault)
{
    assert_true(mock_org_fail_next(world->org, &fault));
}

void api_put(api_world *world, const char *collection, const char *json)
{
    assert_true(mock_org_put(world->org, MOCK_WEB_APP, collection, json));
}

void api_forget(api_world *world)
{
    mock_org_forget_requests(world->org);
    world->clock.wait_count = 0;
}
