/* SPDX-License-Identifier: Apache-2.0 */
/* JSON numbers as integers and doubles, and doubles as JSON. */
#include "json/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"
#include "unit/json_oracle.h"

/* The functions get a piece of a longer text: in memory of exactly its size nothing behind it can help. */
static bool to_int(const char *text, size_t length, int64_t *out)
{
    char *copy = exact_copy(text, length);
    bool fits = oktai_number_to_int(copy, length, out);
    free(copy);
    return fits;
}

static bool to_double(const char *text, size_t length, double *out)
{
    char *copy = exact_copy(text, length);
    bool fits = oktai_number_to_double(copy, length, out);
    free(copy);
    return fits;
}

static void assert_int(const char *text, int64_t expected)
{
    int64_t value = 4711;
    assert_true(oracle_accepts(text, strlen(text)));
    if (!to_int(text, strlen(text), &value) || value != expected) {
        fail_msg("%.80s is %lld", text, (long long)value);
    }
}

static void assert_no_int(const char *text)
{
    int64_t value = 4711;
    assert_true(oracle_accepts(text, strlen(text)));
    if (to_int(text, strlen(text), &value)) {
        fail_msg("%.80s is %lld", text, (long long)value);
    }
}

static void integers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {
        {"0", 0},
        {"7", 7},
        {"-1", -1},
        {"2147483648", INT64_C(2147483648)},
        {"-2147483649", INT64_C(-2147483649)},
        {"9007199254740993", INT64_C(9007199254740993)},
        {"-9007199254740993", INT64_C(-9007199254740993)},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"9223372036854775806", INT64_MAX - 1},
        {"1000000000000000000", INT64_C(1000000000000000000)},
        {"1.0", 1},
        {"-1.000", -1},
        {"0.0", 0},
        {"0.000e5", 0},
        {"0e999", 0},
        {"0E-999", 0},
        {"0e99999999999999999999", 0},
        {"1e2", 100},
        {"1E+2", 100},
        {"-1e2", -100},
        {"1e0", 1},
        {"1.5e1", 15},
        {"1.50e1", 15},
        {"100e-2", 1},
        {"120e-1", 12},
        {"0.01e2", 1},
        {"12.5e3", 12500},
        {"1e18", INT64_C(1000000000000000000)},
        {"9.223372036854775807e18", INT64_MAX},
        {"-9.223372036854775808E18", INT64_MIN},
        {"9223372036854775807.0", INT64_MAX},
        {"92233720368547758070e-1", INT64_MAX},
        {"-92233720368547758080000e-4", INT64_MIN},
        {"0.9007199254740993e16", INT64_C(9007199254740993)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int(cases[i].text, cases[i].value);
    }
}

static void what_an_integer_cannot_hold_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "18446744073709551617",
        "-18446744073709551615",
        "10000000000000000000",
        "99999999999999999999",
        "1e19",
        "-1e19",
        "1e400",
        "1E400",
        "-1e400",
        "1e18446744073709551616",
        "1e18446744073709551618",
        "1e4294967296",
        "1e4294967298",
        "1e2147483648",
        "1e-2147483649",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "1e-4294967296",
        "1.5",
        "0.5",
        "-0.1",
        "1e-1",
        "15e-1",
        "1.25e1",
        "9223372036854775807.5",
        "9.223372036854775808e18",
        "9223372036854775806.9999999999999999",
        "0.1e-400",
        "92233720368547758071e-1",
        "1.0000000000000000000000000000000000000001",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_no_int(cases[i]);
    }
}

static void minus_zero_is_no_integer(void **state)
{
    (void)state;
    static const char *const cases[] = {"-0", "-0.0", "-0e0", "-0.00E+5", "-0e-7"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_no_int(cases[i]);
    }
}

/* `first`, then `count` times `digit`, then `last` */
static char *long_number(const char *first, const char *digit, size_t count, const char *last)
{
    oktai_buffer text = {0};
    append_times(&text, first, 1);
    append_times(&text, digit, count);
    append_times(&text, last, 1);
    return text.data;
}

