/* SPDX-License-Identifier: Apache-2.0 */
/* Which key may do what to which token, and what a program allows. */
#include "unit/jose_support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARG     OKTA_E_ARG
#define MISSING OKTA_E_NOT_FOUND
#define GCM     "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"kid\":\"k\"}"
#define RS256   "{\"alg\":\"RS256\",\"kid\":\"k\"}"

/* Members of the JWK of a key. `status` OKTA_OK: it does it. */
typedef struct fit_row {
    const char *members;
    okta_status status;
    const char *phrase;
} fit_row;

static void lets_a_key_verify_as_its_jwk_says(void **state)
{
    static const fit_row rows[] = {
        {"", OKTA_OK, NULL},
        {",\"kid\":\"k\"", OKTA_OK, NULL},
        {",\"kid\":\"j\"", MISSING, "their kid differs"},
        {",\"kid\":\"\"", MISSING, "their kid differs"},
        {",\"kid\":5", ARG, "the key must not verify"},
        {",\"use\":\"sig\"", OKTA_OK, NULL},
        {",\"use\":\"enc\"", ARG, "the key is for encryption: its use is enc"},
        {",\"use\":\"other\"", ARG, "the key must not verify"},
        {",\"use\":5", ARG, "the key must not verify"},
        {",\"use\":null", OKTA_OK, NULL},
        {",\"key_ops\":[\"verify\"]", OKTA_OK, NULL},
        {",\"key_ops\":[\"sign\",\"verify\"]", OKTA_OK, NULL},
        {",\"key_ops\":[\"sign\"]", ARG, "do not have \"verify\""},
        {",\"key_ops\":[]", ARG, "do not have \"verify\""},
        {",\"key_ops\":\"verify\"", ARG, "the key must not verify"},
        {",\"key_ops\":[5]", ARG, "the key must not verify"},
        {",\"alg\":\"RS256\"", OKTA_OK, NULL},
        {",\"alg\":\"RS384\"", MISSING, "its alg is not RS256"},
        {",\"alg\":\"RSA-OAEP\"", MISSING, "its alg is not RS256"},
        {",\"alg\":5", ARG, "the key must not verify"},
        {",\"jku\":\"http://127.0.0.1:1/\",\"x5c\":[\"AA\"]", OKTA_OK, NULL},
    };
    char *token = signed_token(shared_rsa_key(), "RS256", RS256, "payload");
    char *jwks = malloc(4096);
    (void)state;
    assert_non_null(jwks);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *json = jwk_text(shared_rsa_key(), false, rows[i].members);
        okta_key *key = key_of_jwk(json);
        snprintf(jwks, 4096, "{\"keys\":[%s]}", json);
        if (rows[i].status == OKTA_OK) {
            expect_verified(token, key, "payload");
        } else {
            expect_not_verified(token, key, rows[i].status, rows[i].phrase);
        }
        /* The token has a kid: a key of a set must have it. */
        if (strcmp(rows[i].members, ",\"kid\":\"k\"") == 0) {
            expect_verified_by_set(token, jwks, "payload");
        } else {
            expect_not_verified_by_set(token, jwks, MISSING, "no key of the JWKS fits");
        }
        okta_free(key);
        free(json);
    }
    free(jwks);
    free(token);
}

static void lets_a_key_decrypt_as_its_jwk_says(void **state)
{
    static const fit_row rows[] = {
        {"", OKTA_OK, NULL},
        {",\"kid\":\"j\"", MISSING, "their kid differs"},
        {",\"use\":\"enc\"", OKTA_OK, NULL},
        {",\"use\":\"sig\"", ARG, "the key is for signatures: its use is sig"},
        {",\"use\":\"other\"", ARG, "the key must not decrypt"},
        {",\"key_ops\":[\"decrypt\"]", OKTA_OK, NULL},
        {",\"key_ops\":[\"unwrapKey\"]", OKTA_OK, NULL},
        {",\"key_ops\":[\"encrypt\",\"wrapKey\",\"sign\"]", ARG, "do not have \"decrypt\" or \"unwrapKey\""},
        {",\"alg\":\"RSA-OAEP\"", OKTA_OK, NULL},
        {",\"alg\":\"RSA-OAEP-256\"", MISSING, "its alg is not RSA-OAEP"},
        {",\"alg\":\"RS256\"", MISSING, "its alg is not RSA-OAEP"},
    };
    char *token = sealed_token(shared_rsa_key(), GCM, "text", NULL);
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        okta_key *key = key_of(shared_rsa_key(), true, rows[i].members);
        if (rows[i].status == OKTA_OK) {
            expect_decrypted(token, key, "text");
        } else {
            expect_not_decrypted(token, key, rows[i].status, rows[i].phrase);
        }
        okta_free(key);
    }
    free(token);
}

