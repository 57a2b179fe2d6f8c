/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two JSON texts say the same, and where they first differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "okta-replay/json_tree.h"
#include "okta/memory.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct comparison_case {
    const char *expected;
    const char *actual;
    const char *pointer; /* to the first difference; NULL: there is none */
} comparison_case;

static const comparison_case comparisons[] = {
    {"{\"a\":1,\"b\":[true,null]}", " { \"b\" : [ true , null ] , \"a\" : 1 } ", NULL},
    {"{\"a\":1}", "{\"a\":2}", "/a"},
    {"{\"a\":1}", "{}", "/a"},
    {"{}", "{\"a\":1}", "/a"},
    {"{\"a\":{\"b\":[0,{\"c\":\"x\"}]}}", "{\"a\":{\"b\":[0,{\"c\":\"y\"}]}}", "/a/b/1/c"},
    {"[1,2]", "[1,2,3]", "/2"},
    {"[1,2]", "[2,1]", "/0"},
    {"[1,2,3]", "[1,2]", "/2"},
    {"{\"a/b~c\":1}", "{\"a/b~c\":2}", "/a~1b~0c"},
    {"{\"x\":1,\"a\":1}", "{\"a\":\"1\",\"x\":1}", "/a"},
    {"{\"a\":null}", "{}", "/a"},
    {"true", "false", ""},
    {"0", "false", ""},
    {"\"a\"", "\"\\u0061\"", NULL},
    {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", NULL},
    {"\"a\"", "\"a \"", ""},
    /* Of a member that stands twice the first counts. */
    {"{\"a\":1,\"a\":2}", "{\"a\":1}", NULL},
    {"{\"a\":1,\"a\":2}", "{\"a\":2}", "/a"},
    /* Numbers, by their exact value. */
    {"1", "1.0", NULL},
    {"100", "1e2", NULL},
    {"0.001", "1E-3", NULL},
    {"-0", "0.0e5", NULL},
    {"1.50", "15e-1", NULL},
    {"10", "1", ""},
    {"1", "-1", ""},
    {"9007199254740993", "9007199254740992", ""},
    {"0.1", "0.1000000000000000055511151231257827", ""},
    {"1e999999999999999999999", "1e999999999999999999999", NULL},
    {"1.05", "1.5", ""},
    {"105", "15", ""},
};

static void tells_the_first_difference(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(comparisons); i++) {
        const comparison_case *one = &comparisons[i];
        oktai_arena arena = {0};
        oktai_buffer pointer = {0};
        json_node expected;
        json_node actual;
        bool same;
        assert_null(json_tree_read(&arena, one->expected, strlen(one->expected), &expected));
        assert_null(json_tree_read(&arena, one->actual, strlen(one->actual), &actual));
        assert_null(json_tree_compare(&arena, &expected, &actual, &pointer, &same));
        if (same != (one->pointer == NULL)) {
            fail_msg("%s and %s are %s", one->expected, one->actual, same ? "the same" : "different");
        }
        if (!same) {
            assert_string_equal(pointer.data == NULL ? "" : pointer.data, one->pointer);
        }
        oktai_buffer_clear(&pointer);
        oktai_arena_clear(&arena);
    }
}

static void refuses_what_is_no_json(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{", "{}x", "{\"a\"}", "[1,]", "01", "\"\x01\"", "nul"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        oktai_arena arena = {0};
        json_node node;
        okta_error *error = json_tree_read(&arena, texts[i], strlen(texts[i]), &node);
        assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
        okta_free(error);
        oktai_arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_first_difference),
        cmocka_unit_test(refuses_what_is_no_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
