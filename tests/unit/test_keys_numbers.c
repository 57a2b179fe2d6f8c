/* SPDX-License-Identifier: Apache-2.0 */
/* okta_key_from_pem(): keys whose numbers are wrong, in blocks that are well-formed. */
#include "unit/keys_support.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys/der.h"

/* DER that a test writes back to front. */
typedef struct crafted {
    unsigned char bytes[8192];
    oktai_der_writer writer;
} crafted;

static unsigned char *craft(crafted *c)
{
    c->writer.next = c->bytes + sizeof c->bytes;
    return c->writer.next;
}

/* What was crafted as a PEM block. */
static char *crafted_pem(const crafted *c, const char *name)
{
    return block_pem(name, c->writer.next, (size_t)(c->bytes + sizeof c->bytes - c->writer.next));
}

/* The PKCS#1 form of the RSA public key of these numbers. */
static char *rsa_public_of(oktai_bytes n, oktai_bytes e)
{
    crafted c;
    unsigned char *end = craft(&c);
    oktai_der_put_number(&c.writer, e);
    oktai_der_put_number(&c.writer, n);
    oktai_der_wrap(&c.writer, OKTAI_DER_SEQUENCE, end);
    return crafted_pem(&c, "RSA PUBLIC KEY");
}

static const oktai_bytes e_65537 = OKTAI_BYTES("\x01\x00\x01");

static void limits_rsa_to_2048_to_8192_bits(void **state)
{
    (void)state;
    static const unsigned good[] = {2048, 2049, 8191, 8192};
    static const unsigned bad[] = {512, 1024, 2047, 8193, 16384};
    unsigned char bytes[2048];
    for (size_t i = 0; i < COUNT(good); i++) {
        char description[16];
        char *pem = rsa_public_of(random_modulus(good[i], bytes), e_65537);
        okta_key *key = key_of_pem(pem);
        snprintf(description, sizeof description, "RSA %u", good[i]);
        assert_string_equal(okta_key_description(key), description);
        okta_free(key);
        free(pem);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        char phrase[32];
        snprintf(phrase, sizeof phrase, "RSA key of %u bits", bad[i]);
        expect_refused(rsa_public_of(random_modulus(bad[i], bytes), e_65537), phrase);
    }
    EVP_PKEY *small = make_rsa_key(1024);
    expect_refused(pkcs8_pem(small), "1024 bits");
    expect_refused(traditional_pem(small, NULL, NULL), "1024 bits");
    EVP_PKEY_free(small);
}

static void refuses_bad_rsa_public_numbers(void **state)
{
    (void)state;
    static const oktai_bytes bad[] = {
        OKTAI_BYTES(""),     OKTAI_BYTES("\x01"),     OKTAI_BYTES("\x02"),
        OKTAI_BYTES("\x04"), OKTAI_BYTES("\x01\x00"), OKTAI_BYTES("\x01\x00\x00"),
    };
    unsigned char bytes[256];
    unsigned char larger[257];
    oktai_bytes n = random_modulus(2048, bytes);
    for (size_t i = 0; i < COUNT(bad); i++) {
        expect_refused(rsa_public_of(n, bad[i]), "exponent");
    }
    expect_refused(rsa_public_of(n, n), "exponent");
    memset(larger, 0xff, sizeof larger);
    expect_refused(rsa_public_of(n, (oktai_bytes){larger, sizeof larger}), "exponent");
    expect_refused(rsa_public_of((oktai_bytes){NULL, 0}, e_65537), "0 bits");
    bytes[255] &= 0xfe;
    expect_refused(rsa_public_of(n, e_65537), "the factor 2 ");
    memset(bytes, 0xff, 256); /* 2^2048 - 1 = 3 * ... */
    expect_refused(rsa_public_of(n, e_65537), "the factor 3 ");
}