static void refuses_keys_of_another_kind(void **state)
{
    okta_key *rsa = key_of(shared_rsa_key(), true, "");
    okta_key *rsa_public = key_of(shared_rsa_key(), false, "");
    okta_key *ec = key_of(shared_ec_key(), true, "");
    EVP_PKEY *p384 = make_ec_key("P-384"), *large = make_rsa_key(3072);
    okta_key *other_curve = key_of(p384, false, ""), *larger = key_of(large, true, "");
    (void)state;
    char *token = sealed_token(shared_rsa_key(), GCM, "text", NULL);
    expect_not_decrypted(token, rsa_public, ARG, "the key is public: an RSA private key decrypts");
    expect_not_decrypted(token, ec, ARG, "the key is an EC key: an RSA private key decrypts");
    expect_not_decrypted(token, larger, MISSING, "has 256 bytes; one for this key has 384");
    free(token);
    token = signed_token(shared_rsa_key(), "RS256", RS256, "payload");
    expect_not_verified(token, ec, MISSING, "alg RS256 does not fit the curve of the key");
    expect_not_verified(token, larger, OKTA_E_AUTH, "is not that of the key");
    free(token);
    token = signed_token(shared_ec_key(), "ES256", "{\"alg\":\"ES256\"}", "payload");
    expect_not_verified(token, rsa, MISSING, "alg ES256 is no algorithm of an RSA key");
    expect_not_verified(token, other_curve, MISSING, "alg ES256 does not fit the curve of the key");
    free(token);
    token = signed_token(shared_ec_key(), "ES384", "{\"alg\":\"ES384\"}", "payload");
    expect_not_verified(token, other_curve, OKTA_E_AUTH, "is not as long as r and s");
    free(token);
    okta_free(larger);
    okta_free(other_curve);
    okta_free(ec);
    okta_free(rsa_public);
    okta_free(rsa);
    EVP_PKEY_free(large);
    EVP_PKEY_free(p384);
}

/* `%s` of a set is the public key of the token without its closing brace. */
static void picks_keys_from_a_set(void **state)
{
    static const struct {
        const char *name, *set;
        bool has_kid; /* of the token: k */
        okta_status status;
        const char *phrase;
    } rows[] = {
        {"one", "{\"keys\":[%s,\"kid\":\"k\"}]}", true, OKTA_OK, NULL},
        {"one, no kid anywhere", "{\"keys\":[%s}]}", false, OKTA_OK, NULL},
        {"one, the token has no kid", "{\"keys\":[%s,\"kid\":\"k\"}]}", false, OKTA_OK, NULL},
        {"one, the key has no kid", "{\"keys\":[%s}]}", true, MISSING, "no key of the JWKS fits the kid"},
        {"the second of that kid", "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"k\"},%s,\"kid\":\"k\"}]}", true,
         OKTA_OK, NULL},
        {"members in any order", "{\"x\":[{}],\"keys\":[{},[],\"k\",1,null,true,%s,\"kid\":\"k\"}],\"y\":1}",
         true, OKTA_OK, NULL},
        {"white space", " { \"keys\" : [ %s , \"kid\" : \"k\" } ] } ", true, OKTA_OK, NULL},
        {"escapes", "{\"\\u006beys\":[%s,\"k\\u0069d\":\"\\u006b\"}]}", true, OKTA_OK, NULL},
        {"none", "{\"keys\":[]}", true, MISSING, "no key of the JWKS fits"},
        {"another kid", "{\"keys\":[%s,\"kid\":\"K\"}]}", true, MISSING, "no key of the JWKS fits"},
        {"a kid that is no string", "{\"keys\":[%s,\"kid\":[\"k\"]}]}", true, MISSING,
         "no key of the JWKS fits"},
        {"kid twice", "{\"keys\":[%s,\"kid\":\"k\",\"kid\":\"k\"}]}", true, MISSING,
         "no key of the JWKS fits"},
        {"for encryption", "{\"keys\":[%s,\"kid\":\"k\",\"use\":\"enc\"}]}", true, MISSING,
         "no key of the JWKS fits"},
        {"for another alg", "{\"keys\":[%s,\"kid\":\"k\",\"alg\":\"PS256\"}]}", true, MISSING,
         "no key of the JWKS fits"},
        {"not to verify", "{\"keys\":[%s,\"kid\":\"k\",\"key_ops\":[\"sign\"]}]}", true, MISSING,
         "no key of the JWKS is fit for the token: the key must not verify"},
        {"damaged", "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}", true, MISSING,
         "no key of the JWKS is fit for the token: "},
        {"a damaged one before", "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\"},%s,\"kid\":\"k\"}]}", true,
         OKTA_OK, NULL},
        {"a shared secret", "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AA\"}]}", true, MISSING,
         "no key of the JWKS fits"},
        {"no JSON", "keys", true, ARG, "the JWKS is no JSON object"},
        {"a list", "[%s}]", true, ARG, "the JWKS is no JSON object"},
        {"a key", "%s}", true, ARG, "the JWKS has no array \"keys\""},
        {"keys an object", "{\"keys\":{}}", true, ARG, "the JWKS has no array \"keys\""},
        {"keys twice", "{\"keys\":[],\"keys\":[%s,\"kid\":\"k\"}]}", true, ARG,
         "the JWKS has a member twice"},
        {"cut off", "{\"keys\":[%s,\"kid\":\"k\"}]", true, ARG, "the JWKS is no strict JSON"},
        {"text behind", "{\"keys\":[%s,\"kid\":\"k\"}]}]", true, ARG, "the JWKS is no strict JSON"},
        {"empty", "", true, ARG, "the JWKS is no JSON object"},
    };
    char *with_kid = signed_token(shared_rsa_key(), "RS256", RS256, "payload");
    char *without = signed_token(shared_rsa_key(), "RS256", "{\"alg\":\"RS256\"}", "payload");
    char *json = jwk_text(shared_rsa_key(), false, "");
    char *set = malloc(4096);
    (void)state;
    assert_non_null(set);
    json[strlen(json) - 1] = '\0';
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *hole = strstr(rows[i].set, "%s");
        int before = hole == NULL ? (int)strlen(rows[i].set) : (int)(hole - rows[i].set);
        snprintf(set, 4096, "%.*s%s%s", before, rows[i].set, hole == NULL ? "" : json,
                 hole == NULL ? "" : hole + 2);
        const char *token = rows[i].has_kid ? with_kid : without;
        print_message("%s\n", rows[i].name);
        if (rows[i].status == OKTA_OK) {
            expect_verified_by_set(token, set, "payload");
        } else {
            expect_not_verified_by_set(token, set, rows[i].status, rows[i].phrase);
        }
    }
    free(set);
    free(json);
    free(without);
    free(with_kid);
}

