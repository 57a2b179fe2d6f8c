/* SPDX-License-Identifier: Apache-2.0 */
/* What a rotation refuses, plans and does when something goes wrong. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"

static const okta_rotation_kind kinds[] = {OKTA_ROTATION_SIGNING_KEY, OKTA_ROTATION_ENCRYPTION_KEY,
                                           OKTA_ROTATION_CLIENT_SECRET};

static void expect_error(okta_error *error, okta_status status, const char *part)
{
    if (okta_error_status(error) != status || strstr(okta_error_message(error), part) == NULL) {
        fail_msg("%s: %s", okta_status_name(okta_error_status(error)), okta_error_message(error));
    }
    okta_free(error);
}

static void expect_none(okta_error *error)
{
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
}

/* A change that makes good options bad. */
typedef struct bad_option {
    void (*spoil)(okta_rotation_options *options);
    const char *message;
} bad_option;

static okta_rotation_journal half_a_journal = {.struct_size = sizeof half_a_journal};

#define SPOIL(name, ...)                                                                                     \
    static void name(okta_rotation_options *options)                                                         \
    {                                                                                                        \
        __VA_ARGS__;                                                                                         \
    }
SPOIL(no_size, options->struct_size = 0)
SPOIL(no_client, options->client = NULL)
SPOIL(no_app, options->app_id = NULL)
SPOIL(empty_app, options->app_id = "")
SPOIL(dots, options->app_id = "..")
SPOIL(no_kind, options->kind = OKTA_ROTATION_KIND_NONE)
SPOIL(bad_kind, options->kind = (okta_rotation_kind)4)
SPOIL(bad_start, options->start = (okta_rotation_start)9)
SPOIL(bad_retire, options->retire = (okta_rotation_retire)-1)
SPOIL(bad_type, options->key_type = (okta_key_type)77)
SPOIL(bad_method, options->client_auth_method = (okta_client_auth_method)2)
SPOIL(no_journal, options->journal = NULL)
SPOIL(half_journal, options->journal = &half_a_journal)
SPOIL(no_name, options->retire = OKTA_ROTATION_RETIRE_NAMED)
SPOIL(name_alone, options->retire_name = "kid")
SPOIL(no_store, options->store = NULL; options->make = NULL)
SPOIL(ec_encrypts, options->kind = OKTA_ROTATION_ENCRYPTION_KEY; options->key_type = OKTA_KEY_EC_P256)
SPOIL(typed_secret, options->kind = OKTA_ROTATION_CLIENT_SECRET; options->key_type = OKTA_KEY_RSA_2048)
SPOIL(negative_grace, options->grace_s = okta_int(-1))
SPOIL(long_overlap, options->overlap_s = okta_int(31536001))

static const bad_option bad_options[] = {
    {no_size, "OKTA_ROTATION_OPTIONS_INIT"},
    {no_client, "options.client must not be NULL"},
    {no_app, "options.app_id must not be NULL"},
    {empty_app, "options.app_id must not be empty"},
    {dots, "options.app_id"},
    {no_kind, "options.kind"},
    {bad_kind, "options.kind"},
    {bad_start, "options.start"},
    {bad_retire, "options.retire"},
    {bad_type, "options.key_type"},
    {bad_method, "options.client_auth_method"},
    {no_journal, "options.journal must not be NULL"},
    {half_journal, "options.journal lacks"},
    {no_name, "options.retire_name must not be NULL"},
    {name_alone, "OKTA_ROTATION_RETIRE_NAMED"},
    {no_store, "options.store must not be NULL"},
    {ec_encrypts, "must be RSA"},
    {typed_secret, "goes with keys only"},
    {negative_grace, "options.grace_s must be 0 to 31,536,000"},
    {long_overlap, "options.overlap_s must be 0 to 31,536,000"},
};

