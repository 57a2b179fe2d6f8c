/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/time.h"

#include <stdbool.h>
#include <stdio.h>

#include "core/calendar.h"
#include "core/error.h"

#define DAY 86400

/* The first and the last second with a year of four digits. */
#define FIRST_SECOND INT64_C(-62167219200)
#define LAST_SECOND  INT64_C(253402300799)

/* Reads a text from left to right. After a problem nothing more is read. */
typedef struct scanner {
    const char *text;
    size_t at;
    const char *problem; /* what is due; NULL: all is well */
    size_t problem_at;
} scanner;

static void fail(scanner *s, size_t at, const char *due)
{
    if (s->problem == NULL) {
        s->problem = due;
        s->problem_at = at;
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Consume one of these characters. */
static char take(scanner *s, const char *any, const char *due)
{
    char c = s->text[s->at];
    for (const char *one = any; s->problem == NULL && *one != '\0'; one++) {
        if (c == *one) {
            s->at++;
            return c;
        }
    }
    fail(s, s->at, due);
    return '\0';
}

/* Consume a number of exactly `count` digits from `least` to `most`. */
static int take_number(scanner *s, int count, int least, int most, const char *due)
{
    size_t start = s->at;
    int number = 0;
    for (int i = 0; i < count && s->problem == NULL; i++, s->at++) {
        if (!is_digit(s->text[s->at])) {
            fail(s, s->at, due);
            return least;
        }
        number = number * 10 + (s->text[s->at] - '0');
    }
    if (number < least || number > most) {
        fail(s, start, due);
        return least;
    }
    return number;
}

static int64_t take_date(scanner *s)
{
    int year = take_number(s, 4, 0, 9999, "a year of four digits");
    take(s, "-", "a hyphen");
    int month = take_number(s, 2, 1, 12, "a month from 01 to 12");
    take(s, "-", "a hyphen");
    int day = take_number(s, 2, 1, oktai_days_in_month(year, month), "a day that the month has");
    return oktai_days_of_date(year, month, day);
}

static int64_t take_time_of_day(scanner *s, size_t *second_at)
{
    int hour = take_number(s, 2, 0, 23, "an hour from 00 to 23");
    take(s, ":", "a colon");
    int minute = take_number(s, 2, 0, 59, "a minute from 00 to 59");
    take(s, ":", "a colon");
    *second_at = s->at;
    return (hour * 60 + minute) * 60 + take_number(s, 2, 0, 60, "a second from 00 to 59");
}

static int32_t take_fraction(scanner *s)
{
    int32_t nanoseconds = 0;
    if (s->problem != NULL || s->text[s->at] != '.') {
        return 0;
    }
    s->at++;
    int digits = 0;
    for (; is_digit(s->text[s->at]) && digits < 9; digits++, s->at++) {
        nanoseconds = nanoseconds * 10 + (s->text[s->at] - '0');
    }
    if (digits == 0 || is_digit(s->text[s->at])) {
        fail(s, s->at, digits == 0 ? "a digit" : "the end of a fraction of at most 9 digits");
    }
    for (; digits < 9; digits++) {
        nanoseconds *= 10;
    }
    return nanoseconds;
}

/* Seconds that the zone is ahead of UTC. */
static int64_t take_zone(scanner *s)
{
    if (s->problem != NULL || s->text[s->at] == '\0') {
        return 0;
    }
    char sign = take(s, "Zz+-", "a zone, or the end");
    if (sign != '+' && sign != '-') {
        return 0;
    }
    int hours = take_number(s, 2, 0, 23, "an hour from 00 to 23");
    if (s->text[s->at] == ':') {
        s->at++;
    }
    int64_t ahead = (hours * 60 + take_number(s, 2, 0, 59, "a minute from 00 to 59")) * INT64_C(60);
    return sign == '-' ? -ahead : ahead;
}

/* Whether a second is the first of a month in UTC. */
static bool begins_month(int64_t seconds)
{
    int year, month, day;
    /* A zone moves the first and the last day of all out of the calendar. */
    if (seconds % DAY != 0 || seconds < FIRST_SECOND || seconds > LAST_SECOND + 1) {
        return false;
    }
    oktai_date_of_days(seconds / DAY, &year, &month, &day);
    return day == 1;
}

okta_error *okta_time_parse(const char *text, okta_time *out)
{
    if (out != NULL) {
        *out = (okta_time){0, 0};
    }
    if (text == NULL || out == NULL) {
        return oktai_error_null(text == NULL ? "text" : "out");
    }
    scanner s = {.text = text};
    size_t second_at;
    int64_t days = take_date(&s);
    take(&s, "Tt ", "a T or a space");
    int64_t time_of_day = take_time_of_day(&s, &second_at);
    int32_t nanoseconds = take_fraction(&s);
    int64_t seconds = days * DAY + time_of_day - take_zone(&s);
    if (s.problem == NULL && s.text[s.at] != '\0') {
        fail(&s, s.at, "the end");
    }
    if (s.problem == NULL && text[second_at] == '6' && !begins_month(seconds)) {
        fail(&s, second_at, "a second from 00 to 59, since no month ends in UTC,");
    }
    if (s.problem != NULL) {
        return oktai_error_new(OKTA_E_ARG, "the time is not valid: %s is due at byte %zu", s.problem,
                               s.problem_at);
    }
    *out = (okta_time){seconds, nanoseconds};
    return NULL;
}

/* A period and the first digits of the fraction, behind the seconds. */
static size_t write_fraction(int32_t nanoseconds, unsigned digits, char *out)
{
    char all[16];
    size_t length = 0;
    if (digits > 0) {
        snprintf(all, sizeof all, ".%09d", (int)nanoseconds);
        for (; length <= digits; length++) {
            out[length] = all[length];
        }
    }
    return length;
}

okta_error *okta_time_format(const okta_time *time, unsigned digits, char out[OKTA_TIME_SIZE])
{
    if (out != NULL) {
        out[0] = '\0';
    }
    if (time == NULL || out == NULL) {
        return oktai_error_null(time == NULL ? "time" : "out");
    }
    if (digits > 9) {
        return oktai_error_new(OKTA_E_ARG, "digits is %u: a fraction has 0 to 9", digits);
    }
    if (time->nanoseconds < 0 || time->nanoseconds > 999999999) {
        return oktai_error_new(OKTA_E_ARG, "nanoseconds is %ld, which is no part of a second",
                               (long)time->nanoseconds);
    }
    if (time->seconds < FIRST_SECOND || time->seconds > LAST_SECOND) {
        return oktai_error_new(OKTA_E_ARG, "seconds is %lld, which lies outside the years 0000 to 9999",
                               (long long)time->seconds);
    }
    int year, month, day;
    /* Counted from the first second, so that no division is of a negative number. */
    int64_t since = time->seconds - FIRST_SECOND;
    int second = (int)(since % DAY);
    oktai_date_of_days(since / DAY + FIRST_SECOND / DAY, &year, &month, &day);
    int length = snprintf(out, OKTA_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day,
                          second / 3600, second / 60 % 60, second % 60);
    size_t end = (size_t)length + write_fraction(time->nanoseconds, digits, out + length);
    out[end] = 'Z';
    out[end + 1] = '\0';
    return NULL;
}
