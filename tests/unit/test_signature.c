/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures as signers give them, and what a JWS carries: the checks and the conversion. */
#include "unit/keys_support.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <stdlib.h>
#include <string.h>

#include "auth/signature.h"
#include "keys/der.h"

static const struct {
    const char *alg;
    int nid;
    size_t size;
} curves[] = {
    {"ES256", NID_X9_62_prime256v1, 32}, {"ES384", NID_secp384r1, 48}, {"ES512", NID_secp521r1, 66}};

/* Takes a signature of exactly these bytes. */
static const char *take(const char *alg, okta_signature_form form, const unsigned char *bytes, size_t length,
                        unsigned char *out, size_t *size)
{
    unsigned char *buffer = malloc(OKTA_SIGNATURE_MAX);
    assert_non_null(buffer);
    memset(buffer, 0xee, OKTA_SIGNATURE_MAX);
    memcpy(buffer, bytes, length);
    *size = length;
    const char *problem = oktai_signature_take(oktai_signature_alg_by_name(alg), form, buffer, size);
    assert_true(*size <= OKTA_SIGNATURE_MAX);
    memcpy(out, buffer, *size);
    free(buffer);
    return problem;
}

static void expect_refused_bytes(const char *alg, okta_signature_form form, const unsigned char *bytes,
                                 size_t length)
{
    unsigned char out[OKTA_SIGNATURE_MAX];
    size_t size;
    assert_non_null(take(alg, form, bytes, length, out, &size));
}

#define REFUSE_DER(literal)                                                                                  \
    expect_refused_bytes("ES256", OKTA_SIGNATURE_DER, (const unsigned char *)(literal), sizeof(literal) - 1)

/* An ECDSA-Sig-Value of two numbers, written by the library's writer of DER. */
static size_t write_der(oktai_bytes r, oktai_bytes s, unsigned char *out)
{
    unsigned char buffer[256];
    oktai_der_writer writer = {buffer + sizeof buffer};
    oktai_der_put_number(&writer, s);
    oktai_der_put_number(&writer, r);
    oktai_der_wrap(&writer, OKTAI_DER_SEQUENCE, buffer + sizeof buffer);
    size_t size = (size_t)(buffer + sizeof buffer - writer.next);
    memcpy(out, writer.next, size);
    return size;
}

static void knows_the_nine_algorithms_and_no_other(void **state)
{
    static const char *const good[] = {"RS256", "RS384", "RS512", "PS256", "PS384",
                                       "PS512", "ES256", "ES384", "ES512"};
    static const char *const bad[] = {"",      "none",   "None",   "HS256",  "HS512", "rs256", "Es256",
                                      "EdDSA", "ES256K", "ES256 ", "RS256x", "RS1",   "RS25",  "RSA-OAEP"};
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_string_equal(oktai_signature_alg_by_name(good[i])->name, good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_null(oktai_signature_alg_by_name(bad[i]));
    }
}

static void orders_are_those_of_the_curves(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(curves); i++) {
        unsigned char bytes[OKTAI_EC_BYTES_MAX];
        EC_GROUP *group = EC_GROUP_new_by_curve_name(curves[i].nid);
        oktai_bytes order = oktai_signature_alg_by_name(curves[i].alg)->order;
        assert_int_equal(order.size, curves[i].size);
        assert_int_equal(BN_bn2binpad(EC_GROUP_get0_order(group), bytes, (int)curves[i].size),
                         curves[i].size);
        assert_memory_equal(order.data, bytes, order.size);
        EC_GROUP_free(group);
    }
}

/* Every number of leading zero octets in r and in s, from none to all but one. */
static void pads_short_integers_with_zeros(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(curves); i++) {
        size_t size = curves[i].size;
        for (size_t zeros = 0; zeros < size; zeros++) {
            unsigned char expected[2 * OKTAI_EC_BYTES_MAX] = {0};
            unsigned char der[160];
            unsigned char out[OKTA_SIGNATURE_MAX];
            size_t length;
            /* 0x7f and 0x80 at the front, which DER writes without and with a zero; 0x01 fits every order */
            unsigned char front = zeros == 0 ? 1 : zeros % 2 == 0 ? 0x7f : 0x80;
            memset(expected + zeros, 0x5a, size - zeros);
            expected[zeros] = front;
            memset(expected + size + (size - 1 - zeros), 0xa5, zeros + 1);
            expected[size + (size - 1 - zeros)] = zeros == size - 1 ? 1 : 0xff;
            size_t der_size =
                write_der((oktai_bytes){expected, size}, (oktai_bytes){expected + size, size}, der);
            assert_null(take(curves[i].alg, OKTA_SIGNATURE_DER, der, der_size, out, &length));
            assert_int_equal(length, 2 * size);
            assert_memory_equal(out, expected, 2 * size);
            assert_null(take(curves[i].alg, OKTA_SIGNATURE_RAW, expected, 2 * size, out, &length));
            assert_int_equal(length, 2 * size);
            assert_memory_equal(out, expected, 2 * size);
        }
    }
}

