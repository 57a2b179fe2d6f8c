/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What some operations take or bring instead of a model of Okta's: a list of strings, free-form JSON, bytes,
 * a redirect. Like models they begin with OKTA_INIT(), have a descriptor, are taken with OKTA_TAKE() and
 * released with okta_free().
 */
#ifndef OKTA_VALUES_H
#define OKTA_VALUES_H

#include "okta/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A list of strings. As JSON: an array. */
typedef struct okta_string_list {
    okta_model model;         /**< begin with OKTA_INIT() */
    const char *const *items; /**< non-NULL in decoded lists, also when empty; ::OKTA_NULL where the server
                                 sent null, and the JSON text of an element that is no string: unchanged, both
                                 go back as they came */
    size_t count;             /**< how many */
} okta_string_list;

/** Any JSON value. `<okta/cjson.h>` makes a tree of it. */
typedef struct okta_json {
    okta_model model; /**< begin with OKTA_INIT() */
    const char *json; /**< required; the value as NUL-terminated JSON text */
} okta_json;

/** Bytes of a media type. They are no JSON: okta_to_json() and its like refuse them. */
typedef struct okta_bytes {
    okta_model model;       /**< begin with OKTA_INIT() */
    const void *data;       /**< what a result holds has a NUL behind it */
    size_t length;          /**< how many */
    const char *media_type; /**< such as "application/pkcs10". In a request nullable: the first that the
                               operation takes. Of an answer its Content-Type; NULL where it has none */
} okta_bytes;

/** Where an answer leads: the result of operations that end in a redirect. It is no JSON, either. */
typedef struct okta_location {
    okta_model model; /**< begin with OKTA_INIT() */
    const char *url;  /**< the Location header as it came, which nothing has checked or followed; NULL: the
                         answer  has none */
} okta_location;

/** @return the descriptor of ::okta_string_list. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_string_list_descriptor(void);

/** @return the descriptor of ::okta_json. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_json_descriptor(void);

/** @return the descriptor of ::okta_bytes. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_bytes_descriptor(void);

/** @return the descriptor of ::okta_location. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_location_descriptor(void);

#ifdef __cplusplus
}
#endif
#endif
