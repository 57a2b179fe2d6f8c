/* SPDX-License-Identifier: Apache-2.0 */
/* A JWK model of a program, seen safely. */
#ifndef OKTA_KEYS_JWK_VIEW_H
#define OKTA_KEYS_JWK_VIEW_H

#include "keys/jwk_text.h"
#include "okta/models/oauth2_client_jwk.h"

/* Copy what the program's struct has; the rest is absent, and so are strings set to OKTA_NULL. The pointers
 * are borrowed. Errors: OKTA_E_ARG (no struct_size; an element of a list that is no key), OKTA_E_NOMEM. */
okta_error *oktai_jwk_view(const okta_oauth2_client_jwk *jwk, okta_oauth2_client_jwk *out);

/* The public key material of a view. */
oktai_jwk_texts oktai_jwk_view_texts(const okta_oauth2_client_jwk *view);

#endif
