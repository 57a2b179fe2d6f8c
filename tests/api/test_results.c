/* SPDX-License-Identifier: Apache-2.0 */
/* What answers become: typed members, the three shapes of the key list, and what the library does not know.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

#define RSA_MEMBERS "\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" API_N "\""
#define EC_MEMBERS  "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" API_X "\",\"y\":\"" API_Y "\""

/* Keys as old, new and odd orgs have them. */
#define KEY_OLD    "{\"id\":\"old\",\"use\":null," RSA_MEMBERS ",\"status\":\"ACTIVE\"}"
#define KEY_PADDED "{\"id\":\"pad\",\"kid\":\"p\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AM" API_N "==\"}"
#define KEY_EC                                                                                               \
    "{\"id\":\"ec\",\"kid\":\"e\",\"alg\":\"ES256\",\"use\":\"sig\"," EC_MEMBERS ",\"status\":\"INACTIVE\"}"
#define KEY_NEW                                                                                              \
    "{\"id\":\"new\",\"kid\":\"n\",\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\",\"use\":\"wrap\","       \
    "\"status\":\"SUSPENDED\",\"x5c\":[\"AA\"],\"big\":9007199254740993}"
#define KEY_ODD "{\"id\":7,\"kid\":[\"a\"],\"kty\":true,\"_links\":\"none\",\"status\":null,\"created\":{}}"

/* API_N with a zero octet in front and padding, as Okta sometimes has it. */
#define PADDED_N                                                                                             \
    "AM8nB8L9CqPbRZ0lBjRN7C35y-"                                                                             \
    "3ntJJQ8_2PtQIhWWY4JX90zVx5SYr_AOnjH9ixAsme8mV1Sak31rXUP3g8K5cyGZH_rYbpCpyHItZr5nhMA5TrtI4H"             \
    "59BXUaDSWEzLwKMww2qzPh5rOKRrFAdllSma_4D5C_7hyko3nBaRSB4ytNoTf1jvsLdgPqLOlv5vbH4gF_kXmdZpEG"             \
    "ykcfqyQQrzzbsUO8Lgl43RcNatu6LEd-f2j-"                                                                   \
    "U4XPIeoaYuniPIBZYI3fkFgOH0Ux7SJaId1GhFKNVSiN6EaEDTEAqQfgwlQjbkoo5tiwowEjBxQnG0MR0XpHPZJefX"             \
    "_mkTQqhmxT0"                                                                                            \
    "="

static const char *const all_keys[] = {KEY_OLD, KEY_PADDED, KEY_EC, KEY_NEW, KEY_ODD};

static okta_oauth2_client_jwk_list *list_keys(const api_world *world)
{
    okta_oauth2_client_jwk_list *list = NULL;
    api_expect_success("listJwk", okta_list_jwk(world->client, API_APP, &list));
    assert_non_null(list->items);
    return list;
}

static void expect_source(const void *model, const char *text)
{
    size_t length = 0;
    const char *source = okta_source(model, &length);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(source, text, length);
}

static void expect_written(const okta_descriptor *type, const void *model, okta_json_form form,
                           const char *expected)
{
    char *json = NULL;
    size_t length = 0;
    api_expect_success("okta_to_json", okta_to_json(type, model, form, &json, &length));
    api_expect_json("okta_to_json", json, length, expected);
    okta_free(json);
}

static void expect_old_key(const okta_oauth2_client_jwk *key)
{
    assert_string_equal(key->id, "old");
    assert_null(key->kid);
    assert_null(key->alg);
    assert_int_equal(key->use, OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT);
    assert_string_equal(okta_extra(key, "use"), "null");
    assert_int_equal(key->kty, OKTA_OAUTH2_CLIENT_JWK_KTY_RSA);
    assert_string_equal(key->n, API_N);
    assert_string_equal(key->e, "AQAB");
    assert_int_equal(key->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE);
    assert_null(key->created);
    assert_null(key->links);
}

static void expect_ec_key(const okta_oauth2_client_jwk *key)
{
    assert_int_equal(key->kty, OKTA_OAUTH2_CLIENT_JWK_KTY_EC);
    assert_string_equal(key->crv, "P-256");
    assert_string_equal(key->x, API_X);
    assert_string_equal(key->y, API_Y);
    assert_string_equal(key->alg, "ES256");
    assert_int_equal(key->use, OKTA_OAUTH2_CLIENT_JWK_USE_SIG);
    assert_int_equal(key->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE);
    assert_null(key->n);
    assert_null(key->e);
}

