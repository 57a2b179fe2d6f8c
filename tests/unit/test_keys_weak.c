/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of RSA that work and that anybody can break, and sound ones that look like them. */
#include "unit/keys_support.h"

#include <openssl/bn.h>
#include <openssl/bnerr.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pemerr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64url.h"
#include "keys/rsa_roots.h"

#define JSON_MAX 16384u
#define BITS     2048

enum { N, E, D, P, Q, DP, DQ, QI, NUMBERS };

/* A key in numbers. */
typedef struct rsa {
    BN_CTX *ctx;
    BIGNUM *v[NUMBERS];
} rsa;

static rsa new_rsa(void)
{
    rsa key = {.ctx = BN_CTX_new()};
    for (size_t i = 0; i < NUMBERS; i++) {
        key.v[i] = BN_new();
        assert_non_null(key.v[i]);
    }
    return key;
}

static void free_rsa(rsa *key)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        BN_free(key->v[i]);
    }
    BN_CTX_free(key->ctx);
}

/* All numbers that follow from p, q and either e or d, whichever is given: the other one is 0. False: there
 * is no key of these. `modulus` is (p - 1)(q - 1) or the least common multiple of both. */
static bool complete(rsa *key, bool least)
{
    BIGNUM *p1 = BN_dup(key->v[P]);
    BIGNUM *q1 = BN_dup(key->v[Q]);
    BIGNUM *modulus = BN_new();
    BIGNUM *common = BN_new();
    assert_true(BN_sub_word(p1, 1) && BN_sub_word(q1, 1) && BN_mul(modulus, p1, q1, key->ctx));
    if (least) {
        assert_true(BN_gcd(common, p1, q1, key->ctx) && BN_div(modulus, NULL, modulus, common, key->ctx));
    }
    int known = BN_is_zero(key->v[E]) ? D : E;
    bool good = BN_mod_inverse(key->v[known == E ? D : E], key->v[known], modulus, key->ctx) != NULL;
    assert_true(BN_mul(key->v[N], key->v[P], key->v[Q], key->ctx));
    assert_true(BN_mod(key->v[DP], key->v[D], p1, key->ctx) && BN_mod(key->v[DQ], key->v[D], q1, key->ctx));
    if (BN_cmp(key->v[P], key->v[Q]) == 0) {
        BN_one(key->v[QI]); /* there is none */
    } else {
        good = good && BN_mod_inverse(key->v[QI], key->v[Q], key->v[P], key->ctx) != NULL;
    }
    BN_free(p1);
    BN_free(q1);
    BN_free(modulus);
    BN_free(common);
    return good;
}

/* The JWK of the private key, or of its public half. Release it with free(). */
static char *json_of(const rsa *key, bool is_private)
{
    static const char *const names[NUMBERS] = {"n", "e", "d", "p", "q", "dp", "dq", "qi"};
    unsigned char bytes[1024];
    char text[1400];
    char *json = malloc(JSON_MAX);
    assert_non_null(json);
    size_t length = (size_t)snprintf(json, JSON_MAX, "{\"kty\":\"RSA\",\"kid\":\"k\"");
    for (size_t i = 0; i < (is_private ? NUMBERS : D); i++) {
        oktai_base64url_encode(bytes, (size_t)BN_bn2bin(key->v[i], bytes), text);
        length += (size_t)snprintf(json + length, JSON_MAX - length, ",\"%s\":\"%s\"", names[i], text);
    }
    snprintf(json + length, JSON_MAX - length, "}");
    return json;
}

/* Fails the test unless the key is refused with this phrase; NULL: unless it is taken. */
static void expect_key(const rsa *key, bool is_private, const char *phrase)
{
    char *json = json_of(key, is_private);
    if (phrase != NULL) {
        expect_jwk_refused(json, phrase);
    } else {
        okta_free(key_of_jwk(json));
    }
    free(json);
}

