/* SPDX-License-Identifier: Apache-2.0 */
/* DPoP against the mock, which verifies every proof. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/service_app.h"

static void expect_sends(const char *label, const service_world *world, size_t tokens, size_t calls)
{
    api_expect_number(label, "token requests", (int64_t)service_requests(world, MOCK_TOKEN_PATH),
                      (int64_t)tokens);
    api_expect_number(label, "calls", (int64_t)service_requests(world, "/api/"), (int64_t)calls);
}

/* The first word of Authorization in the latest request. */
static bool last_was(const service_world *world, const char *scheme)
{
    const mock_request *last =
        mock_org_request_at(world->api.org, mock_org_request_count(world->api.org) - 1);
    const char *line = mock_request_header(last, "Authorization");
    return line != NULL && strncmp(line, scheme, strlen(scheme)) == 0 && line[strlen(scheme)] == ' ';
}

static void renew(service_world *world, okta_dpop_mode mode)
{
    okta_client_options options = service_options(world);
    options.dpop = mode;
    service_renew(world, &options);
    api_forget(&world->api);
}

static void proofs_begin_when_the_org_asks(void **state)
{
    service_world *world = *state;
    renew(world, OKTA_DPOP_AUTO);
    api_expect_success("not asked", service_call(world));
    assert_true(last_was(world, "Bearer"));
    expect_sends("not asked", world, 1, 1);
    assert_true(mock_org_require_dpop(world->api.org, MOCK_SERVICE_APP, true));
    renew(world, OKTA_DPOP_AUTO);
    api_expect_success("asked", service_call(world));
    assert_true(last_was(world, "DPoP"));
    /* No proof, a proof without the nonce, and then a good one. */
    expect_sends("asked", world, 3, 1);
    /* From then on without being asked. */
    mock_org_revoke_tokens(world->api.org);
    api_forget(&world->api);
    api_expect_success("again", service_call(world));
    expect_sends("again", world, 1, 2);
}

static void always_and_never_are_kept(void **state)
{
    service_world *world = *state;
    renew(world, OKTA_DPOP_ALWAYS);
    api_expect_success("always", service_call(world));
    assert_true(last_was(world, "DPoP"));
    expect_sends("always", world, 2, 1);
    assert_true(mock_org_require_dpop(world->api.org, MOCK_SERVICE_APP, true));
    renew(world, OKTA_DPOP_NEVER);
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_string_equal(okta_error_code(error), "invalid_dpop_proof");
    expect_sends("never", world, 1, 0);
    okta_free(error);
}

static void answers_nonce_challenges_once(void **state)
{
    service_world *world = *state;
    assert_true(mock_org_set_oauth(world->api.org, &(mock_oauth_options){.api_nonce = true}));
    renew(world, OKTA_DPOP_ALWAYS);
    okta_call *call = okta_list_jwk_call(world->api.client, MOCK_SERVICE_APP);
    api_expect_success("both challenged", okta_call_run(call));
    assert_int_equal(okta_call_attempts(call), 2);
    okta_free(call);
    expect_sends("both challenged", world, 2, 2);
    api_expect_success("kept", service_call(world));
    expect_sends("kept", world, 2, 3);
    mock_org_rotate_nonces(world->api.org);
    api_expect_success("rotated", service_call(world));
    expect_sends("rotated", world, 2, 5);
    mock_org_rotate_nonces(world->api.org);
    mock_org_revoke_tokens(world->api.org);
    api_expect_success("rotated and revoked", service_call(world));
    assert_int_equal(world->api.clock.wait_count, 0);
}

static void a_challenge_without_end_ends_the_call(void **state)
{
    static const char *const headers[] = {"WWW-Authenticate: DPoP error=\"use_dpop_nonce\"",
                                          "DPoP-Nonce: always-the-same", NULL};
    service_world *world = *state;
    renew(world, OKTA_DPOP_ALWAYS);
    api_fault(
        &world->api,
        (mock_fault){.path_contains = "/api/", .status = 401, .times = 100, .headers = headers, .body = ""});
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    expect_sends("the API", world, 2, 2);
    okta_free(error);

    api_world_renew(&world->api, NULL);
    renew(world, OKTA_DPOP_ALWAYS);
    api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                        .status = 400,
                                        .times = 100,
                                        .headers = headers + 1,
                                        .body = "{\"error\":\"use_dpop_nonce\"}"});
    error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_string_equal(okta_error_code(error), "use_dpop_nonce");
    expect_sends("the token endpoint", world, 2, 0);
    okta_free(error);
}

static void fresh_nonces_are_taken_from_good_answers(void **state)
{
    service_world *world = *state;
    assert_true(
        mock_org_set_oauth(world->api.org, &(mock_oauth_options){.api_nonce = true, .fresh_nonces = true}));
    renew(world, OKTA_DPOP_ALWAYS);
    for (int i = 0; i < 5; i++) {
        api_expect_success("fresh", service_call(world));
    }
    /* One challenge at each place; then each answer brings the nonce of the next. */
    expect_sends("fresh", world, 2, 6);
}

