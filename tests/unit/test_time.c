/* SPDX-License-Identifier: Apache-2.0 */
/* okta/time.h. The C library's calendar, which the library does not use, is the oracle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "okta/time.h"
#include "unit/allocations.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FIRST_S      INT64_C(-62167219200) /* the start of 0000 */
#define LAST_S       INT64_C(253402300799) /* the end of 9999 */

static void assert_time(const char *text, int64_t seconds, int32_t nanoseconds)
{
    char *exact = exact_text(text, strlen(text));
    okta_time time = {1, 1};
    okta_error *error = okta_time_parse(exact, &time);
    if (error != NULL || time.seconds != seconds || time.nanoseconds != nanoseconds) {
        fail_msg("\"%s\" gives %lld.%09d: %s", text, (long long)time.seconds, (int)time.nanoseconds,
                 okta_error_message(error));
    }
    free(exact);
}

/* Examples of RFC 3339, section 5.8, and forms that Okta has sent. */
static void reads_known_times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
        int32_t nanoseconds;
    } cases[] = {
        {"1985-04-12T23:20:50.52Z", 482196050, 520000000},
        {"1996-12-19T16:39:57-08:00", 851042397, 0},
        {"1990-12-31T23:59:60Z", 662688000, 0},
        {"1990-12-31T15:59:60-08:00", 662688000, 0},
        {"1937-01-01T12:00:27.87+00:20", -1041337173, 870000000},
        {"2025-09-22T11:48:11.000Z", 1758541691, 0},
        {"2025-09-15T09:35:44Z", 1757928944, 0},
        {"2025-09-24 04:05:59.0", 1758686759, 0},
        {"2025-09-25T13:32:28.494915", 1758807148, 494915000},
        {"2021-06-14 15:04:51", 1623683091, 0},
        {"2021-06-14 14:45:46", 1623681946, 0},
        {"2025-09-29T00:48:43+00:00", 1759106923, 0},
        {"2025-09-29T00:48:43+0000", 1759106923, 0},
        {"2025-09-29t00:48:43z", 1759106923, 0},
        {"2025-09-29 00:48:43.1-0000", 1759106923, 100000000},
        {"2025-09-29T00:48:43.123456789Z", 1759106923, 123456789},
        {"2025-09-29T00:48:43.000000001", 1759106923, 1},
        {"2025-09-29T23:59:59.999999999-23:59", 1759276739, 999999999},
        {"1970-01-01T00:00:00Z", 0, 0},
        {"1969-12-31T23:59:59.5Z", -1, 500000000},
        {"0000-01-01T00:00:00Z", FIRST_S, 0},
        {"0000-01-01T00:00:00+23:59", FIRST_S - 86340, 0},
        {"9999-12-31T23:59:59.999999999Z", LAST_S, 999999999},
        {"9999-12-31T23:59:60Z", LAST_S + 1, 0},
        {"9999-12-31T23:59:59-01:00", LAST_S + 3600, 0},
        {"2000-02-29T00:00:00Z", 951782400, 0},
        {"2016-12-31T23:59:60.25Z", 1483228800, 250000000},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_time(cases[i].text, cases[i].seconds, cases[i].nanoseconds);
    }
}

