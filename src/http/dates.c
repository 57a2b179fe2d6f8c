/* SPDX-License-Identifier: Apache-2.0 */
#include "http/dates.h"

#include <string.h>

#include "core/calendar.h"

typedef struct date {
    int year;
    int month; /* from 0 */
    int day;
    int hour;
    int minute;
    int second;
} date;

static bool take_name(const char **text, const char *const *names, int count, int *out)
{
    for (int i = 0; i < count; i++) {
        const char *name = names[i];
        if (name[0] == **text && strncmp(*text, name, strlen(name)) == 0) {
            *text += strlen(name);
            *out = i;
            return true;
        }
    }
    return false;
}

static bool take_day_name(const char **text, char form)
{
    static const char *const brief[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const full[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    int ignored;
    return take_name(text, form == 'a' ? brief : full, 7, &ignored);
}

static bool take_month(const char **text, int *out)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return take_name(text, names, 12, out);
}

static bool take_digits(const char **text, int count, int *out)
{
    *out = 0;
    for (; count > 0; count--, (*text)++) {
        if (**text < '0' || **text > '9') {
            return false;
        }
        *out = *out * 10 + (**text - '0');
    }
    return true;
}

/* asctime pads the day with a space. */
static bool take_padded_day(const char **text, int *out)
{
    if (**text != ' ') {
        return take_digits(text, 2, out);
    }
    (*text)++;
    return take_digits(text, 1, out);
}

static bool take_short_year(const char **text, int *out)
{
    if (!take_digits(text, 2, out)) {
        return false;
    }
    *out += *out >= 70 ? 1900 : 2000;
    return true;
}

/* The letters are those of strptime, which itself depends on the locale. */
static bool take_field(const char **text, char letter, date *out)
{
    switch (letter) {
    case 'b':
        return take_month(text, &out->month);
    case 'd':
        return take_digits(text, 2, &out->day);
    case 'e':
        return take_padded_day(text, &out->day);
    case 'Y':
        return take_digits(text, 4, &out->year);
    case 'y':
        return take_short_year(text, &out->year);
    case 'H':
        return take_digits(text, 2, &out->hour);
    case 'M':
        return take_digits(text, 2, &out->minute);
    case 'S':
        return take_digits(text, 2, &out->second);
    default:
        return take_day_name(text, letter);
    }
}

static bool matches(const char *text, const char *pattern, date *out)
{
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '%') {
            if (!take_field(&text, *++pattern, out)) {
                return false;
            }
        } else if (*text++ != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

static bool is_real(const date *d)
{
    return d->year >= 1970 && d->day >= 1 && d->day <= oktai_days_in_month(d->year, d->month + 1) &&
           d->hour <= 23 && d->minute <= 59 && d->second <= 60;
}

static int64_t seconds_since_1970(const date *d)
{
    int64_t days = oktai_days_of_date(d->year, d->month + 1, d->day);
    return ((days * 24 + d->hour) * 60 + d->minute) * 60 + d->second;
}

bool oktai_http_date(const char *text, int64_t *out_s)
{
    static const char *const patterns[] = {
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        date d = {0};
        if (matches(text, patterns[i], &d)) {
            if (!is_real(&d)) {
                return false;
            }
            *out_s = seconds_since_1970(&d);
            return true;
        }
    }
    return false;
}
