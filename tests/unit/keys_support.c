/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/keys_support.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/encoder.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64url.h"

#define PRIME_BITS 256
#define NUMBER_MAX 2048u
#define JWK_MAX    16384u

EVP_PKEY *make_rsa_key(unsigned bits)
{
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
    assert_non_null(pkey);
    return pkey;
}

EVP_PKEY *make_ec_key(const char *curve)
{
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);
    assert_non_null(pkey);
    return pkey;
}

EVP_PKEY *make_other_key(const char *type)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *pkey = NULL;
    assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
    if (strcmp(type, "DH") == 0) {
        assert_int_equal(EVP_PKEY_CTX_set_group_name(ctx, "ffdhe2048"), 1);
    }
    assert_int_equal(EVP_PKEY_generate(ctx, &pkey), 1);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

static EVP_PKEY *rsa_key;
static EVP_PKEY *ec_key;

static void free_shared_keys(void)
{
    EVP_PKEY_free(rsa_key);
    EVP_PKEY_free(ec_key);
}

static EVP_PKEY *shared(EVP_PKEY **slot, EVP_PKEY *made)
{
    if (rsa_key == NULL && ec_key == NULL) {
        atexit(free_shared_keys);
    }
    *slot = made;
    return made;
}

EVP_PKEY *shared_rsa_key(void)
{
    return rsa_key != NULL ? rsa_key : shared(&rsa_key, make_rsa_key(2048));
}

EVP_PKEY *shared_ec_key(void)
{
    return ec_key != NULL ? ec_key : shared(&ec_key, make_ec_key("P-256"));
}

/* Multiplies `n` by primes until only the last one is missing. */
static void multiply_by_primes(BIGNUM *n, int bits, BN_CTX *ctx)
{
    BIGNUM *prime = BN_new();
    assert_int_equal(BN_set_word(n, 1), 1);
    while (BN_num_bits(n) + 2 * PRIME_BITS <= bits) {
        assert_int_equal(BN_generate_prime_ex(prime, PRIME_BITS, 0, NULL, NULL, NULL), 1);
        assert_int_equal(BN_mul(n, n, prime, ctx), 1);
    }
    BN_free(prime);
}

/* Large primes only: OpenSSL's check of a public key finds small factors by luck, and then refuses it. */
oktai_bytes random_modulus(unsigned bits, unsigned char *bytes)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *n = BN_new();
    BIGNUM *most = BN_new();
    BIGNUM *last = BN_new();
    multiply_by_primes(n, (int)bits, ctx);
    assert_true(BN_set_bit(most, (int)bits) && BN_div(most, NULL, most, n, ctx) && BN_rshift1(most, most));
    do { /* between half of what fits and all of it */
        assert_true(BN_rand_range(last, most) && BN_add(last, last, most) && BN_set_bit(last, 0));
    } while (BN_check_prime(last, ctx, NULL) != 1);
    assert_int_equal(BN_mul(n, n, last, ctx), 1);
    assert_int_equal(BN_num_bits(n), bits);
    oktai_bytes number = {bytes, (size_t)BN_bn2bin(n, bytes)};
    BN_free(last);
    BN_free(most);
    BN_free(n);
    BN_CTX_free(ctx);
    return number;
}

/* The content of a memory BIO, which is freed. */
static char *text_of(BIO *bio)
{
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    assert_true(length > 0);
    char *text = malloc((size_t)length + 1);
    assert_non_null(text);
    memcpy(text, data, (size_t)length);
    text[length] = '\0';
    BIO_free(bio);
    return text;
}

static char *encoded(EVP_PKEY *pkey, int selection, const char *structure)
{
    BIO *bio = BIO_new(BIO_s_mem());
    OSSL_ENCODER_CTX *ctx = OSSL_ENCODER_CTX_new_for_pkey(pkey, selection, "PEM", structure, NULL);
    assert_int_equal(OSSL_ENCODER_to_bio(ctx, bio), 1);
    OSSL_ENCODER_CTX_free(ctx);
    return text_of(bio);
}

char *encrypted_pem(EVP_PKEY *pkey, const EVP_CIPHER *cipher, const char *passphrase)
{
    BIO *bio = BIO_new(BIO_s_mem());
    int length = passphrase == NULL ? 0 : (int)strlen(passphrase);
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, pkey, cipher, passphrase, length, NULL, NULL), 1);
    return text_of(bio);
}