/* The same for what is sent. */
static void expect_sendable(const rsa *key, const char *phrase)
{
    char *json = json_of(key, false);
    okta_oauth2_client_jwk *jwk = NULL;
    assert_null(okta_from_json(okta_oauth2_client_jwk_descriptor(), json, strlen(json), &jwk));
    okta_error *error = okta_jwk_check(jwk);
    if (phrase != NULL) {
        expect_error(error, OKTA_E_ARG, phrase);
    } else {
        assert_null(error);
    }
    okta_free(jwk);
    free(json);
}

/* The same for a key of OpenSSL that becomes a signer, with and without a kid. */
static void expect_signer(const rsa *key, const char *phrase)
{
    static const char *const names[NUMBERS] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };
    EVP_PKEY *pkey = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    for (size_t i = 0; i < NUMBERS; i++) {
        assert_int_equal(OSSL_PARAM_BLD_push_BN(builder, names[i], key->v[i]), 1);
    }
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params), 1);
    for (size_t i = 0; i < 2; i++) {
        okta_signer *signer = NULL;
        okta_error *error = okta_signer_from_evp_pkey(pkey, "RS256", i == 0 ? "k" : NULL, &signer);
        if (phrase != NULL) {
            expect_error(error, OKTA_E_ARG, phrase);
        } else {
            assert_null(error);
        }
        okta_free(signer);
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
}

static void make_prime(BIGNUM *out, int bits)
{
    assert_int_equal(BN_generate_prime_ex(out, bits, 0, NULL, NULL, NULL), 1);
}

/* The first prime from `from` + 2^`distance` on. */
static void next_prime(BIGNUM *out, const BIGNUM *from, int distance, BN_CTX *ctx)
{
    assert_true(BN_one(out) && BN_lshift(out, out, distance) && BN_add(out, out, from));
    for (BN_set_bit(out, 0); BN_check_prime(out, ctx, NULL) != 1;) {
        assert_true(BN_add_word(out, 2));
    }
}

/* The factors of a key of 2,048 bits: p has `short_bits`, or the two primes are 2^`distance` apart. */
static void make_factors(rsa *key, int short_bits, int distance)
{
    if (distance >= 0) {
        make_prime(key->v[P], BITS / 2);
        next_prime(key->v[Q], key->v[P], distance, key->ctx);
        return;
    }
    make_prime(key->v[P], short_bits);
    make_prime(key->v[Q], BITS - short_bits);
}

static void set_factor(rsa *key, unsigned long factor)
{
    assert_true(BN_set_word(key->v[P], factor));
    make_prime(key->v[Q], BITS);
}

