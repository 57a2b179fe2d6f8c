/* SPDX-License-Identifier: Apache-2.0 */
/* A key in pieces: what every format is read into, and what a key is built from. */
#ifndef OKTA_KEYS_PARTS_H
#define OKTA_KEYS_PARTS_H

#include "keys/curves.h"

#define OKTAI_RSA_BITS_MIN  2048u
#define OKTAI_RSA_BITS_MAX  8192u
#define OKTAI_RSA_BYTES_MAX (OKTAI_RSA_BITS_MAX / 8)

/* Numbers are big-endian, unsigned, without leading zero octets. */
typedef struct oktai_key_parts {
    const oktai_key_curve *curve;       /* NULL: RSA */
    bool is_private;                    /* false: only n, e and point count */
    oktai_bytes n, e, p, q, dp, dq, qi; /* RSA (RFC 8017, section 3.2) */
    oktai_bytes point;                  /* EC: SEC 1, section 2.3.3; absent: made from d */
    oktai_bytes d;                      /* private exponent, or private key of a curve */
} oktai_key_parts;

#endif
