/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * From the public members of a JSON Web Key to OpenSSL's key, and to the key's RFC 7638 thumbprint.
 */
#ifndef OKTA_TESTS_MOCK_ORG_PUBLIC_KEY_H
#define OKTA_TESTS_MOCK_ORG_PUBLIC_KEY_H

#include "mock_text.h"

#include <cjson/cJSON.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

/** The octets of the longest point: its format and two coordinates. */
#define MOCK_POINT_MAX (1 + 2 * 66)

#define MOCK_THUMBPRINT_SIZE MOCK_SHA256_SIZE

typedef struct mock_curve {
    const char *crv;
    const char *group;
    size_t coordinate_length;
} mock_curve;

/** The curve of this name; NULL: none of P-256, P-384 and P-521. `crv` is nullable. */
const mock_curve *mock_curve_named(const char *crv);
/** The curve that OpenSSL calls so; NULL: as above. */
const mock_curve *mock_curve_of_group(const char *group);
/** Put x and y of a key together. False: one of them is not a coordinate of this curve's length. */
bool mock_curve_point(const mock_curve *curve, const cJSON *jwk, unsigned char out[MOCK_POINT_MAX]);

/** The JWK of the public half of a private or public key in PEM, under its thumbprint. NULL: it is none, it
 * has a passphrase, or memory is out. */
cJSON *mock_jwk_of_pem(const char *text);

/** Whether a key has a member that only a private or symmetric key has. */
bool mock_jwk_has_private_part(const cJSON *jwk);
/** An RSA or EC public key. NULL: the members do not make one, or memory is out. */
EVP_PKEY *mock_public_key(const cJSON *jwk);

/**
 * The RFC 7638 thumbprint, SHA-256 in base64url. False: the key has not the members for it, one of them is
 * not canonical base64url (so that one key would have several thumbprints), or memory is out.
 */
bool mock_thumbprint(const cJSON *jwk, char out[MOCK_THUMBPRINT_SIZE]);

#endif