/* Of each: the phrase of the refusal of the private key and of the public one; NULL: it is taken. */
static void refuses_keys_with_weak_factors(void **state)
{
    (void)state;
    static const struct {
        unsigned long factor;
        int short_bits, distance;
        const char *is_private, *is_public;
    } cases[] = {
        {3, 0, -1, "the factor 3 ", "the factor 3 "},
        {5, 0, -1, "the factor 5 ", "the factor 5 "},
        {127, 0, -1, "the factor 127 ", "the factor 127 "},
        {743, 0, -1, "the factor 743 ", "the factor 743 "},
        {751, 0, -1, "the factor 751 ", "the factor 751 "},
        {757, 0, -1, "less than a quarter", NULL}, /* only whoever has p knows it */
        {0, 64, -1, "less than a quarter", NULL},
        {0, 510, -1, "less than a quarter", NULL},
        {0, 514, -1, NULL, NULL},
        {0, 900, -1, NULL, NULL},
        {0, 1020, -1, NULL, NULL},
        {0, 0, 1, "close together", "close together"},
        {0, 0, 200, "close together", "close together"},
        {0, 0, 510, "close together", "close together"},
        {0, 0, 700, "close together", NULL}, /* Fermat's method would take 2^374 steps */
        {0, 0, 922, "close together", NULL},
        {0, 0, 926, NULL, NULL},
        {0, 0, 1000, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        rsa key = new_rsa();
        do {
            if (cases[i].factor != 0) {
                set_factor(&key, cases[i].factor);
            } else {
                make_factors(&key, cases[i].short_bits, cases[i].distance);
            }
            assert_true(BN_set_word(key.v[E], 65537));
        } while (!complete(&key, false) || BN_num_bits(key.v[N]) < BITS);
        expect_key(&key, true, cases[i].is_private);
        expect_key(&key, false, cases[i].is_public);
        expect_sendable(&key, cases[i].is_public);
        expect_signer(&key, cases[i].is_public);
        free_rsa(&key);
    }
}

/* (6k + 1)(12k + 1)(18k + 1) with three primes: numbers of Carmichael, with which RSA works. */
static const char *const carmichael[] = {
    "D53E17D38CE720C21CF02FFFBB63EE4450D2D2CD2D37DFBF4F071963D1F9FBB9"
    "95E80BF93938E8583D482BD65BF3AF15D1E0664BAE464088A69F786C3B3E67DC"
    "BD55024F967AF3E8A8B72FD92990FA2507500F311F30FFABC1D38BD70E3FA90C"
    "2DD1AA4FBCB6849F6F5D0A19A4ECA60C16C1D3B75C3A7F4D074D486CEEBF0331",
    "C2282BB31C1223E32204E294D2107591884BB287B76439B3C3A4B56CF93A8A6A"
    "C319F193981A6129381D159A09D2FAAD010AEAC11C9906C15330805A47A65A97"
    "8E6ACE1850DA28D122F732C7ADED6385771EF2C409DA9F46F3D19CC61B2C848B"
    "346E822BE022BF6E7607A4D5A4DF6E1DD96696F058B0B472E6B99F46EECE85A1",
};

static void refuses_factors_that_are_no_primes(void **state)
{
    (void)state;
    for (int i = 1; i < 4; i++) {
        rsa key = new_rsa();
        do {
            for (int j = 0; j < 2; j++) {
                if ((i >> j & 1) != 0) {
                    assert_true(BN_hex2bn(&key.v[P + j], carmichael[j]) > 0);
                } else {
                    make_prime(key.v[P + j], BITS / 2);
                }
            }
            assert_true(BN_set_word(key.v[E], 65537));
        } while (!complete(&key, false) || BN_num_bits(key.v[N]) < BITS);
        expect_key(&key, true, "p or q is not prime");
        expect_key(&key, false, NULL); /* only whoever has p knows it */
        free_rsa(&key);
    }
}

/* An error of before that the program left in OpenSSL's queue is none of the key's, whatever it says. */
static void old_errors_in_the_queue_change_no_verdict(void **state)
{
    (void)state;
    static const struct {
        int library, reason;
    } left[] = {
        {ERR_LIB_USER, 1},
        {ERR_LIB_BN, BN_R_NO_INVERSE},
        {ERR_LIB_EVP, ERR_R_MALLOC_FAILURE},
        {ERR_LIB_EVP, ERR_R_INTERNAL_ERROR},
        {ERR_LIB_PEM, PEM_R_NO_START_LINE},
    };
    rsa key = new_rsa();
    for (int j = 0; j < 2; j++) {
        assert_true(BN_hex2bn(&key.v[P + j], carmichael[j]) > 0);
    }
    assert_true(BN_set_word(key.v[E], 65537));
    assert_true(complete(&key, false));
    ERR_clear_error();
    for (size_t i = 0; i < COUNT(left); i++) {
        okta_key *none = NULL;
        ERR_raise(left[i].library, left[i].reason);
        unsigned long code = ERR_peek_last_error();
        expect_key(&key, true, "p or q is not prime");
        expect_error(okta_key_from_pem("no key", 6, NULL, NULL, &none), OKTA_E_ARG, "PEM");
        assert_int_equal(ERR_get_error(), code);
        assert_int_equal(ERR_get_error(), 0);
    }
    free_rsa(&key);
}

static void refuses_a_modulus_that_is_a_square(void **state)
{
    (void)state;
    rsa key = new_rsa();
    do {
        make_prime(key.v[P], BITS / 2);
        assert_true(BN_copy(key.v[Q], key.v[P]) && BN_set_word(key.v[E], 65537));
    } while (!complete(&key, false));
    expect_key(&key, true, "is a square");
    expect_key(&key, false, "is a square");
    expect_sendable(&key, "is a square");
    free_rsa(&key);
}

/* A short d makes e as long as n; both halves show it. */
static void refuses_short_private_exponents(void **state)
{
    (void)state;
    static const int lengths[] = {2, 17, 64, 256, 512, 1000, 1024};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        rsa key = new_rsa();
        make_prime(key.v[P], BITS / 2);
        make_prime(key.v[Q], BITS / 2);
        do {
            assert_true(BN_rand(key.v[D], lengths[i], BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD));
            if (lengths[i] == 2) {
                make_prime(key.v[P], BITS / 2);
                make_prime(key.v[Q], BITS / 2);
            }
            BN_zero(key.v[E]);
        } while (!complete(&key, false));
        expect_key(&key, true, "longer than 256 bits");
        expect_key(&key, false, "longer than 256 bits");
        expect_sendable(&key, "longer than 256 bits");
        expect_signer(&key, "longer than 256 bits");
        free_rsa(&key);
    }
}

