/* SPDX-License-Identifier: Apache-2.0 */
/* The nonces of DPoP: challenges, rotation, fresh ones. */
#include "test_groups.h"
#include "test_jwt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APP        "/api/v1/apps/" MOCK_WEB_APP
#define ASSERTION  test_assertion(f, "ES256", KEY_P256, (test_claims){0})
#define NONCE_SIZE 64

/* A claim that holds this nonce. */
static const char *claim(const char *nonce)
{
    return nonce != NULL ? test_format("\"%s\"", nonce) : NULL;
}

/* The one nonce of the last answer. */
static void read_nonce(const fixture *f, char out[NONCE_SIZE])
{
    char *nonce = test_header(f, "DPoP-Nonce", 0);
    assert_non_null(nonce);
    assert_true(strlen(nonce) >= 20 && strlen(nonce) < NONCE_SIZE);
    (void)snprintf(out, NONCE_SIZE, "%s", nonce);
    free(nonce);
    assert_null(test_header(f, "DPoP-Nonce", 1));
}

/* Asks for a token; 400 must be a nonce challenge. */
static void ask(fixture *f, const char *nonce, long status)
{
    const char *proof = test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){.nonce = claim(nonce)});
    test_token_request(f, NULL, ASSERTION, proof, status);
    if (status == 400) {
        test_oauth_error(f, 400, "use_dpop_nonce", "nonce");
    }
}

/* Makes a call; 401 must be a nonce challenge. */
static void call(fixture *f, const char *token, const char *nonce, long status)
{
    test_api(f, "DPoP", token, test_proof(f, "GET", APP, token, (test_claims){.nonce = claim(nonce)}), "GET",
             APP, status);
    if (status == 401) {
        test_challenge(f, "DPoP error=\"use_dpop_nonce\"");
    }
}

static void take_token(const fixture *f, char out[TOKEN_SIZE])
{
    (void)snprintf(out, TOKEN_SIZE, "%s", test_string(f->json, "access_token"));
}

static void the_token_endpoint_challenges_once(void **state)
{
    fixture *f = *state;
    char nonce[NONCE_SIZE];
    char again[NONCE_SIZE];
    test_register(f, KEY_P256);
    ask(f, NULL, 400);
    read_nonce(f, nonce);
    ask(f, "made-up", 400);
    read_nonce(f, again);
    assert_string_equal(nonce, again);
    const char *wrong = test_format("\"%s \"", nonce);
    test_token_request(f, NULL, ASSERTION,
                       test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){.nonce = wrong}), 400);
    test_token_request(f, NULL, ASSERTION,
                       test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){.nonce = "\"\""}), 400);
    test_token_request(f, NULL, ASSERTION,
                       test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){.nonce = "1"}), 400);
    test_oauth_error(f, 400, "use_dpop_nonce", "nonce");
    assert_int_equal(mock_org_token_count(f->org), 0);
    /* Every answer with a token tells the nonce, whether the token is bound or not. */
    ask(f, nonce, 200);
    test_header_is(f, "DPoP-Nonce", nonce);
    ask(f, nonce, 200);
    test_token_request(f, NULL, ASSERTION, NULL, 200);
    test_header_is(f, "DPoP-Nonce", nonce);
    assert_int_equal(mock_org_token_count(f->org), 3);
}

static void calls_are_challenged_with_another_nonce(void **state)
{
    fixture *f = *state;
    char token_nonce[NONCE_SIZE];
    char api_nonce[NONCE_SIZE];
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.api_nonce = true}));
    ask(f, NULL, 400);
    read_nonce(f, token_nonce);
    ask(f, token_nonce, 200);
    take_token(f, token);
    call(f, token, NULL, 401);
    read_nonce(f, api_nonce);
    assert_string_not_equal(token_nonce, api_nonce);
    call(f, token, token_nonce, 401);
    call(f, token, api_nonce, 200);
    test_header_is(f, "DPoP-Nonce", NULL);
    ask(f, api_nonce, 400);
    ask(f, token_nonce, 200);
}

static void each_place_demands_nonces_by_itself(void **state)
{
    fixture *f = *state;
    char nonce[NONCE_SIZE];
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.no_token_nonce = true, .api_nonce = true}));
    ask(f, NULL, 200);
    test_header_is(f, "DPoP-Nonce", NULL);
    take_token(f, token);
    call(f, token, NULL, 401);
    assert_true(mock_org_set_oauth(f->org, NULL));
    call(f, token, NULL, 200);
    call(f, token, "anything", 200);
    ask(f, NULL, 400);
    read_nonce(f, nonce);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.no_token_nonce = true}));
    ask(f, NULL, 200);
    ask(f, "anything", 200);
}

static void a_rotation_ends_the_nonces(void **state)
{
    fixture *f = *state;
    char nonces[4][NONCE_SIZE];
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.api_nonce = true}));
    ask(f, NULL, 400);
    read_nonce(f, nonces[0]);
    ask(f, nonces[0], 200);
    take_token(f, token);
    call(f, token, NULL, 401);
    read_nonce(f, nonces[1]);
    mock_org_rotate_nonces(f->org);
    ask(f, nonces[0], 400);
    read_nonce(f, nonces[2]);
    call(f, token, nonces[1], 401);
    read_nonce(f, nonces[3]);
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(nonces[i], nonces[j]);
        }
    }
    ask(f, nonces[2], 200);
    call(f, token, nonces[3], 200);
    ask(f, nonces[0], 400);
    call(f, token, nonces[1], 401);
}

