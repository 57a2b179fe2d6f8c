/* SPDX-License-Identifier: Apache-2.0 */
/* Key material as a JWK writes it: base64url texts (RFC 7518, section 6). */
#ifndef OKTA_KEYS_JWK_TEXT_H
#define OKTA_KEYS_JWK_TEXT_H

#include "keys/parts.h"

/* The members; NULL: absent. */
typedef struct oktai_jwk_texts {
    const char *kty;
    const char *crv, *x, *y;
    const char *n, *e, *p, *q, *dp, *dq, *qi;
    const char *d;
} oktai_jwk_texts;

typedef enum oktai_jwk_manner {
    OKTAI_JWK_STRICT,  /* as the RFC has it */
    OKTAI_JWK_LENIENT, /* with padding, needless leading zeros, and EC coordinates that lack theirs */
} oktai_jwk_manner;

/* Build a key from texts. To be called inside a stretch of OpenSSL. Errors: those of oktai_key_build(). */
okta_error *oktai_key_from_texts(const oktai_jwk_texts *texts, oktai_jwk_manner manner, okta_key **out);

#endif