static void limits_the_public_exponent(void **state)
{
    (void)state;
    static const struct {
        const char *hex, *phrase;
    } cases[] = {
        {"0", "exponent"},
        {"1", "exponent"},
        {"2", "exponent"},
        {"3", NULL},
        {"4", "exponent"},
        {"5", NULL},
        {"10000", "exponent"},
        {"10001", NULL},
        {"10002", "exponent"},
        {"100000001", NULL},
        {"ffffffffffffffff", NULL},
        {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", NULL},
        {"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe", "exponent"},
        {"10000000000000000000000000000000000000000000000000000000000000001", "longer than 256 bits"},
    };
    rsa key = new_rsa();
    unsigned char bytes[BITS / 8];
    oktai_bytes modulus = random_modulus(BITS, bytes);
    assert_non_null(BN_bin2bn(modulus.data, (int)modulus.size, key.v[N]));
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(BN_hex2bn(&key.v[E], cases[i].hex) > 0);
        if (!BN_is_zero(key.v[E])) { /* else it has no octets, and no text */
            expect_key(&key, false, cases[i].phrase);
            expect_sendable(&key, cases[i].phrase);
        }
    }
    assert_true(BN_copy(key.v[E], key.v[N]));
    expect_sendable(&key, "longer than 256 bits");
    assert_true(BN_add_word(key.v[E], 2));
    expect_sendable(&key, "longer than 256 bits");
    assert_true(BN_lshift(key.v[E], key.v[E], 1) && BN_set_bit(key.v[E], 0));
    expect_sendable(&key, "longer than 256 bits");
    free_rsa(&key);
}

