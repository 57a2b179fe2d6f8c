/* SPDX-License-Identifier: Apache-2.0 */
/* A key in pieces: what every format is read into, and what a key is built from. */
#ifndef OKTA_KEYS_PARTS_H
#define OKTA_KEYS_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "okta/key.h"

#define OKTA_RSA_BITS_MIN  2048u
#define OKTA_RSA_BITS_MAX  8192u
#define OKTA_RSA_BYTES_MAX (OKTA_RSA_BITS_MAX / 8)
#define OKTA_EC_BYTES_MAX  66u
#define OKTA_EC_POINT_MAX  (1 + 2 * OKTA_EC_BYTES_MAX)

/* Borrowed bytes; size 0: absent. */
typedef struct okta_bytes {
    const unsigned char *data;
    size_t size;
} okta_bytes;

/* A curve that Okta takes. */
typedef struct okta_key_curve {
    const char *crv;   /* its name in a JWK */
    const char *group; /* its name in OpenSSL */
    size_t size;       /* bytes of a coordinate and of a private key */
    const char *alg;   /* the one signature algorithm that goes with it */
    okta_bytes oid;    /* as the content of a DER object identifier (RFC 5480, section 2.1.1.1) */
} okta_key_curve;

/* The curve of a JWK's `crv`; NULL: not one that Okta takes. */
const okta_key_curve *okta_key_curve_by_name(const char *crv);
/* The curve of a DER object identifier's content. */
const okta_key_curve *okta_key_curve_by_oid(okta_bytes oid);

/* Numbers are big-endian, unsigned, without leading zero octets. */
typedef struct okta_key_parts {
    const okta_key_curve *curve;       /* NULL: RSA */
    bool is_private;                   /* false: only n, e and point count */
    okta_bytes n, e, p, q, dp, dq, qi; /* RSA (RFC 8017, section 3.2) */
    okta_bytes point;                  /* EC: SEC 1, section 2.3.3; absent: made from d */
    okta_bytes d;                      /* private exponent, or private key of a curve */
} okta_key_parts;

/* Bytes of a string literal. */
#define OKTA_BYTES(literal)                                                                                  \
    {                                                                                                        \
        (const unsigned char *)(literal), sizeof(literal) - 1                                                \
    }

bool okta_bytes_equal(okta_bytes a, okta_bytes b);
/* A number without its leading zero octets. */
okta_bytes okta_bytes_trim(okta_bytes number);

/* Build a key, which is checked against all that key.h promises of one: kind, size, a valid public half and a
 * private half that belongs to it. To be called inside a stretch of OpenSSL. Errors: OKTA_E_ARG,
 * OKTA_E_CONFIG (OpenSSL lacks an algorithm), OKTA_E_NOMEM. */
okta_error *okta_key_build(const okta_key_parts *parts, okta_key **out);

#endif
