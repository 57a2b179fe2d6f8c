/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Filter and search expressions, as the parameters `filter` and `search` of many lists take them, with values
 * that come from elsewhere. A value that is pasted between quotes may hold a quote itself, and then the
 * expression finds something else than it was meant to; here each value is quoted by the rules of the
 * expression.
 * @code
 * char *search = NULL;
 * okta_error *error = okta_filter_format("profile.team eq ? and status eq \"ACTIVE\"",
 *                                        (const char *const[]){team, NULL}, &search);
 * @endcode
 */
#ifndef OKTA_FILTER_H
#define OKTA_FILTER_H

#include "okta/common.h"
#include "okta/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Put values into an expression. Each `?` outside of quotes becomes the next value as a string of RFC 7644,
 * section 3.4.2.2: in quotes, with escapes as in JSON. The rest of the expression stays as it is; it is not
 * checked otherwise. Numbers, booleans and times that the program makes itself need no `?`.
 *
 * @param[in]  pattern    required, such as `profile.login eq ?`.
 * @param[in]  values     required; as many as `pattern` has `?`, then NULL; each UTF-8, and it may be empty.
 * @param[out] expression receives the text, NUL-terminated, which is the caller's; NULL after an error.
 *                        It is not percent-encoded: the functions that take it do that.
 * @return NULL; ::OKTA_E_ARG (a NULL argument, too few or too many values, a quote in `pattern` that is not
 *         closed, a value that is not UTF-8), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_filter_format(const char *pattern, const char *const *values,
                                                        char **expression);

#ifdef __cplusplus
}
#endif
#endif