static void four_hundred_digits_are_read_to_the_last(void **state)
{
    (void)state;
    char *huge = long_number("1", "0", 399, "");
    char *small = long_number("1", "0", 399, "e-399");
    char *fraction = long_number("0.", "0", 399, "1e400");
    char *trailing = long_number("1.", "0", 399, "");
    char *almost = long_number("1.", "0", 399, "1");
    char *nines = long_number("0.", "9", 400, "");
    double value;
    assert_no_int(huge);
    assert_int(small, 1);
    assert_int(fraction, 1);
    assert_int(trailing, 1);
    assert_no_int(almost);
    assert_no_int(nines);
    assert_false(to_double(huge, strlen(huge), &value));
    assert_true(to_double(small, strlen(small), &value));
    assert_true(value == 1.0);
    assert_true(to_double(fraction, strlen(fraction), &value));
    assert_true(value == 1.0);
    assert_true(to_double(nines, strlen(nines), &value));
    assert_true(value == 1.0);
    free(huge);
    free(small);
    free(fraction);
    free(trailing);
    free(almost);
    free(nines);
}

static void digits_and_exponent_that_cancel_are_weighed_exactly(void **state)
{
    (void)state;
    static const size_t zeros[] = {9000, 10001, 20000, 99999, 123456};
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
        for (size_t factor = 1; factor <= 100000; factor *= 10) {
            char down[32], up[32];
            snprintf(down, sizeof down, "e-%zu", zeros[i] * factor);
            snprintf(up, sizeof up, "1E%zu", (zeros[i] + 1) * factor);
            char *whole = long_number("1", "0", zeros[i], down);
            char *fraction = long_number("0.", "0", zeros[i], up);
            if (factor == 1) {
                assert_int(whole, 1);
                assert_int(fraction, 1);
            } else {
                assert_no_int(whole);
                assert_no_int(fraction);
            }
            free(whole);
            free(fraction);
        }
    }
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void doubles_are_the_nearest(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "0",
        "-0",
        "-0.0",
        "0e999",
        "0.1",
        "1.10",
        "-1.5E-7",
        "1e22",
        "1e23",
        "9007199254740991",
        "9007199254740993",
        "123456789012345678901234567890",
        "1.7976931348623157e308",
        "-1.7976931348623157e308",
        "1.7976931348623158e308",
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "4.9406564584124654e-324",
        "5e-324",
        "2.4703282292062328e-324",
        "0.00000000000000000000000000000000000000000000000000000000000000000001e68",
        "6.0221407621476546e23",
        "8.41e21",
        "9.5e-3",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value;
        assert_true(to_double(cases[i], strlen(cases[i]), &value));
        assert_int_equal(bits_of(value), bits_of(strtod(cases[i], NULL)));
    }
}

static void doubles_that_would_be_infinite_or_vanish_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "1e309",
        "-1e309",
        "1E400",
        "1e999",
        "1.7976931348623159e308",
        "1e99999999999999999999",
        "1e-400",
        "-1e-400",
        "1e-99999999999999999999",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value;
        if (to_double(cases[i], strlen(cases[i]), &value)) {
            fail_msg("%s is %g", cases[i], value);
        }
    }
}

static void doubles_are_exact_when_they_come_back_as_the_same_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool exact;
    } cases[] = {
        {"0", true},
        {"-0.0", true},
        {"0e5", true},
        {"0.1", true},
        {"100000.00", true},
        {"123456789012345", true},
        {"0.123456789012345", true},
        {"1e300", true},
        {"9007199254740991", true},
        {"9007199254740992", true},
        {"9007199254740993", false},
        {"0.3333333333333333", true},
        {"0.33333333333333333", false},
        {"0.1000000000000000055511151231257827", false},
        {"5.6843418860808015e-14", true},
        {"5.684341886080802E-14", false},
        {"5e-324", true},
        {"4.94e-324", false},
        {"1.7976931348623157e308", true},
        {"123456789012345678901234567890", false},
        {"100000000000000000000000000000", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value;
        assert_true(to_double(cases[i].text, strlen(cases[i].text), &value));
        if (oktai_number_is_exact(cases[i].text, strlen(cases[i].text), value) != cases[i].exact) {
            fail_msg("%s is %.17g", cases[i].text, value);
        }
    }
}

static void random_decimals_are_the_nearest_doubles(void **state)
{
    (void)state;
    test_random random = {2};
    for (size_t i = 0; i < 100000; i++) {
        char text[64];
        const char *sign = random_below(&random, 2) == 0 ? "-" : "";
        unsigned long long whole = random_next(&random) >> random_below(&random, 64) | 1;
        unsigned long long fraction = random_next(&random) >> random_below(&random, 64);
        int exponent = (int)random_below(&random, 640) - 340;
        int length = snprintf(text, sizeof text, "%s%llu.%lluE%d", sign, whole, fraction, exponent);
        double due = strtod(text, NULL);
        double value;
        bool fits = to_double(text, (size_t)length, &value);
        if (fits != (isfinite(due) && due != 0) || (fits && bits_of(value) != bits_of(due))) {
            fail_msg("%s is %d %.17g", text, fits, value);
        }
    }
}

