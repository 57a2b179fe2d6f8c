/* SPDX-License-Identifier: Apache-2.0 */
/* okta_key_from_pem(): encrypted keys and their passphrases. */
#include "unit/keys_support.h"

#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "keys/der.h"

#define PASSPHRASE "correct horse"

/* What the callback does and sees. */
typedef struct prompt {
    const char *answer; /* NULL: give up */
    int length;         /* returned instead of the answer's, when not 0 */
    int calls;
    size_t capacity;
} prompt;

static int ask(void *ctx, char *buffer, size_t capacity)
{
    prompt *p = ctx;
    p->calls++;
    p->capacity = capacity;
    memset(buffer, '!', capacity); /* all of it must be there */
    if (p->answer == NULL) {
        return -1;
    }
    memcpy(buffer, p->answer, strlen(p->answer));
    return p->length != 0 ? p->length : (int)strlen(p->answer);
}

/* Traditional encryption, and the schemes of PKCS#8 that OpenSSL has without its legacy provider. */
static char *scrypt_pem(EVP_PKEY *pkey, uint64_t n, uint64_t r, uint64_t p)
{
    unsigned char salt[16] = {7};
    X509_ALGOR *algorithm = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, sizeof salt, NULL, n, r, p);
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);
    BIO *bio = BIO_new(BIO_s_mem());
    assert_non_null(algorithm);
    X509_SIG *encrypted = PKCS8_set0_pbe(PASSPHRASE, (int)strlen(PASSPHRASE), info, algorithm);
    assert_int_equal(PEM_write_bio_PKCS8(bio, encrypted), 1);
    X509_SIG_free(encrypted);
    PKCS8_PRIV_KEY_INFO_free(info);
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    char *pem = calloc(1, (size_t)length + 1);
    assert_non_null(pem);
    memcpy(pem, data, (size_t)length);
    BIO_free(bio);
    return pem;
}

static char *pbes1_pem(EVP_PKEY *pkey)
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey_nid(bio, pkey, NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
                                                       PASSPHRASE, (int)strlen(PASSPHRASE), NULL, NULL),
                     1);
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    char *pem = calloc(1, (size_t)length + 1);
    assert_non_null(pem);
    memcpy(pem, data, (size_t)length);
    BIO_free(bio);
    return pem;
}

#define FORMS 7u

static char *encrypted_form(EVP_PKEY *pkey, size_t form)
{
    switch (form) {
    case 0:
        return encrypted_pem(pkey, EVP_aes_256_cbc(), PASSPHRASE);
    case 1:
        return encrypted_pem(pkey, EVP_aes_128_cbc(), PASSPHRASE);
    case 2:
        return encrypted_pem(pkey, EVP_des_ede3_cbc(), PASSPHRASE);
    case 3:
        return pbes1_pem(pkey);
    case 4:
        return scrypt_pem(pkey, 16384, 8, 1);
    case 5:
        return traditional_pem(pkey, EVP_aes_256_cbc(), PASSPHRASE);
    default:
        return traditional_pem(pkey, EVP_des_ede3_cbc(), PASSPHRASE);
    }
}

static void expect_unlocked(EVP_PKEY *pkey, char *pem, const char *passphrase)
{
    prompt p = {.answer = passphrase};
    okta_key *key = NULL;
    char *plain = pkcs8_pem(pkey);
    char *written = NULL;
    assert_null(okta_key_from_pem(pem, strlen(pem), ask, &p, &key));
    assert_int_equal(p.calls, 1);
    assert_true(p.capacity >= 256);
    assert_null(okta_key_to_private_pem(key, &written));
    assert_string_equal(written, plain);
    okta_free(written);
    okta_free(key);
    free(plain);
    free(pem);
}

static void expect_locked(const char *pem, prompt p, const char *phrase)
{
    okta_key *key = (okta_key *)&key;
    expect_error(okta_key_from_pem(pem, strlen(pem), ask, &p, &key), OKTA_E_ARG, phrase);
    assert_null(key);
    assert_int_equal(p.calls, 1);
}

static void opens_with_the_right_passphrase(void **state)
{
    (void)state;
    for (size_t form = 0; form < FORMS; form++) {
        expect_unlocked(shared_ec_key(), encrypted_form(shared_ec_key(), form), PASSPHRASE);
        expect_unlocked(shared_rsa_key(), encrypted_form(shared_rsa_key(), form), PASSPHRASE);
    }
}

