/* SPDX-License-Identifier: Apache-2.0 */
/* The curves that Okta takes. */
#ifndef OKTA_KEYS_CURVES_H
#define OKTA_KEYS_CURVES_H

#include "keys/bytes.h"

#define OKTAI_EC_BYTES_MAX 66u
#define OKTAI_EC_POINT_MAX (1 + 2 * OKTAI_EC_BYTES_MAX)

/* How the octets of a point begin (SEC 1, section 2.3.3). */
enum {
    OKTAI_POINT_EVEN = 2, /* x alone; y is even */
    OKTAI_POINT_ODD = 3,  /* x alone; y is odd */
    OKTAI_POINT_FULL = 4, /* x and y */
};

/* A curve y^2 = x^3 - 3x + b over the integers modulo p. */
typedef struct oktai_key_curve {
    const char *crv;   /* its name in a JWK */
    const char *group; /* its name in OpenSSL */
    size_t size;       /* bytes of a coordinate and of a private key */
    const char *alg;   /* the one signature algorithm that goes with it */
    oktai_bytes oid;   /* as the content of a DER object identifier (RFC 5480, section 2.1.1.1) */
    oktai_bytes p;     /* FIPS 186-4, appendix D.1.2 */
    oktai_bytes b;
} oktai_key_curve;

/* The curve of a JWK's `crv`; NULL: not one that Okta takes. */
const oktai_key_curve *oktai_key_curve_by_name(const char *crv);
/* The smallest curve whose coordinates have that many octets or more; NULL: too many. */
const oktai_key_curve *oktai_key_curve_by_size(size_t size);
/* The curve of a DER object identifier's content. */
const oktai_key_curve *oktai_key_curve_by_oid(oktai_bytes oid);

#endif
