/* SPDX-License-Identifier: Apache-2.0 */
/* What src/settle and src/api use of src/keys. A `void` model is of type okta_oauth2_client_jwk. */
#ifndef OKTA_KEYS_KEYS_H
#define OKTA_KEYS_KEYS_H

#include "core/arena.h"
#include "okta/key.h"
#include "okta/models/oauth2_client_jwk.h"

/* okta_jwk_check() in the shape of an operation row's check. */
okta_error *oktai_jwk_check_model(const void *model);

/* Gives a key without a kid the RFC 7638 thumbprint for one. Errors: those of okta_key_from_jwk_model(). */
okta_error *oktai_jwk_complete(oktai_arena *arena, const void **model);

/* The RFC 7638 thumbprint of a view of a key (keys/jwk_view.h): its material is read, and not checked.
 * Errors: those of okta_key_from_jwk_model(). */
okta_error *oktai_jwk_thumbprint(const okta_oauth2_client_jwk *jwk, char out[OKTA_THUMBPRINT_SIZE]);

#endif
