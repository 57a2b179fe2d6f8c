/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/api/application_sso_public_keys.h"

#include "client/operation.h"
#include "keys/keys.h"
#include "models/models.h"
#include "settle/settlements.h"

static const oktai_operation list_jwk = {
    .name = "listJwk",
    .method = OKTAI_METHOD_GET,
    .effect = OKTAI_EFFECT_READ,
    .path = "/api/v1/apps/{appId}/credentials/jwks",
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_jwk_list_model,
};

static const oktai_care add_jwk_care = {
    .complete = oktai_jwk_complete,
    .check = oktai_jwk_check_model,
    .settlement = &oktai_jwk_settlement,
    .list = &list_jwk,
};

static const oktai_operation add_jwk = {
    .name = "addJwk",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_CREATE,
    .path = "/api/v1/apps/{appId}/credentials/jwks",
    .statuses = OKTAI_STATUS_201 | OKTAI_STATUS_200,
    .body = OKTAI_BODY_MODEL,
    .request = &oktai_oauth2_client_jwk_model,
    .response = &oktai_oauth2_client_jwk_model,
    .care = &add_jwk_care,
};

static const oktai_operation get_jwk = {
    .name = "getJwk",
    .method = OKTAI_METHOD_GET,
    .effect = OKTAI_EFFECT_READ,
    .path = "/api/v1/apps/{appId}/credentials/jwks/{keyId}",
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_jwk_model,
};

static const oktai_operation deletejwk = {
    .name = "deletejwk",
    .method = OKTAI_METHOD_DELETE,
    .effect = OKTAI_EFFECT_DELETE,
    .path = "/api/v1/apps/{appId}/credentials/jwks/{keyId}",
    .statuses = OKTAI_STATUS_204,
};

static const oktai_care activate_oauth2_client_json_web_key_care = {
    .state = &get_jwk,
    .target_state = "ACTIVE",
};

static const oktai_operation activate_oauth2_client_json_web_key = {
    .name = "activateOAuth2ClientJsonWebKey",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .path = "/api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/activate",
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_jwk_model,
    .care = &activate_oauth2_client_json_web_key_care,
};

static const oktai_care deactivate_oauth2_client_json_web_key_care = {
    .state = &get_jwk,
    .target_state = "INACTIVE",
};

static const oktai_operation deactivate_oauth2_client_json_web_key = {
    .name = "deactivateOAuth2ClientJsonWebKey",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .path = "/api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/deactivate",
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_jwk_model,
    .care = &deactivate_oauth2_client_json_web_key_care,
};

static const oktai_operation list_oauth2_client_secrets = {
    .name = "listOAuth2ClientSecrets",
    .method = OKTAI_METHOD_GET,
    .effect = OKTAI_EFFECT_READ,
    .path = "/api/v1/apps/{appId}/credentials/secrets",
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_secret_list_model,
};

static const oktai_care create_oauth2_client_secret_care = {
    .settlement = &oktai_secret_settlement,
    .list = &list_oauth2_client_secrets,
};

static const oktai_operation create_oauth2_client_secret = {
    .name = "createOAuth2ClientSecret",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_CREATE,
    .path = "/api/v1/apps/{appId}/credentials/secrets",
    .statuses = OKTAI_STATUS_201 | OKTAI_STATUS_200,
    .body = OKTAI_BODY_MODEL,
    .request = &oktai_oauth2_client_secret_request_body_model,
    .flags = OKTAI_OPERATION_BODY_OPTIONAL,
    .response = &oktai_oauth2_client_secret_model,
    .care = &create_oauth2_client_secret_care,
};

static const oktai_operation get_oauth2_client_secret = {
    .name = "getOAuth2ClientSecret",
    .method = OKTAI_METHOD_GET,
    .effect = OKTAI_EFFECT_READ,
    .path = "/api/v1/apps/{appId}/credentials/secrets/{secretId}",
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_secret_model,
};

static const oktai_operation delete_oauth2_client_secret = {
    .name = "deleteOAuth2ClientSecret",
    .method = OKTAI_METHOD_DELETE,
    .effect = OKTAI_EFFECT_DELETE,
    .path = "/api/v1/apps/{appId}/credentials/secrets/{secretId}",
    .statuses = OKTAI_STATUS_204,
};

static const oktai_care activate_oauth2_client_secret_care = {
    .state = &get_oauth2_client_secret,
    .target_state = "ACTIVE",
};

static const oktai_operation activate_oauth2_client_secret = {
    .name = "activateOAuth2ClientSecret",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .path = "/api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/activate",
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_secret_model,
    .care = &activate_oauth2_client_secret_care,
};

static const oktai_care deactivate_oauth2_client_secret_care = {
    .state = &get_oauth2_client_secret,
    .target_state = "INACTIVE",
};

static const oktai_operation deactivate_oauth2_client_secret = {
    .name = "deactivateOAuth2ClientSecret",
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .path = "/api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/deactivate",
    .statuses = OKTAI_STATUS_200,
    .response = &oktai_oauth2_client_secret_model,
    .care = &deactivate_oauth2_client_secret_care,
};

okta_error *okta_list_jwk(okta_client *client, const char *app_id, okta_oauth2_client_jwk_list **out)
{
    const char *const ids[] = {app_id};
    return oktai_operation_run(client, &list_jwk, ids, NULL, NULL, out);
}