char *pkcs8_pem(EVP_PKEY *pkey)
{
    return encrypted_pem(pkey, NULL, NULL);
}

char *traditional_pem(EVP_PKEY *pkey, const EVP_CIPHER *cipher, const char *passphrase)
{
    BIO *bio = BIO_new(BIO_s_mem());
    int length = passphrase == NULL ? 0 : (int)strlen(passphrase);
    const unsigned char *bytes = (const unsigned char *)passphrase;
    assert_int_equal(PEM_write_bio_PrivateKey_traditional(bio, pkey, cipher, bytes, length, NULL, NULL), 1);
    return text_of(bio);
}

char *public_pem(EVP_PKEY *pkey)
{
    return encoded(pkey, EVP_PKEY_PUBLIC_KEY, "SubjectPublicKeyInfo");
}

char *rsa_public_pem(EVP_PKEY *pkey)
{
    return encoded(pkey, EVP_PKEY_PUBLIC_KEY, "pkcs1");
}

char *certificate_pem(EVP_PKEY *pkey)
{
    X509 *certificate = X509_new();
    BIO *bio = BIO_new(BIO_s_mem());
    X509_NAME *name = X509_get_subject_name(certificate);
    const unsigned char text[] = "test";
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0), 1);
    assert_int_equal(X509_set_issuer_name(certificate, name), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate), 0));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600));
    assert_int_equal(X509_set_pubkey(certificate, pkey), 1);
    assert_true(X509_sign(certificate, pkey, EVP_sha256()) > 0);
    assert_int_equal(PEM_write_bio_X509(bio, certificate), 1);
    X509_free(certificate);
    return text_of(bio);
}

char *block_pem(const char *name, const unsigned char *der, size_t size)
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_true(PEM_write_bio(bio, name, "", der, (long)size) > 0);
    return text_of(bio);
}

char *joined(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, "%s%s", a, b);
    return text;
}

char *number_text(EVP_PKEY *pkey, const char *param, size_t size)
{
    unsigned char bytes[NUMBER_MAX];
    BIGNUM *number = NULL;
    assert_int_equal(EVP_PKEY_get_bn_param(pkey, param, &number), 1);
    int length = size == 0 ? BN_num_bytes(number) : (int)size;
    assert_int_equal(BN_bn2binpad(number, bytes, length), length);
    BN_clear_free(number);
    char *text = malloc(oktai_base64url_length((size_t)length) + 1);
    assert_non_null(text);
    oktai_base64url_encode(bytes, (size_t)length, text);
    return text;
}

static size_t add_number(char *json, size_t at, EVP_PKEY *pkey, const char *name, const char *param,
                         size_t size)
{
    char *text = number_text(pkey, param, size);
    int length = snprintf(json + at, JWK_MAX - at, ",\"%s\":\"%s\"", name, text);
    free(text);
    assert_true(length > 0 && (size_t)length < JWK_MAX - at);
    return at + (size_t)length;
}

