/* SPDX-License-Identifier: Apache-2.0 */
/* A service app's access tokens against the mock's token endpoint, which verifies what it is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/service_app.h"

#define JWKS "/api/v1/apps/" MOCK_SERVICE_APP "/credentials/jwks"

static void expect_sends(const char *label, const service_world *world, size_t tokens, size_t calls)
{
    api_expect_number(label, "token requests", (int64_t)service_requests(world, MOCK_TOKEN_PATH),
                      (int64_t)tokens);
    api_expect_number(label, "calls", (int64_t)service_requests(world, "/api/"), (int64_t)calls);
}

static void advance(service_world *world, int64_t ms)
{
    world->api.clock.now_ms += ms;
    mock_org_set_now(world->api.org, API_NOW_S + world->api.clock.now_ms / 1000);
}

static void every_algorithm_proves_who_it_is(void **state)
{
    static const struct {
        okta_key_type type;
        const char *alg;
    } cases[] = {
        {OKTA_KEY_RSA_2048, "RS256"}, {OKTA_KEY_RSA_2048, "RS384"}, {OKTA_KEY_RSA_2048, "RS512"},
        {OKTA_KEY_RSA_2048, "PS256"}, {OKTA_KEY_RSA_2048, "PS384"}, {OKTA_KEY_RSA_2048, "PS512"},
        {OKTA_KEY_EC_P256, "ES256"},  {OKTA_KEY_EC_P384, "ES384"},  {OKTA_KEY_EC_P521, "ES512"},
    };
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char app[32];
        okta_key *key = NULL;
        okta_signer *signer = NULL;
        okta_key_jwk_options jwk = OKTA_KEY_JWK_OPTIONS_INIT;
        okta_oauth2_client_jwk_request *request = NULL;
        char *json = NULL;
        size_t length;
        snprintf(app, sizeof app, "0oaalgorithm%zu", i);
        jwk.alg = cases[i].alg;
        assert_true(mock_org_add_app(world->api.org, app, "private_key_jwt"));
        assert_null(okta_key_generate(cases[i].type, &key));
        assert_null(okta_key_to_jwk_request(key, &jwk, &request));
        assert_null(
            okta_to_json(okta_oauth2_client_jwk_descriptor(), request, OKTA_JSON_REQUEST, &json, &length));
        assert_null(mock_org_add_key(world->api.org, app, json));
        assert_null(okta_signer_from_key(key, cases[i].alg, NULL, &signer));
        okta_client_options options = service_options(world);
        options.client_id = app;
        options.signer = signer;
        service_renew(world, &options);
        okta_free(signer); /* the client keeps it */
        api_forget(&world->api);
        api_expect_success(cases[i].alg, service_call(world));
        api_expect_success(cases[i].alg, service_call(world));
        expect_sends(cases[i].alg, world, 1, 2);
        okta_free(key);
        okta_free(request);
        okta_free(json);
    }
}

static void the_kid_picks_one_of_two_keys(void **state)
{
    service_world *world = *state;
    okta_key *second = NULL;
    okta_signer *signer = NULL;
    assert_null(okta_key_generate(OKTA_KEY_RSA_2048, &second));
    service_register(world, second, "second");
    assert_null(okta_signer_from_key(second, NULL, "second", &signer));
    okta_client_options options = service_options(world);
    for (int i = 0; i < 2; i++) {
        options.signer = i == 0 ? signer : world->signer;
        service_renew(world, &options);
        api_expect_success(okta_signer_kid(options.signer), service_call(world));
    }
    okta_free(signer);
    /* A kid that the org does not know. */
    assert_null(okta_signer_from_key(second, NULL, "third", &signer));
    options.signer = signer;
    service_renew(world, &options);
    api_forget(&world->api);
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_string_equal(okta_error_code(error), "invalid_client");
    assert_int_equal(okta_error_http_status(error), 401);
    expect_sends("an unknown kid", world, 1, 0);
    okta_free(error);
    okta_free(signer);
    okta_free(second);
}

