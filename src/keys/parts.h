/* SPDX-License-Identifier: Apache-2.0 */
/* A key in pieces: what every format is read into, and what a key is built from. */
#ifndef OKTA_KEYS_PARTS_H
#define OKTA_KEYS_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "okta/key.h"

#define OKTAI_RSA_BITS_MIN  2048u
#define OKTAI_RSA_BITS_MAX  8192u
#define OKTAI_RSA_BYTES_MAX (OKTAI_RSA_BITS_MAX / 8)
#define OKTAI_EC_BYTES_MAX  66u
#define OKTAI_EC_POINT_MAX  (1 + 2 * OKTAI_EC_BYTES_MAX)

/* Borrowed bytes; size 0: absent. */
typedef struct oktai_bytes {
    const unsigned char *data;
    size_t size;
} oktai_bytes;

/* A curve that Okta takes. */
typedef struct oktai_key_curve {
    const char *crv;   /* its name in a JWK */
    const char *group; /* its name in OpenSSL */
    size_t size;       /* bytes of a coordinate and of a private key */
    const char *alg;   /* the one signature algorithm that goes with it */
    oktai_bytes oid;   /* as the content of a DER object identifier (RFC 5480, section 2.1.1.1) */
} oktai_key_curve;

/* The curve of a JWK's `crv`; NULL: not one that Okta takes. */
const oktai_key_curve *oktai_key_curve_by_name(const char *crv);
/* The curve of a DER object identifier's content. */
const oktai_key_curve *oktai_key_curve_by_oid(oktai_bytes oid);

/* Numbers are big-endian, unsigned, without leading zero octets. */
typedef struct oktai_key_parts {
    const oktai_key_curve *curve;       /* NULL: RSA */
    bool is_private;                    /* false: only n, e and point count */
    oktai_bytes n, e, p, q, dp, dq, qi; /* RSA (RFC 8017, section 3.2) */
    oktai_bytes point;                  /* EC: SEC 1, section 2.3.3; absent: made from d */
    oktai_bytes d;                      /* private exponent, or private key of a curve */
} oktai_key_parts;

/* Bytes of a string literal. */
#define OKTAI_BYTES(literal)                                                                                 \
    {                                                                                                        \
        (const unsigned char *)(literal), sizeof(literal) - 1                                                \
    }

bool oktai_bytes_equal(oktai_bytes a, oktai_bytes b);
/* A number without its leading zero octets. */
oktai_bytes oktai_bytes_trim(oktai_bytes number);

/* Build a key, which is checked against all that key.h promises of one: kind, size, a valid public half and a
 * private half that belongs to it. To be called inside a stretch of OpenSSL. Errors: OKTA_E_ARG,
 * OKTA_E_CONFIG (OpenSSL lacks an algorithm), OKTA_E_NOMEM. */
okta_error *oktai_key_build(const oktai_key_parts *parts, okta_key **out);

#endif