static void refuses_bad_options(void **state)
{
    rotation_world world;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    for (size_t i = 0; i < COUNT(bad_options); i++) {
        okta_rotation *rotation = (okta_rotation *)&world;
        okta_rotation_options options = rotation_world_options(&world);
        bad_options[i].spoil(&options);
        expect_error(okta_rotation_new(&options, &rotation), OKTA_E_ARG, bad_options[i].message);
        assert_null(rotation);
    }
    okta_rotation_options options = rotation_world_options(&world);
    okta_rotation_plan *plan = NULL;
    expect_error(okta_rotation_new(&options, NULL), OKTA_E_ARG, "out");
    okta_rotation *rotation = NULL;
    expect_error(okta_rotation_new(NULL, &rotation), OKTA_E_ARG, "options");
    expect_error(okta_rotation_run(NULL), OKTA_E_ARG, "rotation");
    expect_error(okta_rotation_make_plan(NULL, &plan), OKTA_E_ARG, "rotation");
    assert_null(okta_rotation_look(NULL));
    okta_rotation_cancel(NULL);
    assert_int_equal(mock_org_request_count(world.api.org), 0);
    rotation_world_stop(&world);
}

/* Plans. */

static void expect_plan(rotation_world *world, const char *expected)
{
    okta_rotation *rotation = NULL;
    okta_rotation_plan *plan = NULL;
    char text[512] = "";
    okta_rotation_options options = rotation_world_options(world);
    expect_none(okta_rotation_new(&options, &rotation));
    expect_none(okta_rotation_make_plan(rotation, &plan));
    for (size_t i = 0; i < plan->count; i++) {
        const okta_rotation_plan_step *step = &plan->steps[i];
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s%s", i == 0 ? "" : " ",
                 okta_rotation_step_name(step->step), step->id != NULL ? "(old)" : "");
        if (step->step == OKTA_ROTATION_STEP_WAIT) {
            length = strlen(text);
            snprintf(text + length, sizeof text - length, "(%lld)", (long long)step->wait_s);
        }
    }
    assert_string_equal(text, expected);
    okta_free(plan);
    okta_free(rotation);
}

/* Nothing is changed by planning, whatever the rotation is at. */
static void plans_what_it_does(void **state)
{
    static const char *const plans[] = {
        "make store add prove switch wait(10) deactivate(old) wait(3600) delete(old) finish",
        "make store add activate prove switch wait(10) wait(3600) delete(old) finish",
        "make add store prove switch wait(10) deactivate(old) wait(3600) delete(old) finish"};
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        rotation_world world;
        rotation_world_start(&world, kinds[i]);
        expect_plan(&world, plans[i]);
        assert_int_equal(mock_org_request_count(world.api.org), 1);
        assert_int_equal(world.stored + world.switched + world.events, 0);
        assert_false(rotation_world_is_pending(&world));
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL), OKTA_ROTATION_WAITS);
        expect_plan(&world, i == 1 ? "wait(10) wait(3600) delete(old) finish"
                                   : "wait(10) deactivate(old) wait(3600) delete(old) finish");
        rotation_world_pass(&world, 10);
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
        expect_plan(&world, "wait(3600) delete(old) finish");
        rotation_world_pass(&world, WORLD_GRACE);
        expect_plan(&world, "delete(old) finish");
        rotation_world_stop(&world);
    }
}

/* Failures of the program. */

/* A store that fails, a credential that does not log in: all is as before. */
static void takes_back_what_does_not_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        for (unsigned proves = 0; proves < 2; proves++) {
            rotation_world world;
            okta_status status;
            rotation_world_start(&world, kinds[i]);
            world.proves_itself = true;
            *(proves ? &world.prove_fails : &world.store_fails) = proves ? OKTA_E_AUTH : OKTA_E_CONFIG;
            assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_UNDONE);
            assert_int_equal(status, proves ? OKTA_E_AUTH : OKTA_E_CONFIG);
            assert_non_null(strstr(world.message, proves ? "does not log in" : "store is full"));
            assert_false(rotation_world_is_pending(&world));
            assert_true(rotation_world_service_works(&world));
            assert_int_equal(rotation_world_count(&world), 1);
            assert_int_equal(world.switched, 0);
            rotation_world_stop(&world);
        }
    }
}

