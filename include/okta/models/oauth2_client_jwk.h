/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The JSON Web Keys of an OAuth 2.0 client. Okta's description has one schema per key type and direction;
 * they agree on every member they share, so one struct serves for all, and each schema's name is a typedef of
 * it.
 */
#ifndef OKTA_MODELS_OAUTH2_CLIENT_JWK_H
#define OKTA_MODELS_OAUTH2_CLIENT_JWK_H

#include "okta/model.h"
#include "okta/models/oauth_client_secret_links.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Key type (RFC 7517, section 4.1). */
typedef enum okta_oauth2_client_jwk_kty {
    OKTA_OAUTH2_CLIENT_JWK_KTY_ABSENT = 0, /**< no such member */
    OKTA_OAUTH2_CLIENT_JWK_KTY_OTHER,      /**< newer than the library; okta_enum_text(key, "kty") */
    OKTA_OAUTH2_CLIENT_JWK_KTY_RSA,        /**< "RSA" */
    OKTA_OAUTH2_CLIENT_JWK_KTY_EC,         /**< "EC" */
} okta_oauth2_client_jwk_kty;

/** Whether Okta uses the key. */
typedef enum okta_oauth2_client_jwk_status {
    OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT = 0, /**< no such member */
    OKTA_OAUTH2_CLIENT_JWK_STATUS_OTHER,      /**< newer than the library; okta_enum_text(key, "status") */
    OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE,     /**< "ACTIVE" */
    OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE,   /**< "INACTIVE" */
} okta_oauth2_client_jwk_status;

/** What the key is for (RFC 7517, section 4.2). */
typedef enum okta_oauth2_client_jwk_use {
    OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT = 0, /**< no such member */
    OKTA_OAUTH2_CLIENT_JWK_USE_OTHER,      /**< newer than the library; okta_enum_text(key, "use") */
    OKTA_OAUTH2_CLIENT_JWK_USE_SIG,        /**< "sig": verifies the client's signatures */
    OKTA_OAUTH2_CLIENT_JWK_USE_ENC,        /**< "enc": encrypts tokens for the client */
} okta_oauth2_client_jwk_use;

/** A public key of a client. */
typedef struct okta_oauth2_client_jwk {
    okta_model model;                      /**< begin with OKTA_INIT() */
    const char *id;                        /**< read-only; Okta's id of the key */
    const char *kid;                       /**< key id (RFC 7517, section 4.5), unique in the app */
    okta_oauth2_client_jwk_kty kty;        /**< key type */
    const char *alg;                       /**< algorithm (RFC 7518, section 3.1 or 4.1); often absent */
    okta_oauth2_client_jwk_use use;        /**< absent or null on old keys */
    const char *e;                         /**< RSA: public exponent, base64url (RFC 7518, section 6.3.1.2) */
    const char *n;                         /**< RSA: modulus, base64url (RFC 7518, section 6.3.1.1) */
    const char *crv;                       /**< EC: "P-256", "P-384" or "P-521" (RFC 7518, section 6.2.1.1) */
    const char *x;                         /**< EC: x coordinate, base64url */
    const char *y;                         /**< EC: y coordinate, base64url */
    okta_oauth2_client_jwk_status status;  /**< absent in a request: active */
    const char *created;                   /**< read-only; RFC 3339 */
    const char *last_updated;              /**< read-only; RFC 3339 */
    okta_oauth_client_secret_links *links; /**< read-only; `_links`: what can be done to the key next */
} okta_oauth2_client_jwk;

/** What okta_add_jwk() takes. */
typedef okta_oauth2_client_jwk okta_oauth2_client_jwk_request;

/** Okta's OAuth2ClientJsonSigningKeyRequest. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_signing_key_request;
/** Okta's OAuth2ClientJsonSigningKeyResponse. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_signing_key_response;
/** Okta's OAuth2ClientJsonEncryptionKeyRequest. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_encryption_key_request;
/** Okta's OAuth2ClientJsonEncryptionKeyResponse. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_encryption_key_response;
/** Okta's OAuth2ClientJsonWebKeyRsaRequest. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_web_key_rsa_request;
/** Okta's OAuth2ClientJsonWebKeyRsaResponse. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_web_key_rsa_response;
/** Okta's OAuth2ClientJsonWebKeyECRequest. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_web_key_ec_request;
/** Okta's OAuth2ClientJsonWebKeyECResponse. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_web_key_ec_response;
/** Okta's OAuth2ClientJsonWebKeyRequestBase. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_web_key_request_base;
/** Okta's OAuth2ClientJsonWebKeyResponseBase. */
typedef okta_oauth2_client_jwk okta_oauth2_client_json_web_key_response_base;

/** The keys of a client. As JSON: an array, or the array inside `{"keys":...}` or `{"jwks":{"keys":...}}`. */
typedef struct okta_oauth2_client_jwk_list {
    okta_model model;               /**< begin with OKTA_INIT() */
    okta_oauth2_client_jwk **items; /**< non-NULL, also when empty; an element that is not a key shows no
                                       member, and okta_source() has its text */
    size_t count;                   /**< how many */
} okta_oauth2_client_jwk_list;

/** @return the descriptor of ::okta_oauth2_client_jwk. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_oauth2_client_jwk_descriptor(void);

/** @return the descriptor of ::okta_oauth2_client_jwk_list. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_oauth2_client_jwk_list_descriptor(void);

#ifdef __cplusplus
}
#endif
#endif
