/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The tag ApplicationSSOPublicKeys of Okta's reference: the JSON Web Keys and secrets of OAuth 2.0 clients.
 *
 * Besides the statuses that a function names, each can answer ::OKTA_E_ARG (a NULL argument or a refused id
 * or model),
 * ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT, ::OKTA_E_TIMEOUT, ::OKTA_E_AUTH, ::OKTA_E_FORBIDDEN,
 * ::OKTA_E_RATE_LIMITED,
 * ::OKTA_E_SERVER and ::OKTA_E_PROTOCOL, and a write, where the answer is lost for good,
 * ::OKTA_E_OUTCOME_UNKNOWN. Each has a twin that ends in `_call`: the same request as an object (see
 * okta/call.h); it never returns NULL.
 */
#ifndef OKTA_API_APPLICATION_SSO_PUBLIC_KEYS_H
#define OKTA_API_APPLICATION_SSO_PUBLIC_KEYS_H

#include "okta/call.h"
#include "okta/client.h"
#include "okta/common.h"
#include "okta/error.h"
#include "okta/models/oauth2_client_jwk.h"
#include "okta/models/oauth2_client_secret.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * List the keys of a client, in the order Okta gives them. Okta answers in one of three shapes; all are
 * accepted. Where the list comes in pages, this is the list of all pages.
 *
 * listJwk: `GET /api/v1/apps/{appId}/credentials/jwks`, scope `okta.apps.read`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[out] out the keys; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_list_jwk(okta_client *client, const char *app_id,
                                                   okta_oauth2_client_jwk_list **out);
/** okta_list_jwk() as a call; its result is `okta_oauth2_client_jwk_list **`. @since 0.1.0 */
OKTA_API okta_call *okta_list_jwk_call(okta_client *client, const char *app_id);

/**
 * Add a public key to a client. The key is checked first as okta_jwk_check() does; one without a `kid` gets
 * its RFC 7638 thumbprint for one.
 *
 * When the answer is lost, the org is asked for its keys, until the key is found or the deadline is near, and
 * the request is sent once more at most: Okta refuses a second key of one `kid`. What stays open is
 * ::OKTA_E_OUTCOME_UNKNOWN, which names kid and thumbprint, and okta_reconcile_jwk() finishes later.
 *
 * addJwk: `POST /api/v1/apps/{appId}/credentials/jwks`, scope `okta.apps.manage`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  key the key; okta_key_to_jwk_request() makes one.
 * @param[out] out the key as Okta stored it, always with an `id`; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app), ::OKTA_E_INVALID (a second key with the same `kid`,
 *         more than 50 keys, a second active encryption key), ::OKTA_E_CONFLICT (the answer was lost, and
 *         the org has another key of that `kid`).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_add_jwk(okta_client *client, const char *app_id,
                                                  const okta_oauth2_client_jwk_request *key,
                                                  okta_oauth2_client_jwk **out);
/** okta_add_jwk() as a call; its result is `okta_oauth2_client_jwk **`. @since 0.1.0 */
OKTA_API okta_call *okta_add_jwk_call(okta_client *client, const char *app_id,
                                      const okta_oauth2_client_jwk_request *key);

/**
 * Get one key.
 *
 * getJwk: `GET /api/v1/apps/{appId}/credentials/jwks/{keyId}`, scope `okta.apps.read`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  key_id Okta's `id` of the key.
 * @param[out] out the key; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app or key).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_get_jwk(okta_client *client, const char *app_id, const char *key_id,
                                                  okta_oauth2_client_jwk **out);
/** okta_get_jwk() as a call; its result is `okta_oauth2_client_jwk **`. @since 0.1.0 */
OKTA_API okta_call *okta_get_jwk_call(okta_client *client, const char *app_id, const char *key_id);

/**
 * Delete an inactive key.
 *
 * deletejwk: `DELETE /api/v1/apps/{appId}/credentials/jwks/{keyId}`, scope `okta.apps.manage`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  key_id Okta's `id` of the key.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app or key), ::OKTA_E_INVALID (the key is active).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_deletejwk(okta_client *client, const char *app_id,
                                                    const char *key_id);
/** okta_deletejwk() as a call; it has no result. @since 0.1.0 */
OKTA_API okta_call *okta_deletejwk_call(okta_client *client, const char *app_id, const char *key_id);

/**
 * Activate a key. Activating an encryption key deactivates the active one.
 *
 * activateOAuth2ClientJsonWebKey: `POST /api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/activate`,
 * scope `okta.apps.manage`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  key_id Okta's `id` of the key.
 * @param[out] out the key after it; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app or key).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_activate_oauth2_client_json_web_key(okta_client *client,
                                                                              const char *app_id,
                                                                              const char *key_id,
                                                                              okta_oauth2_client_jwk **out);
/** okta_activate_oauth2_client_json_web_key() as a call; its result is `okta_oauth2_client_jwk **`. @since
 * 0.1.0 */
OKTA_API okta_call *okta_activate_oauth2_client_json_web_key_call(okta_client *client, const char *app_id,
                                                                  const char *key_id);

