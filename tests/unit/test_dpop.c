/* SPDX-License-Identifier: Apache-2.0 */
/* DPoP proofs: their exact members, what they are bound to, and identifiers that never come twice. */
#include "unit/jti_support.h"

#include <cjson/cJSON.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/dpop.h"
#include "core/base64url.h"

#define URL "https://org.example/api/v1/apps"

/* The token and its hash are those of RFC 9449, section 7.1. */
#define RFC_TOKEN "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
#define RFC_ATH   "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"

static oktai_dpop_key *make_key(void)
{
    oktai_dpop_key *key = NULL;
    assert_null(oktai_dpop_key_new(&key));
    assert_non_null(key);
    return key;
}

static void write_proof(const oktai_dpop_proof *proof, parsed_jws *jws, oktai_buffer *out)
{
    assert_null(oktai_dpop_write(proof, out));
    jws_parse(out->data, jws);
}

/* The public key in a proof's header, by OpenSSL. */
static EVP_PKEY *key_of_header(const char *header)
{
    unsigned char point[67] = {4};
    char group[] = "prime256v1";
    size_t size;
    EVP_PKEY *pkey = NULL;
    cJSON *json = cJSON_Parse(header);
    const cJSON *jwk = cJSON_GetObjectItemCaseSensitive(json, "jwk");
    for (int i = 0; i < 2; i++) {
        const char *text = cJSON_GetObjectItemCaseSensitive(jwk, i == 0 ? "x" : "y")->valuestring;
        assert_int_equal(strlen(text), 43);
        assert_true(oktai_base64url_decode(text, 43, point + 1 + 32 * i, &size));
        assert_int_equal(size, 32);
    }
    cJSON_Delete(json);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 65),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

/* The header is right, the signature verifies by the key in it, and the claims are these, with `%` for jti.
 */