static void a_token_that_ends_early_is_replaced_once(void **state)
{
    service_world *world = *state;
    api_expect_success("first", service_call(world));
    mock_org_revoke_tokens(world->api.org);
    api_forget(&world->api);
    okta_call *call = okta_list_jwk_call(world->api.client, MOCK_SERVICE_APP);
    api_expect_success("replayed", okta_call_run(call));
    assert_int_equal(okta_call_attempts(call), 2);
    okta_free(call);
    expect_sends("replayed", world, 1, 2);
    assert_int_equal(world->api.clock.wait_count, 0);
}

static void a_write_that_is_refused_for_its_token_is_sent_again(void **state)
{
    service_world *world = *state;
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    api_expect_success("first", service_call(world));
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    assert_null(okta_key_to_jwk_request(key, NULL, &request));
    mock_org_revoke_tokens(world->api.org);
    api_forget(&world->api);
    api_expect_success("addJwk", okta_add_jwk(world->api.client, MOCK_SERVICE_APP, request, &added));
    assert_string_equal(added->kid, request->kid);
    expect_sends("addJwk", world, 1, 2);
    okta_free(added);
    okta_free(request);
    okta_free(key);
}

static void a_token_that_is_never_good_enough_ends_the_call(void **state)
{
    service_world *world = *state;
    static const char *const headers[] = {"WWW-Authenticate: Bearer error=\"invalid_token\"", NULL};
    api_fault(&world->api,
              (mock_fault){.path_contains = "/api/", .status = 401, .times = 100, .headers = headers});
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_int_equal(okta_error_attempts(error), 2);
    assert_false(okta_error_is_retryable(error));
    expect_sends("401 for ever", world, 2, 2);
    okta_free(error);
}

static void a_page_walk_goes_on_after_a_token_ended(void **state)
{
    service_world *world = *state;
    api_world_stop(&world->api);
    okta_client_options options = service_options(world);
    api_world_start(&world->api, &(mock_org_options){.users = 25}, &options);
    service_register(world, world->key, "first");
    okta_pages *pages = okta_request_pages(world->api.client, "/api/v1/users?limit=5");
    const okta_page *page;
    size_t users = 0;
    size_t count = 0;
    while ((page = okta_pages_next(pages)) != NULL) {
        users += page->count;
        count++;
        mock_org_revoke_tokens(world->api.org);
    }
    api_expect_success("pages", okta_pages_error(pages));
    okta_free(pages);
    assert_int_equal(users, 25);
    assert_int_equal(count, 5);
    assert_int_equal(mock_org_token_count(world->api.org), 5);
}

static void many_threads_ask_for_one_token(void **state)
{
    service_world *world = *state;
    for (size_t round = 1; round <= 5; round++) {
        /* The first round finds no token, the others one that is not good any more. */
        assert_int_equal(service_call_from_threads(world, 50), 50);
        assert_int_equal(mock_org_token_count(world->api.org), round);
        assert_int_equal(service_requests(world, MOCK_TOKEN_PATH), round);
        mock_org_revoke_tokens(world->api.org);
    }
}

static void many_threads_share_one_refusal(void **state)
{
    service_world *world = *state;
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                        .status = 401,
                                        .times = 100,
                                        .body = "{\"error\":\"invalid_client\"}",
                                        .delay_ms = 50});
    assert_int_equal(service_call_from_threads(world, 20), 0);
    /* Who comes while one is there shares its outcome; who comes later asks again. */
    assert_in_range(service_requests(world, MOCK_TOKEN_PATH), 1, 5);
    assert_int_equal(service_requests(world, "/api/"), 0);
}