static size_t add_rsa(char *json, size_t at, EVP_PKEY *pkey, bool is_private)
{
    static const struct {
        const char *name, *param;
    } numbers[] = {
        {"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
        {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
        {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
        {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
    };
    for (size_t i = 0; i < (is_private ? COUNT(numbers) : 2); i++) {
        at = add_number(json, at, pkey, numbers[i].name, numbers[i].param, 0);
    }
    return at;
}

char *jwk_text(EVP_PKEY *pkey, bool is_private, const char *extra)
{
    char *json = malloc(JWK_MAX);
    assert_non_null(json);
    size_t at;
    if (EVP_PKEY_is_a(pkey, "RSA")) {
        at = (size_t)snprintf(json, JWK_MAX, "{\"kty\":\"RSA\"");
        at = add_rsa(json, at, pkey, is_private);
    } else {
        size_t bits = (size_t)EVP_PKEY_get_bits(pkey);
        size_t size = (bits + 7) / 8;
        at = (size_t)snprintf(json, JWK_MAX, "{\"kty\":\"EC\",\"crv\":\"P-%zu\"", bits);
        at = add_number(json, at, pkey, "x", OSSL_PKEY_PARAM_EC_PUB_X, size);
        at = add_number(json, at, pkey, "y", OSSL_PKEY_PARAM_EC_PUB_Y, size);
        at = is_private ? add_number(json, at, pkey, "d", OSSL_PKEY_PARAM_PRIV_KEY, size) : at;
    }
    snprintf(json + at, JWK_MAX - at, "%s}", extra);
    return json;
}

static void fail_on(okta_error *error)
{
    if (error != NULL) {
        print_error("%s\n", okta_error_message(error));
        okta_free(error);
        fail();
    }
}

okta_key *key_of_pem(const char *pem)
{
    okta_key *key = NULL;
    fail_on(okta_key_from_pem(pem, strlen(pem), NULL, NULL, &key));
    assert_non_null(key);
    return key;
}

okta_key *key_of_jwk(const char *json)
{
    okta_key *key = NULL;
    fail_on(okta_key_from_jwk(json, strlen(json), &key));
    assert_non_null(key);
    return key;
}

void assert_same_key(const okta_key *a, const okta_key *b)
{
    char of_a[OKTA_THUMBPRINT_SIZE];
    char of_b[OKTA_THUMBPRINT_SIZE];
    assert_null(okta_key_thumbprint(a, of_a));
    assert_null(okta_key_thumbprint(b, of_b));
    assert_string_equal(of_a, of_b);
    assert_int_equal(strlen(of_a), OKTA_THUMBPRINT_SIZE - 1);
    assert_string_equal(okta_key_description(a), okta_key_description(b));
    assert_int_equal(okta_key_is_private(a), okta_key_is_private(b));
}

void expect_error(okta_error *error, okta_status status, const char *phrase)
{
    assert_non_null(error);
    bool fits = okta_error_status(error) == status && strstr(okta_error_message(error), phrase) != NULL;
    if (!fits) {
        print_error("%s: %s\n  does not have: %s\n", okta_status_name(okta_error_status(error)),
                    okta_error_message(error), phrase);
    }
    okta_free(error);
    assert_true(fits);
}

static char *exact(const char *text)
{
    size_t length = strlen(text);
    char *copy = malloc(length + (length == 0));
    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

void expect_pem_refused(const char *pem, const char *phrase)
{
    okta_key *key = (okta_key *)&key;
    char *text = exact(pem);
    expect_error(okta_key_from_pem(text, strlen(pem), NULL, NULL, &key), OKTA_E_ARG, phrase);
    assert_null(key);
    free(text);
}

void expect_jwk_refused(const char *json, const char *phrase)
{
    okta_key *key = (okta_key *)&key;
    char *text = exact(json);
    expect_error(okta_key_from_jwk(text, strlen(json), &key), OKTA_E_ARG, phrase);
    assert_null(key);
    free(text);
}

void expect_refused(char *pem, const char *phrase)
{
    expect_pem_refused(pem, phrase);
    free(pem);
}

void expect_private(EVP_PKEY *pkey, char *pem, const char *description)
{
    char *expected = pkcs8_pem(pkey);
    char *written = NULL;
    okta_key *key = key_of_pem(pem);
    assert_true(okta_key_is_private(key));
    assert_string_equal(okta_key_description(key), description);
    assert_null(okta_key_to_private_pem(key, &written));
    assert_string_equal(written, expected);
    okta_free(written);
    okta_free(key);
    free(expected);
    free(pem);
}

void expect_public(EVP_PKEY *pkey, char *pem, const char *description)
{
    char *private_pem = pkcs8_pem(pkey);
    char of_public[OKTA_THUMBPRINT_SIZE];
    char of_private[OKTA_THUMBPRINT_SIZE];
    char *written = (char *)&written;
    okta_key *public_key = key_of_pem(pem);
    okta_key *private_key = key_of_pem(private_pem);
    assert_false(okta_key_is_private(public_key));
    assert_string_equal(okta_key_description(public_key), description);
    assert_null(okta_key_thumbprint(public_key, of_public));
    assert_null(okta_key_thumbprint(private_key, of_private));
    assert_string_equal(of_public, of_private);
    expect_error(okta_key_to_private_pem(public_key, &written), OKTA_E_ARG, "no private half");
    assert_null(written);
    okta_free(public_key);
    okta_free(private_key);
    free(private_pem);
    free(pem);
}