/* The SubjectPublicKeyInfo of an RSA key: parameters of its algorithm, and what stands before its bits. */
static char *rsa_spki_of(oktai_bytes parameters, unsigned char unused_bits)
{
    unsigned char bytes[256];
    static const oktai_bytes oid_rsa = OKTAI_BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
    crafted c;
    unsigned char *end = craft(&c);
    oktai_der_put_number(&c.writer, e_65537);
    oktai_der_put_number(&c.writer, random_modulus(2048, bytes));
    oktai_der_wrap(&c.writer, OKTAI_DER_SEQUENCE, end);
    oktai_der_put(&c.writer, (oktai_bytes){&unused_bits, 1});
    oktai_der_wrap(&c.writer, OKTAI_DER_BIT_STRING, end);
    const unsigned char *algorithm_end = c.writer.next;
    oktai_der_put(&c.writer, parameters);
    const unsigned char *oid_end = c.writer.next;
    oktai_der_put(&c.writer, oid_rsa);
    oktai_der_wrap(&c.writer, OKTAI_DER_OID, oid_end);
    oktai_der_wrap(&c.writer, OKTAI_DER_SEQUENCE, algorithm_end);
    oktai_der_wrap(&c.writer, OKTAI_DER_SEQUENCE, end);
    return crafted_pem(&c, "PUBLIC KEY");
}

static void takes_rsa_with_and_without_null_parameters(void **state)
{
    (void)state;
    static const oktai_bytes good[] = {OKTAI_BYTES("\x05\x00"), OKTAI_BYTES("")};
    static const oktai_bytes bad[] = {
        OKTAI_BYTES("\x05\x01\x00"), OKTAI_BYTES("\x05\x00\x05\x00"), OKTAI_BYTES("\x30\x00"),
        OKTAI_BYTES("\x05"),         OKTAI_BYTES("\x05\x81\x00"),
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        char *pem = rsa_spki_of(good[i], 0);
        okta_free(key_of_pem(pem));
        free(pem);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        expect_refused(rsa_spki_of(bad[i], 0), "damaged");
    }
    expect_refused(rsa_spki_of(good[0], 1), "damaged");
}

/* Forms that BER allows and DER does not, and lengths beyond the text. */
static void refuses_what_is_not_der(void **state)
{
    (void)state;
    static const oktai_bytes bad[] = {
        OKTAI_BYTES("\x30"),
        OKTAI_BYTES("\x30\x80\x02\x01\x01\x02\x01\x01\x00\x00"),
        OKTAI_BYTES("\x30\x81\x06\x02\x01\x01\x02\x01\x01"),
        OKTAI_BYTES("\x30\x82\x00\x06\x02\x01\x01\x02\x01\x01"),
        OKTAI_BYTES("\x30\x82\x01"),
        OKTAI_BYTES("\x30\x81"),
        OKTAI_BYTES("\x30\x83\x00\x00\x06\x02\x01\x01\x02\x01\x01"),
        OKTAI_BYTES("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        OKTAI_BYTES("\x30\x7f\x02\x01\x01\x02\x01\x01"),
        OKTAI_BYTES("\x30\x82\xff\xff\x02\x01\x01\x02\x01\x01"),
        OKTAI_BYTES("\x30\x07\x02\x02\x00\x01\x02\x01\x01"),
        OKTAI_BYTES("\x30\x06\x02\x01\x81\x02\x01\x01"),
        OKTAI_BYTES("\x30\x05\x02\x00\x02\x01\x01"),
        OKTAI_BYTES("\x30\x05\x02\x01\x01\x02\x00"),
        OKTAI_BYTES("\x30\x06\x0a\x01\x01\x02\x01\x01"),
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        static const char *const names[] = {"RSA PUBLIC KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
                                            "PRIVATE KEY", "PUBLIC KEY"};
        for (size_t n = 0; n < COUNT(names); n++) {
            expect_refused(block_pem(names[n], bad[i].data, bad[i].size), n == 1 ? "" : "damaged");
        }
    }
}

static void writes_numbers_as_der_has_them(void **state)
{
    (void)state;
    static const struct {
        oktai_bytes number, der;
    } cases[] = {
        {OKTAI_BYTES(""), OKTAI_BYTES("\x02\x01\x00")},
        {OKTAI_BYTES("\x00\x00"), OKTAI_BYTES("\x02\x01\x00")},
        {OKTAI_BYTES("\x01"), OKTAI_BYTES("\x02\x01\x01")},
        {OKTAI_BYTES("\x7f"), OKTAI_BYTES("\x02\x01\x7f")},
        {OKTAI_BYTES("\x80"), OKTAI_BYTES("\x02\x02\x00\x80")},
        {OKTAI_BYTES("\x00\x7f\xff"), OKTAI_BYTES("\x02\x02\x7f\xff")},
        {OKTAI_BYTES("\x00\xff\x00"), OKTAI_BYTES("\x02\x03\x00\xff\x00")},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        crafted c;
        unsigned char *end = craft(&c);
        oktai_der_put_number(&c.writer, cases[i].number);
        oktai_bytes written = {c.writer.next, (size_t)(end - c.writer.next)};
        oktai_bytes read;
        assert_true(oktai_bytes_equal(written, cases[i].der));
        assert_true(oktai_der_read_number(&written, &read));
        assert_true(oktai_bytes_equal(read, oktai_bytes_trim(cases[i].number)));
        assert_int_equal(written.size, 0);
    }
}

/* The lengths at which the form of a length changes. */
static void writes_lengths_as_der_has_them(void **state)
{
    (void)state;
    static const struct {
        size_t length;
        oktai_bytes start;
    } cases[] = {
        {0, OKTAI_BYTES("\x04\x00")},           {127, OKTAI_BYTES("\x04\x7f")},
        {128, OKTAI_BYTES("\x04\x81\x80")},     {255, OKTAI_BYTES("\x04\x81\xff")},
        {256, OKTAI_BYTES("\x04\x82\x01\x00")}, {4000, OKTAI_BYTES("\x04\x82\x0f\xa0")},
    };
    static const unsigned char zeros[4000] = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        crafted c;
        unsigned char *end = craft(&c);
        oktai_der_put(&c.writer, (oktai_bytes){zeros, cases[i].length});
        oktai_der_wrap(&c.writer, OKTAI_DER_OCTET_STRING, end);
        oktai_bytes written = {c.writer.next, (size_t)(end - c.writer.next)};
        oktai_bytes read;
        assert_true(oktai_bytes_equal((oktai_bytes){written.data, cases[i].start.size}, cases[i].start));
        assert_true(oktai_der_read(&written, OKTAI_DER_OCTET_STRING, &read));
        assert_int_equal(read.size, cases[i].length);
        assert_int_equal(written.size, 0);
    }
}