static void expect_proof(const oktai_dpop_proof *proof, const char *claims)
{
    char expected[2048];
    oktai_buffer out = {0};
    parsed_jws jws;
    write_proof(proof, &jws, &out);
    char *jti = json_text_member(jws.claims, "jti");
    assert_int_equal(strlen(jti), OKTAI_JTI_SIZE - 1);
    const char *hole = strchr(claims, '%');
    snprintf(expected, sizeof expected, "%.*s%s%s", (int)(hole - claims), claims, jti, hole + 1);
    assert_string_equal(jws.claims, expected);
    EVP_PKEY *pkey = key_of_header(jws.header);
    char *x = number_text(pkey, OSSL_PKEY_PARAM_EC_PUB_X, 32);
    char *y = number_text(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    snprintf(expected, sizeof expected,
             "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\","
             "\"y\":\"%s\"}}",
             x, y);
    assert_string_equal(jws.header, expected);
    assert_true(jws_verifies(&jws, pkey, "ES256"));
    EVP_PKEY_free(pkey);
    free(x);
    free(y);
    free(jti);
    jws_clear(&jws);
    oktai_buffer_clear(&out);
}

static void a_proof_for_a_token_names_method_and_url(void **state)
{
    (void)state;
    oktai_dpop_key *key = make_key();
    oktai_dpop_proof proof = {
        .key = key, .method = "POST", .url = "https://org.example/oauth2/v1/token", .now_s = 1700000000};
    const char *claims = "{\"jti\":\"%\",\"htm\":\"POST\",\"htu\":\"https://org.example/oauth2/v1/token\","
                         "\"iat\":1700000000}";
    expect_proof(&proof, claims);
    proof.nonce = "";
    expect_proof(&proof, claims);
    okta_free(key);
}

static void a_proof_for_a_call_is_bound_to_the_token_and_the_nonce(void **state)
{
    (void)state;
    oktai_dpop_key *key = make_key();
    oktai_dpop_proof proof = {.key = key,
                              .method = "GET",
                              .url = URL,
                              .access_token = RFC_TOKEN,
                              .nonce = "n-1",
                              .now_s = 1562262618};
    expect_proof(&proof, "{\"jti\":\"%\",\"htm\":\"GET\",\"htu\":\"" URL
                         "\",\"iat\":1562262618,\"nonce\":\"n-1\",\"ath\":\"" RFC_ATH "\"}");
    proof.nonce = NULL;
    expect_proof(&proof, "{\"jti\":\"%\",\"htm\":\"GET\",\"htu\":\"" URL
                         "\",\"iat\":1562262618,\"ath\":\"" RFC_ATH "\"}");
    okta_free(key);
}

static void the_hash_is_that_of_any_token(void **state)
{
    static const char *const tokens[] = {"", "a", "\"\\\n", "caf\xc3\xa9", "\xff not UTF-8"};
    (void)state;
    oktai_dpop_key *key = make_key();
    for (size_t i = 0; i < COUNT(tokens); i++) {
        unsigned char digest[SHA256_DIGEST_LENGTH];
        char ath[64];
        oktai_buffer out = {0};
        parsed_jws jws;
        oktai_dpop_proof proof = {.key = key, .method = "GET", .url = URL, .access_token = tokens[i]};
        write_proof(&proof, &jws, &out);
        SHA256((const unsigned char *)tokens[i], strlen(tokens[i]), digest);
        oktai_base64url_encode(digest, sizeof digest, ath);
        char *found = json_text_member(jws.claims, "ath");
        assert_string_equal(found, ath);
        free(found);
        jws_clear(&jws);
        oktai_buffer_clear(&out);
    }
    okta_free(key);
}

static void the_url_loses_query_and_fragment(void **state)
{
    static const struct {
        const char *url, *htu;
    } cases[] = {
        {URL "?limit=1&after=x", URL},
        {URL "#top", URL},
        {URL "?a#b", URL},
        {URL "#a?b", URL},
        {URL "?", URL},
        {URL "/%3Fid%23", URL "/%3Fid%23"},
        {"https://org.example:8443/", "https://org.example:8443/"},
        {"http://127.0.0.1:1", "http://127.0.0.1:1"},
        {"?", ""},
    };
    (void)state;
    oktai_dpop_key *key = make_key();
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_buffer out = {0};
        parsed_jws jws;
        oktai_dpop_proof proof = {.key = key, .method = "GET", .url = cases[i].url};
        write_proof(&proof, &jws, &out);
        char *htu = json_text_member(jws.claims, "htu");
        assert_string_equal(htu, cases[i].htu);
        free(htu);
        jws_clear(&jws);
        oktai_buffer_clear(&out);
    }
    okta_free(key);
}

/* Whatever a caller passes, there are the same members. */
static void texts_are_escaped(void **state)
{
    static const char hostile[] = "\",\"htm\":\"GET\\\n";
    oktai_buffer out = {0};
    parsed_jws jws;
    (void)state;
    oktai_dpop_key *key = make_key();
    oktai_dpop_proof proof = {.key = key, .method = hostile, .url = hostile, .nonce = hostile};
    write_proof(&proof, &jws, &out);
    cJSON *claims = cJSON_Parse(jws.claims);
    assert_int_equal(cJSON_GetArraySize(claims), 5);
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(claims, "htm")->valuestring, hostile);
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(claims, "htu")->valuestring, hostile);
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(claims, "nonce")->valuestring, hostile);
    cJSON_Delete(claims);
    jws_clear(&jws);
    oktai_buffer_clear(&out);
    proof.nonce = "\xff";
    expect_error(oktai_dpop_write(&proof, &out), OKTA_E_CONFIG, "UTF-8");
    assert_int_equal(out.length, 0);
    oktai_buffer_clear(&out);
    okta_free(key);
}