/* Services that cannot be reached may have switched: it goes on, and is not taken back. */
static void goes_on_behind_a_switch_that_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        rotation_world world;
        okta_status status;
        rotation_world_start(&world, kinds[i]);
        world.switch_fails = OKTA_E_TRANSPORT;
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_STOPPED);
        assert_int_equal(status, OKTA_E_TRANSPORT);
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_UNDO, &status), OKTA_ROTATION_STOPPED);
        assert_int_equal(status, OKTA_E_CONFLICT);
        assert_int_equal(rotation_world_count(&world), 2);
        world.switch_fails = OKTA_OK;
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        assert_int_equal(rotation_world_count(&world), 1);
        rotation_world_stop(&world);
    }
}

/* The proof by a login: the org does not know the key. */
static void login_that_is_refused_takes_back(void **state)
{
    static const struct {
        unsigned http_status;
        const char *code;
        okta_rotation_state ends;
    } answers[] = {
        {401, "invalid_client", OKTA_ROTATION_UNDONE},     {400, "invalid_request", OKTA_ROTATION_UNDONE},
        {400, "unauthorized_client", OKTA_ROTATION_WAITS}, {400, "invalid_scope", OKTA_ROTATION_WAITS},
        {400, "access_denied", OKTA_ROTATION_WAITS},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        rotation_world world;
        char body[64];
        rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
        snprintf(body, sizeof body, "{\"error\":\"%s\"}", answers[i].code);
        api_fault(&world.api, (mock_fault){.path_contains = "/oauth2/v1/token",
                                           .times = 10,
                                           .status = answers[i].http_status,
                                           .body = body});
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL), answers[i].ends);
        assert_int_equal(world.switched, answers[i].ends == OKTA_ROTATION_WAITS);
        assert_true(rotation_world_service_works(&world));
        rotation_world_stop(&world);
    }
}

/* Beginnings. */

static void a_second_one_goes_on_or_is_refused(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_NOT_FOUND);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_UNDO, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_NOT_FOUND);
    assert_int_equal(mock_org_request_count(world.api.org), 0);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_CONFLICT);
    assert_non_null(strstr(world.message, "switched"));
    api_forget(&world.api);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_WAITS);
    assert_int_equal(mock_org_request_count(world.api.org), 0); /* it only waits */
    rotation_world_stop(&world);
}

/* While the old key waits to be deleted, the new one is found to be leaked. */
static void another_one_takes_over_what_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        rotation_world world;
        okta_status status;
        if (kinds[i] == OKTA_ROTATION_CLIENT_SECRET) {
            continue; /* of these there are two at most */
        }
        rotation_world_start(&world, kinds[i]);
        rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
        rotation_world_pass(&world, 10);
        rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL);
        assert_int_equal(rotation_world_count(&world), 2);
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_WAITS);
        assert_int_equal(status, OKTA_OK);
        assert_int_equal(rotation_world_count(&world), 3);
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        assert_int_equal(rotation_world_count(&world), 1);
        assert_true(rotation_world_service_works(&world));
        assert_int_equal(world.switched, 2);
        rotation_world_stop(&world);
    }
}

static void undoes_what_was_interrupted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        for (unsigned event = 1; event < 8; event++) {
            rotation_world world;
            okta_status status;
            rotation_world_start(&world, kinds[i]);
            world.ends_at = event;
            rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
            world.ends_at = 0;
            okta_rotation_state ended = rotation_world_run(&world, OKTA_ROTATION_UNDO, &status);
            if (ended == OKTA_ROTATION_WAITS) { /* what was sent may still arrive */
                rotation_world_pass(&world, 61);
                ended = rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status);
            }
            if (status == OKTA_OK) {
                assert_int_equal(ended, OKTA_ROTATION_UNDONE);
                assert_int_equal(rotation_world_count(&world), 1);
                assert_string_equal(world.current, world.first);
            }
            assert_true(rotation_world_service_works(&world));
            rotation_world_stop(&world);
        }
    }
}

/* Another process went on with it: the paused one is refused, and does nothing any more. */
static void a_process_that_was_overtaken_is_refused(void **state)
{
    rotation_world world;
    okta_rotation_record *record = NULL;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    expect_none(world.memory->load(world.memory->ctx, world.app_id, world.kind, &record));
    rotation_world_pass(&world, 10);
    rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status);
    assert_int_equal(status, OKTA_OK);
    expect_error(world.memory->forget(world.memory->ctx, record), OKTA_E_CONFLICT, "another one");
    record->revision++; /* the next step of the one that was paused */
    expect_error(world.memory->step(world.memory->ctx, record), OKTA_E_CONFLICT, "another one");
    expect_error(world.memory->begin(world.memory->ctx, record), OKTA_E_CONFLICT, "has a rotation");
    okta_free(record);
    rotation_world_stop(&world);
}

