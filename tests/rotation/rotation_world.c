/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/rotation_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"

#define OLD_SECRET "the-secret-of-the-beginning-0123456789"

const okta_rotation_kind world_kinds[WORLD_KINDS] = {OKTA_ROTATION_SIGNING_KEY, OKTA_ROTATION_ENCRYPTION_KEY,
                                                     OKTA_ROTATION_CLIENT_SECRET};

void world_expect_error(okta_error *error, okta_status status, const char *part)
{
    if (okta_error_status(error) != status || strstr(okta_error_message(error), part) == NULL) {
        fail_msg("%s: %s", okta_status_name(okta_error_status(error)), okta_error_message(error));
    }
    okta_free(error);
}

void world_expect_none(okta_error *error)
{
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
}

/* An event begins. True: the process has ended, and does nothing any more. */
static bool is_over_before(rotation_world *world)
{
    world->events++;
    if (world->late.at != 0 && world->late.at == world->events) {
        rotation_world_arrive(world);
    }
    if (world->events == world->ends_at && !world->ends_behind) {
        world->ended = true;
    }
    if (world->ends_at_request != 0 && mock_org_request_count(world->api.org) >= world->ends_at_request) {
        world->ended = true;
    }
    return world->ended;
}

/* Its effect is there. */
static bool is_over_behind(rotation_world *world)
{
    if (world->events == world->ends_at && world->ends_behind) {
        world->ended = true;
    }
    return world->ended;
}

static okta_error *over(void)
{
    return okta_error_new(OKTA_E_CANCELED, "the process has ended");
}

/* The journal. */

static okta_error *load(void *ctx, const char *app_id, okta_rotation_kind kind, okta_rotation_record **out)
{
    rotation_world *world = ctx;
    return world->memory->load(world->memory->ctx, app_id, kind, out);
}

typedef okta_error *write_fn(void *ctx, const okta_rotation_record *record);

static okta_error *write_through(rotation_world *world, write_fn *function,
                                 const okta_rotation_record *record)
{
    if (is_over_before(world)) {
        return over();
    }
    okta_error *error = function(world->memory->ctx, record);
    if (is_over_behind(world)) {
        okta_free(error);
        return over();
    }
    return error;
}

static okta_error *begin(void *ctx, const okta_rotation_record *record)
{
    rotation_world *world = ctx;
    return write_through(world, world->memory->begin, record);
}

static okta_error *step(void *ctx, const okta_rotation_record *record)
{
    rotation_world *world = ctx;
    return write_through(world, world->memory->step, record);
}

static okta_error *forget(void *ctx, const okta_rotation_record *record)
{
    rotation_world *world = ctx;
    return write_through(world, world->memory->forget, record);
}

/* The program. */

static okta_key *next_key(rotation_world *world)
{
    if (world->gives_same) {
        return world->keys[1];
    }
    if (world->given < WORLD_KEYS && world->keys[world->given] != NULL) {
        return world->keys[world->given++];
    }
    return NULL;
}

static void make(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    rotation_world *world = ctx;
    okta_key *key = next_key(world);
    (void)subject;
    if (key == NULL) { /* the rest are quick to make */
        okta_key *made = NULL;
        world_expect_none(okta_key_generate(OKTA_KEY_EC_P256, &made));
        okta_rotation_answer_key(ask, made, NULL);
        okta_free(made);
        return;
    }
    okta_rotation_answer_key(ask, key, NULL);
}

static okta_error *take_into_store(rotation_world *world, const okta_rotation_subject *subject)
{
    assert_true(world->held_count < WORLD_HELD);
    size_t at = world->held_count;
    char *pem = NULL;
    okta_error *error = NULL;
    if (subject->secret != NULL) {
        snprintf(world->held_secrets[at], WORLD_SECRET, "%s", subject->secret);
    } else {
        error = okta_key_to_private_pem(subject->key, &pem);
    }
    if (pem != NULL) {
        error = okta_key_from_pem(pem, strlen(pem), NULL, NULL, &world->held[at]);
    }
    okta_free(pem);
    world->held_count += error == NULL;
    return error;
}

