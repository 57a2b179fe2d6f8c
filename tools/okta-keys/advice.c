/* SPDX-License-Identifier: Apache-2.0 */
#include "advice.h"

#include <stdio.h>

void advice_for_generate(const char *app, const char *path, okta_status status, char out[ADVICE_SIZE])
{
    if (status == OKTA_E_OUTCOME_UNKNOWN || status == OKTA_E_PROTOCOL || status == OKTA_E_SERVER ||
        status == OKTA_E_NOMEM) {
        (void)snprintf(out, ADVICE_SIZE,
                       "the private key is in %s; to find out whether Okta holds the key, run: "
                       "okta-keys list %s",
                       path, app);
        return;
    }
    (void)snprintf(out, ADVICE_SIZE,
                   "Okta does not hold the key; the private key is in %s; to add it, run: "
                   "okta-keys add %s --pem %s",
                   path, app, path);
}
