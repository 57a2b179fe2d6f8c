/* SPDX-License-Identifier: Apache-2.0 */
/* The content encryption of a JWE (RFC 7518, section 5). To be used inside a stretch of OpenSSL. */
#ifndef OKTA_JOSE_ENCRYPTION_H
#define OKTA_JOSE_ENCRYPTION_H

#include "keys/bytes.h"
#include "okta/error.h"

#define OKTAI_CEK_BYTES_MAX 64u

/* A row of the table in section 5.1. */
typedef struct oktai_encryption {
    const char *name;   /* of `enc` */
    const char *cipher; /* as OpenSSL calls it */
    const char *hash;   /* of the HMAC; NULL: the cipher authenticates */
    size_t cek_size;    /* of a CEK with HMAC the first half is for that, the second for the cipher */
    size_t iv_size;
    size_t tag_size;
} oktai_encryption;

/* The row of an `enc`; NULL: none that is taken. */
const oktai_encryption *oktai_encryption_by_name(const char *name);

/* The pieces of a JWE that are not secret. */
typedef struct oktai_sealed {
    oktai_bytes aad; /* the protected header as it stands in the token */
    oktai_bytes iv;
    oktai_bytes ciphertext;
    oktai_bytes tag;
} oktai_sealed;

/* Refuse pieces whose sizes the algorithm does not have. Errors: OKTA_E_PROTOCOL. */
okta_error *oktai_sealed_check(const oktai_encryption *encryption, const oktai_sealed *sealed);

/* Open pieces of good sizes. `out` has room for as many bytes as the ciphertext has, and is wiped after an
 * error. Errors: OKTA_E_AUTH (the same for every cause that depends on the key), OKTA_E_CONFIG, OKTA_E_NOMEM.
 */
okta_error *oktai_sealed_open(const oktai_encryption *encryption, const oktai_sealed *sealed,
                              const unsigned char *cek, unsigned char *out, size_t *out_size);

#endif