static void store(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    rotation_world *world = ctx;
    if (is_over_before(world)) {
        okta_rotation_answer(ask, over());
        return;
    }
    if (world->store_fails != OKTA_OK) {
        okta_rotation_answer(ask, okta_error_new(world->store_fails, "the store is full"));
        return;
    }
    world->stored++;
    okta_error *error = take_into_store(world, subject);
    if (is_over_behind(world)) {
        okta_free(error);
        error = over();
    }
    okta_rotation_answer(ask, error);
}

static okta_client *observer(rotation_world *world);

/* Whether the org takes it is the org's. */
void rotation_world_arrive(rotation_world *world)
{
    okta_client *client = observer(world);
    okta_call *call = okta_request_call(client, world->late.method, world->late.target,
                                        world->late.body[0] == '\0' ? NULL : world->late.body);
    okta_free(okta_call_run(call));
    okta_free(call);
    okta_free(client);
    world->late.at = 0;
}

static void add_late(rotation_world *world)
{
    okta_client *client = observer(world);
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    world_expect_none(okta_key_to_jwk_request(world->held[world->held_count - 1], NULL, &request));
    world_expect_none(okta_add_jwk(client, world->app_id, request, &added));
    okta_free(request);
    okta_free(added);
    okta_free(client);
}

static void recall(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    rotation_world *world = ctx;
    if (world->arrives_in_recall) {
        world->arrives_in_recall = false;
        add_late(world);
    }
    if (subject->kind == OKTA_ROTATION_CLIENT_SECRET) {
        okta_rotation_answer_secret(ask, world->held_count == 0 ? NULL
                                                                : world->held_secrets[world->held_count - 1]);
    } else {
        okta_rotation_answer_key(ask, world->held_count == 0 ? NULL : world->held[world->held_count - 1],
                                 NULL);
    }
}

static void prove(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    rotation_world *world = ctx;
    (void)subject;
    world->proven++;
    okta_rotation_answer(
        ask, world->prove_fails == OKTA_OK ? NULL : okta_error_new(world->prove_fails, "it does not log in"));
}

static void switch_over(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    rotation_world *world = ctx;
    if (is_over_before(world)) {
        okta_rotation_answer(ask, over());
        return;
    }
    if (world->switch_fails != OKTA_OK) {
        okta_rotation_answer(ask, okta_error_new(world->switch_fails, "the services do not answer"));
        return;
    }
    world->switched++;
    if (subject->kind == OKTA_ROTATION_CLIENT_SECRET) {
        /* It reads the store. */
        snprintf(world->current, WORLD_SECRET, "%s", world->held_secrets[world->held_count - 1]);
    } else {
        snprintf(world->current, WORLD_SECRET, "%s", subject->kid);
    }
    okta_rotation_answer(ask, is_over_behind(world) ? over() : NULL);
}

/* The org. */

static void add_old_key(rotation_world *world)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    options.use = world->kind == OKTA_ROTATION_ENCRYPTION_KEY ? OKTA_OAUTH2_CLIENT_JWK_USE_ENC
                                                              : OKTA_OAUTH2_CLIENT_JWK_USE_SIG;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    world_expect_none(okta_key_to_jwk_request(world->keys[0], &options, &request));
    world_expect_none(okta_add_jwk(world->api.client, world->app_id, request, &added));
    snprintf(world->current, WORLD_SECRET, "%s", added->kid);
    world->given = 1;
    okta_free(request);
    okta_free(added);
}

static void add_old_secret(rotation_world *world)
{
    okta_oauth2_client_secret_request_body body = {.model = OKTA_INIT(okta_oauth2_client_secret_request_body),
                                                   .client_secret = OLD_SECRET};
    okta_oauth2_client_secret *added = NULL;
    world_expect_none(okta_create_oauth2_client_secret(world->api.client, world->app_id, &body, &added));
    snprintf(world->current, WORLD_SECRET, "%s", OLD_SECRET);
    okta_free(added);
}

/* Keys of RSA take a while to make: all tests share them. */
static okta_key *rsa_key(size_t index)
{
    static okta_key *keys[WORLD_KEYS];
    if (keys[index] == NULL) {
        world_expect_none(okta_key_generate(OKTA_KEY_RSA_2048, &keys[index]));
    }
    return keys[index];
}