/* What the app holds. */

static void put_keys(rotation_world *world, unsigned count, const char *status)
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

static void expect_refusal(rotation_world *world, okta_rotation_retire retire, const char *name,
                           okta_status status, const char *part)
{
    okta_rotation *rotation = NULL;
    okta_rotation_plan *plan = NULL;
    okta_rotation_options options = rotation_world_options(world);
    options.retire = retire;
    options.retire_name = name;
    expect_none(okta_rotation_new(&options, &rotation));
    expect_error(okta_rotation_make_plan(rotation, &plan), status, part);
    expect_error(okta_rotation_run(rotation), status, part);
    assert_int_equal(okta_rotation_look(rotation)->state, OKTA_ROTATION_STOPPED);
    assert_false(rotation_world_is_pending(world));
    assert_int_equal(world->stored, 0);
    okta_free(rotation);
}

static void says_what_stands_in_the_way(void **state)
{
    rotation_world world;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    put_keys(&world, 1, "ACTIVE");
    expect_refusal(&world, OKTA_ROTATION_RETIRE_ACTIVE, NULL, OKTA_E_CONFLICT, "2 active signing keys");
    expect_refusal(&world, OKTA_ROTATION_RETIRE_NAMED, "nobody", OKTA_E_NOT_FOUND, "nobody");
    put_keys(&world, 48, "INACTIVE");
    expect_refusal(&world, OKTA_ROTATION_RETIRE_NONE, NULL, OKTA_E_CONFLICT, "as many keys as it may");
    rotation_world_stop(&world);
    rotation_world_start(&world, OKTA_ROTATION_CLIENT_SECRET);
    api_put(&world.api, "secrets",
            "{\"id\":\"ocs9\",\"client_secret\":\"another-secret-0123456789\",\"status\":\"INACTIVE\"}");
    expect_refusal(&world, OKTA_ROTATION_RETIRE_ACTIVE, NULL, OKTA_E_CONFLICT, "as many secrets as it may");
    rotation_world_stop(&world);
}

/* How many of the keys that are there before go with each choice. */
static void replaces_what_it_is_told_to(void **state)
{
    static const struct {
        okta_rotation_retire retire;
        const char *name;
        size_t left;
    } choices[] = {
        {OKTA_ROTATION_RETIRE_NONE, NULL, 5},   {OKTA_ROTATION_RETIRE_NAMED, "other-1", 4},
        {OKTA_ROTATION_RETIRE_OLDEST, NULL, 4}, {OKTA_ROTATION_RETIRE_ALL_OTHERS, NULL, 1},
        {OKTA_ROTATION_RETIRE_ACTIVE, NULL, 4},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(choices); i++) {
        rotation_world world;
        okta_rotation *rotation = NULL;
        rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
        put_keys(&world, 3, "INACTIVE");
        okta_rotation_options options = rotation_world_options(&world);
        options.retire = choices[i].retire;
        options.retire_name = choices[i].name;
        options.grace_s = okta_int(0);
        expect_none(okta_rotation_new(&options, &rotation));
        expect_none(okta_rotation_run(rotation));
        assert_int_equal(okta_rotation_look(rotation)->state, OKTA_ROTATION_DONE);
        assert_int_equal(rotation_world_count(&world), choices[i].left);
        okta_free(rotation);
        rotation_world_stop(&world);
    }
}

/* An administrator activates the old key again while it waits: it is in use, and stays. */
static void leaves_what_is_active_again(void **state)
{
    rotation_world world;
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_oauth2_client_jwk *key = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    rotation_world_pass(&world, 10);
    rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL);
    expect_none(okta_list_jwk(world.api.client, world.app_id, &keys));
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i]->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE) {
            expect_none(okta_activate_oauth2_client_json_web_key(world.api.client, world.app_id,
                                                                 keys->items[i]->id, &key));
        }
    }
    okta_free(keys);
    okta_free(key);
    rotation_world_pass(&world, WORLD_GRACE);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_DONE);
    assert_int_equal(world.progress.kept, 1);
    assert_int_equal(rotation_world_count(&world), 2);
    rotation_world_stop(&world);
}

