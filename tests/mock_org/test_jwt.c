/* SPDX-License-Identifier: Apache-2.0 */
#include "test_jwt.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_SCOPES "okta.apps.read+okta.apps.manage"

static EVP_PKEY *keys[TEST_KEYS];

static const struct {
    unsigned bits;
    const char *group;
    const char *crv;
    size_t coordinate;
} kinds[TEST_KEYS] = {
    [KEY_RSA] = {2048, NULL, NULL, 0},
    [KEY_RSA_OTHER] = {2048, NULL, NULL, 0},
    [KEY_RSA_1024] = {1024, NULL, NULL, 0},
    [KEY_P256] = {0, "P-256", "P-256", 32},
    [KEY_P256_OTHER] = {0, "P-256", "P-256", 32},
    [KEY_P384] = {0, "P-384", "P-384", 48},
    [KEY_P521] = {0, "P-521", "P-521", 66},
};

EVP_PKEY *test_key(test_key_name name)
{
    if (keys[name] == NULL) {
        keys[name] =
            kinds[name].group != NULL ? EVP_EC_gen(kinds[name].group) : EVP_RSA_gen(kinds[name].bits);
        assert_non_null(keys[name]);
    }
    return keys[name];
}

void test_keys_free(void)
{
    for (size_t i = 0; i < TEST_KEYS; i++) {
        EVP_PKEY_free(keys[i]);
        keys[i] = NULL;
    }
}

const char *test_base64url(const unsigned char *bytes, size_t length)
{
    unsigned char text[4096];
    assert_true(length < 3000);
    int written = EVP_EncodeBlock(text, bytes, (int)length);
    assert_true(written >= 0);
    size_t end = (size_t)written;
    while (end > 0 && text[end - 1] == '=') {
        end--;
    }
    text[end] = '\0';
    for (size_t i = 0; i < end; i++) {
        text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
    }
    return test_format("%s", (const char *)text);
}

static const char *number_of(EVP_PKEY *key, const char *name, size_t length)
{
    BIGNUM *number = NULL;
    unsigned char bytes[SIGNATURE_MAX];
    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &number), 1);
    length = length > 0 ? length : (size_t)BN_num_bytes(number);
    assert_int_equal(BN_bn2binpad(number, bytes, (int)length), length);
    BN_free(number);
    return test_base64url(bytes, length);
}

const char *test_jwk_members(test_key_name name)
{
    EVP_PKEY *key = test_key(name);
    if (kinds[name].group == NULL) {
        const char *n = number_of(key, OSSL_PKEY_PARAM_RSA_N, 0);
        return test_format("\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"", n,
                           number_of(key, OSSL_PKEY_PARAM_RSA_E, 0));
    }
    const char *x = number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, kinds[name].coordinate);
    return test_format("\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"", kinds[name].crv, x,
                       number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, kinds[name].coordinate));
}

static size_t sign_by_public_pem(const char *input, test_key_name key, unsigned char out[SIGNATURE_MAX])
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_non_null(bio);
    assert_int_equal(PEM_write_bio_PUBKEY(bio, test_key(key)), 1);
    char *pem = NULL;
    long pem_length = BIO_get_mem_data(bio, &pem);
    unsigned length = 0;
    assert_non_null(
        HMAC(EVP_sha256(), pem, (int)pem_length, (const unsigned char *)input, strlen(input), out, &length));
    BIO_free(bio);
    return length;
}

static size_t raw_of_der(const unsigned char *der, size_t length, size_t coordinate,
                         unsigned char out[SIGNATURE_MAX])
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)length);
    assert_non_null(pair);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, (int)coordinate), coordinate);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + coordinate, (int)coordinate), coordinate);
    ECDSA_SIG_free(pair);
    return 2 * coordinate;
}

