/* SPDX-License-Identifier: Apache-2.0 */
/* Which `alg` goes with which key and `use` (RFC 7518, sections 3.1 and 4.1). */
#ifndef OKTA_KEYS_ALGORITHMS_H
#define OKTA_KEYS_ALGORITHMS_H

#include "keys/curves.h"
#include "okta/models/oauth2_client_jwk.h"

/* Why `alg` does not fit, as the rest of a sentence; NULL when it does. `curve` is NULL for RSA; an absent
 * `use` allows both. */
const char *oktai_jwk_refuse_alg(const char *alg, const oktai_key_curve *curve,
                                 okta_oauth2_client_jwk_use use);

/* The `alg` of a key for which nobody chose one. */
const char *oktai_jwk_default_alg(const oktai_key_curve *curve, okta_oauth2_client_jwk_use use);

#endif
