/* SPDX-License-Identifier: Apache-2.0 */
#include "key_find.h"

#include <stdio.h>
#include <string.h>

#include "report.h"

const char *key_kid(const char *key)
{
    return strncmp(key, KID_PREFIX, strlen(KID_PREFIX)) == 0 ? key + strlen(KID_PREFIX) : NULL;
}

int key_find(const char *app, const char *kid, const okta_oauth2_client_jwk_list *keys, const char **out_id,
             char why[KEY_FIND_SIZE])
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
        (void)snprintf(why, KEY_FIND_SIZE, "no key%s%s has the kid %s", of, app == NULL ? "" : app, kid);
        return EXIT_NOT_FOUND;
    }
    if (matches > 1) {
        (void)snprintf(why, KEY_FIND_SIZE, "%zu keys%s%s have the kid %s: name one by its id", matches, of,
                       app == NULL ? "" : app, kid);
        return EXIT_REFUSED;
    }
    if (found->id == NULL) {
        (void)snprintf(why, KEY_FIND_SIZE, "Okta lists the key with the kid %s without an id", kid);
        return EXIT_UNCLEAR;
    }
    *out_id = found->id;
    return EXIT_DONE;
}
