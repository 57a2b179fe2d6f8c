/* SPDX-License-Identifier: Apache-2.0 */
/* The proxy that libcurl takes from the environment where the option says nothing, for people. */
#ifndef OKTA_CONFIG_ENVIRONMENT_PROXY_H
#define OKTA_CONFIG_ENVIRONMENT_PROXY_H

typedef struct oktai_environment_proxy {
    const char *url;      /* NULL: none is set; "": one is set, and not for this org */
    const char *variable; /* that says so */
} oktai_environment_proxy;

/* The proxy on the way to an https org, whose URL may be NULL. The texts are the environment's. */
oktai_environment_proxy oktai_environment_proxy_of(const char *org_url);

#endif
