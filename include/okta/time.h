/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Times as Okta writes them. Members of models keep the text that came; these functions turn it into a number
 * and back. They look at no time zone of the machine, no locale and no clock.
 */
#ifndef OKTA_TIME_H
#define OKTA_TIME_H

#include "okta/common.h"
#include "okta/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A point in time. */
typedef struct okta_time {
    int64_t seconds; /**< since 1970-01-01T00:00:00Z without leap seconds, as time_t; negative before it */
    int32_t nanoseconds; /**< 0 to 999,999,999, and later than `seconds` */
} okta_time;

/** Room for what okta_time_format() writes, with its NUL. */
#define OKTA_TIME_SIZE 31

/**
 * Read a time. It takes RFC 3339, and what Okta sends beside it:
 *
 * - a date, then `T`, `t` or a space, then a time: `2026-01-02T03:04:05`;
 * - after that, optionally, a fraction of 1 to 9 digits: `.678`;
 * - after that, optionally, a zone: `Z`, `z`, `+01:00` or `+0100`. Without one it is UTC.
 *
 * Years go from 0000 to 9999 of the Gregorian calendar, also before its time. A leap second, `:60` at the end
 * of a month in UTC, counts as the second after it.
 *
 * @param[in]  text the time, and nothing before or behind it.
 * @param[out] out  receives the time; all zero after an error.
 * @return NULL; ::OKTA_E_ARG (a NULL argument; text that is no such time: the message says at which byte,
 *         counted from 0, and what is due there), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_time_parse(const char *text, okta_time *out);

/**
 * Write a time in UTC by RFC 3339, such as `2026-01-02T03:04:05.678Z`. Digits of the fraction that are not
 * asked for are cut off, not rounded.
 *
 * @param[in]  time   the time, in the years 0000 to 9999.
 * @param[in]  digits of the fraction: 0 to 9. Okta itself writes 3.
 * @param[out] out    receives the text and a NUL; empty after an error.
 * @return NULL; ::OKTA_E_ARG (a NULL argument, more than 9 digits, nanoseconds that are no part of a second,
 *         a year that has not four digits), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_time_format(const okta_time *time, unsigned digits,
                                                      char out[OKTA_TIME_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