/* Well-formed DER in which something is missing, or is too much. */
static void refuses_other_structures(void **state)
{
    (void)state;
#define RSA_ALGORITHM "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
#define EC_ALGORITHM  "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define EC_START      "\x02\x01\x01\x04\x01\x01\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
    static const struct {
        const char *name;
        oktai_bytes der;
    } bad[] = {
        {"PUBLIC KEY", OKTAI_BYTES("\x30\x0f" RSA_ALGORITHM)},
        {"PUBLIC KEY", OKTAI_BYTES("\x30\x11" RSA_ALGORITHM "\x03\x00")},
        {"PUBLIC KEY", OKTAI_BYTES("\x30\x12" RSA_ALGORITHM "\x03\x01\x00")},
        {"PUBLIC KEY", OKTAI_BYTES("\x30\x11" RSA_ALGORITHM "\x04\x00")},
        {"PUBLIC KEY", OKTAI_BYTES("\x30\x14" RSA_ALGORITHM "\x03\x01\x00\x05\x00")},
        {"PUBLIC KEY", OKTAI_BYTES("\x30\x02\x30\x00")},
        {"PUBLIC KEY", OKTAI_BYTES("\x30\x04\x30\x02\x05\x00")},
        {"RSA PUBLIC KEY", OKTAI_BYTES("\x30\x09\x02\x01\x05\x02\x01\x03\x02\x01\x01")},
        {"RSA PRIVATE KEY", OKTAI_BYTES("\x30\x00")},
        {"RSA PRIVATE KEY", OKTAI_BYTES("\x30\x03\x02\x01\x00")},
        {"RSA PRIVATE KEY", OKTAI_BYTES("\x30\x09\x02\x01\x00\x02\x01\x05\x02\x01\x03")},
        {"PRIVATE KEY", OKTAI_BYTES("\x30\x14\x02\x01\x00" RSA_ALGORITHM "\x05\x00")},
        {"PRIVATE KEY", OKTAI_BYTES("\x30\x15\x02\x02\x01\x00" RSA_ALGORITHM "\x04\x00")},
        {"PRIVATE KEY", OKTAI_BYTES("\x30\x14\x02\x01\x00" RSA_ALGORITHM "\x04\x00")},
        {"PRIVATE KEY", OKTAI_BYTES("\x30\x1a\x02\x01\x00" EC_ALGORITHM "\x04\x00")},
        {"PRIVATE KEY", OKTAI_BYTES("\x30\x05\x02\x01\x00\x05\x00")},
        {"EC PRIVATE KEY", OKTAI_BYTES("\x30\x06\x02\x01\x01\x05\x01\x01")},
        {"EC PRIVATE KEY", OKTAI_BYTES("\x30\x07\x02\x02\x01\x01\x04\x01\x01")},
        {"EC PRIVATE KEY",
         OKTAI_BYTES("\x30\x14\x02\x01\x01\x04\x01\x01\xa0\x0c\x06\x08\x2a\x86\x48\xce\x3d\x03"
                     "\x01\x07\x05\x00")},
        {"EC PRIVATE KEY", OKTAI_BYTES("\x30\x14" EC_START "\xa1\x00")},
        {"EC PRIVATE KEY", OKTAI_BYTES("\x30\x17" EC_START "\xa1\x03\x03\x01\x00")},
        {"EC PRIVATE KEY", OKTAI_BYTES("\x30\x1a" EC_START "\xa1\x06\x03\x02\x00\x04\x05\x00")},
        {"EC PRIVATE KEY", OKTAI_BYTES("\x30\x14" EC_START "\x05\x00")},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        expect_refused(block_pem(bad[i].name, bad[i].der.data, bad[i].der.size), "damaged");
    }
}