static void expect_new_key(const okta_oauth2_client_jwk *key)
{
    assert_int_equal(key->kty, OKTA_OAUTH2_CLIENT_JWK_KTY_OTHER);
    assert_string_equal(okta_enum_text(key, "kty"), "OKP");
    assert_int_equal(key->use, OKTA_OAUTH2_CLIENT_JWK_USE_OTHER);
    assert_string_equal(okta_enum_text(key, "use"), "wrap");
    assert_int_equal(key->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_OTHER);
    assert_string_equal(okta_enum_text(key, "status"), "SUSPENDED");
    assert_string_equal(okta_extra(key, "x5c"), "[\"AA\"]");
    assert_string_equal(okta_extra(key, "big"), "9007199254740993");
    assert_null(okta_extra(key, "none"));
}

static void expect_odd_key(const okta_oauth2_client_jwk *key)
{
    assert_null(key->id);
    assert_null(key->kid);
    assert_int_equal(key->kty, OKTA_OAUTH2_CLIENT_JWK_KTY_ABSENT);
    assert_int_equal(key->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT);
    assert_null(key->links);
    assert_null(key->created);
    assert_string_equal(okta_extra(key, "id"), "7");
    assert_string_equal(okta_extra(key, "kid"), "[\"a\"]");
    assert_string_equal(okta_extra(key, "_links"), "\"none\"");
}

static void expect_all_keys(const okta_oauth2_client_jwk_list *list)
{
    char array[8192];
    size_t length = 0;
    assert_int_equal(list->count, COUNT(all_keys));
    for (size_t i = 0; i < COUNT(all_keys); i++) {
        expect_source(list->items[i], all_keys[i]);
        expect_written(okta_oauth2_client_jwk_descriptor(), list->items[i], OKTA_JSON_WHOLE, all_keys[i]);
        length +=
            (size_t)snprintf(array + length, sizeof array - length, "%c%s", i == 0 ? '[' : ',', all_keys[i]);
    }
    snprintf(array + length, sizeof array - length, "]");
    expect_written(okta_oauth2_client_jwk_list_descriptor(), list, OKTA_JSON_WHOLE, array);
    expect_old_key(list->items[0]);
    assert_string_equal(list->items[1]->n, "AM" API_N "==");
    expect_ec_key(list->items[2]);
    expect_new_key(list->items[3]);
    expect_odd_key(list->items[4]);
}

static void takes_all_three_shapes_of_the_key_list(void **state)
{
    (void)state;
    static const mock_list_shape shapes[] = {MOCK_LIST_ARRAY, MOCK_LIST_KEYS, MOCK_LIST_JWKS};
    for (size_t i = 0; i < COUNT(shapes); i++) {
        api_world world;
        api_world_start(&world, &(mock_org_options){.list_shape = shapes[i]}, NULL);
        okta_oauth2_client_jwk_list *list = list_keys(&world);
        assert_int_equal(list->count, 0);
        expect_written(okta_oauth2_client_jwk_list_descriptor(), list, OKTA_JSON_WHOLE, "[]");
        okta_free(list);
        for (size_t j = 0; j < COUNT(all_keys); j++) {
            api_put(&world, "jwks", all_keys[j]);
        }
        list = list_keys(&world);
        expect_all_keys(list);
        okta_free(list);
        api_world_stop(&world);
    }
}

static void gets_each_kind_of_key_alone(void **state)
{
    api_world *world = *state;
    static void (*const checks[])(const okta_oauth2_client_jwk *) = {expect_old_key, NULL, expect_ec_key,
                                                                     expect_new_key, expect_odd_key};
    for (size_t i = 0; i < COUNT(all_keys); i++) {
        okta_oauth2_client_jwk *key = NULL;
        api_fault(world, (mock_fault){.status = 200, .body = all_keys[i]});
        api_expect_success("getJwk", okta_get_jwk(world->client, API_APP, API_KEY, &key));
        expect_source(key, all_keys[i]);
        if (checks[i] != NULL) {
            checks[i](key);
        }
        okta_free(key);
    }
}