static void a_challenged_proof_and_assertion_are_used_up(void **state)
{
    fixture *f = *state;
    char nonce[NONCE_SIZE];
    char assertion[1024];
    test_register(f, KEY_P256);
    (void)snprintf(assertion, sizeof assertion, "%s", ASSERTION);
    test_token_request(f, NULL, assertion,
                       test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){.jti = "\"a\""}), 400);
    test_oauth_error(f, 400, "use_dpop_nonce", "");
    read_nonce(f, nonce);
    test_token_request(f, NULL, assertion,
                       test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){.nonce = claim(nonce)}),
                       401);
    test_oauth_error(f, 401, "invalid_client", "replay");
    test_claims same = {.jti = "\"a\"", .nonce = claim(nonce)};
    test_token_request(f, NULL, ASSERTION, test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, same), 400);
    test_oauth_error(f, 400, "invalid_dpop_proof", "replay");
    ask(f, nonce, 200);
}

static void a_bad_proof_is_not_challenged(void **state)
{
    fixture *f = *state;
    test_register(f, KEY_P256);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.fresh_nonces = true}));
    test_token_request(f, NULL, ASSERTION,
                       test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){.htm = "\"GET\""}), 400);
    test_oauth_error(f, 400, "invalid_dpop_proof", "htm");
    test_header_is(f, "DPoP-Nonce", NULL);
}

static void fresh_nonces_come_with_each_good_proof(void **state)
{
    fixture *f = *state;
    char old[NONCE_SIZE];
    char fresh[NONCE_SIZE];
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.api_nonce = true, .fresh_nonces = true}));
    ask(f, NULL, 400);
    read_nonce(f, old);
    ask(f, old, 200);
    take_token(f, token);
    read_nonce(f, fresh);
    assert_string_not_equal(old, fresh);
    ask(f, old, 400);
    ask(f, fresh, 200);

    call(f, token, NULL, 401);
    for (int i = 0; i < 3; i++) {
        read_nonce(f, old);
        call(f, token, old, 200);
        read_nonce(f, fresh);
        assert_string_not_equal(old, fresh);
        call(f, token, old, 401);
        char offered[NONCE_SIZE];
        read_nonce(f, offered);
        assert_string_equal(offered, fresh);
    }
    test_claims missing = {.nonce = claim(fresh)};
    test_api(f, "DPoP", token, test_proof(f, "GET", WEB_KEYS "/x", token, missing), "GET", WEB_KEYS "/x",
             404);
    read_nonce(f, old);
    assert_string_not_equal(old, fresh);
}

static void several_nonces_can_be_good_at_a_time(void **state)
{
    fixture *f = *state;
    char nonces[MOCK_NONCES_MAX + 2][NONCE_SIZE];
    char token[TOKEN_SIZE];
    test_register(f, KEY_P256);
    assert_true(mock_org_set_oauth(f->org, &(mock_oauth_options){.no_token_nonce = true}));
    test_get_token(f, NULL, test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, (test_claims){0}), token);
    mock_oauth_options options = {.api_nonce = true, .fresh_nonces = true, .accepted_nonces = 3};
    assert_true(mock_org_set_oauth(f->org, &options));
    call(f, token, NULL, 401);
    read_nonce(f, nonces[0]);
    for (size_t i = 0; i < 3; i++) {
        call(f, token, nonces[0], 200);
        read_nonce(f, nonces[i + 1]);
    }
    call(f, token, nonces[0], 401);
    options.fresh_nonces = false;
    assert_true(mock_org_set_oauth(f->org, &options));
    for (size_t i = 1; i < 4; i++) {
        call(f, token, nonces[i], 200);
    }

    mock_org_rotate_nonces(f->org);
    options =
        (mock_oauth_options){.api_nonce = true, .fresh_nonces = true, .accepted_nonces = MOCK_NONCES_MAX};
    assert_true(mock_org_set_oauth(f->org, &options));
    call(f, token, nonces[1], 401);
    read_nonce(f, nonces[0]);
    for (size_t i = 0; i < MOCK_NONCES_MAX; i++) {
        call(f, token, nonces[i], 200);
        read_nonce(f, nonces[i + 1]);
    }
    call(f, token, nonces[0], 401);
    call(f, token, nonces[1], 200);
    call(f, token, nonces[1], 401);
    call(f, token, nonces[MOCK_NONCES_MAX], 200);
}

int test_nonce_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_token_endpoint_challenges_once),           TEST(calls_are_challenged_with_another_nonce),
        TEST(each_place_demands_nonces_by_itself),          TEST(a_rotation_ends_the_nonces),
        TEST(a_challenged_proof_and_assertion_are_used_up), TEST(a_bad_proof_is_not_challenged),
        TEST(fresh_nonces_come_with_each_good_proof),       TEST(several_nonces_can_be_good_at_a_time),
    };
    return cmocka_run_group_tests_name("mock_org nonce", tests, NULL, NULL);
}