static void takes_three_as_exponent(void **state)
{
    (void)state;
    unsigned char bytes[256];
    char *pem = rsa_public_of(random_modulus(2048, bytes), (oktai_bytes)OKTAI_BYTES("\x03"));
    okta_free(key_of_pem(pem));
    free(pem);
}

#define RSA_NUMBERS 8u

/* n, e, d, p, q, dp, dq, qi */
typedef struct rsa_numbers {
    unsigned char bytes[RSA_NUMBERS][256];
} rsa_numbers;

static void read_rsa(EVP_PKEY *pkey, rsa_numbers *out)
{
    static const char *const names[RSA_NUMBERS] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };
    for (size_t i = 0; i < RSA_NUMBERS; i++) {
        assert_true(oktai_key_number(pkey, names[i], out->bytes[i], sizeof out->bytes[i]));
    }
}

static char *rsa_private_of(const rsa_numbers *numbers, unsigned char version, bool more)
{
    crafted c;
    unsigned char *end = craft(&c);
    if (more) {
        oktai_der_wrap(&c.writer, OKTAI_DER_SEQUENCE, end);
    }
    for (size_t i = RSA_NUMBERS; i-- > 0;) {
        oktai_der_put_number(&c.writer, (oktai_bytes){numbers->bytes[i], sizeof numbers->bytes[i]});
    }
    oktai_der_put_number(&c.writer, (oktai_bytes){&version, 1});
    oktai_der_wrap(&c.writer, OKTAI_DER_SEQUENCE, end);
    return crafted_pem(&c, "RSA PRIVATE KEY");
}

static void proves_rsa_private_numbers(void **state)
{
    (void)state;
    rsa_numbers mine;
    rsa_numbers foreign;
    EVP_PKEY *other = make_rsa_key(2048);
    read_rsa(shared_rsa_key(), &mine);
    read_rsa(other, &foreign);
    expect_private(shared_rsa_key(), rsa_private_of(&mine, 0, false), "RSA 2048");
    for (size_t i = 0; i < RSA_NUMBERS; i++) {
        rsa_numbers bad = mine;
        memcpy(bad.bytes[i], foreign.bytes[i], sizeof bad.bytes[i]);
        if (i != 1) { /* all have the same e */
            expect_refused(rsa_private_of(&bad, 0, false), "half");
        }
        memset(bad.bytes[i], 0, sizeof bad.bytes[i]);
        expect_refused(rsa_private_of(&bad, 0, false), "RSA");
        memset(bad.bytes[i], 0xff, sizeof bad.bytes[i]);
        expect_refused(rsa_private_of(&bad, 0, false), i == 0 ? "the factor 3 " : "n");
        bad.bytes[i][255] = mine.bytes[i][255] ^ 2;
        memcpy(bad.bytes[i], mine.bytes[i], 255);
        /* another modulus may have a small factor */
        expect_refused(rsa_private_of(&bad, 0, false), i == 0 ? "key" : "half");
    }
    rsa_numbers none = mine;
    memset(none.bytes[2], 0, 6 * sizeof none.bytes[2]);
    expect_refused(rsa_private_of(&none, 0, false), "must have d, p, q");
    expect_refused(rsa_private_of(&mine, 1, true), "two primes");
    expect_refused(rsa_private_of(&mine, 0, true), "damaged");
    EVP_PKEY_free(other);
}