/* Lists that Okta does not send, each with how many keys it shows; -1: it is no list of keys. */
static void takes_a_list_for_what_it_is(void **state)
{
    static const struct {
        const char *body;
        int keys;
        int secrets;
    } cases[] = {
        {"[]", 0, 0},
        {" [ ] ", 0, 0},
        {"\xef\xbb\xbf[]", 0, 0},
        {"[{}]", 1, 1},
        {"[7,null,\"a\",[],{\"id\":\"a\"}]", 5, 5},
        {"[{\"id\":\"a\",\"id\":\"b\"},{\"id\":\"c\"}]", 2, 2},
        {"{\"keys\":[{},{}]}", 2, -1},
        {"{\"jwks\":{\"keys\":[{}]}}", 1, -1},
        {"{\"jwks\":[{}]}", 1, -1},
        {"{\"total\":9,\"keys\":[{}]}", 1, -1},
        {"{\"keys\":7}", -1, -1},
        {"{\"keys\":null}", -1, -1},
        {"{\"Keys\":[]}", -1, -1},
        {"{\"items\":[]}", -1, -1},
        {"{}", -1, -1},
        {"7", -1, -1},
        {"null", -1, -1},
        {"[}", -1, -1},
        {"[{},]", -1, -1},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_oauth2_client_jwk_list *keys = NULL;
        okta_oauth2_client_secret_list *secrets = NULL;
        api_fault(world, (mock_fault){.status = 200, .body = cases[i].body, .times = 2});
        okta_error *error = okta_list_jwk(world->client, API_APP, &keys);
        assert_int_equal(okta_error_status(error), cases[i].keys < 0 ? OKTA_E_PROTOCOL : OKTA_OK);
        assert_int_equal(keys == NULL ? -1 : (int)keys->count, cases[i].keys);
        okta_free(error);
        okta_free(keys);
        error = okta_list_oauth2_client_secrets(world->client, API_APP, &secrets);
        assert_int_equal(okta_error_status(error), cases[i].secrets < 0 ? OKTA_E_PROTOCOL : OKTA_OK);
        assert_int_equal(secrets == NULL ? -1 : (int)secrets->count, cases[i].secrets);
        okta_free(error);
        okta_free(secrets);
    }
}

static void one_bad_element_does_not_spoil_a_list(void **state)
{
    api_world *world = *state;
    api_fault(world,
              (mock_fault){.status = 200,
                           .body = "{\"more\":true,\"keys\":[7,{\"kid\":\"a\",\"kid\":\"b\"}," KEY_EC "]}"});
    okta_oauth2_client_jwk_list *list = list_keys(world);
    assert_int_equal(list->count, 3);
    assert_string_equal(okta_extra(list, "more"), "true");
    expect_source(list->items[0], "7");
    assert_null(list->items[0]->kid);
    expect_source(list->items[1], "{\"kid\":\"a\",\"kid\":\"b\"}");
    assert_null(list->items[1]->kid);
    expect_ec_key(list->items[2]);
    okta_free(list);
}

static void refuses_a_key_that_is_told_twice(void **state)
{
    static const char *const members[] = {"id", "kid", "kty", "alg", "use",   "e",
                                          "n",  "crv", "x",   "y",   "status"};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(members); i++) {
        char body[64];
        okta_oauth2_client_jwk *key = NULL;
        snprintf(body, sizeof body, "{\"%s\":\"a\",\"%s\":\"a\"}", members[i], members[i]);
        api_fault(world, (mock_fault){.status = 200, .body = body});
        api_expect_refusal(members[i], okta_get_jwk(world->client, API_APP, API_KEY, &key), OKTA_E_PROTOCOL,
                           "getJwk: ");
        assert_null(key);
    }
}

static const api_operation *find_operation(const char *name)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        if (strcmp(api_operations[i].name, name) == 0) {
            return &api_operations[i];
        }
    }
    fail_msg("there is no operation %s", name);
    return NULL;
}

