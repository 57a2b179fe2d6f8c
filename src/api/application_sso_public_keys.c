/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/api/application_sso_public_keys.h"

#include "api/operation_rows.h"
#include "keys/keys.h"
#include "models/models.h"
#include "settle/settlements.h"

static const char *const apps_manage[] = {"okta.apps.manage", NULL};
static const char *const apps_read[] = {"okta.apps.read", NULL};

const oktai_operation oktai_list_jwk_operation = {
    .name = "listJwk",
    .method = OKTAI_METHOD_GET,
    .effect = OKTAI_EFFECT_READ,
    .path = "/api/v1/apps/{appId}/credentials/jwks",
    .scopes = apps_read,
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_jwk_list_model,
};

static const oktai_care add_jwk_care = {
    .complete = oktai_jwk_complete,
    .check = oktai_jwk_check_model,
    .settler = &oktai_write_settler,
    .settlement = &oktai_jwk_settlement,
    .list = &oktai_list_jwk_operation,
};

const oktai_operation oktai_add_jwk_operation = {
    .name = "addJwk",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_CREATE,
    .path = "/api/v1/apps/{appId}/credentials/jwks",
    .scopes = apps_manage,
    .statuses = OKTAI_STATUS_201 | OKTAI_STATUS_200,
    .body = OKTAI_BODY_MODEL,
    .request = &oktai_oauth2_client_jwk_model,
    .response = &oktai_oauth2_client_jwk_model,
    .care = &add_jwk_care,
};

const oktai_operation oktai_get_jwk_operation = {
    .name = "getJwk",
    .method = OKTAI_METHOD_GET,
    .effect = OKTAI_EFFECT_READ,
    .path = "/api/v1/apps/{appId}/credentials/jwks/{keyId}",
    .scopes = apps_read,
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_jwk_model,
};

const oktai_operation oktai_deletejwk_operation = {
    .name = "deletejwk",
    .method = OKTAI_METHOD_DELETE,
    .effect = OKTAI_EFFECT_DELETE,
    .path = "/api/v1/apps/{appId}/credentials/jwks/{keyId}",
    .scopes = apps_manage,
    .statuses = OKTAI_STATUS_204,
};

static const oktai_care activate_oauth2_client_json_web_key_care = {
    .settler = &oktai_write_settler,
    .state = &oktai_get_jwk_operation,
    .target_state = "ACTIVE",
};

const oktai_operation oktai_activate_oauth2_client_json_web_key_operation = {
    .name = "activateOAuth2ClientJsonWebKey",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .path = "/api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/activate",
    .scopes = apps_manage,
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_jwk_model,
    .care = &activate_oauth2_client_json_web_key_care,
};

static const oktai_care deactivate_oauth2_client_json_web_key_care = {
    .settler = &oktai_write_settler,
    .state = &oktai_get_jwk_operation,
    .target_state = "INACTIVE",
};

const oktai_operation oktai_deactivate_oauth2_client_json_web_key_operation = {
    .name = "deactivateOAuth2ClientJsonWebKey",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .path = "/api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/deactivate",
    .scopes = apps_manage,
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_jwk_model,
    .care = &deactivate_oauth2_client_json_web_key_care,
};

const oktai_operation oktai_list_oauth2_client_secrets_operation = {
    .name = "listOAuth2ClientSecrets",
    .method = OKTAI_METHOD_GET,
    .effect = OKTAI_EFFECT_READ,
    .path = "/api/v1/apps/{appId}/credentials/secrets",
    .scopes = apps_read,
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_secret_list_model,
};

static const oktai_care create_oauth2_client_secret_care = {
    .settler = &oktai_write_settler,
    .settlement = &oktai_secret_settlement,
    .list = &oktai_list_oauth2_client_secrets_operation,
};

const oktai_operation oktai_create_oauth2_client_secret_operation = {
    .name = "createOAuth2ClientSecret",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_CREATE,
    .path = "/api/v1/apps/{appId}/credentials/secrets",
    .scopes = apps_manage,
    .statuses = OKTAI_STATUS_201 | OKTAI_STATUS_200,
    .body = OKTAI_BODY_MODEL,
    .request = &oktai_oauth2_client_secret_request_body_model,
    .flags = OKTAI_OPERATION_BODY_OPTIONAL,
    .response = &oktai_oauth2_client_secret_model,
    .care = &create_oauth2_client_secret_care,
};

const oktai_operation oktai_get_oauth2_client_secret_operation = {
    .name = "getOAuth2ClientSecret",
    .method = OKTAI_METHOD_GET,
    .effect = OKTAI_EFFECT_READ,
    .path = "/api/v1/apps/{appId}/credentials/secrets/{secretId}",
    .scopes = apps_read,
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_secret_model,
};

const oktai_operation oktai_delete_oauth2_client_secret_operation = {
    .name = "deleteOAuth2ClientSecret",
    .method = OKTAI_METHOD_DELETE,
    .effect = OKTAI_EFFECT_DELETE,
    .path = "/api/v1/apps/{appId}/credentials/secrets/{secretId}",
    .scopes = apps_manage,
    .statuses = OKTAI_STATUS_204,
};

static const oktai_care activate_oauth2_client_secret_care = {
    .settler = &oktai_write_settler,
    .state = &oktai_get_oauth2_client_secret_operation,
    .target_state = "ACTIVE",
};

const oktai_operation oktai_activate_oauth2_client_secret_operation = {
    .name = "activateOAuth2ClientSecret",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .path = "/api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/activate",
    .scopes = apps_manage,
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_secret_model,
    .care = &activate_oauth2_client_secret_care,
};

static const oktai_care deactivate_oauth2_client_secret_care = {
    .settler = &oktai_write_settler,
    .state = &oktai_get_oauth2_client_secret_operation,
    .target_state = "INACTIVE",
};

