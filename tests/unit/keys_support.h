/* SPDX-License-Identifier: Apache-2.0 */
/* Keys for tests, made by OpenSSL's own means, and what is expected of the library's answers. */
#ifndef OKTA_TESTS_UNIT_KEYS_SUPPORT_H
#define OKTA_TESTS_UNIT_KEYS_SUPPORT_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

#include "keys/key.h"
#include "okta/okta.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Texts of tests are on the heap: a read beyond the end is seen. Release them with free(). */

/* An OpenSSL key: "RSA" with bits, "EC" with a curve's name, or another type. Never NULL. */
EVP_PKEY *make_rsa_key(unsigned bits);
EVP_PKEY *make_ec_key(const char *curve);
EVP_PKEY *make_other_key(const char *type);

/* A product of large primes of exactly so many bits, at least 512, written to `bytes`. */
oktai_bytes random_modulus(unsigned bits, unsigned char *bytes);

/* The same key each time, made once in a program. Borrowed. */
EVP_PKEY *shared_rsa_key(void);
EVP_PKEY *shared_ec_key(void);

/* PEM of an OpenSSL key. */
char *pkcs8_pem(EVP_PKEY *pkey);
char *traditional_pem(EVP_PKEY *pkey, const EVP_CIPHER *cipher, const char *passphrase);
char *encrypted_pem(EVP_PKEY *pkey, const EVP_CIPHER *cipher, const char *passphrase);
char *public_pem(EVP_PKEY *pkey);
char *rsa_public_pem(EVP_PKEY *pkey);
char *certificate_pem(EVP_PKEY *pkey);
/* Any bytes as one PEM block. */
char *block_pem(const char *name, const unsigned char *der, size_t size);

/* Two texts, one behind the other. */
char *joined(const char *a, const char *b);

/* A number of an OpenSSL key as base64url: at its own length, or padded to `size` octets when it is not 0. */
char *number_text(EVP_PKEY *pkey, const char *param, size_t size);
/* The key as a JWK, private or public. `extra` is put before the closing brace, as in ",\"kid\":\"k\"". */
char *jwk_text(EVP_PKEY *pkey, bool is_private, const char *extra);

/* The key in a text. Fails the test when it is refused. */
okta_key *key_of_pem(const char *pem);
okta_key *key_of_jwk(const char *json);

/* Both keys have this thumbprint, description and number of halves. */
void assert_same_key(const okta_key *a, const okta_key *b);

/* Fails the test unless `error` has this status and its message this phrase; releases it. */
void expect_error(okta_error *error, okta_status status, const char *phrase);
/* The same for a PEM and a JWK, handed over at their exact length. */
void expect_pem_refused(const char *pem, const char *phrase);
void expect_jwk_refused(const char *json, const char *phrase);

/* These free the PEM. It is refused; */
void expect_refused(char *pem, const char *phrase);
/* it is the private key `pkey`, whatever its form; */
void expect_private(EVP_PKEY *pkey, char *pem, const char *description);
/* it is the public half of `pkey`. */
void expect_public(EVP_PKEY *pkey, char *pem, const char *description);

#endif