static void asks_ahead_of_the_end_and_lives_with_a_failure(void **state)
{
    service_world *world = *state;
    api_expect_success("first", service_call(world));
    api_forget(&world->api);
    /* One hour of life: with the middle of chance it is renewed after 52.5 minutes. */
    advance(world, 52 * 60 * 1000);
    api_expect_success("before", service_call(world));
    expect_sends("before", world, 0, 1);
    advance(world, 60 * 1000);
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 503});
    api_expect_success("the renewal fails", service_call(world));
    expect_sends("the renewal fails", world, 1, 2);
    api_expect_success("not again at once", service_call(world));
    expect_sends("not again at once", world, 1, 3);
    advance(world, 31 * 1000);
    api_expect_success("later", service_call(world));
    expect_sends("later", world, 2, 4);
    assert_int_equal(world->api.clock.wait_count, 0);
}

static void a_token_is_not_used_beyond_its_end(void **state)
{
    service_world *world = *state;
    api_expect_success("first", service_call(world));
    advance(world, INT64_C(3600) * 1000);
    api_forget(&world->api);
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                        .status = 400,
                                        .body = "{\"error\":\"unauthorized_client\"}"});
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    expect_sends("no token", world, 1, 0);
    okta_free(error);
}

static void trouble_at_the_endpoint_is_waited_out(void **state)
{
    static const char *const soon[] = {"X-Rate-Limit-Reset:", "Retry-After: 2", NULL};
    static const struct {
        const char *label;
        mock_fault fault;
    } cases[] = {
        {"500", {.status = 500}},
        {"502 with a page", {.status = 502, .body = "<html>", .content_type = "text/html"}},
        {"503", {.status = 503}},
        {"429", {.status = 429, .headers = soon}},
        {"dropped before", {.drop_before = true}},
        {"dropped after", {.drop_after = true}},
        {"cut", {.cut_body_at = 20}},
    };
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        mock_fault fault = cases[i].fault;
        fault.path_contains = MOCK_TOKEN_PATH;
        service_renew(world, NULL);
        api_forget(&world->api);
        api_fault(&world->api, fault);
        api_expect_success(cases[i].label, service_call(world));
        expect_sends(cases[i].label, world, 2, 1);
        api_expect_number(cases[i].label, "waits", (int64_t)world->api.clock.wait_count, 1);
    }
}

static void an_endpoint_that_stays_down_ends_the_call(void **state)
{
    service_world *world = *state;
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 503, .times = 100});
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_SERVER);
    assert_true(okta_error_is_retryable(error));
    assert_int_equal(okta_error_attempts(error), 4);
    expect_sends("down", world, 4, 0);
    okta_free(error);
}

static void answers_that_are_no_token_fail(void **state)
{
    static const struct {
        const char *label;
        const char *body;
        const char *type;
        unsigned http_status;
    } cases[] = {
        {"empty", "", "application/json", 200},
        {"a page", "<html>sign in</html>", "text/html", 200},
        {"no access_token", "{\"token_type\":\"Bearer\"}", "application/json", 200},
        {"another type", "{\"token_type\":\"DPoP\",\"access_token\":\"Canary_8\"}", "application/json", 200},
        {"a token of two words", "{\"token_type\":\"Bearer\",\"access_token\":\"Canary_8 x\"}",
         "application/json", 200},
        /* RFC 6749, section 5.1: 200. */
        {"a part", "{\"token_type\":\"Bearer\",\"access_token\":\"Canary_8\"}", "application/json", 206},
        {"a copy", "{\"token_type\":\"Bearer\",\"access_token\":\"Canary_8\"}", "application/json", 203},
    };
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        service_renew(world, NULL);
        api_forget(&world->api);
        api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                            .status = cases[i].http_status,
                                            .body = cases[i].body,
                                            .content_type = cases[i].type});
        okta_error *error = service_call(world);
        if (okta_error_status(error) != OKTA_E_PROTOCOL) {
            fail_msg("%s: %s", cases[i].label, okta_error_message(error));
        }
        assert_null(strstr(okta_error_message(error), "Canary"));
        expect_sends(cases[i].label, world, 1, 0);
        okta_free(error);
    }
}