/* Somebody deletes the new key behind the switch: another one takes its place, before the old one goes. */
static void replaces_a_new_one_that_is_deleted(void **state)
{
    rotation_world world;
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_oauth2_client_jwk *key = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    expect_none(okta_list_jwk(world.api.client, world.app_id, &keys));
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(keys->items[i]->kid, world.current) == 0) {
            expect_none(okta_deactivate_oauth2_client_json_web_key(world.api.client, world.app_id,
                                                                   keys->items[i]->id, &key));
            expect_none(okta_delete_jwk(world.api.client, world.app_id, keys->items[i]->id));
        }
    }
    okta_free(keys);
    okta_free(key);
    rotation_world_pass(&world, 10);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
    assert_int_equal(world.switched, 2);
    assert_true(rotation_world_service_works(&world));
    assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
    assert_int_equal(rotation_world_count(&world), 1);
    rotation_world_stop(&world);
}

/* A request that was repeated arrives once more, after what it added was given up and deleted. */
static void deletes_what_is_added_again(void **state)
{
    rotation_world world;
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    world.proves_itself = true;
    world.prove_fails =
        OKTA_E_TRANSPORT; /* the process ends there, and the store has no key for the next one */
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL), OKTA_ROTATION_STOPPED);
    world.prove_fails = OKTA_OK;
    world.proves_itself = false;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
    assert_int_equal(rotation_world_count(&world), 2);
    expect_none(okta_key_to_jwk_request(world.held[0], &options, &request));
    expect_none(okta_add_jwk(world.api.client, world.app_id, request, &added));
    assert_int_equal(rotation_world_count(&world), 3);
    assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
    assert_int_equal(rotation_world_count(&world), 1);
    okta_free(request);
    okta_free(added);
    rotation_world_stop(&world);
}

/* Run on behind the overlap, until the old one only waits to be deleted. */
static void run_to_retired(rotation_world *world)
{
    rotation_world_run(world, OKTA_ROTATION_BEGIN, NULL);
    rotation_world_pass(world, 10);
    assert_int_equal(rotation_world_run(world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
    assert_int_equal(world->progress.phase, OKTA_ROTATION_PHASE_RETIRED);
}

static void activate_all(rotation_world *world)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    expect_none(okta_list_jwk(world->api.client, world->app_id, &keys));
    for (size_t i = 0; i < keys->count; i++) {
        okta_oauth2_client_jwk *key = NULL;
        expect_none(okta_activate_oauth2_client_json_web_key(world->api.client, world->app_id,
                                                             keys->items[i]->id, &key));
        okta_free(key);
    }
    okta_free(keys);
}

/* What an administrator activated again is in use, also when another rotation takes over. */
static void another_one_leaves_what_is_active_again(void **state)
{
    rotation_world world;
    okta_rotation *rotation = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    run_to_retired(&world);
    activate_all(&world);
    char name[WORLD_SECRET];
    memcpy(name, world.current, sizeof name);
    okta_rotation_options options = rotation_world_options(&world);
    options.start = OKTA_ROTATION_BEGIN;
    options.retire = OKTA_ROTATION_RETIRE_NAMED;
    options.retire_name = name;
    options.grace_s = okta_int(0);
    expect_none(okta_rotation_new(&options, &rotation));
    expect_none(okta_rotation_run(rotation));
    assert_int_equal(okta_rotation_look(rotation)->state, OKTA_ROTATION_DONE);
    okta_free(rotation);
    assert_int_equal(rotation_world_count(&world), 2); /* the oldest and the newest */
    memcpy(world.current, world.first, sizeof world.current);
    assert_true(rotation_world_service_works(&world));
    rotation_world_stop(&world);
}

/* A second rotation is taken back: the first one has still to delete the old key. */
static void an_undone_one_gives_back_what_it_took_over(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    run_to_retired(&world);
    world.store_fails = OKTA_E_CONFIG;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_UNDONE);
    assert_int_equal(status, OKTA_E_CONFIG);
    assert_true(rotation_world_is_pending(&world));
    assert_int_equal(rotation_world_count(&world), 2);
    world.store_fails = OKTA_OK;
    rotation_world_pass(&world, WORLD_GRACE);
    assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
    assert_int_equal(rotation_world_count(&world), 1);
    assert_true(rotation_world_service_works(&world));
    rotation_world_stop(&world);
}

