/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/settle_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "client/client.h"
#include "unit/keys_vectors.h"

#define TIMEOUT_MS 120000
#define HURRY_MS   400 /* half of it is for the attempt */

static settle_clock *clock_of(const oktai_clock *clock)
{
    return (settle_clock *)(uintptr_t)clock;
}

static int64_t clock_now_ms(const oktai_clock *clock)
{
    settle_clock *self = clock_of(clock);
    int64_t now_ms = atomic_load(&self->now_ms);
    if (atomic_load(&self->hurry) && atomic_fetch_add(&self->readings, 1) > 0) {
        return now_ms + TIMEOUT_MS - HURRY_MS;
    }
    return now_ms;
}

static void clock_wait_ms(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                          int64_t ms)
{
    (void)wait;
    (void)object;
    atomic_fetch_add(&clock_of(clock)->now_ms, ms);
}

static int64_t clock_wall_ms(const oktai_clock *clock)
{
    return atomic_load(&clock_of(clock)->now_ms) + INT64_C(1750000000000);
}

static uint32_t clock_random(const oktai_clock *clock)
{
    (void)clock;
    return UINT32_C(1) << 31;
}

void settle_world_set_key(settle_world *world, const char *json, size_t length)
{
    okta_free(world->key);
    world->key = NULL;
    okta_error *error = okta_from_json(okta_oauth2_client_jwk_descriptor(), json, length, &world->key);
    if (error != NULL) {
        fail_msg("no key: %s", okta_error_message(error));
    }
}

static void make_key(settle_world *world, size_t padding)
{
    static const char begin[] =
        "{\"kid\":\"" SETTLE_KID "\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" VECTOR_N "\"";
    static const char more[] = ",\"padding\":\"";
    size_t length = sizeof begin - 1;
    char *json = malloc(sizeof begin + sizeof more + padding + 2);
    assert_non_null(json);
    memcpy(json, begin, length);
    if (padding > 0) {
        memcpy(json + length, more, sizeof more - 1);
        length += sizeof more - 1;
        memset(json + length, 'y', padding);
        length += padding;
        json[length++] = '"';
    }
    json[length++] = '}';
    settle_world_set_key(world, json, length);
    free(json);
}

void settle_world_begin(settle_world *world, size_t padding)
{
    *world = (settle_world){0};
    world->clock =
        mmap(NULL, sizeof *world->clock, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(world->clock != MAP_FAILED);
    world->clock->clock = (oktai_clock){clock_now_ms, clock_wait_ms, clock_wall_ms, clock_random};
    atomic_store(&world->clock->now_ms, 1000);
    make_key(world, padding);
}

void settle_world_end(settle_world *world)
{
    okta_free(world->client);
    okta_free(world->key);
    if (world->clock != NULL) {
        munmap(world->clock, sizeof *world->clock);
    }
    *world = (settle_world){0};
}

static void keep_log(void *context, const okta_log_event *event)
{
    settle_world *world = context;
    if (world->log[0] == '\0' && event->attempt == 1 && strcmp(event->operation, "addJwk") == 0) {
        snprintf(world->log, sizeof world->log, "%s", event->message);
    }
}

bool settle_world_connect(settle_world *world, const char *url, const settle_plan *plan)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = url;
    options.token = SETTLE_TOKEN;
    options.proxy = "";
    options.timeout_ms = TIMEOUT_MS;
    options.log_level = OKTA_LOG_DEBUG;
    options.log = keep_log;
    options.log_ctx = world;
    options.ca_file = strncmp(url, "https", 5) == 0 ? settle_tls_ca_file() : NULL;
    options.max_response_bytes = plan->cause == NULL ? 0 : plan->cause->max_body_bytes;
    okta_free(world->client);
    world->client = NULL;
    okta_error *error = okta_client_new(&options, &world->client);
    if (error != NULL) {
        okta_free(error);
        return false;
    }
    oktai_client_set_clock(world->client, &world->clock->clock);
    return true;
}

/* A request that leaves its connection behind. */
static void warm_up(settle_world *world)
{
    okta_call *call = okta_request_call(world->client, "GET", "/api/v1/users", NULL);
    okta_free(okta_call_run(call));
    okta_free(call);
}

void settle_world_add(settle_world *world, const settle_plan *plan, settle_end *end)
{
    *end = (settle_end){0};
    if (plan->cause != NULL && plan->cause->warm) {
        warm_up(world);
    }
    okta_call *call = okta_add_jwk_call(world->client, SETTLE_APP, world->key);
    atomic_store(&world->clock->readings, 0);
    atomic_store(&world->clock->hurry, plan->cause != NULL && plan->cause->act == SETTLE_STALL);
    okta_error *error = okta_call_run(call);
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    atomic_store(&world->clock->hurry, false);
    end->status = okta_error_status(error);
    end->reconciled = okta_call_was_reconciled(call);
    snprintf(end->message, sizeof end->message, "%s", okta_error_message(error));
    snprintf(end->id, sizeof end->id, "%s", key == NULL || key->id == NULL ? "" : key->id);
    okta_free(key);
    okta_free(error);
    okta_free(call);
}

okta_status settle_world_reconcile(settle_world *world, char id[32])
{
    okta_oauth2_client_jwk *key = NULL;
    okta_error *error = okta_reconcile_jwk(world->client, SETTLE_APP, world->key, &key);
    okta_status status = okta_error_status(error);
    snprintf(id, 32, "%s", key == NULL || key->id == NULL ? "" : key->id);
    okta_free(key);
    okta_free(error);
    return status;
}

void settle_world_thumbprint(const settle_world *world, char out[OKTA_THUMBPRINT_SIZE])
{
    okta_key *key = NULL;
    assert_null(okta_key_from_jwk_model(world->key, &key));
    assert_null(okta_key_thumbprint(key, out));
    okta_free(key);
}
