/* SPDX-License-Identifier: Apache-2.0 */
/* DPoP proofs (RFC 9449, section 4) show that the sender of a request holds the key to which its token is
 * bound. */
#ifndef OKTA_AUTH_DPOP_H
#define OKTA_AUTH_DPOP_H

#include <stdint.h>

#include "auth/signer.h"

/* Bytes of the longest nonce that is taken, with its NUL. */
#define OKTAI_DPOP_NONCE_SIZE 257

/* The key that a client's proofs are made with, EC on P-256, made for it and never stored. A root. */
typedef struct oktai_dpop_key oktai_dpop_key;

/* Any number of threads may use the same one. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_dpop_key_new(oktai_dpop_key **out);

typedef struct oktai_dpop_proof {
    const oktai_dpop_key *key;
    const char *method;
    const char *url;          /* its query and fragment are left out of `htu` */
    const char *access_token; /* hashed into `ath`; NULL: a token is being asked for */
    const char *nonce;        /* NULL or "": none */
    int64_t now_s; /* the server's time as far as known, seconds since 1970. It becomes `iat` as it is:
                      servers allow for a little of either sign, so that nothing is gained by
                      setting it back */
} oktai_dpop_proof;

/* Append the proof, with a fresh `jti`. Errors: as oktai_assertion_write(). */
okta_error *oktai_dpop_write(const oktai_dpop_proof *proof, oktai_buffer *out);

/* Take a nonce that a server gave (RFC 9449, section 8.1): 1 to 256 characters of %x21 / %x23-5B / %x5D-7E.
 * False: it is none, and `out` is as it was. */
bool oktai_dpop_take_nonce(const char *value, char out[OKTAI_DPOP_NONCE_SIZE]);

#endif
