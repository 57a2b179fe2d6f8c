/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The secrets of an OAuth 2.0 client. `client_secret` is a secret: it is masked in redacted output and wiped
 * by okta_free().
 */
#ifndef OKTA_MODELS_OAUTH2_CLIENT_SECRET_H
#define OKTA_MODELS_OAUTH2_CLIENT_SECRET_H

#include "okta/model.h"
#include "okta/models/oauth_client_secret_links.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether Okta accepts the secret. */
typedef enum okta_oauth2_client_secret_status {
    OKTA_OAUTH2_CLIENT_SECRET_STATUS_ABSENT = 0, /**< no such member */
    OKTA_OAUTH2_CLIENT_SECRET_STATUS_OTHER,      /**< newer than libokta; okta_enum_text(secret, "status") */
    OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE,     /**< "ACTIVE" */
    OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE,   /**< "INACTIVE" */
} okta_oauth2_client_secret_status;

/** A secret as Okta returns it. Every member but `status` is read-only. */
typedef struct okta_oauth2_client_secret {
    okta_model model;                        /**< begin with OKTA_INIT() */
    const char *id;                          /**< Okta's id of the secret */
    const char *client_secret;               /**< secret; in clear text in every answer */
    const char *secret_hash;                 /**< identifies the secret without telling it */
    okta_oauth2_client_secret_status status; /**< active or not */
    const char *created;                     /**< RFC 3339 */
    const char *last_updated;                /**< RFC 3339 */
    okta_oauth_client_secret_links *links;   /**< `_links`: what can be done to the secret next */
} okta_oauth2_client_secret;

/** What okta_create_oauth2_client_secret() takes. */
typedef struct okta_oauth2_client_secret_request_body {
    okta_model model;                        /**< begin with OKTA_INIT() */
    okta_oauth2_client_secret_status status; /**< absent: active */
    const char *client_secret; /**< secret; 14 to 100 printable ASCII characters, at least 32 for an app
                                    with client_secret_jwt; absent: Okta makes one */
} okta_oauth2_client_secret_request_body;

/** The secrets of a client. As JSON: an array. */
typedef struct okta_oauth2_client_secret_list {
    okta_model model;                  /**< begin with OKTA_INIT() */
    okta_oauth2_client_secret **items; /**< non-NULL, also when empty; an element that is not a secret shows
                                          no member, and okta_source() has its text */
    size_t count;                      /**< how many */
} okta_oauth2_client_secret_list;

/** @return the descriptor of ::okta_oauth2_client_secret. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_oauth2_client_secret_descriptor(void);

/** @return the descriptor of ::okta_oauth2_client_secret_request_body. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_oauth2_client_secret_request_body_descriptor(void);

/** @return the descriptor of ::okta_oauth2_client_secret_list. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_oauth2_client_secret_list_descriptor(void);

#ifdef __cplusplus
}
#endif
#endif
