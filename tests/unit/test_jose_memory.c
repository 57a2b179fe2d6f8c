/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens when memory is short: each allocation fails in turn, once and from there on, of the library and of
 * OpenSSL below it. */
#include "unit/jose_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/allocations.h"
#include "unit/openssl_memory.h"

#define CLAIMS                                                                                               \
    "{\"iss\":\"https://org.example\",\"aud\":[\"c\",\"\\u0063\"],\"exp\":1700000100,\"iat\":1700000000,"    \
    "\"sub\":\"00u\"}"

/* What the operations start from, made while there is memory. */
static struct {
    okta_key *rsa, *ec;
    char *by_gcm, *by_cbc, *changed, *by_rsa, *by_pss, *by_ec, *wide, *set, *set_of_others;
} given;

static okta_error *done(okta_error *error, void *result)
{
    assert_true((result == NULL) == (error != NULL));
    okta_free(result);
    return error;
}

/* A key whose private half OpenSSL has not used. */
static okta_key *unused_key(void)
{
    okta_key *key = NULL;
    assert_null(oktai_key_wrap(EVP_PKEY_dup(shared_rsa_key()), NULL, true, &key));
    return key;
}

/* OpenSSL blinds a private key by two numbers, and squares them for each use. Where memory is out between the
 * two, the key opens nothing until it gets new ones, 32 uses later at the most: the next call has another
 * key.
 */
static okta_error *decrypt(const char *token)
{
    okta_jose *out = NULL;
    okta_error *error = okta_jwe_decrypt(token, strlen(token), given.rsa, NULL, &out);
    if (allocations_end()) {
        okta_free(given.rsa);
        given.rsa = unused_key();
    }
    return done(error, out);
}

static okta_error *verify(const char *token, const okta_key *key)
{
    okta_jose *out = NULL;
    okta_error *error = okta_jws_verify(token, strlen(token), key, NULL, &out);
    return done(error, out);
}

static okta_error *verify_with(const char *token, const char *set)
{
    okta_jose *out = NULL;
    okta_error *error = okta_jws_verify_with_jwks(token, strlen(token), set, strlen(set), NULL, &out);
    return done(error, out);
}

static okta_error *decrypt_gcm(void)
{
    return decrypt(given.by_gcm);
}

static okta_error *decrypt_cbc(void)
{
    return decrypt(given.by_cbc);
}

static okta_error *verify_rsa(void)
{
    return verify(given.by_rsa, given.rsa);
}

static okta_error *verify_pss(void)
{
    return verify(given.by_pss, given.rsa);
}

static okta_error *verify_ec(void)
{
    return verify(given.by_ec, given.ec);
}

static okta_error *verify_wide_header(void)
{
    return verify(given.wide, given.rsa);
}

static okta_error *verify_by_keys(void)
{
    return verify_with(given.by_ec, given.set);
}

static okta_error *check_claims(void)
{
    const okta_jose token = {.payload = CLAIMS, .payload_length = sizeof CLAIMS - 1};
    okta_id_token_options options = OKTA_ID_TOKEN_OPTIONS_INIT;
    okta_id_token *out = NULL;
    options.issuer = "https://org.example";
    options.audience = "c";
    options.now_s = 1700000000;
    okta_error *error = okta_id_token_check(&token, &options, &out);
    return done(error, out);
}

/* NULL for the refusal that is due, which it releases, and else the error. */
static okta_error *expect_status(okta_error *error, okta_status status)
{
    if (okta_error_status(error) != status) {
        return error;
    }
    okta_free(error);
    return NULL;
}

static okta_error *refuse_changed(void)
{
    return expect_status(decrypt(given.changed), OKTA_E_AUTH);
}

static okta_error *refuse_key(void)
{
    return expect_status(verify_with(given.by_ec, given.set_of_others), OKTA_E_NOT_FOUND);
}

static okta_error *refuse_header(void)
{
    return expect_status(verify("e30..", given.rsa), OKTA_E_PROTOCOL);
}

static okta_error *refuse_text(void)
{
    return expect_status(decrypt("a.b.c"), OKTA_E_PROTOCOL);
}

static const memory_operation operations[] = {
    {"decrypt by GCM", decrypt_gcm},
    {"decrypt by CBC", decrypt_cbc},
    {"verify RSA", verify_rsa},
    {"verify PSS", verify_pss},
    {"verify ECDSA", verify_ec},
    {"verify a wide header", verify_wide_header},
    {"verify by a set", verify_by_keys},
    {"check claims", check_claims},
    {"refuse a changed token", refuse_changed},
    {"refuse the keys of a set", refuse_key},
    {"refuse a header", refuse_header},
    {"refuse a text", refuse_text},
};

static memory_operations swept = {
    .all = operations,
    .count = COUNT(operations),
    .without_openssl = 3, /* claims, a header, a text */
    .silent_share = 2,
};

/* A header whose names, values and members do not fit in one block of memory. */
static char *wide_token(void)
{
    const size_t size = 12000;
    char *header = malloc(size);
    assert_non_null(header);
    size_t at = (size_t)snprintf(header, size, "{\"alg\":\"RS256\"");
    for (int i = 0; i < 200; i++) {
        at += (size_t)snprintf(header + at, size - at, ",\"\\u006dember%d\":\"\\u0076alue%d\"", i, i);
    }
    snprintf(header + at, size - at, "}");
    char *token = signed_token(shared_rsa_key(), "RS256", header, "payload");
    free(header);
    return token;
}

static int set_up(void **state)
{
    char text[4096];
    given.rsa = unused_key();
    given.ec = key_of(shared_ec_key(), false, "");
    given.by_gcm = sealed_token(shared_rsa_key(), "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}", "text", NULL);
    given.by_cbc = sealed_token(shared_rsa_key(), "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128CBC-HS256\"}", "text",
                                &(seal_how){.enc = "A128CBC-HS256"});
    given.changed = strdup(given.by_gcm);
    char *tag = strrchr(given.changed, '.') + 1;
    *tag = *tag == 'A' ? 'B' : 'A';
    given.by_rsa = signed_token(shared_rsa_key(), "RS256", "{\"alg\":\"RS256\"}", "payload");
    given.by_pss = signed_token(shared_rsa_key(), "PS256", "{\"alg\":\"PS256\"}", "payload");
    given.by_ec = signed_token(shared_ec_key(), "ES256", "{\"alg\":\"ES256\",\"kid\":\"k\"}", "payload");
    given.wide = wide_token();
    char *json = jwk_text(shared_ec_key(), false, ",\"kid\":\"\\u006b\"");
    snprintf(text, sizeof text, "{\"keys\":[{},{\"kty\":\"EC\",\"kid\":\"k\"},%s]}", json);
    given.set = strdup(text);
    given.set_of_others =
        strdup("{\"keys\":[5,{\"kty\":\"EC\",\"kid\":\"k\"},{\"kty\":\"EC\",\"kid\":\"k\"}]}");
    free(json);
    openssl_memory_settle(&swept);
    *state = &swept;
    return 0;
}

static int tear_down(void **state)
{
    char *const texts[] = {given.by_gcm, given.by_cbc, given.changed, given.by_rsa,       given.by_pss,
                           given.by_ec,  given.wide,   given.set,     given.set_of_others};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        free(texts[i]);
    }
    okta_free(given.ec);
    okta_free(given.rsa);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_of_the_library_may_fail),
        cmocka_unit_test(each_allocation_of_openssl_may_fail),
        cmocka_unit_test(openssl_may_fail_to_start),
    };
    if (!openssl_memory_take()) {
        return 1;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
