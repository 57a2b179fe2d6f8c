/* SPDX-License-Identifier: Apache-2.0 */
/* The dates of HTTP headers. Pure: no locale, no time zone, no clock. */
#ifndef OKTA_HTTP_DATES_H
#define OKTA_HTTP_DATES_H

#include <stdbool.h>
#include <stdint.h>

/* An HTTP date (RFC 9110, section 5.6.7) as seconds since 1970: `Sun, 06 Nov 1994 08:49:37 GMT`,
 * `Sunday, 06-Nov-94 08:49:37 GMT` (years below 70 are 20xx) or `Sun Nov  6 08:49:37 1994`, from 1970 to
 * 9999. The name of the day need not fit the date. A leap second counts as the second after it. False:
 * anything else, also white space around a date; `*out_s` is untouched then. */
bool oktai_http_date(const char *text, int64_t *out_s);

#endif