void rotation_world_start(rotation_world *world, okta_rotation_kind kind)
{
    *world = (rotation_world){.kind = kind};
    api_world_start(&world->api, NULL, NULL);
    world->app_id = kind == OKTA_ROTATION_CLIENT_SECRET ? MOCK_WEB_APP : MOCK_SERVICE_APP;
    world_expect_none(okta_rotation_journal_new(&world->memory));
    world->journal = (okta_rotation_journal){.struct_size = sizeof world->journal,
                                             .ctx = world,
                                             .load = load,
                                             .begin = begin,
                                             .step = step,
                                             .forget = forget};
    for (size_t i = 0; kind != OKTA_ROTATION_CLIENT_SECRET && i < WORLD_KEYS; i++) {
        world->keys[i] = rsa_key(i);
    }
    if (kind == OKTA_ROTATION_CLIENT_SECRET) {
        add_old_secret(world);
    } else {
        add_old_key(world);
    }
    memcpy(world->first, world->current, sizeof world->first);
    api_forget(&world->api);
}

void rotation_world_stop(rotation_world *world)
{
    for (size_t i = 0; i < WORLD_HELD; i++) {
        okta_free(world->held[i]);
    }
    okta_free(world->memory);
    api_world_stop(&world->api);
}

okta_rotation_options rotation_world_options(rotation_world *world)
{
    okta_rotation_options options = OKTA_ROTATION_OPTIONS_INIT;
    options.client = world->api.client;
    options.app_id = world->app_id;
    options.kind = world->kind;
    options.journal = &world->journal;
    options.make = world->kind == OKTA_ROTATION_CLIENT_SECRET ? NULL : make;
    options.recall = world->has_recall ? recall : NULL;
    options.store = store;
    options.prove = world->proves_itself ? prove : NULL;
    options.switch_over = switch_over;
    options.ctx = world;
    options.grace_s = okta_int(WORLD_GRACE);
    return options;
}

okta_rotation_state rotation_world_run(rotation_world *world, okta_rotation_start start,
                                       okta_status *out_status)
{
    api_world_renew(&world->api, NULL);
    okta_rotation *rotation = NULL;
    okta_rotation_options options = rotation_world_options(world);
    options.start = start;
    world->ended = false;
    world->events = 0;
    world->api.clock.wait_count = 0;
    world_expect_none(okta_rotation_new(&options, &rotation));
    okta_error *error = okta_rotation_run(rotation);
    world->progress = *okta_rotation_look(rotation);
    okta_rotation_state state = world->progress.state;
    if (out_status != NULL) {
        *out_status = okta_error_status(error);
    }
    snprintf(world->message, sizeof world->message, "%s", error == NULL ? "" : okta_error_message(error));
    okta_free(error);
    okta_free(rotation);
    return state;
}

void rotation_world_pass(rotation_world *world, int64_t seconds)
{
    world->api.clock.now_ms += seconds * 1000;
    mock_org_set_now(world->api.org, API_NOW_S + world->api.clock.now_ms / 1000);
}

bool rotation_world_is_pending(rotation_world *world)
{
    okta_rotation_record *record = NULL;
    world_expect_none(world->memory->load(world->memory->ctx, world->app_id, world->kind, &record));
    bool is_pending = record != NULL;
    okta_free(record);
    return is_pending;
}

okta_rotation_state rotation_world_run_to_end(rotation_world *world)
{
    okta_rotation_state state = OKTA_ROTATION_STATE_NONE;
    world->ends_at = 0;
    world->ends_at_request = 0;
    for (unsigned i = 0; i < 8 && rotation_world_is_pending(world); i++) {
        okta_status status;
        state = rotation_world_run(world, OKTA_ROTATION_GO_ON, &status);
        assert_int_not_equal(state, OKTA_ROTATION_STOPPED);
        assert_true(rotation_world_service_works(world));
        rotation_world_pass(world, WORLD_GRACE);
    }
    assert_false(rotation_world_is_pending(world));
    return state;
}

/* The lists of the org, by a client of their own. */

static okta_client *observer(rotation_world *world)
{
    okta_client_options options = api_options(&world->api);
    okta_client *client = NULL;
    world_expect_none(okta_client_new(&options, &client));
    oktai_client_set_clock(client, &world->api.clock.clock);
    return client;
}

