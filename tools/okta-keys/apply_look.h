/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that an app has at a time, and the plan that follows from them. */
#ifndef OKTA_KEYS_APPLY_LOOK_H
#define OKTA_KEYS_APPLY_LOOK_H

#include "apply_file.h"

/* Begins as {0}. */
typedef struct apply_look {
    okta_oauth2_client_jwk_list *keys;
    apply_held *held;                          /* one for each */
    char (*thumbprints)[OKTA_THUMBPRINT_SIZE]; /* of those */
    apply_plan plan;
} apply_look;

/* Make it of a list, which it takes. What stands against the plan is no error. Release in any case. */
okta_error *apply_look_make(const apply_app *app, bool prune, okta_oauth2_client_jwk_list *keys,
                            apply_look *out);
void apply_look_clear(apply_look *look);

#endif
