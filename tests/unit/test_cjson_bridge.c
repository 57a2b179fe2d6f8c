/* SPDX-License-Identifier: Apache-2.0 */
/* The bridge to cJSON, in both directions. */
#include "okta/cjson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"
#include "unit/json_oracle.h"

/* The tree of a text that must be accepted. */
static cJSON *to_tree(const char *json)
{
    char *copy = exact_copy(json, strlen(json));
    cJSON *tree = NULL;
    okta_error *error = okta_json_to_cjson(copy, strlen(json), &tree);
    free(copy);
    assert_success(error);
    assert_non_null(tree);
    return tree;
}

static okta_status to_tree_status(const char *json, size_t length)
{
    cJSON untouched = {0};
    cJSON *tree = &untouched;
    char *copy = exact_copy(json, length);
    okta_error *error = okta_json_to_cjson(copy, length, &tree);
    free(copy);
    if (error != NULL) {
        assert_null(tree);
    } else {
        assert_ptr_not_equal(tree, &untouched);
        cJSON_Delete(tree);
    }
    return take_status(error);
}

static char *to_text(const cJSON *tree)
{
    char *json = NULL;
    size_t length = 0;
    assert_success(okta_cjson_to_json(tree, &json, &length));
    assert_int_equal(strlen(json), length);
    assert_true(oracle_accepts(json, length));
    return json;
}

static okta_status to_text_status(const cJSON *tree)
{
    char untouched = 0;
    char *json = &untouched;
    okta_error *error = okta_cjson_to_json(tree, &json, NULL);
    if (error != NULL) {
        assert_null(json);
    } else {
        okta_free(json);
    }
    return take_status(error);
}

static void texts_become_trees_and_texts_again(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{}", "{}"},
        {" [ ] ", "[]"},
        {"null", "null"},
        {"true", "true"},
        {"false", "false"},
        {"\"\"", "\"\""},
        {"-12.5", "-12.5"},
        {"1e2", "100"},
        {"0.1", "0.1"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"-9007199254740992", "-9007199254740992"},
        {"1234567890123456", "1234567890123456"},
        {"9007199254740991", "9007199254740991"},
        {"\xef\xbb\xbf{\"a\":[1,{\"b\":null}]}", "{\"a\":[1,{\"b\":null}]}"},
        {"{\"\":{\"\":\"\"}}", "{\"\":{\"\":\"\"}}"},
        {"\"a\\u0041\\/\\u00fc\\ud83d\\ude00\"", "\"aA/\xc3\xbc\xf0\x9f\x98\x80\""},
        {"\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\"", "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\""},
        {"{\"a\":1,\"A\":2}", "{\"a\":1,\"A\":2}"},
        {"\"\xef\xbf\xbf\x7f\"", "\"\xef\xbf\xbf\x7f\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cJSON *tree = to_tree(cases[i][0]);
        char *json = to_text(tree);
        assert_string_equal(json, cases[i][1]);
        okta_free(json);
        cJSON_Delete(tree);
    }
}

static void trees_are_what_the_text_says(void **state)
{
    (void)state;
    cJSON *tree = to_tree("{\"a\":[1.5,\"\\u00fc\",true,null],\"A\":{}}");
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(tree, "a");
    assert_int_equal(cJSON_GetArraySize(array), 4);
    assert_true(cJSON_GetArrayItem(array, 0)->valuedouble == 1.5);
    assert_string_equal(cJSON_GetArrayItem(array, 1)->valuestring, "\xc3\xbc");
    assert_true(cJSON_IsTrue(cJSON_GetArrayItem(array, 2)));
    assert_true(cJSON_IsNull(cJSON_GetArrayItem(array, 3)));
    assert_true(cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(tree, "A")));
    cJSON_Delete(tree);
}

static void what_is_not_strict_json_becomes_no_tree(void **state)
{
    (void)state;
    static const test_text bad[] = {
        TEXT(""),
        TEXT(" "),
        TEXT("{"),
        TEXT("{}x"),
        TEXT("{}{}"),
        TEXT("01"),
        TEXT("1."),
        TEXT("0x10"),
        TEXT("[1,]"),
        TEXT("nul"),
        TEXT("\"\\u0000\""),
        TEXT("\"k1\\u0000evil\""),
        TEXT("{\"a\\u0000\":1}"),
        TEXT("\"\xff\""),
        TEXT("\"\xc0\x80\""),
        TEXT("\"a\nb\""),
        TEXT("\"a\0b\""),
        TEXT("{}\0"),
        TEXT("\"\\ud800\""),
        TEXT("\xef\xbb\xbf"),
        TEXT("\xff\xfe{\0}\0"),
        TEXT("[1 2]"),
        TEXT("NaN"),
        TEXT("\"\\x\""),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(to_tree_status(bad[i].text, bad[i].length), OKTA_E_PROTOCOL);
    }
    const char *whole = "{\"a\":[1.5,\"\\u00fc\",true,{\"b\":null}]}";
    for (size_t cut = 0; cut < strlen(whole); cut++) {
        assert_int_equal(to_tree_status(whole, cut), OKTA_E_PROTOCOL);
    }
}