static void refuses_all_else_and_names_the_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t byte;
    } cases[] = {
        {"", 0},
        {" 2026-01-02T03:04:05Z", 0},
        {"26-01-02T03:04:05Z", 2},
        {"+2026-01-02T03:04:05Z", 0},
        {"2026", 4},
        {"20260102T030405Z", 4},
        {"2026/01/02T03:04:05Z", 4},
        {"2026-1-02T03:04:05Z", 6},
        {"2026-00-02T03:04:05Z", 5},
        {"2026-13-02T03:04:05Z", 5},
        {"2026-01-00T03:04:05Z", 8},
        {"2026-01-32T03:04:05Z", 8},
        {"2026-02-29T03:04:05Z", 8},
        {"1900-02-29T03:04:05Z", 8},
        {"2026-04-31T03:04:05Z", 8},
        {"2026-01-02", 10},
        {"2026-01-02 ", 11},
        {"2026-01-02_03:04:05Z", 10},
        {"2026-01-02  03:04:05Z", 11},
        {"2026-01-02T24:00:00Z", 11},
        {"2026-01-02T3:04:05Z", 12},
        {"2026-01-02T03:60:05Z", 14},
        {"2026-01-02T03:04Z", 16},
        {"2026-01-02T03:04:61Z", 17},
        {"2026-01-02T03:04:60Z", 17},
        {"2026-01-02T23:59:60Z", 17},
        {"2026-01-31T23:59:60+00:01", 17},
        {"2026-01-02T03:04:05.Z", 20},
        {"2026-01-02T03:04:05.", 20},
        {"2026-01-02T03:04:05,5Z", 19},
        {"2026-01-02T03:04:05.1234567890Z", 29},
        {"2026-01-02T03:04:05 Z", 19},
        {"2026-01-02T03:04:05UTC", 19},
        {"2026-01-02T03:04:05ZZ", 20},
        {"2026-01-02T03:04:05Z ", 20},
        {"2026-01-02T03:04:05+", 20},
        {"2026-01-02T03:04:05+1", 21},
        {"2026-01-02T03:04:05+01", 22},
        {"2026-01-02T03:04:05+01:", 23},
        {"2026-01-02T03:04:05+24:00", 20},
        {"2026-01-02T03:04:05+01:60", 23},
        {"2026-01-02T03:04:05+0160", 22},
        {"2026-01-02T03:04:05+01:00Z", 25},
        {"2026-01-02T03:04:05\xef\xbc\x9a", 19},
        {"\xd9\xa2\xd9\xa0-01-02T03:04:05Z", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char expected[32];
        char *exact = exact_text(cases[i].text, strlen(cases[i].text));
        okta_time time = {1, 1};
        okta_error *error = okta_time_parse(exact, &time);
        snprintf(expected, sizeof expected, " is due at byte %zu", cases[i].byte);
        const char *message = okta_error_message(error);
        const char *found = error == NULL ? NULL : strstr(message, expected);
        if (okta_error_status(error) != OKTA_E_ARG || found == NULL || found[strlen(expected)] != '\0') {
            fail_msg("\"%s\" is not refused at byte %zu: %s", cases[i].text, cases[i].byte, message);
        }
        assert_true(time.seconds == 0 && time.nanoseconds == 0);
        okta_free(error);
        free(exact);
    }
}

static void refuses_what_it_cannot_write(void **state)
{
    (void)state;
    static const struct {
        okta_time time;
        unsigned digits;
        const char *message;
    } cases[] = {
        {{0, 0}, 10, "digits is 10: a fraction has 0 to 9"},
        {{0, -1}, 0, "nanoseconds is -1, which is no part of a second"},
        {{0, 1000000000}, 0, "nanoseconds is 1000000000, which is no part of a second"},
        {{FIRST_S - 1, 0}, 0, "seconds is -62167219201, which lies outside the years 0000 to 9999"},
        {{LAST_S + 1, 0}, 0, "seconds is 253402300800, which lies outside the years 0000 to 9999"},
        {{INT64_MIN, 0}, 0, "seconds is -9223372036854775808, which lies outside the years 0000 to 9999"},
        {{INT64_MAX, 0}, 0, "seconds is 9223372036854775807, which lies outside the years 0000 to 9999"},
    };
    char out[OKTA_TIME_SIZE];
    for (size_t i = 0; i < COUNT(cases); i++) {
        memset(out, 'x', sizeof out);
        okta_error *error = okta_time_format(&cases[i].time, cases[i].digits, out);
        assert_int_equal(okta_error_status(error), OKTA_E_ARG);
        assert_string_equal(okta_error_message(error), cases[i].message);
        assert_string_equal(out, "");
        okta_free(error);
    }
    okta_time time;
    okta_error *errors[] = {okta_time_parse(NULL, &time), okta_time_parse("2026-01-02T03:04:05Z", NULL),
                            okta_time_format(NULL, 0, out), okta_time_format(&cases[0].time, 0, NULL)};
    for (size_t i = 0; i < COUNT(errors); i++) {
        assert_int_equal(okta_error_status(errors[i]), OKTA_E_ARG);
        okta_free(errors[i]);
    }
}