static void refusals_are_told_whole_and_not_repeated(void **state)
{
    service_world *world = *state;
    okta_client_options options = service_options(world);
    options.scopes = "okta.unknown.scope";
    service_renew(world, &options);
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_int_equal(okta_error_http_status(error), 400);
    assert_string_equal(okta_error_code(error), "invalid_scope");
    assert_non_null(okta_error_summary(error));
    assert_non_null(strstr(okta_error_message(error), "invalid_scope"));
    assert_non_null(okta_error_response_body(error, NULL));
    assert_false(okta_error_is_retryable(error));
    expect_sends("invalid_scope", world, 1, 0);
    okta_free(error);
}

static void a_missing_scope_is_forbidden(void **state)
{
    service_world *world = *state;
    okta_client_options options = service_options(world);
    options.scopes = "okta.users.read";
    service_renew(world, &options);
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_FORBIDDEN);
    assert_int_equal(okta_error_http_status(error), 403);
    expect_sends("insufficient_scope", world, 1, 1);
    assert_non_null(
        strstr(okta_error_message(error),
               ": the scope okta.apps.read is missing (the client asks for okta.users.read): HTTP 403"));
    okta_free(error);
}

static void every_skew_within_ten_minutes_is_learnt(void **state)
{
    service_world *world = *state;
    for (int skew_s = -600; skew_s <= 600; skew_s++) {
        char label[32];
        snprintf(label, sizeof label, "%d s", skew_s);
        mock_org_set_skew(world->api.org, skew_s);
        service_renew(world, NULL);
        api_forget(&world->api);
        api_expect_success(label, service_call(world));
        size_t tokens = service_requests(world, MOCK_TOKEN_PATH);
        if (tokens > 2 || service_requests(world, "/api/") != 1) {
            fail_msg("%s: %zu token requests", label, tokens);
        }
    }
}

static void a_clock_that_is_a_year_off_is_an_error(void **state)
{
    service_world *world = *state;
    world->api.clock.wall_skew_ms = INT64_C(-365) * 86400 * 1000;
    service_renew(world, NULL);
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    expect_sends("a year", world, 2, 0);
    okta_free(error);
}

static void a_clock_that_jumps_later_does_no_harm(void **state)
{
    service_world *world = *state;
    api_expect_success("first", service_call(world));
    static const int64_t jumps_s[] = {-3600, 3600, -1750000000, 400000000};
    for (size_t i = 0; i < COUNT(jumps_s); i++) {
        world->api.clock.wall_skew_ms = jumps_s[i] * 1000;
        mock_org_revoke_tokens(world->api.org);
        api_forget(&world->api);
        api_expect_success("jump", service_call(world));
        expect_sends("jump", world, 1, 2);
    }
}

static int sign_badly(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                      size_t capacity, size_t *size)
{
    (void)message;
    (void)length;
    (void)capacity;
    int *calls = ctx;
    ++*calls;
    memset(signature, 7, 64);
    *size = 64;
    return *calls == 1 ? 0 : 42;
}

static void a_signer_that_fails_ends_the_call(void **state)
{
    service_world *world = *state;
    int calls = 0;
    okta_signer_options options = OKTA_SIGNER_OPTIONS_INIT;
    options.alg = "ES256";
    options.kid = "first";
    options.sign = sign_badly;
    options.ctx = &calls;
    okta_signer *signer = NULL;
    assert_null(okta_signer_new(&options, &signer));
    okta_client_options client = service_options(world);
    client.signer = signer;
    service_renew(world, &client);
    /* A signature that does not fit. */
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_string_equal(okta_error_code(error), "invalid_client");
    okta_free(error);
    /* None at all, once the refusal is old enough to be asked for again. */
    advance(world, 2000);
    api_forget(&world->api);
    error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_non_null(strstr(okta_error_message(error), "42"));
    expect_sends("no signature", world, 0, 0);
    okta_free(error);
    service_renew(world, NULL);
    okta_free(signer);
}