/* The app had no secret, so that the new one, which does not log in, is the only active one, and the org does
 * not deactivate it. The next run has another one take its place; --undo says what is wrong. */
static void the_first_one_that_fails_goes_when_another_works(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_CLIENT_SECRET);
    world.app_id = "0oa4firstsecret000g4";
    assert_true(mock_org_add_app(world.api.org, world.app_id, "client_secret_basic"));
    world.proves_itself = true;
    world.prove_fails = OKTA_E_AUTH;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_AUTH);
    assert_non_null(strstr(world.message, "it could not be taken back"));
    assert_non_null(strstr(world.message, "only active secret"));
    for (unsigned i = 0; i < 2; i++) { /* however often it fails, one is left */
        assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_STOPPED);
        assert_int_equal(status, OKTA_E_AUTH);
        assert_int_equal(rotation_world_count(&world), 1);
        assert_true(rotation_world_is_pending(&world));
    }
    assert_int_equal(world.proven, 3);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_UNDO, &status), OKTA_ROTATION_STOPPED);
    assert_int_equal(status, OKTA_E_INVALID);
    assert_int_equal(rotation_world_count(&world), 1);
    assert_int_equal(world.switched, 0);
    world.prove_fails = OKTA_OK;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_DONE);
    assert_int_equal(status, OKTA_OK);
    assert_int_equal(world.switched, 1);
    assert_int_equal(rotation_world_count(&world), 1);
    assert_true(rotation_world_service_works(&world));
    assert_false(rotation_world_is_pending(&world));
    rotation_world_stop(&world);
}

/* A request of a process that ended arrives between the list and the request of the next one, which is
 * refused. */
static void a_refusal_is_looked_into(void **state)
{
    rotation_world world;
    okta_status status;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    world.has_recall = true;
    world.ends_at = 3; /* the journal has that it is stored, and the process ends */
    world.ends_behind = true;
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    assert_int_equal(rotation_world_count(&world), 1);
    world.ends_at = 0;
    world.arrives_in_recall = true;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, &status), OKTA_ROTATION_WAITS);
    assert_string_equal(world.message, "");
    assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
    assert_int_equal(rotation_world_count(&world), 1);
    rotation_world_stop(&world);
}

/* A process that was paused has a record of a rotation that is over: it is not taken for the next one's. */
static void records_of_another_rotation_are_refused(void **state)
{
    rotation_world world;
    okta_rotation_record *record = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    world.ends_at = 2;
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    world.ends_at = 0;
    expect_none(world.memory->load(world.memory->ctx, world.app_id, world.kind, &record));
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_UNDO, NULL), OKTA_ROTATION_UNDONE);
    world.api.clock.random += 7;
    world.ends_at = 2;
    rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
    assert_true(rotation_world_is_pending(&world));
    expect_error(world.memory->forget(world.memory->ctx, record), OKTA_E_CONFLICT, "another one");
    record->revision++;
    expect_error(world.memory->step(world.memory->ctx, record), OKTA_E_CONFLICT, "another one");
    okta_free(record);
    rotation_world_stop(&world);
}