size_t test_sign(const char *input, const char *how, test_key_name key, unsigned char out[SIGNATURE_MAX])
{
    if (strcmp(how, "none") == 0) {
        return 0;
    }
    if (strcmp(how, "HS256") == 0) {
        return sign_by_public_pem(input, key, out);
    }
    const char *bits = strcmp(how, "DER") == 0 ? "256" : how + 2;
    const char *digest = strcmp(bits, "512") == 0 ? "SHA512" : strcmp(bits, "384") == 0 ? "SHA384" : "SHA256";
    unsigned char signature[SIGNATURE_MAX];
    size_t length = sizeof signature;
    EVP_PKEY_CTX *settings = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_non_null(context);
    assert_int_equal(EVP_DigestSignInit_ex(context, &settings, digest, NULL, NULL, test_key(key), NULL), 1);
    if (how[0] == 'P') {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING), 1);
        assert_int_equal(
            EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, how[1] == 'Z' ? 0 : RSA_PSS_SALTLEN_DIGEST), 1);
    }
    assert_int_equal(EVP_DigestSign(context, signature, &length, (const unsigned char *)input, strlen(input)),
                     1);
    EVP_MD_CTX_free(context);
    if (how[0] == 'E') {
        return raw_of_der(signature, length, kinds[key].coordinate, out);
    }
    memcpy(out, signature, length);
    return length;
}

const char *test_jwt_input(const char *header, const char *claims)
{
    const char *first = test_base64url((const unsigned char *)header, strlen(header));
    return test_format("%s.%s", first, test_base64url((const unsigned char *)claims, strlen(claims)));
}

const char *test_jwt_of(const char *input, const unsigned char *signature, size_t length)
{
    return test_format("%s.%s", input, test_base64url(signature, length));
}

const char *test_jwt(const char *header, const char *claims, const char *how, test_key_name key)
{
    const char *input = test_jwt_input(header, claims);
    unsigned char signature[SIGNATURE_MAX];
    return test_jwt_of(input, signature, test_sign(input, how, key, signature));
}

/* Appends `"name":value` unless the value is "". */
static void add_claim(char *text, size_t size, const char *name, const char *value, const char *usual)
{
    value = value != NULL ? value : usual;
    size_t length = strlen(text);
    if (*value != '\0') {
        int added = snprintf(text + length, size - length, "%s\"%s\":%s", length > 1 ? "," : "", name, value);
        assert_true(added > 0 && (size_t)added < size - length);
    }
}

static void add_common_claims(char *text, size_t size, const test_claims *claims)
{
    static unsigned serial;
    char jti[32];
    char iat[32];
    (void)snprintf(jti, sizeof jti, "\"jti-%u\"", ++serial);
    (void)snprintf(iat, sizeof iat, "%d", TEST_NOW);
    add_claim(text, size, "iat", claims->iat, iat);
    add_claim(text, size, "jti", claims->jti, jti);
}

const char *test_assertion_claims(const fixture *f, test_claims claims)
{
    char text[2048] = "{";
    char aud[128];
    char exp[32];
    (void)snprintf(aud, sizeof aud, "\"%s/oauth2/v1/token\"", test_url(f));
    (void)snprintf(exp, sizeof exp, "%d", TEST_NOW + 300);
    add_claim(text, sizeof text, "iss", claims.iss, "\"" MOCK_SERVICE_APP "\"");
    add_claim(text, sizeof text, "sub", claims.sub, "\"" MOCK_SERVICE_APP "\"");
    add_claim(text, sizeof text, "aud", claims.aud, aud);
    add_claim(text, sizeof text, "exp", claims.exp, exp);
    add_claim(text, sizeof text, "nbf", claims.nbf, "");
    add_common_claims(text, sizeof text, &claims);
    return test_format("%s%s}", text, claims.more != NULL ? claims.more : "");
}

const char *test_assertion(const fixture *f, const char *alg, test_key_name key, test_claims claims)
{
    return test_jwt(test_format("{\"alg\":\"%s\",\"kid\":\"k\"}", alg), test_assertion_claims(f, claims), alg,
                    key);
}