static void a_refusal_is_remembered_for_a_while(void **state)
{
    service_world *world = *state;
    int64_t quiet_ms = 1000;
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                        .status = 401,
                                        .times = 7,
                                        .body = "{\"error\":\"invalid_client\"}"});
    for (size_t refusals = 1; refusals <= 7; refusals++) {
        for (int i = 0; i < 3; i++) {
            okta_error *error = service_call(world);
            assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
            assert_string_equal(okta_error_code(error), "invalid_client");
            okta_free(error);
        }
        expect_sends("refused", world, refusals, 0);
        advance(world, quiet_ms);
        quiet_ms = quiet_ms < 16000 ? quiet_ms * 2 : 30000;
    }
    api_expect_success("asked again", service_call(world));
    expect_sends("asked again", world, 8, 1);
}

static void tokens_that_never_work_are_not_asked_for_without_end(void **state)
{
    service_world *world = *state;
    api_fault(&world->api, (mock_fault){.path_contains = "/api/", .status = 401, .times = 1000});
    for (int i = 0; i < 50; i++) {
        okta_error *error = service_call(world);
        assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
        okta_free(error);
    }
    /* The first one, and what the retry budget pays for, to which each token gives a tenth back. */
    expect_sends("401 for ever", world, 12, 61);
}

static void a_token_in_a_damaged_answer_is_not_shown(void **state)
{
    static const char *const bodies[] = {
        "{\"token_type\":\"Bearer\",\"access_token\":\"Canary_9\",\"expires_in\":60} x",
        "{\"token_type\":\"Bearer\",\"access_token\":\"Canary_9\"",
        "{\"token_type\":\"DPoP\",\"access_token\":\"Canary_9\"}",
    };
    service_world *world = *state;
    for (size_t i = 0; i < 2 * COUNT(bodies); i++) {
        service_renew(world, NULL);
        api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                            .status = i < COUNT(bodies) ? 200 : 302,
                                            .body = bodies[i % COUNT(bodies)]});
        okta_error *error = service_call(world);
        assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
        assert_null(strstr(okta_error_message(error), "Canary"));
        assert_null(okta_error_response_body(error, NULL));
        okta_free(error);
    }
}

/* Each waiter goes by its own limits: what one call gives up on, the next one may wait for. */
static void trouble_is_not_shared(void **state)
{
    service_world *world = *state;
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 503});
    okta_call *impatient = okta_list_jwk_call(world->api.client, MOCK_SERVICE_APP);
    okta_call_set_max_retries(impatient, 0);
    okta_error *error = okta_call_run(impatient);
    assert_int_equal(okta_error_status(error), OKTA_E_SERVER);
    okta_free(error);
    okta_free(impatient);
    api_expect_success("another call", service_call(world));
    expect_sends("another call", world, 2, 1);
}

static void calls_that_get_no_token_use_up_no_limit(void **state)
{
    service_world *world = *state;
    api_world_stop(&world->api);
    okta_client_options options = service_options(world);
    api_world_start(&world->api, &(mock_org_options){.rate_limit = 10}, &options);
    service_register(world, world->key, "first");
    api_expect_success("learns the limit", service_call(world));
    mock_org_revoke_tokens(world->api.org);
    okta_free(service_call(world));
    advance(world, INT64_C(3600) * 1000);
    api_expect_success("learns the next window", service_call(world));
    mock_org_revoke_tokens(world->api.org);
    advance(world, INT64_C(3600) * 1000);
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 503, .times = 30});
    for (int i = 0; i < 30; i++) {
        okta_call *call = okta_list_jwk_call(world->api.client, MOCK_SERVICE_APP);
        okta_call_set_max_retries(call, 0);
        okta_error *error = okta_call_run(call);
        assert_int_equal(okta_error_status(error), OKTA_E_SERVER);
        okta_free(error);
        okta_free(call);
    }
    api_forget(&world->api);
    api_expect_success("tokens again", service_call(world));
    assert_int_equal(world->api.clock.wait_count, 0);
}

