/* SPDX-License-Identifier: Apache-2.0 */
/* The org URL: the one origin that a client's credential may go to. */
#ifndef OKTA_CONFIG_ORG_URL_H
#define OKTA_CONFIG_ORG_URL_H

#include <stdbool.h>

#include "core/arena.h"
#include "okta/error.h"

/* Check a URL and give it as `scheme://host[:port]`. `*plain_http` is set for an http URL of a loopback
 * address. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_org_url(const char *text, oktai_arena *arena, const char **out, bool *plain_http);

/* Whether a URL names the admin console of an Okta domain, as in `https://example-admin.okta.com`. A domain
 * of the org's own may have any name. NULL: no. */
bool oktai_org_url_is_admin(const char *text);

/* Why a proxy URL is refused, as the rest of a sentence that does not show it; NULL: it is not. NULL and ""
 * are none. */
const char *oktai_proxy_refuse(const char *text);

#endif
