/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a key is the one of a token (RFC 7517, section 4). */
#ifndef OKTA_JOSE_FIT_H
#define OKTA_JOSE_FIT_H

#include "keys/key.h"
#include "okta/jose.h"

typedef enum oktai_jose_purpose {
    OKTAI_JOSE_VERIFY,
    OKTAI_JOSE_DECRYPT,
} oktai_jose_purpose;

/* Refuse a key that is not for this purpose, whatever the token: by its `use` or `key_ops`. Errors:
 * OKTA_E_ARG. */
okta_error *oktai_jose_refuse_purpose(const okta_key *key, oktai_jose_purpose purpose);

/* Refuse a key that is another one than the token's: by `kid`, `alg`, or kind and curve. Errors:
 * OKTA_E_NOT_FOUND. */
okta_error *oktai_jose_refuse_key(const okta_key *key, oktai_jose_purpose purpose, const okta_jose *token);

#endif