static void a_created_object_needs_an_id(void **state)
{
    static const char *const bodies[] = {"{}", "{\"id\":null}", "{\"id\":\"\"}", "{\"id\":7}",
                                         "{\"ID\":\"a\"}"};
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(bodies) && operation->effect == API_CREATE; j++) {
            void *out = NULL;
            api_story story;
            api_forget(world);
            /* Nor does the list show it. */
            api_lost_story(operation, 1, story);
            api_fault(world, (mock_fault){.method = operation->method, .status = 201, .body = bodies[j]});
            okta_error *error = operation->run(world->client, operation->ids, &out);
            api_expect_story(operation->name, world, operation, story, API_ANY);
            api_expect_number(operation->name, "attempts", okta_error_attempts(error), 1);
            api_expect_text(operation->name, "the body", okta_error_response_body(error, NULL), bodies[j]);
            api_expect_number(operation->name, "retryable", okta_error_is_retryable(error), false);
            api_expect_refusal(operation->name, error, OKTA_E_OUTCOME_UNKNOWN, "the answer has no id");
            assert_null(out);
        }
    }
}

/* A 2xx answer about something else says nothing about what was sent. */
static void a_created_object_must_be_what_was_sent(void **state)
{
#define SENT "\"kid\":\"kid-1\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" API_N "\""
    static const struct {
        const char *name;
        const char *body;
        bool same;
    } cases[] = {
        {"addJwk", "{\"id\":\"a\"," SENT "}", true},
        {"addJwk", "{\"id\":\"a\",\"kid\":\"kid-1\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" PADDED_N "\"}",
         true},
        {"addJwk", "{\"id\":\"a\",\"use\":\"enc\",\"status\":\"ACTIVE\"," SENT "}", true},
        {"addJwk", "{\"id\":\"a\"}", false},
        {"addJwk", "{\"id\":\"a\",\"kid\":\"kid-1\"}", false},
        {"addJwk", "{\"id\":\"a\",\"kid\":\"kid-2\"," RSA_MEMBERS "}", false},
        {"addJwk", "{\"id\":\"a\",\"kid\":null," RSA_MEMBERS "}", false},
        {"addJwk", "{\"id\":\"a\"," RSA_MEMBERS "}", false},
        {"addJwk", "{\"id\":\"a\",\"kid\":\"kid-1\"," EC_MEMBERS "}", false},
        {"addJwk", "{\"id\":\"a\",\"kid\":\"kid-1\",\"kty\":\"RSA\",\"e\":\"AQAC\",\"n\":\"" API_N "\"}",
         false},
        {"addJwk", "{\"id\":\"a\",\"kid\":\"kid-1\",\"kty\":\"RSA\",\"e\":\"AQAB\"}", false},
        {"addJwk", "{\"id\":\"a\",\"kid\":\"kid-1\",\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"" API_N "\"}",
         false},
        {"createOAuth2ClientSecret", "{\"id\":\"a\",\"client_secret\":\"a-secret-of-more-than-14\"}", true},
        {"createOAuth2ClientSecret", "{\"id\":\"a\",\"client_secret\":\"a-secret-of-more-than-15\"}", false},
        {"createOAuth2ClientSecret", "{\"id\":\"a\",\"client_secret\":\"a-secret-of-more-than-1\"}", false},
        {"createOAuth2ClientSecret", "{\"id\":\"a\",\"client_secret\":null}", false},
        {"createOAuth2ClientSecret", "{\"id\":\"a\"}", false},
        {"createOAuth2ClientSecret without a body", "{\"id\":\"a\"}", true},
        {"createOAuth2ClientSecret without a body", "{\"id\":\"a\",\"client_secret\":\"any\"}", true},
    };
#undef SENT
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const api_operation *operation = find_operation(cases[i].name);
        void *out = NULL;
        api_story story;
        /* Whatever it says, an answer of 2xx is one: nothing is sent again. */
        api_lost_story(operation, 1, story);
        story[cases[i].same ? operation->looks_before + 1 : strlen(story)] = '\0';
        api_forget(world);
        api_fault(world, (mock_fault){.method = operation->method, .status = 201, .body = cases[i].body});
        okta_error *error = operation->run(world->client, operation->ids, &out);
        api_expect_story(cases[i].body, world, operation, story, API_ANY);
        if (cases[i].same) {
            api_expect_success(cases[i].body, error);
            expect_source(out, cases[i].body);
            okta_free(out);
            continue;
        }
        api_expect_text(cases[i].body, "the body", okta_error_response_body(error, NULL), cases[i].body);
        api_expect_refusal(cases[i].body, error, OKTA_E_OUTCOME_UNKNOWN, "the answer is not what was sent");
        assert_null(out);
    }
}

