/* SPDX-License-Identifier: Apache-2.0 */
/* A client that is a service app: the options that say who it is. */
#ifndef OKTA_CLIENT_IDENTITY_H
#define OKTA_CLIENT_IDENTITY_H

#include "client/client.h"

/* Whether checked options say enough. Errors: OKTA_E_CONFIG. */
okta_error *oktai_identity_refuse(const okta_client_options *options);

/* Copy them into the client, whose base URL is known. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_identity_take(okta_client *client, const okta_client_options *options);

#endif
