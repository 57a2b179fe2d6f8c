/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/headers.h: lines, look-up, rate limits and Retry-After. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/buffer.h"
#include "http/headers.h"
#include "unit/allocations.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define ABSENT       INT64_C(-1)
#define DATE         "Date: Sun, 06 Nov 1994 08:49:37 GMT"
#define DATE_S       INT64_C(784111777)
#define HOUR_MS      INT64_C(3600000)
#define HUGE_SIZE    (4u << 20)
#define LINES        6

/* Lines behind which no further ones stand. */
typedef struct lines {
    const char *line[LINES];
} lines;

static void add(oktai_headers *headers, const char *line)
{
    char *exact = malloc(*line == '\0' ? 1 : strlen(line));
    assert_non_null(exact);
    memcpy(exact, line, strlen(line));
    assert_true(oktai_headers_add_line(headers, exact, strlen(line)));
    free(exact);
}

static oktai_headers headers_of(const lines *from)
{
    oktai_headers headers = {0};
    for (size_t i = 0; i < LINES && from->line[i] != NULL; i++) {
        add(&headers, from->line[i]);
    }
    return headers;
}

static void splits_lines(void **state)
{
    static const struct {
        const char *line;
        const char *name; /* NULL: ignored */
        const char *value;
    } cases[] = {
        {"Date: x", "Date", "x"},
        {"Date:x", "Date", "x"},
        {"Date: \t x y \t ", "Date", "x y"},
        {"Date:", "Date", ""},
        {"Date: \t ", "Date", ""},
        {"a:b:c", "a", "b:c"},
        {"a::", "a", ":"},
        {"!#$%&'*+-.^_`|~09azAZ: v", "!#$%&'*+-.^_`|~09azAZ", "v"},
        {"a: \xc3\xa9", "a", "\xc3\xa9"},
        {"a: \x01\x7f", "a", "\x01\x7f"},
        {"", NULL, NULL},
        {":", NULL, NULL},
        {": x", NULL, NULL},
        {":status: 200", NULL, NULL},
        {"no colon", NULL, NULL},
        {"a b: x", NULL, NULL},
        {"a(b: x", NULL, NULL},
        {"a\"b: x", NULL, NULL},
        {"a/b: x", NULL, NULL},
        {"a@b: x", NULL, NULL},
        {"a[b: x", NULL, NULL},
        {"a{b: x", NULL, NULL},
        {"a\x7f: x", NULL, NULL},
        {"a\x01: x", NULL, NULL},
        {"\xc3\xa9: x", NULL, NULL},
        {" : x", NULL, NULL},
        {" a: x", NULL, NULL},
        {"\ta: x", NULL, NULL},
        {"HTTP/1.1 200 a:b", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_headers headers = {0};
        add(&headers, cases[i].line);
        if (headers.count != (cases[i].name == NULL ? 0 : 1)) {
            fail_msg("\"%s\" gives %zu headers", cases[i].line, headers.count);
        }
        if (cases[i].name != NULL) {
            assert_string_equal(headers.items[0].name, cases[i].name);
            assert_string_equal(headers.items[0].value, cases[i].value);
            assert_string_equal(oktai_headers_get(&headers, cases[i].name, 0), cases[i].value);
        }
        oktai_headers_clear(&headers);
    }
}

static void hides_the_value_of_a_damaged_line(void **state)
{
    static const struct {
        const char *line;
        size_t length;
    } cases[] = {
        {"Link : <x>", 10}, {"Link\t: <x>", 10}, {"Link: a\0b", 9}, {"Link: \0", 7},
        {"Link: a\rb", 9},  {"Link: a\nb", 9},   {"Link: a\r", 8},  {"Link: a\n", 8},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_headers headers = {0};
        size_t position = 0;
        assert_true(oktai_headers_add_line(&headers, cases[i].line, cases[i].length));
        add(&headers, "link: whole");
        const oktai_header *first = oktai_headers_next(&headers, "LINK", &position);
        assert_non_null(first);
        assert_true(first->damaged);
        assert_string_equal(oktai_headers_get(&headers, "Link", 0), "whole");
        assert_null(oktai_headers_get(&headers, "Link", 1));
        oktai_headers_clear(&headers);
    }
}

static void uses_no_value_of_a_folded_header(void **state)
{
    static const struct {
        lines lines;
        const char *a; /* what is left of the header A */
    } cases[] = {
        {{{"A: 1", " 2"}}, NULL},        {{{"A: 1", "\t2"}}, NULL},
        {{{"A: 1", " "}}, NULL},         {{{"A: 1", " A: 2", " A: 3"}}, NULL},
        {{{"A: 1", "B: 2", " 3"}}, "1"}, {{{"A: 1", "no colon", " 3"}}, "1"},
        {{{"A: 1", "", " 3"}}, "1"},     {{{" 3", "A: 1"}}, "1"},
        {{{"A: 1", " 2", "A: 4"}}, "4"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_headers headers = headers_of(&cases[i].lines);
        const char *value = oktai_headers_get(&headers, "A", 0);
        if (cases[i].a == NULL) {
            assert_null(value);
        } else {
            assert_non_null(value);
            assert_string_equal(value, cases[i].a);
        }
        assert_null(oktai_headers_get(&headers, "A", 1));
        oktai_headers_clear(&headers);
    }
}

static void finds_by_name_without_case_and_by_index(void **state)
{
    static const lines from = {{"Link: 1", "LINK: 2", "Linked: 3", "Lin: 4", "link: 5", "L\xc4nk: 6"}};
    oktai_headers headers = headers_of(&from);
    (void)state;
    assert_string_equal(oktai_headers_get(&headers, "lInK", 0), "1");
    assert_string_equal(oktai_headers_get(&headers, "link", 1), "2");
    assert_string_equal(oktai_headers_get(&headers, "Link", 2), "5");
    assert_null(oktai_headers_get(&headers, "Link", 3));
    assert_null(oktai_headers_get(&headers, "Link", SIZE_MAX));
    assert_null(oktai_headers_get(&headers, "", 0));
    assert_null(oktai_headers_get(&headers, "Links", 0));
    oktai_headers_clear(&headers);
    assert_null(oktai_headers_get(&headers, "Link", 0));
    assert_int_equal(headers.count, 0);
    add(&headers, "Link: again");
    assert_string_equal(oktai_headers_get(&headers, "Link", 0), "again");
    oktai_headers_clear(&headers);
}

static void keeps_thousands_in_order(void **state)
{
    enum { MANY = 5000 };
    oktai_headers headers = {0};
    char line[64];
    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(line, sizeof line, "X-%d: %d", i % 7, i);
        add(&headers, line);
    }
    assert_int_equal(headers.count, MANY);
    for (int i = 0; i < MANY; i++) {
        snprintf(line, sizeof line, "%d", i);
        assert_string_equal(headers.items[i].value, line);
    }
    assert_string_equal(oktai_headers_get(&headers, "x-3", 700), "4903");
    oktai_headers_clear(&headers);
}

static void compares_words_by_ascii_case_only(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *word;
        bool same;
    } cases[] = {
        {"", 0, "", true},         {"a", 1, "A", true},         {"NeXt", 4, "nExT", true},
        {"next", 4, "nex", false}, {"nex", 3, "next", false},   {"next", 3, "nex", true},
        {"@", 1, "`", false},      {"[", 1, "{", false},        {"\xc9", 1, "\xe9", false},
        {"a\0b", 3, "a", false},   {"\xc4\xb1", 2, "i", false}, {"\0", 1, "", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(oktai_http_equals(cases[i].text, cases[i].length, cases[i].word), cases[i].same);
    }
    for (int c = 0; c < 256; c++) {
        bool token = c > ' ' && c < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", c) == NULL;
        assert_int_equal(oktai_http_is_token((char)c), token);
    }
}

static int64_t value_of(okta_opt_int number)
{
    return number.has ? number.value : ABSENT;
}

/* One header of a number, and what it is as limit and remaining (the smallest) and as reset (the latest). */
static void reads_rate_limits(void **state)
{
    static const struct {
        const char *values[3];
        int64_t smallest;
        int64_t reset;
    } cases[] = {
        {{"600"}, 600, ABSENT},
        {{"0"}, 0, ABSENT},
        {{"1759130141"}, 1759130141, 1759130141},
        {{"\t1759130141 "}, 1759130141, 1759130141},
        {{"0000000000000000000000000000001759130141"}, 1759130141, 1759130141},
        {{"946684799"}, 946684799, ABSENT},
        {{"946684800"}, 946684800, 946684800},
        {{"4102444800"}, 4102444800, 4102444800},
        {{"4102444801"}, 4102444801, ABSENT},
        {{"253402300799"}, 253402300799, ABSENT},
        {{"9223372036854775807"}, INT64_MAX, ABSENT},
        {{"9223372036854775808"}, ABSENT, ABSENT},
        {{"18446744073709551617"}, ABSENT, ABSENT},
        {{"99999999999999999999999999999999999999"}, ABSENT, ABSENT},
        {{""}, ABSENT, ABSENT},
        {{"-1"}, ABSENT, ABSENT},
        {{"+1759130141"}, ABSENT, ABSENT},
        {{"1759130141.0"}, ABSENT, ABSENT},
        {{"1e30"}, ABSENT, ABSENT},
        {{"1e9"}, ABSENT, ABSENT},
        {{"0x68da2a5d"}, ABSENT, ABSENT},
        {{"1759130141 1"}, ABSENT, ABSENT},
        {{"soon"}, ABSENT, ABSENT},
        {{"NaN"}, ABSENT, ABSENT},
        {{"1759130141;x"}, ABSENT, ABSENT},
        {{"\xd9\xa1"}, ABSENT, ABSENT},
        {{"1759130141", "1759130150"}, 1759130141, 1759130150},
        {{"1759130150", "1759130141"}, 1759130141, 1759130150},
        {{"1759130150,1759130141"}, 1759130141, 1759130150},
        {{"1759130141 ,\t1759130150"}, 1759130141, 1759130150},
        {{"10, 10"}, 10, ABSENT},
        {{"3,2,1"}, 1, ABSENT},
        {{",,7,,"}, 7, ABSENT},
        {{","}, ABSENT, ABSENT},
        {{"x, 8", "-1", "9"}, 8, ABSENT},
        {{"1759130141", "99999999999"}, 1759130141, 1759130141},
        {{"1759130141, 99999999999999999999"}, 1759130141, 1759130141},
        {{"5", "0", "7"}, 0, ABSENT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        static const char *const names[] = {"X-Rate-Limit-Limit", "x-rate-limit-remaining",
                                            "X-RATE-LIMIT-RESET"};
        oktai_headers headers = {0};
        for (size_t v = 0; v < 3 && cases[i].values[v] != NULL; v++) {
            for (size_t n = 0; n < COUNT(names); n++) {
                char line[128];
                snprintf(line, sizeof line, "%s: %s", names[n], cases[i].values[v]);
                add(&headers, line);
            }
        }
        okta_rate_limit rate = oktai_headers_rate_limit(&headers);
        if (value_of(rate.limit) != cases[i].smallest || value_of(rate.remaining) != cases[i].smallest ||
            value_of(rate.reset) != cases[i].reset || rate.date.has) {
            fail_msg("case %zu, \"%s\"", i, cases[i].values[0]);
        }
        oktai_headers_clear(&headers);
    }
}

static void keeps_the_three_rate_headers_apart(void **state)
{
    static const lines from = {{"X-Rate-Limit-Limit: 600", "X-Rate-Limit-Remaining: 599",
                                "X-Rate-Limit-Reset: 1759130141", "Date: Mon, 29 Sep 2025 07:15:11 GMT"}};
    oktai_headers headers = headers_of(&from);
    okta_rate_limit rate = oktai_headers_rate_limit(&headers);
    (void)state;
    assert_int_equal(value_of(rate.limit), 600);
    assert_int_equal(value_of(rate.remaining), 599);
    assert_int_equal(value_of(rate.reset), 1759130141);
    assert_int_equal(value_of(rate.date), 1759130111);
    oktai_headers_clear(&headers);
    rate = oktai_headers_rate_limit(&headers);
    assert_false(rate.limit.has || rate.remaining.has || rate.reset.has || rate.date.has);
    assert_true(rate.limit.value == 0 && rate.reset.value == 0);
}

static void takes_the_first_valid_date(void **state)
{
    static const struct {
        lines lines;
        int64_t date;
    } cases[] = {
        {{{DATE}}, DATE_S},
        {{{"DATE:Sunday, 06-Nov-94 08:49:37 GMT"}}, DATE_S},
        {{{"date: \tSun Nov  6 08:49:37 1994\t"}}, DATE_S},
        {{{"Date: yesterday", DATE, "Date: Mon, 29 Sep 2025 07:15:11 GMT"}}, DATE_S},
        {{{DATE " ", " GMT"}}, ABSENT},
        {{{"Date: Sun, 06 Nov 1994 08:49:37 +0000"}}, ABSENT},
        {{{"Date: 784111777"}}, ABSENT},
        {{{DATE ", Sun, 06 Nov 1994 08:49:37 GMT"}}, ABSENT},
        {{{"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"}}, ABSENT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_headers headers = headers_of(&cases[i].lines);
        assert_int_equal(value_of(oktai_headers_rate_limit(&headers).date), cases[i].date);
        oktai_headers_clear(&headers);
    }
}

static void reads_retry_after(void **state)
{
    static const struct {
        lines lines;
        int64_t ms;
    } cases[] = {
        {{{"Server: x"}}, ABSENT},
        {{{"Retry-After: 0"}}, 0},
        {{{"Retry-After: 30"}}, 30000},
        {{{"RETRY-AFTER:\t007 "}}, 7000},
        {{{"Retry-After: 3599"}}, HOUR_MS - 1000},
        {{{"Retry-After: 3600"}}, HOUR_MS},
        {{{"Retry-After: 3601"}}, HOUR_MS},
        {{{"Retry-After: 9223372036854775807"}}, HOUR_MS},
        {{{"Retry-After: 9223372036854775808"}}, ABSENT},
        {{{"Retry-After: 18446744073709551646"}}, ABSENT},
        {{{"Retry-After:"}}, ABSENT},
        {{{"Retry-After: 1.5"}}, ABSENT},
        {{{"Retry-After: -1"}}, ABSENT},
        {{{"Retry-After: +1"}}, ABSENT},
        {{{"Retry-After: 1s"}}, ABSENT},
        {{{"Retry-After: 0x10"}}, ABSENT},
        {{{"Retry-After: 30 30"}}, ABSENT},
        {{{"Retry-After: 30, 30"}}, ABSENT},
        {{{"Retry-After: 30,"}}, ABSENT},
        {{{"Retry-After: soon"}}, ABSENT},
        {{{"Retry-After: 3", " 0"}}, ABSENT},
        {{{"Retry-After: 10", "Retry-After: 20"}}, 20000},
        {{{"Retry-After: 20", "Retry-After: 10"}}, 20000},
        {{{"Retry-After: 20", "Retry-After: -1"}}, 20000},
        {{{"Retry-After: 1.5", "Retry-After: 2", "Retry-After: 99999999999999999999"}}, 2000},
        {{{DATE, "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT"}}, 30000},
        {{{"Retry-After: Sun, 06 Nov 1994 08:50:07 GMT", DATE}}, 30000},
        {{{DATE, "Retry-After: Sunday, 06-Nov-94 08:50:07 GMT"}}, 30000},
        {{{DATE, "Retry-After: Sun Nov  6 08:50:07 1994"}}, 30000},
        {{{DATE, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"}}, 0},
        {{{DATE, "Retry-After: Sun, 06 Nov 1994 08:49:36 GMT"}}, 0},
        {{{DATE, "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT"}}, 0},
        {{{DATE, "Retry-After: Sun, 06 Nov 1994 09:49:36 GMT"}}, HOUR_MS - 1000},
        {{{DATE, "Retry-After: Sun, 06 Nov 1994 09:49:38 GMT"}}, HOUR_MS},
        {{{DATE, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"}}, HOUR_MS},
        {{{"Retry-After: Sun, 06 Nov 1994 08:50:07 GMT"}}, ABSENT},
        {{{"Date: x", "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT"}}, ABSENT},
        {{{DATE, "Retry-After: Sun, 31 Feb 1995 08:50:07 GMT"}}, ABSENT},
        {{{DATE, "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT, 5"}}, ABSENT},
        {{{DATE, "Retry-After: 5", "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT"}}, 30000},
        {{{DATE, "Retry-After: 50", "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT"}}, 50000},
        {{{"Retry-After: 5", "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT"}}, 5000},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_headers headers = headers_of(&cases[i].lines);
        int64_t ms = ABSENT;
        bool found = oktai_headers_retry_after(&headers, &ms);
        if (found != (cases[i].ms != ABSENT) || ms != cases[i].ms) {
            fail_msg("case %zu, \"%s\": %d, %lld", i, cases[i].lines.line[0], found, (long long)ms);
        }
        oktai_headers_clear(&headers);
    }
}

/* At this size anything slower than linear runs into the time limit of the test. */
static void reads_huge_values_in_linear_time(void **state)
{
    static const char *const repeated[] = {",", " ", "1", "7,", "0 ", "x,", " ,\t"};
    (void)state;
    for (size_t i = 0; i < COUNT(repeated); i++) {
        oktai_buffer line = {0};
        oktai_headers headers = {0};
        int64_t ms;
        oktai_buffer_add_text(&line, "X-Rate-Limit-Limit: 9,");
        while (line.length < HUGE_SIZE) {
            oktai_buffer_add_text(&line, repeated[i]);
        }
        assert_true(oktai_buffer_add_text(&line, ", 8"));
        assert_true(oktai_headers_add_line(&headers, line.data, line.length));
        memcpy(line.data, "Retry-After:      ", 18);
        assert_true(oktai_headers_add_line(&headers, line.data, line.length));
        assert_int_equal(value_of(oktai_headers_rate_limit(&headers).limit), i == 3 ? 7 : 8);
        assert_false(oktai_headers_retry_after(&headers, &ms));
        oktai_headers_clear(&headers);
        oktai_buffer_clear(&line);
    }
}

static void survives_every_failed_allocation(void **state)
{
    enum { MANY = 40 };
    (void)state;
    for (int lasting = 0; lasting < 2; lasting++) {
        bool failed = true;
        for (size_t nth = 1; failed; nth++) {
            oktai_headers headers = {0};
            size_t kept = 0;
            allocations_begin(nth, lasting != 0);
            for (int i = 0; i < MANY; i++) {
                char line[160];
                int length = snprintf(line, sizeof line, "X-Number: %0100d", i);
                kept += oktai_headers_add_line(&headers, line, (size_t)length) ? 1u : 0u;
            }
            failed = allocations_end();
            assert_int_equal(headers.count, kept);
            assert_true(failed ? kept < MANY : kept == MANY);
            assert_int_equal(oktai_headers_get(&headers, "X-Number", 0) != NULL, kept > 0);
            add(&headers, "X-Number: after");
            assert_string_equal(oktai_headers_get(&headers, "X-Number", kept), "after");
            oktai_headers_clear(&headers);
        }
    }
}

static void survives_mutated_lines(void **state)
{
    static const char *const seeds[] = {
        DATE,
        "X-Rate-Limit-Limit: 600",
        "X-Rate-Limit-Remaining: 10, 9",
        "X-Rate-Limit-Reset: 1759130141",
        "Retry-After: 30",
        "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT",
        " folded",
        "no colon",
    };
    uint64_t random = 0x5eed;
    (void)state;
    for (int round = 0; round < 5000; round++) {
        oktai_headers headers = {0};
        for (int line = 0; line < 6; line++) {
            char *text = mutate(&random, seeds, COUNT(seeds), ":, \t\r\n09-GMT");
            assert_true(oktai_headers_add_line(&headers, text, strlen(text)));
            free(text);
        }
        okta_rate_limit rate = oktai_headers_rate_limit(&headers);
        int64_t ms = 0;
        assert_true(value_of(rate.limit) >= ABSENT && value_of(rate.remaining) >= ABSENT);
        assert_true(!rate.reset.has || (rate.reset.value >= 946684800 && rate.reset.value <= 4102444800));
        assert_true(!oktai_headers_retry_after(&headers, &ms) || (ms >= 0 && ms <= HOUR_MS));
        oktai_headers_clear(&headers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_lines),
        cmocka_unit_test(hides_the_value_of_a_damaged_line),
        cmocka_unit_test(uses_no_value_of_a_folded_header),
        cmocka_unit_test(finds_by_name_without_case_and_by_index),
        cmocka_unit_test(keeps_thousands_in_order),
        cmocka_unit_test(compares_words_by_ascii_case_only),
        cmocka_unit_test(reads_rate_limits),
        cmocka_unit_test(keeps_the_three_rate_headers_apart),
        cmocka_unit_test(takes_the_first_valid_date),
        cmocka_unit_test(reads_retry_after),
        cmocka_unit_test(reads_huge_values_in_linear_time),
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(survives_mutated_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