static void nonces_that_are_none_are_ignored(void **state)
{
    static char long_nonce[300];
    static const char *const prefix = "DPoP-Nonce: ";
    service_world *world = *state;
    memset(long_nonce, 'n', sizeof long_nonce - 1);
    memcpy(long_nonce, prefix, strlen(prefix));
    static const char *const bad[] = {"DPoP-Nonce: ", "DPoP-Nonce: a b", "DPoP-Nonce: a\"b", long_nonce};
    renew(world, OKTA_DPOP_ALWAYS);
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *const headers[] = {bad[i], NULL};
        api_fault(&world->api, (mock_fault){.path_contains = "/api/", .headers = headers});
        api_expect_success(bad[i], service_call(world));
        api_expect_success(bad[i], service_call(world));
        const mock_request *last =
            mock_org_request_at(world->api.org, mock_org_request_count(world->api.org) - 1);
        const char *proof = mock_request_header(last, "DPoP");
        assert_non_null(proof);
        /* A claim more would make it longer than that. */
        assert_true(strlen(proof) < 700);
    }
    expect_sends("bad nonces", world, 2, 2 * COUNT(bad));
}

static void a_token_that_is_not_bound_is_refused(void **state)
{
    service_world *world = *state;
    renew(world, OKTA_DPOP_ALWAYS);
    api_fault(&world->api,
              (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                           .status = 200,
                           .body = "{\"token_type\":\"Bearer\",\"access_token\":\"abc\",\"expires_in\":60}"});
    okta_error *error = service_call(world);
    assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
    expect_sends("downgraded", world, 1, 0);
    okta_free(error);
}

static void every_sending_has_a_proof_of_its_own(void **state)
{
    service_world *world = *state;
    renew(world, OKTA_DPOP_ALWAYS);
    api_expect_success("warm", service_call(world));
    api_fault(&world->api, (mock_fault){.path_contains = "/api/", .status = 503, .times = 2});
    api_fault(&world->api, (mock_fault){.path_contains = "/api/", .drop_after = true});
    api_forget(&world->api);
    api_expect_success("retried", service_call(world));
    size_t count = mock_org_request_count(world->api.org);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        const char *proof = mock_request_header(mock_org_request_at(world->api.org, i), "DPoP");
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(proof,
                                    mock_request_header(mock_org_request_at(world->api.org, j), "DPoP"));
        }
    }
}

static void proofs_follow_the_clock_of_the_org(void **state)
{
    service_world *world = *state;
    assert_true(mock_org_set_oauth(world->api.org, &(mock_oauth_options){.proof_window_s = 5}));
    for (int skew_s = -600; skew_s <= 600; skew_s += 60) {
        mock_org_set_skew(world->api.org, skew_s);
        renew(world, OKTA_DPOP_ALWAYS);
        api_expect_success("skewed", service_call(world));
        /* The nonce, and where the clocks differ too much, the time. */
        assert_in_range(service_requests(world, MOCK_TOKEN_PATH), 2, 3);
        assert_int_equal(service_requests(world, "/api/"), 1);
    }
}

static void the_query_is_not_part_of_a_proof(void **state)
{
    service_world *world = *state;
    renew(world, OKTA_DPOP_ALWAYS);
    okta_call *call = okta_request_call(world->api.client, "GET", "/api/v1/users?limit=5", NULL);
    api_expect_success("a query", okta_call_run(call));
    okta_free(call);
    call = okta_request_call(world->api.client, "DELETE",
                             "/api/v1/apps/" MOCK_SERVICE_APP "/credentials/jwks/none", NULL);
    okta_error *error = okta_call_run(call);
    assert_int_equal(okta_error_status(error), OKTA_E_NOT_FOUND);
    okta_free(error);
    okta_free(call);
}

static void *call_some(void *context)
{
    service_world *world = context;
    size_t good = 0;
    for (int i = 0; i < 20; i++) {
        okta_oauth2_client_jwk_list *list = NULL;
        okta_error *error = okta_list_jwk(world->api.client, MOCK_SERVICE_APP, &list);
        good += error == NULL;
        okta_free(list);
        okta_free(error);
    }
    return good == 20 ? world : NULL;
}

static void threads_share_key_token_and_nonces(void **state)
{
    service_world *world = *state;
    pthread_t threads[8];
    assert_true(mock_org_require_dpop(world->api.org, MOCK_SERVICE_APP, true));
    assert_true(
        mock_org_set_oauth(world->api.org, &(mock_oauth_options){.api_nonce = true, .accepted_nonces = 8}));
    renew(world, OKTA_DPOP_AUTO);
    for (size_t i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, call_some, world), 0);
    }
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *good = NULL;
        assert_int_equal(pthread_join(threads[i], &good), 0);
        assert_ptr_equal(good, world);
    }
    assert_int_equal(mock_org_token_count(world->api.org), 1);
}

int main(void)
{
#define SERVICE_TEST(name) cmocka_unit_test_setup_teardown(name, service_setup, service_teardown)
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(proofs_begin_when_the_org_asks),
        SERVICE_TEST(always_and_never_are_kept),
        SERVICE_TEST(answers_nonce_challenges_once),
        SERVICE_TEST(a_challenge_without_end_ends_the_call),
        SERVICE_TEST(fresh_nonces_are_taken_from_good_answers),
        SERVICE_TEST(nonces_that_are_none_are_ignored),
        SERVICE_TEST(a_token_that_is_not_bound_is_refused),
        SERVICE_TEST(every_sending_has_a_proof_of_its_own),
        SERVICE_TEST(proofs_follow_the_clock_of_the_org),
        SERVICE_TEST(the_query_is_not_part_of_a_proof),
        SERVICE_TEST(threads_share_key_token_and_nonces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