/* A prime p for which p - 1 has no factor in common with e = 65537. */
static BIGNUM *prime(int bits)
{
    BIGNUM *p = BN_new();
    do {
        assert_int_equal(BN_generate_prime_ex(p, bits, 0, NULL, NULL, NULL), 1);
    } while (BN_mod_word(p, 65537) == 1);
    return p;
}

/* All that RFC 8017 says of the numbers is true of p and q, except that they are prime. */
static char *rsa_of_factors(const BIGNUM *p, const BIGNUM *q)
{
    rsa_numbers numbers;
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *v[8];
    BIGNUM *p1 = BN_dup(p);
    BIGNUM *q1 = BN_dup(q);
    BIGNUM *phi = BN_new();
    for (size_t i = 0; i < COUNT(v); i++) {
        v[i] = BN_new();
    }
    assert_true(BN_sub_word(p1, 1) && BN_sub_word(q1, 1) && BN_mul(phi, p1, q1, ctx));
    assert_true(BN_mul(v[0], p, q, ctx) && BN_set_word(v[1], 65537));
    assert_non_null(BN_mod_inverse(v[2], v[1], phi, ctx));
    assert_true(BN_copy(v[3], p) && BN_copy(v[4], q));
    assert_true(BN_mod(v[5], v[2], p1, ctx) && BN_mod(v[6], v[2], q1, ctx));
    assert_non_null(BN_mod_inverse(v[7], q, p, ctx));
    for (size_t i = 0; i < COUNT(v); i++) {
        assert_int_equal(BN_bn2binpad(v[i], numbers.bytes[i], sizeof numbers.bytes[i]),
                         sizeof numbers.bytes[i]);
        BN_free(v[i]);
    }
    BN_free(p1);
    BN_free(q1);
    BN_free(phi);
    BN_CTX_free(ctx);
    return rsa_private_of(&numbers, 0, false);
}

/* a becomes a + b - c; all are 256 octets. */
static void add(unsigned char *a, const unsigned char *b, unsigned c)
{
    BIGNUM *sum = BN_bin2bn(a, 256, NULL);
    BIGNUM *more = BN_bin2bn(b, 256, NULL);
    assert_true(BN_add(sum, sum, more) && BN_sub_word(sum, c));
    assert_int_equal(BN_bn2binpad(sum, a, 256), 256);
    BN_clear_free(sum);
    BN_clear_free(more);
}

/* Each of these works modulo one of the primes, or works but is not what other programs expect. */
static void wants_rsa_numbers_in_their_one_form(void **state)
{
    (void)state;
    enum { D = 2, P = 3, Q = 4, DP = 5, DQ = 6, QI = 7 };
    static const struct {
        size_t number, plus;
        unsigned less;
    } changes[] = {{D, P, 1}, {D, Q, 1}, {DP, P, 1}, {DQ, Q, 1}, {QI, P, 0}};
    rsa_numbers mine;
    read_rsa(shared_rsa_key(), &mine);
    for (size_t i = 0; i < COUNT(changes); i++) {
        rsa_numbers bad = mine;
        add(bad.bytes[changes[i].number], mine.bytes[changes[i].plus], changes[i].less);
        expect_refused(rsa_private_of(&bad, 0, false), "private half");
    }
}

