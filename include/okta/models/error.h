/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The error document that Okta answers with. Programs meet it inside an okta_error, which is the type of the
 * schema Error; okta_error_document() gives this struct.
 */
#ifndef OKTA_MODELS_ERROR_H
#define OKTA_MODELS_ERROR_H

#include "okta/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One reason among several. */
typedef struct okta_error_cause {
    okta_model model;          /**< begin with OKTA_INIT() */
    const char *error_summary; /**< what is wrong, in words */
} okta_error_cause;

/** An error document. */
typedef struct okta_error_body {
    okta_model model;                /**< begin with OKTA_INIT() */
    okta_error_cause **error_causes; /**< reasons */
    size_t error_causes_count;       /**< how many */
    const char *error_code;          /**< such as "E0000001" */
    const char *error_id;            /**< identifies this occurrence */
    const char *error_link;          /**< repeats the code */
    const char *error_summary;       /**< what is wrong, in words */
} okta_error_body;

/** @return the descriptor of ::okta_error_body. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_error_body_descriptor(void);

/** @return the descriptor of ::okta_error_cause. @since 0.1.0 */
OKTA_API const okta_descriptor *okta_error_cause_descriptor(void);

#ifdef __cplusplus
}
#endif
#endif
