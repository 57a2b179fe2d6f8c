/* SPDX-License-Identifier: Apache-2.0 */
/* A mock org, a client of it and a clock that nobody waits for: what every test of the API begins with. */
#ifndef OKTA_TESTS_API_FIXTURE_H
#define OKTA_TESTS_API_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "mock_org.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define API_TOKEN "00tok-Canary_7"
#define API_NOW_S 1750000000

#define API_WAITS_MAX 64u

/* Its waits pass at once: they move its own time on, and that of the mock, and are written down. */
typedef struct api_clock {
    oktai_clock clock; /* first: the library hands it back */
    int64_t now_ms;
    int64_t wall_skew_ms; /* how far the machine's time of day is ahead of the mock's */
    uint32_t random;      /* what the next draws give; half of the range at the start */
    mock_org *org;
    int64_t waits[API_WAITS_MAX];
    size_t wait_count;
} api_clock;

typedef struct api_world {
    mock_org *org;
    okta_client *client;
    api_clock clock;
} api_world;

/* cmocka fixtures. `*state` is an api_world with a mock without keys, secrets and users, whose clock stands
 * at API_NOW_S, and a client with default options and the clock above. */
int api_world_setup(void **state);
int api_world_teardown(void **state);

/* A world by hand, for other options. `client` is nullable: its org_url, and its token where it has none, are
 * filled in. Stop it with api_world_stop(). */
void api_world_start(api_world *world, const mock_org_options *org, const okta_client_options *client);
void api_world_stop(api_world *world);

/* Another client on the same mock and clock: the next test case gets an unspent retry budget and no
 * connection. `options` as above. */
void api_world_renew(api_world *world, const okta_client_options *options);

/* The same, where the org is another than the mock. */
void api_world_renew_at(api_world *world, const char *org_url);

/* Options of a client on this mock. */
okta_client_options api_options(const api_world *world);

/* Queue a fault; fails the test when the mock does not take it. */
void api_fault(api_world *world, mock_fault fault);
/* Put keys ("jwks") or secrets ("secrets") into the web app. */
void api_put(api_world *world, const char *collection, const char *json);

/* Forget requests and waits. */
void api_forget(api_world *world);

#endif
