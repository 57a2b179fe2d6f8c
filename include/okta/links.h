/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The `_links` of anything that Okta returns: names, and under each of them one link or several. What can be
 * done to an object next shows here. The library never follows these URLs.
 * @code
 * const okta_link *activate = okta_links_find(key->links, "activate", 0);
 * if (activate != NULL) {
 *     printf("activate it: %s\n", activate->href);
 * }
 * @endcode
 */
#ifndef OKTA_LINKS_H
#define OKTA_LINKS_H

#include "okta/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a link may be used. */
typedef struct okta_link_hints {
    okta_model model;   /**< begin with OKTA_INIT() */
    const char **allow; /**< HTTP methods that the target takes, such as "GET" */
    size_t allow_count; /**< how many */
} okta_link_hints;

/** A link. Members that only few links have are extras: see okta_extra_text(). */
typedef struct okta_link {
    okta_model model;        /**< begin with OKTA_INIT() */
    const char *href;        /**< the URL */
    const char *name;        /**< tells links of one relation apart */
    const char *type;        /**< media type of the target */
    okta_opt_bool templated; /**< whether `href` is a template */
    const char *title;       /**< for people */
    const char *rel;         /**< relation, where it differs from the name in ::okta_links */
    const char *method;      /**< HTTP method to use */
    okta_link_hints *hints;  /**< how it may be used */
} okta_link;

/** What stands under one name. */
typedef struct okta_link_entry {
    const char *name;  /**< relation, such as "self" */
    okta_link **links; /**< the links, none of them NULL */
    size_t count;      /**< how many; 0 only in an array that came empty */
    bool is_array;     /**< written as an array; more than one link always is */
} okta_link_entry;

/** The links of an object. What is no link, such as a text or null under a name, is an extra. */
typedef struct okta_links {
    okta_model model;         /**< begin with OKTA_INIT() */
    okta_link_entry *entries; /**< in the order in which they came */
    size_t entries_count;     /**< how many */
} okta_links;

/**
 * A link by its name.
 *
 * @param[in] links nullable; such as the member `links` of a result.
 * @param[in] name  relation, such as "self", byte for byte.
 * @param[in] index 0 for the first link of that name.
 * @return borrowed from `links`; NULL when there is none.
 * @since 0.1.0
 */
OKTA_API const okta_link *okta_links_find(const okta_links *links, const char *name, size_t index);

/** @return the descriptor of ::okta_link_hints. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_link_hints_descriptor(void);

/** @return the descriptor of ::okta_link. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_link_descriptor(void);

/** @return the descriptor of ::okta_links. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_links_descriptor(void);

#ifdef __cplusplus
}
#endif
#endif
