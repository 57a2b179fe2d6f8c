/* SPDX-License-Identifier: Apache-2.0 */
/* The options that make a client a service app, and what a client tells of rate limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/service_app.h"
#include "unit/allocations.h"

static okta_client_options with_private_key(const char *org_url)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options.client_id = MOCK_SERVICE_APP;
    options.scopes = "okta.apps.read";
    return options;
}

static void refuses_what_makes_no_service_app(void **state)
{
    static char long_text[5000];
    memset(long_text, 'a', sizeof long_text - 1);
    static const struct {
        const char *label;
        size_t member;
        const char *value;
    } cases[] = {
        {"token", offsetof(okta_client_options, token), "00token"},
        {"client_id", offsetof(okta_client_options, client_id), NULL},
        {"client_id", offsetof(okta_client_options, client_id), ""},
        {"client_id", offsetof(okta_client_options, client_id), "a b"},
        {"client_id", offsetof(okta_client_options, client_id), "a\r\nb"},
        {"client_id", offsetof(okta_client_options, client_id), long_text},
        {"scopes", offsetof(okta_client_options, scopes), NULL},
        {"scopes", offsetof(okta_client_options, scopes), ""},
        {"scopes", offsetof(okta_client_options, scopes), " a"},
        {"scopes", offsetof(okta_client_options, scopes), "a "},
        {"scopes", offsetof(okta_client_options, scopes), "a  b"},
        {"scopes", offsetof(okta_client_options, scopes), "a\tb"},
        {"scopes", offsetof(okta_client_options, scopes), "a\"b"},
        {"scopes", offsetof(okta_client_options, scopes), "a\\b"},
        {"scopes", offsetof(okta_client_options, scopes), "a\x7f"},
        {"scopes", offsetof(okta_client_options, scopes), long_text},
        {"private_key", offsetof(okta_client_options, signer), NULL},
        {"assertion_audience", offsetof(okta_client_options, assertion_audience), ""},
        {"assertion_audience", offsetof(okta_client_options, assertion_audience), "a b"},
        {"assertion_type", offsetof(okta_client_options, assertion_type), "a\nb"},
    };
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_client_options options = with_private_key(mock_org_url(world->api.org));
        okta_client *client = NULL;
        options.signer = world->signer;
        memcpy((char *)&options + cases[i].member, &cases[i].value, sizeof cases[i].value);
        api_expect_refusal(cases[i].label, okta_client_new(&options, &client), OKTA_E_CONFIG, cases[i].label);
        assert_null(client);
    }
}

static void refuses_a_key_that_does_not_fit(void **state)
{
    static const char rsa_for_ec[] = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}";
    service_world *world = *state;
    char *pem = NULL;
    okta_client *client = NULL;
    okta_client_options options = with_private_key(mock_org_url(world->api.org));
    assert_null(okta_key_to_private_pem(world->key, &pem));
    options.private_key = pem;
    options.private_key_alg = "RS256";
    api_expect_refusal("another algorithm", okta_client_new(&options, &client), OKTA_E_CONFIG, "private_key");
    options.private_key_alg = NULL;
    options.private_key_id = "a\nb";
    api_expect_refusal("a bad kid", okta_client_new(&options, &client), OKTA_E_CONFIG, "private_key");
    options.private_key_id = NULL;
    options.private_key = rsa_for_ec;
    api_expect_refusal("no key", okta_client_new(&options, &client), OKTA_E_CONFIG, "private_key");
    options.private_key = "/nonexistent/key.pem";
    api_expect_refusal("no file", okta_client_new(&options, &client), OKTA_E_CONFIG, "private_key");
    options.private_key = pem;
    options.authorization_mode = OKTA_AUTHORIZATION_SSWS;
    api_expect_refusal("a key without its mode", okta_client_new(&options, &client), OKTA_E_CONFIG,
                       "OKTA_AUTHORIZATION_PRIVATE_KEY");
    assert_null(client);
    okta_free(pem);
}

static void takes_a_key_as_text(void **state)
{
    service_world *world = *state;
    char *pem = NULL;
    assert_null(okta_key_to_private_pem(world->key, &pem));
    okta_client_options options = with_private_key(NULL);
    options.private_key = pem;
    options.private_key_id = "first";
    options.dpop = OKTA_DPOP_ALWAYS;
    service_renew(world, &options);
    memset(pem, 'x', strlen(pem)); /* it was read */
    api_expect_success("PEM", service_call(world));
    okta_free(pem);
}

static void audience_and_type_are_as_told(void **state)
{
    service_world *world = *state;
    okta_client_options options = service_options(world);
    options.assertion_audience = "https://issuer.example.com";
    options.assertion_type = "client-authentication+jwt";
    service_renew(world, &options);
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    okta_free(error);
    assert_true(
        mock_org_set_oauth(world->api.org, &(mock_oauth_options){.audience = "https://issuer.example.com"}));
    service_renew(world, &options);
    api_expect_success("the audience of the org", service_call(world));
}

