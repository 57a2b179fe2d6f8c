/* SPDX-License-Identifier: Apache-2.0 */
/* The key object, for src/keys and for what signs with it. */
#ifndef OKTA_KEYS_KEY_H
#define OKTA_KEYS_KEY_H

#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "keys/jwk_text.h"
#include "okta/key.h"

/* All is set when the key is made; nothing changes later. */
struct okta_key {
    EVP_PKEY *pkey;
    const oktai_key_curve *curve; /* NULL: RSA */
    bool is_private;
    oktai_jwk_texts texts; /* of the public half alone */
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    char description[OKTA_KEY_DESCRIPTION_SIZE];

    /* What stood beside the key in the JWK that it came from. */
    const char *kid; /* nullable */
    const char *alg; /* nullable */
    okta_oauth2_client_jwk_use use;
    /* By its use, key_ops, alg or kid, which may be of another type. */
    bool forbids_signing;
    bool forbids_verifying;
    bool forbids_decrypting;
};

/* Make the object around a valid OpenSSL key, which it takes also when it fails. To be called inside a
 * stretch of OpenSSL. Errors: OKTA_E_CONFIG (OpenSSL has no SHA-256), OKTA_E_NOMEM. */
okta_error *oktai_key_wrap(EVP_PKEY *pkey, const oktai_key_curve *curve, bool is_private, okta_key **out);

/* As okta_key_generate(); OKTA_E_CANCELED soon after `canceled`, which is nullable, has become true. */
okta_error *oktai_key_generate(okta_key_type type, const atomic_bool *canceled, okta_key **out);

/* Read a number of an OpenSSL key as `size` big-endian bytes. False: it has no such number, or memory is out.
 */
bool oktai_key_number(const EVP_PKEY *pkey, const char *param, unsigned char *out, size_t size);

/* Turn a big-endian number into one in the machine's byte order, or back. */
void oktai_key_flip(unsigned char *number, size_t size);

#endif
