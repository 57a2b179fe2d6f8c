/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The bridge to cJSON, for values whose shape Okta leaves free and for programs that speak cJSON already.
 * Include this header only where cJSON's headers are there; no other header of libokta needs them.
 *
 * cJSON holds numbers as double: integers beyond 2^53 change. The text from okta_extra() and okta_source()
 * does not.
 */
#ifndef OKTA_CJSON_H
#define OKTA_CJSON_H

#include <cjson/cJSON.h>

#include "okta/common.h"
#include "okta/error.h"
#include "okta/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * JSON text as a cJSON tree: an extra, a free-form member, a page item.
 *
 * @param[in]  json   strict JSON; need not be NUL-terminated.
 * @param[in]  length bytes of `json`.
 * @param[out] out    the tree; release it with cJSON_Delete(), not okta_free(). NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL), ::OKTA_E_PROTOCOL (not strict JSON, or a `\u0000`, which cJSON cannot
 *         hold), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_json_to_cjson(const char *json, size_t length, cJSON **out);

/**
 * A cJSON tree as JSON text, for instance to send it as an extra.
 *
 * @param[in]  tree       required.
 * @param[out] out_json   NUL-terminated strict JSON, the caller's: okta_free(). NULL after an error.
 * @param[out] out_length nullable; bytes without the NUL.
 * @return NULL; ::OKTA_E_ARG (NULL; a tree with a raw node or string that is not JSON or UTF-8),
 *         ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_cjson_to_json(const cJSON *tree, char **out_json,
                                                        size_t *out_length);

/**
 * A model as a cJSON tree.
 *
 * @param[in]  type  the descriptor of the model.
 * @param[in]  model required.
 * @param[out] out   the tree; release it with cJSON_Delete(). NULL after an error.
 * @return NULL; the errors of okta_to_json() and okta_json_to_cjson().
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_model_to_cjson(const okta_descriptor *type, const void *model,
                                                         cJSON **out);

/**
 * A cJSON tree as a model.
 *
 * @param[in]  type the descriptor of the model.
 * @param[in]  tree required.
 * @param[out] out  address of a pointer to the model (`T **`), the caller's. NULL after an error.
 * @return NULL; the errors of okta_cjson_to_json() and okta_from_json().
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_model_from_cjson(const okta_descriptor *type, const cJSON *tree,
                                                           void *out);

#ifdef __cplusplus
}
#endif
#endif
