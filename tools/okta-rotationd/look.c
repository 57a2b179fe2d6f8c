/* SPDX-License-Identifier: Apache-2.0 */
#include "look.h"

#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <okta/time.h>
#include <stdbool.h>

okta_call *look_call(okta_client *client, const char *app_id, okta_rotation_kind kind)
{
    return kind == OKTA_ROTATION_CLIENT_SECRET ? okta_list_oauth2_client_secrets_call(client, app_id)
                                               : okta_list_jwk_call(client, app_id);
}

static int64_t later(int64_t than_s, const char *created)
{
    okta_time time = {0};
    okta_error *error = created == NULL ? NULL : okta_time_parse(created, &time);
    okta_free(error);
    return time.seconds > than_s ? time.seconds : than_s;
}

static int64_t take_keys(okta_call *call, bool encrypts)
{
    int64_t created_s = 0;
    okta_oauth2_client_jwk_list *keys = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
    for (size_t i = 0; keys != NULL && i < keys->count; i++) {
        const okta_oauth2_client_jwk *key = keys->items[i];
        bool is_active = key->status != OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE;
        if (is_active && (key->use == OKTA_OAUTH2_CLIENT_JWK_USE_ENC) == encrypts) {
            created_s = later(created_s, key->created);
        }
    }
    okta_free(keys);
    return created_s;
}

static int64_t take_secrets(okta_call *call)
{
    int64_t created_s = 0;
    okta_oauth2_client_secret_list *secrets = OKTA_TAKE(call, okta_oauth2_client_secret_list);
    for (size_t i = 0; secrets != NULL && i < secrets->count; i++) {
        if (secrets->items[i]->status != OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE) {
            created_s = later(created_s, secrets->items[i]->created);
        }
    }
    okta_free(secrets);
    return created_s;
}

int64_t look_take(okta_call *call, okta_rotation_kind kind)
{
    return kind == OKTA_ROTATION_CLIENT_SECRET ? take_secrets(call)
                                               : take_keys(call, kind == OKTA_ROTATION_ENCRYPTION_KEY);
}