const oktai_operation oktai_deactivate_oauth2_client_secret_operation = {
    .name = "deactivateOAuth2ClientSecret",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .path = "/api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/deactivate",
    .scopes = apps_manage,
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_secret_model,
    .care = &deactivate_oauth2_client_secret_care,
};

okta_error *okta_list_jwk(okta_client *client, const char *app_id, okta_oauth2_client_jwk_list **out)
{
    const char *const ids[] = {app_id};
    return oktai_operation_run_plain(client, &oktai_list_jwk_operation, ids, out);
}

okta_call *okta_list_jwk_call(okta_client *client, const char *app_id)
{
    const char *const ids[] = {app_id};
    return oktai_operation_call_plain(client, &oktai_list_jwk_operation, ids);
}

okta_error *okta_add_jwk(okta_client *client, const char *app_id, const okta_oauth2_client_jwk_request *key,
                         okta_oauth2_client_jwk **out)
{
    const char *const ids[] = {app_id};
    return oktai_operation_run(client, &oktai_add_jwk_operation, ids, NULL, key, out);
}

okta_call *okta_add_jwk_call(okta_client *client, const char *app_id,
                             const okta_oauth2_client_jwk_request *key)
{
    const char *const ids[] = {app_id};
    return oktai_operation_call(client, &oktai_add_jwk_operation, ids, NULL, key);
}

okta_error *okta_get_jwk(okta_client *client, const char *app_id, const char *key_id,
                         okta_oauth2_client_jwk **out)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_run_plain(client, &oktai_get_jwk_operation, ids, out);
}

okta_call *okta_get_jwk_call(okta_client *client, const char *app_id, const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_call_plain(client, &oktai_get_jwk_operation, ids);
}

okta_error *okta_deletejwk(okta_client *client, const char *app_id, const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_run_plain(client, &oktai_deletejwk_operation, ids, NULL);
}

okta_call *okta_deletejwk_call(okta_client *client, const char *app_id, const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_call_plain(client, &oktai_deletejwk_operation, ids);
}

okta_error *okta_activate_oauth2_client_json_web_key(okta_client *client, const char *app_id,
                                                     const char *key_id, okta_oauth2_client_jwk **out)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_run_plain(client, &oktai_activate_oauth2_client_json_web_key_operation, ids, out);
}

okta_call *okta_activate_oauth2_client_json_web_key_call(okta_client *client, const char *app_id,
                                                         const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_call_plain(client, &oktai_activate_oauth2_client_json_web_key_operation, ids);
}

okta_error *okta_deactivate_oauth2_client_json_web_key(okta_client *client, const char *app_id,
                                                       const char *key_id, okta_oauth2_client_jwk **out)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_run_plain(client, &oktai_deactivate_oauth2_client_json_web_key_operation, ids,
                                     out);
}

okta_call *okta_deactivate_oauth2_client_json_web_key_call(okta_client *client, const char *app_id,
                                                           const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_call_plain(client, &oktai_deactivate_oauth2_client_json_web_key_operation, ids);
}

okta_error *okta_list_oauth2_client_secrets(okta_client *client, const char *app_id,
                                            okta_oauth2_client_secret_list **out)
{
    const char *const ids[] = {app_id};
    return oktai_operation_run_plain(client, &oktai_list_oauth2_client_secrets_operation, ids, out);
}

okta_call *okta_list_oauth2_client_secrets_call(okta_client *client, const char *app_id)
{
    const char *const ids[] = {app_id};
    return oktai_operation_call_plain(client, &oktai_list_oauth2_client_secrets_operation, ids);
}

okta_error *okta_create_oauth2_client_secret(okta_client *client, const char *app_id,
                                             const okta_oauth2_client_secret_request_body *secret,
                                             okta_oauth2_client_secret **out)
{
    const char *const ids[] = {app_id};
    return oktai_operation_run(client, &oktai_create_oauth2_client_secret_operation, ids, NULL, secret, out);
}

okta_call *okta_create_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                 const okta_oauth2_client_secret_request_body *secret)
{
    const char *const ids[] = {app_id};
    return oktai_operation_call(client, &oktai_create_oauth2_client_secret_operation, ids, NULL, secret);
}

okta_error *okta_get_oauth2_client_secret(okta_client *client, const char *app_id, const char *secret_id,
                                          okta_oauth2_client_secret **out)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_run_plain(client, &oktai_get_oauth2_client_secret_operation, ids, out);
}

okta_call *okta_get_oauth2_client_secret_call(okta_client *client, const char *app_id, const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_call_plain(client, &oktai_get_oauth2_client_secret_operation, ids);
}

okta_error *okta_delete_oauth2_client_secret(okta_client *client, const char *app_id, const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_run_plain(client, &oktai_delete_oauth2_client_secret_operation, ids, NULL);
}

okta_call *okta_delete_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                 const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_call_plain(client, &oktai_delete_oauth2_client_secret_operation, ids);
}

okta_error *okta_activate_oauth2_client_secret(okta_client *client, const char *app_id, const char *secret_id,
                                               okta_oauth2_client_secret **out)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_run_plain(client, &oktai_activate_oauth2_client_secret_operation, ids, out);
}

okta_call *okta_activate_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                   const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_call_plain(client, &oktai_activate_oauth2_client_secret_operation, ids);
}

okta_error *okta_deactivate_oauth2_client_secret(okta_client *client, const char *app_id,
                                                 const char *secret_id, okta_oauth2_client_secret **out)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_run_plain(client, &oktai_deactivate_oauth2_client_secret_operation, ids, out);
}

okta_call *okta_deactivate_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                     const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_call_plain(client, &oktai_deactivate_oauth2_client_secret_operation, ids);
}