/**
 * Deactivate a key.
 *
 * deactivateOAuth2ClientJsonWebKey: `POST
 * /api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/deactivate`, scope `okta.apps.manage`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  key_id Okta's `id` of the key.
 * @param[out] out the key after it; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app or key), ::OKTA_E_INVALID (the active encryption key
 *         while ID tokens are encrypted; the only signing key of a `private_key_jwt` client).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_deactivate_oauth2_client_json_web_key(okta_client *client,
                                                                                const char *app_id,
                                                                                const char *key_id,
                                                                                okta_oauth2_client_jwk **out);
/** okta_deactivate_oauth2_client_json_web_key() as a call; its result is `okta_oauth2_client_jwk **`. @since
 * 0.1.0 */
OKTA_API okta_call *okta_deactivate_oauth2_client_json_web_key_call(okta_client *client, const char *app_id,
                                                                    const char *key_id);

/**
 * List the secrets of a client, in clear text. Where the list comes in pages, this is the list of all pages.
 *
 * listOAuth2ClientSecrets: `GET /api/v1/apps/{appId}/credentials/secrets`, scope `okta.apps.read`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[out] out the secrets; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_list_oauth2_client_secrets(okta_client *client, const char *app_id,
                                                                     okta_oauth2_client_secret_list **out);
/** okta_list_oauth2_client_secrets() as a call; its result is `okta_oauth2_client_secret_list **`. @since
 * 0.1.0 */
OKTA_API okta_call *okta_list_oauth2_client_secrets_call(okta_client *client, const char *app_id);

/**
 * Create a secret. The request is sent once. A secret of the program's own (`client_secret`) is looked for
 * when the answer is lost. Where Okta makes the secret, the secrets are listed first, which is one request
 * more, and a lost answer is ::OKTA_E_OUTCOME_UNKNOWN, whose message names the ids that are new.
 *
 * createOAuth2ClientSecret: `POST /api/v1/apps/{appId}/credentials/secrets`, scope `okta.apps.manage`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  secret nullable; NULL: Okta makes the secret.
 * @param[out] out the secret, in clear text, always with an `id`; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app), ::OKTA_E_INVALID (a third secret, or a text that Okta
 *         does not take).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *
okta_create_oauth2_client_secret(okta_client *client, const char *app_id,
                                 const okta_oauth2_client_secret_request_body *secret,
                                 okta_oauth2_client_secret **out);
/** okta_create_oauth2_client_secret() as a call; its result is `okta_oauth2_client_secret **`. @since 0.1.0
 */
OKTA_API okta_call *
okta_create_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                      const okta_oauth2_client_secret_request_body *secret);

/**
 * Get one secret, in clear text.
 *
 * getOAuth2ClientSecret: `GET /api/v1/apps/{appId}/credentials/secrets/{secretId}`, scope `okta.apps.read`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  secret_id id of the secret.
 * @param[out] out the secret; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app or secret).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_get_oauth2_client_secret(okta_client *client, const char *app_id,
                                                                   const char *secret_id,
                                                                   okta_oauth2_client_secret **out);
/** okta_get_oauth2_client_secret() as a call; its result is `okta_oauth2_client_secret **`. @since 0.1.0 */
OKTA_API okta_call *okta_get_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                       const char *secret_id);

/**
 * Delete an inactive secret.
 *
 * deleteOAuth2ClientSecret: `DELETE /api/v1/apps/{appId}/credentials/secrets/{secretId}`, scope
 * `okta.apps.manage`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  secret_id id of the secret.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app or secret), ::OKTA_E_INVALID (the secret is active).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_delete_oauth2_client_secret(okta_client *client, const char *app_id,
                                                                      const char *secret_id);
/** okta_delete_oauth2_client_secret() as a call; it has no result. @since 0.1.0 */
OKTA_API okta_call *okta_delete_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                          const char *secret_id);

/**
 * Activate a secret.
 *
 * activateOAuth2ClientSecret: `POST /api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/activate`,
 * scope `okta.apps.manage`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  secret_id id of the secret.
 * @param[out] out the secret after it; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app or secret).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_activate_oauth2_client_secret(okta_client *client,
                                                                        const char *app_id,
                                                                        const char *secret_id,
                                                                        okta_oauth2_client_secret **out);
/** okta_activate_oauth2_client_secret() as a call; its result is `okta_oauth2_client_secret **`. @since 0.1.0
 */
OKTA_API okta_call *okta_activate_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                            const char *secret_id);

/**
 * Deactivate a secret.
 *
 * deactivateOAuth2ClientSecret: `POST
 * /api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/deactivate`, scope `okta.apps.manage`.
 *
 * @param[in]  client required.
 * @param[in]  app_id id of the app (the client).
 * @param[in]  secret_id id of the secret.
 * @param[out] out the secret after it; yours. NULL after an error.
 * @return NULL; ::OKTA_E_NOT_FOUND (no such app or secret), ::OKTA_E_INVALID (the only active secret).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_deactivate_oauth2_client_secret(okta_client *client,
                                                                          const char *app_id,
                                                                          const char *secret_id,
                                                                          okta_oauth2_client_secret **out);
/** okta_deactivate_oauth2_client_secret() as a call; its result is `okta_oauth2_client_secret **`. @since
 * 0.1.0 */
OKTA_API okta_call *okta_deactivate_oauth2_client_secret_call(okta_client *client, const char *app_id,
                                                              const char *secret_id);

#ifdef __cplusplus
}
#endif
#endif
