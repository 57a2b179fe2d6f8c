/* SPDX-License-Identifier: Apache-2.0 */
#include "core/calendar.h"

#include <stdbool.h>

/* From the start of the year 0 to that of 1970. */
#define DAYS_BEFORE_1970 INT64_C(719528)

static const int before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int oktai_days_in_month(int year, int month)
{
    return before_month[month] - before_month[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Days from the start of the year 0 to that of another one. The year 0 is a leap year. */
static int64_t days_before_year(int year)
{
    int past = year - 1;
    return year == 0 ? 0 : INT64_C(365) * year + past / 4 - past / 100 + past / 400 + 1;
}

int64_t oktai_days_of_date(int year, int month, int day)
{
    return days_before_year(year) - DAYS_BEFORE_1970 + before_month[month - 1] +
           (month > 2 && is_leap(year) ? 1 : 0) + day - 1;
}

void oktai_date_of_days(int64_t days, int *year, int *month, int *day)
{
    int64_t left = days + DAYS_BEFORE_1970;
    /* No year is longer than 366 days: the guess is not too late, and at most 21 years early. */
    int guess = (int)(left / 366);
    while (days_before_year(guess + 1) <= left) {
        guess++;
    }
    left -= days_before_year(guess);
    int in_year = 1;
    while (left >= oktai_days_in_month(guess, in_year)) {
        left -= oktai_days_in_month(guess, in_year);
        in_year++;
    }
    *year = guess;
    *month = in_year;
    *day = (int)left + 1;
}