static void every_key_is_another(void **state)
{
    enum { KEYS = 20 };
    char *headers[KEYS];
    (void)state;
    for (size_t i = 0; i < KEYS; i++) {
        oktai_buffer out = {0};
        parsed_jws jws;
        oktai_dpop_key *key = make_key();
        oktai_dpop_proof proof = {.key = key, .method = "GET", .url = URL};
        write_proof(&proof, &jws, &out);
        headers[i] = jws.header;
        jws.header = NULL;
        jws_clear(&jws);
        oktai_buffer_clear(&out);
        okta_free(key);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(headers[i], headers[j]);
        }
    }
    for (size_t i = 0; i < KEYS; i++) {
        free(headers[i]);
    }
}

static void a_nonce_is_1_to_256_plain_characters(void **state)
{
    char text[OKTAI_DPOP_NONCE_SIZE + 1];
    char nonce[OKTAI_DPOP_NONCE_SIZE];
    (void)state;
    for (int c = 0; c <= 255; c++) {
        bool good = c == 0x21 || (c >= 0x23 && c <= 0x5b) || (c >= 0x5d && c <= 0x7e);
        for (size_t at = 0; at < 3; at++) {
            memcpy(text, "abc", 4);
            text[at] = (char)c;
            memcpy(nonce, "before", 7);
            bool taken = oktai_dpop_take_nonce(text, nonce);
            assert_int_equal(taken, good || (c == 0 && at > 0));
            assert_string_equal(nonce, taken ? text : "before");
        }
    }
    memset(text, 'n', sizeof text);
    text[257] = '\0';
    memcpy(nonce, "before", 7);
    assert_false(oktai_dpop_take_nonce(text, nonce));
    assert_string_equal(nonce, "before");
    text[256] = '\0';
    assert_true(oktai_dpop_take_nonce(text, nonce));
    assert_string_equal(nonce, text);
    assert_false(oktai_dpop_take_nonce("", nonce));
    assert_false(oktai_dpop_take_nonce("a\r\nDPoP: x", nonce));
    assert_false(oktai_dpop_take_nonce("a b", nonce));
    char *endless = malloc(10001);
    assert_non_null(endless);
    memset(endless, 'n', 10000);
    endless[10000] = '\0';
    assert_false(oktai_dpop_take_nonce(endless, nonce));
    free(endless);
}

static okta_error *write_any_proof(void *by, oktai_buffer *out)
{
    oktai_dpop_proof proof = {
        .key = by, .method = "GET", .url = URL, .access_token = RFC_TOKEN, .nonce = "n"};
    return oktai_dpop_write(&proof, out);
}

static bool verifies(const parsed_jws *jws)
{
    EVP_PKEY *pkey = key_of_header(jws->header);
    bool good = jws_verifies(jws, pkey, "ES256");
    EVP_PKEY_free(pkey);
    return good;
}

static void threads_share_a_key_and_no_identifier(void **state)
{
    (void)state;
    oktai_dpop_key *key = make_key();
    jti_source source = {.by = key, .write = write_any_proof, .verifies = verifies};
    jti_crowd_finish(jti_crowd_start(&source));
    okta_free(key);
}

static void the_error_queue_stays_as_it_was(void **state)
{
    oktai_buffer out = {0};
    (void)state;
    ERR_clear_error();
    ERR_raise(ERR_LIB_USER, 41);
    oktai_dpop_key *key = make_key();
    oktai_dpop_proof proof = {.key = key, .method = "GET", .url = URL, .access_token = "t"};
    assert_null(oktai_dpop_write(&proof, &out));
    assert_int_equal(ERR_GET_REASON(ERR_get_error()), 41);
    assert_int_equal(ERR_get_error(), 0);
    oktai_buffer_clear(&out);
    okta_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_for_a_token_names_method_and_url),
        cmocka_unit_test(a_proof_for_a_call_is_bound_to_the_token_and_the_nonce),
        cmocka_unit_test(the_hash_is_that_of_any_token),
        cmocka_unit_test(the_url_loses_query_and_fragment),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(every_key_is_another),
        cmocka_unit_test(a_nonce_is_1_to_256_plain_characters),
        cmocka_unit_test(threads_share_a_key_and_no_identifier),
        cmocka_unit_test(the_error_queue_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
