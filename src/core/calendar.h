/* SPDX-License-Identifier: Apache-2.0 */
/* The Gregorian calendar, for the years 0 to 9999 also before its time. Pure: no locale, no time zone, no
 * clock. */
#ifndef OKTA_CORE_CALENDAR_H
#define OKTA_CORE_CALENDAR_H

#include <stdint.h>

/* The number of days in a month from 1 to 12. */
int oktai_days_in_month(int year, int month);

/* Days from 1970-01-01 to a date that exists. */
int64_t oktai_days_of_date(int year, int month, int day);

/* The date of so many days after 1970-01-01. */
void oktai_date_of_days(int64_t days, int *year, int *month, int *day);

#endif
