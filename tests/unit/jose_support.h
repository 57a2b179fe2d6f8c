/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens for tests, made by OpenSSL's own means: signed and encrypted without the library. */
#ifndef OKTA_TESTS_UNIT_JOSE_SUPPORT_H
#define OKTA_TESTS_UNIT_JOSE_SUPPORT_H

#include "unit/keys_support.h"

#define PARTS_MAX 6

/* A token in its parts, as base64url. Each is malloc'ed; NULL: there is none. */
typedef struct token_parts {
    char *part[PARTS_MAX];
} token_parts;

/* base64url of bytes, malloc'ed. */
char *encoded(const void *bytes, size_t size);

/* A JWS, whatever its header says. `alg` is how it is signed: one of the nine, or HS256 by `secret`, or none.
 */
token_parts signed_parts(EVP_PKEY *pkey, const char *alg, const char *header, const void *payload,
                         size_t length);
/* By PS256 with a salt of so many bytes: it should have 32. */
token_parts salted_parts(EVP_PKEY *pkey, int salt, const char *header, const char *payload);
token_parts hmac_parts(const char *secret, const char *header, const char *payload);

/* How a JWE is made. NULL and 0: as RSA-OAEP and `enc` have it. */
typedef struct seal_how {
    const char *hash;         /* of OAEP; SHA1. "": PKCS #1 v1.5 */
    const char *mgf1_hash;    /* that of OAEP */
    const char *enc;          /* A128GCM */
    const unsigned char *cek; /* by chance */
    size_t cek_size; /* that is encrypted; the content is encrypted by its beginning, or zeros behind it */
    int bad_padding; /* 1: the last octet of the padding of CBC is 0; 2: it is 17; 3: one within differs */
} seal_how;

token_parts sealed_parts(EVP_PKEY *pkey, const char *header, const void *plaintext, size_t length,
                         const seal_how *how);

/* The compact serialization, malloc'ed. Frees the parts. */
char *joined_parts(token_parts parts);

/* A whole JWS and a whole JWE. */
char *signed_token(EVP_PKEY *pkey, const char *alg, const char *header, const char *payload);
char *sealed_token(EVP_PKEY *pkey, const char *header, const char *plaintext, const seal_how *how);

/* The key of an OpenSSL key, with members such as ",\"kid\":\"k\"". */
okta_key *key_of(EVP_PKEY *pkey, bool is_private, const char *extra);

/* Hand over a token at its exact length, in memory of its own. */
okta_error *decrypt_text(const char *token, const okta_key *key, const okta_jose_options *options,
                         okta_jose **out);
okta_error *verify_text(const char *token, const okta_key *key, const okta_jose_options *options,
                        okta_jose **out);
okta_error *verify_by_set(const char *token, const char *jwks, okta_jose **out);

/* The call succeeds, or is refused with a status and a phrase of the message; then there is no result. */
void expect_decrypted(const char *token, const okta_key *key, const char *plaintext);
void expect_verified(const char *token, const okta_key *key, const char *payload);
void expect_verified_by_set(const char *token, const char *jwks, const char *payload);
void expect_not_decrypted(const char *token, const okta_key *key, okta_status status, const char *phrase);
void expect_not_verified(const char *token, const okta_key *key, okta_status status, const char *phrase);
void expect_not_verified_by_set(const char *token, const char *jwks, okta_status status, const char *phrase);

#endif
