/* SPDX-License-Identifier: Apache-2.0 */
/* The client assertion of private_key_jwt: a JWT that says who the client is (RFC 7523, section 3). */
#ifndef OKTA_AUTH_ASSERTION_H
#define OKTA_AUTH_ASSERTION_H

#include <stdint.h>

#include "auth/later.h"

/* How far back `iat` stands, and how long an assertion is good from now on. */
#define OKTAI_ASSERTION_BACKDATE_S 10
#define OKTAI_ASSERTION_LIFE_S     120

typedef struct oktai_assertion {
    const okta_signer *signer;
    bool without_kid;      /* the header has no `kid`, although the signer may have one */
    const char *type;      /* the header's `typ`; NULL: JWT */
    const char *client_id; /* iss and sub */
    const char *audience;  /* aud */
    int64_t now_s;         /* the server's time as far as known, seconds since 1970 */
    oktai_later *later;    /* required where the signer answers later */
} oktai_assertion;

/* Append the JWT, with a `jti` of 128 random bits. Errors: OKTA_E_AUTH, OKTA_E_CONFIG (no randomness, or a
 * text that is not UTF-8), OKTA_E_NOMEM; then nothing is appended, nor where a signature is under way: write
 * the assertion again when it is there. */
okta_error *oktai_assertion_write(const oktai_assertion *assertion, oktai_buffer *out);

/* A fresh token identifier: 22 characters of base64url and a NUL. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
#define OKTAI_JTI_SIZE 23
okta_error *oktai_jti(char out[OKTAI_JTI_SIZE]);

#endif