/* Beside one number that is good, a number at each edge of what the other may be. */
static void r_and_s_are_from_1_to_the_order_less_1(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(curves); i++) {
        static const struct {
            int add; /* to the order */
            bool good;
        } edges[] = {{-1, true}, {0, false}, {1, false}};
        size_t size = curves[i].size;
        oktai_bytes order = oktai_signature_alg_by_name(curves[i].alg)->order;
        for (size_t e = 0; e < 2 * COUNT(edges); e++) {
            unsigned char raw[2 * OKTAI_EC_BYTES_MAX] = {0};
            unsigned char der[160];
            unsigned char out[OKTA_SIGNATURE_MAX];
            size_t length;
            size_t at = e < COUNT(edges) ? 0 : size;
            raw[size - 1] = raw[2 * size - 1] = 1;
            memcpy(raw + at, order.data, size);
            raw[at + size - 1] = (unsigned char)(raw[at + size - 1] + edges[e % COUNT(edges)].add);
            size_t der_size = write_der((oktai_bytes){raw, size}, (oktai_bytes){raw + size, size}, der);
            bool good = edges[e % COUNT(edges)].good;
            assert_int_equal(take(curves[i].alg, OKTA_SIGNATURE_RAW, raw, 2 * size, out, &length) == NULL,
                             good);
            assert_int_equal(take(curves[i].alg, OKTA_SIGNATURE_DER, der, der_size, out, &length) == NULL,
                             good);
        }
    }
}

static void zero_is_no_signature(void **state)
{
    static const unsigned char zeros[OKTA_SIGNATURE_MAX] = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(curves); i++) {
        unsigned char half[2 * OKTAI_EC_BYTES_MAX] = {0};
        size_t size = curves[i].size;
        expect_refused_bytes(curves[i].alg, OKTA_SIGNATURE_RAW, zeros, 2 * size);
        half[0] = 1;
        expect_refused_bytes(curves[i].alg, OKTA_SIGNATURE_RAW, half, 2 * size);
        half[0] = 0;
        half[2 * size - 1] = 1;
        expect_refused_bytes(curves[i].alg, OKTA_SIGNATURE_RAW, half, 2 * size);
    }
    REFUSE_DER("\x30\x06\x02\x01\x00\x02\x01\x01");
    REFUSE_DER("\x30\x06\x02\x01\x01\x02\x01\x00");
    expect_refused_bytes("RS256", OKTA_SIGNATURE_RAW, zeros, 256);
    expect_refused_bytes("PS512", OKTA_SIGNATURE_RAW, zeros, 1024);
}

static void der_is_strict(void **state)
{
    unsigned char out[OKTA_SIGNATURE_MAX];
    size_t size;
    (void)state;
    assert_null(take("ES256", OKTA_SIGNATURE_DER, (const unsigned char *)"\x30\x06\x02\x01\x01\x02\x01\x02",
                     8, out, &size));
    REFUSE_DER("");
    REFUSE_DER("\x30");
    REFUSE_DER("\x30\x06\x02\x01\x01\x02\x01");                 /* cut */
    REFUSE_DER("\x30\x06\x02\x01\x01\x02\x01\x02\x00");         /* a byte behind it */
    REFUSE_DER("\x30\x07\x02\x01\x01\x02\x01\x02\x00");         /* a byte behind s */
    REFUSE_DER("\x30\x09\x02\x01\x01\x02\x01\x02\x02\x01\x03"); /* a third number */
    REFUSE_DER("\x30\x03\x02\x01\x01");                         /* no s */
    REFUSE_DER("\x30\x00");
    REFUSE_DER("\x30\x06\x02\x01\xff\x02\x01\x02");     /* r is negative */
    REFUSE_DER("\x30\x06\x02\x01\x01\x02\x01\x80");     /* s is negative */
    REFUSE_DER("\x30\x07\x02\x02\x00\x01\x02\x01\x02"); /* a needless zero in r */
    REFUSE_DER("\x30\x07\x02\x01\x01\x02\x02\x00\x7f"); /* ... in s */
    REFUSE_DER("\x30\x05\x02\x00\x02\x01\x02");         /* an empty integer */
    REFUSE_DER("\x30\x81\x06\x02\x01\x01\x02\x01\x02"); /* a needlessly long length */
    REFUSE_DER("\x30\x82\x00\x06\x02\x01\x01\x02\x01\x02");
    REFUSE_DER("\x30\x07\x02\x81\x01\x01\x02\x01\x02");
    REFUSE_DER("\x30\x80\x02\x01\x01\x02\x01\x02\x00\x00"); /* BER's indefinite length */
    REFUSE_DER("\x31\x06\x02\x01\x01\x02\x01\x02");         /* a SET */
    REFUSE_DER("\x30\x06\x03\x01\x01\x02\x01\x02");         /* a BIT STRING */
    REFUSE_DER("\x30\x84\xff\xff\xff\xff\x02\x01\x01\x02\x01\x02");
}

