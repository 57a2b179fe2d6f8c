/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of okta_jwk_check(), for a key whose material is known to be good. Errors of both: OKTA_E_ARG,
 * OKTA_E_NOMEM. */
#ifndef OKTA_KEYS_JWK_CHECK_H
#define OKTA_KEYS_JWK_CHECK_H

#include "keys/curves.h"
#include "okta/models/oauth2_client_jwk.h"

/* What stands beside the material: kid, use, status and extras. */
okta_error *oktai_jwk_check_labels(const okta_oauth2_client_jwk *view);

/* Whether `alg` goes with the key and its use. `curve` is NULL for RSA. */
okta_error *oktai_jwk_check_alg(const okta_oauth2_client_jwk *view, const oktai_key_curve *curve);

#endif
