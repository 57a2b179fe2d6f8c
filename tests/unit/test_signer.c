/* SPDX-License-Identifier: Apache-2.0 */
/* Signers around keys: of this library and of OpenSSL. */
#include "unit/signer_support.h"

#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "unit/keys_vectors.h"

#define SIGNATURES 10000u

static const struct {
    const char *alg;
    const char *key; /* a curve, or RSA */
} algs[] = {
    {"RS256", "RSA"}, {"RS384", "RSA"},   {"RS512", "RSA"},   {"PS256", "RSA"},   {"PS384", "RSA"},
    {"PS512", "RSA"}, {"ES256", "P-256"}, {"ES384", "P-384"}, {"ES512", "P-521"},
};

static EVP_PKEY *make_key(const char *kind)
{
    if (strcmp(kind, "RSA") == 0) {
        EVP_PKEY_up_ref(shared_rsa_key());
        return shared_rsa_key();
    }
    return make_ec_key(kind);
}

static okta_key *key_of_evp(EVP_PKEY *pkey)
{
    char *pem = pkcs8_pem(pkey);
    okta_key *key = key_of_pem(pem);
    free(pem);
    return key;
}

static okta_signer *signer_of_key(const okta_key *key, const char *alg, const char *kid)
{
    okta_signer *signer = NULL;
    assert_null(okta_signer_from_key(key, alg, kid, &signer));
    assert_non_null(signer);
    return signer;
}

static void refuse_key(const okta_key *key, const char *alg, const char *kid, const char *phrase)
{
    okta_signer *signer = (okta_signer *)&signer;
    expect_error(okta_signer_from_key(key, alg, kid, &signer), OKTA_E_ARG, phrase);
    assert_null(signer);
}

static void refuse_evp(EVP_PKEY *pkey, const char *alg, const char *kid, const char *phrase)
{
    okta_signer *signer = (okta_signer *)&signer;
    expect_error(okta_signer_from_evp_pkey(pkey, alg, kid, &signer), OKTA_E_ARG, phrase);
    assert_null(signer);
    assert_int_equal(ERR_peek_error(), 0);
}

/* The key is gone before the first signature. */
static void every_algorithm_signs_by_either_kind_of_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(algs); i++) {
        EVP_PKEY *pkey = make_key(algs[i].key);
        EVP_PKEY *given = make_key(algs[i].key);
        okta_key *key = key_of_evp(pkey);
        okta_signer *by_key = signer_of_key(key, algs[i].alg, "k");
        okta_signer *by_evp = signer_of_evp(given, algs[i].alg, "k");
        okta_free(key);
        EVP_PKEY *public_half = EVP_PKEY_dup(given);
        EVP_PKEY_free(given);
        expect_signs(by_key, pkey, algs[i].alg);
        expect_signs(by_evp, public_half, algs[i].alg);
        EVP_PKEY_free(public_half);
        EVP_PKEY_free(pkey);
        okta_free(by_key);
        okta_free(by_evp);
    }
}

/* One of 128 signatures on P-256 has a leading zero octet in r or s; on P-521 three of four have. */
static void ecdsa_signatures_have_their_full_length(void **state)
{
    static const char *const kinds[] = {"ES256", "P-256", "ES512", "P-521"};
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i += 2) {
        EVP_PKEY *pkey = make_ec_key(kinds[i + 1]);
        okta_signer *signer = signer_of_evp(pkey, NULL, NULL);
        size_t short_ones = 0;
        for (size_t count = 0; count < (i == 0 ? SIGNATURES : SIGNATURES / 20); count++) {
            oktai_buffer out = {0};
            parsed_jws jws;
            assert_null(sign_something(signer, &out));
            jws_parse(out.data, &jws);
            assert_true(jws_verifies(&jws, pkey, kinds[i]));
            short_ones += jws.signature[0] == 0 || jws.signature[jws.signature_size / 2] == 0;
            jws_clear(&jws);
            oktai_buffer_clear(&out);
        }
        assert_int_not_equal(short_ones, 0);
        okta_free(signer);
        EVP_PKEY_free(pkey);
    }
}

