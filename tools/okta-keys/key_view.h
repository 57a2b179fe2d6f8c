/* SPDX-License-Identifier: Apache-2.0 */
/* Keys as people read them. Every function returns an exit code. */
#ifndef OKTA_KEYS_KEY_VIEW_H
#define OKTA_KEYS_KEY_VIEW_H

#include <okta/okta.h>

/* A table of keys, or "no keys". */
int key_view_table(const okta_oauth2_client_jwk_list *keys);

/* One key, a member a line; `private_key`, nullable, is the file of its private half. */
int key_view_record(const okta_oauth2_client_jwk *key, const char *private_key);

/* The public half of a key on this machine, with its JWK as text and its thumbprint; `private_key` as above.
 */
int key_view_public_half(const okta_oauth2_client_jwk_request *request, const char *thumbprint,
                         const char *json, const char *private_key);

#endif