/* Versions of cJSON read at most 63 characters of a number and give up on longer ones. */
static void long_numbers_are_not_lack_of_memory(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        size_t zeros;
        const char *last;
        double value;
    } cases[] = {
        {"0.5", 60, "", 0.5},      {"0.5", 61, "", 0.5},  {"0.5", 400, "", 0.5},
        {"-0.25", 200, "", -0.25}, {"1", 62, "", 1e62},   {"1", 63, "", 1e63},
        {"1", 100, "e-100", 1},    {"2.0", 70, "e1", 20}, {"1", 300, "", 1e300},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        oktai_buffer json = {0};
        append_times(&json, "[", 1);
        append_times(&json, cases[i].first, 1);
        append_times(&json, "0", cases[i].zeros);
        append_times(&json, cases[i].last, 1);
        append_times(&json, "]", 1);
        cJSON *tree = to_tree(json.data);
        assert_true(cJSON_IsNumber(cJSON_GetArrayItem(tree, 0)));
        double value = cJSON_GetArrayItem(tree, 0)->valuedouble;
        if (fabs(value - cases[i].value) > fabs(cases[i].value) * 1e-15) {
            fail_msg("%s is %g", json.data, value);
        }
        cJSON_Delete(tree);
        oktai_buffer_clear(&json);
    }
}

/* A number beyond double: refused, or in the tree so that it comes back, but never another number or null. */
static void numbers_beyond_double_do_not_turn_into_null(void **state)
{
    (void)state;
    static const char *const cases[] = {"1e999", "-1e999", "[1E400]", "{\"a\":-1E400}"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cJSON *tree = NULL;
        okta_error *error = okta_json_to_cjson(cases[i], strlen(cases[i]), &tree);
        if (error != NULL) {
            assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
            okta_free(error);
            continue;
        }
        char *json = NULL;
        error = okta_cjson_to_json(tree, &json, NULL);
        if (error != NULL) {
            assert_int_equal(okta_error_status(error), OKTA_E_ARG);
        } else {
            assert_string_equal(json, cases[i]);
        }
        okta_free(error);
        okta_free(json);
        cJSON_Delete(tree);
    }
}

static void numbers_that_are_not_finite_become_no_text(void **state)
{
    (void)state;
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < 3; i++) {
        cJSON *array = cJSON_CreateArray();
        assert_true(cJSON_AddItemToArray(array, cJSON_CreateNumber(bad[i])));
        assert_int_equal(to_text_status(array), OKTA_E_ARG);
        assert_int_equal(to_text_status(cJSON_GetArrayItem(array, 0)), OKTA_E_ARG);
        cJSON_Delete(array);
    }
}

static void strings_that_are_not_utf8_become_no_text(void **state)
{
    (void)state;
    static const char *const bad[] = {"\xff",         "a\x80",    "\xc0\x80",
                                      "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cJSON *tree = cJSON_CreateObject();
        assert_non_null(cJSON_AddStringToObject(tree, "a", bad[i]));
        assert_int_equal(to_text_status(tree), OKTA_E_ARG);
        cJSON_Delete(tree);
        tree = cJSON_CreateObject();
        assert_non_null(cJSON_AddNullToObject(tree, bad[i]));
        assert_int_equal(to_text_status(tree), OKTA_E_ARG);
        cJSON_Delete(tree);
    }
}