static void alg_and_kid_come_from_the_jwk(void **state)
{
    (void)state;
    char *json =
        jwk_text(shared_rsa_key(), true, ",\"alg\":\"PS384\",\"kid\":\"from the JWK\",\"use\":\"sig\"");
    okta_key *key = key_of_jwk(json);
    okta_signer *signer = signer_of_key(key, NULL, NULL);
    assert_string_equal(okta_signer_kid(signer), "from the JWK");
    expect_signs(signer, shared_rsa_key(), "PS384");
    okta_free(signer);
    signer = signer_of_key(key, "RS512", "other");
    assert_string_equal(okta_signer_kid(signer), "other");
    expect_signs(signer, shared_rsa_key(), "RS512");
    okta_free(signer);
    okta_free(key);
    free(json);
}

static void without_a_word_alg_follows_the_key_and_kid_is_the_thumbprint(void **state)
{
    static const struct {
        const char *kind, *alg;
    } cases[] = {{"RSA", "RS256"}, {"P-256", "ES256"}, {"P-384", "ES384"}, {"P-521", "ES512"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char thumbprint[OKTA_THUMBPRINT_SIZE];
        EVP_PKEY *pkey = make_key(cases[i].kind);
        okta_key *key = key_of_evp(pkey);
        assert_null(okta_key_thumbprint(key, thumbprint));
        okta_signer *by_key = signer_of_key(key, NULL, NULL);
        okta_signer *by_evp = signer_of_evp(pkey, NULL, NULL);
        assert_string_equal(okta_signer_kid(by_key), thumbprint);
        assert_string_equal(okta_signer_kid(by_evp), thumbprint);
        assert_string_equal(okta_signer_alg(by_key), cases[i].alg);
        assert_string_equal(okta_signer_alg(by_evp), cases[i].alg);
        okta_free(by_evp);
        okta_free(by_key);
        okta_free(key);
        EVP_PKEY_free(pkey);
    }
}

/* RFC 7638, section 3.1, prints the thumbprint. */
static void the_thumbprint_is_that_of_the_rfc(void **state)
{
    (void)state;
    okta_key *key = key_of_jwk(VECTOR_RSA_PRIVATE);
    okta_signer *signer = signer_of_evp(key->pkey, NULL, NULL);
    assert_string_equal(okta_signer_kid(signer), VECTOR_RSA_THUMBPRINT);
    okta_free(signer);
    okta_free(key);
}

static void alg_must_fit_the_key(void **state)
{
    static const char *const names[] = {"RS256", "RS384",  "RS512",   "PS256", "PS384",    "PS512",
                                        "ES256", "ES384",  "ES512",   "none",  "HS256",    "HS512",
                                        "es256", "ES256K", "EdDSA",   "",      "RSA-OAEP", "RSA-OAEP-256",
                                        "rs256", "RS256 ", "ES256\n", "RS1",   "PS"};
    static const char *const kinds[] = {"RSA", "P-256", "P-384", "P-521"};
    (void)state;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        EVP_PKEY *pkey = make_key(kinds[k]);
        okta_key *key = key_of_evp(pkey);
        for (size_t n = 0; n < COUNT(names); n++) {
            bool fits = k == 0 ? n < 6 : n == 5 + k;
            if (fits) {
                okta_free(signer_of_key(key, names[n], NULL));
                okta_free(signer_of_evp(pkey, names[n], NULL));
            } else {
                refuse_key(key, names[n], NULL, "alg ");
                refuse_evp(pkey, names[n], NULL, "alg ");
            }
        }
        okta_free(key);
        EVP_PKEY_free(pkey);
    }
}