/* Private keys with exponents other than 65,537, and with d modulo the least common multiple. */
static void takes_sound_private_keys(void **state)
{
    (void)state;
    static const struct {
        int bits;
        const char *e;
        bool least;
    } cases[] = {
        {2048, "3", false},     {2048, "11", true},
        {2048, "10001", true},  {2049, "10001", false},
        {2050, "10001", false}, {3072, "10001", false},
        {4096, "10001", true},  {2048, "100000001", false},
        {2047, "10001", false}, {2048, "f0000000000000000000000000000001", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        rsa key = new_rsa();
        do {
            make_prime(key.v[P], (cases[i].bits + 1) / 2);
            make_prime(key.v[Q], cases[i].bits / 2);
            assert_true(BN_hex2bn(&key.v[E], cases[i].e) > 0);
            BN_zero(key.v[D]);
        } while (!complete(&key, cases[i].least) || BN_num_bits(key.v[N]) != cases[i].bits);
        const char *phrase = cases[i].bits < 2048 ? "2047 bits" : NULL;
        expect_key(&key, true, phrase);
        expect_key(&key, false, phrase);
        free_rsa(&key);
    }
}

/* q and p = 7q - 6 are prime, so that d, modulo the least common multiple, has half of the bits. */
static void refuses_primes_that_share_a_factor(void **state)
{
    (void)state;
    static const char q[] = "5997b69aa605341ee93c4b145b13efa62238a29be5db77dc0f7e9f1b612af604"
                            "056a9941025620865f8becf4df58c81f4d2efe53a719435d1857ec05c1396c8f"
                            "6538622af2d2fd7156a5d8a23218cbf4a947fd3e180df5c0185e2e78a88baf55"
                            "8f5d2e58d09bab797fa5d4b7c1a6af33f8c14b3955c2a9e72bb10a665a4e3f6d";
    rsa key = new_rsa();
    assert_true(BN_hex2bn(&key.v[Q], q) > 0 && BN_copy(key.v[P], key.v[Q]) && BN_mul_word(key.v[P], 7) &&
                BN_sub_word(key.v[P], 6));
    assert_int_equal(BN_check_prime(key.v[P], key.ctx, NULL), 1);
    assert_int_equal(BN_check_prime(key.v[Q], key.ctx, NULL), 1);
    assert_true(BN_set_word(key.v[E], 5));
    assert_true(complete(&key, true));
    assert_int_equal(BN_num_bits(key.v[N]), BITS);
    expect_key(&key, true, "half of its bits or less");
    free_rsa(&key);
}

/* q is the first prime from pu/v + 2^`distance` on. False: the key has no exponent. */
static bool make_ratio(rsa *key, BN_ULONG u, BN_ULONG v, int distance)
{
    BIGNUM *near = BN_new();
    make_prime(key->v[P], BITS / 2 + 2);
    assert_true(BN_copy(near, key->v[P]) && BN_mul_word(near, u));
    assert_true(BN_div_word(near, v) != (BN_ULONG)-1);
    next_prime(key->v[Q], near, distance, key->ctx);
    BN_free(near);
    BN_zero(key->v[D]);
    assert_true(BN_set_word(key->v[E], 65537));
    return complete(key, false);
}

static void expect_ratio(BN_ULONG u, BN_ULONG v, int distance, const char *is_private, const char *is_public)
{
    rsa key = new_rsa();
    while (!make_ratio(&key, u, v, distance)) {
    }
    expect_key(&key, true, is_private);
    expect_key(&key, false, is_public);
    expect_sendable(&key, is_public);
    expect_signer(&key, is_public);
    free_rsa(&key);
}

/* Fermat's method with 4uvn finds the factors of these. Up to 4, and of uv = 6, the public half is tried. */
static void refuses_primes_in_a_small_ratio(void **state)
{
    (void)state;
    static const char phrase[] = "ratio of two small numbers";
    for (BN_ULONG u = 1; u <= 6; u++) {
        for (BN_ULONG v = 1; v <= 6; v++) {
            bool common = (u % 2 == 0 && v % 2 == 0) || (u % 3 == 0 && v % 3 == 0) || (u == 5 && v == 5);
            if (!common && u * v > 1) {
                bool tried = (u <= 4 && v <= 4) || u * v == 6;
                expect_ratio(u, v, 1, phrase, tried ? phrase : NULL);
            }
        }
    }
    expect_ratio(2, 1, 500, phrase, phrase);
    expect_ratio(3, 2, 500, phrase, phrase);
    expect_ratio(3, 4, 500, phrase, phrase);
    expect_ratio(2, 1, 700, phrase, NULL); /* only whoever has p knows it */
    expect_ratio(2, 1, 930, NULL, NULL);
    expect_ratio(5, 6, 930, NULL, NULL);
    expect_ratio(7, 1, 1, NULL, NULL);
    expect_ratio(7, 4, 1, NULL, NULL);
}

/* A prime k M + (65,537^a mod M), where M is the product of the first 126 primes, as the library of
 * CVE-2017-15361 made it for keys of 1,984 to 3,936 bits. */
static void make_marked_prime(BIGNUM *out, BN_CTX *ctx)
{
    BIGNUM *product = BN_new();
    BIGNUM *power = BN_new();
    BIGNUM *factor = BN_new();
    unsigned count = 0;
    BN_one(product);
    for (BN_ULONG number = 2; count < 126; number++) {
        BN_ULONG divisor = 2;
        while (divisor < number && number % divisor != 0) {
            divisor++;
        }
        if (divisor == number) {
            assert_true(BN_mul_word(product, number));
            count++;
        }
    }
    do {
        assert_true(
            BN_set_word(factor, 65537) && BN_rand(out, 60, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) &&
            BN_mod_exp(power, factor, out, product, ctx) &&
            BN_rand(factor, BITS / 2 - BN_num_bits(product) + 1, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) &&
            BN_mul(out, factor, product, ctx) && BN_add(out, out, power));
    } while (BN_num_bits(out) != BITS / 2 || BN_check_prime(out, ctx, NULL) != 1);
    BN_free(product);
    BN_free(power);
    BN_free(factor);
}

static void refuses_the_mark_of_a_faulty_generator(void **state)
{
    (void)state;
    for (int marked = 1; marked <= 2; marked++) {
        rsa key = new_rsa();
        const char *phrase = marked == 2 ? "CVE-2017-15361" : NULL;
        do {
            make_marked_prime(key.v[P], key.ctx);
            if (marked == 2) {
                make_marked_prime(key.v[Q], key.ctx);
            } else {
                make_prime(key.v[Q], BITS / 2);
            }
            BN_zero(key.v[D]);
            assert_true(BN_set_word(key.v[E], 65537));
        } while (!complete(&key, false) || BN_num_bits(key.v[N]) < BITS);
        expect_key(&key, true, phrase);
        expect_key(&key, false, phrase);
        expect_sendable(&key, phrase);
        expect_signer(&key, phrase);
        free_rsa(&key);
    }
}

/* The largest numbers whose squares are not above 2 and 3. */
static void knows_roots_to_the_last_bit(void **state)
{
    static const BN_ULONG numbers[] = {2, 3};
    int fraction = OKTAI_RSA_ROOT_FRACTION((int)OKTAI_RSA_ROOT_BYTES);
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *square = BN_new();
    BIGNUM *number = BN_new();
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        BIGNUM *root = BN_bin2bn(oktai_rsa_roots[i].octets, (int)OKTAI_RSA_ROOT_BYTES, NULL);
        assert_true(BN_set_word(number, numbers[i]) && BN_lshift(number, number, 2 * fraction));
        assert_true(BN_sqr(square, root, ctx) && BN_cmp(square, number) <= 0);
        assert_true(BN_add_word(root, 1) && BN_sqr(square, root, ctx) && BN_cmp(square, number) > 0);
        BN_free(root);
    }
    BN_free(square);
    BN_free(number);
    BN_CTX_free(ctx);
}