static void shows_all_members_of_a_key_and_a_secret(void **state)
{
    api_world *world = *state;
    okta_oauth2_client_jwk *key = NULL;
    okta_oauth2_client_secret *secret = NULL;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        if (strcmp(operation->name, "getJwk") == 0) {
            api_queue_good_answer(world, operation);
            api_expect_success("getJwk", operation->run(world->client, operation->ids, (void **)&key));
        } else if (strcmp(operation->name, "getOAuth2ClientSecret") == 0) {
            api_queue_good_answer(world, operation);
            api_expect_success("getOAuth2ClientSecret",
                               operation->run(world->client, operation->ids, (void **)&secret));
        }
    }
    assert_string_equal(key->id, API_KEY);
    assert_string_equal(key->created, "2025-06-15T15:06:40.000Z");
    assert_string_equal(key->last_updated, "2025-06-15T15:06:41.000Z");
    assert_non_null(strstr(okta_links_find(key->links, "activate", 0)->href, API_KEY "/lifecycle/activate"));
    assert_int_equal(okta_links_find(key->links, "activate", 0)->hints->allow_count, 1);
    assert_string_equal(okta_links_find(key->links, "activate", 0)->hints->allow[0], "POST");
    assert_string_equal(okta_links_find(key->links, "delete", 0)->hints->allow[0], "DELETE");
    assert_null(okta_links_find(key->links, "deactivate", 0));
    okta_free(key);
    assert_string_equal(secret->id, API_SECRET);
    assert_string_equal(secret->client_secret, "a-secret-of-more-than-14");
    assert_string_equal(secret->secret_hash, "yk4SVx4sUWVJVbHt6M-UPA");
    assert_int_equal(secret->status, OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE);
    assert_string_equal(secret->created, "2025-06-15T15:06:40.000Z");
    assert_string_equal(secret->last_updated, "2025-06-15T15:06:41.000Z");
    assert_non_null(
        strstr(okta_links_find(secret->links, "deactivate", 0)->href, API_SECRET "/lifecycle/deactivate"));
    okta_free(secret);
}

/* What goes back is what came, but for what the program set and what is read-only. */
static void adds_a_key_that_was_read_elsewhere(void **state)
{
    api_world *world = *state;
    okta_oauth2_client_jwk *key = NULL;
    okta_oauth2_client_jwk *added = NULL;
    api_fault(world, (mock_fault){
                         .status = 200,
                         .body = "{\"id\":\"a\",\"kid\":\"k\"," RSA_MEMBERS
                                 ",\"x5t\":\"q\",\"note\":[1.50],\"status\":\"ACTIVE\",\"created\":\"c\"}"});
    api_expect_success("getJwk", okta_get_jwk(world->client, API_APP, "a", &key));
    key->kid = "kid-2";
    key->status = OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE;
    mock_org_forget_requests(world->org);
    api_expect_success("addJwk", okta_add_jwk(world->client, MOCK_SERVICE_APP, key, &added));
    api_expect_request("addJwk", world, 0, "POST", "/api/v1/apps/" MOCK_SERVICE_APP "/credentials/jwks",
                       "{\"kid\":\"kid-2\"," RSA_MEMBERS
                       ",\"status\":\"INACTIVE\",\"x5t\":\"q\",\"note\":[1.50]}");
    assert_string_equal(added->kid, "kid-2");
    okta_free(added);
    okta_free(key);
}

static void expect_key_status(const api_world *world, const char *key_id,
                              okta_oauth2_client_jwk_status status)
{
    okta_oauth2_client_jwk *key = NULL;
    api_expect_success("getJwk", okta_get_jwk(world->client, API_APP, key_id, &key));
    assert_int_equal(key->status, status);
    okta_free(key);
}