/* A set of `others` keys that fit and are of somebody else, and that of the token behind them. */
static char *crowded_set(EVP_PKEY *other, size_t others)
{
    char *foreign = jwk_text(other, false, ""), *own = jwk_text(shared_ec_key(), false, "");
    size_t size = strlen(foreign) * (others + 1) + strlen(own) + 64, at = 0;
    char *set = malloc(size);
    assert_non_null(set);
    at += (size_t)snprintf(set, size, "{\"keys\":[");
    for (size_t i = 0; i < others; i++) {
        at += (size_t)snprintf(set + at, size - at, "%s,", foreign);
    }
    snprintf(set + at, size - at, "%s]}", own);
    free(own);
    free(foreign);
    return set;
}

static void tries_sixteen_keys_of_a_set(void **state)
{
    EVP_PKEY *other = make_ec_key("P-256");
    char *token = signed_token(shared_ec_key(), "ES256", "{\"alg\":\"ES256\"}", "payload");
    (void)state;
    char *set = crowded_set(other, 15);
    expect_verified_by_set(token, set, "payload");
    free(set);
    set = crowded_set(other, 16);
    expect_not_verified_by_set(token, set, MISSING, "more than 16 keys of the JWKS fit the token");
    free(set);
    set = calloc(1, OKTA_JOSE_JWKS_MAX + 2);
    assert_non_null(set);
    char *own = jwk_text(shared_ec_key(), false, "");
    snprintf(set, OKTA_JOSE_JWKS_MAX, "{\"keys\":[%s]}", own);
    size_t used = strlen(set);
    memset(set + used, ' ', OKTA_JOSE_JWKS_MAX + 1 - used);
    expect_not_verified_by_set(token, set, ARG, "the JWKS is longer than 1048576 bytes");
    set[OKTA_JOSE_JWKS_MAX] = '\0';
    expect_verified_by_set(token, set, "payload");
    free(own);
    free(set);
    free(token);
    EVP_PKEY_free(other);
}

