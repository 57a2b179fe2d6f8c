/* SPDX-License-Identifier: Apache-2.0 */
#include "json/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond any text's length: larger exponents mean the same. */
#define EXPONENT_MAX INT64_C(1000000000000)

typedef struct oktai_decimal {
    bool negative;
    bool overflow;    /* more digits than fit, and so more than any double has */
    uint64_t digits;  /* without trailing zeros */
    int64_t exponent; /* of ten */
} oktai_decimal;

static void add_digit(oktai_decimal *decimal, unsigned digit, int64_t *zeros)
{
    if (digit == 0) {
        (*zeros)++;
        return;
    }
    for (; *zeros >= 0; (*zeros)--) {
        unsigned next = *zeros == 0 ? digit : 0;
        if (decimal->digits > (UINT64_MAX - next) / 10) {
            decimal->overflow = true;
        } else {
            decimal->digits = decimal->digits * 10 + next;
        }
    }
    *zeros = 0;
}

static int64_t parse_exponent(const char *p, const char *end)
{
    bool negative = *p == '-';
    int64_t exponent = 0;
    for (p += *p == '-' || *p == '+'; p < end; p++) {
        exponent = exponent > EXPONENT_MAX ? exponent : exponent * 10 + (*p - '0');
    }
    return negative ? -exponent : exponent;
}

/* Zeros are held back until a digit follows, so that 1e2, 100 and 100.0 give the same decimal. */
static oktai_decimal parse(const char *text, size_t length)
{
    oktai_decimal decimal = {0};
    const char *end = text + length;
    int64_t zeros = 0;
    int64_t fraction = 0;
    bool in_fraction = false;
    const char *p = text;
    if (*p == '-') {
        decimal.negative = true;
        p++;
    }
    for (; p < end && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.') {
            in_fraction = true;
            continue;
        }
        fraction += in_fraction;
        if (decimal.digits == 0 && *p == '0') {
            zeros = 0;
        } else {
            add_digit(&decimal, (unsigned)(*p - '0'), &zeros);
        }
    }
    decimal.exponent = zeros - fraction + (p < end ? parse_exponent(p + 1, end) : 0);
    return decimal;
}

bool oktai_number_to_int(const char *text, size_t length, int64_t *out)
{
    oktai_decimal decimal = parse(text, length);
    if (decimal.overflow || (decimal.digits == 0 && decimal.negative)) {
        return false;
    }
    uint64_t value = decimal.digits;
    if (value != 0 && (decimal.exponent < 0 || decimal.exponent > 18)) {
        return false;
    }
    for (int64_t i = 0; value != 0 && i < decimal.exponent; i++) {
        if (value > UINT64_MAX / 10) {
            return false;
        }
        value *= 10;
    }
    if (value > (uint64_t)INT64_MAX + decimal.negative) {
        return false;
    }
    *out = decimal.negative ? -(int64_t)(value - 1) - 1 : (int64_t)value;
    return true;
}

bool oktai_number_to_double(const char *text, size_t length, double *out)
{
    char copy[512];
    if (length >= sizeof copy) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    /* "C" needs no memory in newlocale(). */
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0) {
        return false;
    }
    locale_t before = uselocale(c);
    *out = strtod(copy, NULL);
    uselocale(before);
    freelocale(c);
    return isfinite(*out) && (*out != 0 || parse(text, length).digits == 0);
}

/* The fewest digits that read back as the value, in plain notation below 10^16. */
static int write_shortest(double value, char out[OKTAI_NUMBER_SIZE])
{
    int digits = 1;
    int length = snprintf(out, OKTAI_NUMBER_SIZE, "%.*e", digits - 1, value);
    while (digits < 17 && strtod(out, NULL) != value) {
        digits++;
        length = snprintf(out, OKTAI_NUMBER_SIZE, "%.*e", digits - 1, value);
    }
    long exponent = strtol(strchr(out, 'e') + 1, NULL, 10);
    if (exponent < -5 || exponent > 15) {
        return length;
    }
    return snprintf(out, OKTAI_NUMBER_SIZE, "%.*f", exponent < digits - 1 ? digits - 1 - (int)exponent : 0,
                    value);
}

size_t oktai_number_from_double(double value, char out[OKTAI_NUMBER_SIZE])
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(c);
    int length = write_shortest(value, out);
    uselocale(before);
    if (c != (locale_t)0) {
        freelocale(c);
    }
    return (size_t)length;
}

/* 10 to the power of DBL_DIG: fewer digits than this many come back from every double that is not denormal.
 */
#define SAFE_DIGITS UINT64_C(1000000000000000)

bool oktai_number_is_exact(const char *text, size_t length, double value)
{
    const oktai_decimal given = parse(text, length);
    if (!given.overflow && given.digits < SAFE_DIGITS && fabs(value) >= DBL_MIN) {
        return true;
    }
    char shortest[OKTAI_NUMBER_SIZE];
    size_t shortest_length = oktai_number_from_double(value, shortest);
    const oktai_decimal written = parse(shortest, shortest_length);
    return !given.overflow && given.digits == written.digits &&
           (given.digits == 0 || given.exponent == written.exponent);
}