static void refuses_rsa_factors_that_are_not_prime(void **state)
{
    (void)state;
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *p = prime(1024);
    BIGNUM *q = prime(1024);
    BIGNUM *a = NULL;
    BIGNUM *b = NULL;
    BIGNUM *product = BN_new();
    do { /* as large as a prime of 1024 bits is made, so that n has 2048 */
        BN_free(a);
        BN_free(b);
        a = prime(512);
        b = prime(512);
        assert_int_equal(BN_mul(product, a, b, ctx), 1);
    } while (!BN_is_bit_set(product, 1022) || BN_mod_word(product, 65537) == 1);
    char *good = rsa_of_factors(p, q);
    okta_free(key_of_pem(good));
    free(good);
    expect_refused(rsa_of_factors(product, q), "p or q is not prime");
    expect_refused(rsa_of_factors(p, product), "p or q is not prime");
    BN_free(product);
    BN_free(a);
    BN_free(b);
    BN_free(p);
    BN_free(q);
    BN_CTX_free(ctx);
}

static void refuses_rsa_of_three_primes(void **state)
{
    (void)state;
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_primes(ctx, 3), 1);
    assert_int_equal(EVP_PKEY_generate(ctx, &pkey), 1);
    expect_refused(pkcs8_pem(pkey), "two primes");
    expect_refused(traditional_pem(pkey, NULL, NULL), "two primes");
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
}

/* What stands in an EC key; size 0: left out. */
typedef struct ec_pieces {
    oktai_bytes d;
    oktai_bytes inner_curve;
    oktai_bytes point;
    unsigned char version;
} ec_pieces;

static void put_ec(crafted *c, const ec_pieces *pieces, const unsigned char *end)
{
    static const unsigned char no_unused_bits = 0;
    oktai_der_writer *w = &c->writer;
    if (pieces->point.size > 0) {
        oktai_der_put(w, pieces->point);
        oktai_der_put(w, (oktai_bytes){&no_unused_bits, 1});
        oktai_der_wrap(w, OKTAI_DER_BIT_STRING, end);
        oktai_der_wrap(w, OKTAI_DER_CONTEXT_1, end);
    }
    if (pieces->inner_curve.size > 0) {
        const unsigned char *curve_end = w->next;
        oktai_der_put(w, pieces->inner_curve);
        oktai_der_wrap(w, OKTAI_DER_OID, curve_end);
        oktai_der_wrap(w, OKTAI_DER_CONTEXT_0, curve_end);
    }
    const unsigned char *d_end = w->next;
    oktai_der_put(w, pieces->d);
    oktai_der_wrap(w, OKTAI_DER_OCTET_STRING, d_end);
    oktai_der_put_number(w, (oktai_bytes){&pieces->version, 1});
    oktai_der_wrap(w, OKTAI_DER_SEQUENCE, end);
}

static char *sec1_of(const ec_pieces *pieces)
{
    crafted c;
    put_ec(&c, pieces, craft(&c));
    return crafted_pem(&c, "EC PRIVATE KEY");
}

static const oktai_bytes oid_ec = OKTAI_BYTES("\x2a\x86\x48\xce\x3d\x02\x01");
static const oktai_bytes p256 = OKTAI_BYTES("\x2a\x86\x48\xce\x3d\x03\x01\x07");
static const oktai_bytes p384 = OKTAI_BYTES("\x2b\x81\x04\x00\x22");

static void put_ec_algorithm(crafted *c, oktai_bytes curve)
{
    const unsigned char *end = c->writer.next;
    oktai_der_put(&c->writer, curve);
    oktai_der_wrap(&c->writer, OKTAI_DER_OID, end);
    const unsigned char *oid_end = c->writer.next;
    oktai_der_put(&c->writer, oid_ec);
    oktai_der_wrap(&c->writer, OKTAI_DER_OID, oid_end);
    oktai_der_wrap(&c->writer, OKTAI_DER_SEQUENCE, end);
}

/* `tail` stands behind the key. */
static char *pkcs8_of(const ec_pieces *pieces, unsigned char version, oktai_bytes tail)
{
    crafted c;
    unsigned char *end = craft(&c);
    oktai_der_put(&c.writer, tail);
    const unsigned char *key_end = c.writer.next;
    put_ec(&c, pieces, key_end);
    oktai_der_wrap(&c.writer, OKTAI_DER_OCTET_STRING, key_end);
    put_ec_algorithm(&c, p256);
    oktai_der_put_number(&c.writer, (oktai_bytes){&version, 1});
    oktai_der_wrap(&c.writer, OKTAI_DER_SEQUENCE, end);
    return crafted_pem(&c, "PRIVATE KEY");
}

