/* SPDX-License-Identifier: Apache-2.0 */
/* The client of the org. */
#ifndef OKTA_ROTATIOND_ORG_H
#define OKTA_ROTATIOND_ORG_H

#include <okta/client.h>

#include "config.h"

/* Make it from the configuration, the environment and okta.yaml. Errors: as okta_client_options_load() and
 * okta_client_new(). */
okta_error *org_connect(const config *from, okta_client **out);

/* Read its credential again, where that is in a file. Errors: as okta_client_reload() and
 * okta_client_set_token(). */
okta_error *org_reload(const config *from, okta_client *client);

#endif
