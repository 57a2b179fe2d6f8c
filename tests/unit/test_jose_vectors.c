/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that RFCs print, and all algorithms there and back with tokens that OpenSSL makes. */
#include "unit/jose_support.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64url.h"
#include "jose/encryption.h"
#include "unit/jose_vectors.h"

static const struct {
    const char *section, *key, *token, *payload;
} signatures[] = {
    {"RFC 7515, A.2", RFC7515_A2_KEY, RFC7515_A2_TOKEN, RFC7515_CLAIMS},
    {"RFC 7515, A.3", RFC7515_A3_KEY, RFC7515_A3_TOKEN, RFC7515_CLAIMS},
    {"RFC 7515, A.4", RFC7515_A4_KEY, RFC7515_A4_TOKEN, RFC7515_A4_PAYLOAD},
    {"RFC 7520, 4.1", RFC7520_RSA_KEY, RFC7520_41_TOKEN, RFC7520_PAYLOAD},
    {"RFC 7520, 4.2", RFC7520_RSA_KEY, RFC7520_42_TOKEN, RFC7520_PAYLOAD},
    {"RFC 7520, 4.3", RFC7520_EC_KEY, RFC7520_43_TOKEN, RFC7520_PAYLOAD},
    {"RFC 7520, 6", RFC7520_6_SIGNER, RFC7520_6_SIGNED, RFC7520_6_CLAIMS},
};

/* A copy of a token in which a letter of one part is another one. */
static char *with_other_letter(const char *token, size_t part)
{
    char *copy = strdup(token);
    char *at = copy;
    for (size_t i = 0; i < part; i++) {
        at = strchr(at, '.') + 1;
    }
    at += strcspn(at, ".") / 2;
    *at = *at == 'A' ? 'B' : 'A';
    return copy;
}

static void verifies_the_signatures_of_rfc_7515_and_7520(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(signatures); i++) {
        okta_key *key = key_of_jwk(signatures[i].key);
        char jwks[8192];
        snprintf(jwks, sizeof jwks, "{\"keys\":[%s]}", signatures[i].key);
        expect_verified(signatures[i].token, key, signatures[i].payload);
        expect_verified_by_set(signatures[i].token, jwks, signatures[i].payload);
        char *changed = with_other_letter(signatures[i].token, 1);
        expect_not_verified(changed, key, OKTA_E_AUTH, "signature");
        free(changed);
        changed = with_other_letter(signatures[i].token, 2);
        expect_not_verified(changed, key, OKTA_E_AUTH, "signature");
        free(changed);
        okta_free(key);
    }
}

/* All keys in one set: each token finds its own, by kid where it has one. */
static void finds_the_key_of_each_token_in_one_set(void **state)
{
    const size_t size = 16384;
    char *jwks = malloc(size);
    (void)state;
    assert_non_null(jwks);
    snprintf(jwks, size,
             "{\"keys\":[{\"kty\":\"oct\",\"k\":\"" RFC7515_A1_SECRET "\"},{\"kty\":\"RSA\"},5,null,%s,%s,%s,"
             "%s,%s,%s]}",
             RFC7515_A2_KEY, RFC7515_A3_KEY, RFC7515_A4_KEY, RFC7520_RSA_KEY, RFC7520_EC_KEY,
             RFC7520_6_SIGNER);
    for (size_t i = 0; i < COUNT(signatures); i++) {
        expect_verified_by_set(signatures[i].token, jwks, signatures[i].payload);
    }
    expect_not_verified_by_set(RFC7515_A1_TOKEN, jwks, OKTA_E_PROTOCOL, "\"HS256\" is refused");
    expect_not_verified_by_set(RFC7515_A5_TOKEN, jwks, OKTA_E_PROTOCOL, "\"none\" is refused");
    expect_not_verified_by_set(RFC7520_44_TOKEN, jwks, OKTA_E_PROTOCOL, "\"HS256\" is refused");
    free(jwks);
}

static void decrypts_the_tokens_of_rfc_7516_and_7520(void **state)
{
    okta_key *a1 = key_of_jwk(RFC7516_A1_KEY);
    okta_key *samwise = key_of_jwk(RFC7520_52_KEY);
    (void)state;
    expect_decrypted(RFC7516_A1_TOKEN, a1, RFC7516_A1_PLAINTEXT);
    expect_decrypted(RFC7520_52_TOKEN, samwise, RFC7520_52_PLAINTEXT);
    for (size_t part = 0; part < 5; part++) {
        char *changed = with_other_letter(RFC7516_A1_TOKEN, part);
        okta_jose *out = NULL;
        okta_error *error = decrypt_text(changed, a1, NULL, &out);
        assert_int_equal(okta_error_status(error), part == 0 ? OKTA_E_PROTOCOL : OKTA_E_AUTH);
        okta_free(error);
        free(changed);
    }
    expect_not_decrypted(RFC7520_51_TOKEN, samwise, OKTA_E_PROTOCOL, "\"RSA1_5\" is refused");
    okta_free(samwise);
    okta_free(a1);
}

