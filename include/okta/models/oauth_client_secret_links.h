/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The `_links` of client keys and secrets: what can be done to the object next, and under which URL. The
 * library never follows these URLs.
 */
#ifndef OKTA_MODELS_OAUTH_CLIENT_SECRET_LINKS_H
#define OKTA_MODELS_OAUTH_CLIENT_SECRET_LINKS_H

#include "okta/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An HTTP method in a link's hints. */
typedef enum okta_http_method {
    OKTA_HTTP_METHOD_ABSENT = 0, /**< no such member */
    OKTA_HTTP_METHOD_OTHER,      /**< newer than the library; okta_extra(hints, "allow") has the array */
    OKTA_HTTP_METHOD_DELETE,     /**< "DELETE" */
    OKTA_HTTP_METHOD_GET,        /**< "GET" */
    OKTA_HTTP_METHOD_POST,       /**< "POST" */
    OKTA_HTTP_METHOD_PUT,        /**< "PUT" */
} okta_http_method;

/** How a link may be used. */
typedef struct okta_href_hints {
    okta_model model;        /**< begin with OKTA_INIT() */
    okta_http_method *allow; /**< methods that the target allows */
    size_t allow_count;      /**< how many */
} okta_href_hints;

/** A link. */
typedef struct okta_href_object {
    okta_model model;        /**< begin with OKTA_INIT() */
    okta_href_hints *hints;  /**< read-only */
    const char *href;        /**< the URL */
    const char *name;        /**< read-only */
    okta_opt_bool templated; /**< read-only; whether `href` is a template */
    const char *type;        /**< read-only; media type of the target */
} okta_href_object;

/** Okta's HrefObjectActivateLink. */
typedef okta_href_object okta_href_object_activate_link;
/** Okta's HrefObjectDeactivateLink. */
typedef okta_href_object okta_href_object_deactivate_link;
/** Okta's HrefObjectDeleteLink. */
typedef okta_href_object okta_href_object_delete_link;

/** The links of a key or secret. */
typedef struct okta_oauth_client_secret_links {
    okta_model model;                             /**< begin with OKTA_INIT() */
    okta_href_object_activate_link *activate;     /**< present while it is inactive */
    okta_href_object_deactivate_link *deactivate; /**< present while it is active */
    okta_href_object_delete_link *delete_link;    /**< `delete`; present while it is inactive */
} okta_oauth_client_secret_links;

/** @return the descriptor of ::okta_href_hints. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_href_hints_descriptor(void);

/** @return the descriptor of ::okta_href_object. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_href_object_descriptor(void);

/** @return the descriptor of ::okta_oauth_client_secret_links. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_oauth_client_secret_links_descriptor(void);

#ifdef __cplusplus
}
#endif
#endif
