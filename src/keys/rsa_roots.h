/* SPDX-License-Identifier: Apache-2.0 */
/* The square roots of 2 and 3, long enough for any RSA modulus. */
#ifndef OKTA_KEYS_RSA_ROOTS_H
#define OKTA_KEYS_RSA_ROOTS_H

#include <stddef.h>

#define OKTAI_RSA_ROOT_BYTES 544u

/* How many bits of the first so many octets are behind the point. */
#define OKTAI_RSA_ROOT_FRACTION(octets) (8 * (octets)-2)

typedef struct oktai_rsa_root {
    unsigned char octets[OKTAI_RSA_ROOT_BYTES]; /* big-endian, rounded down, two bits before the point */
} oktai_rsa_root;

enum { OKTAI_RSA_ROOT_2, OKTAI_RSA_ROOT_3, OKTAI_RSA_ROOTS };

extern const oktai_rsa_root oktai_rsa_roots[OKTAI_RSA_ROOTS];

#endif