static void stays_closed_without_it(void **state)
{
    (void)state;
    for (size_t form = 0; form < FORMS; form++) {
        char *pem = encrypted_form(shared_ec_key(), form);
        /* a wrong key turns the text into noise, which now and then passes as padding and fails as DER */
        expect_locked(pem, (prompt){.answer = "wrong"}, "damaged");
        expect_locked(pem, (prompt){.answer = PASSPHRASE, .length = 12}, "damaged");
        expect_locked(pem, (prompt){.answer = ""}, "damaged");
        expect_locked(pem, (prompt){.answer = NULL}, "was not given");
        expect_locked(pem, (prompt){.answer = PASSPHRASE, .length = -2147483647}, "was not given");
        expect_locked(pem, (prompt){.answer = PASSPHRASE, .length = 1025}, "longer than the 1024 bytes");
        expect_locked(pem, (prompt){.answer = PASSPHRASE, .length = 2147483647}, "longer than");
        expect_pem_refused(pem, "there is no passphrase");
        free(pem);
    }
}

static void takes_passphrases_of_any_length_that_fits(void **state)
{
    (void)state;
    char longest[1025];
    memset(longest, 'p', 1024);
    longest[1024] = '\0';
    expect_unlocked(shared_ec_key(), encrypted_pem(shared_ec_key(), EVP_aes_256_cbc(), longest), longest);
    expect_unlocked(shared_ec_key(), encrypted_pem(shared_ec_key(), EVP_aes_256_cbc(), "p"), "p");
    expect_unlocked(shared_ec_key(), encrypted_pem(shared_ec_key(), EVP_aes_256_cbc(), "\xc3\xa4"),
                    "\xc3\xa4");
}

static void asks_only_for_encrypted_keys(void **state)
{
    (void)state;
    char *pems[] = {
        pkcs8_pem(shared_ec_key()),
        traditional_pem(shared_rsa_key(), NULL, NULL),
        public_pem(shared_ec_key()),
    };
    for (size_t i = 0; i < COUNT(pems); i++) {
        prompt p = {.answer = PASSPHRASE};
        okta_key *key = NULL;
        assert_null(okta_key_from_pem(pems[i], strlen(pems[i]), ask, &p, &key));
        assert_int_equal(p.calls, 0);
        okta_free(key);
        free(pems[i]);
    }
}

static void asks_only_when_all_else_is_good(void **state)
{
    (void)state;
    char *key = encrypted_pem(shared_ec_key(), EVP_aes_256_cbc(), PASSPHRASE);
    char *two = joined(key, key);
    prompt p = {.answer = PASSPHRASE};
    okta_key *out = NULL;
    expect_error(okta_key_from_pem(two, strlen(two), ask, &p, &out), OKTA_E_ARG, "more than one key");
    assert_int_equal(p.calls, 0);
    free(two);
    free(key);
}

static void limits_apply_to_encrypted_keys_too(void **state)
{
    (void)state;
    EVP_PKEY *small = make_rsa_key(1024);
    EVP_PKEY *foreign = make_ec_key("secp256k1");
    for (size_t form = 0; form < FORMS; form++) {
        char *pem = encrypted_form(small, form);
        expect_locked(pem, (prompt){.answer = PASSPHRASE}, "1024 bits");
        free(pem);
        pem = encrypted_form(foreign, form);
        expect_locked(pem, (prompt){.answer = PASSPHRASE}, "secp256k1");
        free(pem);
    }
    EVP_PKEY_free(small);
    EVP_PKEY_free(foreign);
}

static void refuses_damaged_headers(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "Proc-Type: 4,ENCRYPTED\n\n",
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC\n\n",
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n",
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-257-CBC,00112233445566778899AABBCCDDEEFF\n\n",
        "Proc-Type: 4,MIC-CLEAR\n\n",
        "Proc-Type: 5,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n",
        "Comment: a key\n\n",
    };
    for (size_t i = 0; i < COUNT(headers); i++) {
        char *begin = joined("-----BEGIN EC PRIVATE KEY-----\n", headers[i]);
        expect_refused(joined(begin, "AAAAAAAAAAAAAAAAAAAAAA==\n-----END EC PRIVATE KEY-----\n"), "header");
        free(begin);
    }
}

