/* SPDX-License-Identifier: Apache-2.0 */
/* The key id that a signer puts into the header of an assertion: what one is, and who chose it. */
#ifndef OKTA_AUTH_KID_H
#define OKTA_AUTH_KID_H

#include <stdbool.h>

#define OKTAI_KID_MAX 255u

typedef enum oktai_kid_origin {
    OKTAI_KID_NONE,    /* there is none, because that was asked for */
    OKTAI_KID_GIVEN,   /* whoever made the signer gave it */
    OKTAI_KID_OF_JWK,  /* the JWK that the key came from has it */
    OKTAI_KID_DERIVED, /* nobody named one: it is the thumbprint of the key */
} oktai_kid_origin;

/* The origin of a kid that a caller gave: "" asks for none. */
oktai_kid_origin oktai_kid_origin_of(const char *given);

/* Whether it is 1 to OKTAI_KID_MAX bytes of printable ASCII. */
bool oktai_kid_is_good(const char *kid);

#endif
