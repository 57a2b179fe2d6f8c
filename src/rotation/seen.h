/* SPDX-License-Identifier: Apache-2.0 */
/* The keys or secrets of an app, as the org listed them and as writes have changed them since. */
#ifndef OKTA_ROTATION_SEEN_H
#define OKTA_ROTATION_SEEN_H

#include "okta/models/oauth2_client_secret.h"
#include "rotation/credential.h"
#include "rotation/policy.h"

/* Those of a kind. Errors: OKTA_E_NOMEM, OKTA_E_CONFIG; OKTA_E_PROTOCOL (one without an id). */
okta_error *oktai_seen_keys(const okta_oauth2_client_jwk_list *list, okta_rotation_kind kind,
                            oktai_seen **out);
okta_error *oktai_seen_secrets(const okta_oauth2_client_secret_list *list, oktai_seen **out);

/* One more, which the org just took. Errors: OKTA_E_NOMEM. */
okta_error *oktai_seen_add(oktai_seen *seen, const char *name, const char *id, bool active);
/* Whether one has that name. */
bool oktai_seen_has(const oktai_seen *seen, const char *name);
/* What follows when one becomes active or not; an active encryption key takes the place of the other. */
void oktai_seen_set_active(oktai_seen *seen, const oktai_seen_item *item, okta_rotation_kind kind,
                           bool active);
void oktai_seen_remove(oktai_seen *seen, const oktai_seen_item *item);

#endif
