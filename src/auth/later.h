/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures that a signer gives later, from any thread. */
#ifndef OKTA_AUTH_LATER_H
#define OKTA_AUTH_LATER_H

#include <pthread.h>
#include <stdbool.h>

#include "auth/signer.h"

/* What waits for one. Zeroed but for the first members it waits for none. */
typedef struct oktai_later {
    pthread_mutex_t *lock;           /* guards what becomes of the signature */
    void *owner;                     /* a root that the lock is in; held while a signature is under way */
    void (*finished)(void *context); /* it is there; the lock is held */
    void *context;
    okta_signing *signing; /* NULL: none was asked for */
} oktai_later;

/* Whether the signer answers later. */
bool oktai_signer_is_late(const okta_signer *signer);

/* Ask the signer for the signature of a JWS (RFC 7515, section 7.1) of which all but that is `message`: it is
 * copied. Errors: OKTA_E_NOMEM. */
okta_error *oktai_later_begin(oktai_later *later, const okta_signer *signer, const oktai_buffer *message);

/* Whether a signature was asked for and not taken yet. NULL is allowed. */
bool oktai_later_is_asked(const oktai_later *later);

/* Whether a signature was asked for and is not there yet. The lock is held. */
bool oktai_later_is_pending(const oktai_later *later);

/* Append the whole JWS, whose signature is there, to an empty buffer. Errors: OKTA_E_AUTH, OKTA_E_NOMEM.
 * Either way none is asked for any more. */
okta_error *oktai_later_take(oktai_later *later, oktai_buffer *out);

/* Nobody waits any more. The signer may still answer. */
void oktai_later_drop(oktai_later *later);

#endif
