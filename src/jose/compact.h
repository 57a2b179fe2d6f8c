/* SPDX-License-Identifier: Apache-2.0 */
/* The compact serialization: parts in base64url with dots between them (RFC 7515 and 7516, section 3.1). */
#ifndef OKTA_JOSE_COMPACT_H
#define OKTA_JOSE_COMPACT_H

#include "core/arena.h"
#include "keys/bytes.h"
#include "okta/jose.h"

enum {
    OKTAI_JWS_PARTS = 3,
    OKTAI_JWE_PARTS = 5,
};

/* A token in its parts, which point into it. */
typedef struct oktai_compact {
    okta_text token;
    okta_text parts[OKTAI_JWE_PARTS]; /* the first is the protected header */
} oktai_compact;

/* Split a token that has `count` parts. Errors: OKTA_E_PROTOCOL. */
okta_error *oktai_compact_split(const char *token, size_t length, size_t count, oktai_compact *out);

/* Decode a part, strictly, into the arena, with a NUL behind it. `what` begins the message: "the signature".
 * Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *oktai_compact_decode(okta_text part, const char *what, oktai_arena *arena, oktai_bytes *out);

#endif
