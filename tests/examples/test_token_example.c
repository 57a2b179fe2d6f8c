/* SPDX-License-Identifier: Apache-2.0 */
/* verify_id_token as a program of its own, with tokens that this test signs and encrypts; the mock org
 * answers with the keys. */
#include "unit/jose_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "examples/example_world.h"
#include "examples/expect_text.h"

#define CLIENT    "0oaclient"
#define KEYS_PATH "/oauth2/default/v1/keys"
#define SIGNED    "{\"alg\":\"RS256\",\"kid\":\"k1\"}"
#define NESTED    "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"cty\":\"JWT\"}"

static int set_up(void **state)
{
    *state = example_world_start(NULL);
    return 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static char *token_of(const example_world *f, const char *nonce)
{
    char claims[512];
    const long long now = (long long)time(NULL);
    snprintf(claims, sizeof claims,
             "{\"iss\":\"%s/oauth2/default\",\"aud\":\"" CLIENT "\",\"sub\":\"00u1\",\"nonce\":\"%s\","
             "\"iat\":%lld,\"exp\":%lld}",
             mock_org_url(f->org), nonce, now, now + 3600);
    return signed_token(shared_rsa_key(), "RS256", SIGNED, claims);
}

static void answer_keys(const example_world *f, EVP_PKEY *pkey, const char *kid)
{
    char members[64], jwks[2048];
    snprintf(members, sizeof members, ",\"kid\":\"%s\",\"use\":\"sig\",\"alg\":\"RS256\"", kid);
    char *json = jwk_text(pkey, false, members);
    snprintf(jwks, sizeof jwks, "{\"keys\":[%s]}", json);
    const mock_fault canned = {.method = "GET", .path_contains = KEYS_PATH, .status = 200, .body = jwks};
    assert_true(mock_org_fail_next(f->org, &canned));
    free(json);
}

/* `key` is nullable. */
static void run(example_world *f, const char *token, const char *nonce, const char *key)
{
    char text[16384];
    snprintf(text, sizeof text, "%s\n", token);
    write_file(f->state_file, text);
    example_run(f, EXAMPLE_VERIFY_ID_TOKEN,
                (const char *const[]){f->state_file, "default", CLIENT, nonce, key, NULL},
                (const char *const[]){"OKTA_CLIENT_TOKEN=mock-token", "NO_PROXY=127.0.0.1", NULL});
}

static void assert_proved(const example_world *f)
{
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    assert_string_equal(f->result.out, "00u1\n");
}

static void assert_refused(const example_world *f, const char *said)
{
    assert_int_equal(f->result.exit_code, 1);
    assert_string_equal(f->result.out, "");
    assert_contains(f->result.err, said);
}

static void proves_a_login(void **state)
{
    example_world *f = *state;
    char *token = token_of(f, "n-1");
    answer_keys(f, shared_rsa_key(), "k1");
    run(f, token, "n-1", NULL);
    assert_proved(f);
    assert_string_equal(mock_org_request_at(f->org, 0)->target, KEYS_PATH);
    free(token);
}

static void proves_a_login_by_an_encrypted_token(void **state)
{
    example_world *f = *state;
    EVP_PKEY *pkey = make_rsa_key(2048);
    char *pem = pkcs8_pem(pkey);
    char *token = token_of(f, "n-1");
    char *sealed = sealed_token(pkey, NESTED, token, &(seal_how){.hash = "SHA256", .enc = "A256GCM"});
    write_file(f->pem_file, pem);
    answer_keys(f, shared_rsa_key(), "k1");
    run(f, sealed, "n-1", f->pem_file);
    assert_proved(f);
    run(f, sealed, "n-1", NULL);
    assert_refused(f, "the token has 5 parts; a JWS has 3: this may be a JWE, to be decrypted");
    free(sealed);
    free(token);
    free(pem);
    EVP_PKEY_free(pkey);
}

static void refuses_what_proves_nothing(void **state)
{
    example_world *f = *state;
    EVP_PKEY *other = make_rsa_key(2048);
    char *token = token_of(f, "n-1");
    answer_keys(f, shared_rsa_key(), "k1");
    run(f, token, "n-2", NULL);
    assert_refused(f, "the claim \"nonce\" of the token is not that of the authorization request");
    answer_keys(f, shared_rsa_key(), "k2");
    run(f, token, "n-1", NULL);
    assert_refused(f, "no key of the JWKS fits the kid and the alg of the token");
    answer_keys(f, other, "k1");
    run(f, token, "n-1", NULL);
    assert_refused(f, "the signature of the token is not that of the key");
    free(token);
    EVP_PKEY_free(other);
}

static void refuses_wrong_arguments(void **state)
{
    example_world *f = *state;
    example_run(f, EXAMPLE_VERIFY_ID_TOKEN, (const char *const[]){"token", "default", CLIENT, NULL},
                (const char *const[]){"OKTA_CLIENT_TOKEN=mock-token", NULL});
    assert_int_equal(f->result.exit_code, 2);
    assert_contains(f->result.err, "usage: ");
    assert_int_equal(mock_org_request_count(f->org), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(proves_a_login, set_up, example_world_teardown),
        cmocka_unit_test_setup_teardown(proves_a_login_by_an_encrypted_token, set_up, example_world_teardown),
        cmocka_unit_test_setup_teardown(refuses_what_proves_nothing, set_up, example_world_teardown),
        cmocka_unit_test_setup_teardown(refuses_wrong_arguments, set_up, example_world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