static bool has_small_factor(const BIGNUM *n)
{
    for (BN_ULONG divisor = 2; divisor < 752; divisor++) {
        if (BN_mod_word(n, divisor) == 0) {
            return true;
        }
    }
    return false;
}

/* n = (a - b)(a + b), where Fermat's method comes from the root of n to `a` in so many steps:
 * b^2 = 2a (steps - 1/2). */
static void set_modulus(rsa *key, int bits, unsigned steps)
{
    BIGNUM *a = key->v[P];
    BIGNUM *b = key->v[Q];
    BIGNUM *square = key->v[D];
    do {
        assert_true(BN_rand(a, bits / 2, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ANY));
        assert_true(BN_copy(square, a) && BN_mul_word(square, 2 * steps - 1));
        BN_zero(b);
        for (int bit = BN_num_bits(square) / 2; bit >= 0; bit--) {
            assert_true(BN_set_bit(b, bit) && BN_sqr(key->v[N], b, key->ctx));
            if (BN_cmp(key->v[N], square) > 0) {
                assert_true(BN_clear_bit(b, bit));
            }
        }
        if (BN_is_odd(a) == BN_is_odd(b)) {
            assert_true(BN_sub_word(b, 1)); /* n is to be odd */
        }
        assert_true(BN_sqr(key->v[N], a, key->ctx) && BN_sqr(square, b, key->ctx) &&
                    BN_sub(key->v[N], key->v[N], square));
    } while (has_small_factor(key->v[N]));
}