static void an_integer_longer_than_the_curve_is_refused(void **state)
{
    unsigned char number[34];
    unsigned char der[160];
    static const unsigned char one[] = {1};
    (void)state;
    memset(number, 0x11, sizeof number);
    for (size_t size = 33; size <= 34; size++) {
        size_t length = write_der((oktai_bytes){number, size}, (oktai_bytes){one, 1}, der);
        expect_refused_bytes("ES256", OKTA_SIGNATURE_DER, der, length);
        length = write_der((oktai_bytes){one, 1}, (oktai_bytes){number, size}, der);
        expect_refused_bytes("ES256", OKTA_SIGNATURE_DER, der, length);
    }
}

/* Each prefix of a signature in DER, and each with one bit turned: refused, or two numbers that are in it. */
static void damaged_der_is_refused_or_exact(void **state)
{
    unsigned char good[160];
    unsigned char again[160];
    unsigned char out[OKTA_SIGNATURE_MAX];
    unsigned char r[32], s[32];
    size_t size;
    (void)state;
    memset(r, 0x81, sizeof r);
    memset(s, 0x7e, sizeof s);
    size_t length = write_der((oktai_bytes){r, 32}, (oktai_bytes){s, 32}, good);
    for (size_t cut = 0; cut < length; cut++) {
        expect_refused_bytes("ES256", OKTA_SIGNATURE_DER, good, cut);
    }
    for (size_t bit = 0; bit < 8 * length; bit++) {
        unsigned char bad[160];
        memcpy(bad, good, length);
        bad[bit / 8] = (unsigned char)(bad[bit / 8] ^ 1u << bit % 8);
        if (take("ES256", OKTA_SIGNATURE_DER, bad, length, out, &size) == NULL) {
            assert_int_equal(size, 64);
            assert_int_equal(write_der((oktai_bytes){out, 32}, (oktai_bytes){out + 32, 32}, again), length);
            assert_memory_equal(again, bad, length);
        }
    }
}

static void lengths_must_fit_the_algorithm(void **state)
{
    static const struct {
        const char *alg;
        size_t smallest, largest;
    } cases[] = {{"ES256", 64, 64},    {"ES384", 96, 96},    {"ES512", 132, 132}, {"RS256", 256, 1024},
                 {"RS512", 256, 1024}, {"PS256", 256, 1024}, {"PS384", 256, 1024}};
    unsigned char bytes[OKTA_SIGNATURE_MAX];
    unsigned char out[OKTA_SIGNATURE_MAX];
    (void)state;
    memset(bytes, 0x01, sizeof bytes);
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t length = 0; length <= OKTA_SIGNATURE_MAX; length++) {
            size_t size;
            const char *problem = take(cases[i].alg, OKTA_SIGNATURE_RAW, bytes, length, out, &size);
            assert_int_equal(problem == NULL, length >= cases[i].smallest && length <= cases[i].largest);
            assert_true(problem != NULL || (size == length && memcmp(out, bytes, size) == 0));
        }
    }
}

/* No byte beyond the buffer is looked at. */
static void a_size_beyond_the_buffer_is_refused(void **state)
{
    static const char *const algs[] = {"ES256", "RS256", "PS256"};
    static const size_t sizes[] = {OKTA_SIGNATURE_MAX + 1, SIZE_MAX};
    unsigned char *buffer = malloc(OKTA_SIGNATURE_MAX);
    (void)state;
    assert_non_null(buffer);
    memset(buffer, 1, OKTA_SIGNATURE_MAX);
    for (size_t i = 0; i < COUNT(algs) * COUNT(sizes); i++) {
        size_t size = sizes[i / COUNT(algs)];
        const oktai_signature_alg *alg = oktai_signature_alg_by_name(algs[i % COUNT(algs)]);
        assert_non_null(oktai_signature_take(alg, OKTA_SIGNATURE_RAW, buffer, &size));
        assert_non_null(oktai_signature_take(alg, OKTA_SIGNATURE_DER, buffer, &size));
    }
    free(buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_nine_algorithms_and_no_other),
        cmocka_unit_test(orders_are_those_of_the_curves),
        cmocka_unit_test(pads_short_integers_with_zeros),
        cmocka_unit_test(r_and_s_are_from_1_to_the_order_less_1),
        cmocka_unit_test(zero_is_no_signature),
        cmocka_unit_test(der_is_strict),
        cmocka_unit_test(an_integer_longer_than_the_curve_is_refused),
        cmocka_unit_test(damaged_der_is_refused_or_exact),
        cmocka_unit_test(lengths_must_fit_the_algorithm),
        cmocka_unit_test(a_size_beyond_the_buffer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