static void a_key_lives_and_dies(void **state)
{
    api_world *world = *state;
    okta_oauth2_client_jwk *key = NULL;
    okta_oauth2_client_jwk *again = NULL;
    okta_oauth2_client_jwk_request request = api_jwk_request;
    request.status = OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT;
    api_expect_success("addJwk", okta_add_jwk(world->client, API_APP, &request, &key));
    assert_string_equal(key->kid, "kid-1");
    assert_int_equal(key->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE);
    api_expect_refusal("addJwk", okta_add_jwk(world->client, API_APP, &request, &again), OKTA_E_INVALID,
                       "E0000001");
    assert_null(again);
    api_expect_refusal("deletejwk", okta_delete_jwk(world->client, API_APP, key->id), OKTA_E_INVALID,
                       "E0000001");
    api_expect_success("deactivate",
                       okta_deactivate_oauth2_client_json_web_key(world->client, API_APP, key->id, &again));
    assert_int_equal(again->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE);
    okta_free(again);
    expect_key_status(world, key->id, OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE);
    api_expect_success("activate",
                       okta_activate_oauth2_client_json_web_key(world->client, API_APP, key->id, &again));
    okta_free(again);
    expect_key_status(world, key->id, OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE);
    api_expect_success("deactivate",
                       okta_deactivate_oauth2_client_json_web_key(world->client, API_APP, key->id, &again));
    okta_free(again);
    api_expect_success("deletejwk", okta_delete_jwk(world->client, API_APP, key->id));
    api_expect_refusal("deletejwk", okta_delete_jwk(world->client, API_APP, key->id), OKTA_E_NOT_FOUND,
                       "E0000007");
    okta_free(key);
    okta_oauth2_client_jwk_list *list = list_keys(world);
    assert_int_equal(list->count, 0);
    okta_free(list);
}

static void a_secret_lives_and_dies(void **state)
{
    api_world *world = *state;
    okta_oauth2_client_secret *own = NULL;
    okta_oauth2_client_secret *made = NULL;
    okta_oauth2_client_secret *other = NULL;
    okta_oauth2_client_secret_list *list = NULL;
    okta_client *client = world->client;
    api_expect_success("create",
                       okta_create_oauth2_client_secret(client, API_APP, &api_secret_request, &own));
    assert_string_equal(own->client_secret, api_secret_request.client_secret);
    api_expect_success("create", okta_create_oauth2_client_secret(client, API_APP, NULL, &made));
    assert_true(strlen(made->client_secret) >= 14);
    api_expect_refusal("create", okta_create_oauth2_client_secret(client, API_APP, NULL, &other),
                       OKTA_E_INVALID, "E0000001");
    api_expect_success("list", okta_list_oauth2_client_secrets(client, API_APP, &list));
    assert_int_equal(list->count, 2);
    assert_string_equal(list->items[0]->id, own->id);
    assert_string_equal(list->items[1]->client_secret, made->client_secret);
    okta_free(list);
    api_expect_refusal("delete", okta_delete_oauth2_client_secret(client, API_APP, own->id), OKTA_E_INVALID,
                       "E0000001");
    api_expect_success("deactivate", okta_deactivate_oauth2_client_secret(client, API_APP, own->id, &other));
    assert_int_equal(other->status, OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE);
    okta_free(other);
    api_expect_refusal("deactivate", okta_deactivate_oauth2_client_secret(client, API_APP, made->id, &other),
                       OKTA_E_INVALID, "E0000001");
    api_expect_success("activate", okta_activate_oauth2_client_secret(client, API_APP, own->id, &other));
    assert_int_equal(other->status, OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE);
    okta_free(other);
    api_expect_success("deactivate", okta_deactivate_oauth2_client_secret(client, API_APP, made->id, &other));
    okta_free(other);
    api_expect_success("delete", okta_delete_oauth2_client_secret(client, API_APP, made->id));
    api_expect_refusal("get", okta_get_oauth2_client_secret(client, API_APP, made->id, &other),
                       OKTA_E_NOT_FOUND, "E0000007");
    okta_free(own);
    okta_free(made);
}

static void a_result_outlives_its_client(void **state)
{
    api_world *world = *state;
    api_put(world, "jwks", KEY_EC);
    okta_oauth2_client_jwk_list *list = list_keys(world);
    okta_free(world->client);
    world->client = NULL;
    expect_ec_key(list->items[0]);
    okta_free(list);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_all_three_shapes_of_the_key_list),
        TEST(gets_each_kind_of_key_alone),
        TEST(takes_a_list_for_what_it_is),
        TEST(one_bad_element_does_not_spoil_a_list),
        TEST(refuses_a_key_that_is_told_twice),
        TEST(a_created_object_needs_an_id),
        TEST(a_created_object_must_be_what_was_sent),
        TEST(shows_all_members_of_a_key_and_a_secret),
        TEST(adds_a_key_that_was_read_elsewhere),
        TEST(a_key_lives_and_dies),
        TEST(a_secret_lives_and_dies),
        TEST(a_result_outlives_its_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
