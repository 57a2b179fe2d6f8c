/* SPDX-License-Identifier: Apache-2.0 */
#include "api/service_app.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

okta_client_options service_options(const service_world *world)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options.client_id = MOCK_SERVICE_APP;
    options.scopes = SERVICE_SCOPES;
    options.signer = world->signer;
    return options;
}

void service_renew(service_world *world, const okta_client_options *options)
{
    okta_client_options own = options == NULL ? service_options(world) : *options;
    api_world_renew(&world->api, &own);
}

void service_register(service_world *world, const okta_key *key, const char *kid)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    okta_oauth2_client_jwk_request *jwk = NULL;
    char *json = NULL;
    size_t length;
    options.kid = kid;
    options.alg = NULL;
    assert_null(okta_key_to_jwk_request(key, &options, &jwk));
    assert_null(okta_to_json(okta_oauth2_client_jwk_descriptor(), jwk, OKTA_JSON_REQUEST, &json, &length));
    const char *refusal = mock_org_add_key(world->api.org, MOCK_SERVICE_APP, json);
    if (refusal != NULL) {
        fail_msg("the mock does not take %s: %s", json, refusal);
    }
    okta_free(json);
    okta_free(jwk);
}

int service_setup(void **state)
{
    service_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &world->key));
    assert_null(okta_signer_from_key(world->key, NULL, "first", &world->signer));
    okta_client_options options = service_options(world);
    api_world_start(&world->api, NULL, &options);
    service_register(world, world->key, "first");
    *state = world;
    return 0;
}

int service_teardown(void **state)
{
    service_world *world = *state;
    api_world_stop(&world->api);
    okta_free(world->signer);
    okta_free(world->key);
    free(world);
    return 0;
}

okta_error *service_call(const service_world *world)
{
    okta_oauth2_client_jwk_list *list = NULL;
    okta_error *error = okta_list_jwk(world->api.client, MOCK_SERVICE_APP, &list);
    assert_int_equal(list == NULL, error != NULL);
    okta_free(list);
    return error;
}

size_t service_requests(const service_world *world, const char *path)
{
    size_t count = 0;
    for (size_t i = 0; i < mock_org_request_count(world->api.org); i++) {
        count += strncmp(mock_org_request_at(world->api.org, i)->target, path, strlen(path)) == 0;
    }
    return count;
}

typedef struct caller {
    pthread_t thread;
    const service_world *world;
    pthread_barrier_t *barrier;
    bool good;
} caller;

static void *call_at_once(void *context)
{
    caller *self = context;
    pthread_barrier_wait(self->barrier);
    okta_error *error = service_call(self->world);
    self->good = error == NULL;
    okta_free(error);
    return NULL;
}

size_t service_call_from_threads(const service_world *world, size_t threads)
{
    caller callers[SERVICE_THREADS_MAX];
    pthread_barrier_t barrier;
    size_t good = 0;
    assert_true(threads <= COUNT(callers));
    pthread_barrier_init(&barrier, NULL, (unsigned)threads);
    for (size_t i = 0; i < threads; i++) {
        callers[i] = (caller){.world = world, .barrier = &barrier};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call_at_once, &callers[i]), 0);
    }
    for (size_t i = 0; i < threads; i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
        good += callers[i].good;
    }
    pthread_barrier_destroy(&barrier);
    return good;
}
