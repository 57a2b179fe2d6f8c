/* SPDX-License-Identifier: Apache-2.0 */
/* Keys when memory is short: each allocation fails in turn, once and from there on, of the library and of
 * OpenSSL below it. */
#include "unit/keys_support.h"

#include <openssl/pkcs12.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base64url.h"
#include "unit/keys_vectors.h"
#include "unit/openssl_memory.h"

#define PASSPHRASE "secret"

/* Texts and keys that the operations start from, made while there is memory. */
static struct {
    char *ec_pem, *rsa_public, *encrypted, *encrypted_rsa, *traditional, *headed, *bare_ec, *large;
    okta_key *ec, *rsa, *named;
    okta_oauth2_client_jwk *model;
} given;

static int answer(void *ctx, char *buffer, size_t capacity)
{
    (void)ctx;
    (void)capacity;
    memcpy(buffer, PASSPHRASE, strlen(PASSPHRASE));
    return (int)strlen(PASSPHRASE);
}

static okta_error *from_pem(const char *pem)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_from_pem(pem, strlen(pem), answer, NULL, &key);
    assert_true((key == NULL) == (error != NULL));
    okta_free(key);
    return error;
}

static okta_error *from_jwk(const char *json)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_from_jwk(json, strlen(json), &key);
    assert_true((key == NULL) == (error != NULL));
    okta_free(key);
    return error;
}

static okta_error *generate_ec(void)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_generate(OKTA_KEY_EC_P256, &key);
    assert_true((key == NULL) == (error != NULL));
    okta_free(key);
    return error;
}

static okta_error *read_pem(void)
{
    return from_pem(given.ec_pem);
}

static okta_error *read_bare_pem(void)
{
    return from_pem(given.bare_ec);
}

static okta_error *read_rsa_public_pem(void)
{
    return from_pem(given.rsa_public);
}

static okta_error *read_encrypted_pem(void)
{
    return from_pem(given.encrypted);
}

static okta_error *read_traditional_pem(void)
{
    return from_pem(given.traditional);
}

static okta_error *read_encrypted_rsa_pem(void)
{
    return from_pem(given.encrypted_rsa);
}

static okta_error *read_pem_with_long_header(void)
{
    return from_pem(given.headed);
}

static okta_error *read_jwk(void)
{
    return from_jwk("{\"kid\":\"k\",\"alg\":\"ES256\"," /* and without the kid of the vector: */
                    "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_Y
                    "\",\"d\":\"" VECTOR_EC_D "\"}");
}

static okta_error *read_rsa_jwk(void)
{
    return from_jwk(VECTOR_RSA);
}

static okta_error *read_large_jwk(void)
{
    return from_jwk(given.large);
}

static okta_error *read_model(void)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_from_jwk_model(given.model, &key);
    assert_true((key == NULL) == (error != NULL));
    okta_free(key);
    return error;
}

static okta_error *write_pem_of(const okta_key *key)
{
    char *pem = NULL;
    okta_error *error = okta_key_to_private_pem(key, &pem);
    assert_true((pem == NULL) == (error != NULL));
    okta_free(pem);
    return error;
}

static okta_error *write_pem(void)
{
    return write_pem_of(given.ec);
}

static okta_error *write_rsa_pem(void)
{
    return write_pem_of(given.rsa);
}

static okta_error *write_file_to(const char *path)
{
    struct stat status;
    okta_error *error = okta_key_write_private_pem(given.ec, path);
    assert_true((lstat(path, &status) == 0) == (error == NULL));
    unlink(path);
    return error;
}

static okta_error *write_file(void)
{
    return write_file_to("key.pem");
}

static okta_error *write_file_elsewhere(void)
{
    return write_file_to("./key.pem");
}

static okta_error *request_of(const okta_key *key)
{
    okta_oauth2_client_jwk_request *jwk = NULL;
    okta_error *error = okta_key_to_jwk_request(key, NULL, &jwk);
    assert_true((jwk == NULL) == (error != NULL));
    okta_free(jwk);
    return error;
}

static okta_error *make_request(void)
{
    return request_of(given.ec);
}

static okta_error *make_large_request(void)
{
    return request_of(given.named);
}

static okta_error *check(void)
{
    return okta_jwk_check(given.model);
}

static okta_error *describe(void)
{
    char description[OKTA_KEY_DESCRIPTION_SIZE];
    okta_error *error = okta_jwk_description(given.model, description);
    assert_string_equal(description, error == NULL ? "RSA 2048" : "");
    return error;
}