static void opens_the_nested_token_of_rfc_7520_in_two_steps(void **state)
{
    okta_key *samwise = key_of_jwk(RFC7520_52_KEY);
    okta_key *signer = key_of_jwk(RFC7520_6_SIGNER);
    okta_jose *outer = NULL;
    okta_jose *inner = NULL;
    (void)state;
    assert_null(decrypt_text(RFC7520_6_TOKEN, samwise, NULL, &outer));
    assert_string_equal(outer->alg, "RSA-OAEP");
    assert_string_equal(outer->enc, "A128GCM");
    assert_string_equal(outer->cty, "JWT");
    assert_null(outer->kid);
    assert_null(outer->typ);
    assert_string_equal(outer->header, "{\"alg\":\"RSA-OAEP\",\"cty\":\"JWT\",\"enc\":\"A128GCM\"}");
    assert_string_equal(outer->payload, RFC7520_6_SIGNED);
    assert_null(okta_jws_verify(outer->payload, outer->payload_length, signer, NULL, &inner));
    assert_string_equal(inner->alg, "PS256");
    assert_string_equal(inner->typ, "JWT");
    assert_null(inner->enc);
    assert_null(inner->cty);
    assert_string_equal(inner->payload, RFC7520_6_CLAIMS);
    okta_free(inner);
    okta_free(outer);
    okta_free(signer);
    okta_free(samwise);
}

