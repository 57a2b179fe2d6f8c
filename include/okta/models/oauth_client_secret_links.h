/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The `_links` of client keys and secrets, under Okta's name for them.
 */
#ifndef OKTA_MODELS_OAUTH_CLIENT_SECRET_LINKS_H
#define OKTA_MODELS_OAUTH_CLIENT_SECRET_LINKS_H

#include "okta/links.h"

/** Okta's OAuthClientSecretLinks: "activate" and "delete" while the object is inactive, "deactivate" while it
 *  is active. */
typedef okta_links okta_oauth_client_secret_links;

#endif