static void a_renewal_that_hangs_costs_little(void **state)
{
    service_world *world = *state;
    api_expect_success("first", service_call(world));
    advance(world, 53 * 60 * 1000);
    api_forget(&world->api);
    /* The renewal may take a quarter of what the call has, by the real clock; the rest is for the call. Both
     * are more than a busy machine needs to send. */
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH, .delay_ms = 600000});
    okta_call *call = okta_list_jwk_call(world->api.client, MOCK_SERVICE_APP);
    okta_call_set_timeout_ms(call, 12000);
    api_expect_success("the old token is good", okta_call_run(call));
    okta_free(call);
    expect_sends("the old token is good", world, 1, 1);
}

static void a_lost_write_stays_open_when_no_token_comes(void **state)
{
    service_world *world = *state;
    api_expect_success("first", service_call(world));
    api_forget(&world->api);
    api_fault(&world->api, (mock_fault){.method = "DELETE", .drop_before = true});
    api_fault(&world->api, (mock_fault){.method = "DELETE", .status = 401});
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                        .status = 401,
                                        .body = "{\"error\":\"invalid_client\"}"});
    okta_error *error = okta_delete_jwk(world->api.client, MOCK_SERVICE_APP, "none");
    assert_int_equal(okta_error_status(error), OKTA_E_OUTCOME_UNKNOWN);
    assert_non_null(strstr(okta_error_message(error), "invalid_client"));
    expect_sends("lost", world, 1, 2);
    okta_free(error);
}

int main(void)
{
#define SERVICE_TEST(name) cmocka_unit_test_setup_teardown(name, service_setup, service_teardown)
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(every_algorithm_proves_who_it_is),
        SERVICE_TEST(the_kid_picks_one_of_two_keys),
        SERVICE_TEST(a_token_that_ends_early_is_replaced_once),
        SERVICE_TEST(a_write_that_is_refused_for_its_token_is_sent_again),
        SERVICE_TEST(a_token_that_is_never_good_enough_ends_the_call),
        SERVICE_TEST(a_page_walk_goes_on_after_a_token_ended),
        SERVICE_TEST(many_threads_ask_for_one_token),
        SERVICE_TEST(many_threads_share_one_refusal),
        SERVICE_TEST(asks_ahead_of_the_end_and_lives_with_a_failure),
        SERVICE_TEST(a_renewal_that_hangs_costs_little),
        SERVICE_TEST(a_token_is_not_used_beyond_its_end),
        SERVICE_TEST(trouble_at_the_endpoint_is_waited_out),
        SERVICE_TEST(an_endpoint_that_stays_down_ends_the_call),
        SERVICE_TEST(answers_that_are_no_token_fail),
        SERVICE_TEST(refusals_are_told_whole_and_not_repeated),
        SERVICE_TEST(a_missing_scope_is_forbidden),
        SERVICE_TEST(every_skew_within_ten_minutes_is_learnt),
        SERVICE_TEST(a_clock_that_is_a_year_off_is_an_error),
        SERVICE_TEST(a_clock_that_jumps_later_does_no_harm),
        SERVICE_TEST(a_signer_that_fails_ends_the_call),
        SERVICE_TEST(a_refusal_is_remembered_for_a_while),
        SERVICE_TEST(tokens_that_never_work_are_not_asked_for_without_end),
        SERVICE_TEST(a_token_in_a_damaged_answer_is_not_shown),
        SERVICE_TEST(trouble_is_not_shared),
        SERVICE_TEST(a_lost_write_stays_open_when_no_token_comes),
        SERVICE_TEST(calls_that_get_no_token_use_up_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