static void holds_a_token_to_what_the_program_allows(void **state)
{
    static const char *const rs[] = {"PS256", "RS256", NULL}, *const es[] = {"ES256", NULL},
                             *const none[] = {NULL};
    static const char *const bad[] = {"RS256", "HS256", NULL}, *const oaep[] = {"RSA-OAEP", NULL};
    static const char *const gcm[] = {"A256GCM", "A128GCM", NULL}, *const cbc[] = {"A128CBC-HS256", NULL};
    okta_key *key = key_of(shared_rsa_key(), true, "");
    char *token = signed_token(shared_rsa_key(), "RS256", RS256, "payload");
    char *sealed = sealed_token(shared_rsa_key(), GCM, "text", NULL);
    okta_jose_options options = OKTA_JOSE_OPTIONS_INIT;
    okta_jose *out = NULL;
    (void)state;
    assert_null(verify_text(token, key, &options, &out));
    okta_free(out);
    options.algs = rs;
    assert_null(verify_text(token, key, &options, &out));
    okta_free(out);
    options.algs = es;
    expect_error(verify_text(token, key, &options, &out), OKTA_E_PROTOCOL, "the options do not allow it");
    options.algs = none;
    expect_error(verify_text(token, key, &options, &out), OKTA_E_PROTOCOL, "the options do not allow it");
    options.algs = bad;
    expect_error(verify_text(token, key, &options, &out), ARG,
                 "the options allow \"HS256\", which is no alg");
    expect_error(decrypt_text(sealed, key, &options, &out), ARG,
                 "the options allow \"RS256\", which is no alg");
    options.algs = oaep;
    options.encs = gcm;
    assert_null(decrypt_text(sealed, key, &options, &out));
    okta_free(out);
    options.encs = cbc;
    expect_error(decrypt_text(sealed, key, &options, &out), OKTA_E_PROTOCOL, "the options do not allow it");
    options.encs = es;
    expect_error(decrypt_text(sealed, key, &options, &out), ARG,
                 "the options allow \"ES256\", which is no enc");
    options.struct_size = 0;
    expect_error(decrypt_text(sealed, key, &options, &out), ARG, "struct_size");
    expect_error(verify_text(token, key, &options, &out), ARG, "struct_size");
    free(sealed);
    free(token);
    okta_free(key);
}

static void refuses_null_and_leaves_no_result(void **state)
{
    okta_key *key = key_of(shared_rsa_key(), true, "");
    okta_jose *out = (okta_jose *)key;
    (void)state;
    expect_error(okta_jwe_decrypt(NULL, 0, key, NULL, &out), ARG, "token");
    assert_null(out);
    expect_error(okta_jwe_decrypt("", 0, NULL, NULL, &out), ARG, "key");
    expect_error(okta_jwe_decrypt("", 0, key, NULL, NULL), ARG, "out");
    out = (okta_jose *)key;
    expect_error(okta_jws_verify(NULL, 0, key, NULL, &out), ARG, "token");
    assert_null(out);
    expect_error(okta_jws_verify("", 0, NULL, NULL, &out), ARG, "key");
    expect_error(okta_jws_verify("", 0, key, NULL, NULL), ARG, "out");
    out = (okta_jose *)key;
    expect_error(okta_jws_verify_with_jwks(NULL, 0, "", 0, NULL, &out), ARG, "token");
    assert_null(out);
    expect_error(okta_jws_verify_with_jwks("", 0, NULL, 0, NULL, &out), ARG, "jwks");
    expect_error(okta_jws_verify_with_jwks("", 0, "", 0, NULL, NULL), ARG, "out");
    okta_free(key);
}

static struct {
    const okta_key *key;
    char *token, *sealed;
} shared_by_threads;

static void *use_key(void *ctx)
{
    (void)ctx;
    for (int i = 0; i < 20; i++) {
        okta_jose *out = NULL;
        okta_error *error = okta_jwe_decrypt(shared_by_threads.sealed, strlen(shared_by_threads.sealed),
                                             shared_by_threads.key, NULL, &out);
        if (error != NULL || strcmp(out->payload, "text") != 0) {
            return "not decrypted";
        }
        okta_free(out);
        error = okta_jws_verify(shared_by_threads.token, strlen(shared_by_threads.token),
                                shared_by_threads.key, NULL, &out);
        if (error != NULL || strcmp(out->payload, "payload") != 0) {
            return "not verified";
        }
        okta_free(out);
    }
    return NULL;
}

static void serves_threads_by_one_key(void **state)
{
    pthread_t threads[4];
    okta_key *key = key_of(shared_rsa_key(), true, "");
    (void)state;
    shared_by_threads.key = key;
    shared_by_threads.token = signed_token(shared_rsa_key(), "RS256", RS256, "payload");
    shared_by_threads.sealed = sealed_token(shared_rsa_key(), GCM, "text", NULL);
    for (size_t i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use_key, NULL), 0);
    }
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *problem = NULL;
        assert_int_equal(pthread_join(threads[i], &problem), 0);
        assert_null(problem);
    }
    free(shared_by_threads.sealed);
    free(shared_by_threads.token);
    okta_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_a_key_verify_as_its_jwk_says),
        cmocka_unit_test(lets_a_key_decrypt_as_its_jwk_says),
        cmocka_unit_test(refuses_keys_of_another_kind),
        cmocka_unit_test(picks_keys_from_a_set),
        cmocka_unit_test(tries_sixteen_keys_of_a_set),
        cmocka_unit_test(holds_a_token_to_what_the_program_allows),
        cmocka_unit_test(refuses_null_and_leaves_no_result),
        cmocka_unit_test(serves_threads_by_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
