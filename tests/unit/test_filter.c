/* SPDX-License-Identifier: Apache-2.0 */
/* okta/filter.h. The grammar of RFC 7644, section 3.4.2.2, tells what is due: a string value is one of JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "okta/filter.h"
#include "okta/okta.h"
#include "unit/allocations.h"
#include "unit/json_models.h"

#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_VALUES   ((const char *const[]){NULL})

static void expect(const char *pattern, const char *const *values, const char *expected)
{
    char *expression = NULL;
    assert_success(okta_filter_format(pattern, values, &expression));
    assert_string_equal(expression, expected);
    okta_free(expression);
}

static void values_stand_in_quotes(void **state)
{
    (void)state;
    expect("profile.team eq ?", VALUES("red"), "profile.team eq \"red\"");
    expect("profile.team eq ? and (status eq ? or status eq ?)", VALUES("red", "ACTIVE", "STAGED"),
           "profile.team eq \"red\" and (status eq \"ACTIVE\" or status eq \"STAGED\")");
    expect("?", VALUES(""), "\"\"");
    expect("", NO_VALUES, "");
    expect("profile.level gt 3", NO_VALUES, "profile.level gt 3");
}

static void a_value_cannot_leave_its_quotes(void **state)
{
    (void)state;
    expect("profile.team eq ?", VALUES("x\" or status pr or \"x"),
           "profile.team eq \"x\\\" or status pr or \\\"x\"");
    expect("profile.team eq ?", VALUES("x\\"), "profile.team eq \"x\\\\\"");
    expect("a eq ? and b eq ?", VALUES("\\\" or ?", "?"), "a eq \"\\\\\\\" or ?\" and b eq \"?\"");
    expect("a eq ?", VALUES("1\n2\x01"), "a eq \"1\\n2\\u0001\"");
    expect("a eq ?", VALUES("\xC3\xA9\xF0\x9F\x99\x82"), "a eq \"\xC3\xA9\xF0\x9F\x99\x82\"");
}

static void quotes_of_the_pattern_stay_as_they_are(void **state)
{
    (void)state;
    expect("a eq \"?\" and b eq ?", VALUES("1"), "a eq \"?\" and b eq \"1\"");
    expect("a eq \"\\\"?\" and b eq ?", VALUES("1"), "a eq \"\\\"?\" and b eq \"1\"");
    expect("a eq \"\\\\\" and b eq ?", VALUES("1"), "a eq \"\\\\\" and b eq \"1\"");
    expect("emails[type eq \"work\" and value co ?]", VALUES("@"),
           "emails[type eq \"work\" and value co \"@\"]");
}

static void expect_refusal(const char *pattern, const char *const *values, const char *reason)
{
    char untouched = 'x';
    char *expression = &untouched;
    okta_error *error = okta_filter_format(pattern, values, &expression);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_non_null(strstr(okta_error_message(error), reason));
    assert_null(expression);
    okta_free(error);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    expect_refusal(NULL, NO_VALUES, "pattern must not be NULL");
    expect_refusal("a eq ?", NULL, "values must not be NULL");
    expect_refusal("a eq ?", NO_VALUES, "more ? than its 0 values: a eq ?");
    expect_refusal("a eq ? and b eq ?", VALUES("1"), "more ? than its 1 values");
    expect_refusal("a eq ?", VALUES("1", "2"), "only 1 ?");
    expect_refusal("a eq \"?\"", VALUES("1"), "only 0 ?");
    expect_refusal("a eq \"1", NO_VALUES, "a quote that is not closed: a eq \"1");
    expect_refusal("a eq \"1\\\"", NO_VALUES, "a quote that is not closed");
    expect_refusal("a eq \"1\\", NO_VALUES, "a quote that is not closed");
    expect_refusal("a eq ? and b eq ?", VALUES("1", "\xC3"), "value 2 of the filter is not UTF-8");
    expect_refusal("a eq ?", VALUES("\xED\xA0\x80"), "value 1 of the filter is not UTF-8");

    okta_error *error = okta_filter_format("a eq ?", VALUES("1"), NULL);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    okta_free(error);
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    char value[3000];
    memset(value, 'v', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    bool struck = true;
    for (size_t nth = 1; struck; nth++) {
        char *expression = NULL;
        allocations_begin(nth, false);
        okta_error *error = okta_filter_format("a eq ? and b eq ?", VALUES(value, "2"), &expression);
        struck = allocations_end();
        assert_int_equal(take_status(error), struck ? OKTA_E_NOMEM : OKTA_OK);
        assert_true((expression == NULL) == struck);
        okta_free(expression);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_in_quotes),
        cmocka_unit_test(a_value_cannot_leave_its_quotes),
        cmocka_unit_test(quotes_of_the_pattern_stay_as_they_are),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