/* Contents of object identifiers: RFC 8018, appendix A, RFC 7914, section 7, and RFC 7292, appendix C */
static const oktai_bytes pbes2 = OKTAI_BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d");
static const oktai_bytes pbkdf2 = OKTAI_BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c");
static const oktai_bytes scrypt = OKTAI_BYTES("\x2b\x06\x01\x04\x01\xda\x47\x04\x0b");
static const oktai_bytes pkcs12_3des = OKTAI_BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03");
static const oktai_bytes aes_256_cbc = OKTAI_BYTES("\x60\x86\x48\x01\x65\x03\x04\x01\x2a");

static void put(oktai_der_writer *w, unsigned tag, oktai_bytes content)
{
    const unsigned char *end = w->next;
    oktai_der_put(w, content);
    oktai_der_wrap(w, tag, end);
}

/* An EncryptedPrivateKeyInfo whose key derivation takes these numbers behind its salt. */
static char *costly_pem(oktai_bytes scheme, const oktai_bytes *numbers, size_t count)
{
    static const unsigned char salt[16] = {1};
    unsigned char buffer[512];
    oktai_der_writer w = {buffer + sizeof buffer};
    put(&w, OKTAI_DER_OCTET_STRING, (oktai_bytes){salt, sizeof salt});
    const unsigned char *algorithm_end = w.next;
    bool is_pbes2 = scheme.data != pkcs12_3des.data;
    if (is_pbes2) {
        put(&w, OKTAI_DER_OCTET_STRING, (oktai_bytes){salt, sizeof salt});
        put(&w, OKTAI_DER_OID, aes_256_cbc);
        oktai_der_wrap(&w, OKTAI_DER_SEQUENCE, algorithm_end);
    }
    const unsigned char *params_end = w.next;
    for (size_t i = count; i-- > 0;) {
        oktai_der_put_number(&w, numbers[i]);
    }
    put(&w, OKTAI_DER_OCTET_STRING, (oktai_bytes){salt, sizeof salt});
    oktai_der_wrap(&w, OKTAI_DER_SEQUENCE, params_end);
    put(&w, OKTAI_DER_OID, scheme);
    if (is_pbes2) {
        oktai_der_wrap(&w, OKTAI_DER_SEQUENCE, params_end);
        oktai_der_wrap(&w, OKTAI_DER_SEQUENCE, algorithm_end);
        put(&w, OKTAI_DER_OID, pbes2);
    }
    oktai_der_wrap(&w, OKTAI_DER_SEQUENCE, algorithm_end);
    oktai_der_wrap(&w, OKTAI_DER_SEQUENCE, buffer + sizeof buffer);
    return block_pem("ENCRYPTED PRIVATE KEY", w.next, (size_t)(buffer + sizeof buffer - w.next));
}

