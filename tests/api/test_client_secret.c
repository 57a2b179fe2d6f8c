/* SPDX-License-Identifier: Apache-2.0 */
/* A service app whose credential is a client secret: what is sent, and that its tokens are like any other's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/service_app.h"
#include "unit/allocations.h"

/* All that has to be encoded, and how Python's urllib and base64 write `id:secret` and the two fields. */
#define SECRET       "pw:%+/ &=~\"x\\y-Canary"
#define BASIC_APP    "0oa:basic&1"
#define POST_APP     "0oa:post&1"
#define BASIC_HEADER "Basic MG9hJTNBYmFzaWMlMjYxOnB3JTNBJTI1JTJCJTJGJTIwJTI2JTNEfiUyMnglNUN5LUNhbmFyeQ=="
#define POST_BODY                                                                                            \
    "grant_type=client_credentials&scope=okta.apps.read%20okta.apps.manage%20okta.users.read"                \
    "&client_id=0oa%3Apost%261&client_secret=pw%3A%25%2B%2F%20%26%3D~%22x%5Cy-Canary"

static const struct {
    okta_client_auth_method method;
    const char *name;
    const char *app;
} ways[] = {
    {OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_BASIC, "client_secret_basic", BASIC_APP},
    {OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST, "client_secret_post", POST_APP},
};

static int secret_setup(void **state)
{
    if (service_setup(state) != 0) {
        return -1;
    }
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(ways); i++) {
        assert_true(mock_org_add_app(world->api.org, ways[i].app, ways[i].name));
        assert_true(mock_org_put(world->api.org, ways[i].app, "secrets",
                                 "{\"id\":\"ocs1\",\"status\":\"ACTIVE\","
                                 "\"client_secret\":\"pw:%+/ &=~\\\"x\\\\y-Canary\"}"));
    }
    return 0;
}

static okta_client_options with_secret(size_t way, const char *secret)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.authorization_mode = OKTA_AUTHORIZATION_CLIENT_SECRET;
    options.client_id = ways[way].app;
    options.scopes = SERVICE_SCOPES;
    options.client_secret = secret;
    options.client_auth_method = ways[way].method;
    return options;
}

static void begin(service_world *world, size_t way, const char *secret)
{
    okta_client_options options = with_secret(way, secret);
    service_renew(world, &options);
    api_forget(&world->api);
}

static void expect_sends(const char *label, const service_world *world, size_t tokens, size_t calls)
{
    api_expect_number(label, "token requests", (int64_t)service_requests(world, MOCK_TOKEN_PATH),
                      (int64_t)tokens);
    api_expect_number(label, "calls", (int64_t)service_requests(world, "/api/"), (int64_t)calls);
}

static void the_secret_goes_where_its_method_says(void **state)
{
    service_world *world = *state;
    begin(world, 0, SECRET);
    api_expect_success("basic", service_call(world));
    api_expect_header("basic", &world->api, 0, "Authorization", BASIC_HEADER);
    api_expect_request(
        "basic", &world->api, 0, "POST", MOCK_TOKEN_PATH,
        "grant_type=client_credentials&scope=okta.apps.read%20okta.apps.manage%20okta.users.read");
    expect_sends("basic", world, 1, 1);
    begin(world, 1, SECRET);
    api_expect_success("post", service_call(world));
    api_expect_header("post", &world->api, 0, "Authorization", NULL);
    api_expect_request("post", &world->api, 0, "POST", MOCK_TOKEN_PATH, POST_BODY);
    expect_sends("post", world, 1, 1);
}

static void tokens_are_used_renewed_and_replaced_once(void **state)
{
    service_world *world = *state;
    for (size_t way = 0; way < COUNT(ways); way++) {
        begin(world, way, SECRET);
        for (int i = 0; i < 3; i++) {
            api_expect_success(ways[way].name, service_call(world));
        }
        expect_sends("one token", world, 1, 3);
        mock_org_revoke_tokens(world->api.org);
        api_forget(&world->api);
        api_expect_success("401", service_call(world));
        expect_sends("401", world, 1, 2);
        /* In the last tenth of its life. */
        world->api.clock.now_ms += INT64_C(3500) * 1000;
        mock_org_set_now(world->api.org, API_NOW_S + world->api.clock.now_ms / 1000);
        api_forget(&world->api);
        api_expect_success("renewal", service_call(world));
        expect_sends("renewal", world, 1, 1);
    }
}

static void proofs_go_along(void **state)
{
    service_world *world = *state;
    for (size_t way = 0; way < COUNT(ways); way++) {
        assert_true(mock_org_require_dpop(world->api.org, ways[way].app, true));
        begin(world, way, SECRET);
        api_expect_success("asked", service_call(world));
        /* No proof, a proof without the nonce, and then a good one. */
        expect_sends("asked", world, 3, 1);
        const mock_request *last = mock_org_request_at(world->api.org, 3);
        assert_memory_equal(mock_request_header(last, "Authorization"), "DPoP ", 5);
        okta_client_options options = with_secret(way, SECRET);
        options.dpop = OKTA_DPOP_NEVER;
        service_renew(world, &options);
        okta_error *error = service_call(world);
        assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
        assert_string_equal(okta_error_code(error), "invalid_dpop_proof");
        okta_free(error);
    }
}