okta_call *okta_list_jwk_call(okta_client *client, const char *app_id)
{
    const char *const ids[] = {app_id};
    return oktai_operation_call(client, &list_jwk, ids, NULL, NULL);
}

okta_error *okta_add_jwk(okta_client *client, const char *app_id, const okta_oauth2_client_jwk_request *key,
                         okta_oauth2_client_jwk **out)
{
    const char *const ids[] = {app_id};
    return oktai_operation_run(client, &add_jwk, ids, NULL, key, out);
}

okta_call *okta_add_jwk_call(okta_client *client, const char *app_id,
                             const okta_oauth2_client_jwk_request *key)
{
    const char *const ids[] = {app_id};
    return oktai_operation_call(client, &add_jwk, ids, NULL, key);
}

okta_error *okta_get_jwk(okta_client *client, const char *app_id, const char *key_id,
                         okta_oauth2_client_jwk **out)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_run(client, &get_jwk, ids, NULL, NULL, out);
}

okta_call *okta_get_jwk_call(okta_client *client, const char *app_id, const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_call(client, &get_jwk, ids, NULL, NULL);
}

okta_error *okta_deletejwk(okta_client *client, const char *app_id, const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_run(client, &deletejwk, ids, NULL, NULL, NULL);
}

okta_call *okta_deletejwk_call(okta_client *client, const char *app_id, const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_call(client, &deletejwk, ids, NULL, NULL);
}

okta_error *okta_activate_oauth2_client_json_web_key(okta_client *client, const char *app_id,
                                                     const char *key_id, okta_oauth2_client_jwk **out)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_run(client, &activate_oauth2_client_json_web_key, ids, NULL, NULL, out);
}

okta_call *okta_activate_oauth2_client_json_web_key_call(okta_client *client, const char *app_id,
                                                         const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_call(client, &activate_oauth2_client_json_web_key, ids, NULL, NULL);
}

okta_error *okta_deactivate_oauth2_client_json_web_key(okta_client *client, const char *app_id,
                                                       const char *key_id, okta_oauth2_client_jwk **out)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_run(client, &deactivate_oauth2_client_json_web_key, ids, NULL, NULL, out);
}

okta_call *okta_deactivate_oauth2_client_json_web_key_call(okta_client *client, const char *app_id,
                                                           const char *key_id)
{
    const char *const ids[] = {app_id, key_id};
    return oktai_operation_call(client, &deactivate_oauth2_client_json_web_key, ids, NULL, NULL);
}

okta_error *okta_list_oauth2_client_secrets(okta_client *client, const char *app_id,
                                            okta_oauth2_client_secret_list **out)
{
    const char *const ids[] = {app_id};
    return oktai_operation_run(client, &list_oauth2_client_secrets, ids, NULL, NULL, out);
}

okta_call *okta_list_oauth2_client_secrets_call(okta_client *client, const char *app_id)
{
    const char *const ids[] = {app_id};
    return oktai_operation_call(client, &list_oauth2_client_secrets, ids, NULL, NULL);
}

okta_error *okta_create_oauth2_client_secret(okta_client *client, const char *app_id,
                                             const okta_oauth2_client_secret_request_body *secret,
                                             okta_oauth2_client_secret **out)
{
    const char *const ids[] = {app_id};
    return oktai_operation_run(client, &create_oauth2_client_secret, ids, NULL, secret, out);
}

okta_call *okta_create_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                 const okta_oauth2_client_secret_request_body *secret)
{
    const char *const ids[] = {app_id};
    return oktai_operation_call(client, &create_oauth2_client_secret, ids, NULL, secret);
}

okta_error *okta_get_oauth2_client_secret(okta_client *client, const char *app_id, const char *secret_id,
                                          okta_oauth2_client_secret **out)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_run(client, &get_oauth2_client_secret, ids, NULL, NULL, out);
}

okta_call *okta_get_oauth2_client_secret_call(okta_client *client, const char *app_id, const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_call(client, &get_oauth2_client_secret, ids, NULL, NULL);
}

okta_error *okta_delete_oauth2_client_secret(okta_client *client, const char *app_id, const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_run(client, &delete_oauth2_client_secret, ids, NULL, NULL, NULL);
}

okta_call *okta_delete_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                 const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_call(client, &delete_oauth2_client_secret, ids, NULL, NULL);
}

okta_error *okta_activate_oauth2_client_secret(okta_client *client, const char *app_id, const char *secret_id,
                                               okta_oauth2_client_secret **out)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_run(client, &activate_oauth2_client_secret, ids, NULL, NULL, out);
}

okta_call *okta_activate_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                   const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_call(client, &activate_oauth2_client_secret, ids, NULL, NULL);
}

okta_error *okta_deactivate_oauth2_client_secret(okta_client *client, const char *app_id,
                                                 const char *secret_id, okta_oauth2_client_secret **out)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_run(client, &deactivate_oauth2_client_secret, ids, NULL, NULL, out);
}

okta_call *okta_deactivate_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                     const char *secret_id)
{
    const char *const ids[] = {app_id, secret_id};
    return oktai_operation_call(client, &deactivate_oauth2_client_secret, ids, NULL, NULL);
}
