/* SPDX-License-Identifier: Apache-2.0 */
/* How old the credential is that an app uses, as the org tells. */
#ifndef OKTA_ROTATIOND_LOOK_H
#define OKTA_ROTATIOND_LOOK_H

#include <okta/rotation.h>

/* The call that lists what the app holds. NULL: out of memory. */
okta_call *look_call(okta_client *client, const char *app_id, okta_rotation_kind kind);

/* When the youngest active one of the kind was made, in seconds since 1970. 0: there is none, or the org does
 * not say. */
int64_t look_take(okta_call *call, okta_rotation_kind kind);

#endif