const char *test_proof_claims(const fixture *f, const char *method, const char *target, const char *token,
                              test_claims claims)
{
    char text[2048] = "{";
    char htm[32];
    char htu[256];
    char ath[64] = "";
    (void)snprintf(htm, sizeof htm, "\"%s\"", method);
    (void)snprintf(htu, sizeof htu, "\"%s%.*s\"", test_url(f), (int)strcspn(target, "?"), target);
    if (token != NULL) {
        unsigned char hash[SHA256_DIGEST_LENGTH];
        SHA256((const unsigned char *)token, strlen(token), hash);
        (void)snprintf(ath, sizeof ath, "\"%s\"", test_base64url(hash, sizeof hash));
    }
    add_claim(text, sizeof text, "htm", claims.htm, htm);
    add_claim(text, sizeof text, "htu", claims.htu, htu);
    add_claim(text, sizeof text, "ath", claims.ath, ath);
    add_claim(text, sizeof text, "nonce", claims.nonce, "");
    add_common_claims(text, sizeof text, &claims);
    return test_format("%s%s}", text, claims.more != NULL ? claims.more : "");
}

const char *test_proof_header(const char *alg, test_key_name key)
{
    return test_format("{\"typ\":\"dpop+jwt\",\"alg\":\"%s\",\"jwk\":{%s}}", alg, test_jwk_members(key));
}

const char *test_proof(const fixture *f, const char *method, const char *target, const char *token,
                       test_claims claims)
{
    const char *text = test_proof_claims(f, method, target, token, claims);
    return test_jwt(test_proof_header("ES256", KEY_P256), text, "ES256", KEY_P256);
}

void test_register(fixture *f, test_key_name key)
{
    assert_null(
        mock_org_add_key(f->org, MOCK_SERVICE_APP, test_format("{\"kid\":\"k\",%s}", test_jwk_members(key))));
}

void test_token_form(fixture *f, const char *form, const char *proof, long status)
{
    const char *headers[] = {proof != NULL ? test_format("DPoP: %s", proof) : NULL, NULL};
    f->token = NULL;
    f->headers = headers;
    f->content_type = "application/x-www-form-urlencoded";
    test_expect(f, "POST", MOCK_TOKEN_PATH, form, status);
    f->headers = NULL;
    f->content_type = NULL;
    f->token = "mock-token";
}

void test_token_request(fixture *f, const char *scope, const char *assertion, const char *proof, long status)
{
    test_token_form(f, test_format(FORM_OF, assertion, scope != NULL ? scope : DEFAULT_SCOPES), proof,
                    status);
}

void test_oauth_error(const fixture *f, long status, const char *error, const char *part)
{
    assert_int_equal(f->status, status);
    test_members(f->json, "error,error_description");
    assert_string_equal(test_string(f->json, "error"), error);
    const char *description = test_string(f->json, "error_description");
    if (strstr(description, part) == NULL) {
        print_error("\"%s\" is not in \"%s\"\n", part, description);
    }
    assert_non_null(strstr(description, part));
    test_header_is(f, "Content-Type", "application/json");
    test_header_is(f, "Cache-Control", "no-store");
}

void test_get_token(fixture *f, const char *scope, const char *proof, char out[TOKEN_SIZE])
{
    test_token_request(f, scope, test_assertion(f, "ES256", KEY_P256, (test_claims){0}), proof, 200);
    assert_string_equal(test_string(f->json, "token_type"), proof != NULL ? "DPoP" : "Bearer");
    (void)snprintf(out, TOKEN_SIZE, "%s", test_string(f->json, "access_token"));
}

void test_api(fixture *f, const char *scheme, const char *token, const char *proof, const char *method,
              const char *target, long status)
{
    const char *headers[] = {test_format("Authorization: %s %s", scheme, token),
                             proof != NULL ? test_format("DPoP: %s", proof) : NULL, NULL};
    f->token = NULL;
    f->headers = headers;
    test_expect(f, method, target, NULL, status);
    f->headers = NULL;
    f->token = "mock-token";
}

void test_challenge(const fixture *f, const char *begins)
{
    char *first = test_header(f, "WWW-Authenticate", 0);
    assert_non_null(first);
    if (strncmp(first, begins, strlen(begins)) != 0) {
        print_error("%s\nnot %s\n", first, begins);
    }
    assert_int_equal(strncmp(first, begins, strlen(begins)), 0);
    free(first);
    assert_null(test_header(f, "WWW-Authenticate", 1));
    assert_true(f->status == 401 || f->status == 403);
    assert_string_equal(test_string(f->json, "errorCode"), f->status == 401 ? "E0000011" : "E0000006");
}
