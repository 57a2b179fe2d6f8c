/* SPDX-License-Identifier: Apache-2.0 */
/* okta_key_from_pem() and okta_key_to_private_pem(): every format that OpenSSL writes, and what may not pass.
 */
#include "unit/keys_support.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEM_MAX 65536u

static void reads_and_writes_what_openssl_writes(void **state)
{
    (void)state;
    static const struct {
        const char *curve;
        unsigned bits;
        const char *description;
    } kinds[] = {
        {"P-256", 0, "EC P-256"}, {"P-384", 0, "EC P-384"}, {"P-521", 0, "EC P-521"},
        {NULL, 2048, "RSA 2048"}, {NULL, 2056, "RSA 2056"}, {NULL, 3072, "RSA 3072"},
    };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        bool is_rsa = kinds[i].curve == NULL;
        EVP_PKEY *pkey = is_rsa ? make_rsa_key(kinds[i].bits) : make_ec_key(kinds[i].curve);
        expect_private(pkey, pkcs8_pem(pkey), kinds[i].description);
        expect_private(pkey, traditional_pem(pkey, NULL, NULL), kinds[i].description);
        expect_public(pkey, public_pem(pkey), kinds[i].description);
        if (is_rsa) {
            expect_public(pkey, rsa_public_pem(pkey), kinds[i].description);
        }
        EVP_PKEY_free(pkey);
    }
}

static void refuses_other_kinds_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *type, *phrase;
    } types[] = {
        {"ED25519", "ED25519"}, {"ED448", "ED448"},       {"X25519", "X25519"},
        {"X448", "X448"},       {"DH", "dhKeyAgreement"}, {"RSA-PSS", "rsassaPss"},
    };
    static const struct {
        const char *curve, *phrase;
    } curves[] = {
        {"secp256k1", "secp256k1"}, {"P-224", "secp224r1"}, {"brainpoolP256r1", "brainpoolP256r1"},
        {"P-192", "prime192v1"},    {"B-283", "sect283r1"},
    };
    for (size_t i = 0; i < COUNT(types); i++) {
        EVP_PKEY *pkey = make_other_key(types[i].type);
        expect_refused(pkcs8_pem(pkey), types[i].phrase);
        expect_refused(public_pem(pkey), types[i].phrase);
        EVP_PKEY_free(pkey);
    }
    for (size_t i = 0; i < COUNT(curves); i++) {
        EVP_PKEY *pkey = make_ec_key(curves[i].curve);
        expect_refused(pkcs8_pem(pkey), curves[i].phrase);
        expect_refused(traditional_pem(pkey, NULL, NULL), curves[i].phrase);
        expect_refused(public_pem(pkey), curves[i].phrase);
        EVP_PKEY_free(pkey);
    }
    static const char *const blocks[][2] = {
        {"DSA PRIVATE KEY", "DSA"},
        {"DSA PARAMETERS", "DSA"},
        {"DH PARAMETERS", "DH"},
        {"X9.42 DH PARAMETERS", "DH"},
        {"OPENSSH PRIVATE KEY", "OpenSSH"},
        {"CERTIFICATE", "certificate"},
        {"TRUSTED CERTIFICATE", "certificate"},
        {"X509 CERTIFICATE", "certificate"},
        {"CERTIFICATE REQUEST", "no key"},
        {"X509 CRL", "no key"},
        {"PKCS7", "no key"},
        {"ANY PRIVATE KEY", "no key"},
        {"EC PARAMETERS", "no key"},
        {"private key", "no key"},
    };
    for (size_t i = 0; i < COUNT(blocks); i++) {
        expect_refused(block_pem(blocks[i][0], (const unsigned char *)"\x05", 1), blocks[i][1]);
    }
}

static void refuses_curves_that_are_spelled_out(void **state)
{
    (void)state;
    EVP_PKEY *pkey = make_ec_key("P-256");
    assert_int_equal(EVP_PKEY_set_utf8_string_param(pkey, OSSL_PKEY_PARAM_EC_ENCODING, "explicit"), 1);
    expect_refused(pkcs8_pem(pkey), "spells its curve out");
    expect_refused(public_pem(pkey), "spells its curve out");
    expect_refused(traditional_pem(pkey, NULL, NULL), "spells its curve out");
    EVP_PKEY_free(pkey);
}