static void writes_as_many_digits_as_asked(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "2026-01-02T03:04:05Z",           "2026-01-02T03:04:05.9Z",       "2026-01-02T03:04:05.98Z",
        "2026-01-02T03:04:05.987Z",       "2026-01-02T03:04:05.9876Z",    "2026-01-02T03:04:05.98765Z",
        "2026-01-02T03:04:05.987654Z",    "2026-01-02T03:04:05.9876543Z", "2026-01-02T03:04:05.98765432Z",
        "2026-01-02T03:04:05.987654321Z",
    };
    char out[OKTA_TIME_SIZE];
    okta_time time;
    assert_null(okta_time_parse("2026-01-02T03:04:05.987654321Z", &time));
    for (unsigned digits = 0; digits < COUNT(texts); digits++) {
        assert_null(okta_time_format(&time, digits, out));
        assert_string_equal(out, texts[digits]);
    }
    assert_null(okta_time_parse("0005-03-01T23:00:00.000000007-02:00", &time));
    assert_null(okta_time_format(&time, 9, out));
    assert_string_equal(out, "0005-03-02T01:00:00.000000007Z");
}

/* Both ways, from the year 0000 to 9999: at each first and last second of a month, and at odd times between.
 */
static void agrees_with_the_calendar_of_the_c_library(void **state)
{
    (void)state;
    char out[OKTA_TIME_SIZE], expected[64];
    size_t checked = 0;
    for (int64_t seconds = FIRST_S; seconds <= LAST_S; seconds += 86399 * 13 + 7 * (int64_t)(checked % 5)) {
        struct tm tm;
        time_t libc_seconds = (time_t)seconds;
        assert_non_null(gmtime_r(&libc_seconds, &tm));
        snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02dZ", (tm.tm_year + 1900) % 10000,
                 (tm.tm_mon + 1) % 100, tm.tm_mday % 100, tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100);
        const okta_time time = {seconds, 0};
        assert_null(okta_time_format(&time, 0, out));
        assert_string_equal(out, expected);
        assert_time(expected, seconds, 0);
        checked++;
    }
    assert_true(checked > 270000);
    for (int year = 0; year <= 9999; year++) {
        for (int month = 0; month < 12; month++) {
            struct tm tm = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = 1};
            int64_t first = timegm(&tm);
            snprintf(expected, sizeof expected, "%04d-%02d-01T00:00:00Z", year, month + 1);
            assert_time(expected, first, 0);
            const okta_time before = {first - 1, 0};
            if (first > FIRST_S) {
                okta_time again;
                assert_null(okta_time_format(&before, 0, out));
                assert_null(okta_time_parse(out, &again));
                assert_true(again.seconds == first - 1);
                memcpy(out + 17, "60", 2); /* a leap second */
                assert_time(out, first, 0);
            }
        }
    }
}

/* A bit more, less or other: refused, or a time that is written back. */
static void damaged_times_are_refused_or_come_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"2026-02-28T23:59:59.123456789+0100", "2024-02-29 00:00:00"};
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < COUNT(texts); i++) {
        size_t length = strlen(texts[i]);
        for (size_t at = 0; at < length; at++) {
            for (int c = 1; c < 256; c++) {
                char copy[64];
                char out[OKTA_TIME_SIZE];
                okta_time time, again;
                memcpy(copy, texts[i], length + 1);
                copy[at] = (char)c;
                okta_error *error = okta_time_parse(copy, &time);
                if (error != NULL) {
                    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
                    okta_free(error);
                    bad++;
                    continue;
                }
                assert_null(okta_time_format(&time, 9, out));
                assert_null(okta_time_parse(out, &again));
                assert_memory_equal(&again.seconds, &time.seconds, sizeof time.seconds);
                assert_int_equal(again.nanoseconds, time.nanoseconds);
                good++;
            }
        }
    }
    assert_true(good > 200 && bad > 10000);
}

static void out_of_memory_is_an_error(void **state)
{
    (void)state;
    okta_time time;
    allocations_begin(1, true);
    okta_error *error = okta_time_parse("2026", &time);
    assert_true(allocations_end());
    assert_int_equal(okta_error_status(error), OKTA_E_NOMEM);
    okta_free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_known_times),
        cmocka_unit_test(refuses_all_else_and_names_the_byte),
        cmocka_unit_test(refuses_what_it_cannot_write),
        cmocka_unit_test(writes_as_many_digits_as_asked),
        cmocka_unit_test(agrees_with_the_calendar_of_the_c_library),
        cmocka_unit_test(damaged_times_are_refused_or_come_back),
        cmocka_unit_test(out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