static void raw_nodes_must_be_json_of_their_own(void **state)
{
    (void)state;
    static const char *const bad[] = {"{",        "",
                                      " ",        "01",
                                      "nul",      "\"\\u0000\"",
                                      "\"\xff\"", "1,\"admin\":true",
                                      "1,2",      "}",
                                      "1}",       "\xef\xbb\xbf[]",
                                      "[1",       "1]"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cJSON *tree = cJSON_CreateObject();
        assert_non_null(cJSON_AddRawToObject(tree, "a", bad[i]));
        if (to_text_status(tree) != OKTA_E_ARG) {
            fail_msg("accepted in an object: %s", bad[i]);
        }
        cJSON_Delete(tree);
        tree = cJSON_CreateRaw(bad[i]);
        assert_int_equal(to_text_status(tree), OKTA_E_ARG);
        cJSON_Delete(tree);
    }
    cJSON *tree = cJSON_CreateObject();
    assert_non_null(cJSON_AddRawToObject(tree, "a", "9007199254740993"));
    assert_non_null(cJSON_AddRawToObject(tree, "b", "{\"c\":[1.10]}"));
    char *json = to_text(tree);
    assert_string_equal(json, "{\"a\":9007199254740993,\"b\":{\"c\":[1.10]}}");
    okta_free(json);
    cJSON_Delete(tree);
}

/* A node that cJSON cannot print is the caller's fault, not lack of memory. */
static void nodes_of_no_type_become_no_text(void **state)
{
    (void)state;
    cJSON invalid = {.type = cJSON_Invalid};
    cJSON array = {.type = cJSON_Array, .child = &invalid};
    cJSON raw = {.type = cJSON_Raw, .valuestring = NULL};
    invalid.prev = &invalid;
    assert_int_equal(to_text_status(&invalid), OKTA_E_ARG);
    assert_int_equal(to_text_status(&array), OKTA_E_ARG);
    assert_int_equal(to_text_status(&raw), OKTA_E_ARG);
}

static void sixty_four_levels_pass_both_ways(void **state)
{
    (void)state;
    static const size_t levels[] = {63, 64, 65, 900, 1000, 1001};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        oktai_buffer json = {0};
        append_times(&json, "[", levels[i]);
        append_times(&json, "]", levels[i]);
        bool due = levels[i] <= 64;
        assert_int_equal(to_tree_status(json.data, json.length), due ? OKTA_OK : OKTA_E_PROTOCOL);
        oktai_buffer_clear(&json);
        cJSON *tree = cJSON_CreateArray();
        for (size_t level = 1; level < levels[i]; level++) {
            cJSON *outer = cJSON_CreateArray();
            assert_true(cJSON_AddItemToArray(outer, tree));
            tree = outer;
        }
        assert_int_equal(to_text_status(tree), due ? OKTA_OK : OKTA_E_ARG);
        cJSON_Delete(tree);
    }
}

static void the_levels_of_raw_nodes_count(void **state)
{
    (void)state;
    for (size_t inner = 62; inner <= 63; inner++) {
        oktai_buffer json = {0};
        append_times(&json, "[", inner);
        append_times(&json, "]", inner);
        cJSON *tree = cJSON_CreateObject();
        cJSON *array = cJSON_AddArrayToObject(tree, "a");
        assert_true(cJSON_AddItemToArray(array, cJSON_CreateRaw(json.data)));
        assert_int_equal(to_text_status(tree), inner == 62 ? OKTA_OK : OKTA_E_ARG);
        cJSON_Delete(tree);
        oktai_buffer_clear(&json);
    }
}

static void models_become_trees_and_models_again(void **state)
{
    (void)state;
    everything *all = decode_everything(
        "{\"id\":\"i\",\"text\":\"\\u00fc\",\"number\":7,\"color\":\"PINK\",\"names\":[],"
        "\"children\":[{\"key\":\"k\"},5],\"password\":\"p\",\"zz\":{\"a\":1.5},\"flag\":null}");
    cJSON *tree = NULL;
    assert_success(okta_model_to_cjson(&everything_model, all, &tree));
    char *before = encode(&everything_model, all, OKTA_JSON_WHOLE);
    okta_free(all);
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(tree, "text")->valuestring, "\xc3\xbc");
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(tree, "flag")));
    everything *again = NULL;
    assert_success(okta_model_from_cjson(&everything_model, tree, &again));
    cJSON_Delete(tree);
    assert_encodes(&everything_model, again, OKTA_JSON_WHOLE, before);
    assert_string_equal(okta_enum_text(again, "color"), "PINK");
    assert_string_equal(okta_extra(again, "zz"), "{\"a\":1.5}");
    okta_free(before);
    okta_free(again);
}

