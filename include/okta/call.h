/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A call as an object: set limits and headers, run it, take its result, and read what the server said beside
 * it. Every API function `okta_xxx()` has a twin `okta_xxx_call()` that returns one.
 * @code
 * okta_call *call = okta_get_jwk_call(client, app_id, key_id);
 * okta_call_set_timeout_ms(call, 5000);
 * okta_error *error = okta_call_run(call);
 * okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
 * okta_free(call);
 * @endcode
 *
 * A call belongs to one thread at a time; only okta_call_cancel() may come from elsewhere. A call runs once.
 * What is wrong with the arguments of a constructor comes out of okta_call_run(), before any I/O. When memory
 * is out, a constructor returns NULL: every function here takes that for a call, and okta_call_run() answers
 * ::OKTA_E_NOMEM. So only the outcome of okta_call_run() needs to be looked at. What the arguments point to
 * is borrowed until okta_call_run() or okta_call_submit() returns.
 */
#ifndef OKTA_CALL_H
#define OKTA_CALL_H

#include <time.h>

#include "okta/client.h"
#include "okta/common.h"
#include "okta/error.h"
#include "okta/model.h"
#include "okta/rate_limits.h"

struct timespec;

#ifdef __cplusplus
extern "C" {
#endif

/** A call; opaque. Release it with okta_free(). */
typedef struct okta_call okta_call;

/**
 * Any request of the org's APIs, with the same pipeline as the typed functions: authorization, retries,
 * limits. POST and PATCH are never sent again once the server may have seen them.
 *
 * @param[in] client required.
 * @param[in] method "GET", "POST", "PUT", "PATCH" or "DELETE".
 * @param[in] path   begins with "/"; may end in a query. `.` and `..` segments, in any spelling, empty
 *                   segments, path parameters, escaped slashes, backslashes and percent signs, a fragment,
 *                   spaces, control characters and bytes outside ASCII are refused, and what makes a URL
 *                   of more than 1,000,000 bytes.
 * @param[in] body   nullable; one JSON document in strict JSON, NUL-terminated.
 * @return a call; release it with okta_free(). It has no result to take: okta_call_body() has the answer,
 * which of all but GET is empty or JSON: after another one the outcome is unknown. Errors: those of
 * okta_call_run(). NULL when memory is out.
 * @since 0.1.0
 */
OKTA_API okta_call *okta_request_call(okta_client *client, const char *method, const char *path,
                                      const char *body);

/** Limit the whole call with its retries to `timeout_ms`, 1 to 86,400,000 milliseconds, instead of the
 * client's limit. In a batch, waits for rate limits do not count. @since 0.1.0 */
OKTA_API void okta_call_set_timeout_ms(okta_call *call, int64_t timeout_ms);

/**
 * Give the call a point in time at which it ends, with all its retries. Where a limit by
 * okta_call_set_timeout_ms() or of the client ends earlier, that holds. A call whose deadline has passed when
 * it begins ends with ::OKTA_E_TIMEOUT, and nothing is sent.
 *
 * The time is one of `CLOCK_MONOTONIC`, as pthread_cond_clockwait() and clock_nanosleep() take it: nobody can
 * set that clock, so that a limit stays what it is. It counts from when the deadline was taken, however long
 * the call waits to be run; one deadline may hold for several calls.
 * @code
 * struct timespec deadline;
 * clock_gettime(CLOCK_MONOTONIC, &deadline);
 * deadline.tv_sec += 30;
 * okta_call_set_deadline(call, &deadline);
 * @endcode
 *
 * @param[in] call     nullable; before it runs.
 * @param[in] deadline required; copied; looked at in whole milliseconds, rounded down. NULL, and nanoseconds
 *                     outside 0 to 999,999,999, make okta_call_run() return ::OKTA_E_ARG.
 * @since 0.2.0
 */
OKTA_API void okta_call_set_deadline(okta_call *call, const struct timespec *deadline);

/** Repeat at most `max_retries` times, 0 to 20, instead of the client's limit. @since 0.1.0 */
OKTA_API void okta_call_set_max_retries(okta_call *call, unsigned max_retries);

/**
 * Add a request header. Names that the library sets itself are refused: Accept, Accept-Encoding,
 * Authorization, Connection, Content-Length, Content-Type, DPoP, Expect, Host, Transfer-Encoding, User-Agent,
 * X-Okta-Retry-Count, X-Okta-Retry-For.
 *
 * @param[in] call  required.
 * @param[in] name  an HTTP field name (RFC 9110, section 5.1); copied.
 * @param[in] value printable ASCII, spaces and tabs; copied.
 * @since 0.1.0
 */
OKTA_API void okta_call_add_header(okta_call *call, const char *name, const char *value);

/**
 * Ask for another media type than the first one that the operation answers with, as its documentation lists
 * them. The result of one that is not JSON is an ::okta_bytes.
 *
 * @param[in] call       required.
 * @param[in] media_type required, such as "application/pkcs10"; one that the operation does not answer with
 * is
 *                       ::OKTA_E_ARG.
 * @since 0.1.0
 */
OKTA_API void okta_call_set_accept(okta_call *call, const char *media_type);

/**
 * Send the request and wait for the outcome in the calling thread. OKTA_TAKE() then takes the result.
 *
 * @param[in] call nullable: the call that memory was too short for.
 * @return NULL on success, else the failure with any status of okta_status; ::OKTA_E_ARG also when the call
 *         ran before; ::OKTA_E_NOMEM also for NULL.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_call_run(okta_call *call);

/**
 * Take the result of a call that ran. Programs write OKTA_TAKE(), which lets the compiler see the type.
 *
 * @param[in] call nullable.
 * @param[in] type the descriptor of the operation's result.
 * @return the result, which is the caller's and no longer the call's. NULL for a call that failed, did not
 *         run or whose result was taken; also for an operation whose result is of another type, or that has
 *         none: these two are an event of the client's log at level ::OKTA_LOG_WARN, and in a library built
 * with `OKTA_CHECK_POINTERS` they end the program with a message.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK void *okta_call_take(okta_call *call, const okta_descriptor *type);

/**
 * Take the result of a call, `okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);`. What
 * is not taken is released with the call. The value is a `type *`; a `type` that is no model does not
 * compile. See okta_call_take().
 */
#ifdef __cplusplus
#define OKTA_TAKE(call, type) (static_cast<type *>(okta_call_take((call), type##_descriptor())))
#else
#define OKTA_TAKE(call, type) ((type *)okta_call_take((call), type##_descriptor()))
#endif

/**
 * End a call from any thread, before or while it runs: okta_call_run() returns ::OKTA_E_CANCELED, or
 * ::OKTA_E_OUTCOME_UNKNOWN for a write that may have happened. A call that is canceled before it runs sends
 * nothing; what is wrong with its arguments still comes first. The call must not be released meanwhile.
 *
 * @param[in] call nullable.
 * @since 0.1.0
 */
OKTA_API void okta_call_cancel(okta_call *call);

/** @return the HTTP status of the last answer; 0 when there was none. @since 0.1.0 */
OKTA_API int okta_call_http_status(const okta_call *call);

/** @return how many attempts were made; one that found no connection counts too. @since 0.1.0 */
OKTA_API unsigned okta_call_attempts(const okta_call *call);

/** @return true when the answer of a write was lost and a look at the org told that it happened. Status,
 *  headers and request id of the call are then those of the answer that was lost, if any. @since 0.1.0 */
OKTA_API bool okta_call_was_reconciled(const okta_call *call);

/** @return X-Okta-Request-Id of the last answer; nullable; borrowed from the call. @since 0.1.0 */
OKTA_API const char *okta_call_request_id(const okta_call *call);

/**
 * A header of the last answer.
 *
 * @param[in] call  required.
 * @param[in] name  found without regard to case.
 * @param[in] index which of several headers of that name, from 0.
 * @return its value, borrowed from the call; NULL when there is none.
 * @since 0.1.0
 */
OKTA_API const char *okta_call_header(const okta_call *call, const char *name, size_t index);

/**
 * The body of the last answer.
 *
 * @param[in]  call   required.
 * @param[out] length nullable; bytes.
 * @return borrowed from the call, NUL-terminated; NULL when there was none, or when it went with a result
 *         that was taken or with an error (see okta_source() and okta_error_response_body()).
 * @since 0.1.0
 */
OKTA_API const char *okta_call_body(const okta_call *call, size_t *length);

/** @return the rate-limit state of the last answer; members that it did not have are absent. @since 0.1.0 */
OKTA_API okta_rate_limit okta_call_rate_limit(const okta_call *call);

#ifdef __cplusplus
}
#endif
#endif
