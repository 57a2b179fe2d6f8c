/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The log callback. An event has typed fields, none of which can hold a header, a body, a query string or a
 * credential: there is nothing to redact because nothing secret gets in.
 */
#ifndef OKTA_LOG_H
#define OKTA_LOG_H

#include "okta/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Least to most talkative. */
typedef enum okta_log_level {
    OKTA_LOG_NONE = 0, /**< nothing; the default */
    OKTA_LOG_WARN,     /**< a call failed, or a retry was needed */
    OKTA_LOG_INFO,     /**< one event a call, and one each time an access token is asked for */
    OKTA_LOG_DEBUG,    /**< one event an attempt, and what decoding set aside */
} okta_log_level;

/** One event. Texts are borrowed and valid only during the callback. */
typedef struct okta_log_event {
    size_t struct_size;     /**< bytes that the library filled */
    okta_log_level level;   /**< never ::OKTA_LOG_NONE */
    const char *message;    /**< one line for people */
    const char *operation;  /**< Okta's operationId, such as "addJwk"; "request" for a raw call; "token" for
                                 the request of an access token that a call makes on its way; "configuration"
                                 for a warning about options, files and variables */
    const char *method;     /**< HTTP method */
    const char *path;       /**< path without query; nullable */
    int http_status;        /**< 0 when no answer came */
    unsigned attempt;       /**< counted from 1; 0 where no attempt is meant */
    int64_t elapsed_ms;     /**< since the call began */
    int64_t wait_ms;        /**< the wait before the next attempt; 0 when none follows */
    const char *request_id; /**< X-Okta-Request-Id; nullable */
} okta_log_event;

/**
 * Receives events, in the thread that runs the call, with no lock held. It must not run a call of the same
 * client, which may wait for the one at hand, and must return normally.
 *
 * @param[in] ctx   what the options gave.
 * @param[in] event borrowed.
 */
typedef void okta_log_fn(void *ctx, const okta_log_event *event);

#ifdef __cplusplus
}
#endif
#endif