static void refuses_key_derivation_without_end(void **state)
{
    (void)state;
    const struct {
        oktai_bytes scheme;
        oktai_bytes numbers[3];
        size_t count;
        bool passes;
    } cases[] = {
        {pbkdf2, {OKTAI_BYTES("\x08\x00")}, 1, true},
        {pbkdf2, {OKTAI_BYTES("\x98\x96\x81")}, 1, false}, /* 10,000,001 */
        {pbkdf2, {OKTAI_BYTES("\x7f\xff\xff\xff")}, 1, false},
        {pbkdf2, {OKTAI_BYTES("\x01\x00\x00\x00\x00")}, 1, false},
        {pbkdf2, {OKTAI_BYTES("\x01\x00\x00\x00\x00\x00\x00\x00\x01")}, 1, false},
        {pkcs12_3des, {OKTAI_BYTES("\x08\x00")}, 1, true},
        {pkcs12_3des, {OKTAI_BYTES("\x98\x96\x81")}, 1, false},
        {scrypt, {OKTAI_BYTES("\x40\x00"), OKTAI_BYTES("\x08"), OKTAI_BYTES("\x01")}, 3, true},
        {scrypt, {OKTAI_BYTES("\x40\x00"), OKTAI_BYTES("\x08"), OKTAI_BYTES("\x10")}, 3, true},
        {scrypt, {OKTAI_BYTES("\x40\x00"), OKTAI_BYTES("\x08"), OKTAI_BYTES("\x11")}, 3, false},
        {scrypt, {OKTAI_BYTES("\x40\x00"), OKTAI_BYTES("\x08")}, 2, false},
        {scrypt, {OKTAI_BYTES("\x40\x00")}, 1, false},
        {scrypt, {OKTAI_BYTES("")}, 0, false},
        {pbkdf2, {OKTAI_BYTES("")}, 0, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        prompt p = {.answer = PASSPHRASE};
        okta_key *key = NULL;
        char *pem = costly_pem(cases[i].scheme, cases[i].numbers, cases[i].count);
        okta_error *error = okta_key_from_pem(pem, strlen(pem), ask, &p, &key);
        expect_error(error, OKTA_E_ARG, cases[i].passes ? "passphrase does not fit" : "takes too long");
        assert_int_equal(p.calls, cases[i].passes ? 1 : 0);
        free(pem);
    }
}

static void refuses_blocks_that_are_no_encrypted_key(void **state)
{
    (void)state;
    static const oktai_bytes ders[] = {
        OKTAI_BYTES("\x05\x00"),
        OKTAI_BYTES("\x30\x00"),
        OKTAI_BYTES("\x30\x00\x00"),
        OKTAI_BYTES("\x30\x02\x30\x00"),
        OKTAI_BYTES("\x30\x04\x30\x02\x06\x00"),
        OKTAI_BYTES("\x30\x06\x30\x04\x06\x00\x05\x00"),
        OKTAI_BYTES("\x30\x06\x30\x04\x06\x00\x30\x00"),
        /* PBES2 without, with an empty, and with an incomplete key derivation */
        OKTAI_BYTES("\x30\x0f\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d\x30\x00"),
        OKTAI_BYTES("\x30\x11\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d\x30\x02\x30\x00"),
        OKTAI_BYTES("\x30\x13\x30\x11\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d\x30\x04\x30\x02\x06\x00"),
        /* all that is looked at is good, but what is encrypted is missing */
        OKTAI_BYTES("\x30\x0b\x30\x09\x06\x00\x30\x05\x04\x00\x02\x01\x01"),
    };
    for (size_t i = 0; i < COUNT(ders); i++) {
        expect_refused(block_pem("ENCRYPTED PRIVATE KEY", ders[i].data, ders[i].size), "damaged");
    }
    /* a key that is not encrypted, in the block of one that is */
    char *plain = pkcs8_pem(shared_ec_key());
    char *text = strstr(plain, "\n");
    char *begin = joined("-----BEGIN ENCRYPTED PRIVATE KEY-----", text);
    char *end = strstr(begin, "-----END");
    *end = '\0';
    expect_refused(joined(begin, "-----END ENCRYPTED PRIVATE KEY-----\n"), "damaged");
    free(begin);
    free(plain);
}

static void survives_every_flipped_byte(void **state)
{
    (void)state;
    char *pem = encrypted_pem(shared_ec_key(), EVP_aes_128_cbc(), PASSPHRASE);
    char *name = NULL;
    char *header = NULL;
    unsigned char *der = NULL;
    long size = 0;
    BIO *bio = BIO_new_mem_buf(pem, -1);
    assert_int_equal(PEM_read_bio(bio, &name, &header, &der, &size), 1);
    BIO_free(bio);
    okta_key *whole = NULL;
    assert_null(okta_key_from_pem(pem, strlen(pem), ask, &(prompt){.answer = PASSPHRASE}, &whole));
    for (long i = 0; i < size; i++) {
        okta_key *key = NULL;
        der[i] ^= 0x10;
        char *bad = block_pem("ENCRYPTED PRIVATE KEY", der, (size_t)size);
        der[i] ^= 0x10;
        okta_error *error = okta_key_from_pem(bad, strlen(bad), ask, &(prompt){.answer = PASSPHRASE}, &key);
        if (error == NULL) {
            assert_same_key(key, whole);
        }
        okta_free(error);
        okta_free(key);
        free(bad);
    }
    okta_free(whole);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(der);
    free(pem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_with_the_right_passphrase),
        cmocka_unit_test(stays_closed_without_it),
        cmocka_unit_test(takes_passphrases_of_any_length_that_fits),
        cmocka_unit_test(asks_only_for_encrypted_keys),
        cmocka_unit_test(asks_only_when_all_else_is_good),
        cmocka_unit_test(limits_apply_to_encrypted_keys_too),
        cmocka_unit_test(refuses_damaged_headers),
        cmocka_unit_test(refuses_key_derivation_without_end),
        cmocka_unit_test(refuses_blocks_that_are_no_encrypted_key),
        cmocka_unit_test(survives_every_flipped_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
