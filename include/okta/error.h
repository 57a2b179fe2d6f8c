/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Errors. A function that can fail returns `okta_error *`: NULL is success, an object is the failure and says
 * everything about it. The object belongs to the caller, who releases it with okta_free(). Out of memory is a
 * static object that needs no memory; okta_free() accepts it too.
 *
 * Every accessor takes NULL and then answers as for success: ::OKTA_OK, 0, or NULL. Texts live as long as
 * the error. No text of an error contains a secret that the call sent, though the server sends it back: it is
 * shown as `***`. The body of an answer and the document in it stay as they came.
 */
#ifndef OKTA_ERROR_H
#define OKTA_ERROR_H

#include "okta/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What went wrong, in one word. */
typedef enum okta_status {
    OKTA_OK = 0,            /**< nothing */
    OKTA_E_ARG,             /**< an argument is refused; nothing was sent */
    OKTA_E_CONFIG,          /**< the configuration is refused; nothing was sent */
    OKTA_E_NOMEM,           /**< memory is out */
    OKTA_E_TRANSPORT,       /**< name, connection, TLS or transfer failed */
    OKTA_E_TIMEOUT,         /**< the deadline of the call passed */
    OKTA_E_CANCELED,        /**< the call was canceled (see okta/cancel.h) */
    OKTA_E_AUTH,            /**< the credential or its proof is refused (HTTP 401; 400 by a challenge) */
    OKTA_E_FORBIDDEN,       /**< the credential lacks a permission or scope (HTTP 403) */
    OKTA_E_NOT_FOUND,       /**< the addressed object does not exist, says Okta (HTTP 404, 410) */
    OKTA_E_CONFLICT,        /**< the state of the object forbids it (HTTP 409, 412) */
    OKTA_E_RATE_LIMITED,    /**< the rate limit does not clear before the deadline (HTTP 429) */
    OKTA_E_INVALID,         /**< the request is refused for its content (other HTTP 4xx) */
    OKTA_E_SERVER,          /**< the server failed (HTTP 5xx) */
    OKTA_E_PROTOCOL,        /**< the answer is not Okta's, or not what the operation returns */
    OKTA_E_OUTCOME_UNKNOWN, /**< a write was sent and its answer lost: it may have happened or not */
} okta_status;

/**
 * A failure. It is also the C type of the schema Error of Okta's API description: the accessors below read
 * its errorCode, errorSummary, errorLink, errorId and errorCauses, and okta_error_document() shows it whole.
 */
typedef struct okta_error okta_error;

struct okta_error_body;

/**
 * Make an error, as callbacks of a program return them.
 *
 * @param[in] status  what went wrong; a value that is no failure becomes ::OKTA_E_ARG.
 * @param[in] message nullable: the status stands for it; one line for people; copied, at most 1,000 bytes.
 * @return the error, the caller's; never NULL: without memory it is the static ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_error_new(okta_status status, const char *message);

/** @return the status; ::OKTA_OK for NULL. @since 0.1.0 */
OKTA_API okta_status okta_error_status(const okta_error *error);

/** @return the name of a status without its prefix, such as "NOT_FOUND"; "UNKNOWN" for a foreign value.
 *  @since 0.1.0 */
OKTA_API const char *okta_status_name(okta_status status);

/** @return one line for people, in English, with Okta's code, summary and first cause where there are
 *  any; "success" for NULL. @since 0.1.0 */
OKTA_API const char *okta_error_message(const okta_error *error);

/** @return the HTTP status of the last answer; 0 when there was none. @since 0.1.0 */
OKTA_API int okta_error_http_status(const okta_error *error);

/** @return Okta's errorCode such as "E0000007", or the OAuth `error`; NULL when the answer had none.
 *  @since 0.1.0 */
OKTA_API const char *okta_error_code(const okta_error *error);

/** @return Okta's errorSummary, or the OAuth `error_description`; nullable. @since 0.1.0 */
OKTA_API const char *okta_error_summary(const okta_error *error);

/** @return Okta's errorId, to be quoted to Okta's support; nullable. @since 0.1.0 */
OKTA_API const char *okta_error_id(const okta_error *error);

/** @return how many errorCauses Okta gave. @since 0.1.0 */
OKTA_API size_t okta_error_cause_count(const okta_error *error);

/** @return the errorSummary of the cause at `index`, counted from 0; NULL beyond the last, or when that cause
 *  has none. @since 0.1.0 */
OKTA_API const char *okta_error_cause_summary(const okta_error *error, size_t index);

/** @return the whole decoded error document; NULL when the answer was not one. Borrowed. @since 0.1.0 */
OKTA_API const struct okta_error_body *okta_error_document(const okta_error *error);

/** @return X-Okta-Request-Id of the last answer; nullable. @since 0.1.0 */
OKTA_API const char *okta_error_request_id(const okta_error *error);

/**
 * After ::OKTA_E_OUTCOME_UNKNOWN of a create whose result cannot be told from others (a client secret that
 * Okta makes): how many objects the org has at the same path that were not there before the call. One of them
 * may be the result, or they are somebody else's.
 *
 * @param[in] error nullable.
 * @return 0 also when the org could not be asked.
 * @since 0.1.0
 */
OKTA_API size_t okta_error_newcomer_count(const okta_error *error);

/** @return the id of such an object, counted from 0; NULL beyond the last. @since 0.1.0 */
OKTA_API const char *okta_error_newcomer_id(const okta_error *error, size_t index);

/** @return how many attempts were made; 0 when the call was refused before any I/O. Where no access token
 * could be had, attempts, HTTP status and body are those of the token request. @since 0.1.0 */
OKTA_API unsigned okta_error_attempts(const okta_error *error);

/** @return true when the same call may succeed later and repeating it does no harm. @since 0.1.0 */
OKTA_API bool okta_error_is_retryable(const okta_error *error);

/** @return how many milliseconds to wait before a repetition, as far as the server said; 0 when unknown.
 *  @since 0.1.0 */
OKTA_API int64_t okta_error_retry_after_ms(const okta_error *error);

/** @return when to repeat, in seconds since 1970, UTC, by the server's clock, as far as a rate limit said; 0
 *  when unknown. @since 0.1.0 */
OKTA_API int64_t okta_error_retry_at(const okta_error *error);

/**
 * The body of the answer as it came: what a server said that is not an error document, or an answer that
 * could not be decoded.
 *
 * @param[in]  error  nullable.
 * @param[out] length nullable; the number of bytes.
 * @return borrowed, NUL-terminated; NULL when no body arrived.
 * @since 0.1.0
 */
OKTA_API const char *okta_error_response_body(const okta_error *error, size_t *length);

#ifdef __cplusplus
}
#endif
#endif
