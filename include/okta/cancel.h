/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Cancel tokens: one switch for many calls and pages, of any clients, in any threads and loops.
 * @code
 * okta_cancel_token *token;
 * okta_error *error = okta_cancel_token_new(&token);
 * ...
 * okta_call_set_cancel_token(call, token);
 * error = okta_call_run(call);
 * @endcode
 * and in another thread:
 * @code
 * okta_cancel_token_cancel(token);
 * @endcode
 *
 * okta_call_cancel() ends one call, a token all calls that have it, okta_client_cancel_all() all calls of a
 * client, okta_loop_cancel() all calls in a loop.
 */
#ifndef OKTA_CANCEL_H
#define OKTA_CANCEL_H

#include "okta/call.h"
#include "okta/common.h"
#include "okta/error.h"
#include "okta/pages.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A cancel token; opaque. Release it with okta_free(), at any time: the calls and pages that have it keep it
 *  alive. */
typedef struct okta_cancel_token okta_cancel_token;

/**
 * Make a token, which is not canceled.
 *
 * @param[out] out the token, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_cancel_token_new(okta_cancel_token **out);

/**
 * End all calls and pages that have the token, each as okta_call_cancel() and okta_pages_cancel() do. Those
 * that get it later are canceled from the start: a token stays canceled. From any thread; it waits for no
 * call. After fork() it ends no call of the parent.
 *
 * @param[in] token nullable; must not be released meanwhile.
 * @since 0.2.0
 */
OKTA_API void okta_cancel_token_cancel(okta_cancel_token *token);

/** @return whether the token was canceled; false for NULL. From any thread. @since 0.2.0 */
OKTA_API bool okta_cancel_token_is_canceled(const okta_cancel_token *token);

/**
 * Have a call end with a token. A call has one token: the latest that it got. okta_call_cancel() still ends
 * the call alone.
 *
 * @param[in] call  nullable; before it runs.
 * @param[in] token required; held until the call is released. NULL, and a token of before fork(), make
 *                  okta_call_run() return ::OKTA_E_ARG.
 * @since 0.2.0
 */
OKTA_API void okta_call_set_cancel_token(okta_call *call, okta_cancel_token *token);

/**
 * Have an iteration end with a token: the page that is under way, or the next one, fails with
 * ::OKTA_E_CANCELED.
 *
 * @param[in] pages nullable.
 * @param[in] token as for okta_call_set_cancel_token(); what is refused comes out of okta_pages_error().
 * @since 0.2.0
 */
OKTA_API void okta_pages_set_cancel_token(okta_pages *pages, okta_cancel_token *token);

#ifdef __cplusplus
}
#endif
#endif