static oktai_bytes from_hex(const char *hex, unsigned char *out)
{
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        out[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    return (oktai_bytes){out, size};
}

static void opens_the_content_of_rfc_7518(void **state)
{
    static const struct {
        const char *enc, *ciphertext, *tag;
    } rows[] = {
        {"A128CBC-HS256", RFC7518_B1_CIPHERTEXT, RFC7518_B1_TAG},
        {"A192CBC-HS384", RFC7518_B2_CIPHERTEXT, RFC7518_B2_TAG},
        {"A256CBC-HS512", RFC7518_B3_CIPHERTEXT, RFC7518_B3_TAG},
    };
    unsigned char cek[OKTAI_CEK_BYTES_MAX], iv[16], ciphertext[256], tag[32], out[256];
    (void)state;
    for (size_t i = 0; i < sizeof cek; i++) {
        cek[i] = (unsigned char)i;
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        const oktai_encryption *encryption = oktai_encryption_by_name(rows[i].enc);
        oktai_sealed sealed = {
            .aad = OKTAI_BYTES(RFC7518_B_AAD),
            .iv = from_hex(RFC7518_B_IV, iv),
            .ciphertext = from_hex(rows[i].ciphertext, ciphertext),
            .tag = from_hex(rows[i].tag, tag),
        };
        size_t size = 0;
        assert_null(oktai_sealed_check(encryption, &sealed));
        assert_null(oktai_sealed_open(encryption, &sealed, cek, out, &size));
        assert_int_equal(size, strlen(RFC7518_B_PLAINTEXT));
        assert_memory_equal(out, RFC7518_B_PLAINTEXT, size);
        tag[sealed.tag.size - 1] ^= 1;
        expect_error(oktai_sealed_open(encryption, &sealed, cek, out, &size), OKTA_E_AUTH,
                     "cannot be decrypted");
    }
}

static void decrypts_by_each_pair_of_algorithms(void **state)
{
    static const struct {
        const char *alg, *hash;
    } algs[] = {{"RSA-OAEP", "SHA1"},
                {"RSA-OAEP-256", "SHA256"},
                {"RSA-OAEP-384", "SHA384"},
                {"RSA-OAEP-512", "SHA512"}};
    static const char *const encs[] = {"A128GCM",       "A192GCM",       "A256GCM",
                                       "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"};
    char text[] = "0123456789abcdef0123456789abcdef";
    okta_key *key = key_of(shared_rsa_key(), true, "");
    (void)state;
    for (size_t a = 0; a < COUNT(algs); a++) {
        for (size_t e = 0; e < COUNT(encs); e++) {
            char header[128];
            snprintf(header, sizeof header, "{\"alg\":\"%s\",\"enc\":\"%s\"}", algs[a].alg, encs[e]);
            /* around the blocks of CBC: 0, 15, 16, 17 and 32 bytes */
            static const size_t lengths[] = {0, 15, 16, 17, 32};
            const char *plaintext = text + 32 - lengths[(a * COUNT(encs) + e) % COUNT(lengths)];
            char *token = sealed_token(shared_rsa_key(), header, plaintext,
                                       &(seal_how){.hash = algs[a].hash, .enc = encs[e]});
            expect_decrypted(token, key, plaintext);
            free(token);
        }
    }
    okta_free(key);
}

static void verifies_by_each_algorithm(void **state)
{
    static const struct {
        const char *alg, *curve;
    } algs[] = {{"RS256", NULL}, {"RS384", NULL},    {"RS512", NULL},    {"PS256", NULL},   {"PS384", NULL},
                {"PS512", NULL}, {"ES256", "P-256"}, {"ES384", "P-384"}, {"ES512", "P-521"}};
    (void)state;
    for (size_t i = 0; i < COUNT(algs); i++) {
        EVP_PKEY *pkey = algs[i].curve == NULL ? shared_rsa_key() : make_ec_key(algs[i].curve);
        okta_key *public_key = key_of(pkey, false, "");
        okta_key *private_key = key_of(pkey, true, "");
        char header[64];
        snprintf(header, sizeof header, "{\"alg\":\"%s\"}", algs[i].alg);
        char *token = signed_token(pkey, algs[i].alg, header, "payload");
        expect_verified(token, public_key, "payload");
        expect_verified(token, private_key, "payload");
        free(token);
        okta_free(private_key);
        okta_free(public_key);
        if (algs[i].curve != NULL) {
            EVP_PKEY_free(pkey);
        }
    }
}

/* r or s begins with a zero octet in one of 128 signatures, and fills its first bit in half of them. */
static void verifies_ecdsa_with_numbers_of_any_length(void **state)
{
    okta_key *key = key_of(shared_ec_key(), false, "");
    bool short_one = false;
    (void)state;
    for (unsigned i = 0; i < 4000 && (i < 64 || !short_one); i++) {
        token_parts parts = signed_parts(shared_ec_key(), "ES256", "{\"alg\":\"ES256\"}", "p", 1);
        unsigned char raw[72];
        size_t size = 0;
        assert_true(oktai_base64url_decode(parts.part[2], strlen(parts.part[2]), raw, &size));
        short_one = short_one || raw[0] == 0 || raw[32] == 0;
        char *token = joined_parts(parts);
        expect_verified(token, key, "p");
        free(token);
    }
    assert_true(short_one);
    okta_free(key);
}

static void takes_bytes_and_empty_payloads(void **state)
{
    static const char bytes[] = "a\0b\xff";
    okta_key *key = key_of(shared_rsa_key(), true, "");
    okta_jose *out = NULL;
    (void)state;
    char *token = joined_parts(signed_parts(shared_rsa_key(), "RS256", "{\"alg\":\"RS256\"}", bytes, 4));
    assert_null(verify_text(token, key, NULL, &out));
    assert_int_equal(out->payload_length, 4);
    assert_memory_equal(out->payload, bytes, 5);
    okta_free(out);
    free(token);
    token = signed_token(shared_rsa_key(), "RS256", " {\"kid\" : \"\\u006b\",\"\\u0061lg\":\"RS256\"} ", "");
    assert_null(verify_text(token, key, NULL, &out));
    assert_int_equal(out->payload_length, 0);
    assert_string_equal(out->payload, "");
    assert_string_equal(out->kid, "k");
    okta_free(out);
    free(token);
    token = joined_parts(
        sealed_parts(shared_rsa_key(), "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}", bytes, 4, NULL));
    assert_null(decrypt_text(token, key, NULL, &out));
    assert_int_equal(out->payload_length, 4);
    assert_memory_equal(out->payload, bytes, 5);
    okta_free(out);
    free(token);
    okta_free(key);
}

static void leaves_the_error_queue_alone(void **state)
{
    okta_key *key = key_of(shared_rsa_key(), true, "");
    EVP_PKEY *other = make_rsa_key(2048);
    char *token = sealed_token(other, "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}", "x", NULL);
    (void)state;
    expect_not_decrypted(token, key, OKTA_E_AUTH, "cannot be decrypted");
    expect_not_verified(RFC7515_A2_TOKEN, key, OKTA_E_AUTH, "not that of the key");
    assert_int_equal(ERR_peek_error(), 0);
    ERR_raise(ERR_LIB_USER, 7);
    unsigned long mine = ERR_peek_last_error();
    expect_not_decrypted(token, key, OKTA_E_AUTH, "cannot be decrypted");
    expect_not_verified(RFC7515_A2_TOKEN, key, OKTA_E_AUTH, "not that of the key");
    assert_true(ERR_get_error() == mine);
    assert_int_equal(ERR_get_error(), 0);
    EVP_PKEY_free(other);
    free(token);
    okta_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verifies_the_signatures_of_rfc_7515_and_7520),
        cmocka_unit_test(finds_the_key_of_each_token_in_one_set),
        cmocka_unit_test(decrypts_the_tokens_of_rfc_7516_and_7520),
        cmocka_unit_test(opens_the_nested_token_of_rfc_7520_in_two_steps),
        cmocka_unit_test(opens_the_content_of_rfc_7518),
        cmocka_unit_test(decrypts_by_each_pair_of_algorithms),
        cmocka_unit_test(verifies_by_each_algorithm),
        cmocka_unit_test(verifies_ecdsa_with_numbers_of_any_length),
        cmocka_unit_test(takes_bytes_and_empty_payloads),
        cmocka_unit_test(leaves_the_error_queue_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