static bool key_is_held(const rotation_world *world, const char *kid)
{
    bool found = strcmp(kid, world->first) == 0;
    for (size_t i = 0; !found && i < world->held_count; i++) {
        char thumbprint[OKTA_THUMBPRINT_SIZE];
        world_expect_none(okta_key_thumbprint(world->held[i], thumbprint));
        found = strcmp(kid, thumbprint) == 0;
    }
    return found;
}

/* A signing key: the one that the service uses is active. An encryption key: the service can decrypt what the
 * active one encrypts. */
static bool keys_work(rotation_world *world, const okta_oauth2_client_jwk_list *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        const okta_oauth2_client_jwk *key = keys->items[i];
        bool fits = world->kind == OKTA_ROTATION_ENCRYPTION_KEY ? key_is_held(world, key->kid)
                                                                : strcmp(key->kid, world->current) == 0;
        if (fits && key->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE) {
            return true;
        }
    }
    return false;
}

static bool secrets_work(const rotation_world *world, const okta_oauth2_client_secret_list *secrets)
{
    for (size_t i = 0; i < secrets->count; i++) {
        if (strcmp(secrets->items[i]->client_secret, world->current) == 0 &&
            secrets->items[i]->status == OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE) {
            return true;
        }
    }
    return false;
}

static bool look(rotation_world *world, size_t *out_count)
{
    okta_client *client = observer(world);
    bool works;
    if (world->kind == OKTA_ROTATION_CLIENT_SECRET) {
        okta_oauth2_client_secret_list *secrets = NULL;
        world_expect_none(okta_list_oauth2_client_secrets(client, world->app_id, &secrets));
        works = secrets_work(world, secrets);
        *out_count = secrets->count;
        okta_free(secrets);
    } else {
        okta_oauth2_client_jwk_list *keys = NULL;
        world_expect_none(okta_list_jwk(client, world->app_id, &keys));
        works = keys_work(world, keys);
        *out_count = keys->count;
        okta_free(keys);
    }
    okta_free(client);
    return works;
}

#define EXPECT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fail_msg("%s: %s (%s)", at, #condition, world->message);                                         \
        }                                                                                                    \
    } while (false)

void rotation_world_expect_rotated(rotation_world *world, const char *at)
{
    EXPECT(rotation_world_service_works(world));
    EXPECT(rotation_world_count(world) == 1);
    EXPECT(strcmp(world->current, world->first) != 0);
    EXPECT(!rotation_world_is_pending(world));
}

void rotation_world_finish(rotation_world *world, const char *at)
{
    EXPECT(rotation_world_service_works(world));
    okta_rotation_state state = rotation_world_run_to_end(world);
    bool is_rotated = strcmp(world->current, world->first) != 0;
    if (!is_rotated) {
        EXPECT(state != OKTA_ROTATION_DONE);
        EXPECT(rotation_world_count(world) == 1);
        state = rotation_world_run(world, OKTA_ROTATION_GO_ON_OR_BEGIN, NULL);
        EXPECT(state == OKTA_ROTATION_WAITS);
        rotation_world_pass(world, WORLD_GRACE);
        state = rotation_world_run_to_end(world);
        EXPECT(state == OKTA_ROTATION_DONE);
    }
    rotation_world_expect_rotated(world, at);
}

bool rotation_world_service_works(rotation_world *world)
{
    size_t count;
    return look(world, &count);
}

size_t rotation_world_count(rotation_world *world)
{
    size_t count = 0;
    look(world, &count);
    return count;
}

void rotation_world_put_keys(rotation_world *world, unsigned count, const char *status)
{
    for (unsigned i = 0; i < count; i++) {
        char json[256];
        snprintf(
            json, sizeof json,
            "{\"id\":\"pks%u\",\"kid\":\"other-%u\",\"kty\":\"RSA\",\"use\":\"sig\",\"e\":\"AQAB\",\"n\":"
            "\"AQAB\",\"status\":\"%s\",\"created\":\"2020-01-%02u\"}",
            i, i, status, 28 - i % 28);
        assert_true(mock_org_put(world->api.org, world->app_id, "jwks", json));
    }
}

void rotation_world_run_to_retired(rotation_world *world)
{
    rotation_world_run(world, OKTA_ROTATION_BEGIN, NULL);
    rotation_world_pass(world, 10);
    assert_int_equal(rotation_world_run(world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
    assert_int_equal(world->progress.phase, OKTA_ROTATION_PHASE_RETIRED);
}
