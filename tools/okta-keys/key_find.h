/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are named by their kid. */
#ifndef OKTA_KEYS_KEY_FIND_H
#define OKTA_KEYS_KEY_FIND_H

#include <okta/okta.h>

#define KID_PREFIX "kid:"

/* The kid in "kid:KID"; NULL: it is an id. */
const char *key_kid(const char *key);

/* Find the one key of an app that has this kid. `app` goes into the error; nullable. The id lives in the
 * list. */
okta_error *key_find(const char *app, const char *kid, const okta_oauth2_client_jwk_list *keys,
                     const char **out_id);

#endif