static okta_error *refuse_pem(void)
{
    return expect_refusal(from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
}

static okta_error *refuse_jwk(void)
{
    return expect_refusal(from_jwk("{\"kty\":5}"));
}

static okta_error *refuse_null(void)
{
    return expect_refusal(okta_jwk_check(NULL));
}

static const memory_operation operations[] = {
    {"generate", generate_ec},
    {"read PEM", read_pem},
    {"read PEM without public half", read_bare_pem},
    {"read RSA public PEM", read_rsa_public_pem},
    {"read encrypted PEM", read_encrypted_pem},
    {"read traditional PEM", read_traditional_pem},
    {"read encrypted RSA PEM", read_encrypted_rsa_pem},
    {"read PEM with long header", read_pem_with_long_header},
    {"read JWK", read_jwk},
    {"read RSA JWK", read_rsa_jwk},
    {"read large JWK", read_large_jwk},
    {"read model", read_model},
    {"write PEM", write_pem},
    {"write RSA PEM", write_rsa_pem},
    {"write file", write_file},
    {"write file elsewhere", write_file_elsewhere},
    {"make request", make_request},
    {"make large request", make_large_request},
    {"check", check},
    {"describe", describe},
    {"refuse PEM", refuse_pem},
    {"refuse JWK", refuse_jwk},
    {"refuse NULL", refuse_null},
};

static memory_operations swept = {
    .all = operations,
    .count = COUNT(operations),
    .without_openssl = 4, /* what is checked already, what is not checked, and NULL */
    .silent_share = 5,
};

/* Few iterations: each allocates. */
static char *cheaply_encrypted_pem(EVP_PKEY *pkey)
{
    unsigned char salt[8] = {1};
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);
    X509_SIG *encrypted =
        PKCS8_encrypt(-1, EVP_aes_128_cbc(), PASSPHRASE, (int)strlen(PASSPHRASE), salt, sizeof salt, 2, info);
    unsigned char *der = NULL;
    int size = i2d_X509_SIG(encrypted, &der);
    assert_true(size > 0);
    char *pem = block_pem("ENCRYPTED PRIVATE KEY", der, (size_t)size);
    OPENSSL_free(der);
    X509_SIG_free(encrypted);
    PKCS8_PRIV_KEY_INFO_free(info);
    return pem;
}

/* A header beyond one block of memory. */
static char *headed_pem(void)
{
    char comment[2002];
    char *pem = traditional_pem(shared_ec_key(), EVP_aes_128_cbc(), PASSPHRASE);
    char *behind = strstr(pem, "\n\n");
    memset(comment, 'c', sizeof comment - 1);
    memcpy(comment, "X: ", 3);
    comment[2000] = '\n';
    comment[2001] = '\0';
    char *content = joined(comment, behind + 1);
    behind[1] = '\0';
    char *headed = joined(pem, content);
    free(content);
    free(pem);
    return headed;
}

/* A JWK that does not fit in one block of memory, in any of its parts. */
static char *large_jwk(void)
{
    enum { SIZE = 16384 };
    unsigned char bytes[640];
    char n[900];
    char name[3001];
    oktai_bytes modulus = random_modulus(5120, bytes);
    oktai_base64url_encode(modulus.data, modulus.size, n);
    memset(name, 'k', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    char *json = malloc(SIZE);
    assert_non_null(json);
    snprintf(json, SIZE, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\",\"kid\":\"%s\",\"alg\":\"%s\"}", n,
             name, name);
    return json;
}

static char folder[] = "/tmp/okta-test-keys-XXXXXX";

static int set_up(void **state)
{
    given.ec_pem = pkcs8_pem(shared_ec_key());
    given.rsa_public = public_pem(shared_rsa_key());
    given.encrypted = cheaply_encrypted_pem(shared_ec_key());
    given.encrypted_rsa = cheaply_encrypted_pem(shared_rsa_key());
    given.headed = headed_pem();
    given.traditional = traditional_pem(shared_ec_key(), EVP_aes_128_cbc(), PASSPHRASE);
    given.bare_ec =
        strdup("-----BEGIN EC PRIVATE KEY-----\nMDECAQEEIPO9DAeoH7kyeB7VJ1L2DMiaa+XlGTT+AZON21XY93gBoAoGCCqG"
               "SM49\nAwEH\n-----END EC PRIVATE KEY-----\n");
    given.ec = key_of_pem(given.ec_pem);
    given.rsa = key_of_jwk(VECTOR_RSA_PRIVATE);
    given.large = large_jwk();
    char *alg = strstr(given.large, ",\"alg\"");
    *alg = '}';
    *(alg + 1) = '\0';
    given.named = key_of_jwk(given.large);
    *alg = ',';
    *(alg + 1) = '"';
    if (okta_from_json(okta_oauth2_client_jwk_descriptor(), VECTOR_RSA, strlen(VECTOR_RSA), &given.model) !=
            NULL ||
        mkdtemp(folder) == NULL || chdir(folder) != 0) {
        return -1;
    }
    openssl_memory_settle(&swept);
    *state = &swept;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(given.ec_pem);
    free(given.rsa_public);
    free(given.encrypted);
    free(given.encrypted_rsa);
    free(given.headed);
    free(given.traditional);
    free(given.bare_ec);
    free(given.large);
    okta_free(given.named);
    okta_free(given.ec);
    okta_free(given.rsa);
    okta_free(given.model);
    return chdir("/") != 0 || rmdir(folder) != 0 ? -1 : 0;
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