static void making_a_service_app_survives_without_memory(void **state)
{
    service_world *world = *state;
    char *pem = NULL;
    assert_null(okta_key_to_private_pem(world->key, &pem));
    okta_client_options options = with_private_key(mock_org_url(world->api.org));
    options.private_key = pem;
    options.dpop = OKTA_DPOP_ALWAYS;
    for (int lasting = 0; lasting < 2; lasting++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            okta_client *client = NULL;
            allocations_begin(n, lasting == 1);
            okta_error *error = okta_client_new(&options, &client);
            failed = allocations_end();
            assert_int_equal(client == NULL, error != NULL);
            assert_true(failed || error == NULL);
            okta_free(error);
            okta_free(client);
        }
    }
    okta_free(pem);
}

static void tells_the_rate_limits(void **state)
{
    service_world *world = *state;
    okta_rate_limits *limits = NULL;
    assert_null(okta_client_rate_limits(world->api.client, &limits));
    assert_int_equal(limits->count, 0);
    assert_int_equal(limits->max_in_flight, 10);
    okta_free(limits);
    api_expect_success("learns", service_call(world));
    assert_null(okta_client_rate_limits(world->api.client, &limits));
    assert_int_equal(limits->count, 1);
    assert_int_equal(limits->in_flight, 0);
    assert_int_equal(limits->items[0]->limit, 10000);
    assert_int_equal(limits->items[0]->remaining, 9999);
    assert_true(limits->items[0]->reset > API_NOW_S);
    assert_int_equal(limits->items[0]->in_flight, 0);
    assert_int_equal(limits->items[0]->operation_count, 1);
    assert_string_equal(limits->items[0]->operations[0], "listJwk");
    okta_free(limits);
    world->api.clock.now_ms += INT64_C(120) * 1000;
    assert_null(okta_client_rate_limits(world->api.client, &limits));
    assert_int_equal(limits->items[0]->remaining, 10000);
    okta_free(limits);
}

static void rate_limits_survive_without_memory(void **state)
{
    service_world *world = *state;
    api_expect_success("learns", service_call(world));
    for (int lasting = 0; lasting < 2; lasting++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            okta_rate_limits *limits = NULL;
            allocations_begin(n, lasting == 1);
            okta_error *error = okta_client_rate_limits(world->api.client, &limits);
            failed = allocations_end();
            assert_int_equal(okta_error_status(error), failed ? OKTA_E_NOMEM : OKTA_OK);
            okta_free(limits);
        }
    }
}

static void rate_limits_refuse_bad_arguments(void **state)
{
    service_world *world = *state;
    okta_rate_limits *limits = (okta_rate_limits *)world;
    api_expect_refusal("out", okta_client_rate_limits(world->api.client, NULL), OKTA_E_ARG, "out");
    api_expect_refusal("client", okta_client_rate_limits(NULL, &limits), OKTA_E_ARG, "client");
    assert_null(limits);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        okta_error *error = okta_client_rate_limits(world->api.client, &limits);
        _exit(okta_error_status(error) == OKTA_E_ARG ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void reconciling_refuses_bad_arguments(void **state)
{
    service_world *world = *state;
    okta_oauth2_client_jwk *out = NULL;
    okta_oauth2_client_jwk_request key = {.model = OKTA_INIT(okta_oauth2_client_jwk_request)};
    const char *const app = MOCK_SERVICE_APP;
    api_expect_refusal("out", okta_reconcile_jwk(world->api.client, app, &key, NULL), OKTA_E_ARG, "out");
    api_expect_refusal("key", okta_reconcile_jwk(world->api.client, app, NULL, &out), OKTA_E_ARG, "key");
    api_expect_refusal("no material", okta_reconcile_jwk(world->api.client, app, &key, &out), OKTA_E_ARG,
                       "kty");
    key.kid = "first";
    api_expect_refusal("only a kid", okta_reconcile_jwk(world->api.client, app, &key, &out), OKTA_E_ARG,
                       "kty");
    key.kid = OKTA_NULL;
    api_expect_refusal("a null kid", okta_reconcile_jwk(world->api.client, app, &key, &out), OKTA_E_ARG,
                       "kid");
    assert_null(out);
    api_expect_requests("refused", &world->api, 0);
}

int main(void)
{
#define SERVICE_TEST(name) cmocka_unit_test_setup_teardown(name, service_setup, service_teardown)
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(refuses_what_makes_no_service_app),
        SERVICE_TEST(refuses_a_key_that_does_not_fit),
        SERVICE_TEST(takes_a_key_as_text),
        SERVICE_TEST(audience_and_type_are_as_told),
        SERVICE_TEST(making_a_service_app_survives_without_memory),
        SERVICE_TEST(tells_the_rate_limits),
        SERVICE_TEST(rate_limits_survive_without_memory),
        SERVICE_TEST(rate_limits_refuse_bad_arguments),
        SERVICE_TEST(reconciling_refuses_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
