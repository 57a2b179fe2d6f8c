/* SPDX-License-Identifier: Apache-2.0 */
/* What src/client and src/api use of src/keys. Models are of type okta_oauth2_client_jwk. */
#ifndef OKTA_KEYS_KEYS_H
#define OKTA_KEYS_KEYS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "okta/error.h"

/* okta_jwk_check() in the shape of an operation row's check. */
okta_error *oktai_jwk_check_model(const void *model);

/* Gives a key without a kid the RFC 7638 thumbprint for one. Errors: those of okta_key_from_jwk_model(). */
okta_error *oktai_jwk_complete(oktai_arena *arena, const void **model);

/* Whether it has a kid. */
bool oktai_jwk_is_named(const void *request);
/* Whether both have the same kid. */
bool oktai_jwk_has_kid(const void *request, const void *found);
/* Whether kid and public members are the same, apart from padding and leading zero octets. */
bool oktai_jwk_is_same(const void *request, const void *found);
/* Kid and thumbprint, for people. */
void oktai_jwk_describe(const void *request, oktai_buffer *out);

#endif