static char *ec_public_of(oktai_bytes point)
{
    crafted c;
    static const unsigned char no_unused_bits = 0;
    unsigned char *end = craft(&c);
    oktai_der_put(&c.writer, point);
    oktai_der_put(&c.writer, (oktai_bytes){&no_unused_bits, 1});
    oktai_der_wrap(&c.writer, OKTAI_DER_BIT_STRING, end);
    put_ec_algorithm(&c, p256);
    oktai_der_wrap(&c.writer, OKTAI_DER_SEQUENCE, end);
    return crafted_pem(&c, "PUBLIC KEY");
}

/* The shared EC key in pieces. */
typedef struct ec_numbers {
    unsigned char d[32];
    unsigned char full[65];
    unsigned char compressed[33];
    unsigned char hybrid[65];
} ec_numbers;

static void read_ec(ec_numbers *out)
{
    EVP_PKEY *pkey = shared_ec_key();
    assert_true(oktai_key_number(pkey, OSSL_PKEY_PARAM_PRIV_KEY, out->d, 32));
    assert_true(oktai_key_number(pkey, OSSL_PKEY_PARAM_EC_PUB_X, out->full + 1, 32));
    assert_true(oktai_key_number(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, out->full + 33, 32));
    out->full[0] = 4;
    memcpy(out->hybrid, out->full, 65);
    out->hybrid[0] = (unsigned char)(6 + (out->full[64] & 1));
    memcpy(out->compressed, out->full, 33);
    out->compressed[0] = (unsigned char)(2 + (out->full[64] & 1));
}

static void reads_every_way_to_write_an_ec_key(void **state)
{
    (void)state;
    static const oktai_bytes attributes = OKTAI_BYTES("\xa0\x02\x30\x00");
    static const oktai_bytes nothing = {NULL, 0};
    ec_numbers key;
    read_ec(&key);
    const oktai_bytes d = {key.d, 32};
    const oktai_bytes full = {key.full, 65};
    const oktai_bytes compressed = {key.compressed, 33};
    const ec_pieces pieces[] = {
        {d, p256, full, 1},    {d, p256, compressed, 1},    {d, p256, nothing, 1},
        {d, nothing, full, 1}, {d, nothing, compressed, 1}, {d, nothing, nothing, 1},
    };
    crafted tail;
    unsigned char *end = craft(&tail);
    oktai_der_put(&tail.writer, full);
    oktai_der_wrap(&tail.writer, 0x81, end);
    oktai_bytes public_again = {tail.writer.next, (size_t)(end - tail.writer.next)};
    for (size_t i = 0; i < COUNT(pieces); i++) {
        if (pieces[i].inner_curve.size > 0) {
            expect_private(shared_ec_key(), sec1_of(&pieces[i]), "EC P-256");
        }
        expect_private(shared_ec_key(), pkcs8_of(&pieces[i], 0, nothing), "EC P-256");
        expect_private(shared_ec_key(), pkcs8_of(&pieces[i], 0, attributes), "EC P-256");
        expect_private(shared_ec_key(), pkcs8_of(&pieces[i], 1, public_again), "EC P-256");
    }
    expect_public(shared_ec_key(), ec_public_of(full), "EC P-256");
    expect_public(shared_ec_key(), ec_public_of(compressed), "EC P-256");
    key.compressed[0] ^= 1; /* the point with the other y is on the curve, too */
    char *mirrored = ec_public_of(compressed);
    okta_free(key_of_pem(mirrored));
    free(mirrored);
}