static void a_wrong_secret_is_refused_once_for_a_while(void **state)
{
    static const char *const says[] = {
        "listJwk: the token request was refused (client_secret_basic): HTTP 401 invalid_client: ",
        "listJwk: the token request was refused (client_secret_post): HTTP 401 invalid_client: "};
    service_world *world = *state;
    for (size_t way = 0; way < COUNT(ways); way++) {
        begin(world, way, SECRET "!");
        for (int i = 0; i < 3; i++) {
            okta_error *error = service_call(world);
            assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
            assert_memory_equal(okta_error_message(error), says[way], strlen(says[way]));
            assert_null(strstr(okta_error_message(error), "Canary"));
            okta_free(error);
        }
        expect_sends("refused", world, 1, 0);
        /* By the method of another app the secret is no good, and nothing else is tried. */
        okta_client_options options = with_secret(way, SECRET);
        options.client_auth_method = ways[1 - way].method;
        service_renew(world, &options);
        api_forget(&world->api);
        api_expect_refusal("another method", service_call(world), OKTA_E_AUTH, says[1 - way]);
        expect_sends("another method", world, 1, 0);
    }
}

/* An undated request is not refused for the time. */
static void the_clock_is_not_blamed(void **state)
{
    service_world *world = *state;
    begin(world, 0, "wrong");
    world->api.clock.wall_skew_ms = INT64_C(-86400) * 1000;
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_null(strstr(okta_error_message(error), "clock"));
    okta_free(error);
}

static void many_threads_ask_for_one_token(void **state)
{
    service_world *world = *state;
    for (size_t way = 0; way < COUNT(ways); way++) {
        begin(world, way, SECRET);
        assert_int_equal(service_call_from_threads(world, 16), 16);
        expect_sends(ways[way].name, world, 1, 16);
    }
}

static void refuses_what_makes_no_client_with_a_secret(void **state)
{
    static const struct {
        const char *says;
        size_t member;
        const char *value;
    } cases[] = {
        {"token does not go with a client secret", offsetof(okta_client_options, token), "00token"},
        {"client_id is required with a client secret", offsetof(okta_client_options, client_id), NULL},
        {"client_id must be", offsetof(okta_client_options, client_id), "a b"},
        {"scopes is required with a client secret", offsetof(okta_client_options, scopes), NULL},
        {"client_secret is required", offsetof(okta_client_options, client_secret), NULL},
        {"client_secret is required", offsetof(okta_client_options, client_secret), ""},
        {"client_secret ends in a line break", offsetof(okta_client_options, client_secret), "a-Canary\n"},
        {"client_secret must be printable ASCII", offsetof(okta_client_options, client_secret),
         "\xc3\xa9-Canary"},
        {"private_key does not go with a client secret", offsetof(okta_client_options, private_key),
         "key.pem"},
    };
    service_world *world = *state;
    okta_client *client = NULL;
    okta_client_options options;
    for (size_t i = 0; i < COUNT(cases); i++) {
        options = with_secret(0, SECRET);
        options.org_url = mock_org_url(world->api.org);
        memcpy((char *)&options + cases[i].member, &cases[i].value, sizeof cases[i].value);
        okta_error *error = okta_client_new(&options, &client);
        assert_null(strstr(okta_error_message(error), "Canary"));
        api_expect_refusal(cases[i].says, error, OKTA_E_CONFIG, cases[i].says);
        assert_null(client);
    }
    options = with_secret(0, SECRET);
    options.org_url = mock_org_url(world->api.org);
    options.signer = world->signer;
    api_expect_refusal("signer", okta_client_new(&options, &client), OKTA_E_CONFIG,
                       "signer does not go with a client secret");
    options = service_options(world);
    options.org_url = mock_org_url(world->api.org);
    options.client_secret = SECRET;
    api_expect_refusal("both", okta_client_new(&options, &client), OKTA_E_CONFIG,
                       "client_secret does not go with a private key");
    options = with_secret(0, SECRET);
    options.org_url = mock_org_url(world->api.org);
    options.authorization_mode = OKTA_AUTHORIZATION_SSWS;
    api_expect_refusal("a secret without its mode", okta_client_new(&options, &client), OKTA_E_CONFIG,
                       "OKTA_AUTHORIZATION_CLIENT_SECRET");
    assert_null(client);
}

static void making_a_client_survives_without_memory(void **state)
{
    service_world *world = *state;
    for (size_t way = 0; way < 2 * COUNT(ways); way++) {
        okta_client_options options = with_secret(way / 2, SECRET);
        options.org_url = mock_org_url(world->api.org);
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            okta_client *client = NULL;
            allocations_begin(n, way % 2 == 1);
            okta_error *error = okta_client_new(&options, &client);
            failed = allocations_end();
            assert_int_equal(client == NULL, error != NULL);
            assert_true(failed || error == NULL);
            okta_free(error);
            okta_free(client);
        }
    }
}

int main(void)
{
#define SECRET_TEST(name) cmocka_unit_test_setup_teardown(name, secret_setup, service_teardown)
    const struct CMUnitTest tests[] = {
        SECRET_TEST(the_secret_goes_where_its_method_says),
        SECRET_TEST(tokens_are_used_renewed_and_replaced_once),
        SECRET_TEST(proofs_go_along),
        SECRET_TEST(a_wrong_secret_is_refused_once_for_a_while),
        SECRET_TEST(the_clock_is_not_blamed),
        SECRET_TEST(many_threads_ask_for_one_token),
        SECRET_TEST(refuses_what_makes_no_client_with_a_secret),
        SECRET_TEST(making_a_client_survives_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
