/* SPDX-License-Identifier: Apache-2.0 */
/* The proxy that the environment names, by the rules that curl made common. */
#ifndef OKTA_HTTP_PROXY_ENV_H
#define OKTA_HTTP_PROXY_ENV_H

#include <stdbool.h>

/* The proxy for https:// to `host`, which is a name or an address, an IPv6 one without brackets: the first of
 * https_proxy, HTTPS_PROXY, all_proxy and ALL_PROXY that is set. NULL: none is; "": no_proxy, else NO_PROXY,
 * excludes the host. `*variable` receives the name of the variable that says so. */
const char *oktai_proxy_of_environment(const char *host, const char **variable);

/* Whether a value of NO_PROXY, names and addresses separated by commas or spaces, excludes the host: "*" does
 * all, a name itself and all below it, an address itself, and `address/bits` a whole network. */
bool oktai_proxy_is_excluded(const char *no_proxy, const char *host);

#endif