static void refuses_bad_ec_public_halves(void **state)
{
    (void)state;
    ec_numbers key;
    read_ec(&key);
    expect_refused(ec_public_of((oktai_bytes){key.hybrid, 65}), "not a point");
    expect_refused(ec_public_of((oktai_bytes){key.full, 64}), "not a point");
    expect_refused(ec_public_of((oktai_bytes){key.full, 33}), "not a point");
    expect_refused(ec_public_of((oktai_bytes){key.compressed, 32}), "not a point");
    expect_refused(ec_public_of((oktai_bytes){key.compressed, 0}), "not a point");
    expect_refused(ec_public_of((oktai_bytes){(const unsigned char *)"", 1}), "not a point"); /* infinity */
    unsigned char point[65] = {4};
    expect_refused(ec_public_of((oktai_bytes){point, 65}), "not a point");
    memcpy(point, key.full, 65);
    point[64] ^= 1;
    expect_refused(ec_public_of((oktai_bytes){point, 65}), "not a point");
    memset(point + 1, 0xff, 64); /* beyond the field */
    expect_refused(ec_public_of((oktai_bytes){point, 65}), "not a point");
    point[0] = 2;
    expect_refused(ec_public_of((oktai_bytes){point, 33}), "valid");
}

static void refuses_bad_ec_private_halves(void **state)
{
    (void)state;
    static const oktai_bytes nothing = {NULL, 0};
    /* SEC 2, section 2.4.2 */
    static const oktai_bytes order =
        OKTAI_BYTES("\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
                    "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51");
    static const unsigned char zeros[32] = {0};
    unsigned char more[32];
    unsigned char longer[33] = {1};
    ec_numbers key;
    read_ec(&key);
    const oktai_bytes d = {key.d, 32};
    const oktai_bytes full = {key.full, 65};
    memset(more, 0xff, sizeof more);
    const oktai_bytes bad[] = {
        order,      {more, 32}, {longer, 33},        {zeros, 32},
        {zeros, 1}, nothing,    OKTAI_BYTES("\x01"), OKTAI_BYTES("\x02"),
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        expect_refused(sec1_of(&(ec_pieces){bad[i], p256, full, 1}), "private half");
        expect_refused(pkcs8_of(&(ec_pieces){bad[i], nothing, full, 1}, 0, nothing), "private half");
    }
    for (size_t i = 0; i < COUNT(bad) - 2; i++) {
        expect_refused(sec1_of(&(ec_pieces){bad[i], p256, nothing, 1}), "half");
    }
    unsigned char endless[300];
    memset(endless, 0x55, sizeof endless);
    for (size_t size = 33; size <= sizeof endless; size++) {
        expect_refused(sec1_of(&(ec_pieces){{endless, size}, p256, full, 1}), "not a number of P-256");
        expect_refused(sec1_of(&(ec_pieces){{endless, size}, p256, nothing, 1}), "not a number of P-256");
    }
    expect_refused(sec1_of(&(ec_pieces){d, nothing, full, 1}), "names no curve");
    expect_refused(sec1_of(&(ec_pieces){d, p384, full, 1}), "not a point");
    expect_refused(pkcs8_of(&(ec_pieces){d, p384, full, 1}, 0, nothing), "damaged");
    for (unsigned char version = 0; version < 4; version++) {
        if (version != 1) {
            expect_refused(sec1_of(&(ec_pieces){d, p256, full, version}), "damaged");
        }
        if (version > 1) {
            expect_refused(pkcs8_of(&(ec_pieces){d, p256, full, 1}, version, nothing), "damaged");
        }
    }
    expect_refused(pkcs8_of(&(ec_pieces){d, p256, full, 1}, 0, (oktai_bytes)OKTAI_BYTES("\x05\x00")),
                   "damaged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_rsa_to_2048_to_8192_bits),
        cmocka_unit_test(refuses_bad_rsa_public_numbers),
        cmocka_unit_test(takes_three_as_exponent),
        cmocka_unit_test(takes_rsa_with_and_without_null_parameters),
        cmocka_unit_test(refuses_what_is_not_der),
        cmocka_unit_test(refuses_other_structures),
        cmocka_unit_test(writes_numbers_as_der_has_them),
        cmocka_unit_test(writes_lengths_as_der_has_them),
        cmocka_unit_test(proves_rsa_private_numbers),
        cmocka_unit_test(wants_rsa_numbers_in_their_one_form),
        cmocka_unit_test(refuses_rsa_factors_that_are_not_prime),
        cmocka_unit_test(refuses_rsa_of_three_primes),
        cmocka_unit_test(reads_every_way_to_write_an_ec_key),
        cmocka_unit_test(refuses_bad_ec_public_halves),
        cmocka_unit_test(refuses_bad_ec_private_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
