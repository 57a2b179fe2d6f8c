/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens taken apart, and their signatures verified by OpenSSL alone. */
#ifndef OKTA_TESTS_UNIT_SIGNER_SUPPORT_H
#define OKTA_TESTS_UNIT_SIGNER_SUPPORT_H

#include "unit/keys_support.h"

#include "auth/signer.h"

/* A JWS in compact form. */
typedef struct parsed_jws {
    char *header; /* the JSON texts */
    char *claims;
    const char *message; /* what is signed; in the token */
    size_t message_length;
    unsigned char signature[OKTA_SIGNATURE_MAX];
    size_t signature_size;
} parsed_jws;

/* Fails the test unless the text is three parts of strict base64url. */
void jws_parse(const char *token, parsed_jws *out);
void jws_clear(parsed_jws *jws);

/* A member of a JSON text that is a string. Fails the test when it is none. Release it with free(). */
char *json_text_member(const char *json, const char *name);

/* Whether the signature is one of `alg` over the message, by the public half of the key. */
bool jws_verifies(const parsed_jws *jws, EVP_PKEY *pkey, const char *alg);

/* Sign `{"a":1}` and `{"b":2}`. */
okta_error *sign_something(const okta_signer *signer, oktai_buffer *out);

/* The signer signs so that the key verifies. */
void expect_signs(const okta_signer *signer, EVP_PKEY *pkey, const char *alg);

/* A signer by some key, without an error. */
okta_signer *signer_of_evp(EVP_PKEY *pkey, const char *alg, const char *kid);

#endif
