/* SPDX-License-Identifier: Apache-2.0 */
#include "http/proxy_verdict.h"

#include <stdio.h>
#include <string.h>

#define PROXY_AUTHENTICATION_REQUIRED 407

/* Answers to CONNECT that say "not now" among those that say "no". */
static bool is_transient(long status)
{
    return status < 400 || status >= 500 || status == 408 || status == 425 || status == 429;
}

static void name_refusal(oktai_transfer *t, long status, const char *label)
{
    const char *advice =
        status == PROXY_AUTHENTICATION_REQUIRED ? "; it wants another user and password" : "";
    snprintf(t->problem, sizeof t->problem, "the proxy %.140s, refuses the connection: HTTP %ld%s", label,
             status, advice);
}

static void name_proxy(oktai_transfer *t, const char *reason, const char *label)
{
    char text[sizeof t->problem];
    snprintf(text, sizeof text, "%.110s (through the proxy %.110s)", reason, label);
    memcpy(t->problem, text, sizeof text);
}

/* The status of a proxy counts too where the rest of its headers does not come in time: whether libcurl or a
 * callback notes first that the time is over is chance. */
void oktai_proxy_verdict(oktai_transfer *t, oktai_attempt *attempt)
{
    long status = 0;
    const char *label = t->options->route->proxy_label;
    bool is_about_connecting = attempt->failure == OKTA_E_TRANSPORT || attempt->failure == OKTA_E_TIMEOUT;
    if (label == NULL || t->sends > 0 || !is_about_connecting) {
        return;
    }
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status < 300) {
        name_proxy(t, attempt->reason, label);
    } else {
        name_refusal(t, status, label);
        attempt->permanent = attempt->permanent || !is_transient(status);
        attempt->failure = status == PROXY_AUTHENTICATION_REQUIRED ? OKTA_E_AUTH : attempt->failure;
    }
    attempt->reason = t->problem;
}