static void lists_become_trees_and_lists_again(void **state)
{
    (void)state;
    cJSON *tree = to_tree("{\"page\":{\"items\":[{\"key\":\"a\"},null]}}");
    everything_list *list = NULL;
    assert_success(okta_model_from_cjson(&everything_list_model, tree, &list));
    cJSON_Delete(tree);
    assert_int_equal(list->count, 2);
    assert_success(okta_model_to_cjson(&everything_list_model, list, &tree));
    okta_free(list);
    assert_true(cJSON_IsArray(tree));
    assert_int_equal(cJSON_GetArraySize(tree), 2);
    cJSON_Delete(tree);
}

static void models_that_cannot_be_written_become_no_tree(void **state)
{
    (void)state;
    everything bad[] = {{.model = OKTA_INIT(everything), .text = "\xff"},
                        {.text = "no header"},
                        {.model = OKTA_INIT(everything), .child = &bad[2]}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cJSON untouched = {0};
        cJSON *tree = &untouched;
        assert_int_equal(take_status(okta_model_to_cjson(&everything_model, &bad[i], &tree)), OKTA_E_ARG);
        assert_null(tree);
    }
}

static void trees_of_the_wrong_shape_become_no_model(void **state)
{
    (void)state;
    static const char *const documents[] = {"[]", "1", "null", "\"a\"", "{\"key\":1,\"key\":2}"};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        cJSON *tree = to_tree(documents[i]);
        everything untouched;
        everything *all = &untouched;
        assert_int_equal(take_status(okta_model_from_cjson(&everything_model, tree, &all)), OKTA_E_PROTOCOL);
        assert_null(all);
        cJSON_Delete(tree);
    }
    cJSON *tree = cJSON_CreateString("\xff");
    everything *all = NULL;
    assert_int_equal(take_status(okta_model_from_cjson(&everything_model, tree, &all)), OKTA_E_ARG);
    cJSON_Delete(tree);
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    everything model = {.model = OKTA_INIT(everything)};
    cJSON node = {.type = cJSON_Object};
    cJSON *tree = &node;
    everything *all = &model;
    char *json = NULL;
    assert_int_equal(take_status(okta_json_to_cjson(NULL, 0, &tree)), OKTA_E_ARG);
    assert_null(tree);
    assert_int_equal(take_status(okta_json_to_cjson("{}", 2, NULL)), OKTA_E_ARG);
    assert_int_equal(to_text_status(NULL), OKTA_E_ARG);
    assert_int_equal(take_status(okta_cjson_to_json(&node, NULL, NULL)), OKTA_E_ARG);
    tree = &node;
    assert_int_equal(take_status(okta_model_to_cjson(NULL, &model, &tree)), OKTA_E_ARG);
    assert_null(tree);
    assert_int_equal(take_status(okta_model_to_cjson(&everything_model, NULL, &tree)), OKTA_E_ARG);
    assert_int_equal(take_status(okta_model_to_cjson(&everything_model, &model, NULL)), OKTA_E_ARG);
    assert_int_equal(take_status(okta_model_from_cjson(NULL, &node, &all)), OKTA_E_ARG);
    assert_null(all);
    assert_int_equal(take_status(okta_model_from_cjson(&everything_model, NULL, &all)), OKTA_E_ARG);
    assert_int_equal(take_status(okta_model_from_cjson(&everything_model, &node, NULL)), OKTA_E_ARG);
    assert_success(okta_cjson_to_json(&node, &json, NULL));
    assert_string_equal(json, "{}");
    okta_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_trees_and_texts_again),
        cmocka_unit_test(trees_are_what_the_text_says),
        cmocka_unit_test(what_is_not_strict_json_becomes_no_tree),
        cmocka_unit_test(long_numbers_are_not_lack_of_memory),
        cmocka_unit_test(numbers_beyond_double_do_not_turn_into_null),
        cmocka_unit_test(numbers_that_are_not_finite_become_no_text),
        cmocka_unit_test(strings_that_are_not_utf8_become_no_text),
        cmocka_unit_test(raw_nodes_must_be_json_of_their_own),
        cmocka_unit_test(nodes_of_no_type_become_no_text),
        cmocka_unit_test(sixty_four_levels_pass_both_ways),
        cmocka_unit_test(the_levels_of_raw_nodes_count),
        cmocka_unit_test(models_become_trees_and_models_again),
        cmocka_unit_test(lists_become_trees_and_lists_again),
        cmocka_unit_test(models_that_cannot_be_written_become_no_tree),
        cmocka_unit_test(trees_of_the_wrong_shape_become_no_model),
        cmocka_unit_test(null_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
