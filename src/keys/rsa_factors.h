/* SPDX-License-Identifier: Apache-2.0 */
/* Factors of an RSA modulus that anybody finds at once. */
#ifndef OKTA_KEYS_RSA_FACTORS_H
#define OKTA_KEYS_RSA_FACTORS_H

#include "keys/bytes.h"

#define OKTAI_RSA_RATIO_REFUSAL "an RSA key whose primes are in the ratio of two small numbers is refused"

typedef enum oktai_rsa_factors {
    OKTAI_RSA_FACTORS_UNKNOWN, /* as they should be */
    OKTAI_RSA_FACTORS_EQUAL,
    OKTAI_RSA_FACTORS_CLOSE,
    OKTAI_RSA_FACTORS_RATIO, /* u times the one is close to v times the other */
    OKTAI_RSA_FACTORS_NO_MEMORY,
} oktai_rsa_factors;

/* What a few steps of Fermat's method find of an odd number without leading zero octets, a modulus of 8,192
 * bits at most. To be called inside a stretch of OpenSSL. */
oktai_rsa_factors oktai_rsa_judge_factors(oktai_bytes number);

#endif
