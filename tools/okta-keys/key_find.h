/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are named by their kid. */
#ifndef OKTA_KEYS_KEY_FIND_H
#define OKTA_KEYS_KEY_FIND_H

#include <okta/okta.h>

#define KID_PREFIX    "kid:"
#define KEY_FIND_SIZE 1024u

/* The kid in "kid:KID"; NULL: it is an id. */
const char *key_kid(const char *key);

/* Find the one key of an app that has this kid. `app` goes into `why`; nullable. Returns EXIT_DONE, or the
 * exit code, and why there is none in `why`. The id lives in the list. */
int key_find(const char *app, const char *kid, const okta_oauth2_client_jwk_list *keys, const char **out_id,
             char why[KEY_FIND_SIZE]);

#endif