/* The fewest digits with which a double reads back the same. */
static int fewest_digits(double value)
{
    for (int digits = 1;; digits++) {
        char text[40];
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        if (digits == 17 || bits_of(strtod(text, NULL)) == bits_of(value)) {
            return digits;
        }
    }
}

static int significant_digits(const char *text)
{
    int digits = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e' && *text != 'E'; text++) {
        if (*text == '0') {
            zeros += digits > 0;
        } else if (*text >= '1' && *text <= '9') {
            digits += zeros + 1;
            zeros = 0;
        }
    }
    return digits == 0 ? 1 : digits;
}

static void assert_shortest(double value)
{
    char text[OKTAI_NUMBER_SIZE + 1];
    memset(text, '#', sizeof text);
    size_t length = oktai_number_from_double(value, text);
    assert_in_range(length, 1, OKTAI_NUMBER_SIZE);
    assert_int_equal(text[OKTAI_NUMBER_SIZE], '#');
    char copy[OKTAI_NUMBER_SIZE + 1] = {0};
    memcpy(copy, text, length);
    double back;
    assert_true(oracle_accepts(copy, length));
    if (bits_of(strtod(copy, NULL)) != bits_of(value) || !to_double(copy, length, &back) ||
        bits_of(back) != bits_of(value) || significant_digits(copy) != fewest_digits(value)) {
        fail_msg("%.17g is written as %s", value, copy);
    }
}

static void doubles_are_written_shortest_and_read_back(void **state)
{
    (void)state;
    static const double cases[] = {
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        0.2,
        0.3,
        1.1,
        100.0,
        1e15,
        1e16,
        1e17,
        1e21,
        1e22,
        1e23,
        1e300,
        1e-5,
        1e-7,
        123456.0,
        5e-324,
        0.5,
        1.0 / 3,
        2e-308,
        4.35e-3,
        9e15,
        -2.5,
        1e100,
        3e-5,
        1.5e300,
        1e-300,
        4294967296.0,
        9007199254740991.0,
        9007199254740992.0,
        1.7976931348623157e308,
        2.2250738585072014e-308,
        -1.7976931348623157e308,
        -2.2250738585072014e-308,
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_shortest(cases[i]);
    }
    test_random random = {3};
    for (size_t i = 0; i < 50000; i++) {
        uint64_t bits = random_next(&random);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            assert_shortest(value);
        }
        assert_shortest((double)(int64_t)bits / (double)(1 + random_below(&random, 100000)));
        assert_shortest((double)random_below(&random, 100000) / 100);
    }
}

static void numbers_do_not_follow_the_locale(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",  "de_DE",       "fr_FR.UTF-8",
                                        "fr_FR.utf8",  "nl_NL.UTF-8", "ru_RU.UTF-8", "pt_BR.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && set == NULL; i++) {
        set = setlocale(LC_NUMERIC, names[i]);
    }
    if (set == NULL || strcmp(localeconv()->decimal_point, ",") != 0) {
        print_message("no locale with a decimal comma is installed\n");
        assert_non_null(setlocale(LC_NUMERIC, "C"));
        skip();
    }
    double value = 0;
    char text[OKTAI_NUMBER_SIZE + 1] = {0};
    bool fits = to_double("1.5", 3, &value);
    size_t length = oktai_number_from_double(0.25, text);
    assert_non_null(setlocale(LC_NUMERIC, "C"));
    assert_true(fits);
    assert_true(value == 1.5);
    assert_int_equal(length, 4);
    assert_memory_equal(text, "0.25", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_exact),
        cmocka_unit_test(what_an_integer_cannot_hold_is_refused),
        cmocka_unit_test(minus_zero_is_no_integer),
        cmocka_unit_test(four_hundred_digits_are_read_to_the_last),
        cmocka_unit_test(digits_and_exponent_that_cancel_are_weighed_exactly),
        cmocka_unit_test(doubles_are_the_nearest),
        cmocka_unit_test(doubles_that_would_be_infinite_or_vanish_are_refused),
        cmocka_unit_test(doubles_are_exact_when_they_come_back_as_the_same_number),
        cmocka_unit_test(random_decimals_are_the_nearest_doubles),
        cmocka_unit_test(doubles_are_written_shortest_and_read_back),
        cmocka_unit_test(numbers_do_not_follow_the_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