static EVP_PKEY *make_dsa_key(void)
{
    EVP_PKEY *params = NULL;
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    assert_int_equal(EVP_PKEY_paramgen_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_dsa_paramgen_bits(ctx, 1024), 1);
    assert_int_equal(EVP_PKEY_paramgen(ctx, &params), 1);
    EVP_PKEY_CTX_free(ctx);
    ctx = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
    assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
    assert_int_equal(EVP_PKEY_generate(ctx, &pkey), 1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(params);
    return pkey;
}

static void other_kinds_of_key_are_refused_by_name(void **state)
{
    static const char *const types[] = {"RSA-PSS", "ED25519", "ED448", "X25519", "X448", "DH"};
    static const char *const curves[] = {"secp256k1", "P-224", "P-192", "brainpoolP256r1", "sect283k1"};
    static const char *const requested[] = {NULL, "RS256", "PS256", "ES256"};
    (void)state;
    for (size_t a = 0; a < COUNT(requested); a++) {
        for (size_t i = 0; i < COUNT(types); i++) {
            EVP_PKEY *pkey = make_other_key(types[i]);
            refuse_evp(pkey, requested[a], "k", types[i]);
            EVP_PKEY_free(pkey);
        }
        for (size_t i = 0; i < COUNT(curves); i++) {
            EVP_PKEY *pkey = make_ec_key(curves[i]);
            refuse_evp(pkey, requested[a], NULL, "must be P-256, P-384 or P-521");
            EVP_PKEY_free(pkey);
        }
    }
    EVP_PKEY *secp256k1 = make_ec_key("secp256k1");
    refuse_evp(secp256k1, "ES256", "k", "secp256k1");
    EVP_PKEY_free(secp256k1);
    EVP_PKEY *dsa = make_dsa_key();
    refuse_evp(dsa, "RS256", "k", "DSA");
    EVP_PKEY_free(dsa);
    EVP_PKEY *empty = EVP_PKEY_new();
    refuse_evp(empty, NULL, NULL, "must be RSA or EC");
    EVP_PKEY_free(empty);
}

/* The public half is enough to see the size. */
static EVP_PKEY *public_rsa(unsigned bits)
{
    unsigned char bytes[1200];
    oktai_bytes n = random_modulus(bits, bytes);
    EVP_PKEY *pkey = NULL;
    BIGNUM *modulus = BN_bin2bn(n.data, (int)n.size, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    assert_int_equal(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_uint(builder, OSSL_PKEY_PARAM_RSA_E, 65537), 1);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    return pkey;
}

static void rsa_keys_must_have_2048_to_8192_bits(void **state)
{
    static const struct {
        unsigned bits;
        const char *phrase;
    } cases[] = {{1024, "1024 bits"}, {2047, "2047 bits"},   {8193, "8193 bits"},
                 {9000, "9000 bits"}, {2048, "cannot sign"}, {8192, "cannot sign"}};
    (void)state;
    EVP_PKEY *small = make_rsa_key(1024);
    refuse_evp(small, NULL, "k", "1024 bits");
    EVP_PKEY_free(small);
    for (size_t i = 0; i < COUNT(cases); i++) {
        EVP_PKEY *pkey = public_rsa(cases[i].bits);
        refuse_evp(pkey, "RS256", "k", cases[i].phrase);
        EVP_PKEY_free(pkey);
    }
}

static EVP_PKEY *public_half_of(EVP_PKEY *pkey)
{
    unsigned char *der = NULL;
    int size = i2d_PUBKEY(pkey, &der);
    assert_true(size > 0);
    const unsigned char *at = der;
    EVP_PKEY *public_half = d2i_PUBKEY(NULL, &at, size);
    assert_non_null(public_half);
    OPENSSL_free(der);
    return public_half;
}

static void a_key_that_cannot_sign_is_refused(void **state)
{
    static const char *const kinds[] = {"RSA", "P-256", "P-384", "P-521"};
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        EVP_PKEY *pkey = make_key(kinds[i]);
        EVP_PKEY *public_half = public_half_of(pkey);
        char *pem = public_pem(pkey);
        okta_key *key = key_of_pem(pem);
        refuse_evp(public_half, NULL, "k", "cannot sign");
        refuse_evp(public_half, NULL, NULL, "cannot sign");
        refuse_key(key, NULL, "k", "no private half");
        okta_free(key);
        free(pem);
        EVP_PKEY_free(public_half);
        EVP_PKEY_free(pkey);
    }
}

static void a_key_for_encryption_is_refused(void **state)
{
    (void)state;
    char *json = jwk_text(shared_rsa_key(), true, ",\"use\":\"enc\"");
    okta_key *key = key_of_jwk(json);
    refuse_key(key, NULL, NULL, "use is enc");
    refuse_key(key, "RS256", "k", "use is enc");
    okta_free(key);
    free(json);
    json = jwk_text(shared_rsa_key(), true, ",\"alg\":\"RSA-OAEP-256\"");
    key = key_of_jwk(json);
    refuse_key(key, NULL, NULL, "alg does not fit");
    okta_free(signer_of_key(key, "RS256", NULL));
    okta_free(key);
    free(json);
}

/* A compressed point is still a point, and secp256r1 is P-256. */
static void the_form_of_the_public_half_does_not_matter(void **state)
{
    (void)state;
    EVP_PKEY *pkey = make_ec_key("prime256v1");
    okta_signer *plain = signer_of_evp(pkey, NULL, NULL);
    assert_int_equal(EVP_PKEY_set_utf8_string_param(pkey, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                                    OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_COMPRESSED),
                     1);
    okta_signer *compressed = signer_of_evp(pkey, NULL, NULL);
    assert_string_equal(okta_signer_kid(plain), okta_signer_kid(compressed));
    okta_free(compressed);
    okta_free(plain);
    EVP_PKEY_free(pkey);
}

/* RFC 7517, section 4.3 */
static void members_that_forbid_signing_are_obeyed(void **state)
{
    static const struct {
        const char *members;
        bool signs;
    } cases[] = {
        {"\"key_ops\":[\"sign\"]", true},
        {"\"key_ops\":[\"verify\",\"sign\"]", true},
        {"\"key_ops\":[\"x\",\"sign\"],\"use\":\"sig\"", true},
        {"\"key_ops\":null", true},
        {"\"key_ops\":[\"verify\"]", false},
        {"\"key_ops\":[]", false},
        {"\"key_ops\":[\"Sign\"]", false},
        {"\"key_ops\":[\"sign \",\"signature\"]", false},
        {"\"key_ops\":[\"decrypt\",\"unwrapKey\"]", false},
        {"\"key_ops\":[\"sign\",7]", false},
        {"\"key_ops\":\"sign\"", false},
        {"\"key_ops\":{\"sign\":true}", false},
        {"\"key_ops\":7", false},
        {"\"use\":\"sig\",\"alg\":\"ES256\"", true},
        {"\"use\":null,\"alg\":null,\"kid\":null", true},
        {"\"use\":5", false},
        {"\"use\":\"ENC\"", false},
        {"\"use\":\"\"", false},
        {"\"use\":[\"sig\"]", false},
        {"\"alg\":5", false},
        {"\"alg\":[\"ES256\"]", false},
        {"\"kid\":5", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char members[96];
        snprintf(members, sizeof members, ",%s", cases[i].members);
        char *json = jwk_text(shared_ec_key(), true, members);
        okta_key *key = key_of_jwk(json);
        if (cases[i].signs) {
            okta_free(signer_of_key(key, NULL, NULL));
        } else {
            refuse_key(key, NULL, NULL, "key_ops");
        }
        okta_free(key);
        free(json);
    }
}

static void a_kid_is_printable_ascii_of_1_to_255_bytes(void **state)
{
    static const char *const bad[] = {"a\n", "\r", "a\tb", "\x7f", "\x01", "k\xc3\xa9y", "\xff", "\x80"};
    char longest[257];
    (void)state;
    okta_key *key = key_of_evp(shared_ec_key());
    for (size_t i = 0; i < COUNT(bad); i++) {
        refuse_key(key, NULL, bad[i], "kid must be");
        refuse_evp(shared_ec_key(), NULL, bad[i], "kid must be");
    }
    memset(longest, 'k', sizeof longest);
    longest[256] = '\0';
    refuse_key(key, NULL, longest, "kid must be");
    longest[255] = '\0';
    okta_signer *signer = signer_of_key(key, NULL, longest);
    assert_string_equal(okta_signer_kid(signer), longest);
    longest[0] = 'x'; /* it is a copy */
    assert_int_equal(okta_signer_kid(signer)[0], 'k');
    okta_free(signer);
    okta_free(key);
    static const char *const of_jwk[] = {",\"kid\":\"\\u00e9\"", ",\"kid\":\"\""};
    for (size_t i = 0; i < COUNT(of_jwk); i++) {
        char *json = jwk_text(shared_ec_key(), true, of_jwk[i]);
        key = key_of_jwk(json);
        refuse_key(key, NULL, NULL, "kid must be");
        okta_free(signer_of_key(key, NULL, "plain"));
        okta_free(key);
        free(json);
    }
}

/* "" asks for none, "none" is a name like another, and the rest has a kid whose origin is known. */
static void a_signer_knows_who_chose_its_kid(void **state)
{
    static const struct {
        const char *given;
        const char *jwk;
        const char *kid; /* "thumbprint": that of the key */
        oktai_kid_origin origin;
    } cases[] = {
        {NULL, "", "thumbprint", OKTAI_KID_DERIVED},
        {NULL, ",\"kid\":null", "thumbprint", OKTAI_KID_DERIVED},
        {NULL, ",\"kid\":\"j\"", "j", OKTAI_KID_OF_JWK},
        {"g", "", "g", OKTAI_KID_GIVEN},
        {"g", ",\"kid\":\"j\"", "g", OKTAI_KID_GIVEN},
        {"none", "", "none", OKTAI_KID_GIVEN},
        {"", "", NULL, OKTAI_KID_NONE},
        {"", ",\"kid\":\"j\"", NULL, OKTAI_KID_NONE},
    };
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *json = jwk_text(shared_ec_key(), true, cases[i].jwk);
        okta_key *key = key_of_jwk(json);
        assert_null(okta_key_thumbprint(key, thumbprint));
        okta_signer *by_key = signer_of_key(key, NULL, cases[i].given);
        okta_signer *by_evp = signer_of_evp(shared_ec_key(), NULL, cases[i].given);
        assert_int_equal(oktai_signer_kid_origin(by_key), cases[i].origin);
        assert_int_equal(oktai_signer_kid_origin(by_evp),
                         cases[i].origin == OKTAI_KID_OF_JWK ? OKTAI_KID_DERIVED : cases[i].origin);
        if (cases[i].kid == NULL) {
            assert_null(okta_signer_kid(by_key));
            assert_null(okta_signer_kid(by_evp));
        } else {
            assert_string_equal(okta_signer_kid(by_key),
                                strcmp(cases[i].kid, "thumbprint") == 0 ? thumbprint : cases[i].kid);
        }
        okta_free(by_key);
        okta_free(by_evp);
        okta_free(key);
        free(json);
    }
}

static void null_is_refused(void **state)
{
    (void)state;
    okta_signer *signer = NULL;
    okta_key *key = key_of_evp(shared_ec_key());
    refuse_key(NULL, NULL, NULL, "key must not be NULL");
    refuse_evp(NULL, NULL, NULL, "pkey must not be NULL");
    expect_error(okta_signer_from_key(key, NULL, NULL, NULL), OKTA_E_ARG, "out must not be NULL");
    expect_error(okta_signer_from_evp_pkey(shared_ec_key(), NULL, NULL, NULL), OKTA_E_ARG, "out must not be");
    assert_null(okta_signer_alg(signer));
    assert_null(okta_signer_kid(signer));
    okta_free(key);
}

static void a_signer_lives_until_its_last_holder_lets_go(void **state)
{
    (void)state;
    EVP_PKEY *pkey = make_ec_key("P-256");
    okta_signer *signer = signer_of_evp(pkey, NULL, "k");
    assert_ptr_equal(oktai_root_hold(signer), signer);
    assert_ptr_equal(oktai_root_hold(signer), signer);
    okta_free(signer);
    expect_signs(signer, pkey, "ES256");
    okta_free(signer);
    expect_signs(signer, pkey, "ES256");
    okta_free(signer);
    EVP_PKEY_free(pkey);
}

static void a_token_is_appended_whole_or_not_at_all(void **state)
{
    oktai_buffer header = {.data = (char[]){"{}"}, .length = 2};
    oktai_buffer failed = {.failed = true};
    oktai_buffer out = {0};
    (void)state;
    okta_signer *signer = signer_of_evp(shared_ec_key(), NULL, "k");
    assert_true(oktai_buffer_add_text(&out, "before:"));
    for (size_t i = 0; i < 3; i++) {
        expect_error(
            oktai_signer_sign_jws(signer, i == 0 ? &failed : &header, i == 0 ? &header : &failed, &out),
            OKTA_E_NOMEM, "memory");
        assert_string_equal(out.data, "before:");
    }
    /* A cap that is hit in each part of the token. */
    for (size_t limit = 7; limit < 7 + 3 + 1 + 3 + 1 + 86; limit++) {
        out.limit = limit;
        expect_error(oktai_signer_sign_jws(signer, &header, &header, &out), OKTA_E_NOMEM, "memory");
        assert_int_equal(out.length, 7);
        assert_string_equal(out.data, "before:");
        out.failed = out.over_limit = false;
    }
    out.limit = 7 + 3 + 1 + 3 + 1 + 86;
    assert_null(oktai_signer_sign_jws(signer, &header, &header, &out));
    assert_int_equal(out.length, out.limit);
    assert_memory_equal(out.data, "before:e30.e30.", 15);
    oktai_buffer_clear(&out);
    okta_free(signer);
}

static void the_error_queue_stays_as_it_was(void **state)
{
    (void)state;
    oktai_buffer out = {0};
    okta_signer *signer = NULL;
    EVP_PKEY *public_half = public_half_of(shared_ec_key());
    ERR_clear_error();
    for (int with_entries = 0; with_entries <= 1; with_entries++) {
        if (with_entries == 1) {
            ERR_raise(ERR_LIB_USER, 41);
            ERR_set_mark();
            ERR_raise(ERR_LIB_EVP, ERR_R_MALLOC_FAILURE);
        }
        expect_error(okta_signer_from_evp_pkey(public_half, NULL, "k", &signer), OKTA_E_ARG, "cannot sign");
        assert_null(okta_signer_from_evp_pkey(shared_ec_key(), NULL, NULL, &signer));
        assert_null(sign_something(signer, &out));
        oktai_buffer_clear(&out);
        okta_free(signer);
    }
    assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), ERR_R_MALLOC_FAILURE);
    assert_int_equal(ERR_pop_to_mark(), 1);
    assert_int_equal(ERR_GET_REASON(ERR_get_error()), 41);
    assert_int_equal(ERR_get_error(), 0);
    EVP_PKEY_free(public_half);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_algorithm_signs_by_either_kind_of_key),
        cmocka_unit_test(ecdsa_signatures_have_their_full_length),
        cmocka_unit_test(alg_and_kid_come_from_the_jwk),
        cmocka_unit_test(without_a_word_alg_follows_the_key_and_kid_is_the_thumbprint),
        cmocka_unit_test(the_thumbprint_is_that_of_the_rfc),
        cmocka_unit_test(alg_must_fit_the_key),
        cmocka_unit_test(other_kinds_of_key_are_refused_by_name),
        cmocka_unit_test(rsa_keys_must_have_2048_to_8192_bits),
        cmocka_unit_test(a_key_that_cannot_sign_is_refused),
        cmocka_unit_test(a_key_for_encryption_is_refused),
        cmocka_unit_test(members_that_forbid_signing_are_obeyed),
        cmocka_unit_test(the_form_of_the_public_half_does_not_matter),
        cmocka_unit_test(a_kid_is_printable_ascii_of_1_to_255_bytes),
        cmocka_unit_test(a_signer_knows_who_chose_its_kid),
        cmocka_unit_test(null_is_refused),
        cmocka_unit_test(a_signer_lives_until_its_last_holder_lets_go),
        cmocka_unit_test(a_token_is_appended_whole_or_not_at_all),
        cmocka_unit_test(the_error_queue_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
