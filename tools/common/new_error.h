/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of a tool's own. */
#ifndef OKTA_TOOLS_NEW_ERROR_H
#define OKTA_TOOLS_NEW_ERROR_H

#include <okta/error.h>

#if defined(__GNUC__)
#define REPORT_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define REPORT_PRINTF(text, first)
#endif

/* Text as by printf. */
okta_error *report_new_error(okta_status status, const char *format, ...) REPORT_PRINTF(2, 3);

#endif
