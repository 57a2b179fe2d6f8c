/* SPDX-License-Identifier: Apache-2.0 */
/* A service app of the mock org, its key, and clients that prove to be it. */
#ifndef OKTA_TESTS_API_SERVICE_APP_H
#define OKTA_TESTS_API_SERVICE_APP_H

#include "api/expect.h"
#include "api/fixture.h"
#include "mock_oauth.h"

#define SERVICE_SCOPES "okta.apps.read okta.apps.manage okta.users.read"

typedef struct service_world {
    api_world api;
    okta_key *key;
    okta_signer *signer;
} service_world;

/* cmocka fixtures: a mock whose service app has a P-256 key, and a client with it. */
int service_setup(void **state);
int service_teardown(void **state);

/* Options of a client that signs with the world's signer. */
okta_client_options service_options(const service_world *world);
/* Another client, without a token and a connection. `options` is nullable: service_options(). */
void service_renew(service_world *world, const okta_client_options *options);

/* Register the public half of a key under a kid. */
void service_register(service_world *world, const okta_key *key, const char *kid);

/* One call that needs a token, and its outcome. */
okta_error *service_call(const service_world *world);

#define SERVICE_THREADS_MAX 50u
/* The same on so many threads at once; how many succeed. */
size_t service_call_from_threads(const service_world *world, size_t threads);

/* How many requests of this path the mock heard. */
size_t service_requests(const service_world *world, const char *path);

#endif