static void takes_a_hundred_steps_to_find_close_factors(void **state)
{
    (void)state;
    static const struct {
        unsigned steps;
        const char *phrase;
    } cases[] = {
        {1, "close together"},  {2, "close together"},   {3, "close together"}, {50, "close together"},
        {99, "close together"}, {100, "close together"}, {101, NULL},           {1000, NULL}};
    static const int bits[] = {2048, 4096, 8192};
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t b = 0; b < COUNT(bits); b++) {
            rsa key = new_rsa();
            set_modulus(&key, bits[b], cases[i].steps);
            assert_true(BN_set_word(key.v[E], 65537));
            expect_sendable(&key, cases[i].phrase);
            free_rsa(&key);
        }
    }
}

static void knows_the_curves_as_openssl_does(void **state)
{
    (void)state;
    static const char *const names[] = {"P-256", "P-384", "P-521"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const oktai_key_curve *curve = oktai_key_curve_by_name(names[i]);
        EC_GROUP *group = EC_GROUP_new_by_curve_name(OBJ_sn2nid(curve->group));
        BIGNUM *numbers[] = {BN_new(), BN_new(), BN_new()};
        BIGNUM *p = BN_bin2bn(curve->p.data, (int)curve->p.size, NULL);
        BIGNUM *b = BN_bin2bn(curve->b.data, (int)curve->b.size, NULL);
        assert_int_equal(EC_GROUP_get_curve(group, numbers[0], numbers[1], numbers[2], NULL), 1);
        assert_int_equal(BN_cmp(numbers[0], p), 0);
        assert_int_equal(BN_cmp(numbers[2], b), 0);
        assert_true(BN_add_word(numbers[1], 3)); /* a = -3 */
        assert_int_equal(BN_cmp(numbers[1], p), 0);
        assert_true(BN_is_one(EC_GROUP_get0_cofactor(group)));
        for (size_t n = 0; n < COUNT(numbers); n++) {
            BN_free(numbers[n]);
        }
        BN_free(p);
        BN_free(b);
        EC_GROUP_free(group);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_keys_with_weak_factors),
        cmocka_unit_test(refuses_factors_that_are_no_primes),
        cmocka_unit_test(old_errors_in_the_queue_change_no_verdict),
        cmocka_unit_test(refuses_a_modulus_that_is_a_square),
        cmocka_unit_test(refuses_short_private_exponents),
        cmocka_unit_test(limits_the_public_exponent),
        cmocka_unit_test(takes_sound_private_keys),
        cmocka_unit_test(refuses_primes_that_share_a_factor),
        cmocka_unit_test(refuses_primes_in_a_small_ratio),
        cmocka_unit_test(refuses_the_mark_of_a_faulty_generator),
        cmocka_unit_test(knows_roots_to_the_last_bit),
        cmocka_unit_test(takes_a_hundred_steps_to_find_close_factors),
        cmocka_unit_test(knows_the_curves_as_openssl_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
