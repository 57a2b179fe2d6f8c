/* SPDX-License-Identifier: Apache-2.0 */
/* The algorithms that sign, and the one form in which a JWS carries a signature. Nothing here signs. */
#ifndef OKTA_AUTH_SIGNATURE_H
#define OKTA_AUTH_SIGNATURE_H

#include "keys/parts.h"
#include "okta/signer.h"

typedef enum oktai_signature_scheme {
    OKTAI_SCHEME_PKCS1, /* RFC 8017, section 8.2 */
    OKTAI_SCHEME_PSS, /* RFC 8017, section 8.1: the salt is as long as the hash, and MGF1 has the same hash */
    OKTAI_SCHEME_ECDSA,
} oktai_signature_scheme;

/* A row of RFC 7518, section 3.1. */
typedef struct oktai_signature_alg {
    const char *name;
    const char *digest; /* as OpenSSL calls it */
    oktai_signature_scheme scheme;
    oktai_bytes order; /* of the curve (SEC 2), big-endian; r and s each have its size. Absent: RSA */
} oktai_signature_alg;

/* The row of an `alg`; NULL: not one that Okta takes. */
const oktai_signature_alg *oktai_signature_alg_by_name(const char *name);

/* Check the `*size` bytes that some signer gave, and turn them into what a JWS carries (RFC 7518,
 * sections 3.3 to 3.5), in place: of RSA they stay as they are, and may have any size that the modulus may
 * have; of ECDSA they become r and s, each at full length. `form` says what an ECDSA signature comes in.
 * Returns what is wrong, as the rest of a sentence; NULL: nothing. */
const char *oktai_signature_take(const oktai_signature_alg *alg, okta_signature_form form,
                                 unsigned char signature[OKTA_SIGNATURE_MAX], size_t *size);

#endif
