/* SPDX-License-Identifier: Apache-2.0 */
/* A client that is a service app: the options that say who it is. */
#ifndef OKTA_CLIENT_IDENTITY_H
#define OKTA_CLIENT_IDENTITY_H

#include "client/tokens.h"
#include "core/arena.h"

/* Whether checked options say enough. Errors: OKTA_E_CONFIG. */
okta_error *oktai_identity_refuse(const okta_client_options *options);

/* Copy them. `base_url` is that of the org, without a slash at its end; texts are copied into the arena.
 * Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_identity_take(oktai_arena *arena, const char *base_url, const okta_client_options *options,
                                oktai_tokens *out);

/* The signer of a private key, by the `alg`, `kid` and `readable` of its place. Errors: OKTA_E_CONFIG,
 * OKTA_E_NOMEM. */
okta_error *oktai_identity_load(const char *private_key, const oktai_key_place *place, okta_signer **out);

/* Give a service app without a credential its secret. Errors: OKTA_E_NOMEM. */
okta_error *oktai_identity_take_secret(oktai_service_app *app, okta_client_auth_method method,
                                       const char *client_secret);

#endif