/* Both texts in both orders. Frees neither. */
static void expect_both_refused(const char *a, const char *b, const char *phrase)
{
    expect_refused(joined(a, b), phrase);
    expect_refused(joined(b, a), phrase);
}

static void wants_exactly_one_key(void **state)
{
    (void)state;
    char *key = pkcs8_pem(shared_ec_key());
    char *public_key = public_pem(shared_ec_key());
    char *certificate = certificate_pem(shared_ec_key());
    char *rsa = traditional_pem(shared_rsa_key(), NULL, NULL);
    char *encrypted = encrypted_pem(shared_rsa_key(), EVP_aes_128_cbc(), "secret");
    expect_both_refused(key, key, "more than one key");
    expect_both_refused(key, public_key, "more than one key");
    expect_both_refused(key, rsa, "more than one key");
    expect_both_refused(public_key, encrypted, "more than one key");
    expect_both_refused(key, certificate, "certificate");
    expect_both_refused(encrypted, certificate, "certificate");
    expect_both_refused(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n", "damaged");
    expect_pem_refused(certificate, "certificate");
    expect_pem_refused("", "no key");
    expect_pem_refused("\n\n\n", "no key");
    expect_pem_refused("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg", "no key");
    expect_pem_refused("\x30\x81\x87\x02\x01", "no key");
    expect_pem_refused("-----BEGIN PRIVATE KEY-----", "damaged");
    expect_pem_refused("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "damaged");
    expect_pem_refused("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "damaged");
    free(key);
    free(public_key);
    free(certificate);
    free(rsa);
    free(encrypted);
}

static void takes_text_and_curves_around_the_key(void **state)
{
    (void)state;
    char *key = traditional_pem(shared_ec_key(), NULL, NULL);
    static const unsigned char curve[] = {6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7};
    char *parameters = block_pem("EC PARAMETERS", curve, sizeof curve);
    expect_private(shared_ec_key(), joined(parameters, key), "EC P-256");
    expect_private(shared_ec_key(), joined(key, parameters), "EC P-256");
    expect_private(shared_ec_key(),
                   joined("Bag Attributes\n  friendlyName: k\nKey Attributes: <none>\n", key), "EC P-256");
    expect_private(shared_ec_key(), joined(key, "# a comment\n"), "EC P-256");
    expect_private(shared_ec_key(), joined("\r\n", key), "EC P-256");
    char *windows = calloc(2, strlen(key) + 1);
    assert_non_null(windows);
    for (size_t i = 0, at = 0; key[i] != '\0'; i++) {
        if (key[i] == '\n') {
            windows[at++] = '\r';
        }
        windows[at++] = key[i];
    }
    expect_private(shared_ec_key(), windows, "EC P-256");
    free(parameters);
    free(key);
}

/* The key as one block whose content is laid out by `break_at`: a line feed behind so many letters. */
static char *laid_out(const char *pem, size_t break_at, const char *line_end)
{
    char *result = calloc(6, strlen(pem) + 1);
    assert_non_null(result);
    const char *content = strchr(pem, '\n') + 1;
    const char *end = strstr(pem, "-----END");
    size_t at = (size_t)(content - pem);
    size_t letters = 0;
    memcpy(result, pem, at);
    for (const char *c = content; c < end; c++) {
        if (*c != '\n') {
            result[at++] = *c;
            letters++;
        }
        if (letters == break_at) {
            letters = 0;
            memcpy(result + at, line_end, strlen(line_end));
            at += strlen(line_end);
        }
    }
    result[at++] = '\n';
    memcpy(result + at, end, strlen(end) + 1);
    return result;
}

static void takes_content_in_lines_of_any_length(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    static const size_t lengths[] = {1, 3, 4, 63, 65, 76, 1000};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        expect_private(shared_ec_key(), laid_out(pem, lengths[i], "\n"), "EC P-256");
        expect_private(shared_ec_key(), laid_out(pem, lengths[i], " \t\r\n"), "EC P-256");
    }
    free(pem);
}

#define BLOCK(content) "-----BEGIN PRIVATE KEY-----\n" content "-----END PRIVATE KEY-----\n"

static void refuses_damaged_frames(void **state)
{
    (void)state;
    static const char *const damaged[] = {
        BLOCK(""),
        BLOCK("\n \n"),
        BLOCK("A\n"),
        BLOCK("AA\n"),
        BLOCK("AAA\n"),
        BLOCK("=\n"),
        BLOCK("====\n"),
        BLOCK("A===\n"),
        BLOCK("AAAAA===\n"),
        BLOCK("AA=\n"),
        BLOCK("AA=A\n"),
        BLOCK("AA==AAAA\n"),
        BLOCK("AAAA====\n"),
        BLOCK("AB==\n"),
        BLOCK("AAB=\n"),
        BLOCK("AA-_\n"),
        BLOCK("AA.A\n"),
        BLOCK("\xc3\xa4\xc3\xa4\n"),
        BLOCK("A: b\nAAAA\n"),
        BLOCK("A: b\n"),
        BLOCK("AA{A\n"),
        "-----BEGIN PRIVATE KEY-----\nA: b\n",
        "-----BEGIN PRIVATE KEY-----\nA: b\n\nAAAA\n",
        BLOCK("-----BEGIN PRIVATE KEY-----\nAAAA\n"),
        BLOCK("AAAA\n-----\n"),
        BLOCK("AAAA\n-----END EC PRIVATE KEY-----\n"),
        BLOCK("AAAA\n-----END PRIVATE KEY \n"),
        BLOCK("AAAA\n-----END PRIVATE KEY----\n"),
        "-----BEGIN PRIVATE KEY-----\nAAAA\n -----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----AAAA\n-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN -----",
        "-----BEGIN PRIVATE KEY-----\rAAAA\r-----END PRIVATE KEY-----\r",
    };
    static const char *const unseen[] = {
        "-----END PRIVATE KEY-----\n",
        "----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY----\nAAAA\n-----END PRIVATE KEY-----\n",
        " -----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----begin PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    };
    for (size_t i = 0; i < COUNT(damaged); i++) {
        expect_pem_refused(damaged[i], "PEM is damaged");
    }
    for (size_t i = 0; i < COUNT(unseen); i++) {
        expect_pem_refused(unseen[i], "no key");
    }
}

/* Any letter of the text replaced by another: refused, or the same key. */
static void survives_every_replaced_letter(void **state)
{
    (void)state;
    static const char letters[] = {' ', '\n', '\r', '-', '=', ':', 'A', '/', '\0', '\x80'};
    char *pem = pkcs8_pem(shared_ec_key());
    okta_key *whole = key_of_pem(pem);
    size_t length = strlen(pem);
    for (size_t i = 0; i < length; i++) {
        for (size_t l = 0; l < sizeof letters; l++) {
            okta_key *key = NULL;
            char before = pem[i];
            pem[i] = letters[l];
            okta_error *error = okta_key_from_pem(pem, length, NULL, NULL, &key);
            pem[i] = before;
            if (error == NULL) {
                assert_same_key(key, whole);
            }
            okta_free(error);
            okta_free(key);
        }
    }
    okta_free(whole);
    free(pem);
}

static void limits_the_length(void **state)
{
    (void)state;
    okta_key *key = NULL;
    char *pem = pkcs8_pem(shared_ec_key());
    char *large = malloc(PEM_MAX + 1);
    assert_non_null(large);
    memset(large, '\n', PEM_MAX + 1);
    memcpy(large, pem, strlen(pem));
    assert_null(okta_key_from_pem(large, PEM_MAX, NULL, NULL, &key));
    okta_free(key);
    expect_error(okta_key_from_pem(large, PEM_MAX + 1, NULL, NULL, &key), OKTA_E_ARG, "longer than 65536");
    assert_null(key);
    free(large);
    free(pem);
}

/* Every prefix of the text: refused, unless only white space is missing. */
static void refuses_truncated_pem(void **state)
{
    (void)state;
    char *pems[] = {pkcs8_pem(shared_ec_key()), public_pem(shared_ec_key()),
                    rsa_public_pem(shared_rsa_key())};
    for (size_t p = 0; p < COUNT(pems); p++) {
        size_t length = strlen(pems[p]);
        for (size_t i = 0; i <= length; i++) {
            okta_key *key = NULL;
            char *prefix = malloc(i + 1);
            assert_non_null(prefix);
            memcpy(prefix, pems[p], i);
            okta_error *error = okta_key_from_pem(prefix, i, NULL, NULL, &key);
            if (i + 1 >= length) {
                assert_null(error);
            } else {
                expect_error(error, OKTA_E_ARG, "");
                assert_null(key);
            }
            okta_free(key);
            free(prefix);
        }
        free(pems[p]);
    }
}

/* The DER in a PEM block of OpenSSL's making; free with OPENSSL_free(). */
static unsigned char *der_of(char *pem, long *size)
{
    char *name = NULL;
    char *header = NULL;
    unsigned char *der = NULL;
    BIO *bio = BIO_new_mem_buf(pem, -1);
    assert_int_equal(PEM_read_bio(bio, &name, &header, &der, size), 1);
    BIO_free(bio);
    OPENSSL_free(name);
    OPENSSL_free(header);
    return der;
}

static void refuses_truncated_and_prolonged_der(void **state)
{
    (void)state;
    const struct {
        const char *name;
        char *pem;
    } keys[] = {
        {"PRIVATE KEY", pkcs8_pem(shared_ec_key())},
        {"EC PRIVATE KEY", traditional_pem(shared_ec_key(), NULL, NULL)},
        {"PUBLIC KEY", public_pem(shared_ec_key())},
        {"PRIVATE KEY", pkcs8_pem(shared_rsa_key())},
        {"RSA PRIVATE KEY", traditional_pem(shared_rsa_key(), NULL, NULL)},
        {"RSA PUBLIC KEY", rsa_public_pem(shared_rsa_key())},
        {"PUBLIC KEY", public_pem(shared_rsa_key())},
    };
    for (size_t k = 0; k < COUNT(keys); k++) {
        long size = 0;
        unsigned char *der = der_of(keys[k].pem, &size);
        for (long i = 1; i < size; i++) {
            expect_refused(block_pem(keys[k].name, der, (size_t)i), "damaged");
        }
        unsigned char *more = calloc(1, (size_t)size + 2);
        assert_non_null(more);
        memcpy(more, der, (size_t)size);
        expect_refused(block_pem(keys[k].name, more, (size_t)size + 1), "damaged");
        more[size] = 5;
        expect_refused(block_pem(keys[k].name, more, (size_t)size + 2), "damaged");
        free(more);
        OPENSSL_free(der);
        free(keys[k].pem);
    }
}

/* Whatever one flipped bit makes of a key: it is refused, or it is a key that OpenSSL writes and reads. */
static void survives_every_flipped_bit(void **state)
{
    (void)state;
    const struct {
        const char *name;
        char *pem;
    } keys[] = {
        {"PRIVATE KEY", pkcs8_pem(shared_ec_key())},
        {"EC PRIVATE KEY", traditional_pem(shared_ec_key(), NULL, NULL)},
        {"PUBLIC KEY", public_pem(shared_ec_key())},
    };
    size_t taken = 0;
    for (size_t k = 0; k < COUNT(keys); k++) {
        long size = 0;
        okta_key *whole = key_of_pem(keys[k].pem);
        unsigned char *der = der_of(keys[k].pem, &size);
        for (long bit = 0; bit < size * 8; bit++) {
            okta_key *key = NULL;
            der[bit / 8] ^= (unsigned char)(1 << bit % 8);
            char *pem = block_pem(keys[k].name, der, (size_t)size);
            der[bit / 8] ^= (unsigned char)(1 << bit % 8);
            okta_error *error = okta_key_from_pem(pem, strlen(pem), NULL, NULL, &key);
            if (error == NULL) {
                assert_same_key(key, whole);
                taken++;
            }
            okta_free(error);
            okta_free(key);
            free(pem);
        }
        OPENSSL_free(der);
        okta_free(whole);
        free(keys[k].pem);
    }
    assert_true(taken < 8); /* the version of PKCS#8 may be 0 or 1; little else does not matter */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_what_openssl_writes),
        cmocka_unit_test(refuses_other_kinds_by_name),
        cmocka_unit_test(refuses_curves_that_are_spelled_out),
        cmocka_unit_test(wants_exactly_one_key),
        cmocka_unit_test(takes_text_and_curves_around_the_key),
        cmocka_unit_test(takes_content_in_lines_of_any_length),
        cmocka_unit_test(refuses_damaged_frames),
        cmocka_unit_test(survives_every_replaced_letter),
        cmocka_unit_test(limits_the_length),
        cmocka_unit_test(refuses_truncated_pem),
        cmocka_unit_test(refuses_truncated_and_prolonged_der),
        cmocka_unit_test(survives_every_flipped_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