/* A plan shows the rotation that would begin, and leaves alone what the last run has shown. */
static void plans_beside_a_run(void **state)
{
    rotation_world world;
    okta_rotation *rotation = NULL;
    okta_rotation_plan *plan = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    okta_rotation_options options = rotation_world_options(&world);
    options.start = OKTA_ROTATION_BEGIN;
    expect_none(okta_rotation_new(&options, &rotation));
    expect_none(okta_rotation_make_plan(rotation, &plan));
    assert_int_equal(plan->count, 10);
    okta_free(plan);
    expect_none(okta_rotation_run(rotation));
    const okta_rotation_progress *progress = okta_rotation_look(rotation);
    assert_int_equal(progress->state, OKTA_ROTATION_WAITS);
    expect_none(okta_rotation_make_plan(rotation, &plan));
    okta_free(plan);
    assert_int_equal(progress->state, OKTA_ROTATION_WAITS);
    assert_string_equal(progress->kid, world.current);
    okta_free(rotation);
    rotation_world_stop(&world);
}

/* A program that gives the key of an HSM gives the same one again. */
static void the_same_key_may_come_again(void **state)
{
    (void)state;
    for (unsigned event = 1; event < 8; event++) {
        rotation_world world;
        rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
        world.gives_same = true;
        world.ends_at = event;
        rotation_world_run(&world, OKTA_ROTATION_BEGIN, NULL);
        world.ends_at = 0;
        okta_rotation_state ended = rotation_world_run(&world, OKTA_ROTATION_GO_ON_OR_BEGIN, NULL);
        assert_string_equal(world.message, "");
        assert_int_equal(ended, OKTA_ROTATION_WAITS);
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        assert_int_equal(rotation_world_count(&world), 1);
        rotation_world_stop(&world);
    }
}

/* A clock that was years ahead when the old key was deactivated. */
static void a_clock_that_was_ahead_holds_nothing_up(void **state)
{
    rotation_world world;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    run_to_retired(&world);
    world.api.clock.wall_skew_ms = -INT64_C(315360000) * 1000;
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_WAITS);
    rotation_world_pass(&world, WORLD_GRACE);
    assert_int_equal(rotation_world_run(&world, OKTA_ROTATION_GO_ON, NULL), OKTA_ROTATION_DONE);
    rotation_world_stop(&world);
}

/* Answers that come later, from another thread. */

typedef struct late_program {
    rotation_world *world;
    pthread_t thread;
    okta_rotation_ask *ask;
    okta_rotation *rotation;
    unsigned asked;
    unsigned done;
    okta_status status;
} late_program;

static void *answer_late(void *context)
{
    late_program *program = context;
    okta_rotation_answer(program->ask, NULL);
    return NULL;
}

static void ask_thread(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    late_program *program = ctx;
    assert_non_null(subject->key);
    assert_non_null(subject->kid);
    assert_string_equal(subject->app_id, program->world->app_id);
    if (program->asked++ > 0) {
        pthread_join(program->thread, NULL);
    }
    program->ask = ask;
    assert_int_equal(pthread_create(&program->thread, NULL, answer_late, program), 0);
}

static void give_key(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    late_program *program = ctx;
    (void)subject;
    okta_rotation_answer_key(ask, program->world->keys[1], NULL);
}

static void on_done(void *ctx, okta_rotation *rotation, okta_error *error)
{
    late_program *program = ctx;
    assert_ptr_equal(rotation, program->rotation);
    program->done++;
    program->status = okta_error_status(error);
    okta_free(error);
}

static okta_rotation_options late_options(late_program *program)
{
    okta_rotation_options options = rotation_world_options(program->world);
    options.make = give_key;
    options.store = ask_thread;
    options.prove = ask_thread;
    options.switch_over = ask_thread;
    options.ctx = program;
    return options;
}

static void answers_may_come_later(void **state)
{
    rotation_world world;
    late_program program = {.world = &world};
    okta_loop *loop = NULL;
    (void)state;
    rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
    okta_rotation_options options = late_options(&program);
    expect_none(okta_rotation_new(&options, &program.rotation));
    expect_none(okta_loop_new(NULL, &loop));
    expect_none(okta_rotation_submit(program.rotation, loop, on_done, &program));
    expect_error(okta_rotation_submit(program.rotation, loop, on_done, &program), OKTA_E_ARG, "runs already");
    expect_error(okta_rotation_run(program.rotation), OKTA_E_ARG, "runs already");
    assert_int_equal(program.done, 0);
    expect_none(okta_loop_run(loop));
    pthread_join(program.thread, NULL);
    assert_int_equal(program.done, 1);
    assert_int_equal(program.status, OKTA_OK);
    assert_int_equal(program.asked, 3);
    assert_int_equal(okta_rotation_look(program.rotation)->state, OKTA_ROTATION_WAITS);
    okta_free(program.rotation);
    okta_free(loop);
    rotation_world_stop(&world);
}

