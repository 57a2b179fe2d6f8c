/* SPDX-License-Identifier: Apache-2.0 */
/* Key material as a JWK writes it: base64url texts (RFC 7518, section 6). */
#ifndef OKTA_KEYS_JWK_TEXT_H
#define OKTA_KEYS_JWK_TEXT_H

#include "core/arena.h"
#include "keys/parts.h"
#include "okta/error.h"

/* The members; NULL: absent. */
typedef struct oktai_jwk_texts {
    const char *kty;
    const char *crv, *x, *y;
    const char *n, *e, *p, *q, *dp, *dq, *qi;
    const char *d;
} oktai_jwk_texts;

typedef enum oktai_jwk_manner {
    OKTAI_JWK_STRICT,  /* as the RFC has it */
    OKTAI_JWK_LENIENT, /* with padding, needless leading zeros, EC coordinates that lack theirs, and no `crv`
                        */
} oktai_jwk_manner;

/* Read texts into parts that lie in the arena. Whether they are a key is for others to say. Errors:
 * OKTA_E_ARG (the message names the member), OKTA_E_NOMEM. */
okta_error *oktai_jwk_read(const oktai_jwk_texts *texts, oktai_jwk_manner manner, oktai_arena *arena,
                           oktai_key_parts *out);

/* The public texts of parts, in the one form that the RFC has for them, in the arena. An EC point must be a
 * full one. False: out of memory. */
bool oktai_jwk_write(const oktai_key_parts *parts, oktai_arena *arena, oktai_jwk_texts *out);

#endif
