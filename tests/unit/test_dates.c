/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/dates.h. The C library's calendar, which dates.c does not use, is the oracle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "http/dates.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define DAY_S        INT64_C(86400)
#define LAST_S       INT64_C(253402300799) /* the end of 9999 */

static const char *const day_names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};
static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void assert_date(const char *text, int64_t expected)
{
    char *exact = exact_text(text, strlen(text));
    int64_t seconds = -1;
    if (!oktai_http_date(exact, &seconds) || seconds != expected) {
        fail_msg("\"%s\" gives %lld", text, (long long)seconds);
    }
    free(exact);
}

static void reads_known_dates(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
        {"Sun Nov  6 08:49:37 1994", 784111777},
        {"Sun Nov 06 08:49:37 1994", 784111777},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Thursday, 01-Jan-70 00:00:00 GMT", 0},
        {"Fri, 31 Dec 9999 23:59:59 GMT", LAST_S},
        {"Fri Dec 31 23:59:59 9999", LAST_S},
        {"Tuesday, 31-Dec-69 23:59:59 GMT", 3155759999},
        {"Friday, 31-Dec-99 23:59:59 GMT", 946684799},
        {"Saturday, 01-Jan-00 00:00:00 GMT", 946684800},
        {"Tue, 29 Feb 2000 12:00:00 GMT", 951825600},
        {"Wed, 29 Feb 2096 12:00:00 GMT", 3981355200},
        {"Mon, 29 Feb 2016 00:00:00 GMT", 1456704000},
        {"Tue, 19 Jan 2038 03:14:08 GMT", 2147483648},
        {"Sun, 07 Feb 2106 06:28:16 GMT", 4294967296},
        {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228800},
        {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Wednesday, 06-Nov-94 08:49:37 GMT", 784111777},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_date(cases[i].text, cases[i].seconds);
    }
}

static void refuses_what_is_no_date(void **state)
{
    static const char *const cases[] = {
        "",
        "0",
        "784111777",
        "Sun",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 gmt",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMTx",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37.5 GMT",
        "Sun,06 Nov 1994 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun,  6 Nov 1994 08:49:37 GMT",
        "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sun, 06  Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 NOV 1994 08:49:37 GMT",
        "Sun, 06 November 1994 08:49:37 GMT",
        "sun, 06 Nov 1994 08:49:37 GMT",
        "Sxn, 06 Nov 1994 08:49:37 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "06 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 32 Jan 1994 08:49:37 GMT",
        "Sun, 29 Feb 1994 08:49:37 GMT",
        "Sun, 29 Feb 2100 08:49:37 GMT",
        "Sun, 30 Feb 2000 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 06 Nov 1994 -8:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 01994 08:49:37 GMT",
        "Sun, 06 Nov 10000 08:49:37 GMT",
        "Sun, 06 Nov -994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 6-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-9 08:49:37 GMT",
        "Sunday, 06-Nov- 08:49:37 GMT",
        "Sun, 06 Nov 199 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37",
        "Sunday, 06 Nov 94 08:49:37 GMT",
        "Sunday, 31-Feb-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov   6 08:49:37 1994",
        "Sun Nov  0 08:49:37 1994",
        "Sun Nov 31 08:49:37 1994",
        "Sun Nov  6 08:49:37 94",
        "Sun Nov  6 08:49:37 1994\n",
        "Sunday Nov  6 08:49:37 1994",
        "1994-11-06T08:49:37Z",
        "Sun, 0\xd9\xa6 Nov 1994 08:49:37 GMT",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *exact = exact_text(cases[i], strlen(cases[i]));
        int64_t seconds = -1;
        if (oktai_http_date(exact, &seconds) || seconds != -1) {
            fail_msg("\"%s\" gives %lld", cases[i], (long long)seconds);
        }
        free(exact);
    }
}

static void knows_the_length_of_every_month(void **state)
{
    static const int years[] = {1970, 1972, 2000, 2023, 2024, 2100, 2400, 9996, 9999};
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    (void)state;
    for (size_t y = 0; y < COUNT(years); y++) {
        bool leap = years[y] % 400 == 0 || (years[y] % 4 == 0 && years[y] % 100 != 0);
        for (int month = 0; month < 12; month++) {
            int last = lengths[month] + (month == 1 && leap ? 1 : 0);
            for (int day = 0; day < 100; day++) {
                char text[64];
                int64_t seconds;
                snprintf(text, sizeof text, "Mon, %02d %s %04d 00:00:00 GMT", day, month_names[month],
                         years[y]);
                assert_int_equal(oktai_http_date(text, &seconds), day >= 1 && day <= last);
            }
        }
    }
}

/* All three spellings of a moment; the short one only where its two digits mean that year. */
static void check_moment(int64_t seconds)
{
    char text[96];
    struct tm tm;
    time_t when = (time_t)seconds;
    assert_non_null(gmtime_r(&when, &tm));
    const char *day = day_names[tm.tm_wday];
    const char *month = month_names[tm.tm_mon];
    int year = tm.tm_year + 1900;
    snprintf(text, sizeof text, "%.3s, %02d %s %04d %02d:%02d:%02d GMT", day, tm.tm_mday, month, year,
             tm.tm_hour, tm.tm_min, tm.tm_sec);
    assert_date(text, seconds);
    snprintf(text, sizeof text, "%.3s %s %2d %02d:%02d:%02d %04d", day, month, tm.tm_mday, tm.tm_hour,
             tm.tm_min, tm.tm_sec, year);
    assert_date(text, seconds);
    if (year < 2070) {
        snprintf(text, sizeof text, "%s, %02d-%s-%02d %02d:%02d:%02d GMT", day, tm.tm_mday, month, year % 100,
                 tm.tm_hour, tm.tm_min, tm.tm_sec);
        assert_date(text, seconds);
    }
}

static void agrees_with_the_calendar(void **state)
{
    uint64_t random = 0xda7e;
    (void)state;
    for (int64_t day = 0; day < INT64_C(150) * 366; day++) {
        check_moment(day * DAY_S + (int64_t)pick(&random, (size_t)DAY_S));
    }
    for (int i = 0; i < 20000; i++) {
        check_moment((int64_t)pick(&random, (size_t)LAST_S + 1));
    }
}

static void survives_mutated_dates(void **state)
{
    static const char *const seeds[] = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    };
    uint64_t random = 0xda7e5;
    (void)state;
    for (int i = 0; i < 50000; i++) {
        char *text = mutate(&random, seeds, COUNT(seeds), " ,:-0123456789SunMoNvFbGT");
        int64_t seconds = 0;
        assert_true(!oktai_http_date(text, &seconds) || (seconds >= 0 && seconds <= LAST_S + 1));
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_known_dates),
        cmocka_unit_test(refuses_what_is_no_date),
        cmocka_unit_test(knows_the_length_of_every_month),
        cmocka_unit_test(agrees_with_the_calendar),
        cmocka_unit_test(survives_mutated_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