/* A question that is open when the rotation is canceled, released, or its loop is. */

static void ask_nobody(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask)
{
    late_program *program = ctx;
    (void)subject;
    program->ask = ask;
    program->asked++;
}

static void cancel_it(late_program *program, okta_loop **loop)
{
    okta_rotation_cancel(program->rotation);
    expect_none(okta_loop_run(*loop));
    assert_int_equal(program->done, 1);
    assert_int_equal(program->status, OKTA_E_CANCELED);
}

static void release_it(late_program *program, okta_loop **loop)
{
    okta_free(program->rotation);
    program->rotation = NULL;
    expect_none(okta_loop_run(*loop));
    assert_int_equal(program->done, 0);
}

static void cancel_loop(late_program *program, okta_loop **loop)
{
    okta_loop_cancel(*loop);
    expect_none(okta_loop_run(*loop));
    assert_int_equal(program->done, 1);
    assert_int_equal(program->status, OKTA_E_CANCELED);
}

static void release_loop(late_program *program, okta_loop **loop)
{
    okta_free(*loop);
    *loop = NULL;
    assert_int_equal(program->done, 1);
    assert_int_equal(program->status, OKTA_E_CANCELED);
}

static void an_open_question_holds_nothing_up(void **state)
{
    void (*const endings[])(late_program *, okta_loop **) = {cancel_it, release_it, cancel_loop,
                                                             release_loop};
    (void)state;
    for (size_t i = 0; i < COUNT(endings); i++) {
        rotation_world world;
        late_program program = {.world = &world};
        okta_loop *loop = NULL;
        rotation_world_start(&world, OKTA_ROTATION_SIGNING_KEY);
        okta_rotation_options options = late_options(&program);
        options.store = ask_nobody;
        expect_none(okta_rotation_new(&options, &program.rotation));
        expect_none(okta_loop_new(NULL, &loop));
        expect_none(okta_rotation_submit(program.rotation, loop, on_done, &program));
        while (program.asked == 0) {
            expect_none(okta_loop_poll(loop, -1));
        }
        endings[i](&program, &loop);
        okta_rotation_answer(program.ask, okta_error_new(OKTA_E_CONFIG, "too late"));
        assert_true(rotation_world_is_pending(&world)); /* it can go on */
        okta_free(program.rotation);
        okta_free(loop);
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        rotation_world_stop(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_bad_options),
        cmocka_unit_test(plans_what_it_does),
        cmocka_unit_test(takes_back_what_does_not_work),
        cmocka_unit_test(goes_on_behind_a_switch_that_fails),
        cmocka_unit_test(login_that_is_refused_takes_back),
        cmocka_unit_test(a_second_one_goes_on_or_is_refused),
        cmocka_unit_test(another_one_takes_over_what_waits),
        cmocka_unit_test(undoes_what_was_interrupted),
        cmocka_unit_test(a_process_that_was_overtaken_is_refused),
        cmocka_unit_test(says_what_stands_in_the_way),
        cmocka_unit_test(replaces_what_it_is_told_to),
        cmocka_unit_test(leaves_what_is_active_again),
        cmocka_unit_test(replaces_a_new_one_that_is_deleted),
        cmocka_unit_test(deletes_what_is_added_again),
        cmocka_unit_test(another_one_leaves_what_is_active_again),
        cmocka_unit_test(an_undone_one_gives_back_what_it_took_over),
        cmocka_unit_test(the_first_one_that_fails_goes_when_another_works),
        cmocka_unit_test(a_refusal_is_looked_into),
        cmocka_unit_test(records_of_another_rotation_are_refused),
        cmocka_unit_test(plans_beside_a_run),
        cmocka_unit_test(the_same_key_may_come_again),
        cmocka_unit_test(a_clock_that_was_ahead_holds_nothing_up),
        cmocka_unit_test(answers_may_come_later),
        cmocka_unit_test(an_open_question_holds_nothing_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
