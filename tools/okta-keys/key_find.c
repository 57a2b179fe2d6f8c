/* SPDX-License-Identifier: Apache-2.0 */
#include "key_find.h"

#include <string.h>

#include "report.h"

const char *key_kid(const char *key)
{
    return strncmp(key, KID_PREFIX, strlen(KID_PREFIX)) == 0 ? key + strlen(KID_PREFIX) : NULL;
}

okta_error *key_find(const char *app, const char *kid, const okta_oauth2_client_jwk_list *keys,
                     const char **out_id)
{
    const char *of = app == NULL ? "" : " of app ";
    const okta_oauth2_client_jwk *found = NULL;
    size_t matches = 0;
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i]->kid != NULL && strcmp(keys->items[i]->kid, kid) == 0) {
            found = keys->items[i];
            matches++;
        }
    }
    if (matches == 0) {
        return report_new_error(OKTA_E_NOT_FOUND, "no key%s%s has the kid %s", of, app == NULL ? "" : app,
                                kid);
    }
    if (matches > 1) {
        return report_new_error(OKTA_E_CONFLICT, "%zu keys%s%s have the kid %s: name one by its id", matches,
                                of, app == NULL ? "" : app, kid);
    }
    if (found->id == NULL) {
        return report_new_error(OKTA_E_PROTOCOL, "Okta lists the key with the kid %s without an id", kid);
    }
    *out_id = found->id;
    return NULL;
}
